package import CollabInterpreter
import CollabLanguage

/// Methods of sets.
package enum SetMethods {
  package static let all: [Builtin] = changes + combinations + questions

  private static let member = Parameter(
    "x", .value(), example: "1", help: "a number, a text, or a tuple of them")
  private static let others = Parameter(
    "others", .value("List"), .rest(atLeast: 0), example: "{2, 3}", help: "sets, or lists")
  private static let other = Parameter(
    "other", .value("List"), example: "{2, 3}", help: "another set, or a list")

  private static func method(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ example: String,
    result: String? = "set", _ run: @escaping @Sendable (ValueSet, Call) throws -> Value
  ) -> Builtin {
    .method(of: "set", name, summary, parameters, example, result: result) { call in
      guard case .object(let set as ValueSet) = call.receiver else {
        throw Problem.wrongKind("this method", expected: "a set", got: call.receiver.phrase)
      }
      return try run(set, call)
    }
  }

  // MARK: - Changing a set

  private static let changes: [Builtin] = [
    method("add", "puts a member in", [member], "{1, 2}.add(3)", result: nil) { set, call in
      try set.insert([call.value("x")])
      return .none
    },
    method("discard", "takes a member out, if it is one", [member], "{1}.discard(1)", result: nil) {
      set, call in
      _ = try set.remove(call.value("x"))
      return .none
    },
    method("remove", "takes a member out", [member], "{1, 2}.remove(1)", result: nil) {
      set, call in
      guard try set.remove(call.value("x")) else {
        throw Problem.missingKey(call.value("x").display, in: "the set", near: [])
      }
      return .none
    },
    method("pop", "takes the smallest member out, and gives it", [], "{1, 2}.pop()", result: nil) {
      set, _ in
      guard let first = set.members()?.first else {
        throw Problem.wrongKind("`pop`", expected: "a set with a member", got: "an empty one")
      }
      _ = try set.remove(first)
      return first
    },
    method("clear", "takes all members out", [], "{1, 2}.clear()", result: nil) { set, _ in
      try set.removeAll()
      return .none
    },
    method("update", "puts the members of others in", [others], "{1}.update([2, 3])", result: nil) {
      set, call in
      for other in try call.sets() { try set.insert(other.members() ?? []) }
      return .none
    },
  ]

  // MARK: - Other sets

  private static let combinations: [Builtin] = [
    method("copy", "another set with the same members", [], "{1, 2}.copy()") { set, _ in
      .object(try ValueSet(set.members() ?? []))
    },
    method("union", "the members of all", [others], "{1, 2}.union({2, 3})") { set, call in
      .object(try call.sets().reduce(set) { try $0.union($1) })
    },
    method("intersection", "the members that all have", [others], "{1, 2}.intersection({2, 3})") {
      set, call in
      .object(try call.sets().reduce(set) { try $0.intersection($1) })
    },
    method(
      "difference", "the members that no other has", [others], "{1, 2}.difference({2, 3})"
    ) { set, call in
      .object(try call.sets().reduce(set) { try $0.difference($1) })
    },
    method(
      "symmetric_difference", "the members that one of both has", [other],
      "{1, 2}.symmetric_difference({2, 3})"
    ) { set, call in
      try set.combined(.bitExclusiveOr, with: call.otherSet()) ?? .none
    },
  ]

  // MARK: - Questions

  private static let questions: [Builtin] = [
    method(
      "issubset", "whether another has all members", [other], "{2}.issubset({2, 3})",
      result: "Bool"
    ) { set, call in .bool(try set.isSubset(of: call.otherSet())) },
    method(
      "issuperset", "whether all members of another are in it", [other],
      "{1, 2, 3}.issuperset({2, 3})", result: "Bool"
    ) { set, call in .bool(try call.otherSet().isSubset(of: set)) },
    method(
      "isdisjoint", "whether no member is in another", [other], "{1}.isdisjoint({2, 3})",
      result: "Bool"
    ) { set, call in .bool(try set.intersection(call.otherSet()).count == 0) },
  ]
}

extension Call {
  /// The arguments `others` as sets.
  fileprivate func sets() throws -> [ValueSet] {
    try blaming("others") { try arguments.all("others").map { try ValueSet($0.members()) } }
  }

  /// The argument `other` as a set.
  fileprivate func otherSet() throws -> ValueSet {
    try blaming("other") { try ValueSet(value("other").members()) }
  }
}
