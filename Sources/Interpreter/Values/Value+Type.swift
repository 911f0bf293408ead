import CollabTensors

extension Value {
  /// The kind as Python calls it in full.
  package var pythonType: String {
    switch self {
    case .none: "NoneType"
    case .tensor(let tensor): tensor.isParameter ? "torch.nn.parameter.Parameter" : "torch.Tensor"
    case .array: "numpy.ndarray"
    case .size: "torch.Size"
    case .longList: "fastcore.foundation.L"
    case .table: "pandas.core.frame.DataFrame"
    case .column: "pandas.core.series.Series"
    case .object(is Series): "pandas.core.series.Series"
    case .object(let mapping as Mapping):
      if case .dict = mapping.kind { "dict" } else { "collections.\(mapping.typeName)" }
    case .callable(let function as BuiltinFunction):
      Self.makers.contains(function.name) ? "type" : "builtin_function_or_method"
    case .callable(let method as BoundMethod):
      method.receiver.pythonType.contains(".") ? "method" : "builtin_function_or_method"
    default: typeName
    }
  }

  /// Functions that are types in Python.
  private static let makers: Set = [
    "int", "float", "str", "bool", "list", "tuple", "dict", "set", "frozenset", "range", "zip",
    "enumerate", "map", "filter", "reversed", "type", "L",
  ]

  /// A whole number that is the same for values that are equal; of numbers as in Python.
  package func hash() throws -> Int {
    let prime = (1 << 61) - 1
    switch self {
    case .none: return 0
    case .bool(let flag): return flag ? 1 : 0
    case .int(let number):
      let rest = number % prime
      // Python keeps −1 for errors.
      return rest == -1 ? -2 : rest
    case .double(let number):
      if let whole = Int(exactly: number) { return try Value.int(whole).hash() }
      return Int(truncatingIfNeeded: number.bitPattern) % prime
    case .string(let text):
      return text.utf8.reduce(5381) { ($0 &* 33 &+ Int($1)) % prime }
    case .tuple(let members):
      return try members.reduce(3_430_008) { try ($0 &* 1_000_003 &+ $1.hash()) % prime }
    default:
      throw Problem.wrongKind(
        "`hash`", expected: "a text, a number or a tuple of them", got: phrase)
    }
  }
}
