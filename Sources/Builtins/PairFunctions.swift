package import CollabInterpreter
import CollabLanguage
import CollabTensors
import Glibc

/// What is calculated element by element with two tensors, under PyTorch's names.
package enum PairFunctions {
  package static let all: [Builtin] =
    [
      pair("maximum", "the larger of two elements") { try .maximum($0, $1) },
      pair("minimum", "the smaller of two elements") { try .minimum($0, $1) },
    ].flatMap(\.self)
    + [
      scaled("add", "the sum", .add), scaled("sub", "the difference", .subtract),
      operation("mul", aliases: ["multiply"], "the product", .multiply), quotient,
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
      logical("logical_xor", "whether one is true and the other is not") {
        x, y throws(TensorError) in try x.compared(.notEqual, to: y)
      },
    ].flatMap(\.self) + placing + joint

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
    _ name: String, aliases: [String] = [], _ summary: String, _ kind: Operator.Kind
  ) -> [Builtin] {
    Builtin.both(name, aliases: aliases, "\(summary), as `\(kind.rawValue)`", [other], "2.") {
      call in try call.operated(kind)
    }
  }

  /// A sum or difference, of which the second part may be multiplied first.
  private static func scaled(
    _ name: String, _ summary: String, _ kind: Operator.Kind
  ) -> [Builtin] {
    let alpha = Parameter(
      "alpha", .value("Double"), .optional, example: "2", isOptionOnly: true,
      help: "what the other is multiplied by")
    return Builtin.both(
      name, aliases: kind == .subtract ? ["subtract"] : [],
      "\(summary), as `\(kind.rawValue)`", [other, alpha], "2."
    ) { call in try call.operated(kind) }
  }

  private static let quotient: [Builtin] = Builtin.both(
    "div", aliases: ["divide", "true_divide"], "the quotient, as `/`",
    [
      other,
      Parameter(
        "rounding_mode", .choice([Choice("floor"), Choice("trunc")]), .optional,
        example: "'floor'", isOptionOnly: true, help: "whether the quotient is made whole"),
    ], "2."
  ) { call in
    switch call.arguments.optionalString("rounding_mode") {
    case "floor"?: return try call.operated(.floorDivide)
    case "trunc"?:
      let x = try call.operand()
      // What is left has the sign of the first, so the rest divides without a remainder.
      let y = try call.tensor("other")
      return x.wrap(try (x.tensor - x.tensor.rest(dividingBy: y)).floorDivided(by: y))
    default: return try call.operated(.divide)
    }
  }

  // MARK: - Functions of two or three tensors

  private static let joint: [Builtin] =
    [
      pair("fmod", "what a division leaves, with the sign of the first") {
        try $0.rest(dividingBy: $1)
      },
      pair("hypot", "the length of (x, y)") { try ($0 * $0 + $1 * $1).squareRoot() },
      pair("fmax", "the larger of two elements, or the one that is a number") {
        try .where(
          $1.compared(.equal, to: $1), .where($0.compared(.equal, to: $0), .maximum($0, $1), $1), $0
        )
      },
      pair("fmin", "the smaller of two elements, or the one that is a number") {
        try .where(
          $1.compared(.equal, to: $1), .where($0.compared(.equal, to: $0), .minimum($0, $1), $1), $0
        )
      },
      pair("copysign", "the elements with the signs of others") { x, y in
        let isBelow = try y.elementsSatisfying { $0.sign == .minus }
        let size = try x.absolute()
        return try .where(isBelow, -size, size)
      },
      pair("xlogy", "the elements times the logarithms of others; 0 where they are 0") { x, y in
        let zero = try Tensor.zeros([], y.dtype.isFloatingPoint ? y.dtype : .float32)
        return try .where(x.compared(.equal, to: .zeros([], x.dtype)), zero, x * y.log())
      },
      pair("heaviside", "0 below 0, 1 above it, and at it what the other says") { x, y in
        let zero = try Tensor.zeros([], x.dtype)
        let isAbove = try x.compared(.greater, to: zero).converted(to: x.dtype)
        return try .where(x.compared(.equal, to: zero), y.converted(to: x.dtype), isAbove)
      },
      paired("atan2", aliases: ["arctan2"], "the angle of (y, x)", Glibc.atan2),
      whole("gcd", "the largest whole number that divides both") { $0.commonDivisor(with: $1) },
      whole("lcm", "the smallest whole number that both divide") { a, b in
        let divisor = a.commonDivisor(with: b)
        return divisor == 0 ? 0 : (a / divisor &* b).magnitudeOrItself
      },
    ].flatMap(\.self)
    + Builtin.transformation(
      "lerp", "a point on the way from the elements to others",
      [
        Parameter("end", .value("Tensor"), example: "ones(2)", help: "where the way ends"),
        Parameter("weight", .value("Tensor"), example: "0.5", help: "how far on the way"),
      ], "ones(2, 2), 0.5"
    ) { x, call in
      try x + call.tensor("weight").converted(to: x.dtype) * (call.tensor("end") - x)
    }
    + further("addcmul", "the elements and the product of two tensors") {
      a, b throws(TensorError) in try a * b
    }
    + further("addcdiv", "the elements and the quotient of two tensors") {
      a, b throws(TensorError) in try a / b
    }

  private static func further(
    _ name: String, _ summary: String,
    _ combine: @escaping @Sendable (Tensor, Tensor) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    Builtin.transformation(
      name, summary,
      [
        Parameter("tensor1", .value("Tensor"), example: "a", help: "the first"),
        Parameter("tensor2", .value("Tensor"), example: "b", help: "the second"),
        Parameter(
          "value", .number(), default: "1", isOptionOnly: true, help: "what theirs is times"),
      ], "ones(2, 2), ones(2, 2)"
    ) { x, call in
      let part = try combine(call.tensor("tensor1"), call.tensor("tensor2"))
      return try x + part * call.arguments.double("value")
    }
  }

  /// A function of two numbers, for each pair of elements.
  private static func paired(
    _ name: String, aliases: [String], _ summary: String,
    _ apply: @escaping @Sendable (Double, Double) -> Double
  ) -> [Builtin] {
    Builtin.both(name, aliases: aliases, "\(summary), broadcasting", [other], "tensor([2., 2.])") {
      call in
      let x = try call.operand()
      let (a, b) = (try call.unrecorded(x.tensor), try call.unrecorded(call.tensor("other")))
      let sum = try a + b
      let type = sum.dtype.isFloatingPoint ? sum.dtype : x.isArray ? .float64 : .float32
      let (one, other) = (try a.expanded(to: sum.shape), try b.expanded(to: sum.shape))
      let results = zip(one.doubles(), other.doubles()).map(apply)
      return x.wrap(try Tensor(results, shape: sum.shape).converted(to: type))
    }
  }

  /// A function of two whole numbers, for each pair of elements.
  private static func whole(
    _ name: String, _ summary: String,
    _ apply: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> [Builtin] {
    [
      .function(
        name, "\(summary), broadcasting", [.x, other], "\(name)(tensor([12]), tensor([18]))"
      ) { call in
        let (x, other) = (try call.operand(), try call.tensor("other"))
        guard !x.tensor.dtype.isFloatingPoint, !other.dtype.isFloatingPoint else {
          throw TensorError.unexpectedType(.float32, expected: "whole numbers")
        }
        let sum = try x.tensor + other
        func numbers(_ tensor: Tensor) throws -> [Int64] {
          try tensor.expanded(to: sum.shape).converted(to: .int64).scalars(as: Int64.self)
        }
        let results = zip(try numbers(x.tensor), try numbers(other)).map(apply)
        return x.wrap(try Tensor(results, shape: sum.shape).converted(to: sum.dtype))
      }
    ]
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

extension Call {
  /// What an operator makes of the tensor and the argument `other`, times `alpha` if there is one.
  fileprivate func operated(_ kind: Operator.Kind) throws -> Value {
    var other = arguments.value("other") ?? .none
    // Those of the module `operator` take numbers and texts, too.
    if receiver.isNone, let value = arguments.value("x") {
      let isText = if case .string = value { true } else { false }
      if isText || value.isPlainNumber && other.isPlainNumber {
        return try Arithmetic.apply(kind, value, other)
      }
    }
    let x = try operand()
    if let alpha = arguments.value("alpha") {
      other = try Arithmetic.apply(.multiply, other, alpha)
    }
    return try Arithmetic.apply(kind, x.isArray ? .array(x.tensor) : .tensor(x.tensor), other)
  }
}

extension Tensor {
  /// What a division leaves, with the sign of this.
  fileprivate func rest(dividingBy other: Tensor) throws(TensorError) -> Tensor {
    try absolute().remainder(dividingBy: other.absolute()) * sign()
  }
}

extension Int64 {
  /// The largest whole number that divides this and another.
  fileprivate func commonDivisor(with other: Int64) -> Int64 {
    var (a, b) = (self, other)
    while b != 0 { (a, b) = (b, b == -1 ? 0 : a % b) }
    return a.magnitudeOrItself
  }

  /// This without its sign; the smallest number, which has no opposite, as it is.
  fileprivate var magnitudeOrItself: Int64 { self < 0 ? 0 &- self : self }
}
