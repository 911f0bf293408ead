public import CollabRandomness
public import CollabTensors

/// An affine map: `x Wᵀ + b`.
///
/// Source: `torch.nn.Linear`, with its default initialisation.
public final class Linear: Module {
  /// The weights, float32 `[outputs, inputs]`.
  public let weight: Tensor
  /// What is added, float32 `[outputs]`; nil for a map without it.
  public let bias: Tensor?

  /// Draws the weight, then the bias, from a uniform distribution within 1/√inputs.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    _ inputs: Int, _ outputs: Int, bias hasBias: Bool = true,
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    let width = Double(inputs).squareRoot()
    // kaiming_uniform_ with a = √5, in the order in which PyTorch rounds it.
    let bound =
      3.0.squareRoot() * ((2.0 / (1 + 5.0.squareRoot() * 5.0.squareRoot())).squareRoot() / width)
    weight = try Tensor.zeros([outputs, inputs]).asParameter()
    weight.fillUniform(from: -bound, to: bound, using: &generator)
    guard hasBias else {
      bias = nil
      return
    }
    let drawn = try Tensor.zeros([outputs]).asParameter()
    drawn.fillUniform(from: -1 / width, to: 1 / width, using: &generator)
    bias = drawn
  }

  /// What listings of modules call it: `Linear`.
  public var typeName: String { "Linear" }
  /// Sizes, and whether there is a bias.
  public var settings: String {
    let bias = bias == nil ? "False" : "True"
    return "in_features=\(weight.shape[1]), out_features=\(weight.shape[0]), bias=\(bias)"
  }
  /// The weight, and the bias if there is one.
  public var members: [Member] {
    [.parameter("weight", weight)] + (bias.map { [.parameter("bias", $0)] } ?? [])
  }

  /// The map of each row.
  ///
  /// - Shape: `[…, inputs]` gives `[…, outputs]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    guard input.shape.count != 2, let width = input.shape.last, width > 0 else {
      return try input.linear(weight: weight, bias: bias)
    }
    let rows = try input.reshaped(to: [input.count / width, width])
    return try rows.linear(weight: weight, bias: bias)
      .reshaped(to: input.shape.dropLast() + [weight.shape[0]])
  }
}
