package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// Python's `itertools`: lists, where Python gives iterators.
package enum IterationFunctions {
  package static let all: [Builtin] = joining + choosing + walking

  private static let function = Parameter(
    "f", aliases: ["func"], .value("function"), example: "str", help: "a function of one value")
  private static let lists = Parameter(
    "lists", .value("List"), .rest(atLeast: 0), example: "a, b", help: "lists")
  private static let list = Parameter("x", .value("List"), example: "[1, 2]", help: "a list")

  /// A tool that goes by what a function says of each member.
  private static func sieve(
    _ name: String, _ summary: String,
    _ pick: @escaping @Sendable ([Value], _ holds: (Value) throws -> Bool) throws -> [Value]
  ) -> Builtin {
    tool(name, summary, [function, list], "bool, [1, 0, 2]") { call in
      let function = call.arguments.value("f") ?? .none
      return try pick(call.memberList()) { try call.apply(function, $0).isTrue() }
    }
  }

  private static func tool(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ example: String,
    _ run: @escaping @Sendable (Call) throws -> [Value]
  ) -> Builtin {
    .method(
      of: "itertools", name, summary, parameters, "itertools.\(name)(\(example))", result: "List"
    ) { call in .list(try run(call)) }
  }

  // MARK: - Putting together

  private static let joining: [Builtin] = [
    // The name of a function, so that `chain.from_iterable` has one to belong to.
    .function(
      "chain", "the members of several lists, one list behind the other", [lists],
      "chain([1], [2, 3])", result: "List"
    ) { call in .list(try call.arguments.all("lists").flatMap { try $0.members() }) },
    .method(
      of: "class chain", "from_iterable", "the members of all members in one list", [list],
      "chain.from_iterable([[1], [2, 3]])", result: "List"
    ) { call in .list(try call.memberList().flatMap { try $0.members() }) },
    tool(
      "zip_longest", "tuples of the members of several lists, also where some have ended",
      [
        lists,
        Parameter(
          "fillvalue", .value(), .optional, example: "0", isOptionOnly: true,
          help: "what stands for members that are missing"),
      ], "[1, 2], ['a']"
    ) { call in
      let lists = try call.arguments.all("lists").map { try $0.members() }
      let fill = call.arguments.value("fillvalue") ?? .none
      let count = lists.map(\.count).max() ?? 0
      return (0..<count).map { row in
        .tuple(lists.map { row < $0.count ? $0[row] : fill })
      }
    },
    tool(
      "repeat", "a value, so many times",
      [
        Parameter("x", .value(), example: "1", help: "the value"),
        Parameter("times", .integer(0...100_000_000), example: "3", help: "how often"),
      ], "1, 3"
    ) { call in
      let count = try call.arguments.int("times")
      try MemoryBudget.require(count, of: Value.listedBytes)
      return Array(repeating: call.arguments.value("x") ?? .none, count: count)
    },
  ]

  // MARK: - Choosing

  private static let size = Parameter("r", .integer(0...1000), example: "2", help: "how many")

  private static let choosing: [Builtin] = [
    tool(
      "product", "tuples of a member of each list, all there are",
      [
        lists,
        Parameter(
          "repeat", .integer(1...100), default: "1", isOptionOnly: true,
          help: "how often all lists are taken"),
      ], "[1, 2], ['a', 'b']"
    ) { call in
      let once = try call.arguments.all("lists").map { try $0.members() }
      let lists = Array(repeating: once, count: try call.arguments.int("repeat")).joined()
      let total = lists.map(\.count).cappedProduct
      let isTooMany = lists.reduce(1.0) { $0 * Double($1.count) } > 1e9
      guard !isTooMany else { throw Problem.tooLarge("the list of all tuples") }
      try MemoryBudget.require(total, of: (1 + lists.count) * Value.listedBytes)
      return lists.reduce([[]]) { rows, members in
        rows.flatMap { row in members.map { row + [$0] } }
      }.map(Value.tuple)
    },
    tool("combinations", "tuples of so many members, in their order", [list, size], "[1, 2, 3], 2")
    { call in
      let members = try call.memberList()
      return try Selections.combinations(of: members.count, call.arguments.int("r")).map {
        .tuple($0.map { members[$0] })
      }
    },
    tool(
      "combinations_with_replacement", "tuples of so many members, each also several times",
      [list, size], "[1, 2], 2"
    ) { call in
      let members = try call.memberList()
      return try Selections.combinations(
        of: members.count, call.arguments.int("r"), repeating: true
      ).map { .tuple($0.map { members[$0] }) }
    },
    tool(
      "permutations", "tuples of so many members, in every order",
      [
        list,
        Parameter(
          "r", .integer(0...1000), .optional, example: "2",
          help: "how many; all if it is left out"),
      ], "[1, 2, 3], 2"
    ) { call in
      let members = try call.memberList()
      return try Selections.permutations(
        of: members.count, call.arguments.optionalInt("r") ?? members.count
      ).map { .tuple($0.map { members[$0] }) }
    },
  ]

  // MARK: - Walking through

  private static let walking: [Builtin] = [
    tool(
      "accumulate", "running sums, or what another function makes of the members so far",
      [
        list,
        Parameter(
          "f", aliases: ["func"], .value("function"), .optional, example: "max",
          help: "a function of two values"),
        Parameter(
          "initial", .value(), .optional, example: "0", isOptionOnly: true,
          help: "what comes before the first"),
      ], "[1, 2, 3]"
    ) { call in
      var results = call.arguments.value("initial").map { [$0] } ?? []
      let function = call.arguments.value("f") ?? .none
      for member in try call.memberList() {
        guard let last = results.last else {
          results.append(member)
          continue
        }
        results.append(
          try function.isNone
            ? Arithmetic.apply(.add, last, member) : call.apply(function, last, member))
      }
      return results
    },
    tool(
      "islice", "the members from one place to before another",
      [
        list,
        Parameter("start", .value("Int"), example: "2", help: "the first, or the end if alone"),
        Parameter("stop", .value("Int"), .optional, example: "4", help: "the end"),
        Parameter("step", .integer(1...1_000_000_000), default: "1", help: "the step"),
      ], "[1, 2, 3], 2"
    ) { call in
      let members = try call.memberList()
      let (start, stop) = (call.arguments.value("start"), call.arguments.value("stop"))
      let first = stop == nil ? 0 : start?.integer ?? 0
      let end = min((stop == nil ? start : stop)?.integer ?? members.count, members.count)
      guard first >= 0, end >= 0 else {
        throw Problem.wrongKind("`islice`", expected: "places from 0", got: "negative ones")
      }
      return try stride(from: first, to: end, by: call.arguments.int("step")).map { members[$0] }
    },
    sieve("takewhile", "the members before the first of which a function is false") {
      try Array($0.prefix(while: $1))
    },
    sieve("dropwhile", "the members from the first of which a function is false") {
      try Array($0.drop(while: $1))
    },
    sieve("filterfalse", "the members of which a function is false") { members, holds in
      try members.filter { try !holds($0) }
    },
    tool(
      "starmap", "a function called on the parts of each member", [function, list],
      "add, [(1, 2), (3, 4)]"
    ) { call in
      let function = call.arguments.value("f") ?? .none
      return try call.memberList().map { try call.apply(function, $0.members()) }
    },
    tool("pairwise", "tuples of each member and the next", [list], "[1, 2, 3]") { call in
      let members = try call.memberList()
      return zip(members, members.dropFirst()).map { .tuple([$0, $1]) }
    },
    tool(
      "compress", "the members beside which something is true",
      [list, Parameter("selectors", .value("List"), example: "[1, 0]", help: "truth values")],
      "['a', 'b'], [1, 0]"
    ) { call in
      let flags = try (call.arguments.value("selectors") ?? .none).members()
      return try zip(call.memberList(), flags).filter { try $1.isTrue() }.map(\.0)
    },
    tool(
      "groupby", "tuples of a key and the members in a row that have it",
      [
        list,
        Parameter(
          "key", .value("function"), .optional, example: "len", help: "a function of a member"),
      ], "[1, 1, 2]"
    ) { call in
      var groups: [(key: Value, members: [Value])] = []
      let function = call.arguments.value("key") ?? .none
      for member in try call.memberList() {
        let key = try function.isNone ? member : call.apply(function, member)
        if let last = groups.last, Arithmetic.equal(last.key, key) {
          groups[groups.count - 1].members.append(member)
        } else {
          groups.append((key, [member]))
        }
      }
      return groups.map { .tuple([$0.key, .list($0.members)]) }
    },
  ]
}

extension Call {
  /// The members of the argument `x`.
  fileprivate func memberList() throws -> [Value] {
    try blaming("x") { try (arguments.value("x") ?? .none).members() }
  }
}
