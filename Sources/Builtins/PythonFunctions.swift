package import CollabInterpreter
import CollabLanguage
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
      guard let first = call.arguments.value("x"), more.isEmpty, !first.isPlainNumber else {
        return .longList([call.arguments.value("x")].compactMap(\.self) + more)
      }
      return .longList(try call.members())
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
      "enumerate", "tuples of a number and a member", [value], "enumerate(['a', 'b'])",
      result: "List"
    ) { call in
      let members = try call.members()
      try MemoryBudget.require(members.count, of: 3 * Value.listedBytes)
      return .list(members.enumerated().map { .tuple([.int($0.offset), $0.element]) })
    },
    .function(
      "sorted", "the members in order",
      [value, Parameter("reverse", .boolean, default: "false", help: "the largest first")],
      "sorted([3, 1, 2])", result: "List"
    ) { call in
      let isReversed = try call.arguments.bool("reverse")
      var members = try call.members()
      try members.sort { a, b in
        try Arithmetic.apply(.less, isReversed ? b : a, isReversed ? a : b).isTrue()
      }
      return .list(members)
    },
    .function(
      "reversed", "the members from the last to the first", [value], "reversed([1, 2])",
      result: "List"
    ) {
      call in .list(try call.members().reversed())
    },
    aggregate("sum", "the sum of the members", "sum([a*b for a, b in zip([1, 2, 3], [4, 5, 6])])") {
      members in
      try members.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
    },
    aggregate("max", "the largest of the members", "max([3, 1, 2])") {
      try extreme($0, .greater, "max")
    },
    aggregate("min", "the smallest of the members", "min(3, 1, 2)") {
      try extreme($0, .less, "min")
    },
    aggregate("any", "whether one of the members is true", "any([0, 1])") { members in
      .bool(try members.contains { try $0.isTrue() })
    },
    aggregate("all", "whether all of the members are true", "all([0, 1])") { members in
      .bool(try members.allSatisfy { try $0.isTrue() })
    },
    aggregate("mean", "the mean of the members", "mean([1, 2, 6])") { members in
      let sum = try members.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
      return try Arithmetic.apply(.divide, sum, .int(members.count))
    },
    .function("int", "a whole number, without the fraction", [value], "int(3.7)", result: "Int") {
      call in
      switch call.arguments.value("x") ?? .none {
      case .string(let text):
        guard let number = Int(text) else { throw unreadable(text, "a whole number") }
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
    .function("float", "a number with a fraction", [value], "float(3)", result: "Double") { call in
      switch call.arguments.value("x") ?? .none {
      case .string(let text):
        guard let number = Double(text) else { throw unreadable(text, "a number") }
        return .double(number)
      case let value:
        guard let number = value.number else {
          throw Problem.wrongKind("`float`", expected: "a number", got: value.phrase)
        }
        return .double(number)
      }
    },
    .function("str", "a value as text", [value], "str(3.5)", result: "String") { call in
      .string((call.arguments.value("x") ?? .none).text)
    },
    .function("repr", "a value as it is shown", [value], "repr('a')", result: "String") { call in
      .string((call.arguments.value("x") ?? .none).display)
    },
    .function("bool", "whether a value counts as true", [value], "bool([])", result: "Bool") {
      call in
      .bool(try (call.arguments.value("x") ?? .none).isTrue())
    },
    .function("type", "the kind of a value", [value], "type(1.5)", result: "String") { call in
      .object(TypeName((call.arguments.value("x") ?? .none).typeName))
    },
    .method(
      of: "String", "upper", "the text in capital letters", [], "'a'.upper()", result: "String"
    ) { call in
      .string(call.receiver.text.uppercased())
    },
    .method(of: "String", "lower", "the text in small letters", [], "'A'.lower()", result: "String")
    { call in
      .string(call.receiver.text.lowercased())
    },
    .method(
      of: "String", "split", "the parts of the text between separators",
      [
        Parameter(
          "separator", .string, .optional, example: "'|'", help: "white space if it is left out")
      ],
      "'a b'.split()", result: "List"
    ) { call in
      let text = call.receiver.text
      guard let separator = call.arguments.optionalString("separator"), !separator.isEmpty else {
        return .list(text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
      }
      return .list(
        text.split(separator: separator, omittingEmptySubsequences: false).map {
          .string(String($0))
        })
    },
    .method(
      of: "String", "join", "texts in a row, with this one between them",
      [Parameter("texts", .value("List"), example: "['a', 'b']", help: "texts")],
      "', '.join(['a', 'b'])", result: "String"
    ) { call in
      let texts = try call.blaming("texts") {
        try (call.arguments.value("texts") ?? .none).members().map { member in
          guard case .string(let text) = member else {
            throw Problem.wrongKind("`join`", expected: "texts", got: member.phrase)
          }
          return text
        }
      }
      return try .joining(texts, separator: call.receiver.text)
    },
    .method(
      of: "List", "index", "where a member first is",
      [Parameter("x", .value(), example: "2", help: "the member")], "[3, 2, 1].index(2)",
      result: "Int"
    ) { call in
      let member = call.arguments.value("x") ?? .none
      guard
        let place = try call.receiver.members().firstIndex(where: { Arithmetic.equal($0, member) })
      else { throw Problem.missingKey(member.display, in: "the list", near: []) }
      return .int(place)
    },
    .method(
      of: "List", "count", "how often a member occurs",
      [Parameter("x", .value(), example: "2", help: "the member")], "[2, 1, 2].count(2)",
      result: "Int"
    ) { call in
      let member = call.arguments.value("x") ?? .none
      return .int(try call.receiver.members().count { Arithmetic.equal($0, member) })
    },
    .method(
      of: "String", "startswith", "whether the text begins with another",
      [Parameter("prefix", .string, example: "'Star'", help: "the beginning")],
      "'Star Wars'.startswith('Star')", result: "Bool"
    ) { call in .bool(call.receiver.text.hasPrefix(try call.arguments.string("prefix"))) },
    .method(
      of: "List", "map", "the list with a function called on each member",
      [Parameter("f", .value("function"), example: "str", help: "a function of one value")],
      "L(range(3)).map(str)", result: "List"
    ) { call in
      let function = call.arguments.value("f") ?? .none
      let results = try call.receiver.members().map { member in
        try Evaluator(call.scope, call.arguments.source).apply(
          function, to: member, at: call.arguments.range)
      }
      if case .longList = call.receiver { return .longList(results) }
      return .list(results)
    },
  ]

  private static let value = Parameter("x", .value(), example: "[1, 2]", help: "a value")
  private static let more = Parameter(
    "more", .value(), .rest(atLeast: 0), example: "3", help: "further members")
  private static let optional = Parameter(
    "x", .value(), .optional, example: "[1, 2]", help: "a value with members")

  private static func unreadable(_ text: String, _ what: String) -> Problem {
    .wrongKind("this", expected: "the text of \(what)", got: Value.string(text).display)
  }

  /// A function of the members of one value, or of several values; of a tensor its method.
  private static func aggregate(
    _ name: String, _ summary: String, _ example: String,
    _ reduce: @escaping @Sendable ([Value]) throws -> Value
  ) -> Builtin {
    .function(
      name, "\(summary); of a tensor the same as its method",
      [
        Parameter("x", .value(), example: "[1, 2]", help: "a list or a tensor"),
        Parameter(
          "more", .value(), .rest(atLeast: 0), example: "3",
          help: "further members, or the dimension of a tensor"),
        Parameter(
          "dim", .anyOf([.integer(), .tuple(of: .integer()), .nothing]), .optional, example: "1",
          isOptionOnly: true, help: "the dimension of a tensor"),
        Parameter(
          "keepdim", .boolean, default: "false", isOptionOnly: true,
          help: "whether the dimension stays"),
      ], example, result: nil
    ) { call in
      let first = call.arguments.value("x") ?? .none
      switch first {
      case .tensor, .array, .column:
        if let method = call.scope.library.tensorMethods[name] {
          return try method.run(call.onTensor(first))
        }
      default: break
      }
      let more = call.arguments.all("more")
      return try reduce(more.isEmpty ? first.members() : [first] + more)
    }
  }

  private static func extreme(_ members: [Value], _ better: Operator.Kind, _ name: String) throws
    -> Value
  {
    guard var best = members.first else {
      throw Problem.wrongKind("`\(name)`", expected: "at least one member", got: "none")
    }
    for member in members.dropFirst() where try Arithmetic.apply(better, member, best).isTrue() {
      best = member
    }
    return best
  }
}

extension Call {
  /// The members of the argument `x`; none if it is not given.
  fileprivate func members() throws -> [Value] {
    guard let value = arguments.value("x") else { return [] }
    return try blaming("x") { try value.members() }
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
