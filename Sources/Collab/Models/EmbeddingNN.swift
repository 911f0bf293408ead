public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// The neural model of `collab_learner(use_nn=True)`: embeddings side by side, then layers.
///
/// Source: fastai's `EmbeddingNN` and `TabularModel`, `fastai/collab.py` and
/// `fastai/tabular/model.py`.
public final class EmbeddingNN: RatingModel {
  private let userEmbedding: Embedding
  private let itemEmbedding: Embedding
  private let layers: Sequential
  private let widths: [Int]
  private let streams: RandomStreams
  /// The range of predictions; nil if there is none.
  public let range: RatingRange?

  /// Draws the embeddings of users and items, then layer by layer.
  ///
  /// A hidden layer is a linear map without bias, a ReLU and a batch normalisation, in this order.
  ///
  /// - Parameters:
  ///   - sizes: rows and columns of the embeddings.
  ///   - widths: of the hidden layers.
  ///   - range: of predictions; nil for none.
  ///   - streams: draws are taken from PyTorch's generator.
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    sizes: (user: EmbeddingSize, item: EmbeddingSize), widths: [Int], range: RatingRange? = .stars,
    using streams: RandomStreams
  ) throws(TensorError) {
    self.streams = streams
    self.widths = widths
    self.range = range
    userEmbedding = try Embedding(sizes.user.rows, sizes.user.columns, using: &streams.torch)
    itemEmbedding = try Embedding(sizes.item.rows, sizes.item.columns, using: &streams.torch)
    var layers: [any Module] = []
    var inputs = sizes.user.columns + sizes.item.columns
    for width in widths {
      layers.append(
        Sequential(
          [
            try Linear(inputs, width, bias: false, using: &streams.torch), ReLU(inPlace: true),
            try BatchNorm1d(width, bias: 1e-3),
          ], typeName: "LinBnDrop"))
      inputs = width
    }
    layers.append(
      Sequential([try Linear(inputs, 1, using: &streams.torch)], typeName: "LinBnDrop"))
    if let range { layers.append(SigmoidRange(range)) }
    self.layers = Sequential(layers)
  }

  /// What listings of modules call it: `EmbeddingNN`.
  public var typeName: String { "EmbeddingNN" }
  /// What fastai's model consists of, its parts without parameters included.
  public var members: [Member] {
    [
      .module("embeds", Sequential([userEmbedding, itemEmbedding], typeName: "ModuleList")),
      .module("emb_drop", Dropout(0, using: streams)),
      .module("layers", layers),
    ]
  }

  /// Those, and the normalisation of fastai's model for columns of numbers, of which there are none.
  public var listedMembers: [Member] {
    guard let columns = try? BatchNorm1d(0) else { return members }
    var listed = members
    listed.insert(.module("bn_cont", columns), at: 2)
    return listed
  }

  /// Factors that its layers join.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userEmbedding.weight, itemFactors: itemEmbedding.weight, combination: .other)
  }
  /// Its sizes and range.
  public var shape: ModelShape {
    var shape = ModelShape(
      .nn, users: EmbeddingSize(of: userEmbedding.weight),
      items: EmbeddingSize(of: itemEmbedding.weight), range: range)
    shape.options.layers = widths
    return shape
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch, 1]`.
  public func forward(_ input: Tensor) throws -> Tensor {
    let users = try userEmbedding.forward(input.selecting(0, along: 1))
    let items = try itemEmbedding.forward(input.selecting(1, along: 1))
    return try layers.forward(users.beside(items))
  }
}
