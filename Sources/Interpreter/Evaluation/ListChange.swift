import CollabLanguage
import CollabTensors

/// The methods that change a list.
package enum ListChange: String, CaseIterable {
  case append, extend, insert, pop, remove, clear, reverse, sort

  /// Changes a list, and gives what the method gives; members are sorted by their keys, if any.
  package func apply(
    to value: inout Value, _ arguments: Arguments, keys: [Value]? = nil
  ) throws -> Value {
    let isLong: Bool
    var members: [Value]
    switch value {
    case .list(let list): (members, isLong) = (list, false)
    case .longList(let list): (members, isLong) = (list, true)
    default: throw Problem.wrongKind("`\(rawValue)`", expected: "a list", got: value.phrase)
    }
    // The members are not copied while nothing else holds them.
    value = .none
    defer { value = isLong ? .longList(members) : .list(members) }
    return try apply(to: &members, arguments, keys)
  }

  private func apply(
    to members: inout [Value], _ arguments: Arguments, _ keys: [Value]?
  ) throws -> Value {
    let x = arguments.value("x") ?? .none
    switch self {
    case .append:
      try MemoryBudget.require(1, of: Value.listedBytes)
      try x.requireShallow()
      members.append(x)
    case .extend:
      let more = try x.members()
      try MemoryBudget.require(more.count, of: Value.listedBytes)
      members += more
    case .insert:
      try x.requireShallow()
      let place = try arguments.int("index")
      members.insert(
        x, at: min(max(place < 0 ? place + members.count : place, 0), members.count))
    case .pop:
      let place = try Value.position(
        arguments.optionalInt("index") ?? -1, count: members.count)
      return members.remove(at: place)
    case .remove:
      guard let place = members.firstIndex(where: { Arithmetic.equal($0, x) }) else {
        throw Problem.missingKey(x.display, in: "the list", near: [])
      }
      members.remove(at: place)
    case .clear: members = []
    case .reverse: members.reverse()
    case .sort:
      let isReversed = try arguments.bool("reverse")
      // A place for each member, as the order of equal ones must stay.
      let order = keys ?? members
      let places = try members.indices.sorted { a, b in
        let (a, b) = isReversed ? (order[b], order[a]) : (order[a], order[b])
        return try Arithmetic.apply(.less, a, b).isTrue()
      }
      members = places.map { members[$0] }
    }
    return .none
  }
}
