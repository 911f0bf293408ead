package import CollabInterpreter
package import CollabLanguage
package import CollabTables
package import CollabTensors

/// A tensor among the arguments, and how results of it are handed back: an array's as arrays.
package struct Operand {
  package let tensor: Tensor
  package let isArray: Bool
  /// The column that the tensor is of, whose labels a result has that is as long.
  package var series: Series?

  /// A result of the same kind.
  package func wrap(_ result: Tensor) -> Value {
    if let series, result.shape == [series.values.count],
      let column = try? Column(series.values.name, result)
    {
      return series.with(column).value
    }
    return isArray ? .fromArray(result) : .tensor(result)
  }
}

extension Call {
  /// The tensor before the dot, or the argument `x`.
  package func operand() throws -> Operand {
    switch receiver {
    case .tensor(let tensor): return Operand(tensor: tensor, isArray: false)
    case .array(let tensor): return Operand(tensor: tensor, isArray: true)
    default: return try operand("x")
    }
  }

  /// As `operand()`, but a number of Python's counts as an array without dimensions, whose results
  /// are numbers again.
  package func numericOperand() throws -> Operand {
    guard let plainNumber else { return try operand() }
    return Operand(tensor: try Tensor.of(plainNumber, isArray: true), isArray: true)
  }

  /// The result of rounding a number of Python's, as a whole number; nil if it was a tensor.
  package func wholeNumber(_ result: Tensor) throws -> Value? {
    guard let plainNumber else { return nil }
    guard let whole = try Value(elementOf: result).integer ?? Int(exactly: result.item()) else {
      throw Problem.wrongKind(
        "`\(arguments.spec.name)`", expected: "a finite number", got: plainNumber.text)
    }
    return .int(whole)
  }

  /// Whether the argument `x` of a function is a number of Python's.
  package var isPlainNumber: Bool { plainNumber != nil }

  /// The argument `x` of a function, if it is a number of Python's.
  private var plainNumber: Value? {
    guard receiver.isNone, let value = arguments.value("x"), value.isPlainNumber else { return nil }
    return value
  }

  /// A tensor, or numbers that make one.
  package func operand(_ name: String) throws -> Operand {
    switch arguments.value(name) {
    case .tensor(let tensor)?: return Operand(tensor: tensor, isArray: false)
    case .array(let tensor)?: return Operand(tensor: tensor, isArray: true)
    case let value? where value.numbers != nil:
      guard let column = value.numbers else { return try arguments.required(name, nil) }
      return Operand(tensor: try column.tensor(), isArray: true, series: value.series)
    case let value?:
      // Beside an array, numbers are as precise as its own.
      let isArray = if case .array = receiver { true } else { false }
      return try blaming(name) {
        Operand(tensor: try Tensor.of(value, isArray: isArray), isArray: isArray)
      }
    case nil: return try arguments.required(name, nil)
    }
  }

  /// A tensor argument.
  package func tensor(_ name: String) throws -> Tensor { try operand(name).tensor }

  /// A number as a tensor; nil if it is not given.
  package func number(_ name: String) throws -> Tensor? {
    guard arguments.isGiven(name) else { return nil }
    return try tensor(name)
  }

  /// The dimensions of a reduction: those of `dim`, or nil for all.
  package func dimensions() -> [Int]? { arguments.optionalInts("dim") }

  /// Sizes given one by one, or as one list.
  package func sizes(_ name: String = "size") throws -> [Int] {
    let values = arguments.all(name)
    let members = values.count == 1 ? values[0].elements ?? values : values
    return try members.map { member in
      guard let size = member.integer else {
        throw Diagnostic(
          "bad-value", "`\(name)` takes whole numbers", at: arguments.range(of: name),
          in: arguments.source, caption: "this is \(member.phrase)")
      }
      return size
    }
  }

  /// The element type that the option `dtype` names.
  package func dtype() -> DType? {
    arguments.optionalString("dtype").flatMap(DType.init(named:))
  }
}

extension DType {
  /// The type of a name of PyTorch's.
  package init?(named name: String) {
    switch name {
    case "float": self = .float32
    case "double": self = .float64
    case "long", "int": self = .int64
    default: self.init(rawValue: name)
    }
  }
}

// MARK: - Common parameters

extension Parameter {
  /// A tensor that a function works on.
  package static let x = Parameter("x", .value("Tensor"), example: "t", help: "a tensor")

  /// The dimensions that a reduction takes together.
  package static let dim = Parameter(
    "dim", aliases: ["axis"], .anyOf([.integer(), .tuple(of: .integer()), .nothing]), .optional,
    example: "1", help: "the dimension, or several; all if it is left out")

