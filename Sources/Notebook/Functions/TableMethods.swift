import Collab
import CommandLanguage
import Documents
import Tables
import Tensors

/// Methods of tables, columns and series, under pandas' names.
enum TableMethods {
  static let all = tables + columns + series + [crosstab]

  private static let n = Parameter(
    "n", .integer(0...100_000_000), default: "5", help: "how many rows")
  private static let column = Parameter(
    "column", .string, example: "'title'", help: "the name of a column")

  private static let tables: [Builtin] =
    [
      .method(of: "Table", "head", "the first rows", [n], "ratings.head()", result: "Table") {
        call in
        let view = try call.tableReceiver()
        return .table(TableView(view.head(try call.arguments.int("n")), of: view.rowCount))
      },
      .method(of: "Table", "tail", "the last rows", [n], "ratings.tail(3)", result: "Table") {
        call in
        let table = try call.tableReceiver()
        let count = min(try call.arguments.int("n"), table.rowCount)
        return .table(TableView(table.rows(at: Array((table.rowCount - count)..<table.rowCount))))
      },
      .method(
        of: "Table", "select", "some of the columns",
        [
          Parameter(
            "columns", .string, .rest(atLeast: 1), example: "'user', 'title'",
            help: "names of columns")
        ],
        "ratings.select('user', 'title')", result: "Table"
      ) { call in
        .table(
          TableView(try call.tableReceiver().select(call.arguments.all("columns").map(\.text))))
      },
      .method(
        of: "Table", "filter", "the rows for which a condition holds",
        [
          Parameter(
            "condition", .value("array"), example: "ratings.rating > 4",
            help: "one truth value a row"
          )
        ],
        "ratings.filter(ratings.rating > 4)", result: "Table"
      ) { call in
        .table(
          TableView(
            try call.tableReceiver().rows(where: call.arguments.value("condition") ?? .none)))
      },
      .method(
        of: "Table", "sort", aliases: ["sort_values"], "the rows in the order of a column",
        [
          column, Parameter("descending", .boolean, default: "false", help: "the largest first"),
          Parameter(
            "ascending", .boolean, default: "true", isOptionOnly: true,
            help: "false for the largest first"),
        ],
        "ratings.sort('rating', descending=true)", result: "Table"
      ) { call in
        let table = try call.tableReceiver()
        let isDown = try call.arguments.bool("descending") || !call.arguments.bool("ascending")
        return .table(
          TableView(try table.sorted(by: call.arguments.string("column"), descending: isDown)))
      },
      .method(
        of: "Table", "merge", "each row with the rows of another table that share a value",
        [
          Parameter("other", .value("Table"), example: "movies", help: "the other table"),
          Parameter(
            "on", .string, .optional, example: "'movie'", isOptionOnly: true,
            help: "the shared column; all shared ones if it is left out"),
          Parameter(
            "order", DataCommands.rowOrder, default: "grouped", isOptionOnly: true,
            help: "how the rows are ordered"),
        ], "ratings.select('user', 'movie', 'rating').merge(movies)", result: "Table"
      ) { call in
        let order: MergeOrder = try call.arguments.string("order") == "left" ? .left : .grouped
        let keys = call.arguments.optionalString("on").map { [$0] }
        return .table(
          TableView(try call.tableReceiver().merge(call.table("other"), on: keys, order: order)))
      },
      .method(
        of: "Table", "groupby", "the rows in groups of one value", [column],
        "ratings.groupby('title').count()", result: "GroupBy"
      ) {
        call in .object(try Grouping(call.tableReceiver(), by: call.arguments.string("column")))
      },
      .method(
        of: "Table", "value_counts", "how often each value of a column occurs", [column],
        "ratings.value_counts('rating')", result: "Series"
      ) {
        call in try counts(call.tableReceiver().column(call.arguments.string("column")))
      },
    ] + Grouping.Aggregate.allCases.map(aggregate) + [
      .method(
        of: "GroupBy", "agg", aliases: ["aggregate"], "several numbers of each group, as a table",
        [
          Parameter(
            "functions",
            .list(of: .choice(Grouping.Aggregate.allCases.map { Choice($0.rawValue) })),
            example: "['mean', 'count']", help: "which numbers")
        ],
        "ratings.groupby('title')['rating'].agg(['mean', 'count'])", result: "Table"
      ) { call in
        guard case .object(let object as Grouping) = call.receiver else { return .none }
        let names = call.arguments.optionalStrings("functions") ?? []
        let series = try names.compactMap(Grouping.Aggregate.init(rawValue:)).map { kind in
          (kind, try object.aggregated(kind))
        }
        guard let labels = series.first?.1.labels else {
          return try call.arguments.required("functions", nil)
        }
        let columns = series.map { kind, series in series.values.renamed(kind.rawValue) }
        return .table(TableView(try Table([labels] + columns)))
      }
    ]

