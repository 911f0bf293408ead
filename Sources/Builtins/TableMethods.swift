package import CollabInterpreter
import CollabLanguage
import CollabDocuments
package import CollabTables
import CollabTensors

/// Methods of tables and of groups of rows, under pandas' names.
package enum TableMethods {
  package static let all =
    tables + rows + groups + [concat, MeltMethod.melt] + ColumnMethods.all

  package static let n = Parameter(
    "n", .integer(0...100_000_000), default: "5", help: "how many rows")
  private static let column = Parameter(
    "column", .string, example: "'title'", help: "the name of a column")
  private static let descending = Parameter(
    "descending", .boolean, default: "false", help: "the largest first")
  private static let subset = Parameter(
    "subset", .anyOf([.string, .list(of: .string)]), .optional, example: "['user', 'movie']",
    help: "the columns that count; all if it is left out")

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
        of: "Table", "sort", aliases: ["sort_values"], "the rows in the order of some columns",
        [
          Parameter(
            "by", .anyOf([.string, .list(of: .string)]), example: "'rating'",
            help: "the name of a column, or several, the most important first"),
          descending,
          Parameter(
            "ascending", .anyOf([.boolean, .list(of: .boolean)]), default: "true",
            isOptionOnly: true, help: "false for the largest first; a list has one for each column"),
        ],
        "ratings.sort('rating', descending=true)", result: "Table"
      ) { call in
        let names = call.names("by") ?? []
        let isAllDown = try call.arguments.bool("descending")
        let ascending = try (call.arguments.value("ascending")?.elements ?? []).map {
          try $0.isTrue()
        }
        let isDown =
          if ascending.isEmpty {
            try isAllDown || !call.arguments.bool("ascending")
          } else {
            isAllDown
          }
        guard ascending.isEmpty || ascending.count == names.count else {
          throw Problem.unequalLengths("by", names.count, "ascending", ascending.count)
        }
        let directions =
          ascending.isEmpty ? names.map { _ in isDown } : ascending.map { !$0 || isAllDown }
        return .table(
          TableView(
            try call.blaming("by") {
              try call.tableReceiver().sorted(by: names, descending: directions)
            }))
      },
      .method(
        of: "Table", "merge", "each row with the rows of another table that share a value",
        [
          Parameter("other", .value("Table"), example: "movies", help: "the other table"),
          Parameter(
            "on", .anyOf([.string, .list(of: .string)]), .optional, example: "'movie'",
            isOptionOnly: true, help: "the shared columns; all of them if it is left out"),
          Parameter(
            "order", .rowOrder, default: "grouped", isOptionOnly: true,
            help: "how the rows are ordered"),
        ], "ratings.select('user', 'movie', 'rating').merge(movies)", result: "Table"
      ) { call in
        let order: MergeOrder = try call.arguments.string("order") == "left" ? .left : .grouped
        let keys = call.names("on")
        return .table(
          TableView(try call.tableReceiver().merge(call.table("other"), on: keys, order: order)))
      },
      .method(
        of: "Table", "groupby", "the rows in groups of one value, or of several together",
        [
          Parameter(
            "by", .anyOf([.string, .list(of: .string)]), example: "'title'",
            help: "the name of a column, or several")
        ],
        "ratings.groupby('title').count()", result: "GroupBy"
      ) { call in
        .object(
          try call.blaming("by") { try Grouping(call.tableReceiver(), by: call.names("by") ?? []) })
      },
      .method(
        of: "Table", "value_counts", "how often each value of a column occurs", [column],
        "ratings.value_counts('rating')", result: "Series"
      ) {
        call in
        .object(Series.counts(try call.tableReceiver().column(call.arguments.string("column"))))
      },
    ]

  // MARK: - Rows

  private static let kept = Parameter(
    "keep",
    .anyOf([
      .choice([
        Choice("first", "the first row"), Choice("last", "the last row"),
        Choice("mean", "one row with the means of the other numbers"),
      ]), .boolean,
    ]), default: "first", isOptionOnly: true,
    help: "which of the rows that repeat stays; false for none")

  private static let rows: [Builtin] =
    [
      .method(
        of: "Table", "drop_duplicates", "the rows without those that repeat another one",
        [subset, kept], "ratings.drop_duplicates(['user', 'movie'], keep='last')", result: "Table"
      ) { call in
        let table = try call.tableReceiver()
        let keys = call.names("subset")
        return try call.blaming("subset") {
          if call.arguments.optionalString("keep") == "mean" {
            let keys = try call.arguments.required("subset", keys)
            return .table(TableView(try table.averagingDuplicates(by: keys)))
          }
          return .table(TableView(try table.droppingDuplicates(by: keys, keeping: call.keptRow())))
        }
      },
      .method(
        of: "Table", "duplicated", "whether each row repeats another one", [subset, kept],
        "ratings.duplicated(['user', 'movie']).sum()", result: "array"
      ) { call in
        .array(
          try Tensor(
            call.tableReceiver().duplicated(by: call.names("subset"), keeping: call.keptRow())))
      },
      .method(
        of: "Table", "dropna", "the rows without missing values", [subset],
        "ratings.dropna(subset=['rating'])", result: "Table"
      ) { call in
        .table(
          TableView(
            try call.blaming("subset") {
              try call.tableReceiver().droppingMissing(in: call.names("subset"))
            }))
      },
      .method(
        of: "Table", "fillna", "the table with another value in place of missing ones",
        [
          Parameter(
            "value", .anyOf([.number(), .string]), example: "0",
            help: "a number for columns of numbers, a text for those of texts")
        ], "ratings.fillna(0)", result: "Table"
      ) { call in
        let value = try call.arguments.required("value", call.arguments.value("value")?.cell)
        let isText = if case .text = value { true } else { false }
        return .table(
          TableView(
            try Table(
              call.tableReceiver().columns.map { column in
                (column.kind == .text) == isText ? try column.fillingMissing(with: value) : column
              })))
      },
      .method(
        of: "Table", "isna", aliases: ["isnull"],
        "how many values are missing in each column: 1 and 0 for each of its cells", [],
        "ratings.isna().sum()", result: "Table"
      ) { call in
        .table(
          TableView(
            Table(
              equallyLong: try call.tableReceiver().columns.map { column in
                Column(column.name, integers: column.isMissing().map { $0 ? 1 : 0 })
              })))
      },
      .method(
        of: "Table", "drop", "the table without some of its columns",
        [
          Parameter(
            "columns", .anyOf([.string, .list(of: .string)]), example: "'timestamp'",
            help: "the name of a column, or several")
        ], "ratings.drop(columns='title')", result: "Table"
      ) { call in
        let table = try call.tableReceiver()
        return .table(
          TableView(
            try call.blaming("columns") {
              try (call.names("columns") ?? []).reduce(table) { table, name in
                _ = try table.column(name)
                return table.dropping(name)
              }
            }))
      },
    ]
    + [Aggregate.sum, .mean, .min, .max, .count, .nunique].map { kind in
      .method(
        of: "Table", kind.rawValue, "the \(kind.phrase) of each column of numbers", [],
        "ratings.select('rating').\(kind.rawValue)()", result: "Series"
      ) { call in
        let columns = try call.tableReceiver().columns.filter {
          $0.kind != .text || kind == .count || kind == .nunique
        }
        let values = try columns.map { try Column(kind.rawValue, cell: $0.aggregated(kind)) }
        let all = try Table.concatenated(values.map { Table(equallyLong: [$0]) })
        return .object(
          Series(
            Column("column", texts: columns.map(\.name)),
            all.columns.first ?? Column(kind.rawValue, integers: [])))
      }
    }

  // MARK: - Groups

  private static let groups: [Builtin] =
    Aggregate.allCases.map { kind in
      .method(
        of: "GroupBy", kind.rawValue, "the \(kind.phrase) of each group", [],
        "ratings.groupby('title')['rating'].\(kind.rawValue)()", result: "Series"
      ) { call in
        guard case .object(let object as Grouping) = call.receiver else { return .none }
        return try object.aggregated(kind)
      }
    } + [
      .method(
        of: "GroupBy", "agg", aliases: ["aggregate"], "several numbers of each group, as a table",
        [
          Parameter(
            "functions", .list(of: .choice(Aggregate.allCases.map { Choice($0.rawValue) })),
            example: "['mean', 'count']", help: "which numbers")
        ],
        "ratings.groupby('title')['rating'].agg(['mean', 'count'])", result: "Table"
      ) { call in
        guard case .object(let object as Grouping) = call.receiver else { return .none }
        let names = call.arguments.optionalStrings("functions") ?? []
        guard !names.isEmpty else { return try call.arguments.required("functions", nil) }
        return .table(
          TableView(try object.table(of: names.compactMap(Aggregate.init(rawValue:)))))
      }
    ]

  // MARK: - Tables below each other

  package static let concat = Builtin.function(
    "concat", "tables below each other, or tensors one after the other",
    [
      Parameter(
        "parts", .value("List"), example: "[ratings, ratings]",
        help: "tables or tensors in a list or tuple"),
      .oneDim("0"),
    ], "concat([ratings, ratings])", result: nil,
    details: """
      Columns of tables find each other by their names; where a table has no such column, its rows \
      have no value there. Tensors are joined as `cat` joins them.
      """
  ) { call in
    let parts = try call.blaming("parts") {
      try call.arguments.value("parts")?.members() ?? []
    }
    let tables = parts.compactMap { part -> Table? in
      switch part {
      case .table(let view): view.table
      case .object(let series as Series): series.table
      case .column(let column): Table(equallyLong: [column])
      default: nil
      }
    }
    guard tables.isEmpty else {
      guard tables.count == parts.count else {
        throw Problem.wrongKind("concat", expected: "tables only or tensors only", got: "both")
      }
      return .table(TableView(try call.blaming("parts") { try Table.concatenated(tables) }))
    }
    return .tensor(
      try Tensor.concatenated(
        parts.map { part in
          switch part {
          case .tensor(let tensor), .array(let tensor): tensor
          default:
            throw Problem.wrongKind("concat", expected: "tables or tensors", got: part.phrase)
          }
        }, along: call.arguments.int("dim")))
  }
}

