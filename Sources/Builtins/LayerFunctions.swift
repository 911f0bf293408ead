package import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabRandomness
import CollabTensors

/// Functions that make parameters and layers.
package enum LayerFunctions {
  private static let rows = [
    Parameter("n", .integer(1...100_000_000), example: "944", help: "the number of rows"),
    Parameter("k", .integer(1...1_000_000), example: "50", help: "numbers in a row"),
  ]

  private static func initialization(_ usual: String) -> Parameter {
    Parameter(
      "init",
      .choice([
        Choice("fastai", "small: normal numbers times 0.01"),
        Choice("torch", "PyTorch's own: standard normal numbers"),
      ]), default: usual, isOptionOnly: true, help: "how the numbers are drawn")
  }

  private static func embedding(_ call: Call) throws -> Value {
    let isTorch = try call.arguments.string("init") == "torch"
    return .module(
      try Embedding(
        call.arguments.int("n"), call.arguments.int("k"),
        initialization: isTorch ? .torch : .fastai(std: 0.01),
        using: &call.scope.streams.torch))
  }

  package static let all: [Builtin] =
    [
      .function(
        "Parameter", "declare a tensor as a parameter, which an optimiser trains",
        [Parameter("data", .value("Tensor"), example: "zeros(3)", help: "a tensor of floats")],
        "Parameter(ones(3))", result: "Parameter"
      ) { call in
        let tensor = try call.tensor("data")
        return .tensor(try tensor.detached().asParameter())
      },
      .function(
        "Embedding", "make a table that gives each index a row of trainable numbers",
        rows + [initialization("fastai")], "Embedding(10, 3)", result: "Embedding",
        details: """
          fastai draws small numbers, so that the first predictions lie in the middle of the \
          range; PyTorch's own are a hundred times as large, and the model starts far off.
          """, run: embedding),
      .method(
        of: "nn", "Embedding", "make a table of rows that PyTorch fills: standard normal numbers",
        rows + [initialization("torch")], "nn.Embedding(10, 3)", result: "Embedding",
        run: embedding),
      .function(
        "Linear", "make an affine map: x @ weight.t() + bias",
        [
          Parameter("inputs", .integer(1...10_000_000), example: "4", help: "numbers that go in"),
          Parameter(
            "outputs", .integer(1...10_000_000), example: "2", help: "numbers that come out"),
          Parameter("bias", .boolean, default: "true", help: "whether there is a bias"),
        ], "Linear(1, 3, bias=false)", result: "Linear"
      ) { call in
        .module(
          try Linear(
            call.arguments.int("inputs"), call.arguments.int("outputs"),
            bias: call.arguments.bool("bias"), using: &call.scope.streams.torch))
      },
      .function(
        "ReLU", "make a layer that gives the larger of each element and 0", [], "ReLU()",
        result: "ReLU"
      ) {
        _ in .module(ReLU())
      },
      .function(
        "Sigmoid", "make a layer that squeezes each element between 0 and 1", [], "Sigmoid()",
        result: "Sigmoid"
      ) { _ in .module(Sigmoid()) },
      .function(
        "Tanh", "make a layer that squeezes each element between −1 and 1", [], "Tanh()",
        result: "Tanh"
      ) { _ in .module(Tanh()) },
      .function(
        "no_grad", "compute a value without recording how, so that it has no gradient", [.x],
        "no_grad(ones(3).requires_grad_() * 2)",
        details: """
          PyTorch's `with torch.no_grad():` around one formula. A step by hand is \
          `w.data -= 0.1 * w.grad`, then `w.grad = none`.
          """
      ) { call in call.arguments.value("x") ?? .none },
      .function(
        "SigmoidRange", "make a layer that squeezes each element between two ends",
        [
          Parameter("low", .number(), example: "0", help: "the lower end"),
          Parameter("high", .number(), example: "5.5", help: "the upper end"),
        ], "SigmoidRange(0, 5.5)", result: "Module"
      ) { call in
        .module(
          SigmoidRange(
            RatingRange(try call.arguments.double("low"), try call.arguments.double("high"))))
      },
      .function(
        "BatchNorm1d", "make a layer that normalises each column over the batch",
        [Parameter("n", .integer(1...10_000_000), example: "100", help: "the number of columns")],
        "BatchNorm1d(100)", result: "BatchNorm1d"
      ) { call in .module(try BatchNorm1d(call.arguments.int("n"))) },
      .function(
        "Dropout", "make a layer that sets a share of the elements to 0 while training",
        [Parameter("p", .number(.between(0, 0.999)), default: "0.5", help: "the share")],
        "Dropout(0.2)",
        result: "Dropout"
      ) { call in .module(Dropout(try call.arguments.double("p"), using: call.scope.streams)) },
      .function(
        "Sequential", "make a chain of layers",
        [
          Parameter(
            "layers", .value("Module"), .rest(atLeast: 1), example: "Linear(4, 2), ReLU()",
            help: "layers, in order")
        ],
        "Sequential(Linear(4, 2), ReLU())", result: "Sequential"
      ) { call in
        let layers = try call.arguments.all("layers").map { layer in
          guard case .module(let module) = layer else {
            throw Problem.wrongKind("`Sequential`", expected: "layers", got: layer.phrase)
          }
          return module
        }
        let chain = Value.module(Sequential(layers))
        try chain.requireFinite()
        return chain
      },
      .function(
        "CosineSimilarity", "make a function that compares two tensors by the angle between them",
        [.oneDim("1")], "CosineSimilarity(dim=1)(ones(2, 3), ones(1, 3))", result: nil
      ) { call in .object(CosineSimilarity(try call.arguments.int("dim"))) },
    ] + moduleMethods

  private static let moduleMethods: [Builtin] = [
    .method(
      of: "Module", "parameters", "all parameters, in the order of declaration", [],
      "learn.model.parameters()", result: "List"
    ) { call in
      guard case .module(let module) = call.receiver else { return .longList([]) }
      return .longList(module.parameters.map { .tensor($0.tensor) })
    },
    .method(
      of: "Module", "named_parameters", "all parameters with their names", [],
      "learn.model.named_parameters()", result: "List"
    ) { call in
      guard case .module(let module) = call.receiver else { return .longList([]) }
      return .longList(module.parameters.map { .tuple([.string($0.name), .tensor($0.tensor)]) })
    },
    .method(
      of: "Module", "state_dict", "a dict of all parameters and what else belongs to the state", [],
      "Linear(2, 1).state_dict()", result: "dict"
    ) { call in
      guard case .module(let module) = call.receiver else { return .none }
      return .object(try Mapping(module.state.map { (.string($0.name), .tensor($0.tensor)) }))
    },
    .method(
      of: "Module", "eval", "the module, from now on as it predicts", [], "Dropout(0.5).eval()",
      result: "Module"
    ) { call in
      guard case .module(let module) = call.receiver else { return .none }
      module.train(false)
      return call.receiver
    },
    .method(
      of: "Module", "train", "the module, from now on as it trains",
      [Parameter("mode", .boolean, default: "true", help: "false for `eval`")],
      "Dropout(0.5).train()", result: "Module"
    ) { call in
      guard case .module(let module) = call.receiver else { return .none }
      module.train(try call.arguments.bool("mode"))
      return call.receiver
    },
  ]
}

/// `CosineSimilarity(dim=1)`: called with two tensors.
private final class CosineSimilarity: CallableObject {
  private let dimension: Int

  package init(_ dimension: Int) { self.dimension = dimension }

  package var typeName: String { "CosineSimilarity" }
  package var display: String { "CosineSimilarity()" }

  package func call(_ arguments: [Value]) throws -> Value {
    guard arguments.count == 2, case .tensor(let a) = arguments[0],
      case .tensor(let b) = arguments[1]
    else {
      throw Problem.wrongKind(
        "CosineSimilarity", expected: "two tensors", got: arguments.first?.phrase ?? "nothing")
    }
    return .tensor(try Tensor.cosineSimilarity(a, b, along: dimension))
  }
}
