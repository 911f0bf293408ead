package import CollabTables
import CollabPythonText

/// What the rows or columns of a table are called, as a value of its own: pandas' Index.
package final class Index: ColumnObject {
  package let labels: RowLabels

  package init(_ labels: RowLabels) { self.labels = labels }

  /// The names of columns.
  package convenience init(names: [String]) {
    self.init(RowLabels(Column("", texts: names)))
  }

  package var values: Column { labels.column }
  package var typeName: String { "Index" }
  package var methodKinds: [String] { [typeName, "Column"] }
  package var memberNames: [String] { ["dtype", "name", "names", "shape", "size", "values"] }
  package var length: Int? { labels.count }
  package func members() -> [Value]? { labels.labels }
  package func contains(_ value: Value) -> Bool? { !labels.rows(of: value).isEmpty }
  package func values(inOrderOf other: any ColumnObject) -> Column { values }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "values": labels.levels.count > 1 ? .list(labels.labels) : try values.values()
    case "name": labels.name.map(Value.string) ?? Value.none
    case "names": .list(labels.isNumbered ? [.none] : labels.names.map(Value.string))
    case "shape": .tuple([.int(labels.count)])
    case "size": .int(labels.count)
    case "dtype": .object(TypeName("dtype('\(values.dtypeName.prefix(1).uppercased())')"))
    default: nil
    }
  }

  package func element(_ index: Value) throws -> Value {
    if let mask = try index.mask(of: RowLabels(numbered: labels.count)) {
      return .object(Index(labels.rows(at: mask)))
    }
    if let place = index.integer {
      return labels.label(at: try Value.position(place, count: labels.count))
    }
    let rows = try Value.places(index, count: labels.count, in: "an index")
    return .object(Index(labels.rows(at: rows)))
  }

  package func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    .object(Index(labels.rows(at: places(labels.count))))
  }

  /// As pandas' `repr` prints it.
  package var display: String {
    if labels.isNumbered { return "RangeIndex(start=0, stop=\(labels.count), step=1)" }
    if labels.levels.count > 1 {
      let names = Value.list(labels.names.map { $0.isEmpty ? Value.none : .string($0) }).display
      return "MultiIndex(\(listed), names=\(names))"
    }
    let name = labels.name.map { ", name=\(PythonFormat.repr($0))" } ?? ""
    let length = isCut ? ", length=\(labels.count)" : ""
    return "Index(\(listed), dtype='\(values.dtypeName)'\(name)\(length))"
  }

  private var isCut: Bool { labels.count > 100 }

  /// The labels in brackets; of more than a hundred the first and last ten.
  private var listed: String {
    let rows =
      isCut ? Array(0..<10) + Array((labels.count - 10)..<labels.count) : Array(0..<labels.count)
    var texts = rows.map { labels.label(at: $0).display }
    if isCut { texts.insert("...", at: 10) }
    return "[\(texts.joined(separator: ", "))]"
  }
}
