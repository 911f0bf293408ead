import CollabLearning
import CollabTensors
import TestSupport
import Testing

/// A module of two parameters: one that decays, and one called `bias`, which does not.
private final class Pair: Module {
  let typeName = "Pair"
  let weight: Tensor
  let bias: Tensor

  init(_ weight: [Float], bias: [Float]) throws {
    self.weight = try Tensor(weight, shape: [weight.count]).requiringGradient()
    self.bias = try Tensor(bias, shape: [bias.count]).requiringGradient()
  }

  var members: [Member] { [.parameter("weight", weight), .parameter("bias", bias)] }

  /// The sum of the squares of all parameters: the gradient is twice each.
  func forward(_ input: Tensor) throws -> Tensor {
    try (weight * weight).sum() + (bias * bias).sum()
  }

  func slope() throws { try forward(weight).backward() }

  var weights: [Float] { weight.scalars(as: Float.self) }
  var biases: [Float] { bias.scalars(as: Float.self) }
}

struct SGDTests {
  private func steps(_ count: Int, _ pair: Pair, _ sgd: SGD, rate: Double) throws {
    for _ in 0..<count {
      try pair.slope()
      sgd.step(learningRate: rate)
      sgd.clearGradients()
    }
  }

  private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 2e-6 }
  }

  @Test func `a step goes against the gradient, by the rate`() throws {
    let pair = try Pair([1, -2], bias: [0.5])
    try steps(1, pair, SGD(pair.parameters), rate: 0.1)
    // 1 - 0.1 · 2, -2 + 0.1 · 4, 0.5 - 0.1 · 1
    #expect(isClose(pair.weights, [0.8, -1.6]))
    #expect(isClose(pair.biases, [0.4]))
  }

  @Test func `plain steps shrink a square by the same factor each time`() throws {
    let pair = try Pair([1, -2], bias: [0])
    let sgd = SGD(pair.parameters)
    try steps(10, pair, sgd, rate: 0.1)
    // 0.8 to the power of 10
    #expect(isClose(pair.weights, [0.107374182, -0.214748365]))
    #expect(sgd.stepCount == 10)
  }

  @Test func `momentum adds up gradients without damping`() throws {
    let pair = try Pair([1], bias: [0])
    let sgd = SGD(pair.parameters, momentum: 0.9)
    var path: [Float] = []
    for _ in 0..<4 {
      try steps(1, pair, sgd, rate: 0.1)
      path += pair.weights
    }
    // v: 2, 0.9·2 + 1.6, 0.9·3.4 + 0.92, 0.9·3.98 + 0.124
    #expect(isClose(path, [0.8, 0.46, 0.062, -0.3086]))
  }

  @Test func `weight decay shrinks weights before the step, and spares biases`() throws {
    let pair = try Pair([1], bias: [1])
    try steps(1, pair, SGD(pair.parameters, weightDecay: 0.5), rate: 0.1)
    // 1 · (1 - 0.1 · 0.5) - 0.1 · 2
    #expect(isClose(pair.weights, [0.75]))
    #expect(isClose(pair.biases, [0.8]))
  }

  @Test func `weight decay is no part of the momentum`() throws {
    let pair = try Pair([1], bias: [0])
    let sgd = SGD(pair.parameters, momentum: 0.9, weightDecay: 0.5)
    try steps(2, pair, sgd, rate: 0.1)
    // 0.75, then 0.75 · 0.95 - 0.1 · (0.9 · 2 + 1.5)
    #expect(isClose(pair.weights, [0.3825]))
  }

  @Test func `negative weight decay pushes outward`() throws {
    let pair = try Pair([0.001], bias: [0])
    try steps(1, pair, SGD(pair.parameters, weightDecay: -10), rate: 0.1)
    #expect(isClose(pair.weights, [0.0018]))
  }

  @Test func `a parameter without a gradient stays where it is`() throws {
    let pair = try Pair([1], bias: [3])
    let sgd = SGD(pair.parameters, momentum: 0.9, weightDecay: 0.1)
    try (pair.weight * pair.weight).sum().backward()
    sgd.step(learningRate: 0.1)
    #expect(pair.biases == [3])
    #expect(pair.weights != [1])
  }

  @Test func `cleared gradients do not add up`() throws {
    let pair = try Pair([1], bias: [0])
    let sgd = SGD(pair.parameters)
    try pair.slope()
    try pair.slope()
    sgd.step(learningRate: 0.1)
    // Both gradients of the same place: 1 - 0.1 · 4
    #expect(isClose(pair.weights, [0.6]))
    sgd.clearGradients()
    #expect(pair.weight.gradient == nil)
    try steps(1, pair, sgd, rate: 0.1)
    #expect(isClose(pair.weights, [0.48]))
  }

  @Test func `what it remembers can be restored`() throws {
    let pair = try Pair([1], bias: [0])
    let sgd = SGD(pair.parameters, momentum: 0.9, weightDecay: 0.1)
    try steps(2, pair, sgd, rate: 0.1)
    let (state, weights) = (sgd.snapshot(), pair.weights)
    try steps(3, pair, sgd, rate: 0.1)
    let once = pair.weights
    sgd.restore(state)
    pair.weight.withElements(as: Float.self) { $0[0] = weights[0] }
    #expect(sgd.stepCount == 2)
    try steps(3, pair, sgd, rate: 0.1)
    #expect(pair.weights == once)
  }

  @Test func `the lowest point of a bowl is found`() throws {
    let pair = try Pair([3, -1, 0.2], bias: [1])
    try steps(200, pair, SGD(pair.parameters, momentum: 0.9), rate: 0.02)
    #expect((pair.weights + pair.biases).allSatisfy { abs($0) < 1e-3 })
  }
}
