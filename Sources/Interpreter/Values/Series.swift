import CollabText
package import CollabDocuments
package import CollabTables
import CollabTensors

/// Values with a label each, as pandas' Series: what counting, grouping and filtering give.
///
/// A column whose rows are called by their own numbers is a `Value.column`; ``value`` and
/// ``Value/series`` lead from one to the other.
package final class Series: ColumnObject {
  package let labels: RowLabels
  package let values: Column

  package init(_ labels: RowLabels, _ values: Column) {
    (self.labels, self.values) = (labels, values)
  }

  package convenience init(_ labels: Column, _ values: Column) {
    self.init(RowLabels(labels), values)
  }

  /// The series as a value: a plain column where rows have their own numbers.
  package var value: Value { labels.isNumbered ? .column(values) : .object(self) }

  package var typeName: String { "Series" }
  package var memberNames: [String] { Value.columnProperties + labelNames }
  package var display: String { "\(values.count) rows" }
  /// The labels with their values, as a table.
  package var table: Table? {
    let name = values.name.isEmpty || labels.names.contains(values.name) ? "count" : values.name
    return try? Table((labels.isNumbered ? [] : labels.levels) + [values.renamed(name)])
  }
  package var block: Block { .table(printed) }
  package var isTabular: Bool { true }
  /// The numbers of a series are a column.
  package var methodKinds: [String] { [typeName, "Column"] }
  package var length: Int? { values.count }
  package func members() throws -> [Value]? { (0..<values.count).map(values.cell) }
  /// Python asks whether there is such a label.
  package func contains(_ value: Value) -> Bool? { !labels.rows(of: value).isEmpty }

  /// Labels that could be written behind a dot.
  private var labelNames: [String] {
    guard labels.levels.count == 1, labels.levels[0].kind == .text, values.count <= 100 else {
      return []
    }
    return labels.labels.map(\.text)
  }

  package func member(_ name: String) throws -> Value? {
    if let property = try Value.property(name, of: self) { return property }
    guard labels.levels.count == 1, labels.levels[0].kind == .text,
      let row = labels.rows(of: .string(name)).first
    else { return nil }
    return values.cell(at: row)
  }
}

// MARK: - Rows

extension Series {
  /// The number of a label, or the rows of several labels or of a condition.
  ///
  /// As in pandas, a whole number is a label where labels are numbers, and counts places where they
  /// are texts; a text that is this number has it refused.
  package func element(_ index: Value) throws -> Value {
    if let mask = try index.mask(of: labels) { return try rowsInterruptibly(at: mask).value }
    if labels.levels.count == 1, labels.levels[0].kind == .text, let place = index.integer {
      let text = "\(place)"
      guard labels.rows(of: .string(text)).isEmpty else {
        throw Problem.missingLabel(
          index.display, among: "texts: '\(text)' is one of them", place: nil)
      }
      return values.cell(at: try Value.position(place, count: values.count))
    }
    return try labelled(index)
  }

  /// The number of a label, or the rows of several.
  package func labelled(_ index: Value) throws -> Value {
    let rows = try labels.rows(labelled: index)
    if let row = rows.single { return values.cell(at: row) }
    return self.rows(at: rows.all).droppingLevels(of: index).value
  }

  package func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    rows(at: places(values.count)).value
  }

  /// Some rows, in the order asked for.
  package func rows(at rows: [Int]) -> Series {
    Series(labels.rows(at: rows), values.rows(at: rows))
  }

  /// As `rows(at:)`, which stops where it is asked to.
  ///
  /// - Throws: `TableError.interrupted`.
  package func rowsInterruptibly(at rows: [Int]) throws(TableError) -> Series {
    Series(labels.rows(at: rows), try values.rowsInterruptibly(at: rows))
  }

  /// The rows in the order of their numbers; equal ones keep theirs, those without come last.
  ///
  /// - Throws: `TableError.interrupted`.
  package func sorted(descending: Bool) throws -> Series {
    try rowsInterruptibly(at: values.sortedRows(descending: descending))
  }

  /// The first rows.
  package func head(_ count: Int) -> Series {
    rows(at: Array(0..<min(max(count, 0), values.count)))
  }

  /// The same labels with other values.
  package func with(_ values: Column) -> Series { Series(labels, values) }

  /// Without the levels that a label of the first ones has told.
  private func droppingLevels(of label: Value) -> Series {
    let told = label.isSeveral ? 0 : label.elements?.count ?? 1
    guard told < labels.levels.count, told > 0, labels.levels.count > 1 else { return self }
    return Series(RowLabels(Array(labels.levels.dropFirst(told))), values)
  }

  /// The numbers in the order of another series' labels.
  ///
  /// - Throws: ``Problem/unlikeLabels`` unless both have the same labels.
  package func values(inOrderOf other: any ColumnObject) throws -> Column {
    guard let other = other as? Series, labels.count == other.labels.count else {
      throw Problem.unlikeLabels
    }
    let rows = other.labels.rows(in: labels)
    guard !rows.contains(-1), Set(rows).count == rows.count || labels.isSame(as: other.labels)
    else { throw Problem.unlikeLabels }
    return values.rows(at: rows)
  }
}

// MARK: - Columns and series

extension Value {
  /// A column or a series with its labels; nil for other kinds.
  package var series: Series? {
    switch self {
    case .column(let column): Series(RowLabels(numbered: column.count), column)
    case .object(let series as Series): series
    default: nil
    }
  }

  /// Whether this is a list of labels rather than one.
  package var isSeveral: Bool {
    switch self {
    case .list, .longList, .tensor, .array, .column, .object(is any ColumnObject): true
    default: false
    }
  }
}

// MARK: - Showing

extension Series {
  /// The labels and values as pandas prints a series: without titles but those of the labels, and with
  /// name and type in the last line.
  private var printed: TableBlock {
    let shown = ShownRows(of: values.count)
    let cells = values.cells(of: shown.rows)
    let levels = labels.isNumbered ? [labels.column] : labels.levels
    let texts = labels.cells(of: shown.rows)
    var facts = values.name.isEmpty ? [] : ["Name: \(values.name)"]
    if shown.isCut { facts.append("Length: \(values.count)") }
    facts.append("dtype: \(values.dtypeName)")
    return TableBlock(
      columns: levels.map { .text($0.name) } + [.number("")],
      rows: shown.rows.indices.map { row in texts.map { $0[row] } + [cells[row]] },
      gapAfterRow: shown.gap, footer: facts.joined(separator: ", "))
  }
}
