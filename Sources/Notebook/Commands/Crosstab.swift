import CollabBuiltins
import CollabInterpreter
import CollabLanguage
import CollabTables

/// A corner of the user × item table.
enum Crosstab {
  private static func column(_ name: String, _ example: String, _ help: String) -> Parameter {
    Parameter(name, .string, .optional, example: example, isOptionOnly: true, help: help)
  }

  static let all = [crosstab]

  static let crosstab = Builtin(
    CommandSpec(
      "crosstab", group: .data, summary: "show a corner of the user × item table",
      details: """
        One row for each of the most active users and one column for each of the most rated items, \
        with the rating in the cell; a dot stands where there is none.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings; the loaded one if it is left out"),
        Parameter(
          "users", .integer(1...1000), default: "8", isOptionOnly: true, help: "how many users"),
        Parameter(
          "items", .integer(1...1000), default: "8", isOptionOnly: true, help: "how many items"),
        column("user", "user", "the column of users"),
        column("item", "title", "the column of items"),
        column("rating", "rating", "the column of ratings"),
      ],
      examples: ["crosstab ratings", "crosstab ratings users=5 items=4"], seeAlso: ["describe"],
      chapter: "A first look at the data", result: "Table")
  ) { call in
    let table =
      call.arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    let columns = try RatingColumns(
      of: table, user: call.arguments.optionalString("user"),
      item: call.arguments.optionalString("item"), rating: call.arguments.optionalString("rating"),
      help: call.session.variables["ratings"] == nil ? [] : ["crosstab ratings"])
    return .table(
      TableView(
        try columns.crosstab(
          users: call.arguments.int("users"), items: call.arguments.int("items"))))
  }
}

/// The columns of a table that say who rated what how.
struct RatingColumns {
  let user: Column
  let item: Column
  let rating: Column

  /// Finds columns by the names given, then by the usual names, then by their places.
  ///
  /// - Throws: ``SessionProblem/noRatingColumns(_:help:)`` if there are not three, or the ratings are texts.
  init(
    of table: Table, user: String? = nil, item: String? = nil, rating: String? = nil,
    help: [String] = []
  ) throws {
    var names = [user, item, rating]
    for (place, usual) in [["user"], ["title", "movie", "item"], ["rating"]].enumerated() {
      let name = usual.first { table.hasColumn($0) && !names.contains($0) }
      names[place] = names[place] ?? name
    }
    var rest = table.columnNames.filter { !names.contains($0) }
    for place in names.indices where names[place] == nil && !rest.isEmpty {
      names[place] = rest.removeFirst()
    }
    let columns = try names.compactMap(\.self).map(table.column)
    guard columns.count == 3, columns[2].kind != .text else {
      throw SessionProblem.noRatingColumns(table.columnNames, help: help)
    }
    (self.user, self.item, self.rating) = (columns[0], columns[1], columns[2])
    // A third column of numbers is ratings only if somebody, and something, has several.
    let isNamed = rating != nil || columns[2].name == "rating"
    guard isNamed || [self.user, self.item].allSatisfy({ $0.distinct().count < $0.count }) else {
      throw SessionProblem.noRatingColumns(table.columnNames, help: help)
    }
  }

  /// The ratings of the most active users for the most rated items.
  func crosstab(users userCount: Int, items itemCount: Int) throws -> Table {
    let (users, items) = (user.coded(), item.coded())
    func top(_ coded: CodedColumn, _ count: Int) -> [Int] {
      let counts = coded.counts
      let order = counts.indices.sorted {
        counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
      }
      return Array(order.prefix(count))
    }
    let (rows, columns) = (top(users, userCount), top(items, itemCount))
    var cells = [[String]](
      repeating: [String](repeating: "·", count: rows.count), count: columns.count)
    let rowOf = Dictionary(uniqueKeysWithValues: zip(rows, 0...))
    let columnOf = Dictionary(uniqueKeysWithValues: zip(columns, 0...))
    for row in 0..<rating.count {
      guard let r = rowOf[Int(users.codes[row])], let c = columnOf[Int(items.codes[row])] else {
        continue
      }
      if case .double(let stars) = rating.value(at: row), stars.isNaN { continue }
      cells[c][r] = rating.value(at: row).display
    }
    let names = columns.map { Value(items.levels.value(at: $0)).text }
    return try Table(
      [users.levels.rows(at: rows)] + zip(names, cells).map { Column($0, texts: $1) })
  }
}
