import CollabText
public import CollabDocuments
public import CollabTables
package import CollabTensors

/// A table, what its rows are called, and how much of another one it is.
public struct TableView {
  /// The rows.
  public let table: Table
  /// The number of rows of the table that these are the first of.
  public let wholeCount: Int
  /// What the rows are called.
  package let labels: RowLabels

  /// What a statement that gives this very table shows instead of rows and columns; empty for those.
  ///
  /// Whatever is made of the table shows its rows.
  public let presentation: [Block]

  /// A table whose rows are called by their numbers, or the first rows of one.
  public init(_ table: Table, of wholeCount: Int? = nil, shownAs presentation: [Block] = []) {
    self.init(
      table, RowLabels(numbered: table.rowCount), of: wholeCount, shownAs: presentation)
  }

  /// A table whose rows have labels.
  ///
  /// - Precondition: there is a label for each row; a table without columns takes any.
  package init(
    _ table: Table, _ labels: RowLabels, of wholeCount: Int? = nil,
    shownAs presentation: [Block] = []
  ) {
    precondition(table.columns.isEmpty || labels.count == table.rowCount)
    (self.table, self.labels) = (table, labels)
    self.wholeCount = wholeCount ?? table.rowCount
    self.presentation = presentation
  }
}

// MARK: - Parts

extension TableView {
  /// The number of rows.
  package var rowCount: Int { labels.count }

  /// Some rows, in the order asked for, with their labels.
  package func rows(at rows: [Int]) -> TableView {
    TableView(table.rows(at: rows), labels.rows(at: rows))
  }

  /// As `rows(at:)`, which stops where it is asked to.
  ///
  /// - Throws: `TableError.interrupted`.
  package func rowsInterruptibly(at rows: [Int]) throws(TableError) -> TableView {
    TableView(try table.rowsInterruptibly(at: rows), labels.rows(at: rows))
  }

  /// The first rows.
  package func head(_ count: Int) -> TableView {
    let head = rows(at: Array(0..<min(max(count, 0), rowCount)))
    return TableView(head.table, head.labels, of: rowCount)
  }

  /// Other columns for the same rows.
  package func with(_ table: Table) -> TableView { TableView(table, labels) }

  /// A column with the labels of the rows.
  package func column(_ name: String) throws(TableError) -> Series {
    Series(labels, try table.column(name))
  }

  /// The table with one more column at the right, or with the column of that name replaced.
  ///
  /// - Parameters:
  ///   - name: what the column is called.
  ///   - value: a value for all rows, or one for each; those of a series go by their labels.
  /// - Returns: the table with the column.
  /// - Throws: what is wrong with the value.
  package func setting(_ name: String, to value: Value) throws -> TableView {
    let column = try column(of: value).renamed(name)
    return with(try table.adding(column))
  }

  /// What is called otherwise by `df.columns = …` and `df.index = …`.
  package enum LabelKind: String {
    case columns, index
  }

  /// The table with other names of its columns, or other labels of its rows.
  package func calling(_ kind: LabelKind, _ labels: [Value]) throws -> TableView {
    let count = kind == .columns ? table.columns.count : rowCount
    guard labels.count == count else {
      throw Problem.unequalLengths("`\(kind.rawValue)`", labels.count, "the table", count)
    }
    switch kind {
    case .columns:
      return with(try Table(zip(table.columns, labels).map { $0.renamed($1.text) }))
    case .index: return TableView(table, RowLabels(try Column("", cells: labels)))
    }
  }

  /// A column of one value for all rows, or of one for each.
  private func column(of value: Value) throws -> Column {
    // As `str.extract` gives it for one group.
    if case .table(let other) = value, other.table.columns.count == 1 {
      return try Series(other.labels, other.table.columns[0]).reordered(as: labels)
    }
    if let series = value.series {
      if table.columns.isEmpty { return series.values }
      return try series.reordered(as: labels)
    }
    if case .string = value { return try Column("", repeating: value, count: rowCount) }
    guard value.dtype != nil || value.elements != nil || value.isSeveral, value.rank > 0 else {
      return try Column("", repeating: value, count: rowCount)
    }
    let members = try value.members()
    guard table.columns.isEmpty || members.count == rowCount else {
      throw Problem.unequalLengths("the column", members.count, "the table", rowCount)
    }
    return try Column("", cells: members)
  }
}

extension Value {
  /// How many dimensions it has; plain values have none.
  fileprivate var rank: Int {
    switch self {
    case .tensor(let tensor), .array(let tensor): tensor.shape.count
    default: 1
    }
  }
}

