import CollabInterpreter
import CollabLanguage
import CollabTables

/// Methods of groups of rows, under pandas' names.
enum GroupMethods {
  static let all = making + aggregates + several + rows

  // MARK: - Making groups

  private static let making: [Builtin] = [
    .method(
      of: "Table", "groupby", "the rows in groups of one value, or of several together",
      [
        Parameter(
          "by", .value(), .optional, example: "'title'",
          help: "the name of a column, or several, or a column"),
        .flag("as_index", true, "whether the keys are the labels of what is made of the groups"),
        .flag("sort", true, "whether groups come in the order of their keys"),
        Parameter(
          "level", .value(), .optional, example: "0", isOptionOnly: true,
          help: "the labels of the rows as keys"),
      ],
      "ratings.groupby('title')['rating'].mean()", result: "GroupBy"
    ) { call in
      let view = try call.view()
      return try call.blaming("by") {
        let keys = try call.keys(of: view)
        return .object(
          try Grouping(
            view, by: keys, isSorted: call.arguments.bool("sort"),
            keysAreLabels: call.arguments.bool("as_index")))
      }
    },
    .method(
      of: "Column", "groupby", "the values in groups of the rows of another column",
      [
        Parameter(
          "by", .value(), .optional, example: "ratings.user", help: "a column, or several in a list"
        ),
        Parameter(
          "level", .value(), .optional, example: "0", isOptionOnly: true,
          help: "the labels of the rows as keys"),
      ], "ratings.rating.groupby(ratings.user).mean()", result: "GroupBy"
    ) { call in
      let series = try call.seriesReceiver()
      let view = TableView(try Table([series.values]), series.labels)
      let keys = try call.blaming("by") { try call.keys(of: view) }
      return try Grouping(view, by: keys).element(.string(series.values.name))
    },
  ]

  // MARK: - One value a group

  private static let aggregates: [Builtin] =
    Aggregate.allCases.map { kind in
      .method(
        of: "GroupBy", kind.rawValue, "the \(kind.phrase) of each group",
        [.flag("numeric_only", false, "whether columns of text are left out; they always are")]
          + (kind.takesDegrees ? [.degrees] : []),
        "ratings.groupby('title')['rating'].\(kind.rawValue)()", result: "Series"
      ) { call in
        guard kind.takesDegrees, call.arguments.isGiven("ddof") else {
          return try call.grouping().aggregated(kind)
        }
        let lowered = try call.arguments.int("ddof")
        return try call.grouping().perGroup { .double(try $0.spread(kind, lowered)) }
      }
    } + [
      .method(
        of: "GroupBy", "quantile", "the value below which a part of each group lies",
        [Parameter("q", .number(.between(0, 1)), default: "0.5", help: "the part")],
        "ratings.groupby('title')['rating'].quantile(0.25)", result: "Series"
      ) { call in
        let grouping = try call.grouping()
        let part = try call.arguments.double("q")
        return try grouping.perGroup { .double(try $0.quantile(part)) }
      },
      .method(
        of: "GroupBy", "prod", "the product of the numbers of each group", [],
        "ratings.head(9).groupby('user')['rating'].prod()", result: "Series"
      ) { call in
        try call.grouping().perGroup { column in
          let known = column.droppingMissing()
          guard known.count > 0 else { return column.kind == .doubles ? .double(1) : .int(1) }
          return try known.running(.product).cell(at: known.count - 1)
        }
      },
      place("idxmax", "largest", isLargest: true), place("idxmin", "smallest", isLargest: false),
      .method(
        of: "GroupBy", "unique", "the different values of each group, as lists", [],
        "ratings.head(5).groupby('user')['rating'].unique()", result: "Lists"
      ) { call in
        let grouping = try call.grouping()
        let column = try call.arguments.required("column", grouping.column?.values)
        return try grouping.result(
          column.name,
          (0..<grouping.groups.count).map { group in
            let values = column.rows(at: Array(grouping.groups.rows(of: group)))
            return .list(try Value.column(values.unique()).members())
          })
      },
    ]

