package import CollabInterpreter
import CollabLanguage
import CollabRandomness
import CollabTensors

/// Methods that change the elements of a tensor, under PyTorch's names: they end in `_`.
package enum InPlaceMethods {
  package static let all: [Builtin] =
    [
      .method(
        "normal_", "replace the elements by normal numbers",
        [
          Parameter("mean", .number(), default: "0", help: "their mean"),
          Parameter("std", .number(.notNegative), default: "1", help: "their standard deviation"),
        ], "zeros(3).normal_(0, 0.01)"
      ) { call in
        let tensor = try call.changeable()
        return .tensor(
          try tensor.fillNormal(
            mean: call.arguments.double("mean"), std: call.arguments.double("std"),
            using: &call.scope.streams.torch))
      },
      .method(
        "uniform_", "replace the elements by numbers between two ends",
        [
          Parameter("low", .number(), default: "0", help: "the lower end"),
          Parameter("high", .number(), default: "1", help: "the upper end"),
        ], "zeros(3).uniform_(-1, 1)"
      ) { call in
        let tensor = try call.changeable()
        let (low, high) = (try call.arguments.double("low"), try call.arguments.double("high"))
        guard low <= high, Float(high) - Float(low) < .infinity else {
          throw TensorError.unexpectedNumber(low, expected: "a lower end below the upper one")
        }
        return .tensor(
          tensor.fillUniform(from: low, to: high, using: &call.scope.streams.torch))
      },
      changing("zero_", "replace the elements by zeros", [], "") { tensor, _ in
        try .filled(tensor.shape, with: 0, tensor.dtype)
      },
      changing(
        "fill_", "replace the elements by one number",
        [Parameter("value", .number(), example: "3", help: "the number")], "3"
      ) { tensor, call in
        try .filled(tensor.shape, withElementOf: call.tensor("value"), tensor.dtype)
      },
      changing("copy_", "replace the elements by those of another tensor", [other], "ones(3)") {
        tensor, call in
        try call.tensor("other").expanded(to: tensor.shape)
      },
      operation("add_", "add to the elements", .add),
      operation("sub_", "subtract from the elements", .subtract),
      operation("mul_", "multiply the elements", .multiply),
      operation("div_", "divide the elements", .divide),
    ] + changingAsTransformed

  /// What transformations give, put in place of the elements: `x.clamp_(0, 1)`.
  private static let changingAsTransformed: [Builtin] = {
    let names = [
      "clamp", "abs", "neg", "exp", "log", "sqrt", "square", "sigmoid", "relu", "tanh", "floor",
      "ceil", "round", "trunc", "pow", "reciprocal", "remainder", "masked_fill", "scatter",
      "index_fill", "lerp", "tril", "triu",
    ]
    let methods =
      (TensorFunctions.all + ElementFunctions.all + SelectionFunctions.all + TensorMethods.all
      + PairFunctions.all + ScatteringFunctions.all).filter {
        $0.spec.form == .method(of: "Tensor")
      }
    let byName = Dictionary(
      methods.map { ($0.spec.name, $0) }, uniquingKeysWith: { first, _ in first })
    return names.compactMap { name in
      byName[name].map { method in
        let example = method.spec.examples.first?.code ?? ""
        return Builtin.method(
          "\(name)_", aliases: method.spec.aliases.map { "\($0)_" },
          "\(method.spec.summary), in place", method.spec.parameters,
          example.replacing(".\(name)(", with: ".\(name)_(")
        ) { call in
          let tensor = try call.changeable(to: nil)
          let result = try GradientMode.withoutRecording {
            try method.run(call)
          }
          guard case .tensor(let changed) = result else { return .tensor(tensor) }
          try tensor.replaceElements(by: changed.converted(to: tensor.dtype))
          return .tensor(tensor)
        }
      }
    }
  }()

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "a tensor or a number")

  private static func operation(
    _ name: String, _ summary: String, _ kind: Operator.Kind
  ) -> Builtin {
    changing(name, summary, [other], "2.") { tensor, call in
      let value = call.arguments.value("other") ?? .none
      guard case .tensor(let result) = try Arithmetic.apply(kind, .tensor(tensor), value) else {
        return tensor
      }
      return result
    }
  }

  private static func changing(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ arguments: String,
    _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> Builtin {
    .method(name, summary, parameters, "zeros(3).\(name)(\(arguments))") { call in
      let tensor = try call.changeable(to: nil)
      if let other = call.arguments.value("other"), case .tensor(let other) = other,
        other.requiresGradient, !tensor.requiresGradient
      {
        throw Problem.unrecordedChange(name)
      }
      let result = try GradientMode.withoutRecording { try apply(tensor, call) }
      guard result.shape == tensor.shape else {
        throw Problem.growing("this tensor", tensor.shape, result.shape)
      }
      try tensor.replaceElements(by: result.converted(to: tensor.dtype))
      return .tensor(tensor)
    }
  }
}

extension Call {
  /// The tensor before the dot, whose elements may be replaced; they must be of the type, if any.
  fileprivate func changeable(to dtype: DType? = .float32) throws -> Tensor {
    let tensor = try operand().tensor
    guard dtype == nil || tensor.dtype == dtype, tensor.isLeaf else {
      throw TensorError.unexpectedType(tensor.dtype, expected: "a float32 tensor of its own")
    }
    return tensor
  }
}
