import CollabLearning
import CollabRandomness
import CollabTensors
import TestSupport
import Testing

/// A layer and what it is given; the gradients of its parameters and of its input are checked.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let inputShape: [Int]
  /// Whether the layer behaves as while training.
  let isTraining: Bool
  let make: @Sendable (RandomStreams) throws -> any Module

  var testDescription: String { name }

  init(
    _ name: String, _ inputShape: [Int], training isTraining: Bool = true,
    make: @escaping @Sendable (RandomStreams) throws -> any Module
  ) {
    (self.name, self.inputShape, self.isTraining) = (name, inputShape, isTraining)
    self.make = make
  }

  static let all: [LayerCase] = [
    .init("linear", [4, 3]) { try Linear(3, 5, using: &$0.torch) },
    .init("linear, without bias", [4, 3]) { try Linear(3, 5, bias: false, using: &$0.torch) },
    .init("linear, of a vector", [3]) { try Linear(3, 5, using: &$0.torch) },
    .init("linear, of three dimensions", [2, 4, 3]) { try Linear(3, 2, using: &$0.torch) },
    .init("sigmoid range", [3, 2]) { _ in SigmoidRange(.stars) },
    .init("a falling range", [3, 2]) { _ in SigmoidRange(RatingRange(2, -3)) },
    .init("sigmoid", [5]) { _ in Sigmoid() },
    .init("hyperbolic tangent", [5]) { _ in Tanh() },
    .init("rectified", [5]) { _ in ReLU() },
    .init("dropout of nothing", [3, 4]) { Dropout(0, using: $0) },
    .init("dropout while predicting", [3, 4], training: false) { Dropout(0.5, using: $0) },
    .init("batch normalisation, training", [6, 3]) { _ in try BatchNorm1d(3) },
    .init("batch normalisation, predicting", [6, 3], training: false) { _ in try BatchNorm1d(3) },
    .init("batch normalisation, wide", [5, 19]) { _ in try BatchNorm1d(19, bias: 1e-3) },
    .init("batch normalisation, one column", [7, 1]) { _ in try BatchNorm1d(1) },
    .init("batch normalisation of two rows", [2, 9]) { _ in try BatchNorm1d(9) },
    .init("a hidden layer as fastai has it", [6, 4]) {
      Sequential(
        [
          try Linear(4, 3, bias: false, using: &$0.torch), ReLU(inPlace: true),
          try BatchNorm1d(3, bias: 1e-3),
        ], typeName: "LinBnDrop")
    },
    .init("a network", [5, 4]) {
      Sequential([
        try Linear(4, 6, using: &$0.torch), Tanh(), try BatchNorm1d(6),
        try Linear(6, 1, using: &$0.torch), SigmoidRange(.stars),
      ])
    },
  ]
}

struct LayerGradientTests {
  /// Central differences in float32 are good to about the square root of its precision.
  static let step: Float = 1e-2
  static let tolerance: Float = 1.5e-2

  /// A weighted sum, so that no element's gradient is like another's.
  private static func weighted(_ result: Tensor) throws -> Tensor {
    var weights = TorchGenerator(seed: 5)
    return try (result * Tensor(weights.normal(count: result.count), shape: result.shape)).sum()
  }