  private static func place(_ name: String, _ what: String, isLargest: Bool) -> Builtin {
    .method(
      of: "GroupBy", name, "the label of the \(what) value of each group", [],
      "ratings.groupby('title')['rating'].\(name)()", result: "Series"
    ) { call in
      let grouping = try call.grouping()
      let columns = try grouping.columns.filter { $0.kind != .text || grouping.column != nil }.map {
        column in
        try Column(
          column.name,
          cells: (0..<grouping.groups.count).map { group in
            let rows = Array(grouping.groups.rows(of: group))
            let place = column.rows(at: rows).firstRow(ofLargest: isLargest)
            return place.map { grouping.view.labels.label(at: rows[$0]) } ?? .double(.nan)
          })
      }
      return try grouping.column == nil
        ? grouping.result(columns) : grouping.result(columns[0])
    }
  }

  // MARK: - Several values a group

  private static let several: [Builtin] = [
    .method(
      of: "GroupBy", "agg", aliases: ["aggregate"], "one or several numbers of each group",
      [
        Parameter(
          "functions", .value(), .optional, example: "['mean', 'count']",
          help: "which numbers: one, several, or a dict of those of some columns"),
        Parameter(
          "columns", .value(), .anyName, example: "n=('rating', 'count')",
          help: "new columns, each of a column and a function"),
      ],
      "ratings.groupby('title').agg(n=('rating', 'count'), stars=('rating', 'mean'))",
      result: "Table"
    ) { call in
      let grouping = try call.grouping()
      let named = call.arguments.named("columns")
      guard named.isEmpty else {
        return try grouping.result(
          named.map { name, value in
            let parts = value.elements ?? []
            let function = parts.count == 2 ? parts[1] : value
            let column =
              parts.count == 2
              ? try grouping.view.table.column(parts[0].text)
              : try call.arguments.required("functions", grouping.column?.values)
            return try grouping.values(of: column, function, call.apply).renamed(name)
          })
      }
      guard call.arguments.isGiven("functions") else {
        return try call.arguments.required("functions", nil)
      }
      return try call.blaming("functions") {
        try grouping.aggregated(by: call.value("functions"), call.apply)
      }
    },
    .method(
      of: "GroupBy", "describe", "number, mean, deviation and quartiles of each group", [],
      "ratings.groupby('user')['rating'].describe()", result: "Table"
    ) { call in
      let grouping = try call.grouping()
      guard let column = grouping.column?.values else {
        throw Problem.wrongKind(
          "`describe`", expected: "one column, as in groupby('user')['rating']", got: "several")
      }
      let rows = try (0..<grouping.groups.count).map { group in
        try column.rows(at: Array(grouping.groups.rows(of: group))).describedNumbers().doubles()
      }
      return try grouping.result(
        Column.describedNames.enumerated().map { place, name in
          Column(name ?? "", doubles: rows.map { $0[place] })
        })
    },
    .method(
      of: "GroupBy", "value_counts", "how often each value occurs in each group", [],
      "ratings.groupby('user')['rating'].value_counts()", result: "Series"
    ) { call in
      let grouping = try call.grouping()
      let column = try call.arguments.required("column", grouping.column?.values)
      var (keys, values, counts) = ([Int](), [Column](), [Int]())
      for group in 0..<grouping.groups.count {
        let table = try column.rows(at: Array(grouping.groups.rows(of: group))).sortedCounts()
        keys += [Int](repeating: group, count: table.rowCount)
        values.append(table.columns[0])
        counts += try table.columns[1].integers()
      }
      let levels = grouping.groups.keys.columns.map { $0.rows(at: keys) }
      return Series(
        RowLabels(levels + [try Column.stacked(values).renamed(column.name)]),
        Column("count", integers: counts)
      ).value
    },
    .method(
      of: "GroupBy", "apply", "what a function makes of each group",
      [
        Parameter("function", .value(), example: "len", help: "a function of a table or column"),
        .flag("include_groups", true, "whether the table has the keys, too"),
      ], "ratings.groupby('user').apply(len)", result: "Series"
    ) { call in
      let grouping = try call.grouping()
      let function = call.value("function")
      if let aggregate = try? Aggregate(named: function), case .string = function {
        return try grouping.aggregated(aggregate)
      }
      let parts = try (0..<grouping.groups.count).map {
        try call.apply(function, to: grouping.part($0)).asPlain
      }
      // What is made of a column has its name.
      let name = try grouping.groups.count > 0 ? grouping.part(0).series?.values.name : nil
      return try grouping.gathered(parts, named: name ?? "")
    },
    .method(
      of: "GroupBy", "get_group", "the rows of a group",
      [Parameter("name", .value(), example: "5", help: "its key, or a tuple of several")],
      "ratings.groupby('rating').get_group(5).head(3)", result: "Table"
    ) { call in
      let grouping = try call.grouping()
      let label = call.value("name")
      guard let group = grouping.group(of: label) else {
        throw Problem.missingKey(
          label.display, in: "the groups",
          near: (0..<min(grouping.groups.count, 5)).map { grouping.label(of: $0).display })
      }
      return try grouping.part(group)
    },
  ]

