package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// Python's `collections` and `functools`: counters, dicts with defaults, tuples with names, functions
/// with arguments.
package enum CollectionFunctions {
  package static let all: [Builtin] = makers + counting

  private static let members = Parameter(
    "x", .value(), .optional, example: "'hello'", help: "what is counted, or a dict of counts")

  private static let makers: [Builtin] = [
    .function(
      "Counter", "a dict that counts members",
      [
        members,
        Parameter("counts", .value(), .anyName, example: "a=3", help: "counts of names"),
      ], "Counter('hello')", result: "Counter"
    ) { call in
      let counter = Mapping(.counter)
      try counter.count(call.arguments.value("x"), by: 1)
      for (name, count) in call.arguments.named("counts") {
        try counter.set(.string(name), to: count)
      }
      return .object(counter)
    },
    .function(
      "defaultdict", "a dict that gives keys a value when they are first asked for",
      [
        Parameter(
          "maker", .value("function"), .optional, example: "list",
          help: "a function that makes the value: int, list, set, lambda: 0"),
        Parameter("pairs", .value(), .optional, example: "{'a': 1}", help: "a dict, or pairs"),
      ], "defaultdict(list)", result: "defaultdict"
    ) { call in
      let maker = call.arguments.value("maker") ?? .none
      let kind: Mapping.Kind =
        maker.isNone
        ? .dict : .defaults(try call.apply(maker, []), maker: maker.makerText)
      let mapping = Mapping(kind)
      if case .object(let other as Mapping)? = call.arguments.value("pairs") {
        for (key, value) in zip(other.keys, other.values) { try mapping.set(key, to: value) }
      }
      return .object(mapping)
    },
    .function(
      "namedtuple", "a kind of tuple whose members have names",
      [
        Parameter("name", .string, example: "'Point'", help: "what the kind is called"),
        Parameter(
          "names", aliases: ["field_names"], .value("List"), example: "'x y'",
          help: "the names of the members"),
        Parameter(
          "defaults", .value("List"), .optional, example: "(0,)", isOptionOnly: true,
          help: "values of the last members, where they are left out"),
      ], "namedtuple('Point', 'x y')(1, 2)", result: "type"
    ) { call in
      let given = call.arguments.value("names") ?? .none
      let names: [String] =
        if case .string(let text) = given {
          text.split { $0 == " " || $0 == "," }.map(String.init)
        } else { try given.members().map(\.text) }
      let usual = try call.arguments.value("defaults")?.members() ?? []
      guard !names.isEmpty, Set(names).count == names.count, usual.count <= names.count else {
        throw Problem.wrongKind("`namedtuple`", expected: "different names", got: given.text)
      }
      return .callable(NamedTupleMaker(try call.arguments.string("name"), names, usual: usual))
    },
    .method(
      of: "NamedTuple", "_asdict", "a dict of the names and the members", [],
      "namedtuple('Point', 'x y')(1, 2)._asdict()", result: "dict"
    ) { call in
      let tuple = try call.namedTuple
      return .object(
        try Mapping(zip(tuple.memberNames, tuple.values).map { (.string($0), $1) }))
    },
    .method(
      of: "NamedTuple", "_replace", "the tuple with other members in place of some",
      [Parameter("values", .value(), .anyName, example: "x=3", help: "the others")],
      "namedtuple('Point', 'x y')(1, 2)._replace(x=3)", result: nil
    ) { call in
      let tuple = try call.namedTuple
      var values = tuple.values
      for (name, value) in call.arguments.named("values") {
        guard let place = tuple.memberNames.firstIndex(of: name) else {
          throw Problem.missingKey(name, in: "the tuple", near: tuple.memberNames)
        }
        values[place] = value
      }
      return .object(NamedTuple(tuple.typeName, tuple.memberNames, values))
    },
    .function(
      "partial", "a function some of whose arguments are given already",
      [
        Parameter("f", .value("function"), example: "pow", help: "the function"),
        Parameter(
          "first", .value(), .rest(atLeast: 0), example: "2", help: "arguments that come first"),
        Parameter("named", .value(), .anyName, example: "base=2", help: "arguments with names"),
      ], "partial(pow, 2)(3)", result: "function"
    ) { call in
      let range = call.arguments.range
      return .callable(
        try PartialFunction(
          call.arguments.value("f") ?? .none,
          call.arguments.all("first").map {
            EvaluatedArgument(name: nil, value: $0, range: range)
          },
          call.arguments.named("named").map {
            EvaluatedArgument(name: Identifier($0.name, at: range), value: $0.value, range: range)
          }))
    },
    copying("copy", "dicts and sets in it stay the same ones") { value in
      switch value {
      case .object(let mapping as Mapping): .object(try mapping.copied { $0 })
      case .object(let set as ValueSet): .object(try ValueSet(set.members() ?? []))
      default: value
      }
    },
    copying("deepcopy", "with copies of all that is in it") { try $0.deeplyCopied() },
    .method(
      of: "class dict", "fromkeys", "a dict of some keys that all have one value",
      [
        Parameter("keys", .value("List"), example: "['a', 'b']", help: "the keys"),
        Parameter("value", .value(), .optional, example: "0", help: "their value"),
      ], "dict.fromkeys(['a', 'b'], 0)", result: "dict"
    ) { call in
      let value = call.arguments.value("value") ?? .none
      let keys = try (call.arguments.value("keys") ?? .none).members()
      return .object(try Mapping(keys.map { ($0, value) }))
    },
    .function(
      "frozenset", "a set that stays as it is, so that it may be a key of a dict",
      [Parameter("x", .value("List"), .optional, example: "[1, 2]", help: "the members")],
      "frozenset([1, 2, 1])", result: "frozenset"
    ) { call in
      .object(try ValueSet(call.arguments.value("x")?.members() ?? [], isFrozen: true))
    },
  ]

  private static func copying(
    _ name: String, _ how: String, _ copy: @escaping @Sendable (Value) throws -> Value
  ) -> Builtin {
    .method(
      of: "copy", name, "a copy of a value, \(how)",
      [Parameter("x", .value(), example: "[1, [2]]", help: "the value")],
      "copy.\(name)([1, [2]])", result: nil
    ) { call in try copy(call.arguments.value("x") ?? .none) }
  }

  // MARK: - Counters

  private static let counting: [Builtin] = [
    .method(
      of: "Counter", "most_common", "tuples of a member and its count, the most frequent first",
      [
        Parameter(
          "n", .integer(), .optional, example: "2", help: "how many; all if it is left out")
      ], "Counter('hello').most_common(2)", result: "List"
    ) { call in
      let all = try call.counter.mostCommon().map { Value.tuple([$0, $1]) }
      return .list(Array(all.prefix(max(call.arguments.optionalInt("n") ?? all.count, 0))))
    },
    .method(
      of: "Counter", "elements", "each member as often as it was counted", [],
      "Counter('hello').elements()", result: "List"
    ) { call in
      let counter = try call.counter
      let counts = counter.values.map { max($0.integer ?? 0, 0) }
      try MemoryBudget.require(counts.cappedSum, of: Value.listedBytes)
      return .list(
        zip(counter.keys, counts).flatMap { Array(repeating: $0, count: $1) })
    },
    .method(
      of: "Counter", "total", "the sum of the counts", [], "Counter('hello').total()",
      result: "Int"
    ) { call in
      try call.counter.values.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
    },
    .method(
      of: "Counter", "update", "counts further members", [members],
      "Counter('hello').update('a')", result: nil
    ) { call in
      try call.counter.count(call.arguments.value("x"), by: 1)
      return .none
    },
    .method(
      of: "Counter", "subtract", "takes the counts of members off", [members],
      "Counter('hello').subtract('a')", result: nil
    ) { call in
      try call.counter.count(call.arguments.value("x"), by: -1)
      return .none
    },
  ]
}

