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

    /// The chapter's sizes, with the range that is usual for the architecture.
    public init(for architecture: Architecture) {
      range = architecture == .dot ? nil : .stars
    }
  }

  /// A new model for the classes of some loaders.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(
    for loaders: DataLoaders, _ options: Options, using streams: RandomStreams
  ) throws -> any Module {
    try model(
      users: loaders.users.count, items: loaders.items.count, options, using: streams)
  }

  func model(
    users: Int, items: Int, _ options: Options, using streams: RandomStreams
  ) throws -> any Module {
    let sizes = (user: EmbeddingSize(classes: users), item: EmbeddingSize(classes: items))
    let (factors, range) = (options.factors, options.range)
    return switch self {
    case .dot:
      try DotProduct(
        users: users, items: items, factors: factors, range: range, using: &streams.torch)
    case .dotBias:
      try DotProductBias(
        users: users, items: items, factors: factors, range: range, using: &streams.torch)
    case .dotBiasRaw:
      try DotProductBiasRaw(
        users: users, items: items, factors: factors, range: range, using: &streams.torch)
    case .collab:
      try EmbeddingDotBias(
        users: users, items: items, factors: factors, range: range, using: &streams.torch)
    case .collabNN:
      try CollabNN(
        sizes: sizes, activations: options.activations, range: range,
        using: &streams.torch)
    case .nn:
      try EmbeddingNN(
        sizes: sizes, widths: options.layers, range: range, using: streams)
    }
  }
}