  // MARK: - One value a row

  private static func spread(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [],
    of sample: String = "ratings", _ make: @escaping @Sendable (Column, Call) throws -> Column
  ) -> Builtin {
    .method(
      of: "GroupBy", name, summary, parameters,
      "\(sample).groupby('user')['rating'].\(name)().head(3)", result: "Series"
    ) { call in
      let grouping = try call.grouping()
      return try grouping.eachColumn { column in
        try grouping.spread { try make(column.rows(at: $0), call) }
      }
    }
  }

  private static let rows: [Builtin] =
    [
      .method(
        of: "GroupBy", "transform", "what is made of a row's group, for each row",
        [Parameter("function", .value(), example: "'mean'", help: "an aggregate, or a function")],
        "ratings.groupby('user')['rating'].transform('mean').head(3)", result: "Series"
      ) { call in
        let grouping = try call.grouping()
        let function = call.value("function")
        return try grouping.eachColumn { column in
          try grouping.spread { rows in
            let own = column.rows(at: rows)
            if let aggregate = try? Aggregate(named: function) {
              return try Column(
                column.name, repeating: own.value(of: aggregate), count: rows.count)
            }
            let part = Series(grouping.view.labels.rows(at: rows), own).value
            let made = try call.blaming("function") { try call.apply(function, to: part).asPlain }
            return try made.series?.values
              ?? Column(column.name, repeating: made, count: rows.count)
          }
        }
      },
      spread(
        "cumprod", "the product of each row and all above in its group", of: "ratings.head(5)"
      ) { column, _ in
        try column.running(.product)
      },
      spread("cummin", "the smallest of each row and all above in its group") { column, _ in
        try column.running(.min)
      },
      spread("pct_change", "the changes to the row above in the group, as parts of it") {
        column, _ in
        let before = try column.shifted(by: 1).asDoubles()
        let parts = try Arithmetic.apply(.divide, .column(column), .column(before))
        return try Arithmetic.apply(.subtract, parts, .int(1)).series?.values ?? column
      },
      spread("ffill", "the value above in the group in place of missing ones") { column, call in
        try call.method("ffill", of: column)
      },
      spread("bfill", "the value below in the group in place of missing ones") { column, call in
        try call.method("bfill", of: column)
      },
      spread("cumsum", "the sum of each row and all above in its group") { column, _ in
        try column.running(.sum)
      },
      spread("cummax", "the largest of each row and all above in its group") { column, _ in
        try column.running(.max)
      },
      spread(
        "rank", "the place of each value in its group, from 1",
        [
          Parameter(
            "method", .choice(RankMethod.allCases.map { Choice($0.rawValue) }), default: "average",
            isOptionOnly: true, help: "what equal values have"),
          .flag("ascending", true, "false for the largest first"),
        ]
      ) { column, call in
        try column.ranks(
          RankMethod(rawValue: try call.arguments.string("method")) ?? .average,
          descending: try !call.arguments.bool("ascending"))
      },
      spread(
        "shift", "the values moved down in their groups",
        [
          Parameter("periods", .integer(), default: "1", help: "how far")
        ]
      ) { column, call in
        try column.shifted(by: call.arguments.int("periods"))
      },
      spread("diff", "the differences to the row above in the group") { column, _ in
        let before = try column.shifted(by: 1).asDoubles()
        return try Arithmetic.apply(.subtract, .column(column), .column(before)).series?.values
          ?? column
      },
      .method(
        of: "GroupBy", "cumcount", "how many rows of its group stand above each row", [],
        "ratings.groupby('user').cumcount().head(3)", result: "Series"
      ) { call in
        let grouping = try call.grouping()
        let counts = try grouping.spread { Column("", integers: Array($0.indices)) }
        return Series(grouping.view.labels, counts).value
      },
      .method(
        of: "GroupBy", "ngroup", "the number of each row's group", [],
        "ratings.groupby('user').ngroup().head(3)", result: "Series"
      ) { call in
        let grouping = try call.grouping()
        var numbers = [Int](repeating: -1, count: grouping.view.rowCount)
        for group in 0..<grouping.groups.count {
          for row in grouping.groups.rows(of: group) { numbers[row] = group }
        }
        return Series(grouping.view.labels, Column("", integers: numbers)).value
      },
      picked("head", "the first rows of each group") { rows, count in
        rows.prefix(Call.rows(count, of: rows.count))
      },
      picked("tail", "the last rows of each group") { rows, count in
        rows.suffix(Call.rows(count, of: rows.count))
      },
      ordered("nlargest", "largest"), ordered("nsmallest", "smallest"),
      .method(
        of: "GroupBy", "sample", "some rows of each group at random", SamplingOptions.all,
        "ratings.groupby('user').sample(1, random_state=1).head(3)", result: "Table"
      ) { call in
        let grouping = try call.grouping()
        let rows = try (0..<grouping.groups.count).flatMap { group in
          let own = Array(grouping.groups.rows(of: group))
          return try call.sampledRows(of: own.count).map { own[$0] }
        }
        if let column = grouping.column { return column.rows(at: rows).value }
        return .table(grouping.view.rows(at: rows))
      },
      .method(
        of: "GroupBy", "nth", "the row at a place of each group",
        [Parameter("n", .integer(), example: "0", help: "the place")],
        "ratings.groupby('user').nth(0).head(3)", result: "Table"
      ) { call in
        let grouping = try call.grouping()
        let place = try call.arguments.int("n")
        return try grouping.rows { rows in
          guard place < 0 ? place >= -rows.count : place < rows.count else { return [] }
          return [rows[place < 0 ? rows.endIndex + place : rows.startIndex + place]]
        }
      },
      .method(
        of: "GroupBy", "filter", "the rows of the groups for which a function is true",
        [Parameter("function", .value(), example: "f", help: "a function of a table")],
        "def many(t) = len(t) > 2\nratings.groupby('user').filter(many).head(3)", result: "Table"
      ) { call in
        let grouping = try call.grouping()
        let function = call.value("function")
        return try grouping.rows { rows in
          let part =
            grouping.column.map { $0.rows(at: Array(rows)).value }
            ?? .table(grouping.view.rows(at: Array(rows)))
          return try call.apply(function, to: part).isTrue() ? rows : []
        }
      },
    ]

