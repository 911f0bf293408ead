package import CollabDocuments
import CollabTables

/// A row of a table whose cells are of several kinds, called by the names of the columns.
///
/// A row of numbers only is a ``Series``.
package final class TableRow: SessionObject {
  package let names: [String]
  package let cells: [Value]
  /// The label of the row.
  package let label: Value
  /// Whether it is printed as `itertuples` gives it.
  private let isTuple: Bool

  package init(_ names: [String], _ cells: [Value], label: Value, isTuple: Bool = false) {
    (self.names, self.cells, self.label) = (names, cells, label)
    self.isTuple = isTuple
  }

  package var typeName: String { isTuple ? "Pandas" : "Row" }
  package var memberNames: [String] { ["index", "iloc", "loc", "name", "shape", "values"] + names }
  package var length: Int? { cells.count }
  package func members() -> [Value]? { cells }
  package func contains(_ value: Value) -> Bool? {
    isTuple ? nil : names.contains { Value.string($0).display == value.display }
  }
  package var isTabular: Bool { !isTuple }

  package func member(_ name: String) -> Value? {
    if let place = names.firstIndex(of: name) { return cells[place] }
    guard !isTuple else { return nil }
    switch name {
    case "index": return .object(Index(names: names))
    case "name": return label
    case "values": return .list(cells)
    case "shape": return .tuple([.int(cells.count)])
    case "iloc": return .list(cells)
    case "loc": return .object(self)
    default: return nil
    }
  }

  package func element(_ index: Value) throws -> Value {
    if case .string(let name) = index {
      if let place = names.firstIndex(of: name) { return cells[place] }
      throw Problem.missingKey(name, in: "the row", near: names)
    }
    if let place = index.integer {
      return cells[try Value.position(place, count: cells.count)]
    }
    let wanted = try index.members().map(\.text)
    let picked = try wanted.map { try element(.string($0)) }
    return try Value.row(wanted, picked, label: label)
  }

  package func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    let places = places(cells.count)
    if isTuple { return .tuple(places.map { cells[$0] }) }
    return .object(TableRow(places.map { names[$0] }, places.map { cells[$0] }, label: label))
  }

  package var display: String {
    guard isTuple else { return "\(cells.count) rows" }
    let parts = zip(names, cells).map { "\($0)=\($1.display)" }
    return "Pandas(\(parts.joined(separator: ", ")))"
  }

  package var block: Block {
    guard !isTuple else { return .preformatted(display) }
    let name = label.isNone ? "" : "Name: \(label.text), "
    return .table(
      TableBlock(
        columns: [.text(""), .number("")],
        rows: zip(names, cells).map { [$0, $1.cellText] }, footer: "\(name)dtype: object"))
  }
}

extension Value {
  /// The cells of a row under the names of their columns: a series where all are numbers.
  package static func row(_ names: [String], _ cells: [Value], label: Value) throws -> Value {
    if let values = try? Column(label.isNone ? "" : label.text, cells: cells), values.kind != .text
    {
      return .object(Series(RowLabels(Column("", texts: names)), values))
    }
    return .object(TableRow(names, cells, label: label))
  }
}

extension TableView {
  /// One row, by its place.
  package func row(at place: Int) throws -> Value {
    let cells = table.columns.map { $0.cell(at: place) }
    return try Value.row(table.columnNames, cells, label: labels.label(at: place))
  }
}
