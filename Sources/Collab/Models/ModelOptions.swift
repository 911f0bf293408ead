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
  /// How strongly the factors and biases of `als`, the weights of `ease` and the factors of `ials` are
  /// drawn to zero.
  public var ridge = Ridge()
  /// How much a pair without a rating counts for `ials`, beside one with a rating.
  public var unobserved = IALSOptions.usualUnobserved
  /// Whether `ease` and `ials` grade ratings by their stars.
  public var isGraded = true
  /// What else can be chosen of `bayes`.
  public var bayes = BayesOptions()
  /// What Spark is told if it is to find the factors of `als`; nil where this program does.
  public var spark: SparkSettings?
  /// The range of predictions.
  public var range: RatingRange?

  /// The chapter's sizes, with the range that is usual for the architecture.
  public init(for architecture: Architecture) {
    range = architecture.hasUsualRange ? .stars : nil
    switch architecture {
    case .bayes: factors = BayesOptions.usualFactors
    case .ease: ridge.strength = Ridge.usualOfWeights
    case .ials: (factors, ridge) = (IALSOptions.usualFactors, IALSOptions.usualRidge)
    default: break
    }
  }
}

/// One of the options, under the name that commands and files have for it, with its value as numbers.
struct ModelOption: Sendable {
  /// Where it is kept, which says how it is written as numbers.
  private enum Place: Sendable {
    case size(any WritableKeyPath<ModelOptions, Int> & Sendable)
    case sizes(any WritableKeyPath<ModelOptions, [Int]> & Sendable)
    case count(any WritableKeyPath<ModelOptions, Int> & Sendable)
    case choice(any WritableKeyPath<ModelOptions, Int> & Sendable, names: [String])
    case strength(any WritableKeyPath<ModelOptions, Double> & Sendable)
    case flag(any WritableKeyPath<ModelOptions, Bool> & Sendable)
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
    ModelOption(name: "unobserved", place: .strength(\.unobserved)),
    ModelOption(name: "graded", place: .flag(\.isGraded)),
    ModelOption(
      name: "likelihood",
      place: .choice(
        \.bayes.likelihoodNumber, names: BayesOptions.Likelihood.allCases.map(\.rawValue))),
    ModelOption(name: "samples", place: .size(\.bayes.samples)),
    ModelOption(name: "neighbours", place: .count(\.bayes.neighbors)),
    ModelOption(name: "y_range", place: .range(\.range)),
  ]

  /// Its value among some options; no number if it is not set.
  func numbers(in options: ModelOptions) -> [Double] {
    switch place {
    case .size(let path), .count(let path), .choice(let path, _): [Double(options[keyPath: path])]
    case .sizes(let path): options[keyPath: path].map(Double.init)
    case .strength(let path): [options[keyPath: path]]
    case .flag(let path): [options[keyPath: path] ? 1 : 0]
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
    case .count(let path):
      guard numbers.count == 1, let count = numbers[0] == 0 ? 0 : Self.size(numbers[0]) else {
        return false
      }
      options[keyPath: path] = count
    case .choice(let path, let names):
      guard numbers.count == 1, let number = Int(exactly: numbers[0]),
        names.indices.contains(number)
      else { return false }
      options[keyPath: path] = number
    case .sizes(let path):
      let sizes = numbers.compactMap(Self.size)
      guard sizes.count == numbers.count else { return false }
      options[keyPath: path] = sizes
    case .strength(let path):
      guard numbers.count == 1, numbers[0] >= 0 else { return false }
      options[keyPath: path] = numbers[0]
    case .flag(let path):
      guard numbers == [0] || numbers == [1] else { return false }
      options[keyPath: path] = numbers == [1]
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
    case .size, .count, .strength: "\(name)=\(text)"
    case .flag(let path): "\(name)=\(options[keyPath: path])"
    case .choice(let path, let names): "\(name)=\(names[options[keyPath: path]])"
    case .sizes: "\(name)=[\(text)]"
    case .threshold: "\(name)=\(numbers.isEmpty ? "none" : text)"
    case .range: numbers.isEmpty ? "\(name)=none" : "\(name)=(\(text))"
    }
  }
}
