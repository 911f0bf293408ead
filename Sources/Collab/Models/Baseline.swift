public import CollabLearning
public import CollabTensors

/// The mean rating plus how generous a user and how good an item is: what a rating owes to neither's
/// taste.
///
///     prediction = mean + bias of the user + bias of the item
///
/// Every other model must do better to have learned anything about taste. Biases of those with few
/// ratings are drawn to zero; those of `#na#` are zero.
///
/// Source: Koren, "Factor in the Neighbors" (2010), section 2.1.
public final class Baseline: RatingModel {
  /// The mean of the training ratings, one number.
  let mean: Tensor
  /// One number a user.
  let userBias: Tensor
  /// One number an item.
  let itemBias: Tensor
  /// How strongly biases are drawn to zero.
  public let shrinkage: Shrinkage

  /// A baseline that predicts zero until it is fitted.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, shrinkage: Shrinkage = Shrinkage()
  ) throws(TensorError) {
    mean = try Tensor.zeros([1]).asParameter()
    userBias = try Tensor.zeros([users]).asParameter()
    itemBias = try Tensor.zeros([items]).asParameter()
    self.shrinkage = shrinkage
  }

  /// What listings of modules call it: `Baseline`.
  public var typeName: String { "Baseline" }
  /// The mean and the biases.
  public var members: [Member] {
    [
      .parameter("mean", mean), .parameter("user_bias", userBias),
      .parameter("item_bias", itemBias),
    ]
  }
  /// One bias a user and one an item, on top of the mean; no factors.
  public var roles: ModelRoles {
    ModelRoles(userBias: userBias, itemBias: itemBias, mean: mean, combination: .dotProduct)
  }
  /// Its sizes and shrinkage.
  public var shape: ModelShape {
    var shape = ModelShape(
      .baseline, users: EmbeddingSize(of: userBias), items: EmbeddingSize(of: itemBias), range: nil)
    shape.options.shrinkage = shrinkage
    return shape
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let (user, item) = try (input.selecting(0, along: 1), input.selecting(1, along: 1))
    return try mean + userBias.rows(at: user) + itemBias.rows(at: item)
  }

  /// Means of what the other side leaves.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { BaselineTrainer(self) }

  /// The bias of a user as a fit finds it.
  public func foldIn(for learner: Learner) throws -> any FoldIn {
    let penalty = shrinkage.users
    return try foldIn(for: learner) { _ in penalty }
  }
}
