public import Learning
public import Tensors

/// Which parameters of a model describe users and which describe items.
///
/// A model says nothing about the meaning of its parameters, so they are told apart by their
/// shape: one row a class. Where users and items are equally many, the first declared one is the
/// users', as in every model of the chapter.
public struct RatingParameters {
  /// A bias for each user, `[users]` or `[users, 1]`.
  public let userBias: Tensor?
  /// A bias for each item.
  public let itemBias: Tensor?
  /// Factors of each user, `[users, factors]`.
  public let userFactors: Tensor?
  /// Factors of each item.
  public let itemFactors: Tensor?

  /// Looks through the parameters of a model.
  public init(of model: any Module, _ loaders: DataLoaders) {
    let tensors = model.parameters.map(\.tensor)
    let biases = tensors.filter { $0.count == $0.shape.first }
    let factors = tensors.filter { $0.shape.count == 2 && $0.shape[1] > 1 }
    func pick(_ candidates: [Tensor], rows: Int, last: Bool) -> Tensor? {
      let fitting = candidates.filter { $0.shape.first == rows }
      return last ? fitting.last : fitting.first
    }
    userBias = pick(biases, rows: loaders.users.count, last: false)
    itemBias = pick(biases, rows: loaders.items.count, last: true)
    userFactors = pick(factors, rows: loaders.users.count, last: false)
    itemFactors = pick(factors, rows: loaders.items.count, last: true)
  }
}

/// Why a model cannot be read as asked.
public enum InterpretationError: Error, Equatable {
  /// The model has no bias for each item (or user).
  case noBias(of: String, model: String)
  /// The model has no factors for each item (or user).
  case noFactors(of: String, model: String)
}

extension InterpretationError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .noBias(let whose, let model): "\(model) has no bias for each of the \(whose)"
    case .noFactors(let whose, let model): "\(model) has no factors for each of the \(whose)"
    }
  }
}