extension Aggregate {
  /// What it is, for help.
  package var phrase: String {
    switch self {
    case .size: "number of rows"
    case .count: "number of values"
    case .nunique: "number of different values"
    case .sum: "sum"
    case .mean: "mean"
    case .median: "middle value in order"
    case .min: "smallest value"
    case .max: "largest value"
    case .std: "standard deviation"
    case .variance: "variance"
    case .first: "first value"
    case .last: "last value"
    }
  }
}

extension Column {
  /// A column of one cell.
  package init(_ name: String, cell: Value) {
    switch cell {
    case .integer(let number): self.init(name, integers: [number])
    case .double(let number): self.init(name, doubles: [number])
    case .text(let text): self.init(name, texts: [text])
    case .missing: self.init(name, texts: [nil])
    }
  }
}

extension Call {
  package func tableReceiver() throws -> Table {
    guard case .table(let view) = receiver else { throw Problem.notCallable(receiver.phrase) }
    return view.table
  }

  /// One name, or several in a list; nil if none is given.
  package func names(_ parameter: String) -> [String]? {
    arguments.optionalStrings(parameter) ?? arguments.optionalString(parameter).map { [$0] }
  }

  /// The row that `keep` names.
  fileprivate func keptRow() throws -> DuplicateRow {
    switch arguments.value("keep") {
    case .bool(false)?: return .none
    case let value?:
      guard value.text == "first" || value.text == "last" else {
        throw Problem.wrongKind("`keep`", expected: "first, last or false", got: value.display)
      }
      return value.text == "last" ? .last : .first
    case nil: return .first
    }
  }
}

extension Table {
  /// The rows for which an array of truth values is true.
  package func rows(where condition: Value) throws -> Table {
    guard let places = try condition.mask(of: rowCount) else {
      throw Problem.wrongKind(
        "a condition", expected: "one truth value a row", got: condition.phrase)
    }
    return rows(at: places)
  }
}
