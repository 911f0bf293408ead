package import CollabTables

/// What the rows of a table or a series are called, as pandas' index.
///
/// Usually that is their own numbers, from 0 on. Filters and sorts take the labels along; counting and
/// grouping give labels of their own, in several columns where there are several keys.
package struct RowLabels {
  /// How many rows there are.
  package let count: Int
  /// The labels, one column for each level; none where they are the rows' own numbers.
  package let levels: [Column]

  /// The rows' own numbers, from 0 on.
  package init(numbered count: Int) { (self.count, levels) = (count, []) }

  /// Labels of one level.
  package init(_ column: Column) { self.init([column]) }

  /// Labels of several levels.
  ///
  /// - Precondition: there is one at least, and they are equally long.
  package init(_ levels: [Column]) {
    precondition(!levels.isEmpty && levels.allSatisfy { $0.count == levels[0].count })
    (count, self.levels) = (levels[0].count, levels)
  }

  /// Whether they are the rows' own numbers.
  package var isNumbered: Bool { levels.isEmpty }
  /// The names of the levels; the own numbers have none, and a level without one has an empty text.
  package var names: [String] { levels.map(\.name) }
  /// The only name; nil if there is none.
  package var name: String? {
    levels.count == 1 && !levels[0].name.isEmpty ? levels[0].name : nil
  }
  /// Whether a level has a name.
  package var isNamed: Bool { levels.contains { !$0.name.isEmpty } }

  /// The labels as one column, of the first level where there are several.
  package var column: Column {
    levels.first ?? Column("", integers: Array(0..<count))
  }

  /// The label of a row: a number, a text, or a tuple of them.
  package func label(at row: Int) -> Value {
    switch levels.count {
    case 0: .int(row)
    case 1: levels[0].cell(at: row)
    default: .tuple(levels.map { $0.cell(at: row) })
    }
  }

  /// All labels.
  package var labels: [Value] { (0..<count).map(label) }

  /// The labels of some rows, in the order asked for.
  package func rows(at rows: [Int]) -> RowLabels {
    guard isNumbered else { return RowLabels(levels.map { $0.rows(at: rows) }) }
    return rows.elementsEqual(0..<rows.count)
      ? RowLabels(numbered: rows.count) : RowLabels(Column("", integers: rows))
  }

  /// The labels of some rows as they are shown, level by level: what a row has in common with the one
  /// above is left out.
  package func cells(of rows: [Int]) -> [[String]] {
    let texts = (isNumbered ? [column] : levels).map { $0.cells(of: rows) }
    var isSame = [Bool](repeating: true, count: rows.count)
    return texts.enumerated().map { place, level in
      guard place < texts.count - 1 else { return level }
      return rows.indices.map { row in
        isSame[row] = isSame[row] && row > 0 && level[row] == level[row - 1]
        return isSame[row] ? "" : level[row]
      }
    }
  }

  /// The same under other names.
  package func renamed(_ names: [String]) -> RowLabels {
    let levels = isNumbered ? [column] : levels
    return RowLabels(zip(levels, names).map { $0.renamed($1) })
  }
}

// MARK: - Finding rows

extension RowLabels {
  /// What labels are told apart by.
  fileprivate typealias Key = [CellKey]

  fileprivate func key(at row: Int) -> Key {
    isNumbered ? [.integer(row)] : levels.map { CellKey($0.value(at: row)) }
  }

  /// The rows that have a label; of several levels it may also be a value of the first one.
  package func rows(of label: Value) -> [Int] {
    let parts = label.elements ?? [label]
    let cells = parts.compactMap(\.cell)
    guard cells.count == parts.count, !cells.isEmpty else { return [] }
    if isNumbered {
      guard cells.count == 1, case .integer(let row) = CellKey(cells[0]) else { return [] }
      return (0..<count).contains(row) ? [row] : []
    }
    guard cells.count <= levels.count else { return [] }
    var rows = Array(0..<count)
    for (level, cell) in zip(levels, cells) {
      let isWanted = level.compared(.equal, to: cell)
      rows.removeAll { !isWanted[$0] }
    }
    return rows
  }

  /// Whether a label names one row rather than a group of them.
  package func isWhole(_ label: Value) -> Bool {
    (label.elements?.count ?? 1) == max(levels.count, 1)
  }

  /// The row that has each label; a label that several rows have stands for the first.
  private var firstRows: [Key: Int] {
    Dictionary((0..<count).map { (key(at: $0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the labels are the same in the same order.
  package func isSame(as other: RowLabels) -> Bool {
    guard count == other.count else { return false }
    if isNumbered && other.isNumbered { return true }
    guard max(levels.count, 1) == max(other.levels.count, 1) else { return false }
    let pairs = zip(
      isNumbered ? [column] : levels, other.isNumbered ? [other.column] : other.levels)
    return pairs.allSatisfy { one, another in
      (one.kind == .text) == (another.kind == .text)
        && one.compared(.equal, to: another).allSatisfy(\.self)
    }
  }

  /// For each of these labels, the row that has it in other labels, or -1 where none has.
  package func rows(in other: RowLabels) -> [Int] {
    if isSame(as: other) { return Array(0..<count) }
    let places = other.firstRows
    return (0..<count).map { places[key(at: $0)] ?? -1 }
  }

  /// These labels and those that others add, in order: what arithmetic of two series has.
  ///
  /// - Throws: `TableError.unlikeColumns` for texts beside numbers.
  package func union(_ other: RowLabels) throws -> RowLabels {
    let known = firstRows
    let added = (0..<other.count).filter { known[other.key(at: $0)] == nil }
    let mine = isNumbered ? [column] : levels
    let theirs = (other.isNumbered ? [other.column] : other.levels).map { $0.rows(at: added) }
    guard mine.count == theirs.count else { throw Problem.unlikeLabels }
    let levels = try zip(mine, theirs).map { mine, theirs in
      try mine.appending(theirs.renamed(mine.name))
    }
    let places = levels.indices.map { "\($0)" }
    let table = try Table(
      zip(levels, places).map { $0.renamed($1) } + [
        Column("row", integers: Array(0..<(count + added.count)))
      ])
    let order = try table.sorted(by: places, descending: places.map { _ in false }).column("row")
    let rows = try order.integers()
    return RowLabels(levels.map { $0.rows(at: rows) })
  }
}

extension Column {
  /// A cell as a value: those of truth values are true and false.
  package func cell(at row: Int) -> CollabInterpreter.Value {
    let value = value(at: row)
    if isTruth, case .integer(let number) = value { return .bool(number != 0) }
    return CollabInterpreter.Value(value)
  }

  /// The type of the elements, as pandas calls it.
  package var dtypeName: String {
    switch kind {
    case .integers: isTruth ? "bool" : "int64"
    case .doubles: "float64"
    case .text: "object"
    }
  }
}
