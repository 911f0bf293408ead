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

  /// The options of `learner` that give a model these sizes, where they are not the usual ones:
  /// ` factors=20`, each with a blank before it.
  public var choices: String {
    let usual = Architecture.Options(for: architecture)
    var choices = ""
    if architecture.hasChosenFactors, options.factors != usual.factors {
      choices += " factors=\(options.factors)"
    }
    if options.activations != usual.activations { choices += " n_act=\(options.activations)" }
    if options.layers != usual.layers {
      choices += " layers=[\(options.layers.map(String.init).joined(separator: ","))]"
    }
    if options.shrinkage != usual.shrinkage {
      choices += " reg_users=\(options.shrinkage.users) reg_items=\(options.shrinkage.items)"
    }
    return choices
  }

  /// A new model of this shape.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(using streams: RandomStreams) throws -> any RatingModel {
    try architecture.model(users: users, items: items, options, using: streams)
  }
}
