import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors

/// Methods of tables that go through all cells or hand the table on, and what numbers the values of a
/// column, under pandas' names.
enum TableCells {
  static let all: [Builtin] = tables + rows + numbering + columnNumbers

  // MARK: - Tables

  private static let condition = Parameter(
    "cond", .value("Column"), example: "ratings.rating > 3", help: "one truth value a row")
  private static let other = Parameter(
    "other", .value(), .optional, example: "0", help: "what stands elsewhere; nothing if left out")

  /// What the method of this name makes of each column.
  private static func each(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ example: String
  ) -> Builtin {
    .method(
      of: "Table", name, summary, parameters, "ratings[['user', 'rating']].\(example)",
      result: "Table"
    ) { call in
      let view = try call.view()
      guard let method = call.scope.library.methods["Column"]?[name] else { return call.receiver }
      let columns = try view.table.columnNames.map { column in
        let part = try method.run(
          Call(
            scope: call.scope, arguments: call.arguments, receiver: view.column(column).value))
        return try part.series?.values ?? view.table.column(column)
      }
      return .table(view.with(try Table(columns)))
    }
  }

  private static let tables: [Builtin] = [
    each(
      "where", "the cells of rows for which a condition holds, others elsewhere",
      [condition, other], "where(ratings.rating > 3).head(3)"),
    each(
      "mask", "the cells of rows for which a condition does not hold, others where it does",
      [condition, other], "mask(ratings.rating > 3).head(3)"),
    .method(
      of: "Table", "replace", "the table with other values in place of some",
      [.replaced, .replacement], "ratings.replace({'rating': {5: 10}}).head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      let wanted = try call.replacements()
      return .table(
        view.with(
          try Table(
            view.table.columns.map { column in
              // A dict in a dict is for the column of its name.
              let own = wanted.first { $0.key.text == column.name }?.value.pairs
              return try column.replacing(own ?? wanted.filter { $0.value.pairs == nil })
            })))
    },
    .method(
      of: "Table", "get", "a column, or something else where there is none of the name",
      [
        Parameter("key", .string, example: "'rating'", help: "the name"),
        Parameter("default", .value(), .optional, example: "0", help: "what there is otherwise"),
      ], "ratings.get('rating').head(3)", result: "Column"
    ) { call in
      let (view, name) = (try call.view(), try call.arguments.string("key"))
      return view.table.hasColumn(name) ? try view.column(name).value : call.value("default")
    },
    .method(
      of: "Table", "pipe", "what a function makes of the table",
      [Parameter("function", .value("function"), example: "len", help: "a function of a table")],
      "ratings.pipe(len)", result: nil
    ) { call in try call.apply(call.value("function"), to: call.receiver) },
    .method(
      of: "Table", "cov", "the covariances of the columns of numbers",
      [.flag("numeric_only", false, "whether columns of text are left out; they always are")],
      "ratings[['user', 'rating']].cov()", result: "Table"
    ) { call in
      let columns = try call.tableReceiver().columns.filter { $0.kind != .text }
      let rows = try Tensor.stacked(columns.map { try Tensor($0.doubles()) })
      let numbers = try rows.covariance().reshaped(to: [columns.count, columns.count])
      return .table(
        TableView(
          try Table(
            columns.enumerated().map { place, column in
              Column(column.name, doubles: try numbers.selecting(place).doubles())
            }), RowLabels(Column("", texts: columns.map(\.name)))))
    },
  ]

  // MARK: - One row

  private static func row(
    _ name: String, _ summary: String, result: String,
    _ make: @escaping @Sendable (TableRow) throws -> Value
  ) -> Builtin {
    .method(of: "Row", name, summary, [], "ratings.iloc[0].\(name)()", result: result) { call in
      guard case .object(let row as TableRow) = call.receiver else {
        throw Problem.notCallable(call.receiver.phrase)
      }
      return try make(row)
    }
  }

  private static let rows: [Builtin] = [
    row("tolist", "the cells as a list", result: "List") { .list($0.cells) },
    row("to_dict", "the cells by the names of their columns", result: "dict") { row in
      .object(try Mapping(zip(row.names, row.cells).map { (.string($0), $1) }))
    },
  ]

  // MARK: - Values as numbers and columns

