/// The built-in models by the names that commands know.
public enum Architecture: String, CaseIterable, Sendable {
  case dot
  case dotBias = "dotbias"
  case dotBiasRaw = "dotbias_raw"
  case collab
  case collabNN = "collab_nn"
  case nn
  case baseline
  case bayes

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
    case .bayes:
      "factors and biases drawn by Gibbs sampling: the best ratings, and how sure they are"
    }
  }

  /// Whether users choose how many factors there are, and fastai's rule does not.
  var hasChosenFactors: Bool {
    switch self {
    case .dot, .dotBias, .dotBiasRaw, .collab, .bayes: true
    case .collabNN, .nn, .baseline: false
    }
  }

  /// Widths of the layers that follow the embeddings, the one that predicts included.
  func widths(_ options: ModelOptions) -> [Int] {
    switch self {
    case .dot, .dotBias, .dotBiasRaw, .collab, .baseline, .bayes: []
    case .collabNN: [options.activations, 1]
    case .nn: options.layers + [1]
    }
  }
}
