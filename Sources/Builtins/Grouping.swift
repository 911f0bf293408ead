package import CollabInterpreter
import CollabText
package import CollabTables

/// A table cut into groups of rows with the same values in some columns.
package final class Grouping: SessionObject {
  private let table: Table
  private let keys: [String]
  private let column: String?

  package init(_ table: Table, by keys: [String], column: String? = nil) throws {
    for key in keys { _ = try table.column(key) }
    (self.table, self.keys, self.column) = (table, keys, column)
  }

  package var typeName: String { "GroupBy" }
  package var display: String {
    "\(grouped(table.rowCount)) rows grouped by \(keys.joined(separator: ", "))"
  }
  package var memberNames: [String] { table.columnNames + ["ngroups"] }

  package func member(_ name: String) throws -> Value? {
    if table.hasColumn(name) { return .object(try Grouping(table, by: keys, column: name)) }
    return name == "ngroups" ? .int(try table.grouped(by: keys).count) : nil
  }

  package func element(_ index: Value) throws -> Value {
    guard case .string(let name) = index else {
      throw Problem.wrongKind("groupby(…)[…]", expected: "the name of a column", got: index.phrase)
    }
    _ = try table.column(name)
    return .object(try Grouping(table, by: keys, column: name))
  }

  /// One value a group: a series, or a table where several columns make the groups.
  package func aggregated(_ aggregate: Aggregate) throws -> Value {
    let groups = try table.grouped(by: keys)
    let values = try values(aggregate, groups)
    guard groups.keys.columns.count == 1 else {
      return .table(TableView(try Table(groups.keys.columns + [values])))
    }
    return .object(Series(groups.keys.columns[0], values))
  }

  /// The keys and one column for each of several numbers.
  package func table(of aggregates: [Aggregate]) throws -> Table {
    let groups = try table.grouped(by: keys)
    return try Table(
      groups.keys.columns + aggregates.map { try values($0, groups).renamed($0.rawValue) })
  }

  private func values(_ aggregate: Aggregate, _ groups: RowGrouping) throws -> Column {
    let name = column ?? aggregate.rawValue
    // Without a column it is rows that are counted.
    if column == nil, aggregate == .count || aggregate == .size {
      return try table.columns[0].aggregated(.size, by: groups).renamed(name)
    }
    return try table.column(valueColumn()).aggregated(aggregate, by: groups)
  }

  private func valueColumn() throws -> String {
    if let column { return column }
    guard table.hasColumn("rating") else {
      throw Problem.wrongKind(
        "groupby", expected: "a column to summarise, as in groupby('title')['rating']", got: "none")
    }
    return "rating"
  }
}
