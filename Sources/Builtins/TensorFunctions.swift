package import CollabInterpreter
import CollabLanguage
import CollabPythonText
package import CollabTensors

/// What is calculated with tensors, as functions and as methods.
package enum TensorFunctions {
  package static let all = elementwise + reductions + reductionsInBothForms + ordering + products

  private static let elementwise: [Builtin] =
    [
      Builtin.elementwise("exp", "e to the power of each element") { x throws(TensorError) in
        try x.exp()
      },
      Builtin.elementwise("log", "the natural logarithm of each element") { x throws(TensorError) in
        try x.log()
      },
      Builtin.elementwise("sqrt", "the square root of each element") { x throws(TensorError) in
        try x.squareRoot()
      },
      Builtin.elementwise("sin", "the sine of each element") { x throws(TensorError) in try x.sin()
      },
      Builtin.elementwise("cos", "the cosine of each element") { x throws(TensorError) in
        try x.cos()
      },
      Builtin.elementwise("tanh", "the hyperbolic tangent of each element") {
        x throws(TensorError) in try x.tanh()
      },
      Builtin.elementwise("sigmoid", "squeeze each element between 0 and 1") {
        x throws(TensorError) in try x.sigmoid()
      },
      Builtin.elementwise("relu", "the larger of each element and 0", keepsIntegers: true) {
        x throws(TensorError) in
        try x.relu()
      },
      Builtin.elementwise(
        "abs", aliases: ["absolute"], "the distance of each element from 0", keepsIntegers: true
      ) {
        x throws(TensorError) in
        try x.absolute()
      },
      Builtin.elementwise(
        "sign", aliases: ["sgn"], "−1, 0 or 1 for each element", keepsIntegers: true
      ) {
        x throws(TensorError) in
        try x.sign()
      },
      Builtin.elementwise("square", "each element times itself", keepsIntegers: true) {
        x throws(TensorError) in
        try (x * x).named("PowBackward0")
      },
      Builtin.elementwise(
        "neg", aliases: ["negative"], "each element with the other sign", keepsIntegers: true
      ) {
        x throws(TensorError) in
        try -x
      },
      Builtin.elementwise("log2", "the logarithm to base 2 of each element") {
        x throws(TensorError) in try x.logarithm(base: 2)
      },
      Builtin.elementwise("log10", "the logarithm to base 10 of each element") {
        x throws(TensorError) in try x.logarithm(base: 10)
      },
      Builtin.elementwise("log1p", "the natural logarithm of 1 + each element") {
        x throws(TensorError) in try Tensor.log(onePlus: x)
      },
      Builtin.rounding("floor", "the whole number below each element") { x throws(TensorError) in
        try x.floor()
      },
      Builtin.rounding("ceil", "the whole number above each element") { x throws(TensorError) in
        try x.ceil()
      },
      Builtin.both(
        "round", "the nearest whole number to each element, or so many decimals",
        [Parameter("decimals", .integer(-300...300), .optional, example: "1", help: "how many")]
      ) { call in
        let x = try call.numericOperand()
        guard let decimals = call.arguments.optionalInt("decimals") else {
          let result = try x.tensor.rounded()
          return try call.wholeNumber(result) ?? x.wrap(result)
        }
        // A number of Python's is rounded as it is written, a tensor as its elements are held.
        if decimals >= 0, case .double(let number)? = call.arguments.value("x"),
          let rounded = Double(try PythonFormat.text(.float(number), spec: ".\(decimals)f"))
        {
          return .double(rounded)
        }
        return x.wrap(try x.tensor.rounded(toDecimals: decimals))
      },
      Builtin.both("logical_not", "whether elements are 0") { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.converted(to: .bool).not())
      },
      Builtin.both("numel", aliases: ["nelement"], "the number of elements", result: "Int") {
        call in
        .int(try call.operand().tensor.count)
      },
      Builtin.both("isnan", "whether elements are not a number") { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.compared(.notEqual, to: x.tensor))
      },
      Builtin.both("softmax", "shares that add up to 1 along a dimension", [.oneDim("-1")], "dim=1")
      { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.softmax(along: call.arguments.int("dim")))
      },
      Builtin.both(
        "log_softmax", "logarithms of the shares along a dimension", [.oneDim("-1")], "dim=1"
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.logSoftmax(along: call.arguments.int("dim")))
      },
      Builtin.both(
        "clamp", aliases: ["clip"], "keep each element between two bounds",
        [
          Parameter("min", .value("Double"), .optional, example: "0.", help: "the lower bound"),
          Parameter("max", .value("Double"), .optional, example: "1.", help: "the upper bound"),
        ], "0., 2."
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.clamped(from: call.number("min"), to: call.number("max")))
      },
      Builtin.both(
        "pow", "each element to a power",
        [
          Parameter(
            "exponent", aliases: ["exp"], .value("Double"), example: "2", help: "the power"),
          Parameter(
            "mod", .integer(), .optional, example: "7",
            help: "what the power of a whole number is divided by, for the rest"),
        ], "2"
      ) { call in
        let value = call.receiver.isNone ? call.arguments.value("x") ?? .none : call.receiver
        let exponent = call.arguments.value("exponent") ?? .none
        guard let divisor = call.arguments.optionalInt("mod") else {
          return try Arithmetic.apply(.power, value, exponent)
        }
        return .int(try value.rest(ofPower: exponent, dividedBy: divisor))
      },
    ].flatMap(\.self)
    + [
      // The function of this name draws a map of factors.
      .method(
        "pca", "the coordinates on the principal components",
        [Parameter("k", .integer(1...10_000), default: "2", help: "how many components")],
        "tensor([[1., 2.], [3., 4.]]).pca(1)"
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.principalComponents(call.arguments.int("k")))
      },
      .function(
        "sigmoid_range", "squeeze each element between two ends",
        [
          .x, Parameter("low", .number(), example: "0", help: "the lower end"),
          Parameter("high", .number(), example: "5.5", help: "the upper end"),
        ], "sigmoid_range(tensor([-1., 0., 1.]), 0, 5.5)",
        details: "sigmoid(x) * (high - low) + low, as fastai's function of this name."
      ) { call in
        let x = try call.operand()
        return x.wrap(
          try x.tensor.sigmoidRange(call.arguments.double("low"), call.arguments.double("high")))
      },
      .function(
        "where", "choose between two values, element by element",
        [
          Parameter("condition", .value("Tensor"), example: "t > 0", help: "a bool tensor"),
          Parameter("a", .value("Tensor"), .optional, example: "1.", help: "taken where it holds"),
          Parameter(
            "b", .value("Tensor"), .optional, example: "0.", help: "taken where it does not"),
        ], "where(tensor([1., -1.]) > 0, 1., 0.)",
        details: "With a condition alone it gives where that holds, a tensor for each dimension."
      ) { call in
        let condition = try call.operand("condition")
        guard call.arguments.isGiven("a") else {
          let places = try condition.tensor.nonzero()
          return .tuple(
            try (0..<places.shape[1]).map { .tensor(try places.selecting($0, along: 1)) })
        }
        return condition.wrap(
          try Tensor.where(condition.tensor, call.tensor("a"), call.tensor("b")))
      },
    ]

  // MARK: - Reductions

  private static let reductions: [Builtin] = [
    reduction("sum", "the sum of the elements") { x, dims, keeps throws(TensorError) in
      guard let dims else { return try x.tensor.sum() }
      return try x.tensor.sum(over: dims, keepingDimensions: keeps)
    },
    reduction("mean", "the mean of the elements") { x, dims, keeps throws(TensorError) in
      let t = x.isArray ? try x.tensor.converted(to: .float64) : x.tensor
      guard let dims else { return try t.mean() }
      return try t.mean(over: dims, keepingDimensions: keeps)
    },
    reduction("any", "whether any element is not 0") { x, dims, keeps throws(TensorError) in
      try x.tensor.any(over: dims, keepingDimensions: keeps)
    },
    reduction("all", "whether no element is 0") { x, dims, keeps throws(TensorError) in
      try x.tensor.all(over: dims, keepingDimensions: keeps)
    },
    extreme("max", "the largest element, or the largest along a dimension") {
      x, d, keeps throws(TensorError) in
      try x.maximum(along: d, keepingDimensions: keeps)
    } whole: { x throws(TensorError) in
      try x.maximum()
    },
    extreme("min", "the smallest element, or the smallest along a dimension") {
      x, d, keeps throws(TensorError) in
      try x.minimum(along: d, keepingDimensions: keeps)
    } whole: { x throws(TensorError) in
      try x.minimum()
    },
  ]

  /// Those that are functions, too: the others are Python's functions of lists as well.
  private static let reductionsInBothForms: [Builtin] = [
    Builtin.both(
      "median", "the middle element, or the middle along a dimension", [.dim, .keepdim], "dim=1",
      result: nil
    ) { call in
      try call.extreme("median") { x, d, keeps throws(TensorError) in
        try x.median(along: d, keepingDimensions: keeps)
      } whole: { x throws(TensorError) in
        try x.median()
      }
    },
    spread("std", "the standard deviation of the elements") {
      x, dims, correction, keeps throws(TensorError) in
      try x.standardDeviation(over: dims, correction: correction, keepingDimensions: keeps)
    },
    spread("var", "the variance of the elements") {
      x, dims, correction, keeps throws(TensorError) in
      try x.variance(over: dims, correction: correction, keepingDimensions: keeps)
    },
    reductionInBothForms("prod", "the product of the elements", [.dtype]) {
      x, dims, keeps throws(TensorError) in
      try x.tensor.product(over: dims, keepingDimensions: keeps)
    },
    Builtin.both(
      "norm", aliases: ["vector_norm", "matrix_norm"], "the length of the elements as a vector",
      [order, .dim, .keepdim], "dim=1"
    ) { call in
      let x = try call.operand()
      return x.wrap(
        try x.tensor.norm(
          call.order("p"), over: call.dimensions(),
          keepingDimensions: call.arguments.bool("keepdim")))
    },
    reductionInBothForms("logsumexp", "the logarithm of the sum of e to the power of the elements")
    {
      x, dims, keeps throws(TensorError) in
      try x.tensor.logarithmOfSum(over: dims, keepingDimensions: keeps)
    },
    reductionInBothForms("amax", "the largest element, or the largest along dimensions") {
      x, dims, keeps throws(TensorError) in
      try x.tensor.anyExtreme(largest: true, over: dims, keepingDimensions: keeps)
    },
    reductionInBothForms("amin", "the smallest element, or the smallest along dimensions") {
      x, dims, keeps throws(TensorError) in
      try x.tensor.anyExtreme(largest: false, over: dims, keepingDimensions: keeps)
    },
    reductionInBothForms("count_nonzero", "how many elements are not 0") {
      x, dims, keeps throws(TensorError) in
      let isTrue = try x.tensor.converted(to: .bool)
      guard let dims else { return try isTrue.sum() }
      return try isTrue.sum(over: dims, keepingDimensions: keeps)
    },
  ].flatMap(\.self)

  /// Which norm: 2 is the usual length.
  package static let order = Parameter(
    "p", aliases: ["ord"], .value("Double"), default: "2",
    help: "the power of the elements, 2 for the usual length, float('inf') for the largest")

  private static func reductionInBothForms(
    _ name: String, _ summary: String, _ options: [Parameter] = [],
    _ reduce: @escaping @Sendable (Operand, [Int]?, Bool) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    Builtin.both(name, summary, [.dim, .keepdim] + options, "dim=1") { call in
      try call.reduced(by: reduce)
    }
  }

  /// A sum or mean, whose elements may be of another type first.
  private static func reduction(
    _ name: String, _ summary: String,
    _ reduce: @escaping @Sendable (Operand, [Int]?, Bool) throws(TensorError) -> Tensor
  ) -> Builtin {
    .method(
      name, summary, [.dim, .keepdim, .dtype], "tensor([[1., 2.], [3., 4.]]).\(name)(dim=1)"
    ) { call in try call.reduced(by: reduce) }
  }

  private static func spread(
    _ name: String, _ summary: String,
    _ reduce: @escaping @Sendable (Tensor, [Int]?, Double, Bool) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    let correction = Parameter(
      "correction", aliases: ["ddof"], .number(.notNegative), .optional, example: "0",
      isOptionOnly: true,
      help: "what the number of elements is lowered by: 1, of an array 0")
    let unbiased = Parameter(
      "unbiased", .boolean, .optional, example: "false", isOptionOnly: true,
      help: "false for a correction of 0")
    return Builtin.both(name, summary, [.dim, .keepdim, correction, unbiased], "dim=1") { call in
      let x = try call.operand()
      var lowered = call.arguments.optionalDouble("correction") ?? (x.isArray ? 0 : 1)
      if call.arguments.isGiven("unbiased") {
        lowered = try call.arguments.bool("unbiased") ? 1 : 0
      }
      // As in numpy whole numbers become doubles.
      let isWhole = x.isArray && !x.tensor.dtype.isFloatingPoint
      let tensor = isWhole ? try x.tensor.converted(to: .float64) : x.tensor
      return x.wrap(
        try reduce(tensor, call.dimensions(), lowered, call.arguments.bool("keepdim")))
    }
  }

  private static func extreme(
    _ name: String, _ summary: String,
    along reduce: @escaping @Sendable (Tensor, Int, Bool) throws(TensorError) -> (Tensor, Tensor),
    whole: @escaping @Sendable (Tensor) throws(TensorError) -> Tensor
  ) -> Builtin {
    .method(name, summary, [.dim, .keepdim], "tensor([[1., 2.], [3., 4.]]).\(name)(dim=1)") {
      call in try call.extreme(name, along: reduce, whole: whole)
    }
  }

  // MARK: - Ordering

  private static let stable = Parameter(
    "stable", .boolean, default: "true", isOptionOnly: true,
    help: "whether equal elements stay in order, which they do")

  private static let ordering: [Builtin] = [
    Builtin.both(
      "argsort", "the indices that sort the elements", [.oneDim("-1"), .descending, stable],
      "descending=true"
    ) {
      call in
      let x = try call.operand()
      return x.wrap(
        try x.tensor.argsorted(
          along: call.arguments.int("dim"), descending: call.arguments.bool("descending")))
    },
    Builtin.both(
      "sort", "the elements in order, and where they were", [.oneDim("-1"), .descending, stable],
      "descending=true",
      result: nil
    ) { call in
      let x = try call.operand()
      let (values, indices) = try x.tensor.sorted(
        along: call.arguments.int("dim"), descending: call.arguments.bool("descending"))
      return .object(NamedTensors("sort", [("values", values), ("indices", indices)]))
    },
    Builtin.both(
      "topk", "the largest elements, and where they are",
      [
        Parameter("k", .integer(), example: "2", help: "how many"), .oneDim("-1"),
        Parameter("largest", .boolean, default: "true", help: "false for the smallest"),
        Parameter("sorted", .boolean, default: "true", help: "they are in order in any case"),
      ], "1", result: nil
    ) { call in
      let x = try call.operand()
      let (values, indices) = try x.tensor.top(
        call.arguments.int("k"), along: call.arguments.int("dim"),
        largest: call.arguments.bool("largest"))
      return .object(NamedTensors("topk", [("values", values), ("indices", indices)]))
    },
    Builtin.both(
      "argmax", "the index of the largest element", [.dim, .keepdim]
    ) { call in
      let x = try call.operand()
      return x.wrap(
        try x.tensor.argmax(
          along: call.dimensions()?.first, keepingDimensions: call.arguments.bool("keepdim")))
    },
    Builtin.both("argmin", "the index of the smallest element", [.dim, .keepdim]) { call in
      let x = try call.operand()
      return x.wrap(
        try x.tensor.argmin(
          along: call.dimensions()?.first, keepingDimensions: call.arguments.bool("keepdim")))
    },
    Builtin.both("cumsum", "running sums along a dimension", [.oneDim("0")], "0") { call in
      let x = try call.operand()
      return x.wrap(try x.tensor.cumulativeSum(along: call.arguments.int("dim")))
    },
    UniqueFunction.all,
    Builtin.both(
      "bincount", "how often each whole number from 0 occurs",
      [
        Parameter("weights", .value("Tensor"), .optional, example: "ones(3)", help: "what counts"),
        Parameter(
          "minlength", .integer(0...1_000_000_000), default: "0", help: "how many at least"),
      ], result: "Tensor"
    ) { call in
      let x = try call.operand()
      let counts = try x.tensor.binCounts(minimumLength: call.arguments.int("minlength"))
      guard call.arguments.isGiven("weights") else { return x.wrap(counts) }
      let weights = try call.unrecorded(call.tensor("weights"))
      guard weights.shape == x.tensor.shape else {
        throw TensorError.unexpectedShape(weights.shape, expected: "\(x.tensor.shape)")
      }
      var sums = [Double](repeating: 0, count: counts.count)
      let places = try x.tensor.converted(to: .int64).scalars(as: Int64.self)
      for (place, weight) in zip(places, weights.doubles()) { sums[Int(place)] += weight }
      return x.wrap(try Tensor(sums).converted(to: weights.dtype == .float32 ? .float32 : .float64))
    }.map { $0.showing("bincount(tensor([1, 2, 2]))", "tensor([1, 2, 2]).bincount()") },
    Builtin.both(
      "flip", "the elements in the opposite order",
      [
        Parameter(
          "dims", aliases: ["dim", "axis"], .value("Int"), .rest(atLeast: 0), example: "0",
          help: "the dimensions, all if they are left out")
      ], "0"
    ) { call in
      let x = try call.operand()
      let dimensions = try call.sizes("dims")
      return x.wrap(
        try x.tensor.flipped(dimensions.isEmpty ? Array(x.tensor.shape.indices) : dimensions))
    },
  ].flatMap(\.self)

  // MARK: - Products

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "another tensor")

  private static let products: [Builtin] =
    [
      Builtin.both(
        "matmul", aliases: ["mm", "mv", "bmm"], "the matrix product, as `@`", [other],
        "tensor([1., 2.])"
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.multiplied(by: call.tensor("other")))
      }
    ].flatMap(\.self)
    + [
      .function(
        "dot", "the dot product of two vectors", [.x, other],
        "dot(tensor([1., 2.]), tensor([3., 4.]))"
      ) {
        call in
        let x = try call.operand()
        return x.wrap(try x.tensor.dot(call.tensor("other")))
      },
      .method(
        "outer", "the products of all pairs of elements", [other],
        "tensor([1., 2.]).outer(tensor([3., 4.]))"
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.outer(call.tensor("other")))
      },
      .method(
        "dot", "the dot product with another vector", [other],
        "tensor([1., 2.]).dot(tensor([3., 4.]))"
      ) {
        call in
        let x = try call.operand()
        return x.wrap(try x.tensor.dot(call.tensor("other")))
      },
      .function(
        "outer", "the products of all pairs of elements", [.x, other], "outer(ones(2), ones(3))"
      ) { call in
        let x = try call.operand()
        return x.wrap(try x.tensor.outer(call.tensor("other")))
      },
      .function(
        "cosine_similarity", "the cosine of the angle between two tensors along a dimension",
        [.x, other, .oneDim("1")], "cosine_similarity(ones(2, 3), ones(1, 3), dim=1)"
      ) { call in
        let x = try call.operand()
        return x.wrap(
          try Tensor.cosineSimilarity(
            x.tensor, call.tensor("other"), along: call.arguments.int("dim")))
      },
      .function(
        "isclose", "whether elements of two tensors are equal but for rounding", closeness,
        "isclose(ones(3), ones(3))"
      ) { call in
        .tensor(
          try call.operand().tensor.isClose(
            to: call.tensor("other"), relative: call.arguments.double("rtol"),
            absolute: call.arguments.double("atol")))
      },
      .function(
        "equal", "whether two tensors have the same shape and elements", [.x, other],
        "equal(ones(3), ones(3))", result: "Bool"
      ) { call in
        let (a, b) = (try call.operand().tensor, try call.tensor("other"))
        guard a.shape == b.shape else { return .bool(false) }
        return .bool(try a.compared(.equal, to: b).all().item() != 0)
      },
      .function(
        "allclose", "whether two tensors are equal but for rounding", closeness,
        "allclose(ones(3), ones(3))",
        result: "Bool", run: isAllClose),
      .method(
        "allclose", "whether this and another tensor are equal but for rounding",
        Array(closeness.dropFirst()), "ones(3).allclose(ones(3))", result: "Bool", run: isAllClose),
    ]

  private static let closeness: [Parameter] = [
    .x, other,
    Parameter("rtol", .number(), default: "1e-5", help: "tolerance relative to the other"),
    Parameter("atol", .number(), default: "1e-8", help: "absolute tolerance"),
  ]

  @Sendable
  private static func isAllClose(_ call: Call) throws -> Value {
    .bool(
      try call.operand().tensor.isAllClose(
        to: call.tensor("other"), relative: call.arguments.double("rtol"),
        absolute: call.arguments.double("atol")))
  }
}

