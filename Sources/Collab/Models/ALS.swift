public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// Mean, biases and the dot product of factors, found without gradients: with the items' side fixed, the
/// best factors and bias of a user are the solution of a few linear equations, and the other way round.
///
///     prediction = mean + bias of the user + bias of the item + product of their factors
///
/// It minimises the squared error plus a ``Ridge``. Factors and biases of those without ratings, and of
/// `#na#`, are zero.
///
/// Source: Zhou et al. (2008); a bias is a factor whose counterpart is 1, as in Koren, Bell and Volinsky,
/// "Matrix Factorization Techniques for Recommender Systems" (2009).
public final class ALS: RatingModel {
  /// The mean of the training ratings, one number.
  let mean: Tensor
  /// `[users, factors]`.
  let userFactors: Tensor
  /// One number a user.
  let userBias: Tensor
  /// `[items, factors]`.
  let itemFactors: Tensor
  /// One number an item.
  let itemBias: Tensor
  /// How strongly factors and biases are drawn to zero.
  public let ridge: Ridge
  /// What Spark is told if it is to find the factors; nil where this program does.
  public var spark: SparkSettings?

  /// The standard deviation of the factors that a fit begins with.
  private static let spread = 0.1

  /// Draws factors of items, from which a fit begins; all else is zero.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, factors: Int, ridge: Ridge = Ridge(),
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    mean = try Tensor.zeros([1]).asParameter()
    userFactors = try Tensor.zeros([users, factors]).asParameter()
    userBias = try Tensor.zeros([users]).asParameter()
    itemFactors = try Tensor.zeros([items, factors]).asParameter()
      .fillNormal(std: Self.spread, using: &generator)
    itemBias = try Tensor.zeros([items]).asParameter()
    self.ridge = ridge
  }

  /// What listings of modules call it: `ALS`.
  public var typeName: String { "ALS" }
  /// The mean, factors, `[users, factors]` and `[items, factors]`, and biases.
  public var members: [Member] {
    [
      .parameter("mean", mean), .parameter("user_factors", userFactors),
      .parameter("user_bias", userBias), .parameter("item_factors", itemFactors),
      .parameter("item_bias", itemBias),
    ]
  }
  /// Factors and biases of a dot product, on top of the mean.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors, itemFactors: itemFactors, userBias: userBias, itemBias: itemBias,
      mean: mean, combination: .dotProduct)
  }
  /// Its sizes and its ridge.
  public var shape: ModelShape {
    var shape = ModelShape(
      .als, users: EmbeddingSize(of: userFactors), items: EmbeddingSize(of: itemFactors),
      range: nil)
    shape.options.ridge = ridge
    return shape
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let (user, item) = try (input.selecting(0, along: 1), input.selecting(1, along: 1))
    let match = try (userFactors.rows(at: user) * itemFactors.rows(at: item)).sum(over: [1])
    return try mean + userBias.rows(at: user) + itemBias.rows(at: item) + match
  }

  /// One side after the other.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { spark.map { SparkTrainer(self, $0) } ?? ALSTrainer(self) }

  /// The factors and the bias of a user as an iteration finds them.
  public func foldIn(for learner: Learner) throws -> any FoldIn {
    try foldIn(for: learner) { [ridge] in Double(ridge.strength(ratings: $0)) }
  }
}