  /// Compares the gradients of some tensors with differences of a loss.
  private static func check(
    _ tensors: [(name: String, tensor: Tensor)], _ loss: () throws -> Tensor
  ) throws {
    try loss().backward()
    for (name, tensor) in tensors {
      let gradient = try #require(tensor.gradient).scalars(as: Float.self)
      let values = tensor.scalars(as: Float.self)
      func moved(_ element: Int, by distance: Float) throws -> Double {
        tensor.withElements(as: Float.self) { $0[element] = values[element] + distance }
        defer { tensor.withElements(as: Float.self) { $0[element] = values[element] } }
        return try GradientMode.withoutRecording { try loss().item() }
      }
      for i in values.indices {
        let slope =
          try Float(moved(i, by: step) - moved(i, by: -step)) / (2 * step)
        #expect(
          abs(slope - gradient[i]) <= tolerance * max(1, abs(slope)),
          "\(name), element \(i): \(gradient[i]) instead of \(slope)")
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func `gradients of layers agree with finite differences`(_ layer: LayerCase) throws {
    let module = try layer.make(RandomStreams(seed: 4))
    var random = TorchGenerator(seed: 3)
    // Away from what layers begin with: scales of 1, shifts and averages of 0.
    for part in module.state where part.tensor.dtype == .float32 {
      let isVariance = part.name.hasSuffix("running_var")
      let values = random.uniform(count: part.tensor.count).map { isVariance ? $0 + 0.5 : $0 - 0.3 }
      part.tensor.withElements(as: Float.self) { _ = $0.update(from: values) }
    }
    module.train(layer.isTraining)
    let count = layer.inputShape.reduce(1, *)
    let input = try Tensor(random.normal(count: count), shape: layer.inputShape)
      .requiringGradient()
    let tensors = [("input", input)] + module.parameters.map { ($0.name, $0.tensor) }
    try Self.check(tensors) { try Self.weighted(module.forward(input)) }
  }

  @Test(arguments: [1, 3, 16, 17], [[4, 1, 4, 0], [2], [3, 3, 3]] as [[Int64]])
  func `gradients of embeddings agree with finite differences`(
    width: Int, rows: [Int64]
  ) throws {
    let embedding = try RandomStreams(seed: 6).drawing { try Embedding(5, width, using: &$0) }
    try Self.check([("weight", embedding.weight)]) {
      let rows = try embedding.forward(Tensor(rows))
      return try Self.weighted(rows * rows + rows)
    }
  }

  @Test(arguments: ["mse", "l1"], [[1], [7], [7, 1], [33, 1]])
  func `gradients of losses agree with finite differences`(name: String, shape: [Int]) throws {
    let loss: Loss = name == "mse" ? .meanSquaredError : .meanAbsoluteError
    let count = shape.reduce(1, *)
    var random = TorchGenerator(seed: 9)
    let predictions = try Tensor(random.normal(count: count), shape: shape).requiringGradient()
    // No error is so near to 0 that a step crosses it.
    let targets = try Tensor(
      predictions.scalars(as: Float.self).enumerated().map {
        $0.element + ($0.offset % 2 == 0 ? 0.5 : -0.75)
      }, shape: [count, 1])
    // Scaled, since a mean of many hardly changes with one of them.
    try Self.check([("predictions", predictions)]) {
      try loss(predictions, targets) * (Double(count) / 2)
    }
  }

  @Test(arguments: ["mse", "l1"])
  func `losses go through layers to every parameter`(name: String) throws {
    let loss: Loss = name == "mse" ? .meanSquaredError : .meanAbsoluteError
    let streams = RandomStreams(seed: 2)
    let users = try streams.drawing { try Embedding(4, 3, initialization: .torch, using: &$0) }
    let items = try streams.drawing { try Embedding(5, 2, initialization: .torch, using: &$0) }
    let layers = try streams.drawing {
      Sequential([
        try Linear(5, 4, using: &$0), Sigmoid(), try BatchNorm1d(4, bias: 0.5),
        try Linear(4, 1, using: &$0), SigmoidRange(.stars),
      ])
    }
    let (user, item) = (
      try Tensor([0, 3, 3, 1, 0, 2] as [Int64]), try Tensor([4, 4, 1, 0, 2, 2] as [Int64])
    )
    let targets = try Tensor([5, 0, 5, 0, 5, 0] as [Float], shape: [6, 1])
    let parameters =
      [("users", users.weight), ("items", items.weight)]
      + layers.parameters.map { ($0.name, $0.tensor) }
    try Self.check(parameters) {
      try loss(layers.forward(users.forward(user).beside(items.forward(item))), targets)
    }
  }

  @Test func `a gradient of a batch's own statistics is at right angles to shift and scale`() throws
  {
    // Neither moving a column nor stretching it changes what training normalises.
    let layer = try BatchNorm1d(3)
    var random = TorchGenerator(seed: 12)
    let values = random.normal(count: 24)
    let input = try Tensor(values, shape: [8, 3]).requiringGradient()
    try Self.weighted(layer.forward(input)).backward()
    let gradient = try #require(input.gradient).scalars(as: Float.self)
    for column in 0..<3 {
      let rows = stride(from: column, to: 24, by: 3)
      let mean = rows.reduce(Float(0)) { $0 + values[$1] } / 8
      #expect(abs(rows.reduce(Float(0)) { $0 + gradient[$1] }) < 1e-5)
      #expect(abs(rows.reduce(Float(0)) { $0 + gradient[$1] * (values[$1] - mean) }) < 1e-4)
    }
  }
}

extension RandomStreams {
  /// What is made with draws of PyTorch's generator.
  fileprivate func drawing<Made>(_ make: (inout TorchGenerator) throws -> Made) rethrows -> Made {
    try make(&torch)
  }
}
