import CollabLearning

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
  public var options: ModelOptions

  /// A shape made of its parts.
  public init(
    _ architecture: Architecture, users: EmbeddingSize, items: EmbeddingSize, options: ModelOptions
  ) {
    self.architecture = architecture
    (self.users, self.items, self.options) = (users, items, options)
  }

  /// The shape of a model whose factors are as many as those of its users.
  init(
    _ architecture: Architecture, users: EmbeddingSize, items: EmbeddingSize, range: RatingRange?
  ) {
    var options = ModelOptions(for: architecture)
    if architecture.hasChosenFactors { options.factors = users.columns }
    options.range = range
    self.init(architecture, users: users, items: items, options: options)
  }

  /// The options of `learner` that give a model these sizes, where they are not the usual ones.
  ///
  /// Each has a blank before it: ` factors=20`. The range is not among them.
  public var choices: String {
    let usual = ModelOptions(for: architecture)
    return ModelOption.all.filter { $0.name != "y_range" }
      .compactMap { $0.choice(in: options, usual: usual) }.map { " \($0)" }.joined()
  }
}

// MARK: - As numbers

extension ModelShape {
  /// The options as numbers, each under its name in `learner`; one that is not set has no number.
  ///
  /// Together with the architecture and both sizes this is all there is to a shape, so that whoever
  /// keeps it need not know which options there are.
  public var settings: [(name: String, numbers: [Double])] {
    ModelOption.all.map { ($0.name, $0.numbers(in: options)) }
  }

  /// The shape with these settings; options that are not among them are the usual ones.
  ///
  /// Nil if a setting is unknown or cannot have its value, or if both sizes must have as many columns
  /// and have not.
  public init?(
    _ architecture: Architecture, users: EmbeddingSize, items: EmbeddingSize,
    settings: [(name: String, numbers: [Double])]
  ) {
    var options = ModelOptions(for: architecture)
    for (name, numbers) in settings {
      guard let option = ModelOption.all.first(where: { $0.name == name }),
        option.set(numbers, in: &options)
      else { return nil }
    }
    guard !architecture.hasChosenFactors || users.columns == items.columns else { return nil }
    self.init(architecture, users: users, items: items, options: options)
  }

  /// The sizes of all matrices of such a model: what there must be room for before it is made.
  public var matrices: [EmbeddingSize] {
    var inputs = users.columns + items.columns
    // `popular` is the same for everybody.
    return (architecture == .popular ? [] : [users]) + [items] + moreMatrices
      + architecture.widths(options).map { width in
        defer { inputs = width }
        return EmbeddingSize(rows: inputs, columns: width)
      }
  }

  /// What families have beside what describes users and items.
  private var moreMatrices: [EmbeddingSize] {
    switch architecture {
    // Neighbours have an index and a similarity each.
    case .itemKNN: [items]
    case .bayes:
      GibbsChain.matrices(users: users.rows, items: items.rows, factors: users.columns)
    default: []
    }
  }
}
