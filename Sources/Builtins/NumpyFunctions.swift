package import CollabInterpreter
import CollabLanguage
import CollabTables
package import CollabTensors

/// numpy's functions: those of tensors, for arrays of doubles and whatever makes one.
package enum NumpyFunctions {
  package static let all =
    methods + creating + joining + ordering + pairs + products + NumpyArranging.all

  // MARK: - What arrays have as methods

  /// What has a fraction even of whole numbers.
  private static let inDoubles: Set = ["std", "var", "quantile", "nanmean"]

  /// What is done to each element: of a series it makes a series with the same labels.
  private static let elementwise = [
    "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh", "sign",
    "square", "floor", "ceil", "trunc", "round", "reciprocal", "isnan", "isinf", "isfinite",
    "maximum", "minimum", "logical_and", "logical_or", "logical_not", "abs", "absolute", "power",
    "add", "subtract", "multiply", "divide", "negative", "equal", "not_equal", "greater", "less",
    "clip", "cumsum", "cumprod", "mod", "remainder", "fmod", "floor_divide", "hypot", "fmax",
    "fmin",
    "sinh", "cosh", "arcsin", "arccos", "arctan", "exp2", "deg2rad", "rad2deg", "radians",
    "degrees", "greater_equal", "less_equal",
  ]

  /// numpy's name of what tensors have under a name of theirs.
  private static let names: [(numpy: String, tensor: String)] =
    [
      "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh", "sign",
      "square", "floor", "ceil", "trunc", "round", "reciprocal", "isnan", "isinf", "isfinite",
      "maximum", "minimum", "logical_and", "logical_or", "logical_not", "sum", "mean", "std", "var",
      "max", "min", "any", "all", "prod", "amax", "amin", "count_nonzero", "argmax", "argmin",
      "argsort", "unique", "cumsum", "cumprod", "diff", "flip", "quantile",
      "allclose", "isin", "clip", "reshape", "squeeze", "diag", "trace", "tril",
      "triu",
      "roll", "nansum", "nanmean", "cross",
    ].map { ($0, $0) } + [
      ("abs", "abs"), ("absolute", "abs"), ("power", "pow"), ("add", "add"), ("subtract", "sub"),
      ("multiply", "mul"), ("divide", "div"), ("negative", "neg"), ("equal", "eq"),
      ("not_equal", "ne"), ("greater", "gt"), ("less", "lt"), ("expand_dims", "unsqueeze"),
      ("ravel", "flatten"), ("norm", "norm"), ("broadcast_to", "broadcast_to"), ("tile", "repeat"),
      ("repeat", "repeat_interleave"), ("nan_to_num", "nan_to_num"), ("argwhere", "argwhere"),
      ("mod", "remainder"), ("remainder", "remainder"), ("fmod", "fmod"),
      ("floor_divide", "floor_divide"), ("hypot", "hypot"), ("fmax", "fmax"), ("fmin", "fmin"),
      ("heaviside", "heaviside"), ("arctan2", "atan2"), ("sinh", "sinh"), ("cosh", "cosh"),
      ("arcsin", "asin"), ("arccos", "acos"), ("arctan", "atan"), ("exp2", "exp2"),
      ("deg2rad", "deg2rad"), ("rad2deg", "rad2deg"), ("radians", "deg2rad"),
      ("degrees", "rad2deg"), ("greater_equal", "ge"), ("less_equal", "le"), ("rot90", "rot90"),
      ("fliplr", "fliplr"), ("flipud", "flipud"), ("kron", "kron"), ("take", "take"),
      ("swapaxes", "transpose"), ("moveaxis", "movedim"), ("nanquantile", "nanquantile"),
      ("atleast_1d", "atleast_1d"), ("atleast_2d", "atleast_2d"), ("diagonal", "diagonal"),
      ("true_divide", "div"),
    ]

  private static let methods: [Builtin] = {
    let all =
      TensorFunctions.all + PairFunctions.all + SelectionFunctions.all + TensorMethods.all
      + ElementFunctions.all + SeriesFunctions.all + ArrangingFunctions.all + LinearAlgebra.all
      + OrderingFunctions.all
    let byName = Dictionary(
      all.filter { $0.spec.form == .method(of: "Tensor") }
        .flatMap { builtin in ([builtin.spec.name] + builtin.spec.aliases).map { ($0, builtin) } },
      uniquingKeysWith: { first, _ in first })
    return names.compactMap { numpy, tensor in
      byName[tensor].map { function(numpy, of: $0, named: tensor) }
    }
  }()

  /// A method of arrays as a function of what comes first.
  private static func function(
    _ name: String, of method: Builtin, named tensorName: String
  ) -> Builtin {
    let code = method.spec.examples.first?.code ?? ""
    let (before, after) = parted(code, at: ".\(tensorName)(")
    let rest = after ?? ")"
    let (start, tensor) = parted(before, at: "tensor(")
    let first = tensor.map { "\(start)array(\($0)" } ?? start
    return .method(
      of: "np", name, method.spec.summary, [.x] + method.spec.parameters,
      "np.\(name)(\(first)\(rest == ")" ? "" : ", ")\(rest)", result: method.spec.result
    ) { call in
      var x = try call.array("x")
      if inDoubles.contains(name) { x = try x.converted(to: .float64) }
      let result = try method.run(
        Call(scope: call.scope, arguments: call.arguments, receiver: .array(x)))
      guard elementwise.contains(name), let series = call.arguments.value("x")?.series,
        case .array(let tensor) = result
      else { return result }
      return Operand(tensor: x, isArray: true, series: series).wrap(tensor)
    }
  }

  /// What stands before the first of a mark, and behind it.
  ///
  /// Bytes are compared: a session begins with hundreds of these, and Swift's own search of texts takes a
  /// twentieth of the start.
  private static func parted(_ text: String, at mark: String) -> (before: String, after: String?) {
    let (bytes, mark) = (Array(text.utf8), Array(mark.utf8))
    for start in bytes.indices.dropLast(mark.count - 1)
    where bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark) {
      return (
        String(decoding: bytes[..<start], as: UTF8.self),
        String(decoding: bytes[(start + mark.count)...], as: UTF8.self)
      )
    }
    return (text, nil)
  }

  // MARK: - New arrays

  private static let dtype = Parameter(
    "dtype", Parameter.dtype.type, .optional, example: "int64", isOptionOnly: true,
    help: "type of the elements")
  private static let shape = Parameter(
    "shape", .value("Int"), example: "(2, 3)", help: "a size, or a tuple of sizes")

  private static func making(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter],
    _ example: String, _ run: @escaping @Sendable (Call) throws -> Tensor
  ) -> Builtin {
    .method(
      of: "np", name, aliases: aliases, summary, parameters + [dtype], "np.\(example)",
      result: "array"
    ) { call in
      let tensor = try run(call)
      return .array(try tensor.converted(to: call.dtype(isArray: true) ?? tensor.dtype))
    }
  }

  private static let creating: [Builtin] = [
    .method(
      of: "np", "array", aliases: ["asarray"], "make an array; of texts a list", [data, dtype],
      "np.array([1, 2.5])", result: "array"
    ) { call in
      if let members = call.value("data").elements, !members.isEmpty,
        members.allSatisfy({ $0.isText })
      {
        return .list(members)
      }
      let tensor = try call.array("data").copied()
      return .array(try tensor.converted(to: call.dtype(isArray: true) ?? tensor.dtype))
    },
    making("zeros", aliases: ["empty"], "make an array of zeros", [shape], "zeros((2, 3))") {
      call in
      try .filled(call.sizes("shape"), with: 0, .float64)
    },
    making("ones", "make an array of ones", [shape], "ones(3)") { call in
      try .filled(call.sizes("shape"), with: 1, .float64)
    },
    making("full", "make an array of one number", [shape, fill], "full((2, 3), 7)") { call in
      try .filled(call.sizes("shape"), withElementOf: call.array("fill_value"))
    },
    making("zeros_like", "make zeros of the shape of an array", [.x], "zeros_like([1, 2])") {
      call in
      let x = try call.array("x")
      return try .filled(x.shape, with: 0, x.dtype)
    },
    making("ones_like", "make ones of the shape of an array", [.x], "ones_like([1, 2])") { call in
      let x = try call.array("x")
      return try .filled(x.shape, with: 1, x.dtype)
    },
    making(
      "full_like", "make an array of one number, of the shape of another", [.x, fill],
      "full_like([1, 2], 7)"
    ) { call in
      let x = try call.array("x")
      return try .filled(x.shape, withElementOf: call.array("fill_value"), x.dtype)
    },
    making(
      "eye", aliases: ["identity"], "make a matrix with ones on the diagonal",
      [Parameter("n", .integer(0...1_000_000), example: "3", help: "the size")], "eye(2)"
    ) { call in try Tensor.identity(call.arguments.int("n")).converted(to: .float64) },
    making(
      "arange", "make evenly spaced numbers, the end left out",
      [
        Parameter("start", .value("Double"), example: "0", help: "the first, or the end if alone"),
        Parameter(
          "end", aliases: ["stop"], .value("Double"), .optional, example: "10", help: "the end"),
        Parameter("step", .value("Double"), .optional, example: "2", help: "the step"),
      ], "arange(0, 1, 0.25)"
    ) { call in try CreationFunctions.range(call, .float64) },
    making(
      "linspace", "make evenly spaced numbers, the end included",
      [
        Parameter("start", .number(), example: "0", help: "the first"),
        Parameter("stop", .number(), example: "1", help: "the last"),
        Parameter("num", .integer(0...100_000_000), default: "50", help: "how many"),
      ], "linspace(0, 1, 5)"
    ) { call in
      try .evenlySpaced(
        from: call.arguments.double("start"), through: call.arguments.double("stop"),
        count: call.arguments.int("num"), .float64)
    },
  ]

  private static let data = Parameter(
    "data", .value(), example: "[1., 2.]", help: "numbers, or lists of them")
  private static let fill = Parameter(
    "fill_value", .value("Double"), example: "7.", help: "the number")

  // MARK: - Putting together

  private static let parts = Parameter(
    "arrays", .value("List"), example: "([1, 2], [3])", help: "arrays in a list or tuple")

  private static func joining(
    _ name: String, aliases: [String] = [], _ summary: String, _ options: [Parameter],
    _ join: @escaping @Sendable ([Tensor], Call) throws -> Tensor
  ) -> Builtin {
    .method(
      of: "np", name, aliases: aliases, summary, [parts] + options, "np.\(name)(([1, 2], [3, 4]))",
      result: "array"
    ) { call in
      let parts = try call.blaming("arrays") {
        try (call.arguments.value("arrays") ?? .none).members().map {
          try Tensor.of($0.withoutColumn(), isArray: true)
        }
      }
      return .array(try join(parts, call))
    }
  }

  private static let joining: [Builtin] = [
    joining("concatenate", "put arrays one after the other", [.oneDim("0")]) { parts, call in
      try .concatenated(parts, along: call.arguments.int("dim"))
    },
    joining("stack", "put arrays of one shape along a new dimension", [.oneDim("0")]) {
      parts, call in
      try .stacked(parts, along: call.arguments.int("dim"))
    },
    joining("hstack", "put arrays beside each other", []) { parts, _ in
      try .concatenated(parts, along: (parts.first?.shape.count ?? 1) > 1 ? 1 : 0)
    },
    joining("vstack", "put arrays below each other", []) { parts, _ in
      try .concatenated(parts.map { $0.shape.count < 2 ? try $0.reshaped(to: [1, -1]) : $0 })
    },
  ]

  // MARK: - Order and choice

  private static let ordering: [Builtin] = [
    .method(
      of: "np", "sort", "the elements in order", [.x, .oneDim("-1")], "np.sort([3, 1, 2])",
      result: "array"
    ) { call in
      .array(try call.array("x").sorted(along: call.arguments.int("dim")).values)
    },
    .method(
      of: "np", "percentile", "the number below which so many per cent of the elements lie",
      [.x, Parameter("q", .value("Double"), example: "50", help: "per cent"), .dim],
      "np.percentile([1, 2, 3, 10], 50)", result: "Double"
    ) { call in
      let shares = try call.array("q").converted(to: .float64) / 100
      return .fromArray(
        try call.array("x").converted(to: .float64).quantile(
          shares, along: call.dimensions()?.first))
    },
    .method(
      of: "np", "where",
      "choose between two values, element by element; or where a condition holds",
      [
        Parameter("condition", .value("array"), example: "a > 0", help: "truth values"),
        Parameter("a", .value("array"), .optional, example: "1.", help: "taken where it holds"),
        Parameter("b", .value("array"), .optional, example: "0.", help: "taken where it does not"),
      ], "np.where(np.array([1, -1]) > 0, 1, 0)", result: "array"
    ) { call in
      let condition = try call.array("condition").converted(to: .bool)
      guard call.arguments.isGiven("a") else {
        let places = try condition.nonzero()
        return .tuple(
          try (0..<places.shape[1]).map { .array(try places.selecting($0, along: 1)) })
      }
      let (a, b) = (call.value("a"), call.value("b"))
      if a.isText || b.isText {
        let flags = condition.scalars(as: Bool.self)
        return .list(
          try flags.indices.map { try (flags[$0] ? a : b).text(at: $0, of: flags.count) })
      }
      return .fromArray(try Tensor.where(condition, call.array("a"), call.array("b")))
    },
    .method(
      of: "np", "array_equal", "whether two arrays have the same shape and elements",
      [.x, Parameter("other", .value("array"), example: "b", help: "another array")],
      "np.array_equal([1, 2], [1, 2])", result: "Bool"
    ) { call in
      let (a, b) = (try call.array("x"), try call.array("other"))
      guard a.shape == b.shape else { return .bool(false) }
      return .bool(try a.compared(.equal, to: b).all().item() != 0)
    },
  ]

  private static let products: [Builtin] = [
    .method(
      of: "np", "dot", aliases: ["inner"],
      "the dot product of two vectors, or the product of matrices", [.x, other],
      "np.dot([1, 2, 3], [4, 5, 6])", result: nil
    ) { call in
      let (a, b) = (try call.array("x"), try call.array("other"))
      guard !a.shape.isEmpty, !b.shape.isEmpty else { return .fromArray(try a * b) }
      return try product(a, b)
    },
    .method(
      of: "np", "matmul", "the matrix product, as `@`", [.x, other],
      "np.matmul([[1, 2], [3, 4]], [5, 6])", result: nil
    ) { call in try product(call.array("x"), call.array("other")) },
  ]

  /// Of vectors a number, of matrices their product, in a type that has room for both.
  private static func product(_ a: Tensor, _ b: Tensor) throws -> Value {
    let type: DType = a.dtype.isFloatingPoint || b.dtype.isFloatingPoint ? .float64 : .int64
    return .fromArray(try a.converted(to: type).multiplied(by: b.converted(to: type)))
  }

  // MARK: - Pairs

  private static let other = Parameter(
    "other", .value("array"), example: "b", help: "another array")

  private static let otherRow = Parameter(
    "other", .value("array"), .optional, example: "b", help: "another row")

  /// The rows of `x`, or two lists as two rows.
  private static func rows(of call: Call) throws -> Tensor {
    let rows = try call.array("x").converted(to: .float64)
    guard call.arguments.isGiven("other") else { return rows }
    return try .stacked([rows, call.array("other").converted(to: .float64)])
  }

  private static let pairs: [Builtin] = [
    .method(
      of: "np", "outer", "the products of all pairs of elements", [.x, other],
      "np.outer([1, 2], [3, 4])", result: "array"
    ) { call in
      let (a, b) = (try call.array("x").flattened(), try call.array("other").flattened())
      return .array(try a.unsqueezed(1) * b.unsqueezed(0))
    },
    .method(
      of: "np", "corrcoef", "how rows, or two lists, go together, from −1 to 1",
      [.x, otherRow],
      "np.corrcoef([1, 2, 3], [1, 2, 4])", result: "array"
    ) { call in
      .fromArray(try rows(of: call).correlations())
    },
    .method(
      of: "np", "cov", "the covariances of rows, or of two lists",
      [.x, otherRow],
      "np.cov([1, 2, 3], [1, 2, 4])", result: "array"
    ) { call in
      .fromArray(try rows(of: call).covariance())
    },
    .method(
      of: "np", "median", "the middle of the elements, or of the two in the middle their mean",
      [.x, .dim], "np.median([3, 1, 2])", result: "Double"
    ) { call in
      .fromArray(
        try call.array("x").converted(to: .float64).quantile(
          Tensor(scalar: 0.5), along: call.dimensions()?.first))
    },
  ]
}

