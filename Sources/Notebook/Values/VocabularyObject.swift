import CollabInterpreter
import Collab
import CollabTables

/// A vocabulary as a value: `dls.users`, `dls.classes['title']`.
final class VocabularyObject: SessionObject {
  let vocabulary: Vocabulary

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  var typeName: String { "Vocab" }
  var display: String { vocabulary.display }
  var memberNames: [String] { ["o2i"] }
  var length: Int? { vocabulary.count }

  func member(_ name: String) -> Value? {
    name == "o2i" ? .object(ObjectToIndex(vocabulary)) : nil
  }

  func element(_ index: Value) throws -> Value {
    try Value.pick(index, count: vocabulary.count) { [vocabulary] in vocabulary.value(at: $0) }
  }

  func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    .list(places(vocabulary.count).map { vocabulary.value(at: $0) })
  }

  func members() -> [Value]? { (0..<vocabulary.count).map { vocabulary.value(at: $0) } }

  func contains(_ value: Value) -> Bool? { vocabulary.index(of: value.text) != nil }
}

extension Vocabulary {
  /// A name: a whole number where the data has those.
  func value(at index: Int) -> Value {
    guard index > 0, values.kind == .integers else { return .string(self[index]) }
    return Value(values.value(at: index - 1))
  }

  /// The first names, and how many there are.
  var display: String {
    let shown = (0..<min(count, 10)).map { value(at: $0).display }
    return "(#\(count)) [\(shown.joined(separator: ", "))\(count > 10 ? "..." : "")]"
  }
}
