import Learning
public import Randomness

/// What is needed to make a built-in model like another one, apart from its weights.
///
///     let other = try model.shape.model(using: streams)  // with weights of its own
public struct ModelShape: Sendable {
  /// Which of the built-in models it is.
  public var architecture: Architecture
  /// One row a user, as many columns as it has factors.
  public var users: EmbeddingSize
  /// One row an item, as many columns as it has factors.
  public var items: EmbeddingSize
  /// Its other sizes and the range of its predictions.
  public var options: Architecture.Options

  /// A shape made of its parts.
  public init(
    _ architecture: Architecture, users: EmbeddingSize, items: EmbeddingSize,
    options: Architecture.Options
  ) {
    self.architecture = architecture
    (self.users, self.items, self.options) = (users, items, options)
  }

  /// The shape of a model whose factors are as many as those of its users.
  init(
    _ architecture: Architecture, users: EmbeddingSize, items: EmbeddingSize, range: RatingRange?
  ) {
    var options = Architecture.Options(for: architecture)
    (options.factors, options.range) = (users.columns, range)
    self.init(architecture, users: users, items: items, options: options)
  }

  /// A new model of this shape.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(using streams: RandomStreams) throws -> any RatingModel {
    try architecture.model(users: users, items: items, options, using: streams)
  }
}
