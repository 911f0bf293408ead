public import CollabLearning

/// What can be chosen of the built-in models; a model uses those options that it has.
public struct ModelOptions: Sendable {
  /// Factors of each user and item, for the dot products.
  public var factors = 50
  /// Widths of the hidden layers of `nn`.
  public var layers = [100, 50]
  /// Width of the hidden layer of `collab_nn`.
  public var activations = 100
  /// How strongly the biases of `baseline`, `popular` and `itemknn` are drawn to zero.
  public var shrinkage = Shrinkage()
  /// The stars from which on a rating counts for `popular`; nil if all do.
  public var relevant: Double?
  /// Which items are neighbours for `itemknn`.
  public var neighborhood = Neighborhood()
  /// How strongly the factors and biases of `als` are drawn to zero.
  public var ridge = Ridge()
  /// The range of predictions.
  public var range: RatingRange?

  /// The chapter's sizes, with the range that is usual for the architecture.
  public init(for architecture: Architecture) {
    range = architecture.hasUsualRange ? .stars : nil
  }
}

/// One of the options, under the name that commands and files have for it, with its value as numbers.
struct ModelOption: Sendable {
  /// Where it is kept, which says how it is written as numbers.
  private enum Place: Sendable {
    case size(any WritableKeyPath<ModelOptions, Int> & Sendable)
    case sizes(any WritableKeyPath<ModelOptions, [Int]> & Sendable)
    case strength(any WritableKeyPath<ModelOptions, Double> & Sendable)
    case threshold(any WritableKeyPath<ModelOptions, Double?> & Sendable)
    case range(any WritableKeyPath<ModelOptions, RatingRange?> & Sendable)
  }

  /// As `learner` has it.
  let name: String
  private let place: Place

  /// All there are: whatever keeps models or says how to make them goes by this list.
  static let all = [
    ModelOption(name: "factors", place: .size(\.factors)),
    ModelOption(name: "layers", place: .sizes(\.layers)),
    ModelOption(name: "n_act", place: .size(\.activations)),
    ModelOption(name: "reg_users", place: .strength(\.shrinkage.users)),
    ModelOption(name: "reg_items", place: .strength(\.shrinkage.items)),
    ModelOption(name: "relevant", place: .threshold(\.relevant)),
    ModelOption(name: "k", place: .size(\.neighborhood.count)),
    ModelOption(name: "keep", place: .size(\.neighborhood.kept)),
    ModelOption(name: "shrink", place: .strength(\.neighborhood.shrinkage)),
    ModelOption(name: "reg", place: .strength(\.ridge.strength)),
    ModelOption(name: "nu", place: .strength(\.ridge.exponent)),
    ModelOption(name: "y_range", place: .range(\.range)),
  ]

  /// Its value among some options; no number if it is not set.
  func numbers(in options: ModelOptions) -> [Double] {
    switch place {
    case .size(let path): [Double(options[keyPath: path])]
    case .sizes(let path): options[keyPath: path].map(Double.init)
    case .strength(let path): [options[keyPath: path]]
    case .threshold(let path): options[keyPath: path].map { [$0] } ?? []
    case .range(let path): options[keyPath: path].map { [$0.low, $0.high] } ?? []
    }
  }

  /// Sets it to a value.
  ///
  /// - Returns: whether it can have this value.
  func set(_ numbers: [Double], in options: inout ModelOptions) -> Bool {
    switch place {
    case .size(let path):
      guard numbers.count == 1, let size = Self.size(numbers[0]) else { return false }
      options[keyPath: path] = size
    case .sizes(let path):
      let sizes = numbers.compactMap(Self.size)
      guard sizes.count == numbers.count else { return false }
      options[keyPath: path] = sizes
    case .strength(let path):
      guard numbers.count == 1, numbers[0] >= 0 else { return false }
      options[keyPath: path] = numbers[0]
    case .threshold(let path):
      guard numbers.count <= 1 else { return false }
      options[keyPath: path] = numbers.first
    case .range(let path):
      guard numbers.isEmpty || numbers.count == 2 else { return false }
      options[keyPath: path] = numbers.isEmpty ? nil : RatingRange(numbers[0], numbers[1])
    }
    return true
  }

  /// A whole number of things, at least one.
  private static func size(_ number: Double) -> Int? {
    Int(exactly: number).flatMap { (1...Int(Int32.max)).contains($0) ? $0 : nil }
  }

  /// Its value among some options as `learner` takes it; nil if that is the usual one.
  func choice(in options: ModelOptions, usual: ModelOptions) -> String? {
    let numbers = numbers(in: options)
    guard numbers != self.numbers(in: usual) else { return nil }
    let texts = numbers.map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" }
    let text = texts.joined(separator: ",")
    return switch place {
    case .size, .strength: "\(name)=\(text)"
    case .sizes: "\(name)=[\(text)]"
    case .threshold: "\(name)=\(numbers.isEmpty ? "none" : text)"
    case .range: numbers.isEmpty ? "\(name)=none" : "\(name)=(\(text))"
    }
  }
}
