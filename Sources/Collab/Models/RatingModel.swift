public import CollabLearning
public import CollabTensors

/// A model of ratings that says what its numbers mean, how it can be made again and how it learns.
///
/// Whatever reads a model asks it, and never what class it is: a new family conforms to this and is
/// complete.
///
/// The chapter's dot products stand beside each other in much the same form, because they are to be read
/// beside their sources: each draws its numbers in its own order, under its own names.
public protocol RatingModel: Module {
  /// Which of its tensors are factors and biases, and how they are joined.
  var roles: ModelRoles { get }
  /// Whether a batch's predictions are those of its ratings one by one, and several threads may
  /// predict at once.
  var predictsRatingsApart: Bool { get }
  /// What is needed to make another one like it, apart from its weights.
  var shape: ModelShape { get }

  /// What `fit` runs.
  ///
  /// - Parameters:
  ///   - loss: what training makes small.
  ///   - optimizer: makes the optimiser of what is trained by gradients.
  /// - Returns: a trainer that has done nothing yet.
  func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer

  /// Takes over numbers that were kept: those that ``Module/state`` named.
  ///
  /// A model whose state depends on the ratings it has seen, and not on its shape alone, makes room for
  /// what there is.
  ///
  /// - Throws: ``ModelStateError``; nothing has changed then.
  func load(_ state: [(name: String, tensor: Tensor)]) throws
}

extension RatingModel {
  /// Takes over the elements of tensors with the same names, shapes and types.
  public func load(_ state: [(name: String, tensor: Tensor)]) throws { try copyState(state) }

  /// True, for models whose prediction of one rating does not depend on the others of its batch.
  public var predictsRatingsApart: Bool { true }

  /// Steps against the gradient.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer {
    GradientTrainer(loss: loss, optimizer: optimizer)
  }
}

/// Which tensors of a model describe users and which describe items.
public struct ModelRoles {
  /// How a prediction is made of them.
  public enum Combination: Sendable {
    /// It rises with the product of both factors plus both biases, as far as there are any: that sum
    /// ranks the items of a user.
    case dotProduct
    /// In another way.
    case other
  }

  /// Factors of each user, `[users, factors]`.
  public let userFactors: Tensor?
  /// Factors of each item, `[items, factors]`.
  public let itemFactors: Tensor?
  /// A bias for each user, `[users]` or `[users, 1]`.
  public let userBias: Tensor?
  /// A bias for each item.
  public let itemBias: Tensor?
  /// How a prediction is made of them.
  public let combination: Combination

  /// The roles of a model that knows them.
  public init(
    userFactors: Tensor? = nil, itemFactors: Tensor? = nil, userBias: Tensor? = nil,
    itemBias: Tensor? = nil, combination: Combination
  ) {
    (self.userFactors, self.itemFactors) = (userFactors, itemFactors)
    (self.userBias, self.itemBias) = (userBias, itemBias)
    self.combination = combination
  }

  /// The roles of the parameters of a model that says nothing of them, by their shape: one row a
  /// class.
  ///
  /// The first declared ones with as many rows count: layers that follow may happen to be as wide.
  /// Where users and items are equally many, the first is the users' and the second the items', as in
  /// every model of the chapter.
  public init(byShapeOf model: any Module, users: Int, items: Int) {
    let tensors = model.parameters.map(\.tensor)
    let biases = tensors.filter { $0.count == $0.shape.first }
    let factors = tensors.filter { $0.shape.count == 2 && $0.shape[1] > 1 }
    func both(_ candidates: [Tensor]) -> (users: Tensor?, items: Tensor?) {
      let ofUsers = candidates.first { $0.shape.first == users }
      let ofItems = candidates.filter { $0.shape.first == items }
      // One table may serve both.
      return (ofUsers, ofItems.first { $0 !== ofUsers } ?? ofItems.first)
    }
    let (factorTables, biasTables) = (both(factors), both(biases))
    self.init(
      userFactors: factorTables.users, itemFactors: factorTables.items,
      userBias: biasTables.users, itemBias: biasTables.items, combination: .other)
  }

  /// The factors of one side.
  public func factors(of side: RatingSide) -> Tensor? {
    side == .users ? userFactors : itemFactors
  }

  /// The biases of one side.
  public func bias(of side: RatingSide) -> Tensor? { side == .users ? userBias : itemBias }
}

extension Module {
  /// Takes over numbers that were kept, as a model of ratings says that it does.
  ///
  /// - Throws: ``ModelStateError``; nothing has changed then.
  package func takeState(_ state: [(name: String, tensor: Tensor)]) throws {
    if let model = self as? any RatingModel {
      try model.load(state)
    } else {
      try copyState(state)
    }
  }

  /// Takes over the elements of tensors with the same names, shapes and types.
  fileprivate func copyState(_ state: [(name: String, tensor: Tensor)]) throws(ModelStateError) {
    for (target, source) in try self.state.matched(with: state) {
      target.takeElements(of: source)
    }
  }
}

extension [(name: String, tensor: Tensor)] {
  /// Each tensor with the one of the same name, shape and type among others.
  fileprivate func matched(with others: Self) throws(ModelStateError) -> [(
    own: Tensor, other: Tensor
  )] {
    let given = Dictionary(
      others.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var pairs: [(own: Tensor, other: Tensor)] = []
    for part in self {
      guard let tensor = given[part.name] else { throw .missing(part.name) }
      guard tensor.shape == part.tensor.shape, tensor.dtype == part.tensor.dtype else {
        throw .unexpected(part.name, shape: tensor.shape, expected: part.tensor.shape)
      }
      pairs.append((part.tensor, tensor))
    }
    return pairs
  }
}

/// Why a model cannot take over numbers that were kept.
public enum ModelStateError: Error, Equatable {
  /// There is no tensor with this name.
  case missing(String)
  /// A tensor has another shape, or another type of element.
  case unexpected(String, shape: [Int], expected: [Int])
}