  /// The rows with the largest or smallest values of each group, below their keys.
  private static func ordered(_ name: String, _ what: String) -> Builtin {
    .method(
      of: "GroupBy", name, "the \(what) values of each group", [.rowCount],
      "ratings.head(9).groupby('rating')['user'].\(name)(1)", result: "Series"
    ) { call in
      let grouping = try call.grouping()
      let column = try call.arguments.required("column", grouping.column)
      let count = try call.arguments.int("n")
      var (groups, rows): ([Int], [Int]) = ([], [])
      for group in 0..<grouping.groups.count {
        let own = Array(grouping.groups.rows(of: group))
        let values = column.values.rows(at: own)
        let order = try values.sortedRows(descending: name == "nlargest")
          .filter { !values.isMissing()[$0] }.prefix(max(count, 0))
        groups += order.map { _ in group }
        rows += order.map { own[$0] }
      }
      let labels = grouping.view.labels
      let own = (labels.isNumbered ? [labels.column] : labels.levels).map { $0.rows(at: rows) }
      return Series(
        RowLabels(grouping.groups.keys.columns.map { $0.rows(at: groups) } + own),
        column.values.rows(at: rows)
      ).value
    }
  }

  private static func picked(
    _ name: String, _ summary: String,
    _ pick: @escaping @Sendable (ArraySlice<Int>, Int) -> ArraySlice<Int>
  ) -> Builtin {
    .method(
      of: "GroupBy", name, summary, [.rowCount], "ratings.groupby('user').\(name)(1)",
      result: "Table"
    ) { call in
      let count = try call.arguments.int("n")
      return try call.grouping().rows { pick($0, count) }
    }
  }
}

