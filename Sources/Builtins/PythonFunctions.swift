package import CollabInterpreter
import CollabLanguage
import CollabPythonText
import CollabTables
import CollabTensors

/// Functions that Python has built in.
package enum PythonFunctions {
  package static let all: [Builtin] = [
    .function("len", "the number of members", [value], "len([1, 2, 3])", result: "Int") { call in
      switch call.arguments.value("x") ?? .none {
      case .string(let text): return .int(text.count)
      case .table(let view): return .int(view.table.rowCount)
      case .column(let column): return .int(column.count)
      case .tensor(let tensor), .array(let tensor):
        guard let count = tensor.shape.first else {
          throw Problem.wrongKind("`len`", expected: "several values", got: "a single number")
        }
        return .int(count)
      case let value:
        if case .object(let object) = value, let length = object.length { return .int(length) }
        return .int(try value.members().count)
      }
    },
    .function("list", "the members as a list", [optional], "list(range(5))", result: "List") {
      call in
      .list(try call.members())
    },
    .function("tuple", "the members as a tuple", [optional], "tuple([1, 2])", result: "Tuple") {
      call in
      .tuple(try call.members())
    },
    .function(
      "L", "the members as fastcore's list, which says how long it is", [optional, more],
      "L(range(10))",
      result: "List"
    ) { call in
      let more = call.arguments.all("more")
      guard let first = call.arguments.value("x") else { return .longList([]) }
      guard more.isEmpty else { return .longList([first] + more) }
      switch first {
      case .none: return .longList([])
      // One member, though they have several.
      case .string, .tensor, .array, .table, .column, .object(is Mapping):
        return .longList([first])
      default: return .longList((try? first.members()) ?? [first])
      }
    },
    .function(
      "range", "whole numbers, the end left out",
      [
        Parameter("start", .integer(), example: "0", help: "the first, or the end if alone"),
        Parameter("end", .integer(), .optional, example: "10", help: "the end"),
        Parameter("step", .integer(), default: "1", help: "the step"),
      ], "range(2, 10, 3)", result: "List"
    ) { call in
      let start = try call.arguments.int("start")
      let end = call.arguments.optionalInt("end")
      let step = try call.arguments.int("step")
      guard step != 0 else {
        throw Problem.wrongKind("`step`", expected: "another number", got: "0")
      }
      let (from, to) = end.map { (start, $0) } ?? (0, start)
      guard abs((Double(to) - Double(from)) / Double(step)) <= 10_000_000 else {
        throw Problem.tooLarge("the range")
      }
      let count = (Double(to) - Double(from)) / Double(step)
      try MemoryBudget.require(Int(clamping: count), of: 2 * MemoryLayout<Value>.stride)
      return .list(stride(from: from, to: to, by: step).map(Value.int))
    },
    .function(
      "zip", "tuples of the members of several lists",
      [Parameter("lists", .value("List"), .rest(atLeast: 1), example: "a, b", help: "lists")],
      "zip([1, 2], ['a', 'b'])", result: "List"
    ) { call in
      let lists = try call.arguments.all("lists").map { try $0.members() }
      let count = lists.map(\.count).min() ?? 0
      try MemoryBudget.require(count, of: (1 + lists.count) * Value.listedBytes)
      return .list((0..<count).map { row in .tuple(lists.map { $0[row] }) })
    },
    .function(
      "enumerate", "tuples of a number and a member",
      [value, Parameter("start", .integer(), default: "0", help: "the number of the first")],
      "enumerate(['a', 'b'], 1)", result: "List"
    ) { call in
      let members = try call.members()
      let start = try call.arguments.int("start")
      try MemoryBudget.require(members.count, of: 3 * Value.listedBytes)
      return .list(members.enumerated().map { .tuple([.int(start &+ $0.offset), $0.element]) })
    },
    .function(
      "sorted", "the members in order",
      [
        value, key, Parameter("reverse", .boolean, default: "false", help: "the largest first"),
      ], "sorted(['bb', 'a'], key=len)", result: "List"
    ) { call in .list(try call.sorted(call.members())) },
    .function(
      "map", "a function called on each member", [function, lists], "map(str, [1, 2])",
      result: "List"
    ) { call in
      let function = call.arguments.value("f") ?? .none
      let lists = try call.arguments.all("lists").map { try $0.members() }
      return .list(
        try (0..<(lists.map(\.count).min() ?? 0)).map { row in
          try call.apply(function, lists.map { $0[row] })
        })
    },
    .function(
      "filter", "the members of which a function is true, or that are true themselves",
      [
        Parameter(
          "f", .value("function"), example: "bool", help: "a function of one value, or none"),
        value,
      ], "filter(bool, [0, 1, 2])", result: "List"
    ) { call in
      let function = call.arguments.value("f") ?? .none
      return .list(
        try call.members().filter {
          try function.isNone ? $0.isTrue() : call.apply(function, $0).isTrue()
        })
    },
    .function(
      "reduce", "what a function of two values makes of the members, from the first on",
      [
        function, value,
        Parameter(
          "initial", .value(), .optional, example: "0", help: "what comes before the first"),
      ], "reduce(add, [1, 2, 3])", result: nil
    ) { call in
      try call.reduce(
        call.members(), by: call.arguments.value("f") ?? .none,
        from: call.arguments.value("initial"))
    },
    .function(
      "itemgetter", "a function that takes what is at an index",
      [
        Parameter(
          "indices", .value(), .rest(atLeast: 1), example: "1", help: "the index, or several")
      ],
      "sorted([(1, 'b'), (2, 'a')], key=itemgetter(1))", result: "function"
    ) { call in .object(ItemGetter(call.arguments.all("indices"))) },
    .function(
      "divmod", "the whole quotient of two numbers, and what is left", [first, second],
      "divmod(7, 2)", result: "Tuple"
    ) { call in
      let (a, b) = (call.arguments.value("a") ?? .none, call.arguments.value("b") ?? .none)
      return .tuple([
        try Arithmetic.apply(.floorDivide, a, b), try Arithmetic.apply(.remainder, a, b),
      ])
    },
    .function("ord", "the number of a character", [value], "ord('a')", result: "Int") { call in
      let text = try call.arguments.string("x").unicodeScalars
      guard let scalar = text.first, text.count == 1 else {
        throw Problem.wrongKind("`ord`", expected: "one character", got: "\(text.count)")
      }
      return .int(Int(scalar.value))
    },
    .function(
      "chr", "the character with a number",
      [Parameter("x", .integer(0...0x10FFFF), example: "97", help: "the number")], "chr(97)",
      result: "String"
    ) { call in
      guard let code = UInt32(exactly: try call.arguments.int("x")),
        let scalar = Unicode.Scalar(code)
      else { return try call.arguments.required("x", nil) }
      return .string(String(Character(scalar)))
    },
    based("hex", "x", "to base 16", "255"), based("bin", "b", "to base 2", "5"),
    based("oct", "o", "to base 8", "8"),
    .function(
      "callable", "whether a value can be called", [value], "callable(len)", result: "Bool"
    ) { call in
      switch call.arguments.value("x") {
      case .callable?, .module?, .object(is any CallableObject)?: return .bool(true)
      default: return .bool(false)
      }
    },
    .function(
      "isinstance", "whether a value is of a kind, or of one of several",
      [
        value,
        Parameter(
          "kind", .value("type"), example: "int", help: "a kind, such as str, L or torch.Tensor"),
      ], "isinstance(3, (int, float))", result: "Bool"
    ) { call in
      let value = call.arguments.value("x") ?? .none
      let kind = call.arguments.value("kind") ?? .none
      return .bool((kind.elements ?? [kind]).contains { value.isOfKind($0) })
    },
    .function(
      "hasattr", "whether a value has something of a name behind a dot", [value, name],
      "hasattr([1], 'index')", result: "Bool"
    ) { call in .bool((try? call.member()) != nil) },
    .function(
      "getattr", "what a value has behind a dot under a name",
      [
        value, name,
        Parameter("default", .value(), .optional, example: "0", help: "if it has none"),
      ],
      "getattr(ones(2), 'shape')", result: nil
    ) { call in
      do { return try call.member() } catch {
        guard let usual = call.arguments.value("default") else { throw error }
        return usual
      }
    },
    .function(
      "iter", "the members one by one, as `next` takes them", [value], "next(iter([1, 2]))",
      result: "iterator"
    ) { call in .object(MemberIterator(try call.members())) },
    .function(
      "next", "the next member of an iterator, or the first of a list",
      [
        value,
        Parameter("default", .value(), .optional, example: "0", help: "if there is none"),
      ], "next(x for x in [1, 2, 3] if x > 1)", result: nil
    ) { call in
      let next =
        if case .object(let iterator as MemberIterator)? = call.arguments.value("x") {
          iterator.next()
        } else {
          try call.members().first
        }
      guard let value = next ?? call.arguments.value("default") else {
        throw Problem.wrongKind("`next`", expected: "one more member, or a default", got: "none")
      }
      return value
    },
    .function(
      "reversed", "the members from the last to the first", [value], "reversed([1, 2])",
      result: "List"
    ) {
      call in
      let members = try call.members().reversed()
      if case .longList? = call.arguments.value("x") { return .longList(Array(members)) }
      return .list(Array(members))
    },
    aggregate("sum", "the sum of the members", "sum([a*b for a, b in zip([1, 2, 3], [4, 5, 6])])") {
      members, _ in
      // What it begins with may be a list, to which lists are added.
      guard let first = members.first, first.elements != nil else {
        return try members.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
      }
      return try members.dropFirst().reduce(first) { try Arithmetic.apply(.add, $0, $1) }
    },
    aggregate("max", "the largest of the members", "max([3, 1, 2])", byKey) { members, call in
      try call.extreme(members, .greater)
    },
    aggregate("min", "the smallest of the members", "min(['bb', 'a'], key=len)", byKey) {
      members, call in try call.extreme(members, .less)
    },
    aggregate("any", "whether one of the members is true", "any([0, 1])") { members, _ in
      .bool(try members.contains { try $0.isTrue() })
    },
    aggregate("all", "whether all of the members are true", "all([0, 1])") { members, _ in
      .bool(try members.allSatisfy { try $0.isTrue() })
    },
    aggregate("mean", "the mean of the members", "mean([1, 2, 6])") { members, _ in
      let sum = try members.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
      return try Arithmetic.apply(.divide, sum, .int(members.count))
    },
    .function(
      "int", "a whole number, without the fraction",
      [
        optional,
        Parameter("base", .integer(2...36), default: "10", help: "of the digits in a text"),
      ], "int(3.7)", result: "Int"
    ) { call in
      guard call.arguments.isGiven("x") else { return .int(0) }
      switch call.arguments.value("x") ?? .none {
      case .string(let text):
        let base = try call.arguments.int("base")
        let digits = text.filter { $0 != "_" && !$0.isWhitespace }.withoutPrefix(ofBase: base)
        guard let number = Int(digits, radix: base) else {
          throw unreadable(text, "a whole number")
        }
        return .int(number)
      case let value:
        let whole =
          value.integer ?? value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
        guard let whole else {
          throw Problem.wrongKind("`int`", expected: "a number", got: value.text)
        }
        return .int(whole)
      }
    },
    .function("float", "a number with a fraction", [optional], "float(3)", result: "Double") {
      call in
      guard call.arguments.isGiven("x") else { return .double(0) }
      switch call.arguments.value("x") ?? .none {
      case .string(let text):
        let digits = text.filter { $0 != "_" && !$0.isWhitespace }
        guard let number = Double(digits) else { throw unreadable(text, "a number") }
        return .double(number)
      case let value:
        guard let number = value.number else {
          throw Problem.wrongKind("`float`", expected: "a number", got: value.phrase)
        }
        return .double(number)
      }
    },
    .function("str", "a value as text", [optional], "str(3.5)", result: "String") { call in
      .string(call.arguments.value("x")?.text ?? "")
    },
    .function(
      "hash", "a whole number that is the same for values that are equal", [value], "hash(1)",
      result: "Int"
    ) { call in .int(try (call.arguments.value("x") ?? .none).hash()) },
    .function("repr", "a value as it is shown", [value], "repr('a')", result: "String") { call in
      .string((call.arguments.value("x") ?? .none).display)
    },
    .function("bool", "whether a value counts as true", [optional], "bool([])", result: "Bool") {
      call in
      .bool(try call.arguments.value("x")?.isTrue() ?? false)
    },
    .function("type", "the kind of a value", [value], "type(1.5)", result: "String") { call in
      .object(TypeName((call.arguments.value("x") ?? .none).pythonType))
    },
  ]

  private static let value = Parameter("x", .value(), example: "[1, 2]", help: "a value")
  private static let more = Parameter(
    "more", .value(), .rest(atLeast: 0), example: "3", help: "further members")
  private static let optional = Parameter(
    "x", .value(), .optional, example: "[1, 2]", help: "a value with members")

  private static let function = Parameter(
    "f", .value("function"), example: "str", help: "a function")
  private static let lists = Parameter(
    "lists", .value("List"), .rest(atLeast: 1), example: "a", help: "a list for each argument")
  private static let key = Parameter(
    "key", .value("function"), .optional, example: "len", isOptionOnly: true,
    help: "a function that gives what is compared")
  private static let byKey = [
    key,
    Parameter(
      "default", .value(), .optional, example: "0", isOptionOnly: true,
      help: "what there is of no members"),
  ]
  private static let name = Parameter("name", .string, example: "'shape'", help: "the name")
  private static let first = Parameter("a", .value("number"), example: "7", help: "a number")
  private static let second = Parameter("b", .value("number"), example: "2", help: "another")

  private static func based(
    _ name: String, _ type: String, _ base: String, _ example: String
  ) -> Builtin {
    .function(
      name, "a whole number \(base), as text",
      [Parameter("x", .integer(), example: example, help: "a whole number")],
      "\(name)(\(example))", result: "String"
    ) { call in
      .string(try PythonFormat.text(.integer(call.arguments.int("x")), spec: "#" + type))
    }
  }

  private static func unreadable(_ text: String, _ what: String) -> Problem {
    .wrongKind("this", expected: "the text of \(what)", got: Value.string(text).display)
  }

  /// A function of the members of one value, or of several values; of a tensor its method.
  private static func aggregate(
    _ name: String, _ summary: String, _ example: String, _ options: [Parameter] = [],
    _ reduce: @escaping @Sendable ([Value], Call) throws -> Value
  ) -> Builtin {
    .function(
      name, "\(summary); of a tensor the same as its method",
      [
        Parameter("x", .value(), example: "[1, 2]", help: "a list or a tensor"),
        Parameter(
          "more", .value(), .rest(atLeast: 0), example: "3",
          help: "further members, or the dimension of a tensor"),
        Parameter(
          "dim", aliases: ["axis"], .anyOf([.integer(), .tuple(of: .integer()), .nothing]),
          .optional, example: "1", isOptionOnly: true, help: "the dimension of a tensor"),
        Parameter(
          "keepdim", aliases: ["keepdims"], .boolean, default: "false", isOptionOnly: true,
          help: "whether the dimension stays"),
      ] + options, example, result: nil
    ) { call in
      let first = call.arguments.value("x") ?? .none
      switch first {
      case .tensor where call.arguments.all("more").first?.asTensor?.shape.isEmpty == false,
        .array where call.arguments.all("more").first?.asTensor?.shape.isEmpty == false:
        guard let other = call.arguments.all("more").first?.asTensor, let tensor = first.asTensor,
          ["max", "min"].contains(name)
        else { break }
        return .tensor(try name == "max" ? .maximum(tensor, other) : .minimum(tensor, other))
      case .tensor, .array, .column:
        if let method = call.scope.library.tensorMethods[name] {
          return try method.run(call.onTensor(first))
        }
      default: break
      }
      let more = call.arguments.all("more")
      guard name == "sum", more.count == 1, let members = first.elements else {
        return try reduce(more.isEmpty ? first.members() : [first] + more, call)
      }
      // What the sum begins with.
      return try reduce(more + members, call)
    }
  }
}

