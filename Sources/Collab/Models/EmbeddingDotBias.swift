public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// The model of `collab_learner`: dot product and biases.
///
/// Source: fastai's `EmbeddingDotBias`, `fastai/collab.py`.
public final class EmbeddingDotBias: RatingModel {
  private let userWeight: Embedding
  private let itemWeight: Embedding
  private let userBias: Embedding
  private let itemBias: Embedding
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws the factors of users and items, then their biases.
  public init(
    users: Int, items: Int, factors: Int, range: RatingRange? = .stars,
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    userWeight = try Embedding(users, factors, using: &generator)
    itemWeight = try Embedding(items, factors, using: &generator)
    userBias = try Embedding(users, 1, using: &generator)
    itemBias = try Embedding(items, 1, using: &generator)
    self.range = range
  }

  /// What listings of modules call it: `EmbeddingDotBias`.
  public var typeName: String { "EmbeddingDotBias" }
  /// Factors and biases.
  public var members: [Member] {
    [
      .module("u_weight", userWeight), .module("i_weight", itemWeight),
      .module("u_bias", userBias), .module("i_bias", itemBias),
    ]
  }

  /// Factors and biases of a dot product.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userWeight.weight, itemFactors: itemWeight.weight,
      userBias: userBias.weight, itemBias: itemBias.weight,
      combination: .dotProduct)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    ModelShape(
      .collab, users: EmbeddingSize(of: userWeight.weight),
      items: EmbeddingSize(of: itemWeight.weight),
      range: range)
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let (user, item) = try (input.selecting(0, along: 1), input.selecting(1, along: 1))
    let match = try (userWeight.forward(user) * itemWeight.forward(item))
      .sum(over: [1], keepingDimensions: true)
    let sum = try match + userBias.forward(user) + itemBias.forward(item)
    return try sum.squeezed(1).squeezed(into: range)
  }
}
