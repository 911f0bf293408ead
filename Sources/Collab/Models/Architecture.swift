/// The built-in models by the names that commands know.
public enum Architecture: String, CaseIterable, Sendable {
  case dot
  case dotBias = "dotbias"
  case dotBiasRaw = "dotbias_raw"
  case collab
  case collabNN = "collab_nn"
  case nn
  case baseline
  case popular
  case itemKNN = "itemknn"
  case als
  case bayes
  case ease
  case ials

  /// Whether users choose how many factors there are, and fastai's rule does not.
  var hasChosenFactors: Bool { options.contains("factors") }

  /// What can be chosen of it, by the names that ``ModelShape/settings`` and commands have.
  public var options: [String] {
    switch self {
    case .dot, .dotBias, .dotBiasRaw, .collab: ["factors", "y_range"]
    case .collabNN: ["n_act", "y_range"]
    case .nn: ["layers", "y_range"]
    case .baseline: ["reg_users", "reg_items"]
    case .popular: ["reg_items", "relevant"]
    case .itemKNN: ["reg_users", "reg_items", "k", "keep", "shrink"]
    case .als: ["factors", "reg", "nu"]
    case .bayes: ["factors", "likelihood", "samples", "neighbours"]
    case .ease: ["reg", "graded"]
    case .ials: ["factors", "reg", "nu", "unobserved", "graded"]
    }
  }

  /// Whether there is a range that predictions are squeezed into, unless another or none is chosen.
  var hasUsualRange: Bool { self != .dot && options.contains("y_range") }

  /// The sizes of what such a model keeps of each user and of each item.
  func sizes(
    users: Int, items: Int, _ options: ModelOptions
  ) -> (users: EmbeddingSize, items: EmbeddingSize) {
    switch self {
    case .dot, .dotBias, .dotBiasRaw, .collab, .als, .bayes, .ials:
      (
        EmbeddingSize(rows: users, columns: options.factors),
        EmbeddingSize(rows: items, columns: options.factors)
      )
    case .collabNN, .nn: (EmbeddingSize(classes: users), EmbeddingSize(classes: items))
    case .baseline, .popular:
      (EmbeddingSize(rows: users, columns: 1), EmbeddingSize(rows: items, columns: 1))
    case .itemKNN:
      (
        EmbeddingSize(rows: users, columns: 1),
        // Neither itself nor `#na#` is a neighbour.
        EmbeddingSize(rows: items, columns: max(1, min(options.neighborhood.kept, items - 2)))
      )
    case .ease:
      (EmbeddingSize(rows: users, columns: 1), EmbeddingSize(rows: items, columns: items))
    }
  }

  /// Widths of the layers that follow the embeddings, the one that predicts included.
  func widths(_ options: ModelOptions) -> [Int] {
    switch self {
    case .collabNN: [options.activations, 1]
    case .nn: options.layers + [1]
    default: []
    }
  }
}
