/// Named columns of equally many rows, in order.
///
///     let ratings = try Table([
///       Column("user", integers: [196, 186]),
///       Column("title", texts: ["Kolya (1996)", "L.A. Confidential (1997)"]),
///     ])
///     try ratings.column("title").value(at: 0)  // .text("Kolya (1996)")
///
/// A table is a value: its operations return new tables, which share the columns they do not change.
/// It has no index; a missing number is `nan`, a missing text no text.
public struct Table: Sendable, Equatable {
  /// The columns, in order.
  public let columns: [Column]
  /// The number of rows of every column.
  public let rowCount: Int

  /// Creates a table of columns.
  ///
  /// - Throws: `TableError.duplicateColumn` and `TableError.unequalLengths`.
  public init(_ columns: [Column]) throws(TableError) {
    var names: Set<String> = []
    for column in columns {
      guard names.insert(column.name).inserted else { throw .duplicateColumn(column.name) }
      guard column.count == columns[0].count else {
        throw .unequalLengths(
          column: column.name, rows: column.count, expected: columns[0].count)
      }
    }
    self.columns = columns
    rowCount = columns.first?.count ?? 0
  }

  /// Creates a table of columns that the program itself has made.
  ///
  /// - Precondition: The columns are equally long and have different names.
  public init(equallyLong columns: [Column]) {
    precondition(
      columns.allSatisfy { $0.count == columns[0].count },
      "columns of \(columns.map(\.count)) rows")
    precondition(
      Set(columns.map(\.name)).count == columns.count, "columns named \(columns.map(\.name))")
    self.init(checked: columns)
  }

  /// Columns known to have distinct names and equally many rows.
  init(checked columns: [Column]) {
    self.columns = columns
    rowCount = columns.first?.count ?? 0
  }
}

// MARK: - Columns
extension Table {
  /// The names of the columns, in order.
  public var columnNames: [String] { columns.map(\.name) }

  /// Whether there is a column of this name.
  public func hasColumn(_ name: String) -> Bool { columns.contains { $0.name == name } }

  /// The column of this name.
  ///
  /// - Throws: `TableError.noColumn`, which lists the columns there are.
  public func column(_ name: String) throws(TableError) -> Column {
    guard let column = columns.first(where: { $0.name == name }) else {
      throw .noColumn(name, available: columnNames)
    }
    return column
  }

  /// These columns only, in the order asked for.
  ///
  /// - Throws: `TableError.noColumn` and `TableError.duplicateColumn`.
  public func select(_ names: [String]) throws(TableError) -> Table {
    var picked: [Column] = []
    for name in names { picked.append(try column(name)) }
    return try Table(picked)
  }

  /// All columns but this one; a name that is not there is no error.
  public func dropping(_ name: String) -> Table {
    Table(checked: columns.filter { $0.name != name })
  }

  /// The table with one more column at the right, or with the column of that name replaced.
  ///
  /// - Throws: `TableError.unequalLengths`.
  public func adding(_ column: Column) throws(TableError) -> Table {
    var columns = columns
    if let place = columns.firstIndex(where: { $0.name == column.name }) {
      columns[place] = column
    } else {
      columns.append(column)
    }
    return try Table(columns)
  }

  /// The table with a column called otherwise.
  ///
  /// - Throws: `TableError.noColumn` and `TableError.duplicateColumn`.
  public func renaming(_ name: String, to newName: String) throws(TableError) -> Table {
    _ = try column(name)
    return try Table(columns.map { $0.name == name ? $0.renamed(newName) : $0 })
  }
}

// MARK: - Rows
extension Table {
  /// The cells of one row, in the order of the columns.
  ///
  /// - Precondition: `row` is in `0..<rowCount`.
  public func row(_ row: Int) -> [Column.Value] { columns.map { $0.value(at: row) } }

  /// These rows, in the order asked for; rows may repeat.
  ///
  /// - Precondition: every row is in `0..<rowCount`.
  /// - Complexity: O(`rows.count` × `columns.count`).
  public func rows(at rows: [Int]) -> Table {
    Table(checked: columns.map { $0.rows(at: rows) })
  }

  /// As `rows(at:)`, which stops where it is asked to.
  ///
  /// - Throws: `TableError.interrupted`.
  package func rowsInterruptibly(at rows: [Int]) throws(TableError) -> Table {
    Table(
      checked: try columns.map { column throws(TableError) in try column.rowsInterruptibly(at: rows)
      })
  }

  /// The first rows, all of them if there are not so many.
  public func head(_ rowCount: Int = 5) -> Table {
    Table(checked: columns.map { $0.head(rowCount) })
  }
}
