public import CollabRandomness
public import CollabTensors

/// The larger of each element and 0.
///
/// Source: `torch.nn.ReLU`.
public final class ReLU: Module {
  /// What PyTorch prints in parentheses.
  public let settings: String

  /// fastai says `inplace=True`; the numbers are the same.
  public init(inPlace: Bool = false) {
    settings = inPlace ? "inplace=True" : ""
  }

  /// What listings of modules call it: `ReLU`.
  public var typeName: String { "ReLU" }
  /// None: it has nothing to learn.
  public var members: [Member] { [] }
  /// The larger of each element and 0.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor { try input.relu() }
}

/// 1 / (1 + e⁻ˣ) of each element.
///
/// Source: `torch.nn.Sigmoid`.
public final class Sigmoid: Module {
  /// A layer without parameters.
  public init() {}

  /// What listings of modules call it: `Sigmoid`.
  public var typeName: String { "Sigmoid" }
  /// None: it has nothing to learn.
  public var members: [Member] { [] }
  /// Each element between 0 and 1.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor { try input.sigmoid() }
}

/// The hyperbolic tangent of each element.
///
/// Source: `torch.nn.Tanh`.
public final class Tanh: Module {
  /// A layer without parameters.
  public init() {}

  /// What listings of modules call it: `Tanh`.
  public var typeName: String { "Tanh" }
  /// None: it has nothing to learn.
  public var members: [Member] { [] }
  /// Each element between −1 and 1.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor { try input.tanh() }
}

/// A sigmoid stretched to a range of ratings.
///
/// Source: fastai's `SigmoidRange`, `fastai/layers.py`.
public final class SigmoidRange: Module {
  /// The ends that all it gives lies between.
  public let range: RatingRange

  /// Values between the ends of `range`.
  public init(_ range: RatingRange) { self.range = range }

  /// As fastai prints it.
  public var typeName: String { "SigmoidRange" }
  /// The ends, as `low=0, high=5.5`.
  public var settings: String { "low=\(range.lowText), high=\(range.highText)" }
  /// None: it has nothing to learn.
  public var members: [Member] { [] }
  /// Each element squeezed into the range.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    try input.sigmoidRange(range.low, range.high)
  }
}

/// The ends between which predictions lie.
public struct RatingRange: Sendable, Equatable {
  /// No prediction is below this.
  public let low: Double
  /// No prediction is above this.
  public let high: Double

  /// A range from `low` to `high`.
  public init(_ low: Double, _ high: Double) {
    (self.low, self.high) = (low, high)
  }

  /// The chapter's range for stars: up to half a star more than five, which a sigmoid never reaches.
  public static let stars = RatingRange(0, 5.5)

  var lowText: String { Self.text(low) }
  var highText: String { Self.text(high) }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(clamping: value))" : "\(value)"
  }
}

/// Sets a share of the elements to 0 while training, and scales up the others.
///
/// Source: Srivastava et al. (2014); `torch.nn.Dropout`. Draws one uniform number an element.
public final class Dropout: Module {
  /// The share of the elements.
  public let probability: Double
  private let streams: RandomStreams
  private var isTraining = true

  /// Drops elements with a probability.
  ///
  /// - Precondition: `probability` is in 0..<1.
  public init(_ probability: Double, using streams: RandomStreams) {
    precondition((0..<1).contains(probability), "dropout probability \(probability)")
    self.probability = probability
    self.streams = streams
  }

  /// What listings of modules call it: `Dropout`.
  public var typeName: String { "Dropout" }
  /// As PyTorch prints them.
  public var settings: String { "p=\(probability), inplace=False" }
  /// None: it has nothing to learn.
  public var members: [Member] { [] }
  /// Whether elements are dropped.
  public func setTraining(_ isTraining: Bool) { self.isTraining = isTraining }

  /// The elements that stay, scaled so that their expected sum is the same.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    guard isTraining, probability > 0 else { return input }
    let kept = Float(1 / (1 - probability))
    let draws = streams.torch.uniform(count: input.count)
    let mask = draws.map { Double($0) < 1 - probability ? kept : 0 }
    return try input * Tensor(mask, shape: input.shape)
  }
}
