import CollabLearning
import CollabTensors

/// What the tensors of a model are called in a file: as in the `state_dict()` of fastai's model where
/// fastai has such a model, else as the model itself calls them.
///
/// A dot product with biases is fastai's `EmbeddingDotBias` whatever its parts are called here.
struct FastaiNames {
  /// What fastai calls the four parts of an `EmbeddingDotBias`.
  static let dotBias = ["u_weight.weight", "i_weight.weight", "u_bias.weight", "i_bias.weight"]

  /// The name in the file and the shape there, by the name in the model.
  private var places: [String: (name: String, shape: [Int])] = [:]

  /// The names for a model as it is now.
  init(_ model: any Module) {
    let state = model.state
    for part in state { places[part.name] = (part.name, part.tensor.shape) }
    guard let roles = (model as? any RatingModel)?.roles, roles.combination == .dotProduct,
      state.count == Self.dotBias.count
    else { return }
    let tensors = [roles.userFactors, roles.itemFactors, roles.userBias, roles.itemBias]
    var renamed = places
    for (name, tensor) in zip(Self.dotBias, tensors) {
      guard let tensor, let own = state.first(where: { $0.tensor === tensor }) else { return }
      let isBias = tensor.count == tensor.shape.first
      renamed[own.name] = (name, isBias ? [tensor.count, 1] : tensor.shape)
    }
    places = renamed
  }

  /// The name and the shape that a part of the model's state has in a file.
  func place(of part: String) -> (name: String, shape: [Int])? { places[part] }

  /// What fastai's model has beside the parts of a model, none of which are learned: they are there so
  /// that PyTorch misses nothing.
  ///
  /// Source: `torch.nn.BatchNorm1d` counts batches; fastai's `TabularModel` normalises the continuous
  /// columns, of which there are none.
  static func extras(of model: any Module) throws(TensorError) -> [(name: String, tensor: Tensor)] {
    let suffix = "running_var"
    var extras: [(name: String, tensor: Tensor)] = []
    func addCount(_ prefix: String) throws(TensorError) {
      extras.append((prefix + "num_batches_tracked", try Tensor(scalar: Int64(0))))
    }
    for part in model.state where part.name.hasSuffix(suffix) {
      try addCount(String(part.name.dropLast(suffix.count)))
    }
    guard (model as? any RatingModel)?.shape.architecture == .nn else { return extras }
    for name in ["weight", "bias", "running_mean", "running_var"] {
      extras.append(("bn_cont." + name, try Tensor([Float]())))
    }
    try addCount("bn_cont.")
    return extras
  }
}
