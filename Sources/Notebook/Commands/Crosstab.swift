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
        with the rating in the cell; a dot stands where there is none. Of two columns, as in pandas, \
        it is a row and a column for each of their values, with the number of rows that have both, or \
        what `aggfunc` makes of `values`.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings, or a column; the loaded ratings if it is left out"),
        Parameter(
          "columns", .value("Column"), .optional, example: "ratings.rating",
          help: "the column whose values make columns, beside one that makes rows"),
        Parameter(
          "values", .value("Column"), .optional, example: "ratings.rating", isOptionOnly: true,
          help: "what the cells are made of"),
        Parameter(
          "aggfunc", .value("Name"), .optional, example: "'mean'", isOptionOnly: true,
          help: "what is made of several values"),
        Parameter(
          "normalize",
          .anyOf([.boolean, .choice(["all", "index", "columns"].map { Choice($0) })]),
          default: "false", isOptionOnly: true,
          help: "whether to give parts of all, a row or a column"),
        Parameter(
          "margins", .boolean, default: "false", isOptionOnly: true,
          help: "whether sums stand beside the numbers, called All"),
        Parameter(
          "users", .integer(1...1000), default: "8", isOptionOnly: true, help: "how many users"),
        Parameter(
          "items", .integer(1...1000), default: "8", isOptionOnly: true, help: "how many items"),
        column("user", "user", "the column of users"),
        column("item", "title", "the column of items"),
        column("rating", "rating", "the column of ratings"),
      ],
      examples: [
        "crosstab ratings", "crosstab ratings users=5 items=4",
        "crosstab(ratings.head(9).user, ratings.head(9).rating)",
      ], seeAlso: ["describe"],
      chapter: "A first look at the data", result: "Table")
  ) { call in
    if let rows = call.value("table").series { return .table(try call.crosstab(of: rows)) }
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

extension Call {
  /// A row and a column for each of the values of two columns, as pandas' `crosstab`.
  fileprivate func crosstab(of rows: Series) throws -> TableView {
    let columns = try arguments.required("columns", value("columns").series)
    let values = value("values").series
    var table = try Table([
      rows.values.renamed("rows"), columns.reordered(as: rows.labels).renamed("columns"),
    ])
    if let values { table = try table.adding(values.reordered(as: rows.labels).renamed("values")) }
    let pivoted = try table.pivoted(
      rows: ["rows"], columns: "columns", values: values == nil ? nil : "values",
      values == nil ? .size : aggregate("aggfunc"), filling: values == nil ? .integer(0) : nil)
    var view = try pivoted.view(rowNames: [rows.values.name])
    if try arguments.bool("margins") { view = try view.addingSums() }
    switch value("normalize") {
    case .bool(false): return view
    case .string("index"): return try view.dividedBySums(.eachRow)
    case .string("columns"): return try view.dividedBySums(.eachColumn)
    default: return try view.dividedBySums(.all)
    }
  }
}

/// What numbers are parts of.
private enum Whole {
  case all, eachRow, eachColumn
}

extension TableView {
  /// With a row and a column of sums, called All.
  fileprivate func addingSums() throws -> TableView {
    func sum(_ column: Column) throws -> Value { try column.value(of: .sum) }
    let sums = try (0..<rowCount).map { row in
      try sum(Column("", cells: table.columns.map { $0.cell(at: row) }))
    }
    let all = try table.columns + [Column("All", cells: sums)]
    let columns = try all.map { column in
      try Column(column.name, cells: (0..<rowCount).map(column.cell) + [sum(column)])
    }
    let texts = labels.labels.map(\.cellText) + ["All"]
    return TableView(try Table(columns), RowLabels(Column(labels.names.first ?? "", texts: texts)))
  }

  /// The numbers as parts of a whole.
  fileprivate func dividedBySums(_ whole: Whole) throws -> TableView {
    let columns = try table.columns.map { try $0.doubles() }
    let total = columns.joined().reduce(0, +)
    let made = zip(table.columns, columns).map { column, numbers in
      Column(
        column.name,
        doubles: numbers.enumerated().map { row, number in
          switch whole {
          case .all: number / total
          case .eachRow: number / columns.reduce(0) { $0 + $1[row] }
          case .eachColumn: number / numbers.reduce(0, +)
          }
        })
    }
    return with(try Table(made))
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
