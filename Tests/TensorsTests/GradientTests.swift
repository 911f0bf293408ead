import CollabRandomness
import CollabTensors
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
    .init("matrices side by side", [2, 3], [2, 5], [2, 8]) { try $0[0].beside($0[1]) * $0[2] },
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

  static let functions: [DifferentiableOperation] = [
    .init("square root", [6]) { try ($0[0] * $0[0] + 1).squareRoot() },
    .init("sine and cosine", [6]) { try $0[0].sin() * $0[0].cos() },
    .init("hyperbolic tangent", [6]) { try $0[0].tanh() },
    .init("absolute value", [6]) { try $0[0].absolute() },
    .init("larger and smaller", [3, 4], [4]) {
      try Tensor.maximum($0[0], $0[1]) * 2 + Tensor.minimum($0[0], $0[1])
    },
    .init("clamp", [3, 4]) {
      try $0[0].clamped(from: Tensor(scalar: -0.5), to: Tensor(scalar: 0.75))
    },
    .init("a to the power of b", [3, 4], [4]) { try ($0[0] * $0[0] + 1).power($0[1]) },
    .init("remainder", [6], [6]) { try $0[0].remainder(dividingBy: $0[1] * $0[1] + 1) },
    .init("a choice", [3, 4], [4]) {
      try Tensor.where($0[0].compared(.greater, to: $0[1]), $0[0] * $0[0], $0[1] * 3)
    },
    .init("by way of doubles", [3, 4], [4]) {
      try ($0[0].converted(to: .float64) * $0[1]).exp().converted(to: .float32)
    },
    .init("doubles that are given", [2, 2], [2]) {
      try $0[0] * Tensor([[1.5, 2], [3, 4]] as [[Double]]) + $0[1]
    },
    .init("softmax", [3, 4]) { try $0[0].softmax(along: 0) },
    .init("logarithm of softmax", [3, 4]) { try $0[0].logSoftmax(along: -1) },
  ]

  static let reductions: [DifferentiableOperation] = [
    .init("variance", [3, 4]) { try $0[0].variance() },
    .init("variance of columns", [3, 4]) { try $0[0].variance(over: [0]) },
    .init("standard deviation", [2, 3, 4]) {
      try $0[0].standardDeviation(over: [1], correction: 0, keepingDimensions: true)
    },
    .init("standard deviation over two dimensions", [2, 3, 4]) {
      try $0[0].standardDeviation(over: [0, 2])
    },
    .init("norm", [3, 4]) { try $0[0].norm(over: [1]) },
    .init("norms of other orders", [3, 4]) { try $0[0].norm(3, over: [0]) + $0[0].norm(1) },
    .init("largest absolute value", [3, 4]) { try $0[0].norm(.infinity, over: [0]) },
    .init("product", [3, 4]) { try $0[0].product(over: [1]) },
    .init("running sum", [2, 3, 4]) { try $0[0].cumulativeSum(along: 1) },
    .init("largest", [3, 4]) { try $0[0].maximum() * $0[0].maximum() },
    .init("largest and smallest of lines", [2, 3, 4]) {
      try $0[0].maximum(along: 1).values + $0[0].minimum(along: -2).values * 2
    },
    .init("median", [3, 5]) { try $0[0].median(along: 1).values },
    .init("sorted", [3, 4]) { try $0[0].sorted(along: 0, descending: true).values },
    .init("the top three", [3, 4]) { try $0[0].top(3).values },
  ]

  static let views: [DifferentiableOperation] = [
    .init("permuted", [2, 3, 4]) { try $0[0].permuted([2, 0, 1]) },
    .init("two dimensions exchanged", [2, 3, 4]) { try $0[0].transposed(-1, 0) },
    .init("flipped", [3, 4]) { try $0[0].flipped([0, 1]) },
    .init("expanded", [3, 1]) { try $0[0].expanded(to: [2, 3, 4]) },
    .init("repeated", [2, 3]) { try $0[0].repeated([2, 1, 3]) },
    .init("stacked", [2, 3], [2, 3]) { try Tensor.stacked([$0[0], $0[1], $0[0]], along: 1) },
    .init("split and joined", [5, 2]) {
      try Tensor.concatenated($0[0].split(every: 2).reversed())
    },
    .init("unbound", [2, 3]) {
      let parts = try $0[0].unbound(along: 1)
      return try parts[0] * parts[1] + parts[2]
    },
    .init("a triangle", [3, 4]) { try $0[0].lowerTriangle() },
    .init("a slice", [5, 4]) {
      try $0[0].indexed(by: [.slice(start: 1, stop: nil, step: 2), .index(-1), .newAxis])
    },
    .init("rows by subscript", [5, 3]) {
      try $0[0].indexed(by: [.tensor(Tensor([4, 1, 4] as [Int64]))])
    },
    .init("columns by subscript", [3, 5]) {
      try $0[0].indexed(by: [.ellipsis, .tensor(Tensor([4, -4, 4] as [Int64]))])
    },
    .init("a mask", [3, 4]) {
      try $0[0].indexed(by: [.tensor(Tensor((0..<12).map { $0 % 5 != 0 }, shape: [3, 4]))])
    },
    .init("two index tensors", [3, 4]) {
      let rows = try Tensor([[2], [0]] as [[Int64]])
      return try $0[0].indexed(by: [.tensor(rows), .tensor(Tensor([1, 1, 3] as [Int64]))])
    },
    .init("outer product", [3], [4]) { try $0[0].outer($0[1]) },
    .init("a batch of products", [2, 3, 4], [2, 4, 2]) { try $0[0].multiplied(by: $0[1]) },
    .init("a batch by one matrix", [2, 3, 4], [4, 2]) { try $0[0].multiplied(by: $0[1]) },
    .init("one matrix by a batch", [3, 4], [2, 4, 2]) { try $0[0].multiplied(by: $0[1]) },
    .init("cosine similarity", [5, 3], [1, 3]) {
      try Tensor.cosineSimilarity($0[0], $0[1], along: 1)
    },
  ]
}

struct GradientTests {
  /// Central differences in float32 are good to about the square root of its precision.
  static let step: Float = 1e-2
  static let tolerance: Float = 1e-2

  @Test(
    arguments: DifferentiableOperation.all + DifferentiableOperation.functions
      + DifferentiableOperation.reductions + DifferentiableOperation.views)
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

  @Test func `equal elements share a gradient, or the first has it`() throws {
    let x = try Tensor([2, 5, 5, 1] as [Float]).requiringGradient()
    try x.maximum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0.5, 0.5, 0])
    x.clearGradient()
    try x.maximum(along: 0).values.backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 1, 0, 0])
    x.clearGradient()
    try Tensor.maximum(x, Tensor([5, 5, 2, 2] as [Float])).sum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0.5, 1, 0])
  }

  @Test func `gradients where a slope is infinite or missing are those of PyTorch`() throws {
    let x = try Tensor([0, 0] as [Float]).requiringGradient()
    try x.norm().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0])
    x.clearGradient()
    try x.standardDeviation().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0])
    x.clearGradient()
    try x.product().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0])
    x.clearGradient()
    try x.power(Tensor([0, 1] as [Float])).sum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 1])
  }

  @Test func `a leaf picked by one index tensor keeps its gradient by rows`() throws {
    let table = try Tensor([[1, 2], [3, 4], [5, 6]] as [[Float]]).requiringGradient()
    try table.indexed(by: [.tensor(Tensor([1, 1] as [Int64]))]).sum().backward()
    #expect(table.onlyRowGradient != nil)
    #expect(table.gradient?.scalars(as: Float.self) == [0, 0, 2, 2, 0, 0])
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