  private static let numbering: [Builtin] = [
    .function(
      "factorize", "values as numbers, in the order in which they first occur, and the values",
      [Parameter("x", .value("Column"), example: "ratings.title", help: "the values")],
      "factorize(ratings.title)[0]", result: "Tuple"
    ) { call in try numbered(call.seriesOfValues("x").values) },
    .method(
      of: "Column", "factorize",
      "the values as numbers, in the order in which they first occur, and the different ones", [],
      "ratings.title.factorize()[0]", result: "Tuple"
    ) { call in try numbered(call.columnReceiver()) },
    .method(
      of: "Index", "get_loc", "the place of a label",
      [Parameter("key", .value(), example: "'rating'", help: "the label")],
      "ratings.columns.get_loc('rating')", result: "Int"
    ) { call in
      guard case .object(let index as Index) = call.receiver else {
        throw Problem.notCallable(call.receiver.phrase)
      }
      guard let row = index.labels.rows(of: call.value("key")).first else {
        throw Problem.missingKey(call.value("key").display, in: "the index", near: [])
      }
      return .int(row)
    },
    .function(
      "get_dummies", "a column of truth values for each different value",
      [
        Parameter("x", .value("Column"), example: "ratings.rating", help: "the values"),
        Parameter(
          "prefix", .string, .optional, example: "'stars'", isOptionOnly: true,
          help: "what names of columns begin with"),
      ], "get_dummies(ratings.rating).head(3)", result: "Table"
    ) { call in
      let series = try call.seriesOfValues("x")
      let coded = series.values.coded()
      try MemoryBudget.require(coded.codes.count, of: max(coded.levels.count, 1))
      let prefix = call.arguments.optionalString("prefix").map { "\($0)_" } ?? ""
      let columns = (0..<coded.levels.count).map { level in
        Column(
          prefix + coded.levels.cell(at: level).text, truths: coded.codes.map { Int($0) == level })
      }
      return .table(TableView(try Table(columns), series.labels))
    },
    .function(
      "to_numeric", "texts as the numbers that they are",
      [
        Parameter("x", .value("Column"), example: "column", help: "texts"),
        Parameter(
          "errors", .choice([Choice("raise"), Choice("coerce", "no value")]), default: "raise",
          isOptionOnly: true, help: "what is done with other texts"),
      ], "to_numeric(pd.Series(['1', '2.5']))", result: "Column"
    ) { call in
      let series = try call.seriesOfValues("x")
      guard series.values.kind == .text else { return series.value }
      let isLenient = try call.arguments.string("errors") == "coerce"
      let cells = try series.values.texts().map { text -> Value in
        guard let text else { return .double(.nan) }
        if let whole = Int(text) { return .int(whole) }
        if let number = Double(text) { return .double(number) }
        guard isLenient else {
          throw Problem.wrongKind(
            "`to_numeric`", expected: "texts of numbers, or errors='coerce'",
            got: Value.string(text).display)
        }
        return .double(.nan)
      }
      return series.with(try Column(series.values.name, cells: cells)).value
    },
  ]

  /// Numbers of the values of a column, -1 for none, and what they stand for.
  private static func numbered(_ column: Column) throws -> Value {
    let coded = column.coded()
    var numbers = [Int64](repeating: -1, count: coded.levels.count)
    var levels: [Int] = []
    let codes = coded.codes.map { code -> Int64 in
      let level = Int(code)
      guard level >= 0 else { return -1 }
      if numbers[level] < 0 {
        numbers[level] = Int64(levels.count)
        levels.append(level)
      }
      return numbers[level]
    }
    let known = coded.levels.rows(at: levels).renamed("")
    return .tuple([.array(try Tensor(codes)), .object(Index(RowLabels(known)))])
  }

  // MARK: - One number of a column

  private static let columnNumbers: [Builtin] = [
    .method(
      of: "Column", "kurt", aliases: ["kurtosis"],
      "how heavy the ends of the values are; 0 of normal numbers", [], "ratings.rating.kurt()",
      result: "Double"
    ) { call in
      let numbers = try call.columnReceiver().droppingMissing().doubles()
      let n = Double(numbers.count)
      guard n > 3 else { return .double(.nan) }
      let mean = numbers.reduce(0, +) / n
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let fourths = numbers.reduce(0) {
        $0 + (($1 - mean) * ($1 - mean)) * (($1 - mean) * ($1 - mean))
      }
      guard squares > 0 else { return .double(0) }
      // Source: `nankurt` in pandas/core/nanops.py.
      let adjustment = 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))
      let numerator = n * (n + 1) * (n - 1) * fourths
      return .double(numerator / ((n - 2) * (n - 3) * (squares * squares)) - adjustment)
    },
    .method(
      of: "Column", "sem", "the standard error of the mean", [], "ratings.rating.sem()",
      result: "Double"
    ) { call in
      let column = try call.columnReceiver().droppingMissing()
      let deviation = try column.aggregated(.std).number ?? .nan
      return .double(deviation / Double(column.count).squareRoot())
    },
    .method(
      of: "Column", "skew", "how far the values lean to one side; 0 if they do not", [],
      "ratings.rating.skew()", result: "Double"
    ) { call in
      let numbers = try call.columnReceiver().droppingMissing().doubles()
      let count = Double(numbers.count)
      guard count > 2 else { return .double(.nan) }
      let mean = numbers.reduce(0, +) / count
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let cubes = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
      guard squares > 0 else { return .double(0) }
      // Source: `nanskew` in pandas/core/nanops.py.
      return .double(
        count * (count - 1).squareRoot() / (count - 2) * (cubes / (squares * squares.squareRoot())))
    },
  ]
}

extension Call {
  /// An argument as a series: a column, or values that make one.
  fileprivate func seriesOfValues(_ name: String) throws -> Series {
    if let series = value(name).series { return series }
    return try blaming(name) {
      let column = try Column("", membersOf: value(name))
      return Series(RowLabels(numbered: column.count), column)
    }
  }
}
