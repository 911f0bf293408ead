public import Learning
public import Randomness
import Tensors

/// The built-in models by the names that commands know.
public enum Architecture: String, CaseIterable, Sendable {
  case dot
  case dotBias = "dotbias"
  case dotBiasRaw = "dotbias_raw"
  case collab
  case collabNN = "collab_nn"
  case nn
  case baseline

  /// What it is, in a line.
  public var summary: String {
    switch self {
    case .dot: "dot product of user and item factors"
    case .dotBias: "dot product with biases (the chapter's DotProductBias)"
    case .dotBiasRaw: "the same on parameters of its own (create_params)"
    case .collab: "fastai's EmbeddingDotBias"
    case .collabNN: "the chapter's CollabNN: two embeddings, one hidden layer"
    case .nn: "two embeddings, concatenated, then linear layers"
    case .baseline: "mean and biases without factors: what every other model must beat"
    }
  }

  /// Sizes that can be chosen; a model uses those that it has.
  public struct Options: Sendable {
    /// Factors of each user and item, for the dot products.
    public var factors = 50
    /// Widths of the hidden layers of `nn`.
    public var layers = [100, 50]
    /// Width of the hidden layer of `collab_nn`.
    public var activations = 100
    /// The range of predictions.
    public var range: RatingRange?
    /// How strongly the biases of `baseline` are drawn to zero.
    public var shrinkage = Baseline.Shrinkage()

    /// The chapter's sizes, with the range that is usual for the architecture.
    public init(for architecture: Architecture) {
      range = [.dot, .baseline].contains(architecture) ? nil : .stars
    }
  }

  /// Whether users choose how many factors there are, and fastai's rule does not.
  var hasChosenFactors: Bool {
    switch self {
    case .dot, .dotBias, .dotBiasRaw, .collab: true
    case .collabNN, .nn, .baseline: false
    }
  }

  /// A new model for the classes of some loaders.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(
    for loaders: DataLoaders, _ options: Options, using streams: RandomStreams
  ) throws -> any RatingModel {
    func size(_ vocabulary: Vocabulary) -> EmbeddingSize {
      hasChosenFactors
        ? EmbeddingSize(rows: vocabulary.count, columns: options.factors)
        : EmbeddingSize(classes: vocabulary.count)
    }
    return try model(
      users: size(loaders.users), items: size(loaders.items), options, using: streams)
  }

  func model(
    users: EmbeddingSize, items: EmbeddingSize, _ options: Options, using streams: RandomStreams
  ) throws -> any RatingModel {
    let range = options.range
    return switch self {
    case .dot:
      try DotProduct(
        users: users.rows, items: items.rows, factors: users.columns, range: range,
        using: &streams.torch)
    case .dotBias:
      try DotProductBias(
        users: users.rows, items: items.rows, factors: users.columns, range: range,
        using: &streams.torch)
    case .dotBiasRaw:
      try DotProductBiasRaw(
        users: users.rows, items: items.rows, factors: users.columns, range: range,
        using: &streams.torch)
    case .collab:
      try EmbeddingDotBias(
        users: users.rows, items: items.rows, factors: users.columns, range: range,
        using: &streams.torch)
    case .collabNN:
      try CollabNN(
        sizes: (users, items), activations: options.activations, range: range,
        using: &streams.torch)
    case .nn:
      try EmbeddingNN(
        sizes: (users, items), widths: options.layers, range: range, using: streams)
    case .baseline:
      try Baseline(users: users.rows, items: items.rows, shrinkage: options.shrinkage)
    }
  }
}
