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
    ].flatMap(\.self) + placing

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "a tensor or a number")

  // MARK: - Places in order

  private static let right = Parameter(
    "right", .boolean, default: "false", isOptionOnly: true,
    help: "whether the place is behind elements that are equal")
  private static let sorted = Parameter(
    "sorted", .value("Tensor"), example: "tensor([1., 3.])", help: "numbers in ascending order")

  /// Where numbers would have to stand among sorted ones.
  private static let placing: [Builtin] = [
    .function(
      "searchsorted", "where numbers would stand among sorted ones",
      [sorted, Parameter("values", .value("Tensor"), example: "2.", help: "the numbers"), right],
      "searchsorted(tensor([1., 3.]), tensor([2.]))"
    ) { call in try places(of: "values", among: "sorted", call) },
    .function(
      "bucketize", "between which of some sorted bounds numbers lie",
      [
        .x,
        Parameter("boundaries", .value("Tensor"), example: "tensor([1., 3.])", help: "the bounds"),
        right,
      ], "bucketize(tensor([2.]), tensor([1., 3.]))"
    ) { call in try places(of: "x", among: "boundaries", call) },
  ]

  private static func places(
    of values: String, among sorted: String, _ call: Call
  ) throws -> Value {
    let (bounds, wanted) = (try call.tensor(sorted).doubles(), try call.tensor(values))
    let isBehind = try call.arguments.bool("right")
    let places = wanted.doubles().map {
      Int64(NumpyArranging.place(of: $0, in: bounds, isBehind: isBehind))
    }
    return .tensor(try Tensor(places, shape: wanted.shape))
  }

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
