/// What can be chosen of a Bayesian factorisation.
public struct BayesOptions: Sendable, Equatable {
  /// How a rating comes from a position between users' and items' numbers.
  public enum Likelihood: String, CaseIterable, Sendable {
    /// The rating is normal around the position: mixes fast.
    case gaussian
    /// Cuts between the stars are learned: the better distribution.
    case ordinal

    /// What it is, in a line.
    public var summary: String {
      switch self {
      case .gaussian: "ratings are normal around what is expected: mixes fast"
      case .ordinal: "cuts between the stars are learned: the better distribution"
      }
    }
  }

  /// How a rating comes from a position.
  public var likelihood = Likelihood.gaussian
  /// How many draws are kept at most, for pairs that are not in validation; half as many at least,
  /// once there were so many.
  public var samples = 100
  /// How many of the user's ratings of the most similar items correct a prediction; 0 for none.
  public var neighbors = 0

  /// Gaussian, without neighbours.
  public init() {}

  /// The likelihood as the number of a choice.
  var likelihoodNumber: Int {
    get { Likelihood.allCases.firstIndex(of: likelihood) ?? 0 }
    set { likelihood = Likelihood.allCases[newValue] }
  }

  /// Factors there may be: with the bias they fill the lanes of a row.
  public static let factors = 1...63
  /// Factors where none are asked for.
  public static let usualFactors = 15
}
