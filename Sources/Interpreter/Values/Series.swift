import CollabText
package import CollabDocuments
package import CollabTables
import CollabTensors

/// Numbers with a label each, as pandas' Series: what counting and grouping give.
package final class Series: ColumnObject {
  package let labels: Column
  package let values: Column

  package init(_ labels: Column, _ values: Column) {
    (self.labels, self.values) = (labels, values)
  }

  package var typeName: String { "Series" }
  package var memberNames: [String] { ["iloc", "index", "loc", "name", "shape", "values"] }

  /// The labels with their numbers, as a table.
  package var table: Table? {
    let name = values.name == labels.name ? "count" : values.name
    return try? Table([labels, values.renamed(name)])
  }

  package var display: String {
    table.map { "\(TableView($0).block.rows.count) rows" } ?? "an empty series"
  }

  package var block: Block {
    table.map { .table(TableView($0).block) } ?? .preformatted(display)
  }
  package var isTabular: Bool { true }
  /// The numbers of a series are a column.
  package var methodKinds: [String] { [typeName, "Column"] }

  package func members() throws -> [Value]? { try Value.column(values).members() }

  package func member(_ name: String) -> Value? {
    switch name {
    case "index": .column(labels)
    case "values": try? values.values()
    case "name": .string(values.name)
    case "shape": .tuple([.int(values.count)])
    case "iloc": .object(Places(of: .object(self)))
    case "loc": .object(Labels(of: .object(self)))
    default: nil
    }
  }

  /// The number of a label, or the rows of several labels or of a condition.
  ///
  /// As in pandas, a whole number is a label where labels are numbers, and counts places where they
  /// are texts; a text that is this number has it refused.
  package func element(_ index: Value) throws -> Value {
    if let mask = try index.mask(of: values.count) { return .object(rows(at: mask)) }
    if labels.kind == .text, let place = index.integer {
      let text = "\(place)"
      guard labels.firstRow(of: .text(text)) == nil else {
        throw Problem.missingLabel(
          index.display, among: "texts: '\(text)' is one of them", place: nil)
      }
      return try Value.column(values).element(index)
    }
    return try labelled(index)
  }

  /// The number of a label, or the rows of several.
  package func labelled(_ index: Value) throws -> Value {
    if index.elements != nil || index.dtype != nil {
      return .object(rows(at: try index.members().map(row)))
    }
    return Value(values.value(at: try row(of: index)))
  }

  package func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    .object(rows(at: places(values.count)))
  }

  private func row(of label: Value) throws -> Int {
    if let cell = label.cell, let row = labels.firstRow(of: cell) { return row }
    let kinds = labels.kind == .text ? "texts" : "numbers"
    let range =
      if let first = try? labels.aggregated(.min), let last = try? labels.aggregated(.max),
        labels.count > 0
      {
        "\(kinds) from \(Value(first).display) to \(Value(last).display)"
      } else {
        kinds
      }
    let place = label.integer.map { $0 < labels.count && $0 >= 0 ? $0 : 0 }
    throw Problem.missingLabel(
      label.display, among: range, place: labels.count > 0 ? place : nil)
  }

  /// Some rows, in the order asked for.
  package func rows(at rows: [Int]) -> Series {
    Series(labels.rows(at: rows), values.rows(at: rows))
  }

  /// The rows in the order of their numbers; equal ones keep theirs, those without come last.
  package func sorted(descending: Bool) -> Series {
    rows(at: values.sortedRows(descending: descending))
  }

  /// The rows in the order of their labels.
  package func sortedByLabel(descending: Bool) -> Series {
    rows(at: labels.sortedRows(descending: descending))
  }

  /// The first rows.
  package func head(_ count: Int) -> Series { Series(labels.head(count), values.head(count)) }

  /// The numbers in the order of another series' labels.
  ///
  /// - Throws: ``Problem/unlikeLabels`` unless both have the same labels.
  package func values(inOrderOf other: any ColumnObject) throws -> Column {
    guard let other = other as? Series, labels.kind == other.labels.kind,
      labels.count == other.labels.count
    else {
      throw Problem.unlikeLabels
    }
    let (mine, theirs) = (labels.sortedRows(), other.labels.sortedRows())
    guard
      labels.rows(at: mine).compared(.equal, to: other.labels.rows(at: theirs)).allSatisfy(\.self)
    else { throw Problem.unlikeLabels }
    var rows = [Int](repeating: 0, count: labels.count)
    for (row, place) in zip(mine, theirs) { rows[place] = row }
    return values.rows(at: rows)
  }
}
