import Randomness
import Tensors
import TestSupport
import Testing

/// One differentiable operation: the shapes of its operands, and what it computes.
struct DifferentiableOperation: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [[Int]]
  let apply: @Sendable ([Tensor]) throws -> Tensor

  var testDescription: String { name }

  init(_ name: String, _ shapes: [Int]..., apply: @escaping @Sendable ([Tensor]) throws -> Tensor) {
    (self.name, self.shapes, self.apply) = (name, shapes, apply)
  }

  static let all: [DifferentiableOperation] = [
    .init("a + b", [3, 4], [3, 4]) { try $0[0] + $0[1] },
    .init("a + b, a row repeated", [3, 4], [4]) { try $0[0] + $0[1] },
    .init("a + b, a column repeated", [3, 1], [3, 4]) { try $0[0] + $0[1] },
    .init("a - b, both repeated", [3, 1], [1, 4]) { try $0[0] - $0[1] },
    .init("a * b", [3, 4], [3, 4]) { try $0[0] * $0[1] },
    .init("a * b, three dimensions", [2, 3, 4], [3, 1]) { try $0[0] * $0[1] },
    .init("a / b", [3, 4], [4]) { try $0[0] / ($0[1].exp() + 0.5) },
    .init("a used twice", [5]) { try $0[0] * $0[0] + $0[0] },
    .init("a chain that meets again", [5]) { operands in
      let shared = try operands[0].sigmoid()
      return try shared * operands[0] + shared
    },
    .init("numbers", [5]) { try (($0[0] * 3 - 1) / 2 + 0.25) * $0[0] },
    .init("-a", [5]) { try -$0[0] },
    .init("a to the third power", [5]) { try $0[0].power(3) },
    .init("sum along the last dimension", [3, 50]) { try ($0[0] * $0[0]).sum(over: [1]) },
    .init("sum along the first, kept", [3, 4]) {
      try ($0[0] * $0[0]).sum(over: [0], keepingDimensions: true)
    },
    .init("sum along a middle dimension", [2, 3, 4]) { try ($0[0] * $0[0]).sum(over: [1]) },
    .init("mean", [3, 4]) { try ($0[0] * $0[0]).mean(over: [1]) },
    .init("reshape", [3, 4], [2, 6]) { try $0[0].reshaped(to: [2, -1]) * $0[1] },
    .init("squeeze and unsqueeze", [3, 1, 4], [1, 3, 4]) {
      try $0[0].squeezed(1).unsqueezed(0) * $0[1]
    },
    .init("transpose", [3, 4], [4, 3]) { try $0[0].transposed() * $0[1] },
    .init("concatenate rows", [2, 3], [4, 3], [6, 3]) {
      try Tensor.concatenated([$0[0], $0[1]]) * $0[2]
    },
    .init("concatenate columns", [2, 3], [2, 5], [2, 8]) {
      try Tensor.concatenated([$0[0], $0[1]], along: 1) * $0[2]
    },
    .init("one column", [3, 4], [3]) { try $0[0].selecting(-1, along: 1) * $0[1] },
    .init("rows of a leaf, one repeated", [5, 3], [4, 3]) {
      try $0[0].rows(at: Tensor([4, 1, 4, 0] as [Int64])) * $0[1]
    },
    .init("rows of a vector", [5], [4]) {
      try $0[0].rows(at: Tensor([4, 1, 4, 0] as [Int64])) * $0[1]
    },
    .init("rows of a result", [5, 3], [3, 3]) {
      try ($0[0] * 2).rows(at: Tensor([4, 1, 4] as [Int64])) * $0[1]
    },
    .init("a leaf by rows and as a whole", [5, 3], [5, 3]) {
      try $0[0].rows(at: Tensor([0, 1, 2, 3, 4] as [Int64])) * $0[1] + $0[0]
    },
    .init("matrix by matrix", [3, 5], [5, 4]) { try $0[0].multiplied(by: $0[1]) },
    .init("a wide product", [5, 9], [9, 70]) { try $0[0].multiplied(by: $0[1]) },
    .init("matrix by vector", [3, 5], [5]) { try $0[0].multiplied(by: $0[1]) },
    .init("vector by vector", [5], [5]) { try $0[0].multiplied(by: $0[1]) },
    .init("linear", [3, 5], [4, 5], [4]) { try $0[0].linear(weight: $0[1], bias: $0[2]) },
    .init("sigmoid", [6]) { try $0[0].sigmoid() },
    .init("sigmoid range", [6]) { try $0[0].sigmoidRange(1, 5.5) },
    .init("relu", [6]) { try $0[0].relu() },
    .init("exp and log", [6]) { try ($0[0].exp() + 1).log() },
  ]
}

struct GradientTests {
  /// Central differences in float32 are good to about the square root of its precision.
  static let step: Float = 1e-2
  static let tolerance: Float = 1e-2

  @Test(arguments: DifferentiableOperation.all)
  func `gradients agree with finite differences`(_ operation: DifferentiableOperation) throws {
    var torch = TorchGenerator(seed: 3)
    let values = operation.shapes.map { torch.normal(count: $0.reduce(1, *)) }

    // A weighted sum of the results, so that no element's gradient is like another's.
    func loss(_ operands: [Tensor]) throws -> Tensor {
      let result = try operation.apply(operands)
      var weights = TorchGenerator(seed: 5)
      let weight = try Tensor(weights.normal(count: result.count), shape: result.shape)
      return try (result * weight).sum()
    }
    func operands(_ values: [[Float]]) throws -> [Tensor] {
      try zip(values, operation.shapes).map { try Tensor($0, shape: $1) }
    }

    let leaves = try operands(values).map { try $0.requiringGradient() }
    try loss(leaves).backward()
    for (which, leaf) in leaves.enumerated() {
      let gradient = try #require(leaf.gradient).scalars(as: Float.self)
      for i in values[which].indices {
        var (lower, upper) = (values, values)
        lower[which][i] -= Self.step
        upper[which][i] += Self.step
        let slope =
          try Float(loss(operands(upper)).item() - loss(operands(lower)).item()) / (2 * Self.step)
        #expect(
          abs(slope - gradient[i]) <= Self.tolerance * max(1, abs(slope)),
          "operand \(which), element \(i): \(gradient[i]) instead of \(slope)")
      }
    }
  }

  @Test func `gradients add up until they are cleared`() throws {
    let x = try Tensor([3 as Float]).requiringGradient()
    try (x * x).sum().backward()
    try (x * x).sum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [12])
    x.clearGradient()
    #expect(x.gradient == nil)
  }

  @Test func `gradients of rows are forgotten when they are cleared`() throws {
    let table = try Tensor([[1, 2], [3, 4], [5, 6]] as [[Float]]).requiringGradient()
    let index = try Tensor([1, 1] as [Int64])
    try table.rows(at: index).sum().backward()
    #expect(table.gradient?.scalars(as: Float.self) == [0, 0, 2, 2, 0, 0])
    table.clearGradient()
    try table.rows(at: Tensor([2] as [Int64])).sum().backward()
    #expect(table.gradient?.scalars(as: Float.self) == [0, 0, 0, 0, 1, 1])
  }

  @Test func `nothing is recorded without gradients`() throws {
    let x = try Tensor([3 as Float]).requiringGradient()
    let y = try GradientMode.withoutRecording { try x * x }
    #expect(!y.requiresGradient)
    #expect(throws: TensorError.noGradient) { try y.backward() }
    #expect(throws: TensorError.noGradient) { try (x.detached() * 2).backward() }
  }
}
