import CollabTables
import CollabTensors

// MARK: - Parts of tables and columns that have a name

extension Value {
  /// The names behind the dot of a table, beside those of its columns.
  static let tableProperties = [
    "T", "at", "axes", "columns", "dtypes", "empty", "iat", "iloc", "index", "loc", "ndim", "shape",
    "size", "values",
  ]
  /// The names behind the dot of a column or series.
  package static let columnProperties = [
    "T", "at", "dtype", "dtypes", "empty", "hasnans", "iat", "iloc", "index",
    "is_monotonic_decreasing",
    "is_monotonic_increasing", "is_unique", "loc",
    "name", "ndim", "shape", "size", "str", "values",
  ]

  /// A part of a column or series.
  package static func property(_ name: String, of series: Series) throws -> Value? {
    let (labels, values) = (series.labels, series.values)
    switch name {
    case "index": return .object(Index(labels))
    case "values": return try values.values()
    case "name": return values.name.isEmpty ? Value.none : .string(values.name)
    case "shape": return .tuple([.int(values.count)])
    case "size": return .int(values.count)
    case "ndim": return .int(1)
    case "empty": return .bool(values.count == 0)
    case "dtype", "dtypes": return .dtype(of: values)
    case "hasnans": return .bool(!values.missingRows.isEmpty)
    case "is_unique": return .bool(try values.unique().count == values.count)
    case "is_monotonic_increasing": return .bool(values.isSorted(.greater))
    case "is_monotonic_decreasing": return .bool(values.isSorted(.less))
    case "iloc", "iat": return .object(Places(of: series.value))
    case "loc", "at": return .object(Labels(of: series.value))
    case "str": return .object(try ColumnTexts(series))
    case "T": return series.value
    default: return nil
    }
  }

  /// A part of a table: a column only where nothing else has its name, as in pandas.
  static func property(_ name: String, of view: TableView) throws -> Value? {
    let table = view.table
    let columnCount = table.columns.count
    switch name {
    case "columns": return .object(Index(names: table.columnNames))
    case "shape": return .tuple([.int(view.rowCount), .int(columnCount)])
    case "index": return .object(Index(view.labels))
    case "size": return .int(view.rowCount * columnCount)
    case "ndim": return .int(2)
    case "empty": return .bool(view.rowCount == 0 || columnCount == 0)
    case "axes":
      return .list([.object(Index(view.labels)), .object(Index(names: table.columnNames))])
    case "dtypes": return view.dtypes
    case "values": return try view.values()
    case "T": return .table(try view.transposed())
    case "iloc", "iat": return .object(Places(of: .table(view)))
    case "loc", "at": return .object(Labels(of: .table(view)))
    default: return try table.hasColumn(name) ? view.column(name).value : nil
    }
  }

  /// The type of a column's elements, as numpy prints it.
  private static func dtype(of column: Column) -> Value {
    .object(TypeName("dtype('\(column.kind == .text ? "O" : column.dtypeName)')"))
  }
}

extension TableView {
  /// The type of each column.
  fileprivate var dtypes: Value {
    .object(
      Series(
        RowLabels(Column("", texts: table.columnNames)),
        Column("", texts: table.columns.map(\.dtypeName))))
  }

  /// The cells: an array of two dimensions where all are numbers, else a list of rows.
  package func values() throws -> Value {
    try MemoryBudget.require(rowCount, of: 16 * max(table.columns.count, 1))
    let columns = table.columns
    guard columns.allSatisfy({ $0.kind != .text }) else {
      return .list((0..<rowCount).map { row in .list(columns.map { $0.cell(at: row) }) })
    }
    let shape = [columns.count, rowCount]
    let tensor: Tensor
    if columns.allSatisfy({ $0.kind == .integers }) {
      let numbers = try columns.flatMap { try $0.integers().map { Int64($0) } }
      tensor = try Tensor(numbers, shape: shape)
    } else {
      tensor = try Tensor(columns.flatMap { try $0.doubles() }, shape: shape)
    }
    return .array(try tensor.transposed())
  }

  /// Rows as columns, and columns as rows; what is no number becomes text.
  package func transposed() throws -> TableView {
    try MemoryBudget.require(rowCount, of: 64 * max(table.columns.count, 1))
    var columns: [Column] = []
    for row in 0..<rowCount {
      let cells = table.columns.map { $0.cell(at: row) }
      let name = labels.label(at: row).cellText
      let column =
        (try? Column(name, cells: cells)) ?? Column(name, texts: cells.map(\.cellText))
      columns.append(column)
    }
    return TableView(try Table(columns), RowLabels(Column("", texts: table.columnNames)))
  }
}

/// What stands behind `.str` of a column: its texts, each worked on by itself.
package final class ColumnTexts: SessionObject {
  package let series: Series

  package init(_ series: Series) throws {
    let isEmpty = series.values.missingRows.count == series.values.count
    guard series.values.kind == .text || isEmpty else {
      throw Problem.wrongKind(
        "`.str`", expected: "a column of texts",
        got: "`\(series.values.name)`, which holds \(series.values.kind)")
    }
    self.series = series
  }

  package var typeName: String { "StringMethods" }
  package var display: String { "the texts of \(series.values.name)" }

  /// The character at a place of each text.
  package func element(_ index: Value) throws -> Value {
    guard let place = index.integer else {
      throw Problem.wrongKind("str[…]", expected: "a whole number", got: index.phrase)
    }
    return try mapped { text in
      let characters = Array(text)
      let position = place < 0 ? place + characters.count : place
      return characters.indices.contains(position) ? .string(String(characters[position])) : nil
    }
  }

  package func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    try mapped { text in
      let characters = Array(text)
      return .string(String(places(characters.count).map { characters[$0] }))
    }
  }

  /// What a function makes of each text, once for each different one; a missing text, and nil, give a
  /// missing value.
  package func mapped(
    missing: Value? = nil, _ transform: (String) throws -> Value?
  ) throws -> Value {
    guard series.values.kind == .text else { return series.value }
    let coded = try series.values.codedInterruptibly()
    let made = try coded.levels.texts().map { try $0.flatMap(transform) ?? .double(.nan) }
    let ofMissing = missing ?? .double(.nan)
    let isList = made.contains { $0.elements != nil }
    guard !isList else {
      return .list(coded.codes.map { $0 < 0 ? ofMissing : made[Int($0)] })
    }
    let isWithout = coded.codes.contains { $0 < 0 }
    let column = try Column(series.values.name, cells: made + (isWithout ? [ofMissing] : []))
    return series.with(
      column.rows(at: coded.codes.map { $0 < 0 ? made.count : Int($0) })
    ).value
  }
}

extension Column {
  /// Whether all values are there, and none stands in a forbidden relation to the next.
  fileprivate func isSorted(_ forbidden: ColumnRelation) -> Bool {
    missingRows.isEmpty
      && (0..<max(count - 1, 0)).allSatisfy {
        !forbidden.holds(ValueOrder(value(at: $0), value(at: $0 + 1)))
      }
  }
}
