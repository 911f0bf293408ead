import CollabLanguage
import CollabTables

/// The methods that change a table which a name holds.
package enum TableChange: String, CaseIterable {
  case insert, pop

  /// Changes a table, and gives what the method gives.
  package func apply(to value: inout Value, _ arguments: Arguments) throws -> Value {
    guard case .table(let view) = value else {
      throw Problem.wrongKind("`\(rawValue)`", expected: "a table", got: value.phrase)
    }
    switch self {
    case .insert:
      let name = try arguments.string("column")
      guard !view.table.hasColumn(name) else { throw TableError.duplicateColumn(name) }
      var names = view.table.columnNames
      let place = try arguments.int("loc")
      guard (0...names.count).contains(place) else {
        throw Problem.outOfRange(place, count: names.count)
      }
      names.insert(name, at: place)
      let longer = try view.setting(name, to: arguments.value("value") ?? .none)
      value = .table(longer.with(try longer.table.select(names)))
      return .none
    case .pop:
      let name = try arguments.string("item")
      let column = try view.column(name)
      value = .table(view.with(view.table.dropping(name)))
      return column.value
    }
  }
}