extension Mapping {
  /// Counts members, or adds the counts of a dict.
  fileprivate func count(_ value: Value?, by sign: Int) throws {
    let counted: [(Value, Value)] =
      if case .object(let other as Mapping)? = value {
        zip(other.keys, other.values).map { ($0, $1) }
      } else { try (value ?? .list([])).members().map { ($0, .int(1)) } }
    for (key, number) in counted {
      let change = try Arithmetic.apply(.multiply, number, .int(sign))
      try set(key, to: Arithmetic.apply(.add, element(key), change))
    }
  }
}

extension Mapping {
  /// Another mapping with the same keys, and what is made of the values.
  fileprivate func copied(_ make: (Value) throws -> Value) throws -> Mapping {
    let copy = Mapping(kind)
    for (key, value) in zip(keys, values) { try copy.set(key, to: make(value)) }
    return copy
  }
}

extension Value {
  /// A copy with copies of all that is in it.
  fileprivate func deeplyCopied() throws -> Value {
    switch self {
    case .list(let members): .list(try members.map { try $0.deeplyCopied() })
    case .longList(let members): .longList(try members.map { try $0.deeplyCopied() })
    case .tuple(let members): .tuple(try members.map { try $0.deeplyCopied() })
    case .object(let mapping as Mapping): .object(try mapping.copied { try $0.deeplyCopied() })
    case .object(let set as ValueSet): .object(try ValueSet(set.members() ?? []))
    case .tensor(let tensor): .tensor(try tensor.copied())
    case .array(let tensor): .array(try tensor.copied())
    default: self
    }
  }

  /// A function as a `defaultdict` shows it.
  fileprivate var makerText: String {
    guard case .callable(let function as BuiltinFunction) = self else { return display }
    return "<class '\(function.name)'>"
  }
}

extension Call {
  /// The counter before the dot.
  fileprivate var counter: Mapping {
    get throws { try objectReceiver(expected: "a Counter") }
  }

  /// The tuple before the dot.
  fileprivate var namedTuple: NamedTuple {
    get throws { try objectReceiver(expected: "a named tuple") }
  }
}