  private static func aggregate(_ kind: Grouping.Aggregate) -> Builtin {
    .method(
      of: "GroupBy", kind.rawValue, aliases: kind == .count ? ["size"] : [],
      "the \(kind.phrase) of each group", [],
      "ratings.groupby('title')['rating'].\(kind.rawValue)()", result: "Series"
    ) { call in
      guard case .object(let object as Grouping) = call.receiver else { return .none }
      return .object(try object.aggregated(kind))
    }
  }

  private static func counts(_ column: Column) throws -> Value {
    let table = column.valueCounts()
    return .object(Series(table.columns[0], table.columns[1]))
  }

  // MARK: - Columns

  private static func statistic(
    _ name: String, _ summary: String, _ compute: @escaping @Sendable ([Double]) -> Double
  ) -> Builtin {
    .method(of: "Column", name, summary, [], "ratings.rating.\(name)()", result: "Double") { call in
      let column = try call.columnReceiver()
      let value = compute(try column.doubles())
      return column.kind == .integers && ["sum", "min", "max"].contains(name)
        ? .int(Int(clamping: value)) : .double(value)
    }
  }

  private static let columns: [Builtin] = [
    statistic("sum", "the sum") { $0.reduce(0, +) },
    statistic("mean", "the mean") { $0.reduce(0, +) / Double($0.count) },
    statistic("min", "the smallest value") { $0.min() ?? .nan },
    statistic("max", "the largest value") { $0.max() ?? .nan },
    statistic("std", "the standard deviation") { Grouping.Aggregate.std.of($0) },
    statistic("var", "the variance") { variance($0) },
    .method(
      of: "Column", "count", "the number of rows", [], "ratings.rating.count()", result: "Int"
    ) { call in
      .int(try call.columnReceiver().count)
    },
    .method(
      of: "Column", "head", "the first values", [n], "ratings.rating.head(3)", result: "Column"
    ) { call in
      .column(try call.columnReceiver().head(call.arguments.int("n")))
    },
    .method(
      of: "Column", "unique", "the different values in order", [], "ratings.rating.unique()",
      result: "List"
    ) { call in
      try call.columnReceiver().distinct().values()
    },
    .method(
      of: "Column", "nunique", "the number of different values", [], "ratings.title.nunique()",
      result: "Int"
    ) { call in
      .int(try call.columnReceiver().distinct().count)
    },
    .method(
      of: "Column", "value_counts", "how often each value occurs", [],
      "ratings.rating.value_counts()", result: "Series"
    ) { call in
      try counts(call.columnReceiver())
    },
    .method(
      of: "Column", "isin", "whether each value is one of a list",
      [Parameter("values", .value("List"), example: "[4, 5]", help: "the values to look for")],
      "ratings.filter(ratings.rating.isin([4, 5]))", result: "array"
    ) { call in
      let wanted = try call.blaming("values") {
        try (call.arguments.value("values") ?? .none).members()
      }
      let members = try Value.column(call.columnReceiver()).members()
      return .array(
        try Tensor(members.map { member in wanted.contains { Arithmetic.equal($0, member) } }))
    },
    .method(
      of: "Column", "median", "the middle value in order", [], "ratings.rating.median()",
      result: "Double"
    ) { call in
      .double(Grouping.Aggregate.median.of(try call.columnReceiver().doubles()))
    },
    .method(
      of: "Column", "tolist", aliases: ["to_list"], "the values as a list", [],
      "ratings.rating.head(3).tolist()",
      result: "List"
    ) { call in
      .list(try Value.column(call.columnReceiver()).members())
    },
  ]

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  // MARK: - Series

