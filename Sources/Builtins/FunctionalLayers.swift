package import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTensors

/// What layers do, as functions without parameters of their own: PyTorch's `nn.functional`.
package enum FunctionalLayers {
  package static let all: [Builtin] =
    [
      .function(
        "linear", "an affine map: x @ weight.t() + bias",
        [
          .x,
          Parameter("weight", .value("Tensor"), example: "w", help: "[outputs, inputs]"),
          Parameter("bias", .value("Tensor"), .optional, example: "b", help: "[outputs]"),
        ], "linear(ones(4, 2), ones(3, 2))"
      ) { call in
        let x = try call.operand().tensor
        let weight = try call.tensor("weight")
        let product = try x.multiplied(by: weight.transposed())
        return .tensor(
          call.arguments.isGiven("bias") ? try product + call.tensor("bias") : product)
      },
      .function(
        "embedding", "the rows of a table at some indices",
        [
          Parameter("x", .value("Tensor"), example: "tensor([0, 2])", help: "indices"),
          Parameter("weight", .value("Tensor"), example: "w", help: "the table"),
        ], "embedding(tensor([0, 2]), ones(3, 2))"
      ) { call in
        .tensor(
          try call.tensor("weight").rows(at: call.tensor("x")).named("EmbeddingBackward0"))
      },
    ]
    + Builtin.both(
      "normalize", "each line of a dimension divided by its length", [.oneDim("1")], "dim=1"
    ) { call in
      let x = try call.operand()
      let length = try x.tensor.norm(over: [call.arguments.int("dim")], keepingDimensions: true)
      let least = try Tensor.operand(1e-12, for: x.tensor)
      return x.wrap(try x.tensor / length.clamped(from: least))
    }
    + [
      .function(
        "dropout", "the elements, a random share of them set to 0 and the others scaled up",
        [
          .x, Parameter("p", .number(.between(0, 0.999)), default: "0.5", help: "the share"),
          Parameter(
            "training", .boolean, default: "true", help: "false to leave all as they are"),
        ],
        "dropout(ones(4), 0.5)"
      ) { call in
        guard try call.arguments.bool("training") else { return .tensor(try call.tensor("x")) }
        let layer = Dropout(try call.arguments.double("p"), using: call.scope.streams)
        return .tensor(try layer.forward(call.operand().tensor))
      }
    ]
}
