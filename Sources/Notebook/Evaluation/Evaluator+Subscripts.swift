import Collab
import CommandLanguage
import Tables
import Tensors

extension Evaluator {
  /// The value of `base[subscripts]`.
  func element(of base: Value, _ subscripts: [CommandLanguage.Subscript]) throws -> Value {
    switch base {
    case .tensor(let tensor):
      return .tensor(try tensor.indexed(by: subscripts.map(tensorSubscript)))
    case .array(let tensor):
      return .fromArray(try tensor.indexed(by: subscripts.map(tensorSubscript)))
    default: break
    }
    guard subscripts.count == 1 else { throw Problem.notIndexable(base.typeName) }
    switch subscripts[0] {
    case .index(let expression): return try base.element(evaluate(expression))
    case .slice(let start, let stop, let step):
      return try base.slice(bound(start), bound(stop), bound(step))
    case .ellipsis: throw Problem.notIndexable(base.typeName)
    }
  }

  /// An end or the step of a slice; nil if it is left out.
  private func bound(_ expression: Expression?) throws -> Int? {
    guard let expression else { return nil }
    let value = try evaluate(expression)
    if case .none = value { return nil }
    guard let integer = value.integer else {
      throw Problem.wrongKind("a slice", expected: "whole numbers", got: value.phrase)
    }
    return integer
  }

  private func tensorSubscript(_ part: CommandLanguage.Subscript) throws -> Tensors.Subscript {
    switch part {
    case .ellipsis: return .ellipsis
    case .slice(let start, let stop, let step):
      return .slice(start: try bound(start), stop: try bound(stop), step: try bound(step) ?? 1)
    case .index(let expression):
      let value = try evaluate(expression)
      switch value {
      case .none: return .newAxis
      case .int(let index): return .index(index)
      case .tensor(let index), .array(let index): return .tensor(index)
      case .list, .longList, .tuple: return .tensor(try Tensor.of(value, isArray: false))
      default:
        throw Problem.wrongKind("an index", expected: "a whole number", got: value.phrase)
      }
    }
  }
}

extension Value {
  /// One element, or those at several indices.
  func element(_ index: Value) throws -> Value {
    switch self {
    case .table(let view):
      if case .string(let name) = index { return .column(try view.table.column(name)) }
      if case .array = index { return .table(TableView(try view.table.rows(where: index))) }
      if let names = index.elements {
        return .table(TableView(try view.table.select(names.map(\.text))))
      }
      throw Problem.wrongKind("table[…]", expected: "the name of a column", got: index.phrase)
    case .vocabulary(let vocabulary):
      return try Self.pick(index, count: vocabulary.count) { .string(vocabulary[$0]) }
    case .column(let column):
      return try Self.pick(index, count: column.count) { Value(column.value(at: $0)) }
    case .string(let text):
      let characters = Array(text)
      return try Self.pick(index, count: characters.count) { .string(String(characters[$0])) }
    case .object(let object): return try object.element(index)
    default:
      guard let elements else { throw Problem.notIndexable(typeName) }
      return try Self.pick(index, count: elements.count) { elements[$0] }
    }
  }

  /// The element at an index, or a list of those at several.
  private static func pick(_ index: Value, count: Int, _ element: (Int) -> Value) throws -> Value {
    if let place = index.integer {
      let position = place < 0 ? place + count : place
      guard (0..<count).contains(position) else { throw Problem.outOfRange(place, count: count) }
      return element(position)
    }
    switch index {
    case .list, .longList, .tuple, .tensor, .array:
      return .list(try index.members().map { try pick($0, count: count, element) })
    default: throw Problem.wrongKind("an index", expected: "a whole number", got: index.phrase)
    }
  }

  /// The elements of a slice.
  func slice(_ start: Int?, _ stop: Int?, _ step: Int?) throws -> Value {
    let step = step ?? 1
    guard step != 0 else {
      throw Problem.wrongKind("a step", expected: "another number", got: Value.int(0).phrase)
    }
    func positions(_ count: Int) -> [Int] {
      func clamp(_ bound: Int?, _ usual: Int, _ low: Int, _ high: Int) -> Int {
        guard let bound else { return usual }
        return min(max(bound < 0 ? bound + count : bound, low), high)
      }
      return step > 0
        ? Array(
          Swift.stride(from: clamp(start, 0, 0, count), to: clamp(stop, count, 0, count), by: step))
        : Array(
          Swift.stride(
            from: clamp(start, count - 1, -1, count - 1), to: clamp(stop, -1, -1, count - 1),
            by: step))
    }
    switch self {
    case .string(let text):
      let characters = Array(text)
      return .string(String(positions(characters.count).map { characters[$0] }))
    case .column(let column): return .column(column.rows(at: positions(column.count)))
    case .table(let view):
      return .table(TableView(view.table.rows(at: positions(view.table.rowCount))))
    case .vocabulary(let vocabulary):
      return .list(positions(vocabulary.count).map { .string(vocabulary[$0]) })
    case .tuple(let elements): return .tuple(positions(elements.count).map { elements[$0] })
    case .size(let sizes): return .size(positions(sizes.count).map { sizes[$0] })
    case .longList(let elements): return .longList(positions(elements.count).map { elements[$0] })
    case .list(let elements): return .list(positions(elements.count).map { elements[$0] })
    default: throw Problem.notIndexable(typeName)
    }
  }
}
