package import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTensors

/// Layers of PyTorch that no recommender here is made of: what `class` puts together may use them.
package enum FurtherLayers {
  package static let all: [Builtin] = layers + functions

  private static let shape = Parameter(
    "normalized_shape", .value("Int"), example: "4", help: "the sizes of the last dimensions")

  // MARK: - Layers

  private static func layer(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ example: String,
    _ make: @escaping @Sendable (Call) throws -> any Module
  ) -> Builtin {
    .function(name, "make a layer that \(summary)", parameters, example, result: name) { call in
      .module(try make(call))
    }
  }

  private static let slope = Parameter(
    "negative_slope", .number(), default: "0.01", help: "what elements below 0 are multiplied by")

  private static let layers: [Builtin] = [
    layer(
      "ModuleList", "holds others, which a class calls one by one",
      [Parameter("layers", .value("List"), example: "[Linear(2, 1)]", help: "the others")],
      "ModuleList([Linear(4, 2), ReLU()])"
    ) { call in
      let layers = try call.blaming("layers") {
        try (call.arguments.value("layers") ?? .none).members().map { layer in
          guard case .module(let module) = layer else {
            throw Problem.wrongKind("`ModuleList`", expected: "layers", got: layer.phrase)
          }
          return module
        }
      }
      let list = Sequential(layers, typeName: "ModuleList")
      try Value.module(list).requireFinite()
      return list
    },
    layer("Identity", "gives what it gets", "Identity()") { _ in
      PlainLayer("Identity") { $0 }
    },
    layer("Softmax", "gives shares that add up to 1", [.oneDim("-1")], "Softmax(dim=1)") { call in
      let dimension = try call.arguments.int("dim")
      return PlainLayer("Softmax", "dim=\(dimension)") { try $0.softmax(along: dimension) }
    },
    layer("LogSoftmax", "gives logarithms of shares", [.oneDim("-1")], "LogSoftmax(dim=1)") {
      call in
      let dimension = try call.arguments.int("dim")
      return PlainLayer("LogSoftmax", "dim=\(dimension)") { try $0.logSoftmax(along: dimension) }
    },
    layer("LeakyReLU", "lets a little of what is below 0 through", [slope], "LeakyReLU(0.1)") {
      call in
      let slope = try call.arguments.double("negative_slope")
      let text = Value.double(slope).text
      return PlainLayer("LeakyReLU", "negative_slope=\(text)") { try $0.leaky(slope) }
    },
    layer("GELU", "gives each element times how likely a smaller one is", "GELU()") { _ in
      PlainLayer("GELU", "approximate='none'") { try $0.gaussianUnit() }
    },
    layer("SiLU", "gives each element times its sigmoid", "SiLU()") { _ in
      PlainLayer("SiLU") { try $0 * $0.sigmoid() }
    },
    layer("Softplus", "gives log(1 + exp(x)) of each element", "Softplus()") { _ in
      PlainLayer("Softplus", "beta=1.0, threshold=20.0") { try $0.softplus() }
    },
    layer(
      "Flatten", "puts dimensions together, all but the first",
      [
        Parameter("start_dim", .integer(), default: "1", help: "the first of them"),
        Parameter("end_dim", .integer(), default: "-1", help: "the last of them"),
      ], "Flatten()"
    ) { call in
      let (first, last) = (
        try call.arguments.int("start_dim"), try call.arguments.int("end_dim")
      )
      return PlainLayer("Flatten", "start_dim=\(first), end_dim=\(last)") {
        try $0.flattened(from: first, through: last)
      }
    },
    layer(
      "LayerNorm", "normalises each line",
      [
        shape, Parameter("eps", .number(.positive), default: "1e-5", help: "added to the variance"),
      ], "LayerNorm(4)"
    ) { call in
      try LayerNorm(call.sizes("normalized_shape"), epsilon: call.arguments.double("eps"))
    },
  ]

  private static func layer(
    _ name: String, _ summary: String, _ example: String,
    _ make: @escaping @Sendable (Call) throws -> any Module
  ) -> Builtin { layer(name, summary, [], example, make) }

  // MARK: - The same as functions

  private static func function(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ arguments: String,
    _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> Builtin {
    .method(of: "F", name, summary, [.x] + parameters, "F.\(name)(\(arguments))") { call in
      .tensor(try apply(call.tensor("x"), call))
    }
  }

  private static let functions: [Builtin] = [
    function("leaky_relu", "a little of what is below 0", [slope], "tensor([-1., 2.]), 0.1") {
      x, call in try x.leaky(call.arguments.double("negative_slope"))
    },
    function(
      "elu", "e to the power of what is below 0, less 1",
      [Parameter("alpha", .number(), default: "1", help: "what that is times")], "tensor([-1.])"
    ) { x, call in
      let below = try x.expMinusOne() * call.arguments.double("alpha")
      return try .where(x.compared(.greater, to: .zeros([], x.dtype)), x, below)
    },
    function("gelu", "each element times how likely a smaller one is", "tensor([1.])") { x, _ in
      try x.gaussianUnit()
    },
    function("silu", "each element times its sigmoid", "tensor([1.])") { x, _ in
      try x * x.sigmoid()
    },
    function("layer_norm", "the lines of the last dimensions, normalised", [shape], "ones(2, 4), 4")
    { x, call in
      try x.normalized(over: call.sizes("normalized_shape"), epsilon: 1e-5)
        .named("NativeLayerNormBackward0")
    },
    function(
      "pairwise_distance", "the length of the difference of each two lines",
      [
        Parameter("x2", .value("Tensor"), example: "b", help: "the other lines"),
        Parameter("p", .number(.positive), default: "2", help: "the power"),
        Parameter("eps", .number(), default: "1e-6", help: "added to the difference"),
        .keepdim,
      ], "zeros(1, 2), tensor([[3., 4.]])"
    ) { x, call in
      let gaps = try x - call.tensor("x2") + call.arguments.double("eps")
      return try gaps.norm(
        call.arguments.double("p"), over: [-1],
        keepingDimensions: call.arguments.bool("keepdim"))
    },
    function(
      "pad", "the elements with others around them",
      [
        Parameter(
          "pad", .value("Tuple"), example: "(1, 1)",
          help: "how many before and behind, the last dimension first"),
        Parameter(
          "mode", .choice([Choice("constant")]), default: "constant", help: "which others"),
        Parameter("value", .number(), default: "0", help: "the others"),
      ], "tensor([1, 2]), (1, 1)"
    ) { x, call in
      let sizes = try call.sizes("pad")
      guard sizes.count % 2 == 0, sizes.count / 2 <= x.shape.count, sizes.allSatisfy({ $0 >= 0 })
      else {
        throw TensorError.unexpectedShape(sizes, expected: "two sizes for some dimensions")
      }
      let value = try Tensor(scalar: call.arguments.double("value")).converted(to: x.dtype)
      var result = x
      for pair in 0..<(sizes.count / 2) {
        let dimension = x.shape.count - 1 - pair
        let parts = try [sizes[2 * pair], sizes[2 * pair + 1]].map { count in
          var shape = result.shape
          shape[dimension] = count
          return try Tensor.filled(shape, withElementOf: value, x.dtype)
        }
        result = try .concatenated([parts[0], result, parts[1]], along: dimension)
      }
      return result
    },
  ]

  private static func function(
    _ name: String, _ summary: String, _ arguments: String,
    _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> Builtin { function(name, summary, [], arguments, apply) }
}

/// A layer that has nothing to learn.
private final class PlainLayer: Module {
  let typeName: String
  let settings: String
  private let apply: (Tensor) throws -> Tensor

  init(_ name: String, _ settings: String = "", _ apply: @escaping (Tensor) throws -> Tensor) {
    (typeName, self.settings, self.apply) = (name, settings, apply)
  }

  var members: [Member] { [] }

  func forward(_ input: Tensor) throws -> Tensor { try apply(input) }
}

/// Normalises each line over its last dimensions, and learns a weight and a bias for each element.
///
/// Source: Ba, Kiros and Hinton, "Layer Normalization" (2016); `torch.nn.LayerNorm`.
private final class LayerNorm: Module {
  private let sizes: [Int]
  private let epsilon: Double
  private let weight: Tensor
  private let bias: Tensor

  init(_ sizes: [Int], epsilon: Double) throws {
    (self.sizes, self.epsilon) = (sizes, epsilon)
    weight = try Tensor.ones(sizes).asParameter()
    bias = try Tensor.zeros(sizes).asParameter()
  }

  var typeName: String { "LayerNorm" }
  var settings: String {
    let shape = sizes.map(String.init).joined(separator: ", ") + (sizes.count == 1 ? "," : "")
    return "(\(shape)), eps=\(Value.double(epsilon).text), elementwise_affine=True, bias=True"
  }

  var members: [Member] { [.parameter("weight", weight), .parameter("bias", bias)] }
  var isNormalization: Bool { true }

  func forward(_ input: Tensor) throws -> Tensor {
    try (input.normalized(over: sizes, epsilon: epsilon) * weight + bias)
      .named("NativeLayerNormBackward0")
  }
}

extension Tensor {
  /// The elements less the mean of their line, over its deviation.
  fileprivate func normalized(over sizes: [Int], epsilon: Double) throws -> Tensor {
    guard shape.suffix(sizes.count) == sizes[...] else {
      throw TensorError.unexpectedShape(shape, expected: "last sizes \(sizes)")
    }
    let last = sizes.indices.map { -1 - $0 }
    let gaps = try self - mean(over: last, keepingDimensions: true)
    let variance = try (gaps * gaps).mean(over: last, keepingDimensions: true)
    return try gaps / (variance + epsilon).squareRoot()
  }

  /// The elements, those below 0 times a slope.
  fileprivate func leaky(_ slope: Double) throws -> Tensor {
    try .where(compared(.greater, to: .zeros([], dtype)), self, self * slope)
  }

  /// Each element times how likely a standard normal number is smaller.
  fileprivate func gaussianUnit() throws -> Tensor {
    try self * ((self / 2.0.squareRoot()).errorFunction() + 1) * 0.5
  }
}
