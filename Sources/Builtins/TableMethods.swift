package import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors

/// Methods of tables that pick, order and repair rows and columns, under pandas' names.
package enum TableMethods {
  package static let all =
    rows + columns + repeated + missing + TableShapes.all + TableSummaries.all + GroupMethods.all
    + TableFunctions.all + ColumnMethods.all + ColumnCalculations.all + ColumnTextMethods.all
    + WindowMethods.all + Binning.all + TableCells.all + ListColumnMethods.all

  private static let subset = Parameter.columns(
    "subset", "['user', 'movie']", "the columns that count; all if it is left out",
    isOptional: true)

  // MARK: - Rows

  private static let rows: [Builtin] =
    [
      .method(of: "Table", "head", "the first rows", [.rowCount], "ratings.head()", result: "Table")
      { call in
        let view = try call.view()
        return .table(view.head(Call.rows(try call.arguments.int("n"), of: view.rowCount)))
      },
      .method(of: "Table", "tail", "the last rows", [.rowCount], "ratings.tail(3)", result: "Table")
      { call in
        let view = try call.view()
        let count = Call.rows(try call.arguments.int("n"), of: view.rowCount)
        return .table(view.rows(at: Array((view.rowCount - count)..<view.rowCount)))
      },
      .method(
        of: "Table", "filter", "the rows for which a condition holds, or some columns",
        [
          Parameter(
            "condition", .value("Column"), .optional, example: "ratings.rating > 4",
            help: "one truth value a row, or names of columns"),
          .columns("items", "['user']", "names of columns", isOptional: true, isOptionOnly: true),
          Parameter(
            "like", .string, .optional, example: "'ti'", isOptionOnly: true,
            help: "a part of the names of columns"),
          Parameter(
            "regex", .string, .optional, example: "'^u'", isOptionOnly: true,
            help: "a pattern that names of columns match"),
        ],
        "ratings.filter(ratings.rating > 4)", result: "Table"
      ) { call in
        let view = try call.view()
        if let part = call.arguments.optionalString("like") {
          let names = view.table.columnNames.filter { $0.contains(part) }
          return .table(view.with(try view.table.select(names)))
        }
        if let text = call.arguments.optionalString("regex") {
          let pattern = try call.blaming("regex") {
            try TextPattern(text, isExpression: true, ignoresCase: false)
          }
          let names = view.table.columnNames.filter { pattern.firstMatch(in: $0) != nil }
          return .table(view.with(try view.table.select(names)))
        }
        if let names = call.names("items") ?? call.arguments.optionalStrings("condition") {
          let known = names.filter(view.table.hasColumn)
          return .table(view.with(try view.table.select(known)))
        }
        let condition = call.value("condition")
        guard let places = try condition.mask(of: view.labels) else {
          throw Problem.wrongKind(
            "a condition", expected: "one truth value a row", got: condition.phrase)
        }
        return .table(try view.rowsInterruptibly(at: places))
      },
      .method(
        of: "Table", "query", "the rows for which a formula of the columns holds",
        [
          Parameter(
            "formula", aliases: ["expr"], .string, example: "'rating > 4'",
            help: "a condition; @ before a name says that it is no column")
        ], "ratings.query('rating > 4 and user != 1')", result: "Table"
      ) { call in
        let view = try call.view()
        let value = try RowFormula(call.arguments.string("formula")).value(
          for: view, in: call.scope)
        guard let places = try value.mask(of: view.labels) else {
          throw Problem.wrongKind(
            "`query`", expected: "a condition, one truth value a row", got: value.phrase)
        }
        return .table(try view.rowsInterruptibly(at: places))
      },
      .method(
        of: "Table", "eval",
        "what a formula of the columns gives, row by row, or the table with that as a column",
        [
          Parameter(
            "formula", aliases: ["expr"], .string, example: "'rating * 2'",
            help: "a formula; @ before a name says that it is no column")
        ], "ratings.eval('rating * 2 - user').head(3)", result: "Column"
      ) { call in
        let (view, text) = (try call.view(), try call.arguments.string("formula"))
        // `x = rating * 2`
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmed
        guard parts.count == 2, !name.isEmpty, parts[1].first != "=",
          name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { return try RowFormula(text).value(for: view, in: call.scope) }
        let value = try RowFormula(String(parts[1])).value(for: view, in: call.scope)
        return .table(try view.setting(name, to: value))
      },
      .method(
        of: "Table", "sort_values", aliases: ["sort"], "the rows in the order of some columns",
        [
          .columns("by", "'rating'", "the name of a column, or several, the most important first"),
          Parameter.directions[1],
          Parameter(
            "ascending", .anyOf([.boolean, .list(of: .boolean)]), default: "true",
            isOptionOnly: true, help: "false for the largest first; a list has one for each column"),
          .ignoreIndex, .kind, .sortingKey,
        ],
        "ratings.sort_values(['rating', 'user'], ascending=[false, true])", result: "Table"
      ) { call in
        let view = try call.view()
        let names = call.names("by") ?? []
        let order = try call.blaming("by") {
          var keyed = view
          if call.arguments.isGiven("key") {
            for name in names {
              keyed = try keyed.setting(name, to: call.keys(of: view.column(name)).value)
            }
          }
          return try keyed.sortedRows(by: names, descending: call.directions(names.count))
        }
        let sorted = try view.rowsInterruptibly(at: order)
        return .table(try call.arguments.bool("ignore_index") ? TableView(sorted.table) : sorted)
      },
      .method(
        of: "Table", "sort_index",
        "the rows in the order of their labels, or the columns in that of their names",
        [.axis, .kind] + Parameter.directions, "ratings.sort_index(ascending=false).head(3)",
        result: "Table"
      ) { call in
        let view = try call.view()
        if try call.isAlongRows() {
          let names = view.table.columnNames.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
          let isDown = try call.isDescending()
          return .table(view.with(try view.table.select(isDown ? names.reversed() : names)))
        }
        return .table(view.rows(at: try view.labels.sortedRows(descending: call.isDescending())))
      },
      extreme("nlargest", "largest"), extreme("nsmallest", "smallest"),
      .method(
        of: "Table", "sample", "some rows at random", SamplingOptions.all,
        "ratings.sample(3, random_state=1)", result: "Table"
      ) { call in
        let view = try call.view()
        return .table(try view.rowsInterruptibly(at: call.sampledRows(of: view.rowCount)))
      },
      .method(
        of: "Table", "iterrows", "tuples of a row's label and the row", [],
        "ratings.head(2).iterrows()", result: "List"
      ) { call in
        let view = try call.view()
        try MemoryBudget.require(view.rowCount, of: 256 + 64 * view.table.columns.count)
        return .list(
          try (0..<view.rowCount).map { row in
            if call.scope.isInterrupted() { throw call.scope.interrupted() }
            return .tuple([view.labels.label(at: row), try view.row(at: row)])
          })
      },
      .method(
        of: "Table", "itertuples", "the rows as tuples with names",
        [.flag("index", true, "whether the label comes first, as Index")],
        "ratings.head(2).itertuples()", result: "List"
      ) { call in
        let view = try call.view()
        try MemoryBudget.require(view.rowCount, of: 256 + 64 * view.table.columns.count)
        let hasIndex = try call.arguments.bool("index")
        let names = (hasIndex ? ["Index"] : []) + view.table.columnNames
        return .list(
          (0..<view.rowCount).map { row in
            let label = view.labels.label(at: row)
            let cells = (hasIndex ? [label] : []) + view.table.columns.map { $0.cell(at: row) }
            return .object(TableRow(names, cells, label: label, isTuple: true))
          })
      },
    ]

  private static func extreme(_ name: String, _ what: String) -> Builtin {
    .method(
      of: "Table", name, "the rows with the \(what) values of a column",
      [
        Parameter("n", .integer(0...100_000_000), example: "3", help: "how many rows"),
        .columns("columns", "'rating'", "the column, or several"),
      ],
      "ratings.\(name)(3, 'rating')", result: "Table"
    ) { call in
      let view = try call.view()
      let names = call.names("columns") ?? []
      return try call.blaming("columns") {
        let order = try view.sortedRows(
          by: names, descending: names.map { _ in name == "nlargest" })
        return .table(
          try view.rowsInterruptibly(at: Array(order.prefix(try call.arguments.int("n")))))
      }
    }
  }

  // MARK: - Columns

  private static let columns: [Builtin] = [
    .method(
      of: "Table", "select", "some of the columns",
      [
        Parameter(
          "columns", .string, .rest(atLeast: 1), example: "'user', 'title'",
          help: "names of columns")
      ],
      "ratings.select('user', 'title')", result: "Table"
    ) { call in
      let view = try call.view()
      return .table(view.with(try view.table.select(call.arguments.all("columns").map(\.text))))
    },
    .method(
      of: "Table", "select_dtypes", "the columns of some types",
      [
        .columns(
          "include", "'number'", "number, int64, float64, bool or object", isOptional: true),
        .columns("exclude", "'object'", "types to leave out", isOptional: true),
      ], "ratings.select_dtypes('number').head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      func has(_ column: Column, _ words: [String]) -> Bool {
        words.contains { word in
          switch word {
          case "number": column.kind != .text && !column.isTruth
          case "int": column.dtypeName == "int64"
          case "float": column.dtypeName == "float64"
          case "str", "string": column.kind == .text
          default: column.dtypeName == word
          }
        }
      }
      let (wanted, unwanted) = (call.names("include"), call.names("exclude") ?? [])
      let kept = view.table.columns.filter { column in
        wanted.map { has(column, $0) } ?? true && !has(column, unwanted)
      }
      return .table(view.with(try Table(kept)))
    },
    .method(
      of: "Table", "assign", "the table with further columns, or other ones in place of some",
      [
        Parameter(
          "columns", .value(), .anyName, example: "good=ratings.rating > 3",
          help: "values for each row, one for all, or a function of the table")
      ], "ratings.assign(good=ratings.rating > 3).head(3)", result: "Table"
    ) { call in
      var view = try call.view()
      for (name, value) in call.arguments.named("columns") {
        let value = value.isCallable ? try call.apply(value, to: .table(view)) : value
        view = try view.setting(name, to: value)
      }
      return .table(view)
    },
    .method(
      of: "Table", "drop", "the table without some of its columns, or rows",
      [
        .columns(
          "labels", "'timestamp'", "columns; labels of rows, too, where none is a column",
          isOptional: true),
        .axis,
        .columns(
          "columns", "'timestamp'", "names of columns", isOptional: true, isOptionOnly: true),
        Parameter(
          "index", .value(), .optional, example: "[0, 1]", isOptionOnly: true,
          help: "labels of rows"),
      ], "ratings.drop(columns='title')", result: "Table"
    ) { call in
      var view = try call.view()
      let labels = call.value("labels")
      let wanted = try labels.isSeveral ? labels.members() : [labels]
      let isRows =
        !labels.isNone
        && wanted.allSatisfy { !view.table.hasColumn($0.text) && !view.labels.rows(of: $0).isEmpty }
      let isAlong = try call.isAlongRows()
      for name in call.names("columns") ?? (isRows && !isAlong ? [] : call.names("labels") ?? []) {
        view = try call.blaming(call.arguments.isGiven("columns") ? "columns" : "labels") {
          _ = try view.table.column(name)
          return view.with(view.table.dropping(name))
        }
      }
      let rows = isRows && !isAlong ? labels : call.value("index")
      guard !rows.isNone else { return .table(view) }
      let dropped = Set(try call.blaming("index") { try view.labels.rows(labelled: rows).all })
      return .table(view.rows(at: (0..<view.rowCount).filter { !dropped.contains($0) }))
    },
    .method(
      of: "Table", "rename", "the table with columns or rows called otherwise",
      [
        Parameter(
          "mapper", .value(), .optional, example: "{0: 'first'}",
          help: "the same as `index`, or with axis=1 as `columns`"),
        .axis,
        Parameter(
          "index", .value(), .optional, example: "{0: 'first'}", isOptionOnly: true,
          help: "new labels of rows by the old ones, or a function of them"),
        Parameter(
          "columns", .value("dict"), .optional, example: "{'rating': 'stars'}",
          isOptionOnly: true, help: "new names by the old ones, or a function of them"),
      ], "ratings.rename(columns={'rating': 'stars'}).head(3)", result: "Table"
    ) { call in
      var view = try call.view()
      let (mapper, isAlong) = (call.value("mapper"), try call.isAlongRows())
      let labels = mapper.isNone || isAlong ? call.value("index") : mapper
      if let pairs = labels.pairs {
        view = TableView(view.table, try view.labels.replacing(pairs))
      } else if !labels.isNone {
        let made = try view.labels.labels.map { try call.apply(labels, to: $0) }
        view = TableView(
          view.table, RowLabels(try Column(view.labels.names.first ?? "", cells: made)))
      }
      let new = mapper.isNone || !isAlong ? call.value("columns") : mapper
      guard !new.isNone else { return .table(view) }
      let pairs = new.pairs
      let names = try view.table.columnNames.map { name -> String in
        if let pairs { return pairs.first { $0.key.text == name }?.value.text ?? name }
        return try call.apply(new, to: .string(name)).text
      }
      return .table(
        view.with(try Table(zip(view.table.columns, names).map { $0.renamed($1) })))
    },
    .method(
      of: "Table", "astype", "the table with columns as other types",
      [
        Parameter(
          "dtype", .value(), example: "{'rating': float}", help: "a type, or those of some columns")
      ], "ratings.astype({'rating': float}).head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      let pairs = call.pairs("dtype")
      for (name, _) in pairs ?? [] { _ = try view.table.column(name.text) }
      let columns = try call.blaming("dtype") {
        try view.table.columns.map { column in
          guard let pairs else { return try column.converted(to: call.value("dtype")) }
          let type = pairs.first { $0.key.text == column.name }?.value
          return try type.map { try column.converted(to: $0) } ?? column
        }
      }
      return .table(view.with(try Table(columns)))
    },
    each(
      "round", "the table with so many decimals",
      [
        Parameter("decimals", .integer(-20...20), default: "0", help: "how many")
      ]
    ) { column, call in
      column.kind == .text ? column : try column.rounded(call.arguments.int("decimals"))
    },
    each(
      "clip", "the table with its numbers moved to the nearest bound",
      [
        Parameter(
          "lower", .anyOf([.number(), .nothing]), .optional, example: "2", help: "the least"),
        Parameter(
          "upper", .anyOf([.number(), .nothing]), .optional, example: "4", help: "the largest"),
      ], "2, 4"
    ) { column, call in
      column.kind == .text
        ? column : try column.clipped(low: call.value("lower").cell, high: call.value("upper").cell)
    },
    each("abs", "the table with its numbers without signs") { column, _ in
      try Arithmetic.apply(
        .multiply, .column(column),
        .column(Column("", integers: column.doubles().map { $0 < 0 ? -1 : 1 }))
      ).series?.values ?? column
    },
    each("cumsum", "the sums of each row and all above") { column, _ in
      try column.running(.sum)
    },
    each("cumprod", "the products of each row and all above", of: "ratings.head(3)[['rating']]") {
      column, _ in
      try column.running(.product)
    },
    each("cummax", "the largest of each row and all above") { column, _ in
      try column.running(.max)
    },
    each("cummin", "the smallest of each row and all above") { column, _ in
      try column.running(.min)
    },
    each(
      "pct_change", "the changes to the row above, as parts of it"
    ) { column, _ in
      let before = try column.shifted(by: 1).asDoubles()
      let parts = try Arithmetic.apply(.divide, .column(column), .column(before))
      return try Arithmetic.apply(.subtract, parts, .int(1)).series?.values ?? column
    },
    each(
      "diff", "the differences to the row above",
      [Parameter("periods", .integer(), default: "1", help: "how far above")]
    ) { column, call in
      let before = try column.shifted(by: call.arguments.int("periods")).asDoubles()
      return try Arithmetic.apply(.subtract, .column(column), .column(before)).series?.values
        ?? column
    },
    each(
      "shift", "the rows moved down",
      [
        Parameter("periods", .integer(), default: "1", help: "how far")
      ]
    ) { column, call in
      try column.shifted(by: call.arguments.int("periods"))
    },
    each("rank", "the places of the values of each column in order, from 1") { column, _ in
      try column.ranks()
    },
    each(
      "isin", "whether each cell is one of a list",
      [
        Parameter("values", .value("List"), example: "[4, 5]", help: "the values to look for")
      ], "[4, 5]"
    ) { column, call in
      Column(
        column.name, truths: column.isIn(try call.value("values").members().compactMap(\.cell)))
    },
    affixed("add_prefix", "before") { $1 + $0 }, affixed("add_suffix", "behind") { $0 + $1 },
    changing(
      .insert, "puts a column before the column at a place",
      [
        Parameter("loc", .integer(), example: "0", help: "the place, from 0"),
        Parameter("column", .string, example: "'n'", help: "what the column is called"),
        Parameter("value", .value(), example: "1", help: "one value, or one for each row"),
      ], "ratings.insert(0, 'n', 1)"),
    changing(
      .pop, "removes a column, and gives it",
      [Parameter("item", .string, example: "'title'", help: "the column")], "ratings.pop('title')"),
    .method(
      of: "Table", "take", "the rows at some places, or the columns",
      [Parameter("indices", .value("List"), example: "[0, 2]", help: "the places"), .axis],
      "ratings.take([0, 2])", result: "Table"
    ) { call in
      let view = try call.view()
      let places = try call.sizes("indices")
      if try call.isAlongRows() {
        let columns = try places.map {
          view.table.columns[try Value.position($0, count: view.table.columns.count)]
        }
        return .table(view.with(try Table(columns)))
      }
      return .table(
        view.rows(at: try places.map { try Value.position($0, count: view.rowCount) }))
    },
    .method(
      of: "Table", "truncate", "the rows from one label to another",
      [
        Parameter("before", .integer(), .optional, example: "1", help: "the first"),
        Parameter("after", .integer(), .optional, example: "3", help: "the last"),
      ], "ratings.truncate(1, 3)", result: "Table"
    ) { call in
      let view = try call.view()
      let first = call.arguments.optionalInt("before") ?? .min
      let last = call.arguments.optionalInt("after") ?? .max
      guard first <= last else {
        throw Problem.wrongKind("`truncate`", expected: "`before` up to `after`", got: "none")
      }
      return .table(
        view.rows(
          at: (0..<view.rowCount).filter { row in
            view.labels.label(at: row).integer.map { (first...last).contains($0) } ?? true
          }))
    },
    .method(
      of: "Table", "squeeze", "a table of one column as the column, one of one row as the row", [],
      "ratings[['rating']].squeeze()", result: nil
    ) { call in
      let view = try call.view()
      switch (view.rowCount, view.table.columns.count) {
      case (1, 1): return view.table.columns[0].cell(at: 0)
      case (_, 1): return try view.column(view.table.columnNames[0]).value
      case (1, _): return try view.row(at: 0)
      default: return call.receiver
      }
    },
    place("first_valid_index", "first") { $0.first }, place("last_valid_index", "last") { $0.last },
    .method(of: "Table", "copy", "the table", [], "ratings.copy().head(3)", result: "Table") {
      call in
      call.receiver
    },
    .method(
      of: "Table", "equals", "whether another table has the same columns and values",
      [Parameter("other", .value("Table"), example: "ratings", help: "another table")],
      "ratings.equals(ratings)", result: "Bool"
    ) { call in
      .bool(try call.tableReceiver() == call.table("other"))
    },
  ]

  /// A table whose columns have longer names.
  private static func affixed(
    _ name: String, _ where: String, _ join: @escaping @Sendable (String, String) -> String
  ) -> Builtin {
    .method(
      of: "Table", name, "the table with a text \(`where`) the names of its columns",
      [
        Parameter(
          "text", aliases: ["prefix", "suffix"], .string, example: "'x_'", help: "the text")
      ],
      "ratings.\(name)('x_').head(3)", result: "Table"
    ) { call in
      let (view, text) = (try call.view(), try call.arguments.string("text"))
      return .table(
        view.with(try Table(view.table.columns.map { $0.renamed(join($0.name, text)) })))
    }
  }

  /// A method that changes the table which a name holds; what it does, the interpreter knows.
  private static func changing(
    _ change: TableChange, _ summary: String, _ parameters: [Parameter], _ example: String
  ) -> Builtin {
    .method(of: "Table", change.rawValue, summary, parameters, example, result: nil) { call in
      var table = call.receiver
      return try change.apply(to: &table, call.arguments)
    }
  }

  /// The label of a row that has a value.
  private static func place(
    _ name: String, _ what: String, _ pick: @escaping @Sendable ([Int]) -> Int?
  ) -> Builtin {
    .method(
      of: "Table", name, "the label of the \(what) row with a value", [], "ratings.\(name)()",
      result: nil
    ) { call in
      let view = try call.view()
      let flags = view.table.columns.map { $0.isMissing() }
      let rows = (0..<view.rowCount).filter { row in flags.contains { !$0[row] } }
      return pick(rows).map(view.labels.label) ?? .none
    }
  }

  /// A method that works on each column of numbers by itself.
  private static func each(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ arguments: String = "",
    of sample: String = "ratings.select('user', 'rating')",
    _ make: @escaping @Sendable (Column, Call) throws -> Column
  ) -> Builtin {
    .method(
      of: "Table", name, summary, parameters,
      "\(sample).\(name)(\(arguments)).head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      return .table(
        view.with(
          try Table(view.table.columns.map { try make($0, call).renamed($0.name) })))
    }
  }

  // MARK: - Repeated rows

  private static let kept = Parameter(
    "keep",
    .anyOf([
      .choice([
        Choice("first", "the first row"), Choice("last", "the last row"),
        Choice("mean", "one row with the means of the other numbers"),
      ]), .boolean,
    ]), default: "first", isOptionOnly: true,
    help: "which of the rows that repeat stays; false for none")

  private static let repeated: [Builtin] = [
    .method(
      of: "Table", "drop_duplicates", "the rows without those that repeat another one",
      [subset, kept, .ignoreIndex], "ratings.drop_duplicates(['user', 'movie'], keep='last')",
      result: "Table"
    ) { call in
      let view = try call.view()
      let keys = call.names("subset")
      return try call.blaming("subset") {
        if call.arguments.optionalString("keep") == "mean" {
          let keys = try call.arguments.required("subset", keys)
          return .table(TableView(try view.table.averagingDuplicates(by: keys)))
        }
        let flags = try view.table.duplicated(by: keys, keeping: call.keptRow())
        let kept = try view.rowsInterruptibly(at: flags.indices.filter { !flags[$0] })
        return .table(try call.arguments.bool("ignore_index") ? TableView(kept.table) : kept)
      }
    },
    .method(
      of: "Table", "duplicated", "whether each row repeats another one", [subset, kept],
      "ratings.duplicated(['user', 'movie']).sum()", result: "Column"
    ) { call in
      let view = try call.view()
      let flags = try call.blaming("subset") {
        try view.table.duplicated(by: call.names("subset"), keeping: call.keptRow())
      }
      return Series(view.labels, Column("", truths: flags)).value
    },
  ]

  // MARK: - Missing values

  private static let missing: [Builtin] = [
    .method(
      of: "Table", "dropna", "the rows without missing values",
      [
        subset, .axis,
        Parameter(
          "how",
          .choice([
            Choice("any", "rows that lack one value"), Choice("all", "rows that lack all"),
          ]), default: "any", isOptionOnly: true, help: "which rows are left out"),
      ],
      "ratings.dropna(subset=['rating'])", result: "Table"
    ) { call in
      let view = try call.view()
      if try call.isAlongRows() {
        return .table(view.with(try Table(view.table.columns.filter(\.missingRows.isEmpty))))
      }
      let columns = try call.blaming("subset") {
        try (call.names("subset") ?? view.table.columnNames).map(view.table.column)
      }
      let flags = columns.map { $0.isMissing() }
      let isAny = try call.arguments.string("how") == "any"
      let rows = (0..<view.rowCount).filter { row in
        !(isAny ? flags.contains { $0[row] } : !flags.isEmpty && flags.allSatisfy { $0[row] })
      }
      return .table(try rows.count == view.rowCount ? view : view.rowsInterruptibly(at: rows))
    },
    .method(
      of: "Table", "fillna", "the table with another value in place of missing ones",
      [
        Parameter(
          "value", .anyOf([.number(), .string, .value()]), example: "0",
          help: "a number for columns of numbers, a text for those of texts, or a dict of both")
      ], "ratings.fillna(0)", result: "Table"
    ) { call in
      let view = try call.view()
      let named =
        try call.value("value").series.map { series in
          zip(series.labels.labels, try Value.column(series.values).members()).map {
            (key: $0, value: $1)
          }
        } ?? call.pairs("value")
      let columns = try view.table.columns.map { column -> Column in
        if let named {
          let cell = named.first { $0.key.text == column.name }?.value.cell
          return try cell.map { try column.fillingMissing(with: $0) } ?? column
        }
        let value = try call.cell("value")
        let isText = if case .text = value { true } else { false }
        return (column.kind == .text) == isText ? try column.fillingMissing(with: value) : column
      }
      return .table(view.with(try Table(columns)))
    },
    flags("isna", "isnull", "whether each cell is missing") { $0 },
    flags("notna", "notnull", "whether each cell is there") { !$0 },
  ]

  private static func flags(
    _ name: String, _ alias: String, _ summary: String, _ flag: @escaping @Sendable (Bool) -> Bool
  ) -> Builtin {
    .method(
      of: "Table", name, aliases: [alias], summary, [], "ratings.\(name)().sum()", result: "Table"
    ) { call in
      let view = try call.view()
      return .table(
        view.with(
          Table(
            equallyLong: view.table.columns.map {
              Column($0.name, truths: $0.isMissing().map(flag))
            })))
    }
  }
}

extension Substring {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.prefix(start.count - start.reversed().prefix(while: \.isWhitespace).count))
  }
}

extension Call {
  /// For each of some columns, whether the largest come first.
  fileprivate func directions(_ count: Int) throws -> [Bool] {
    let isAllDown = try arguments.bool("descending")
    let ascending = try (arguments.value("ascending")?.elements ?? []).map { try $0.isTrue() }
    guard !ascending.isEmpty else {
      let isDown = try isAllDown || !arguments.bool("ascending")
      return [Bool](repeating: isDown, count: count)
    }
    guard ascending.count == count else {
      throw Problem.unequalLengths("by", count, "ascending", ascending.count)
    }
    return ascending.map { !$0 || isAllDown }
  }
}

extension TableView {
  /// The rows in the order of some columns, or of labels with these names.
  fileprivate func sortedRows(by names: [String], descending: [Bool]) throws -> [Int] {
    let place = "\0row"
    var all = try table.adding(Column(place, integers: Array(0..<rowCount)))
    for level in labels.levels where names.contains(level.name) && !table.hasColumn(level.name) {
      all = try all.adding(level)
    }
    return try all.select(names + [place]).sorted(by: names, descending: descending).column(place)
      .integers()
  }
}
