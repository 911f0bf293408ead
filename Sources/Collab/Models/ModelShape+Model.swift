import CollabLearning
public import CollabRandomness
import CollabTensors

// The only place that knows all models: they know their shape, and a shape need not know them.

extension ModelShape {
  /// A new model of this shape.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(using streams: RandomStreams) throws -> any RatingModel {
    let range = options.range
    func product(
      _ make: (Int, Int, Int, RatingRange?, inout TorchGenerator) throws -> any RatingModel
    ) throws -> any RatingModel {
      try make(users.rows, items.rows, users.columns, range, &streams.torch)
    }
    return switch architecture {
    case .dot: try product(DotProduct.init)
    case .dotBias: try product(DotProductBias.init)
    case .dotBiasRaw: try product(DotProductBiasRaw.init)
    case .collab: try product(EmbeddingDotBias.init)
    case .collabNN:
      try CollabNN(
        sizes: (users, items), activations: options.activations, range: range,
        using: &streams.torch)
    case .nn:
      try EmbeddingNN(sizes: (users, items), widths: options.layers, range: range, using: streams)
    case .baseline:
      try Baseline(users: users.rows, items: items.rows, shrinkage: options.shrinkage)
    case .popular:
      try Popularity(
        users: users.rows, items: items.rows, shrinkage: options.shrinkage.items,
        relevant: options.relevant)
    case .itemKNN:
      try ItemKNN(
        users: users.rows, items: items.rows, kept: items.columns,
        neighborhood: options.neighborhood, shrinkage: options.shrinkage)
    case .als:
      try als(using: streams)
    case .bayes:
      try Bayes(
        users: users.rows, items: items.rows, factors: users.columns, options: options.bayes,
        seed: UInt64(streams.torch.randomInteger()))
    case .ease:
      try EASE(
        users: users.rows, items: items.rows, strength: options.ridge.strength,
        isGraded: options.isGraded)
    case .ials:
      try IALS(
        users: users.rows, items: items.rows, factors: users.columns, options: IALSOptions(options),
        using: &streams.torch)
    }
  }

  private func als(using streams: RandomStreams) throws(TensorError) -> ALS {
    let model = try ALS(
      users: users.rows, items: items.rows, factors: users.columns, ridge: options.ridge,
      using: &streams.torch)
    model.spark = options.spark
    return model
  }
}

extension Architecture {
  /// A new model for the classes of some loaders.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public func model(
    for loaders: DataLoaders, _ options: ModelOptions, using streams: RandomStreams
  ) throws -> any RatingModel {
    let sizes = sizes(users: loaders.users.count, items: loaders.items.count, options)
    let shape = ModelShape(self, users: sizes.users, items: sizes.items, options: options)
    return try shape.model(using: streams)
  }
}
