package import CollabInterpreter
import CollabLanguage
import CollabTables

/// From a table with a column an item to one with a row a rating.
package enum MeltMethod {
  private static func names(_ name: String, _ example: String, _ help: String) -> Parameter {
    Parameter(
      name, .anyOf([.list(of: .string), .string]), .optional, example: example, isOptionOnly: true,
      help: help)
  }

  package static let melt = Builtin.method(
    of: "Table", "melt", "one row for each cell of some columns",
    [
      names("id_vars", "'user'", "columns to repeat"),
      names("value_vars", "['a', 'b']", "columns whose cells become rows: all others"),
      Parameter(
        "var_name", .string, default: "'variable'", isOptionOnly: true,
        help: "what to call the column of their names"),
      Parameter(
        "value_name", .string, default: "'value'", isOptionOnly: true,
        help: "what to call the column of cells"),
    ],
    "ratings.melt(id_vars='user', value_vars=['movie', 'rating'])", result: "Table"
  ) { call in
    let arguments = call.arguments
    func names(_ name: String) -> [String]? {
      arguments.optionalString(name).map { [$0] } ?? arguments.optionalStrings(name)
    }
    return .table(
      TableView(
        try call.tableReceiver().melted(
          keeping: names("id_vars") ?? [], values: names("value_vars"),
          variable: arguments.string("var_name"), value: arguments.string("value_name"))))
  }
}
