public import Learning
public import Randomness
import Tensors

/// What is needed to make a built-in model like another one, apart from its weights.
///
///     let shape = ModelShape(of: learner.model)
///     let other = try shape?.model(using: streams)  // with weights of its own
public struct ModelShape: Sendable {
  /// Which of the built-in models it is.
  public var architecture: Architecture
  /// The user embedding.
  public var users: EmbeddingSize
  /// The item embedding.
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

  /// The shape of a model; nil if it is none of the built-in ones.
  public init?(of model: any Module) {
    let (architecture, range): (Architecture, RatingRange?)
    switch model {
    case let model as DotProduct: (architecture, range) = (.dot, model.range)
    case let model as DotProductBias: (architecture, range) = (.dotBias, model.range)
    case let model as DotProductBiasRaw: (architecture, range) = (.dotBiasRaw, model.range)
    case let model as EmbeddingDotBias: (architecture, range) = (.collab, model.range)
    case let model as CollabNN: (architecture, range) = (.collabNN, model.range)
    case let model as EmbeddingNN: (architecture, range) = (.nn, model.range)
    default: return nil
    }
    let shapes = Dictionary(
      model.state.map { ($0.name, $0.tensor.shape) }, uniquingKeysWith: { first, _ in first })
    func shape(_ names: String...) -> [Int]? { names.lazy.compactMap { shapes[$0] }.first }
    guard
      let user = shape("user_factors.weight", "user_factors", "u_weight.weight", "embeds.0.weight"),
      let item = shape(
        "movie_factors.weight", "movie_factors", "i_weight.weight", "item_factors.weight",
        "embeds.1.weight")
    else { return nil }
    self.architecture = architecture
    users = EmbeddingSize(rows: user[0], columns: user[1])
    items = EmbeddingSize(rows: item[0], columns: item[1])
    options = Architecture.Options(for: architecture)
    options.range = range
    options.factors = user[1]
    options.activations = shape("layers.0.weight")?.first ?? options.activations
    if architecture == .nn {
      // The last of the linear layers gives the prediction.
      options.layers = model.state
        .filter { $0.name.hasPrefix("layers.") && $0.name.hasSuffix(".0.weight") }
        .map { $0.tensor.shape[0] }.dropLast()
    }
  }

  /// A new model of this shape.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(using streams: RandomStreams) throws -> any Module {
    switch architecture {
    case .collabNN:
      try CollabNN(
        sizes: (users, items), activations: options.activations, range: options.range,
        using: &streams.torch)
    case .nn:
      try EmbeddingNN(
        sizes: (users, items), widths: options.layers, range: options.range, using: streams)
    default:
      try architecture.model(users: users.rows, items: items.rows, options, using: streams)
    }
  }
}