extension Call {
  /// The elements, of the type that `dtype` names if it is given, reduced over the dimensions.
  fileprivate func reduced(
    by reduce: (Operand, [Int]?, Bool) throws(TensorError) -> Tensor
  ) throws -> Value {
    var x = try operand()
    if arguments.isGiven("dtype"), let type = dtype(isArray: x.isArray) {
      x = Operand(tensor: try x.tensor.converted(to: type), isArray: x.isArray)
    }
    return x.wrap(try reduce(x, dimensions(), arguments.bool("keepdim")))
  }

  /// One element of all, or along a dimension the elements and where they were.
  fileprivate func extreme(
    _ name: String,
    along reduce: (Tensor, Int, Bool) throws(TensorError) -> (Tensor, Tensor),
    whole: (Tensor) throws(TensorError) -> Tensor
  ) throws -> Value {
    let x = try operand()
    guard let dimension = dimensions()?.first else { return x.wrap(try whole(x.tensor)) }
    let (values, indices) = try reduce(x.tensor, dimension, arguments.bool("keepdim"))
    return x.isArray
      ? x.wrap(values) : .object(NamedTensors(name, [("values", values), ("indices", indices)]))
  }

  /// Which norm an argument names: a number, or `'fro'` for the usual one.
  package func order(_ name: String) throws -> Double {
    switch arguments.value(name) {
    case .string("fro")?, nil, .some(.none): return 2
    case let value?:
      guard let number = value.number, !number.isNaN else {
        throw Problem.wrongKind("`\(name)`", expected: "a number", got: value.phrase)
      }
      return number
    }
  }
}

