package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// What is calculated element by element with two tensors, under PyTorch's names.
package enum PairFunctions {
  package static let all: [Builtin] =
    [
      pair("maximum", "the larger of two elements") { try .maximum($0, $1) },
      pair("minimum", "the smaller of two elements") { try .minimum($0, $1) },
    ].flatMap(\.self)
    + [
      operation("add", "the sum", .add), operation("sub", "the difference", .subtract),
      operation("mul", "the product", .multiply), operation("div", "the quotient", .divide),
      operation("eq", "whether elements are equal", .equal),
      operation("ne", "whether elements differ", .notEqual),
      operation("gt", "whether elements are larger", .greater),
      operation("ge", "whether elements are not smaller", .greaterOrEqual),
      operation("lt", "whether elements are smaller", .less),
      operation("le", "whether elements are not larger", .lessOrEqual),
    ].flatMap(\.self)
    + [
      logical("logical_and", "whether both are true") { x, y throws(TensorError) in try x.and(y) },
      logical("logical_or", "whether one is true") { x, y throws(TensorError) in try x.or(y) },
    ].flatMap(\.self)

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "a tensor or a number")

  private static func pair(
    _ name: String, _ summary: String,
    _ apply: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> [Builtin] {
    Builtin.both(name, "\(summary), broadcasting", [other], "tensor([2., 2.])") { call in
      let x = try call.operand()
      return x.wrap(try apply(x.tensor, call.tensor("other")))
    }
  }

  private static func operation(
    _ name: String, _ summary: String, _ kind: Operator.Kind
  ) -> [Builtin] {
    Builtin.both(name, "\(summary), as `\(kind.rawValue)`", [other], "2.") { call in
      let x = try call.operand()
      let value: Value = x.isArray ? .array(x.tensor) : .tensor(x.tensor)
      return try Arithmetic.apply(kind, value, call.arguments.value("other") ?? .none)
    }
  }

  private static func logical(
    _ name: String, _ summary: String,
    _ apply: @escaping @Sendable (Tensor, Tensor) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    Builtin.both(name, summary, [other], "tensor([1, 0])") { call in
      let x = try call.operand()
      return x.wrap(
        try apply(x.tensor.converted(to: .bool), call.tensor("other").converted(to: .bool)))
    }
  }
}
