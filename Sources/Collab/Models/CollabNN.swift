public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// The chapter's own neural model: two embeddings side by side, one hidden layer.
///
/// Source: `CollabNN` of the chapter. Its linear layers have PyTorch's default initialisation.
public final class CollabNN: RatingModel {
  private let userFactors: Embedding
  private let itemFactors: Embedding
  private let layers: Sequential
  private let activations: Int
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws the embeddings of users and items, then the layers.
  public init(
    sizes: (user: EmbeddingSize, item: EmbeddingSize), activations: Int = 100,
    range: RatingRange? = .stars, using generator: inout TorchGenerator
  ) throws(TensorError) {
    userFactors = try Embedding(sizes.user.rows, sizes.user.columns, using: &generator)
    itemFactors = try Embedding(sizes.item.rows, sizes.item.columns, using: &generator)
    let inputs = sizes.user.columns + sizes.item.columns
    layers = Sequential([
      try Linear(inputs, activations, using: &generator), ReLU(),
      try Linear(activations, 1, using: &generator),
    ])
    self.activations = activations
    self.range = range
  }

  /// What listings of modules call it: `CollabNN`.
  public var typeName: String { "CollabNN" }
  /// The two embeddings, and the layers that join a row of each.
  public var members: [Member] {
    [
      .module("user_factors", userFactors), .module("item_factors", itemFactors),
      .module("layers", layers),
    ]
  }

  /// Factors that its layers join.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors.weight, itemFactors: itemFactors.weight,
      combination: .other)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    var shape = ModelShape(
      .collabNN, users: EmbeddingSize(of: userFactors.weight),
      items: EmbeddingSize(of: itemFactors.weight),
      range: range)
    shape.options.activations = activations
    return shape
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch, 1]`.
  public func forward(_ input: Tensor) throws -> Tensor {
    let users = try userFactors.forward(input.selecting(0, along: 1))
    let items = try itemFactors.forward(input.selecting(1, along: 1))
    return try layers.forward(users.beside(items)).squeezed(into: range)
  }
}
