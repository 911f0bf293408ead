package import CollabLanguage
import CollabTables

/// Python's `set`: values of which there is one each.
///
/// An object, as in Python. Numbers and texts are shown and walked through in ascending order, where
/// Python's own order depends on their hashes; other members as they came.
package final class ValueSet: SessionObject {
  /// The members are its keys.
  private let entries = Mapping()
  /// Whether it stays as it is, so that it may be a key.
  package let isFrozen: Bool

  /// A set of some values, equal ones of which count once.
  package init(_ members: some Sequence<Value> = [], isFrozen: Bool = false) throws {
    self.isFrozen = isFrozen
    for member in members { try entries.set(member, to: .none) }
  }

  /// The number of members.
  package var count: Int { entries.keys.count }

  /// Whether a value is a member.
  package func has(_ value: Value) throws -> Bool { try entries.value(of: value) != nil }

  /// Puts values in.
  package func insert(_ members: some Sequence<Value>) throws {
    guard !isFrozen else { throw Problem.unchangeable("a frozenset") }
    for member in members { try entries.set(member, to: .none) }
  }

  /// Takes a value out; false if it was no member.
  package func remove(_ member: Value) throws -> Bool {
    guard !isFrozen else { throw Problem.unchangeable("a frozenset") }
    return try entries.remove(member) != nil
  }

  /// Takes all members out.
  package func removeAll() throws {
    guard !isFrozen else { throw Problem.unchangeable("a frozenset") }
    entries.removeAll()
  }
}

// MARK: - Two sets

extension ValueSet {
  /// The members of which something holds, as another set.
  private func filter(_ isIncluded: (Value) throws -> Bool) throws -> ValueSet {
    try ValueSet(entries.keys.filter(isIncluded), isFrozen: isFrozen)
  }

  /// The members of both, one behind the other.
  package func union(_ other: ValueSet) throws -> ValueSet {
    try ValueSet(entries.keys + other.entries.keys, isFrozen: isFrozen)
  }

  /// The members that are in the other one, too.
  package func intersection(_ other: ValueSet) throws -> ValueSet { try filter(other.has) }

  /// The members that are not in the other one.
  package func difference(_ other: ValueSet) throws -> ValueSet {
    try filter { try !other.has($0) }
  }

  /// Whether all members are in the other one.
  package func isSubset(of other: ValueSet) throws -> Bool {
    try count <= other.count && entries.keys.allSatisfy(other.has)
  }

  /// Whether both have the same members.
  package func equals(_ other: ValueSet) -> Bool {
    count == other.count && (try? isSubset(of: other)) == true
  }

  /// What an operator gives; nil for those that sets do not have.
  package func combined(_ sign: Operator.Kind, with other: ValueSet) throws -> Value? {
    switch sign {
    case .bitOr: .object(try union(other))
    case .bitAnd: .object(try intersection(other))
    case .subtract: .object(try difference(other))
    case .bitExclusiveOr: .object(try difference(other).union(other.difference(self)))
    case .lessOrEqual: .bool(try isSubset(of: other))
    case .greaterOrEqual: .bool(try other.isSubset(of: self))
    case .less: .bool(try count < other.count && isSubset(of: other))
    case .greater: .bool(try other.count < count && other.isSubset(of: self))
    default: nil
    }
  }
}

// MARK: - As an object

extension ValueSet {
  package var typeName: String { isFrozen ? "frozenset" : "set" }
  package var methodKinds: [String] { ["set"] }

  package var display: String {
    let members = ordered.map(\.display)
    let text = members.isEmpty ? "" : "{\(members.joined(separator: ", "))}"
    return isFrozen || members.isEmpty ? "\(typeName)(\(text))" : text
  }

  package var length: Int? { count }

  /// The members in ascending order.
  package func members() -> [Value]? { ordered }

  /// Whether a value is a member; what can be none is not.
  package func contains(_ value: Value) -> Bool? { (try? has(value)) ?? false }

  /// The members: numbers or texts in ascending order, others as they came.
  private var ordered: [Value] {
    let keys = entries.keys
    let cells = keys.compactMap(\.cell)
    let textCount = cells.count { if case .text = $0 { true } else { false } }
    let hasMissing = cells.contains { if case .missing = $0 { true } else { false } }
    guard cells.count == keys.count, textCount == 0 || textCount == keys.count, !hasMissing else {
      return keys
    }
    return keys.indices.sorted {
      ColumnRelation.less.holds(ValueOrder(cells[$0], cells[$1]))
    }.map { keys[$0] }
  }
}
