/// The keys, the values or both of a dict, as the dict has them now: what Python's `keys`, `values` and
/// `items` give.
package final class MappingView: HoldingObject {
  /// What of the dict is seen.
  package enum Part: String {
    case keys, values, items
  }

  private let mapping: Mapping
  private let part: Part
  package let heldValues: [Value]

  package init(_ mapping: Mapping, _ part: Part) {
    (self.mapping, self.part, heldValues) = (mapping, part, [.object(mapping)])
  }

  package var typeName: String { "dict_\(part.rawValue)" }
  package var length: Int? { mapping.keys.count }

  package var display: String {
    "\(typeName)([\((members() ?? []).map(\.display).joined(separator: ", "))])"
  }

  package func members() -> [Value]? {
    switch part {
    case .keys: mapping.keys
    case .values: mapping.values
    case .items: zip(mapping.keys, mapping.values).map { .tuple([$0, $1]) }
    }
  }

  package func contains(_ value: Value) -> Bool? {
    part == .keys ? mapping.contains(value) : nil
  }

  /// The keys, or pairs, as a set, for operators of sets.
  func set() throws -> ValueSet? { part == .values ? nil : try ValueSet(members() ?? []) }
}
