import CollabMemory
import CollabThreading

/// A table with a row and a column for each of the values of two keys.
public struct PivotedTable: Sendable {
  /// The keys of the rows, ascending.
  public let rows: Table
  /// The names of the columns, ascending, which are values of the other key.
  public let names: Column
  /// A column for each name.
  public let cells: [Column]
}

// MARK: - From long to wide
extension Table {
  /// One row for each value of some columns, one column for each value of another, and in the cells
  /// what is made of the rows that have both.
  ///
  ///     try ratings.pivoted(rows: ["user"], columns: "movie", values: "rating", .mean)
  ///
  /// - Parameters:
  ///   - rowNames: The columns whose values make the rows.
  ///   - columnName: The column whose values make the columns.
  ///   - valueName: The column that the cells are made of; nil to count rows.
  ///   - aggregate: What is made of several values.
  ///   - filling: What stands in cells without any; nil for a missing value.
  /// - Returns: the cells with the keys of rows and columns.
  /// - Throws: `TableError.noColumn`, `.wrongKind`, `.tooLarge`, `.wouldRound`, `.interrupted`.
  public func pivoted(
    rows rowNames: [String], columns columnName: String, values valueName: String?,
    _ aggregate: Aggregate, filling: Column.Value? = nil
  ) throws(TableError) -> PivotedTable {
    let groups = try grouped(by: rowNames + [columnName])
    let values: Column
    if let valueName {
      values = try column(valueName).aggregated(aggregate, by: groups)
    } else {
      values = try column(columnName).aggregated(.size, by: groups)
    }
    let keys = try groups.keys.select(rowNames)
    let (rowCodes, rowCount) = try keys.rowCodes(keepingMissing: false)
    let columns = try groups.keys.column(columnName).codedInterruptibly()
    let rowGroups = try RowGroups(rowCodes, groupCount: rowCount)
    let (cellCount, isTooMuch) = rowCount.multipliedReportingOverflow(by: columns.levels.count)
    guard !isTooMuch, cellCount < Int.max / 32, AvailableMemory.hasRoom(for: cellCount * 16) else {
      throw .tooLarge(columnName, bytes: isTooMuch ? .max : cellCount &* 16)
    }
    var places = [[Int]](
      repeating: [Int](repeating: -1, count: rowCount), count: columns.levels.count)
    for (group, code) in columns.codes.enumerated() { places[Int(code)][rowCodes[group]] = group }
    var cells: [Column] = []
    for (level, rows) in places.enumerated() {
      try Interruption.check()
      let cell = try values.rows(padding: rows, filling: filling)
      cells.append(cell.renamed("\(level)"))
    }
    let firsts = (0..<rowCount).compactMap { rowGroups.rows(of: $0).first }
    return PivotedTable(rows: keys.rows(at: firsts), names: columns.levels, cells: cells)
  }
}

extension Column {
  /// The values of some rows, where -1 stands for another value, or for none.
  private func rowsFilled(_ rows: [Int], _ number: Int) throws(TableError) -> Column {
    let numbers = try integers()
    return Column(name, integers: rows.map { $0 < 0 ? number : numbers[$0] })
  }

  fileprivate func rows(padding rows: [Int], filling: Value?) throws(TableError) -> Column {
    guard let filling, rows.contains(where: { $0 < 0 }) else { return try self.rows(padding: rows) }
    if kind == .integers, case .integer(let number) = filling {
      return try rowsFilled(rows, number)
    }
    return try self.rows(padding: rows).fillingMissing(with: filling)
  }
}
