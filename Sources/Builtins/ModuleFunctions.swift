package import CollabInterpreter
import CollabLanguage
import CollabTensors
import Glibc

/// What single modules of Python have: `math`, `np.linalg`, `F`.
package enum ModuleFunctions {
  package static let all = functions + pairs + others + linear + functional

  // MARK: - math

  private static let x = Parameter("x", .number(), example: "2", help: "a number")
  private static let y = Parameter("y", .number(), example: "3", help: "another number")

  private static func math(
    _ name: String, _ summary: String, _ example: String,
    _ function: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    .method(of: "math", name, summary, [x], "math.\(name)(\(example))", result: "Double") { call in
      let number = try call.arguments.double("x")
      let result = function(number)
      guard !result.isNaN else {
        throw Problem.wrongKind(
          "`math.\(name)`", expected: "a number that it is defined for",
          got: (call.arguments.value("x") ?? .none).text)
      }
      return .double(result)
    }
  }

  private static func test(
    _ name: String, _ summary: String, _ holds: @escaping @Sendable (Double) -> Bool
  ) -> Builtin {
    .method(
      of: "math", name, summary,
      [Parameter("x", .value("Double"), example: "2.", help: "a number")],
      "math.\(name)(2.)", result: "Bool"
    ) { call in
      guard let number = call.arguments.value("x")?.number else {
        return try call.arguments.required("x", nil)
      }
      return .bool(holds(number))
    }
  }

  private static func pair(
    _ name: String, _ summary: String, _ function: @escaping @Sendable (Double, Double) -> Double
  ) -> Builtin {
    .method(of: "math", name, summary, [x, y], "math.\(name)(2, 3)", result: "Double") { call in
      .double(function(try call.arguments.double("x"), try call.arguments.double("y")))
    }
  }

  private static let functions: [Builtin] = [
    math("sqrt", "the square root of a number", "2") { $0.squareRoot() },
    math("exp", "e to the power of a number", "2", Glibc.exp),
    math("log2", "the logarithm of a number to base 2", "2", Glibc.log2),
    math("log10", "the logarithm of a number to base 10", "2", Glibc.log10),
    math("log1p", "the natural logarithm of 1 + a number", "2", Glibc.log1p),
    math("sin", "the sine of an angle", "2", Glibc.sin),
    math("cos", "the cosine of an angle", "2", Glibc.cos),
    math("tan", "the tangent of an angle", "2", Glibc.tan),
    math("asin", "the angle with a sine", "0.5", Glibc.asin),
    math("acos", "the angle with a cosine", "0.5", Glibc.acos),
    math("atan", "the angle with a tangent", "2", Glibc.atan),
    math("tanh", "the hyperbolic tangent of a number", "2", Glibc.tanh),
    math("fabs", "a number without its sign", "2") { $0.magnitude },
    math("degrees", "an angle in degrees", "2") { $0 * 180 / .pi },
    math("radians", "an angle in radians", "2") { $0 * .pi / 180 },
  ]

  private static let pairs: [Builtin] = [
    pair("pow", "a number to a power", Glibc.pow),
    pair("hypot", "the length of (x, y)", Glibc.hypot),
    pair("atan2", "the angle of (y, x)", Glibc.atan2),
    pair("fmod", "what a division leaves, with the sign of the first", Glibc.fmod),
  ]

  private static let others: [Builtin] = [
    .method(
      of: "math", "log", "the natural logarithm of a number, or that to a base",
      [x, Parameter("base", .number(.positive), .optional, example: "10", help: "the base")],
      "math.log(8, 2)", result: "Double"
    ) { call in
      let number = try call.arguments.double("x")
      guard number > 0 else {
        throw Problem.wrongKind("`math.log`", expected: "a number above 0", got: "\(number)")
      }
      guard let base = call.arguments.optionalDouble("base") else {
        return .double(Glibc.log(number))
      }
      return .double(Glibc.log(number) / Glibc.log(base))
    },
    .method(
      of: "math", "prod", "the product of numbers",
      [Parameter("x", .value("List"), example: "[2, 3]", help: "numbers")], "math.prod([2, 3])",
      result: nil
    ) { call in
      try (call.arguments.value("x") ?? .none).members().reduce(.int(1)) {
        try Arithmetic.apply(.multiply, $0, $1)
      }
    },
    .method(
      of: "math", "factorial", "the product of all whole numbers up to one",
      [Parameter("x", .integer(0...20), example: "5", help: "a whole number, at most 20")],
      "math.factorial(5)", result: "Int"
    ) { call in
      let number = try call.arguments.int("x")
      return .int(number < 2 ? 1 : (2...number).reduce(1, *))
    },
    test("isnan", "whether a number is none", \.isNaN),
    test("isinf", "whether a number is infinite", \.isInfinite),
    test("isfinite", "whether a number is finite", \.isFinite),
    .method(
      of: "math", "isclose", "whether two numbers are equal but for rounding",
      [
        x, y,
        Parameter("rel_tol", .number(.notNegative), default: "1e-9", help: "relative tolerance"),
        Parameter("abs_tol", .number(.notNegative), default: "0", help: "absolute tolerance"),
      ], "math.isclose(0.1 + 0.2, 0.3)", result: "Bool"
    ) { call in
      let (x, y) = (try call.arguments.double("x"), try call.arguments.double("y"))
      let relative = try call.arguments.double("rel_tol") * max(x.magnitude, y.magnitude)
      let tolerance = max(relative, try call.arguments.double("abs_tol"))
      return .bool(x == y || (x - y).magnitude <= tolerance)
    },
  ]

  // MARK: - Linear algebra and nn.functional

  private static let linear: [Builtin] = [
    .method(
      of: "np.linalg", "norm", "the length of the elements as a vector", [.x, .dim],
      "np.linalg.norm([3, 4])", result: "Double"
    ) { call in
      .fromArray(try call.array("x").converted(to: .float64).norm(over: call.dimensions()))
    }
  ]

  private static let functional: [Builtin] = [
    .method(
      of: "F", "one_hot", "a row of zeros with a one, for each index",
      [
        Parameter("x", .value("Tensor"), example: "tensor([0, 2])", help: "indices"),
        Parameter(
          "num_classes", .integer(), default: "-1",
          help: "the length of a row; what the largest index needs if it is left out"),
      ], "F.one_hot(tensor([0, 2]), 3)"
    ) { call in
      let indices = try call.tensor("x").converted(to: .int64)
      var classes = try call.arguments.int("num_classes")
      if classes < 0 { classes = Int(exactly: try indices.maximum().item() + 1) ?? 0 }
      let rows = try Tensor.identity(classes).converted(to: .int64)
        .rows(at: indices.reshaped(to: [indices.count]))
      return .tensor(try rows.reshaped(to: indices.shape + [classes]))
    }
  ]
}