/// Values and indices, as `sort`, `topk`, `max` and `min` along a dimension give them.
package final class NamedTensors: SessionObject {
  private let operation: String
  private let parts: [(name: String, tensor: Tensor)]

  package init(_ operation: String, _ parts: [(name: String, tensor: Tensor)]) {
    (self.operation, self.parts) = (operation, parts)
  }

  package var typeName: String { operation }
  package var memberNames: [String] { parts.map(\.name) }

  package var display: String {
    let lines = parts.map { "\($0.name)=\($0.tensor.description)" }
    return "torch.return_types.\(operation)(\n\(lines.joined(separator: ",\n")))"
  }

  package func members() -> [Value]? { parts.map { .tensor($0.tensor) } }

  package func member(_ name: String) -> Value? {
    parts.first { $0.name == name }.map { .tensor($0.tensor) }
  }

  package func element(_ index: Value) throws -> Value {
    guard let place = index.integer, parts.indices.contains(place < 0 ? place + parts.count : place)
    else { throw Problem.outOfRange(index.integer ?? 0, count: parts.count) }
    return .tensor(parts[place < 0 ? place + parts.count : place].tensor)
  }

  /// The tensors, for `values, indices = …`.
  package var tensors: [Tensor] { parts.map(\.tensor) }
}

