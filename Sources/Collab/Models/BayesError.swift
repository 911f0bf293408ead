/// Why a Bayesian factorisation cannot be fitted.
public enum BayesError: Error, Equatable {
  /// An ordinal likelihood needs ratings in steps, and there are too many different ones.
  case noLevels
}

extension BayesError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .noLevels:
      "an ordinal likelihood is for at most \(StarScale.mostLevels) different ratings"
    }
  }
}
