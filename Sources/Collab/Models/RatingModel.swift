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

  /// The items most similar to one by the model's own measure, the most similar first; nil if it has
  /// none, and the angles between factors are the measure.
  func similarItems(to item: Int, count: Int) -> [Neighbors.Neighbor]?

  /// What ranks some items for a user; nil if that is what it predicts in stars.
  ///
  /// Several threads may ask at once.
  func rankingScores(of user: Int, _ items: Range<Int>) -> [Float]?
  /// Whether ``rankingScores(of:_:)`` are the same for every user.
  var ranksForAllAlike: Bool { get }

  /// How probable each star is for some pairs of a user and an item; nil if the model does not say, or
  /// if the ratings have no steps.
  ///
  /// - Throws: what the model throws.
  func starProbabilities(for pairs: [(user: Int, item: Int)]) throws -> [StarDistribution]?

  /// Meets the ratings of a learner: for models that predict from what users have rated.
  func attach(to loaders: DataLoaders)

  /// What `fit` runs.
  ///
  /// - Parameters:
  ///   - loss: what training makes small.
  ///   - optimizer: makes the optimiser of what is trained by gradients.
  /// - Returns: a trainer that has done nothing yet.
  func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer

  /// How it takes in somebody new, with everything else as it is.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  func foldIn(for learner: Learner) throws -> any FoldIn

  /// Takes over numbers that were kept: those that ``Module/state`` named.
  ///
  /// A model whose state depends on the ratings it has seen, and not on its shape alone, makes room for
  /// what there is.
  ///
  /// - Throws: ``ModelStateError``; nothing has changed then.
  func load(_ state: [(name: String, tensor: Tensor)]) throws
}

extension RatingModel {
  /// None.
  public func similarItems(to item: Int, count: Int) -> [Neighbors.Neighbor]? { nil }

  /// None: most models predict a single number.
  public func starProbabilities(
    for pairs: [(user: Int, item: Int)]
  ) throws -> [StarDistribution]? { nil }

  /// None: predictions rank.
  public func rankingScores(of user: Int, _ items: Range<Int>) -> [Float]? { nil }

  /// False, for models that know what a user likes.
  public var ranksForAllAlike: Bool { false }

  /// Nothing: most models predict from their parameters alone.
  public func attach(to loaders: DataLoaders) {}

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
  /// What every prediction begins with, one number.
  public let mean: Tensor?
  /// How a prediction is made of them.
  public let combination: Combination

  /// The roles of a model that knows them.
  public init(
    userFactors: Tensor? = nil, itemFactors: Tensor? = nil, userBias: Tensor? = nil,
    itemBias: Tensor? = nil, mean: Tensor? = nil, combination: Combination
  ) {
    (self.userFactors, self.itemFactors) = (userFactors, itemFactors)
    (self.userBias, self.itemBias, self.mean) = (userBias, itemBias, mean)
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
