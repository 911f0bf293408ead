package import CollabInterpreter
import CollabLanguage
import CollabRandomness
package import CollabTensors

/// Methods of lists that leave them as they are, under the names of Python and of fastcore's `L`.
package enum SequenceMethods {
  package static let all = looking + mapping + combining

  private static let member = Parameter("x", .value(), example: "2", help: "the member")
  private static let function = Parameter(
    "f", .value("function"), example: "str", help: "a function of one value")
  private static let key = Parameter(
    "key", .value("function"), .optional, example: "len",
    help: "a function that gives what is compared")
  private static let reverse = Parameter(
    "reverse", .boolean, default: "false", help: "the largest first")

  private static func list(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ example: String,
    result: String? = "List", _ run: @escaping @Sendable ([Value], Call) throws -> Value
  ) -> Builtin {
    .method(of: "List", name, summary, parameters, example, result: result) { call in
      try run(call.receiver.members(), call)
    }
  }

  // MARK: - Looking

  private static let looking: [Builtin] = [
    list("index", "where a member first is", [member], "[3, 2, 1].index(2)", result: "Int") {
      members, call in
      let member = call.arguments.value("x") ?? .none
      guard let place = members.firstIndex(where: { Arithmetic.equal($0, member) }) else {
        throw Problem.missingKey(member.display, in: "the list", near: [])
      }
      return .int(place)
    },
    list("count", "how often a member occurs", [member], "[2, 1, 2].count(2)", result: "Int") {
      members, call in
      let member = call.arguments.value("x") ?? .none
      return .int(members.count { Arithmetic.equal($0, member) })
    },
    list("argwhere", "where a function is true of members", [function], "L(0, 3, 0).argwhere(bool)")
    { members, call in
      let function = call.arguments.value("f") ?? .none
      return .longList(
        try members.indices.filter { try call.apply(function, members[$0]).isTrue() }.map(Value.int)
      )
    },
    list("copy", "the same members in a list of its own", [], "[1, 2].copy()") { members, call in
      call.alike(members)
    },
    list("tolist", "the members as a list", [], "L(1, 2).tolist()") { members, _ in
      .list(members)
    },
  ]

  // MARK: - Going through all

  private static let mapping: [Builtin] = [
    list(
      "map", "the list with a function called on each member",
      [
        function,
        Parameter(
          "more", .value(), .rest(atLeast: 0), example: "1",
          help: "further arguments of the function"),
      ], "L(range(3)).map(str)"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      let more = call.arguments.all("more")
      return call.alike(try members.map { try call.apply(function, [$0] + more) })
    },
    list(
      "map_dict", "a dict of members and what a function gives for each", [function],
      "L(1, 2).map_dict(str)", result: "dict"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      let mapping = Mapping()
      for member in members { try mapping.set(member, to: call.apply(function, member)) }
      return .object(mapping)
    },
    list(
      "val2idx", "a dict of members and their places", [], "L('a', 'b').val2idx()", result: "dict"
    ) {
      members, _ in
      let mapping = Mapping()
      for (place, member) in members.enumerated() { try mapping.set(member, to: .int(place)) }
      return .object(mapping)
    },
    list(
      "first", "the first member of which a function is true, or none", [function],
      "L(0, 3).first(bool)", result: nil
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      return try members.first { try call.apply(function, $0).isTrue() } ?? .none
    },
    list(
      "starmap", "the list with a function called on the parts of each member",
      [function], "L((1, 2), (3, 4)).starmap(add)"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      return call.alike(try members.map { try call.apply(function, $0.members()) })
    },
    list(
      "filter", "the members of which a function is true, or that are true themselves",
      [
        Parameter(
          "f", .value("function"), .optional, example: "bool", help: "a function of one value"),
        Parameter("negate", .boolean, default: "false", help: "whether it shall be false"),
      ], "L(0, 1, 2).filter(bool)"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      let isNegated = try call.arguments.bool("negate")
      return call.alike(
        try members.filter {
          try (function.isNone ? $0 : call.apply(function, $0)).isTrue() != isNegated
        })
    },
    list("sorted", "the members in order", [key, reverse], "L(3, 1, 2).sorted()") {
      members, call in call.alike(try call.sorted(members))
    },
    list(
      "unique", "each member once, in the order in which they first occur",
      [Parameter("sort", .boolean, default: "false", help: "whether the smallest come first")],
      "L(2, 1, 2).unique()"
    ) { members, call in
      let distinct = members.distinct()
      guard try call.arguments.bool("sort") else { return call.alike(distinct) }
      return call.alike(
        try distinct.sorted { try Arithmetic.apply(.less, $0, $1).isTrue() })
    },
    list(
      "itemgot", "the part of each member at an index",
      [
        Parameter(
          "indices", .value(), .rest(atLeast: 1), example: "1",
          help: "an index, or one in what is there, and so on")
      ], "L([1, 2], [3, 4]).itemgot(1)"
    ) { members, call in
      let indices = call.arguments.all("indices")
      return call.alike(
        try members.map { try indices.reduce($0) { try $0.item(at: $1) } })
    },
    list(
      "attrgot", "what each member has behind a dot under a name",
      [Parameter("name", .string, example: "'shape'", help: "the name")],
      "L(ones(2), ones(3)).attrgot('shape')"
    ) { members, call in
      let name = try call.arguments.string("name")
      return call.alike(try members.map { try call.memberValue(name, of: $0) })
    },
    list("enumerate", "tuples of a number and a member", [], "L('a', 'b').enumerate()") {
      members, call in
      call.alike(members.enumerated().map { .tuple([.int($0.offset), $0.element]) })
    },
    list(
      "zip", "tuples of the first, the second … parts of all members", [], "L([1, 2], [3, 4]).zip()"
    ) { members, call in
      let lists = try members.map { try $0.members() }
      let count = lists.map(\.count).min() ?? 0
      try MemoryBudget.require(count, of: (1 + lists.count) * Value.listedBytes)
      return call.alike((0..<count).map { row in .tuple(lists.map { $0[row] }) })
    },
    list("reversed", "the members from the last to the first", [], "L(1, 2).reversed()") {
      members, call in call.alike(members.reversed())
    },
  ]

  // MARK: - Putting together

  private static let combining: [Builtin] = [
    .method(
      of: "class L", "range", "the whole numbers below one, or from one to before another",
      [
        Parameter("start", .value(), example: "3", help: "the first, or the end if alone"),
        Parameter("end", .integer(), .optional, example: "10", help: "the end"),
        Parameter("step", .integer(), default: "1", help: "the step"),
      ], "L.range(3)", result: "List"
    ) { call in
      let step = try call.arguments.int("step")
      // A list stands for its length.
      let first = call.arguments.value("start") ?? .none
      let start = try first.integer ?? first.members().count
      let end = call.arguments.optionalInt("end")
      guard step != 0 else {
        throw Problem.wrongKind("`step`", expected: "another number", got: "0")
      }
      let (low, high) = (end == nil ? 0 : start, end ?? start)
      let count = (Double(high) - Double(low)) / Double(step)
      guard count <= 10_000_000 else { throw Problem.tooLarge("the range") }
      try MemoryBudget.require(Int(clamping: max(count, 0)), of: Value.listedBytes)
      return .longList(stride(from: low, to: high, by: step).map(Value.int))
    },
    .method(
      of: "class L", "split", "the parts of a text between separators",
      [
        Parameter("text", .string, example: "'a,b'", help: "the text"),
        Parameter("sep", .string, .optional, example: "','", help: "blanks if it is left out"),
      ], "L.split('a,b', ',')", result: "List"
    ) { call in
      let text = try call.arguments.string("text")
      try text.requireRoom(forPartsAt: { _ in true })
      guard let separator = call.arguments.optionalString("sep"), !separator.isEmpty else {
        return .longList(
          text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
      }
      return .longList(
        text.split(separator: separator, omittingEmptySubsequences: false)
          .map { .string(String($0)) })
    },
    list(
      "zipwith", "tuples of the members of this and of other lists",
      [Parameter("lists", .value("List"), .rest(atLeast: 1), example: "[3, 4]", help: "lists")],
      "L(1, 2).zipwith([3, 4])"
    ) { members, call in
      let lists = try [members] + call.arguments.all("lists").map { try $0.members() }
      let count = lists.map(\.count).min() ?? 0
      try MemoryBudget.require(count, of: (1 + lists.count) * Value.listedBytes)
      return call.alike((0..<count).map { row in .tuple(lists.map { $0[row] }) })
    },
    list(
      "map_zip", "tuples of each member and what a function gives for it", [function],
      "L(1, 2).map_zip(str)"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      return call.alike(try members.map { .tuple([$0, try call.apply(function, $0)]) })
    },
    list("renumerate", "tuples of a member and its number", [], "L('a', 'b').renumerate()") {
      members, call in
      call.alike(members.enumerated().map { .tuple([$0.element, .int($0.offset)]) })
    },
    list(
      "argfirst", "the place of the first member of which a function is true", [function],
      "L(0, 3).argfirst(bool)", result: "Int"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      return try members.firstIndex { try call.apply(function, $0).isTrue() }.map(Value.int)
        ?? .none
    },
    list(
      "groupby", "a dict of the members by what a function gives for them",
      [
        Parameter("key", .value("function"), example: "len", help: "a function, or an index"),
        Parameter(
          "val", .value("function"), .optional, example: "1",
          help: "what is kept of each: a function, or an index"),
      ], "L('a', 'bb', 'c').groupby(len)", result: "dict"
    ) { members, call in
      func part(_ name: String, of member: Value) throws -> Value {
        guard let wanted = call.arguments.value(name), !wanted.isNone else { return member }
        return try wanted.integer == nil ? call.apply(wanted, member) : member.item(at: wanted)
      }
      var groups: [(key: Value, members: [Value])] = []
      let places = Mapping()
      for member in members {
        let key = try part("key", of: member)
        if try places.value(of: key) == nil {
          try places.set(key, to: .int(groups.count))
          groups.append((key, []))
        }
        let place = try places.element(key).integer ?? 0
        groups[place].members.append(try part("val", of: member))
      }
      return .object(try Mapping(groups.map { ($0.key, call.alike($0.members)) }))
    },
    list(
      "partition", "two lists: the members of which a function is true, and the others",
      [function], "L(1, 2, 3).partition(lambda x: x > 1)", result: "Tuple"
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      let flags = try members.map { try call.apply(function, $0).isTrue() }
      let both = [true, false].map { wanted in
        call.alike(zip(members, flags).filter { $0.1 == wanted }.map(\.0))
      }
      return .tuple(both)
    },
    list("shuffle", "the members in a random order", [], "L(1, 2, 3).shuffle()") { members, call in
      // Python's own `shuffle`, from the last member down.
      var shuffled = members
      for place in stride(from: members.count - 1, to: 0, by: -1) {
        shuffled.swapAt(place, call.scope.streams.python.integer(in: 0...place))
      }
      return call.alike(shuffled)
    },
    list("concat", "the members of all members in one list", [], "L([1, 2], [3]).concat()") {
      members, call in
      call.alike(members.flatMap { $0.elements ?? [$0] })
    },
    list("sum", "the sum of the members", [], "L(1, 2, 3).sum()", result: nil) { members, _ in
      try members.reduce(.int(0)) { try Arithmetic.apply(.add, $0, $1) }
    },
    list("product", "the product of the members", [], "L(2, 3).product()", result: nil) {
      members, _ in try members.reduce(.int(1)) { try Arithmetic.apply(.multiply, $0, $1) }
    },
    list(
      "reduce", "what a function of two values makes of the members, from the first on",
      [
        function,
        Parameter(
          "initial", .value(), .optional, example: "0", help: "what comes before the first"),
      ], "L(1, 2, 3).reduce(add)", result: nil
    ) { members, call in
      let function = call.arguments.value("f") ?? .none
      return try call.reduce(members, by: function, from: call.arguments.value("initial"))
    },
  ]
}

// MARK: - Members

extension Array where Element == Value {
  /// Each member once, in the order in which they first occur.
  package func distinct() -> [Value] {
    var seen: Set<String> = []
    return filter { member in
      // 1, 1.0 and true are equal, and have texts that differ.
      let key = member.isPlainNumber ? member.integer.map(Double.init) ?? member.number : nil
      return seen.insert(key.map { "\($0)" } ?? member.display).inserted
    }
  }
}

extension Value {
  /// What is in brackets behind a value, which may be a tensor.
  package func item(at index: Value) throws -> Value {
    guard let tensor = asTensor else { return try element(index) }
    let part: CollabTensors.Subscript =
      if case .int(let place) = index { .index(place) } else {
        .tensor(try Tensor.of(index, isArray: false))
      }
    let item = try tensor.indexed(by: [part])
    if case .array = self { return .fromArray(item) }
    return .tensor(item)
  }

  /// The tensor, if this is one or an array.
  package var asTensor: Tensor? {
    switch self {
    case .tensor(let tensor), .array(let tensor): tensor
    default: nil
    }
  }
}

extension Call {
  /// What a function gives for values.
  package func apply(_ function: Value, _ values: Value...) throws -> Value {
    try apply(function, values)
  }

  /// What a function gives for values.
  package func apply(_ function: Value, _ values: [Value]) throws -> Value {
    try Evaluator(scope, arguments.source).apply(function, to: values, at: arguments.range)
  }

  /// What a value has behind a dot; of a dict the value of the key.
  package func memberValue(_ name: String, of value: Value) throws -> Value {
    if case .object(let mapping as Mapping) = value { return try mapping.element(.string(name)) }
    return try value.member(
      Identifier(name, at: arguments.range), of: scope.library, in: arguments.source)
  }

  /// Members as a list of the receiver's kind.
  package func alike(_ members: [Value]) -> Value {
    receiver.like(members)
  }

  /// Members in the order that the arguments `key` and `reverse` ask for; equal ones stay in order.
  package func sorted(_ members: [Value]) throws -> [Value] {
    let isReversed = try arguments.bool("reverse")
    var keyed = members.map { (key: $0, member: $0) }
    if let key = arguments.value("key"), !key.isNone {
      // fastcore's list takes a place or the name of a member, too.
      keyed = try members.map { member in
        switch key {
        case .int: (try member.item(at: key), member)
        case .string(let name): (try memberValue(name, of: member), member)
        default: (try apply(key, member), member)
        }
      }
    }
    var comparisons = 0
    try keyed.sort { a, b in
      comparisons &+= 1
      if comparisons & 0xFFFF == 0, scope.isInterrupted() { throw scope.interrupted() }
      return try Arithmetic.apply(.less, isReversed ? b.key : a.key, isReversed ? a.key : b.key)
        .isTrue()
    }
    return keyed.map(\.member)
  }

  /// What a function of two values makes of members.
  package func reduce(
    _ members: [Value], by function: Value, from initial: Value?
  ) throws -> Value {
    guard var result = initial ?? members.first else {
      throw Problem.wrongKind("`reduce`", expected: "at least one member", got: "none")
    }
    for member in initial == nil ? members.dropFirst() : members[...] {
      result = try apply(function, result, member)
    }
    return result
  }
}
