/// Why a model cannot be read as asked.
public enum InterpretationError: Error, Equatable {
  /// The model has no bias for each item (or user).
  case noBias(of: String, model: String)
  /// The model has no factors for each item (or user).
  case noFactors(of: String, model: String)
  /// There is no factor with this number, but so many.
  case noFactor(Int, count: Int)
}

extension InterpretationError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .noBias(let whose, let model): "\(model) has no bias for each of the \(whose)"
    case .noFactors(let whose, let model): "\(model) has no factors for each of the \(whose)"
    case .noFactor(let factor, let count):
      "there is no factor \(factor): they are 0 to \(count - 1)"
    }
  }
}