  /// One dimension.
  package static func oneDim(_ usual: String) -> Parameter {
    Parameter("dim", aliases: ["axis"], .integer(), default: usual, help: "the dimension")
  }

  /// Whether reduced dimensions stay.
  package static let keepdim = Parameter(
    "keepdim", aliases: ["keepdims"], .boolean, default: "false",
    help: "whether the dimension stays, with size 1")

  /// Sizes of a new tensor.
  package static let size = Parameter(
    "size", .value("Int"), .rest(atLeast: 0), example: "2, 3", help: "sizes, one by one or a list")

  /// Element type of a new tensor.
  package static let dtype = Parameter(
    "dtype",
    .choice(
      [
        "float32", "float64", "int64", "int32", "int16", "int8", "uint8", "bool", "float", "double",
        "long", "int",
      ].map { Choice($0) }),
    .optional, example: "float64", isOptionOnly: true, help: "type of the elements")

  /// Whether the largest come first.
  package static let descending = Parameter(
    "descending", .boolean, default: "false", help: "whether the largest come first")
}

// MARK: - Declaring

extension Builtin {
  /// A function for formulas.
  package static func function(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ example: String, result: String? = "Tensor", details: String = "",
    run: @escaping @Sendable (Call) throws -> Value
  ) -> Builtin {
    Builtin(
      CommandSpec(
        name, aliases: aliases, form: .function, group: .functions, summary: summary,
        details: details, parameters: parameters, examples: [.init(example)], result: result),
      run: run)
  }

  /// A method of a kind of value.
  package static func method(
    of kind: String = "Tensor", _ name: String, aliases: [String] = [], _ summary: String,
    _ parameters: [Parameter] = [], _ example: String, result: String? = "Tensor",
    run: @escaping @Sendable (Call) throws -> Value
  ) -> Builtin {
    Builtin(
      CommandSpec(
        name, aliases: aliases, form: .method(of: kind), group: .functions, summary: summary,
        parameters: parameters, examples: [.init(example)], result: result), run: run)
  }

  /// The same as a function of a tensor and as its method.
  package static func both(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ arguments: String = "", result: String? = "Tensor",
    run: @escaping @Sendable (Call) throws -> Value
  ) -> [Builtin] {
    let others = arguments.isEmpty ? "" : ", \(arguments)"
    return [
      function(
        name, aliases: aliases, summary, [.x] + parameters,
        "\(name)(tensor([[1., 2.], [3., 4.]])\(others))", result: result, run: run),
      method(
        name, aliases: aliases, summary, parameters,
        "tensor([[1., 2.], [3., 4.]]).\(name)(\(arguments))", result: result, run: run),
    ]
  }

  /// What makes another tensor of a tensor, in both forms.
  package static func transformation(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ arguments: String = "", _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> [Builtin] {
    both(name, aliases: aliases, summary, parameters, arguments) { call in
      let x = try call.operand()
      return x.wrap(try apply(x.tensor, call))
    }
  }

  /// A function of each element, in both forms.
  package static func elementwise(
    _ name: String, aliases: [String] = [], _ summary: String, keepsIntegers: Bool = false,
    _ apply: @escaping @Sendable (Tensor) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    both(name, aliases: aliases, summary) { call in
      let operand = try call.numericOperand()
      // As in numpy, whole numbers become doubles, not floats.
      let isWhole = operand.isArray && !operand.tensor.dtype.isFloatingPoint && !keepsIntegers
      let x = isWhole ? try operand.tensor.converted(to: .float64) : operand.tensor
      let result = operand.wrap(try apply(x))
      // The smallest number has no opposite; a tensor's wraps, as in PyTorch.
      if call.isPlainNumber, case .int(.min) = result { throw Problem.tooLarge("the result") }
      return result
    }
  }

  /// A function of each element that gives whole numbers, in both forms: of a number an int.
  package static func rounding(
    _ name: String, aliases: [String] = [], _ summary: String,
    _ apply: @escaping @Sendable (Tensor) throws(TensorError) -> Tensor
  ) -> [Builtin] {
    both(name, aliases: aliases, summary) { call in
      let operand = try call.numericOperand()
      let result = try apply(operand.tensor)
      return try call.wholeNumber(result) ?? operand.wrap(result)
    }
  }
}

extension Call {
  /// A table argument.
  package func table(_ name: String) throws -> Table {
    switch arguments.value(name) {
    case .table(let view)?: view.table
    case .object(let series as Series)?: try arguments.required(name, series.table)
    default: try arguments.required(name, nil)
    }
  }
}

extension ParameterType {
  /// The two orders of a merged table.
  package static let rowOrder = ParameterType.choice([
    Choice("grouped", "by film, as pandas did before 2.2"),
    Choice("left", "as in the file, as pandas does since"),
  ])
}
