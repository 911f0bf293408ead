import CollabLearning
import CollabTables
import CollabTensors

extension Value {
  /// One element, or those at several indices.
  package func element(_ index: Value) throws -> Value {
    switch self {
    case .table(let view): return try view.element(index)
    case .column:
      if let mask = try index.mask(of: rowLabels) { return try rows(at: mask) }
      return try series?.labelled(index) ?? .none
    case .string(let text):
      let characters = Array(text)
      return try Self.pick(index, count: characters.count) { .string(String(characters[$0])) }
    case .object(let object): return try object.element(index)
    default:
      if case .module(is Sequential) = self { return try Value.list(members()).element(index) }
      guard let elements else { throw Problem.notIndexable(typeName) }
      if let mask = try index.mask(of: elements.count) {
        return .longList(mask.map { elements[$0] })
      }
      if case .longList = self, index.elements != nil || index.dtype != nil, index.integer == nil {
        return .longList(
          try index.members().map { try Self.pick($0, count: elements.count) { elements[$0] } })
      }
      return try Self.pick(index, count: elements.count) { elements[$0] }
    }
  }

  /// The element at an index, or a list of those at several.
  package static func pick(_ index: Value, count: Int, _ element: (Int) -> Value) throws -> Value {
    if let place = index.integer {
      return element(try position(place, count: count))
    }
    switch index {
    case .list, .longList, .tuple, .tensor, .array:
      return .list(try index.members().map { try pick($0, count: count, element) })
    default: throw Problem.wrongKind("an index", expected: "a whole number", got: index.phrase)
    }
  }

  /// The elements of a slice.
  package func slice(_ start: Int?, _ stop: Int?, _ step: Int?) throws -> Value {
    let step = step ?? 1
    guard step != 0 else {
      throw Problem.wrongKind("a step", expected: "another number", got: Value.int(0).phrase)
    }
    func positions(_ count: Int) -> [Int] { Self.places(start, stop, step, count: count) }
    switch self {
    case .string(let text):
      let characters = Array(text)
      return .string(String(positions(characters.count).map { characters[$0] }))
    case .column, .table: return try rows(at: positions(rowCount))
    case .tuple(let elements): return .tuple(positions(elements.count).map { elements[$0] })
    case .size(let sizes): return .size(positions(sizes.count).map { sizes[$0] })
    case .longList(let elements): return .longList(positions(elements.count).map { elements[$0] })
    case .list(let elements): return .list(positions(elements.count).map { elements[$0] })
    case .object(let object): return try object.slice(positions)
    default: throw Problem.notIndexable(typeName)
    }
  }

  /// The places of a slice among so many.
  package static func positions(
    _ start: Int?, _ stop: Int?, _ step: Int?, count: Int
  ) throws -> [Int] {
    let step = step ?? 1
    guard step != 0 else {
      throw Problem.wrongKind("a step", expected: "another number", got: Value.int(0).phrase)
    }
    return places(start, stop, step, count: count)
  }

  private static func places(_ start: Int?, _ stop: Int?, _ step: Int, count: Int) -> [Int] {
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
}

extension TableView {
  /// A column, several of them, or the rows of a condition.
  fileprivate func element(_ index: Value) throws -> Value {
    if case .string(let name) = index { return try column(name).value }
    if case .int(let number) = index { return try column("\(number)").value }
    if case .table(let mask) = index { return .table(try keeping(mask)) }
    if let mask = try index.mask(of: labels) { return .table(try rowsInterruptibly(at: mask)) }
    if index.elements != nil || index.isSeveral {
      return .table(with(try table.select(index.members().map(\.text))))
    }
    throw Problem.wrongKind("table[…]", expected: "the name of a column", got: index.phrase)
  }

  /// The cells where a table of truth values says so; others have no value.
  private func keeping(_ mask: TableView) throws -> TableView {
    guard mask.rowCount == rowCount else {
      throw Problem.maskDoesNotFit(mask.rowCount, rowCount)
    }
    let columns = try table.columns.map { column in
      guard let truths = try mask.table.column(column.name).truths else {
        throw Problem.wrongKind("table[…]", expected: "truth values", got: "a table of others")
      }
      return try column.rows(padding: truths.indices.map { truths[$0] ? $0 : -1 })
    }
    return with(try Table(columns))
  }
}