extension Value {
  /// What a division of a power of this whole number leaves; the power itself may be too large.
  fileprivate func rest(ofPower exponent: Value, dividedBy divisor: Int) throws -> Int {
    guard case .int(let number) = self, case .int(var left) = exponent, left >= 0 else {
      throw Problem.wrongKind(
        "`pow` with a divisor", expected: "whole numbers, of which the power is not negative",
        got: "\(text) and \(exponent.text)")
    }
    guard divisor != 0, divisor != .min else { throw Problem.divisionByZero }
    let size = divisor.magnitude
    func product(_ a: UInt, _ b: UInt) -> UInt {
      size.dividingFullWidth(a.multipliedFullWidth(by: b)).remainder
    }
    var base = number < 0 ? (size - number.magnitude % size) % size : number.magnitude % size
    var result = 1 % size
    while left > 0 {
      if left & 1 == 1 { result = product(result, base) }
      base = product(base, base)
      left >>= 1
    }
    // The rest has the sign of the divisor.
    let whole = Int(result)
    return divisor < 0 && whole > 0 ? whole + divisor : whole
  }
}

extension Tensor {
  /// The largest or smallest of all elements, or over some dimensions, also of whole numbers.
  fileprivate func anyExtreme(
    largest: Bool, over dimensions: [Int]?, keepingDimensions: Bool
  ) throws(TensorError) -> Tensor {
    guard !dtype.isFloatingPoint else {
      return try extreme(
        largest: largest, over: dimensions, keepingDimensions: keepingDimensions)
    }
    return try converted(to: .float64).extreme(
      largest: largest, over: dimensions, keepingDimensions: keepingDimensions
    ).converted(to: dtype)
  }
}