/// `itemgetter(1)`: called with something that has a member there.
private final class ItemGetter: CallableObject {
  private let indices: [Value]

  init(_ indices: [Value]) { self.indices = indices }

  var typeName: String { "itemgetter" }
  var display: String { "itemgetter(\(indices.map(\.display).joined(separator: ", ")))" }

  func call(_ arguments: [Value]) throws -> Value {
    guard let value = arguments.first, arguments.count == 1 else {
      throw Problem.wrongKind("itemgetter", expected: "one value", got: "\(arguments.count)")
    }
    let parts = try indices.map { try value.item(at: $0) }
    return parts.count == 1 ? parts[0] : .tuple(parts)
  }
}

/// What `iter` gives: members of which `next` takes one after the other.
private final class MemberIterator: SessionObject {
  private var rest: ArraySlice<Value>

  init(_ members: [Value]) { rest = members[...] }

  var typeName: String { "iterator" }
  var display: String { "<iterator of \(rest.count)>" }

  /// What has not been taken yet.
  func members() -> [Value]? { Array(rest) }

  func next() -> Value? { rest.popFirst() }
}

extension Value {
  /// Whether this is of the kind that another value names.
  fileprivate func isOfKind(_ kind: Value) -> Bool {
    switch kind {
    case .object(let type as TypeName):
      return type.display == pythonType || type.display.split(separator: ".").last == typeName[...]
    case .callable(let model as DefinedModel):
      return typeName == model.definition.name.name
    case .callable(let callable):
      if case .bool = self, callable.name == "int" { return true }
      if case .longList = self { return callable.name == "L" }
      return callable.name == typeName
    default: return false
    }
  }
}