  private static let series: [Builtin] = [
    .method(
      of: "Series", "sort_values", aliases: ["sort"], "the rows in the order of their numbers",
      [
        Parameter(
          "ascending", .boolean, default: "true", isOptionOnly: true,
          help: "false for the largest first"),
        Parameter(
          "descending", .boolean, default: "false", isOptionOnly: true, help: "the largest first"),
      ],
      "ratings.groupby('title').count().sort_values(ascending=false)", result: "Series"
    ) { call in
      let isDown = try call.arguments.bool("descending") || !call.arguments.bool("ascending")
      return .object(try call.seriesReceiver().sorted(ascending: !isDown))
    },
    .method(
      of: "Series", "head", "the first rows", [n], "ratings.title.value_counts().head(3)",
      result: "Series"
    ) { call in
      .object(try call.seriesReceiver().head(call.arguments.int("n")))
    },
  ]

  // MARK: - Crosstab

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
      ],
      examples: ["crosstab ratings", "crosstab ratings users=5 items=4"], seeAlso: ["describe"],
      chapter: "A first look at the data", result: "Table")
  ) { call in
    let table =
      call.arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    return .table(
      TableView(
        try table.crosstab(users: call.arguments.int("users"), items: call.arguments.int("items"))))
  }
}

extension Call {
  fileprivate func tableReceiver() throws -> Table {
    guard case .table(let view) = receiver else { throw Problem.notCallable(receiver.phrase) }
    return view.table
  }

  fileprivate func columnReceiver() throws -> Column {
    switch receiver {
    case .column(let column): return column
    case .object(let series as Series): return series.values
    default: throw Problem.notCallable(receiver.phrase)
    }
  }

  fileprivate func seriesReceiver() throws -> Series {
    guard case .object(let series as Series) = receiver else {
      throw Problem.notCallable(receiver.phrase)
    }
    return series
  }
}

extension Table {
  /// The rows for which an array of truth values is true.
  func rows(where condition: Value) throws -> Table {
    guard case .array(let mask) = condition, mask.dtype == .bool, mask.shape == [rowCount] else {
      throw Problem.wrongKind(
        "a condition", expected: "one truth value a row", got: condition.phrase)
    }
    let flags = mask.scalars(as: Bool.self)
    return rows(at: flags.indices.filter { flags[$0] })
  }

  /// The rows in the order of a column; equal ones keep theirs.
  fileprivate func sorted(by name: String, descending: Bool) throws -> Table {
    let codes = try column(name).coded().codes
    let order = codes.indices.sorted {
      codes[$0] == codes[$1] ? $0 < $1 : descending ? codes[$0] > codes[$1] : codes[$0] < codes[$1]
    }
    return rows(at: order)
  }

  /// The ratings of the most active users for the most rated items.
  func crosstab(users userCount: Int, items itemCount: Int) throws -> Table {
    let itemName = hasColumn("title") ? "title" : columns.count > 1 ? columns[1].name : "item"
    let (users, items) = (columns[0].coded(), try column(itemName).coded())
    let stars = try column(hasColumn("rating") ? "rating" : columns[2].name)
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
    for row in 0..<rowCount {
      guard let r = rowOf[Int(users.codes[row])], let c = columnOf[Int(items.codes[row])] else {
        continue
      }
      cells[c][r] = stars.value(at: row).display
    }
    let names = columns.map { Value(items.levels.value(at: $0)).text }
    return try Table(
      [users.levels.rows(at: rows)] + zip(names, cells).map { Column($0, texts: $1) })
  }
}