// MARK: - Arguments

extension Call {
  /// An argument as an array: numbers with a fraction are doubles.
  package func array(_ name: String) throws -> Tensor {
    guard let value = arguments.value(name) else { return try arguments.required(name, nil) }
    return try blaming(name) { try Tensor.of(value.withoutColumn(), isArray: true) }
  }

  /// The element type that the option `dtype` names, as numpy or PyTorch understands it.
  package func dtype(isArray: Bool) -> DType? {
    guard isArray, arguments.optionalString("dtype") == "float" else { return dtype() }
    return .float64
  }
}

extension Value {
  /// A column or series as an array, and lists of arrays as lists of numbers.
  fileprivate func withoutColumn() throws -> Value {
    switch self {
    case .column(let column) where column.kind != .text: return .array(try column.tensor())
    case .object(let series as any ColumnObject) where series.values.kind != .text:
      return .array(try series.values.tensor())
    case .list(let members) where members.contains(where: { $0.asTensor?.shape.isEmpty == false }):
      let parts = try members.map { try Tensor.of($0, isArray: true) }
      return .array(try Tensor.stacked(parts))
    default: return self
    }
  }
}

extension Value {
  /// Whether this is a text, or a column of texts.
  fileprivate var isText: Bool {
    if case .string = self { true } else { series?.values.kind == .text }
  }

  /// The text in a row: the same in all, or that of a column.
  fileprivate func text(at row: Int, of count: Int) throws -> Value {
    guard let column = series?.values else { return self }
    guard column.count == count else {
      throw Problem.unequalLengths("the column", column.count, "the condition", count)
    }
    return column.cell(at: row)
  }
}