extension String {
  /// The digits of a number without `0x`, `0o` or `0b`, where the base is that.
  fileprivate func withoutPrefix(ofBase base: Int) -> String {
    guard let letter = [16: "x", 8: "o", 2: "b"][base] else { return self }
    let sign = hasPrefix("-") ? "-" : ""
    let rest = dropFirst(sign.count)
    return rest.lowercased().hasPrefix("0\(letter)") ? sign + rest.dropFirst(2) : self
  }
}

extension Call {
  /// The members of the argument `x`; none if it is not given.
  fileprivate func members() throws -> [Value] {
    guard let value = arguments.value("x") else { return [] }
    return try blaming("x") { try value.members() }
  }

  /// What the argument `x` has behind a dot under the name that the argument `name` gives.
  fileprivate func member() throws -> Value {
    let name = Identifier(try arguments.string("name"), at: arguments.range(of: "name"))
    return try (arguments.value("x") ?? .none).member(
      name, of: scope.library, in: arguments.source)
  }

  /// The first of the members that no other is better than.
  fileprivate func extreme(_ members: [Value], _ better: Operator.Kind) throws -> Value {
    guard var best = members.first else {
      if let usual = arguments.value("default") { return usual }
      throw Problem.wrongKind(
        "`\(arguments.spec.name)`", expected: "at least one member", got: "none")
    }
    let key = arguments.value("key").flatMap { $0.isNone ? nil : $0 }
    func rank(_ member: Value) throws -> Value { try key.map { try apply($0, member) } ?? member }
    var rankOfBest = try rank(best)
    for member in members.dropFirst() {
      let rank = try rank(member)
      guard try Arithmetic.apply(better, rank, rankOfBest).isTrue() else { continue }
      (best, rankOfBest) = (member, rank)
    }
    return best
  }

  /// The same call as a method of a tensor; a further member is the dimension.
  fileprivate func onTensor(_ value: Value) throws -> Call {
    var receiver = value
    if case .column(let column) = value { receiver = .array(try column.tensor()) }
    var arguments = arguments
    if let dimension = arguments.all("more").first, let place = arguments.signature.place(of: "dim")
    {
      arguments = try arguments.adding(dimension, to: place, at: arguments.range(of: "more"))
    }
    return Call(scope: scope, arguments: arguments, receiver: receiver)
  }
}