extension Series {
  /// The values in the order of other labels; those that are not among them have no value.
  package func reordered(as others: RowLabels) throws -> Column {
    try values.rows(padding: others.rows(in: labels))
  }
}

// MARK: - Columns of values

extension Column {
  /// A column of one value, so many times.
  package init(_ name: String, repeating value: CollabInterpreter.Value, count: Int) throws {
    try self.init(name, cells: [value])
    self = rows(at: [Int](repeating: 0, count: count))
  }

  /// A column of values: all truth values, all whole numbers, all numbers, or all texts; none is a
  /// missing value.
  ///
  /// - Throws: `bad-value` for others.
  package init(_ name: String, cells values: [CollabInterpreter.Value]) throws {
    let flags = values.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
    if !values.isEmpty, flags.count == values.count {
      self.init(name, truths: flags)
      return
    }
    let cells = try values.map { value in
      guard let cell = value.cell else {
        throw Problem.wrongKind("a column", expected: "numbers or texts", got: value.phrase)
      }
      return cell
    }
    let integers = cells.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    if integers.count == cells.count, !cells.isEmpty {
      self.init(name, integers: integers)
      return
    }
    let isText = cells.contains { if case .text = $0 { true } else { false } }
    if isText {
      let texts = try zip(cells, values).map { cell, value -> String? in
        switch cell {
        case .text(let text): return text
        case .missing: return nil
        case .double(let number) where number.isNaN: return nil
        default:
          throw Problem.wrongKind(
            "a column of texts", expected: "texts only", got: value.phrase)
        }
      }
      self.init(name, texts: texts)
      return
    }
    self.init(name, doubles: cells.map { $0.number ?? .nan })
  }

  /// A column of what a value holds: the elements of an array, or the members of anything else.
  ///
  /// - Throws: `bad-value` for what is neither numbers nor texts.
  package init(_ name: String, membersOf value: CollabInterpreter.Value) throws {
    switch value {
    case .tensor(let tensor), .array(let tensor):
      guard tensor.shape.count == 1 else { fallthrough }
      try self.init(name, tensor)
    case .column, .object(is Series):
      guard let series = value.series else { fallthrough }
      self = series.values.renamed(name)
    default: try self.init(name, cells: value.members())
    }
  }

  /// A column of the elements of a tensor of one dimension.
  package init(_ name: String, _ tensor: Tensor) throws {
    switch tensor.dtype {
    case .bool: self.init(name, truths: tensor.scalars(as: Bool.self))
    case .float32, .float64: self.init(name, doubles: tensor.doubles())
    default:
      self.init(
        name,
        integers: try tensor.converted(to: .int64).scalars(as: Int64.self).map { Int($0) })
    }
  }
}

// MARK: - Showing

/// The rows that are shown of so many.
package struct ShownRows {
  /// A table of more rows than this shows its first and last ones.
  private static let longest = 20
  private static let edge = 5

  package let rows: [Int]
  /// Whether some are left out.
  package let isCut: Bool

  package init(of count: Int) {
    isCut = count > Self.longest
    rows =
      isCut ? Array(0..<Self.edge) + Array((count - Self.edge)..<count) : Array(0..<count)
  }

  /// Where rows are left out, as a table block says it.
  package var gap: Int? { isCut ? Self.edge - 1 : nil }
}

extension TableView {
  /// The rows with their labels, and how many there are.
  package var block: TableBlock {
    let shown = ShownRows(of: rowCount)
    let count = "\(grouped(rowCount)) rows × \(table.columns.count) columns"
    let footer =
      wholeCount > rowCount
      ? "\(grouped(rowCount)) of \(grouped(wholeCount)) rows × \(table.columns.count) columns"
      : count
    // Labels with names stand in columns of theirs.
    let levels = labels.isNamed ? labels.levels : []
    let index = labels.isNamed ? nil : shown.rows.map { labels.label(at: $0).cellText }
    let texts =
      (labels.isNamed ? labels.cells(of: shown.rows) : [])
      + table.columns.map { $0.cells(of: shown.rows) }
    return TableBlock(
      columns: levels.map { .text($0.name) }
        + table.columns.map { $0.kind == .text ? .text($0.name) : .number($0.name) },
      rows: shown.rows.indices.map { row in texts.map { $0[row] } },
      index: index, gapAfterRow: shown.gap, footer: footer)
  }
}

extension Value {
  /// The value as a cell of a table shows it.
  package var cellText: String {
    switch self {
    case .double(let number): Column.Value.double(number).display
    default: text
    }
  }
}
