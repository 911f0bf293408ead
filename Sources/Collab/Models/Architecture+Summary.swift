extension Architecture {
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
    case .popular: "what most have rated, for everybody alike: what every ranking must beat"
    case .itemKNN: "what a user gave to the most similar items, beyond the baseline"
    case .als: "dot product with biases, found by alternating least squares instead of gradients"
    case .bayes:
      "factors and biases drawn by Gibbs sampling: the best ratings, and how sure they are"
    case .ease: "what those who liked the same have liked, a number a pair of items: the best lists"
    case .ials:
      "factors of what was rated and what was not: the best lists, for any number of items"
    }
  }
}
