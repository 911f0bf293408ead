public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// The chapter's first model: the match of a user and an item is the dot product of their factors.
///
/// Source: `DotProduct` of the chapter; without a range the sum itself is the prediction.
public final class DotProduct: RatingModel {
  private let userFactors: Embedding
  private let movieFactors: Embedding
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws the factors of users, then of items.
  public init(
    users: Int, items: Int, factors: Int, range: RatingRange? = nil,
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    userFactors = try Embedding(users, factors, using: &generator)
    movieFactors = try Embedding(items, factors, using: &generator)
    self.range = range
  }

  /// What listings of modules call it: `DotProduct`.
  public var typeName: String { "DotProduct" }
  /// The embeddings, `[users, factors]` and `[items, factors]`.
  public var members: [Member] {
    [.module("user_factors", userFactors), .module("movie_factors", movieFactors)]
  }

  /// Factors of a dot product.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors.weight, itemFactors: movieFactors.weight,
      combination: .dotProduct)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    ModelShape(
      .dot, users: EmbeddingSize(of: userFactors.weight),
      items: EmbeddingSize(of: movieFactors.weight),
      range: range)
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let users = try userFactors.forward(input.selecting(0, along: 1))
    let movies = try movieFactors.forward(input.selecting(1, along: 1))
    return try (users * movies).sum(over: [1]).squeezed(into: range)
  }
}

extension Tensor {
  /// The elements within a range, or as they are.
  func squeezed(into range: RatingRange?) throws(TensorError) -> Tensor {
    guard let range else { return self }
    return try sigmoidRange(range.low, range.high)
  }
}
