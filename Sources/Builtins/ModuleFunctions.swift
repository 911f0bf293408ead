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

  /// A function of two whole numbers, for all of several; nil if the result is too large.
  private static func whole(
    _ name: String, _ summary: String, of example: [Int],
    _ function: @escaping @Sendable (Int, Int) -> Int?
  ) -> Builtin {
    .method(
      of: "math", name, summary,
      [
        Parameter(
          "x", .value("Int"), .rest(atLeast: 0), example: "12, 18", help: "whole numbers")
      ],
      "math.\(name)(\(example.map(String.init).joined(separator: ", ")))", result: "Int"
    ) { call in
      let numbers = try call.sizes("x")
      let first = numbers.first ?? (name == "gcd" ? 0 : 1)
      let result = numbers.dropFirst().reduce(function(first, first)) { result, number in
        result.flatMap { function($0, number) }
      }
      guard let result else { throw Problem.tooLarge("the result") }
      return .int(result)
    }
  }

  /// A number of choices; nil if it is too large.
  private static func chosen(
    _ name: String, _ summary: String, _ example: String,
    _ function: @escaping @Sendable (Int, Int) -> Int?
  ) -> Builtin {
    .method(
      of: "math", name, summary,
      [
        Parameter("n", .integer(0...Int.max), example: "5", help: "how many there are"),
        Parameter(
          "k", .integer(0...Int.max), .optional, example: "2", help: "how many are taken"),
      ], "math.\(name)(\(example))", result: "Int"
    ) { call in
      let n = try call.arguments.int("n")
      guard let result = function(n, call.arguments.optionalInt("k") ?? n) else {
        throw Problem.tooLarge("the result")
      }
      return .int(result)
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
    math("sinh", "the hyperbolic sine of a number", "2", Glibc.sinh),
    math("cosh", "the hyperbolic cosine of a number", "2", Glibc.cosh),
    math("asinh", "the number with a hyperbolic sine", "2", Glibc.asinh),
    math("acosh", "the number with a hyperbolic cosine", "2", Glibc.acosh),
    math("atanh", "the number with a hyperbolic tangent", "0.5", Glibc.atanh),
    math("expm1", "e to the power of a number, less 1", "2", Glibc.expm1),
    math("exp2", "2 to the power of a number", "3", Glibc.exp2),
    math("cbrt", "the third root of a number", "8", Glibc.cbrt),
    math("erf", "the error function", "0.5", Glibc.erf),
    math("erfc", "1 less the error function", "0.5", Glibc.erfc),
    math("gamma", "the factorial of a number less 1", "5", Glibc.tgamma),
    math("lgamma", "the logarithm of `math.gamma`", "5") { Glibc.lgamma($0) },
    math("fabs", "a number without its sign", "2") { $0.magnitude },
    math("degrees", "an angle in degrees", "2") { $0 * 180 / .pi },
    math("radians", "an angle in radians", "2") { $0 * .pi / 180 },
  ]

  private static let pairs: [Builtin] = [
    pair("pow", "a number to a power", Glibc.pow),
    pair("hypot", "the length of (x, y)", Glibc.hypot),
    pair("atan2", "the angle of (y, x)", Glibc.atan2),
    pair("copysign", "a number with the sign of another") { Double(signOf: $1, magnitudeOf: $0) },
    pair("remainder", "what a division by rounding leaves", Glibc.remainder),
    whole("gcd", "the largest whole number that divides all", of: [12, 18]) { a, b in
      var (a, b) = (a.magnitude, b.magnitude)
      while b != 0 { (a, b) = (b, a % b) }
      return Int(exactly: a)
    },
    whole("lcm", "the smallest whole number that all divide", of: [4, 6]) { a, b in
      var (x, y) = (a.magnitude, b.magnitude)
      while y != 0 { (x, y) = (y, x % y) }
      guard x != 0, let divisor = Int(exactly: x) else { return 0 }
      let (product, overflow) = (a / divisor).multipliedReportingOverflow(by: b)
      return overflow || product == .min ? nil : abs(product)
    },
    chosen("comb", "how many choices of k of n things there are", "5, 2") { n, k in
      guard k <= n else { return 0 }
      var result = 1
      for step in 0..<min(k, n - k) {
        // Each product of neighbouring numbers is divisible, so nothing is lost.
        guard let next = result.product(with: n - step, over: step + 1) else { return nil }
        result = next
      }
      return result
    },
    chosen("perm", "in how many orders k of n things can stand", "5, 2") { n, k in
      guard k <= n else { return 0 }
      var result = 1
      for step in 0..<k {
        guard let next = result.product(with: n - step, over: 1) else { return nil }
        result = next
      }
      return result
    },
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
      of: "math", "fsum", "the sum of numbers, rounded once",
      [Parameter("x", .value("List"), example: "[0.1, 0.2]", help: "numbers")],
      "math.fsum([0.1, 0.2, 0.3])", result: "Double"
    ) { call in
      let numbers = try (call.arguments.value("x") ?? .none).members().map { member in
        guard let number = member.number else {
          throw Problem.wrongKind("`math.fsum`", expected: "numbers", got: member.phrase)
        }
        return number
      }
      return .double(exactSum(numbers))
    },
    .method(
      of: "math", "dist", "the distance of two points",
      [
        Parameter("p", .value("List"), example: "[0, 0]", help: "the one point"),
        Parameter("q", .value("List"), example: "[3, 4]", help: "the other point"),
      ], "math.dist([0, 0], [3, 4])", result: "Double"
    ) { call in
      let (p, q) = (try call.tensor("p").doubles(), try call.tensor("q").doubles())
      guard p.count == q.count else {
        throw Problem.unequalLengths("`p`", p.count, "`q`", q.count)
      }
      return .double(zip(p, q).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot())
    },
    .method(
      of: "math", "isqrt", "the whole part of the square root of a whole number",
      [Parameter("x", .integer(0...Int.max), example: "17", help: "a whole number")],
      "math.isqrt(17)", result: "Int"
    ) { call in
      let number = try call.arguments.int("x")
      var root = Int(exactly: Double(number).squareRoot().rounded(.down)) ?? 0
      // The square root of a double may be too large by one, or too small.
      while root.multipliedReportingOverflow(by: root).overflow || root * root > number {
        root -= 1
      }
      while !(root + 1).multipliedReportingOverflow(by: root + 1).overflow,
        (root + 1) * (root + 1) <= number
      { root += 1 }
      return .int(root)
    },
    .method(
      of: "math", "modf", "the fraction and the whole part of a number", [x], "math.modf(2.5)",
      result: "Tuple"
    ) { call in
      let (fraction, whole) = (try Double(call.arguments.double("x"))).parts
      return .tuple([.double(fraction), .double(whole)])
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
      of: "np.linalg", "norm", "the length of the elements as a vector",
      [.x, TensorFunctions.order, .dim, .keepdim],
      "np.linalg.norm([3, 4])", result: "Double"
    ) { call in
      .fromArray(
        try call.array("x").converted(to: .float64).norm(
          call.order("p"), over: call.dimensions(),
          keepingDimensions: call.arguments.bool("keepdim")))
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

extension Double {
  /// The fraction and the whole part, both with the sign of the number.
  fileprivate var parts: (fraction: Double, whole: Double) {
    let whole = rounded(.towardZero)
    return (isInfinite ? Double(signOf: self, magnitudeOf: 0) : self - whole, whole)
  }
}

extension Int {
  /// This times a number and then divided by another, which leaves nothing; nil if it is too large.
  fileprivate func product(with factor: Int, over divisor: Int) -> Int? {
    let (high, low) = multipliedFullWidth(by: factor)
    guard high < divisor else { return nil }
    let (quotient, _) = divisor.dividingFullWidth((high, low))
    return quotient
  }
}

/// The sum of numbers as if nothing had been rounded before the end.
///
/// Source: Shewchuk (1997), as in Python's `math.fsum`: sums that do not overlap are kept apart.
private func exactSum(_ numbers: [Double]) -> Double {
  var parts: [Double] = []
  for number in numbers {
    guard number.isFinite else { return numbers.reduce(0, +) }
    var (x, kept): (Double, [Double]) = (number, [])
    for part in parts {
      let (large, small) = x.magnitude < part.magnitude ? (part, x) : (x, part)
      let sum = large + small
      let rest = small - (sum - large)
      if rest != 0 { kept.append(rest) }
      x = sum
    }
    parts = kept + [x]
  }
  return parts.reversed().reduce(0, +)
}
