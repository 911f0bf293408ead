import CollabMemory

// MARK: - From wide to long
extension Table {
  /// One row for each cell: the values of some columns, the name of a column, and its value there.
  ///
  ///     let ratings = try matrix.melted(keeping: ["user"], variable: "item", value: "rating")
  ///
  /// Columns follow one another, each with all its rows, as in pandas; missing values stay.
  ///
  /// - Parameters:
  ///   - ids: The columns that are repeated.
  ///   - values: The columns whose cells become rows; nil for all others.
  ///   - variable: What the column of their names is called.
  ///   - value: What the column of their cells is called.
  /// - Returns: a table of rows × columns rows.
  /// - Throws: `TableError.noColumn`, `.duplicateColumn`, `.wrongKind` if one of several columns holds
  ///   text and another does not, or `.tooLarge`.
  /// - Complexity: O(cells).
  public func melted(
    keeping ids: [String], values: [String]? = nil, variable: String = "variable",
    value: String = "value"
  ) throws(TableError) -> Table {
    let names = values ?? columnNames.filter { !ids.contains($0) }
    let kept = try select(ids)
    let molten = try select(names).columns
    let cellBytes = 8 * (ids.count + 2) * names.count
    let (byteCount, isTooMuch) = rowCount.multipliedReportingOverflow(by: cellBytes)
    guard !isTooMuch, AvailableMemory.hasRoom(for: byteCount) else {
      throw .tooLarge(value, bytes: byteCount)
    }
    let repeated = Array(repeating: 0..<rowCount, count: names.count).flatMap(\.self)
    let variables = Column(
      variable, texts: names.flatMap { Array(repeating: $0 as String?, count: rowCount) })
    let cells = try Self.joined(molten, as: value)
    return try Table(kept.columns.map { $0.rows(at: repeated) } + [variables, cells])
  }

  /// The values of some columns one after the other.
  private static func joined(_ columns: [Column], as name: String) throws(TableError) -> Column {
    if columns.allSatisfy({ $0.kind == .integers }) {
      var all: [Int] = []
      for column in columns { all += try column.integers() }
      return Column(name, integers: all)
    }
    if columns.contains(where: { $0.kind == .text }) {
      var all: [String?] = []
      for column in columns {
        // A column without any value may have become one of numbers.
        if column.kind != .text, column.missingRows.count == column.count {
          all += Array(repeating: nil, count: column.count)
        } else {
          all += try column.texts()
        }
      }
      return Column(name, texts: all)
    }
    var all: [Double] = []
    for column in columns { all += try column.doubles() }
    return Column(name, doubles: all)
  }
}
