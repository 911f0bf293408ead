public import CollabTensors

/// Layers one after the other.
///
/// Source: `torch.nn.Sequential`.
public final class Sequential: Module {
  /// The layers, in order.
  public let layers: [any Module]
  /// `Sequential`, or the name of a block that is one.
  public let typeName: String

  /// A chain of layers.
  public init(_ layers: [any Module], typeName: String = "Sequential") {
    self.layers = layers
    self.typeName = typeName
  }

  /// The layers, named by their position.
  public var members: [Member] {
    layers.enumerated().map { .module("\($0.offset)", $0.element) }
  }

  /// What the last layer makes of what those before it made.
  public func forward(_ input: Tensor) throws -> Tensor {
    try layers.reduce(input) { try $1.forward($0) }
  }
}