extension Call {
  /// What a method of columns makes of one.
  fileprivate func method(_ name: String, of column: Column) throws -> Column {
    guard let method = scope.library.methods["Column"]?[name] else { return column }
    let made = try method.run(Call(scope: scope, arguments: arguments, receiver: .column(column)))
    return made.series?.values ?? column
  }

  fileprivate func grouping() throws -> Grouping { try objectReceiver() }

  /// The keys that `by` names, or labels of the rows that `level` names.
  fileprivate func keys(of view: TableView) throws -> [Column] {
    let by = value("by")
    if by.isNone {
      let levels = view.labels.isNumbered ? [view.labels.column] : view.labels.levels
      let level = value("level")
      guard !level.isNone else { return try arguments.required("by", nil) }
      let wanted = level.isSeveral ? try level.members() : [level]
      return try wanted.map { level in
        if let place = level.integer {
          return levels[try Value.position(place, count: levels.count)]
        }
        return try arguments.required("level", levels.first { $0.name == level.text })
      }
    }
    let isList = by.elements != nil
    return try (isList ? by.members() : [by]).map { key in
      if let series = key.series { return try series.reordered(as: view.labels) }
      if key.isCallable {
        return try Column("", cells: view.labels.labels.map { try apply(key, to: $0).asPlain })
      }
      if let level = view.labels.levels.first(where: { $0.name == key.text }),
        !view.table.hasColumn(key.text)
      {
        return level
      }
      return try view.table.column(key.text)
    }
  }
}

extension Grouping {
  /// What a function makes of each group of each column of numbers.
  fileprivate func perGroup(_ make: (Column) throws -> Value) throws -> Value {
    func values(_ column: Column) throws -> Column {
      try Column(
        column.name,
        cells: (0..<groups.count).map { try make(column.rows(at: Array(groups.rows(of: $0)))) })
    }
    if let column { return try result(values(column.values)) }
    return try result(columns.filter { $0.kind != .text }.map(values))
  }

  /// A column for each that is told of, with the labels of the table.
  fileprivate func eachColumn(_ make: (Column) throws -> Column) throws -> Value {
    if let column {
      return column.with(try make(column.values).renamed(column.values.name)).value
    }
    let made = try columns.filter { $0.kind != .text }.map { try make($0).renamed($0.name) }
    return .table(view.with(try Table(made)))
  }

  /// Some rows of each group, in the order of the table.
  fileprivate func rows(_ pick: (ArraySlice<Int>) throws -> ArraySlice<Int>) throws -> Value {
    let rows = try (0..<groups.count).flatMap { try pick(groups.rows(of: $0)) }.sorted()
    if let column { return column.rows(at: rows).value }
    return .table(view.rows(at: rows))
  }

  /// What was made of each group: a value each, or rows below each other.
  fileprivate func gathered(_ parts: [Value], named name: String = "") throws -> Value {
    let tables = parts.compactMap { if case .table(let view) = $0 { view } else { nil } }
    if tables.count == parts.count, !parts.isEmpty { return .table(try TableView.stacked(tables)) }
    let series = parts.compactMap(\.series)
    guard series.count == parts.count, let first = series.first else {
      return try result(name, parts)
    }
    if series.allSatisfy({ $0.labels.isSame(as: first.labels) }), !first.labels.isNumbered {
      return try result(
        (0..<first.labels.count).map { place in
          try Column(
            first.labels.label(at: place).cellText, cells: series.map { $0.values.cell(at: place) })
        })
    }
    let stacked = try TableView.stacked(
      series.map { TableView(try Table([$0.values.renamed("values")]), $0.labels) })
    return Series(stacked.labels, stacked.table.columns[0].renamed(first.values.name)).value
  }
}
