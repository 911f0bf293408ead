package import CollabInterpreter
import CollabLanguage

/// Methods that change a list; what they do to it, the interpreter knows.
package enum ListMethods {
  package static let all: [Builtin] = [
    changing(.append, "adds a member at the end", [member], "['a'].append('b')"),
    changing(
      .extend, "adds the members of another list at the end",
      [Parameter("x", .value("List"), example: "[3, 4]", help: "the other list")],
      "[1, 2].extend([3, 4])"),
    changing(.insert, "puts a member before a place", [index(nil), member], "[1, 3].insert(1, 2)"),
    changing(
      .pop, "removes the member at a place, and gives it", [index("-1")], "[1, 2].pop()"),
    changing(.remove, "removes the first member that is equal", [member], "['a'].remove('a')"),
    changing(.clear, "removes all members", [], "[1, 2].clear()"),
    changing(.reverse, "turns the members round", [], "[1, 2].reverse()"),
    changing(
      .sort, "puts the members in order",
      [
        Parameter("key", .value(), .optional, example: "len", help: "what members are ordered by"),
        Parameter("reverse", .boolean, default: "false", help: "the largest first"),
      ],
      "[3, 1, 2].sort()"),
  ]

  private static let member = Parameter("x", .value(), example: "'b'", help: "the member")

  private static func index(_ usual: String?) -> Parameter {
    Parameter(
      "index", .integer(), default: usual, example: "0", help: "the place, from the end if negative"
    )
  }

  private static func changing(
    _ change: ListChange, _ summary: String, _ parameters: [Parameter], _ example: String
  ) -> Builtin {
    .method(of: "List", change.rawValue, summary, parameters, example, result: nil) { call in
      var list = call.receiver
      return try change.apply(to: &list, call.arguments)
    }
  }
}
