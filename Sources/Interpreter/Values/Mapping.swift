import CollabTensors

/// Python's `dict`: values by their keys, in the order in which the keys came.
///
/// An object, as in Python: whoever holds it sees what others put in.
package final class Mapping: HoldingObject {
  /// The keys, in their order.
  package private(set) var keys: [Value] = []
  /// The values, in the order of their keys.
  package private(set) var values: [Value] = []
  private var places: [MappingKey: Int] = [:]
  /// What is done about keys that are missing.
  package let kind: Kind

  /// Which of Python's classes a mapping is of.
  package enum Kind {
    /// A missing key is an error.
    case dict
    /// A missing key has been counted 0 times.
    case counter
    /// A missing key gets a value, which a function of some name gave.
    case defaults(Value, maker: String)
  }

  /// A mapping without keys.
  package init(_ kind: Kind = .dict) { self.kind = kind }

  /// A mapping of some keys and values; of equal keys the last one counts.
  package convenience init(_ entries: some Sequence<(key: Value, value: Value)>) throws {
    self.init()
    for (key, value) in entries { try set(key, to: value) }
  }

  /// The value of a key; nil if there is none.
  package func value(of key: Value) throws -> Value? {
    places[try MappingKey(key)].map { values[$0] }
  }

  /// Gives a key a value.
  ///
  /// - Throws: ``Problem/endless(_:)`` if the mapping would be inside itself.
  package func set(_ key: Value, to value: Value) throws {
    try requireOutside(value, within: 0)
    let place = try MappingKey(key)
    if let known = places[place] {
      values[known] = value
      return
    }
    try MemoryBudget.require(3, of: Value.listedBytes)
    places[place] = keys.count
    keys.append(key)
    values.append(value)
  }

  /// Removes a key; gives its value, or nil if there was none.
  package func remove(_ key: Value) throws -> Value? {
    guard let place = places.removeValue(forKey: try MappingKey(key)) else { return nil }
    keys.remove(at: place)
    for (key, later) in places where later > place { places[key] = later - 1 }
    return values.remove(at: place)
  }

  /// Removes all keys.
  package func removeAll() { (keys, values, places) = ([], [], [:]) }

  /// The value of a key.
  ///
  /// - Throws: `unknown-key`.
  package func element(_ key: Value) throws -> Value {
    if let value = try value(of: key) { return value }
    switch kind {
    case .dict: throw Problem.missingKey(key.display, in: "the dict", near: [])
    case .counter: return .int(0)
    case .defaults(let usual, _):
      let fresh = try usual.fresh()
      try set(key, to: fresh)
      return fresh
    }
  }

  /// Refuses a value that holds this mapping, or is nested so deeply that letting go of it takes too
  /// much stack.
  private func requireOutside(_ value: Value, within depth: Int) throws {
    if case .object(let mapping as Mapping) = value, mapping === self {
      throw Problem.endless("this dict")
    }
    let held = value.held
    guard held.isEmpty || depth < Value.deepestNesting else { throw Problem.endless("this dict") }
    for member in held { try requireOutside(member, within: depth + 1) }
  }

  /// Whether two mappings have the same keys and values, in whatever order.
  package func equals(_ other: Mapping) -> Bool {
    keys.count == other.keys.count
      && places.allSatisfy { key, place in
        other.places[key].map { Arithmetic.equal(values[place], other.values[$0]) } ?? false
      }
  }
}

// MARK: - As an object

extension Mapping {
  package var typeName: String {
    switch kind {
    case .dict: "dict"
    case .counter: "Counter"
    case .defaults: "defaultdict"
    }
  }

  package var methodKinds: [String] {
    if case .counter = kind { ["Counter", "dict"] } else { ["dict"] }
  }

  package var display: String {
    func text(_ entries: some Sequence<(Value, Value)>) -> String {
      "{\(entries.map { "\($0.display): \($1.display)" }.joined(separator: ", "))}"
    }
    switch kind {
    case .dict: return text(zip(keys, values))
    case .counter: return keys.isEmpty ? "Counter()" : "Counter(\(text(mostCommon())))"
    case .defaults(_, let maker): return "defaultdict(\(maker), \(text(zip(keys, values))))"
    }
  }

  /// Keys and values, the largest values first; equal ones stay in their order.
  package func mostCommon() -> [(Value, Value)] {
    keys.indices.sorted {
      let (a, b) = (values[$0].number ?? 0, values[$1].number ?? 0)
      return a > b || a == b && $0 < $1
    }.map { (keys[$0], values[$0]) }
  }

  package var length: Int? { keys.count }
  package var heldValues: [Value] { values }

  /// The keys.
  package func members() -> [Value]? { keys }

  /// Whether there is such a key; what can be no key is none.
  package func contains(_ key: Value) -> Bool? {
    guard let key = try? MappingKey(key) else { return false }
    return places[key] != nil
  }
}

extension Value {
  /// The value, as a dict or set of its own.
  fileprivate func fresh() throws -> Value {
    switch self {
    case .object(let mapping as Mapping):
      let copy = Mapping(mapping.kind)
      for (key, value) in zip(mapping.keys, mapping.values) { try copy.set(key, to: value) }
      return .object(copy)
    case .object(let set as ValueSet): return .object(try ValueSet(set.members() ?? []))
    default: return self
    }
  }
}

/// What keys are told apart by: numbers that are equal are the same key, as in Python.
private enum MappingKey: Hashable {
  case none
  case whole(Int)
  case number(Double)
  case text(String)
  case several([MappingKey])
  case object(ObjectIdentifier)

  init(_ value: Value) throws {
    switch value {
    case .none: self = .none
    case .bool(let flag): self = .whole(flag ? 1 : 0)
    case .int(let number): self = .whole(number)
    case .double(let number): self = Int(exactly: number).map(Self.whole) ?? .number(number)
    case .string(let text), .path(let text): self = .text(text)
    case .tuple(let members): self = .several(try members.map(MappingKey.init))
    case .object(let tuple as NamedTuple): self = .several(try tuple.values.map(MappingKey.init))
    case .object(let set as ValueSet) where set.isFrozen:
      self = .several(try (set.members() ?? []).map(MappingKey.init))
    case .object(let object) where !(object is Mapping || object is ValueSet):
      self = .object(ObjectIdentifier(object))
    default:
      throw Problem.wrongKind(
        "a key of a dict or member of a set", expected: "a text, a number or a tuple of them",
        got: value.phrase)
    }
  }
}
