package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// Less common functions of each element of a tensor, under PyTorch's names.
package enum ElementFunctions {
  package static let all: [Builtin] =
    [
      Builtin.elementwise("tan", "the tangent of each element") { x throws(TensorError) in
        try x.tan()
      },
      Builtin.elementwise("asin", aliases: ["arcsin"], "the angle whose sine each element is") {
        x throws(TensorError) in try x.arcsine()
      },
      Builtin.elementwise("acos", aliases: ["arccos"], "the angle whose cosine each element is") {
        x throws(TensorError) in try x.arccosine()
      },
      Builtin.elementwise("atan", aliases: ["arctan"], "the angle whose tangent each element is") {
        x throws(TensorError) in try x.arctangent()
      },
      Builtin.elementwise("sinh", "the hyperbolic sine of each element") {
        x throws(TensorError) in try x.sinh()
      },
      Builtin.elementwise("cosh", "the hyperbolic cosine of each element") {
        x throws(TensorError) in try x.cosh()
      },
      Builtin.elementwise("exp2", "2 to the power of each element") { x throws(TensorError) in
        try Tensor(scalar: Float(2)).power(x)
      },
      Builtin.elementwise("deg2rad", aliases: ["radians"], "angles in degrees as their arcs") {
        x throws(TensorError) in try x * (Double.pi / 180)
      },
      Builtin.elementwise("rad2deg", aliases: ["degrees"], "arcs as angles in degrees") {
        x throws(TensorError) in try x * (180 / Double.pi)
      },
      Builtin.elementwise("expm1", "e to the power of each element, less 1") {
        x throws(TensorError) in try x.expMinusOne()
      },
      Builtin.elementwise("erf", "the error function of each element") {
        x throws(TensorError) in try x.errorFunction()
      },
      Builtin.elementwise("reciprocal", "1 over each element") { x throws(TensorError) in
        try x.reciprocal()
      },
      Builtin.elementwise("rsqrt", "1 over the square root of each element") {
        x throws(TensorError) in try x.reciprocalRoot()
      },
      Builtin.elementwise("softplus", "log(1 + exp(x)) of each element, a smooth relu") {
        x throws(TensorError) in try x.softplus()
      },
      Builtin.elementwise("logit", "log(x / (1 - x)) of each element, which undoes sigmoid") {
        x throws(TensorError) in
        try (x / (x * -1 + 1)).log().named("LogitBackward0")
      },
      test("signbit", "whether elements have a minus") { $0.sign == .minus },
      Builtin.rounding("trunc", aliases: ["fix"], "each element without its fraction") {
        x throws(TensorError) in
        try x.truncated()
      },
      Builtin.transformation("frac", "the fraction of each element") { x, _ in
        try x - x.truncated()
      },
      test("isinf", "whether elements are infinite") { $0.isInfinite },
      test("isfinite", "whether elements are finite numbers") { $0.isFinite },
      Builtin.transformation(
        "nan_to_num", "the elements, with others in place of NaN and infinities",
        [
          Parameter("nan", .number(), default: "0", help: "in place of NaN"),
          Parameter("posinf", .number(), .optional, example: "1e6", help: "in place of ∞"),
          Parameter("neginf", .number(), .optional, example: "-1e6", help: "in place of −∞"),
        ], "nan=1."
      ) { x, call in
        try x.withoutInfinities(
          nan: call.arguments.double("nan"), positive: call.arguments.optionalDouble("posinf"),
          negative: call.arguments.optionalDouble("neginf"))
      },
      operation("floor_divide", "the whole quotient", .floorDivide),
      operation("remainder", "what a division leaves", .remainder),
      operation("bitwise_and", "bits that both have", .bitAnd),
      operation("bitwise_or", "bits that one has", .bitOr),
    ].flatMap(\.self)

  private static func test(
    _ name: String, _ summary: String, _ holds: @escaping @Sendable (Double) -> Bool
  ) -> [Builtin] {
    Builtin.both(name, summary) { call in
      let x = try call.numericOperand()
      return x.wrap(try x.tensor.elementsSatisfying(holds))
    }
  }

  private static func operation(
    _ name: String, _ summary: String, _ kind: Operator.Kind
  ) -> [Builtin] {
    let other = Parameter("other", .value("Tensor"), example: "t", help: "a tensor or a number")
    return [
      .function(
        name, "\(summary), as `\(kind.rawValue)`", [.x, other], "\(name)(tensor([5, 6]), 2)"
      ) { call in
        try Arithmetic.apply(
          kind, call.arguments.value("x") ?? .none, call.arguments.value("other") ?? .none)
      },
      .method(name, "\(summary), as `\(kind.rawValue)`", [other], "tensor([5, 6]).\(name)(2)") {
        call in
        try Arithmetic.apply(kind, call.receiver, call.arguments.value("other") ?? .none)
      },
    ]
  }
}
