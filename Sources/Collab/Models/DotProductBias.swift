public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// The dot product of factors, plus how generous a user and how good an item is.
///
/// Source: `DotProductBias` of the chapter. It creates its parameters in another order than
/// fastai's own ``EmbeddingDotBias``, so the same seed gives other weights.
public final class DotProductBias: RatingModel {
  private let userFactors: Embedding
  private let userBias: Embedding
  private let movieFactors: Embedding
  private let movieBias: Embedding
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws factors and bias of users, then of items.
  public init(
    users: Int, items: Int, factors: Int, range: RatingRange? = .stars,
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    userFactors = try Embedding(users, factors, using: &generator)
    userBias = try Embedding(users, 1, using: &generator)
    movieFactors = try Embedding(items, factors, using: &generator)
    movieBias = try Embedding(items, 1, using: &generator)
    self.range = range
  }

  /// What listings of modules call it: `DotProductBias`.
  public var typeName: String { "DotProductBias" }
  /// Factors, `[users, factors]` and `[items, factors]`, and one bias for each user and each item.
  public var members: [Member] {
    [
      .module("user_factors", userFactors), .module("user_bias", userBias),
      .module("movie_factors", movieFactors), .module("movie_bias", movieBias),
    ]
  }

  /// Factors and biases of a dot product.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors.weight, itemFactors: movieFactors.weight,
      userBias: userBias.weight, itemBias: movieBias.weight, combination: .dotProduct)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    ModelShape(
      .dotBias, users: EmbeddingSize(of: userFactors.weight),
      items: EmbeddingSize(of: movieFactors.weight),
      range: range)
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch, 1]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let (user, movie) = try (input.selecting(0, along: 1), input.selecting(1, along: 1))
    let match = try (userFactors.forward(user) * movieFactors.forward(movie))
      .sum(over: [1], keepingDimensions: true)
    let bias = try userBias.forward(user) + movieBias.forward(movie)
    return try (match + bias).squeezed(into: range)
  }
}

/// The same model on parameters of its own, without ``Embedding``.
///
/// Source: the chapter's `DotProductBias` with `create_params`, which draws each parameter once
/// from a normal distribution of standard deviation 0.01.
public final class DotProductBiasRaw: RatingModel {
  private let userFactors: Tensor
  private let userBias: Tensor
  private let movieFactors: Tensor
  private let movieBias: Tensor
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws factors and bias of users, then of items.
  public init(
    users: Int, items: Int, factors: Int, range: RatingRange? = .stars,
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    func drawn(_ shape: [Int]) throws(TensorError) -> Tensor {
      try Tensor.zeros(shape).asParameter().fillNormal(std: 0.01, using: &generator)
    }
    userFactors = try drawn([users, factors])
    userBias = try drawn([users])
    movieFactors = try drawn([items, factors])
    movieBias = try drawn([items])
    self.range = range
  }

  /// `DotProductBias`, as in the chapter.
  public var typeName: String { "DotProductBias" }
  /// Factors, `[users, factors]` and `[items, factors]`, and one bias for each user and each item.
  public var members: [Member] {
    [
      .parameter("user_factors", userFactors), .parameter("user_bias", userBias),
      .parameter("movie_factors", movieFactors), .parameter("movie_bias", movieBias),
    ]
  }

  /// Factors and biases of a dot product.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors, itemFactors: movieFactors,
      userBias: userBias, itemBias: movieBias, combination: .dotProduct)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    ModelShape(
      .dotBiasRaw, users: EmbeddingSize(of: userFactors), items: EmbeddingSize(of: movieFactors),
      range: range)
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let (user, movie) = try (input.selecting(0, along: 1), input.selecting(1, along: 1))
    let match = try (userFactors.rows(at: user) * movieFactors.rows(at: movie)).sum(over: [1])
    let bias = try userBias.rows(at: user) + movieBias.rows(at: movie)
    return try (match + bias).squeezed(into: range)
  }
}
