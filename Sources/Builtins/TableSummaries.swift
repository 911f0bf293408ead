import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables

/// Methods of tables that tell something of each column, or of each row.
enum TableSummaries {
  static let all = aggregates + others + places

  private static let numericOnly = Parameter.flag(
    "numeric_only", false, "whether columns of text are left out, as means leave them out anyway")

  private static let aggregates: [Builtin] =
    [Aggregate.sum, .mean, .min, .max, .std, .variance, .median, .count, .nunique].map { kind in
      .method(
        of: "Table", kind.rawValue, "the \(kind.phrase) of each column of numbers",
        [.axis, numericOnly] + (kind.takesDegrees ? [.degrees] : []),
        "ratings.select('rating').\(kind.rawValue)()", result: "Series"
      ) { call in
        let view = try call.view()
        let isOfTexts = kind == .count || kind == .nunique
        let isOfNumbers = try call.arguments.bool("numeric_only") || call.isAlongRows()
        let takesTexts = isOfTexts || !isOfNumbers && [.min, .max, .sum].contains(kind)
        let columns = view.table.columns.filter { $0.kind != .text || takesTexts }
        if try call.isAlongRows() { return try view.alongRows(columns, kind) }
        if kind == .sum {
          return try Series.summary(
            columns.map { column in
              guard column.kind == .text else { return (column.name, try column.value(of: kind)) }
              return (column.name, .string(try column.texts().compactMap(\.self).joined()))
            })
        }
        if kind.takesDegrees {
          let lowered = try call.arguments.int("ddof")
          return try Series.summary(
            columns.map { ($0.name, .double(try $0.spread(kind, lowered))) })
        }
        return try Series.summary(columns.map { ($0.name, try $0.value(of: kind)) })
      }
    }

  private static let others: [Builtin] = [
    .method(
      of: "Table", "agg", aliases: ["aggregate"], "one or several numbers of each column",
      [
        Parameter(
          "functions", .value(), example: "{'rating': 'mean'}",
          help: "which numbers: one, several, or a dict of those of some columns")
      ], "ratings.agg({'rating': ['mean', 'max']})", result: nil
    ) { call in
      let view = try call.view()
      let functions = call.value("functions")
      return try call.blaming("functions") {
        guard let pairs = functions.pairs else {
          return try view.aggregated(
            view.table.columns.filter { $0.kind != .text }.map { ($0, functions) })
        }
        return try view.aggregated(pairs.map { (try view.table.column($0.key.text), $0.value) })
      }
    },
    .method(
      of: "Table", "describe", "number, mean, deviation and quartiles of each column of numbers",
      [
        Parameter(
          "include", .value(), .optional, example: "'all'", isOptionOnly: true,
          help: "'all' for columns of text, too, or 'object' for those alone")
      ], "ratings.describe()", result: "Table"
    ) { call in
      if call.arguments.isGiven("include"), !call.value("include").isNone {
        let wanted = call.value("include")
        let names = try wanted.isSeveral ? wanted.members().map(\.text) : [wanted.text]
        if names == ["all"] { return .table(try call.view().described) }
        if names == ["object"] || names == ["O"] || names == ["str"] {
          return .table(try call.view().describedTexts)
        }
      }
      let columns = try call.tableReceiver().columns.filter { $0.kind != .text && !$0.isTruth }
      guard !columns.isEmpty else {
        throw Problem.wrongKind("`describe`", expected: "a column of numbers", got: "none")
      }
      return .table(
        TableView(
          try Table(columns.map { try $0.describedNumbers() }),
          RowLabels(Column("", texts: Column.describedNames))))
    },
    .method(
      of: "Table", "info", "shows the columns with their types and how many values they have", [],
      "ratings.info()", result: nil
    ) { call in
      call.output.write(.preformatted(try call.view().info))
      return .none
    },
    .method(
      of: "Table", "corr", "how the columns of numbers go together, from -1 to 1", [numericOnly],
      "ratings.select('user', 'rating').corr()", result: "Table"
    ) { call in
      let columns = try call.tableReceiver().columns.filter { $0.kind != .text }
      return .table(
        TableView(
          try Table(
            columns.enumerated().map { place, one in
              // As in pandas the later column comes first: the last digits depend on it.
              Column(
                one.name,
                doubles: try columns.enumerated().map { other, column in
                  try other > place
                    ? column.correlation(with: one) : one.correlation(with: column)
                })
            }), RowLabels(Column("", texts: columns.map(\.name)))))
    },
    .method(
      of: "Table", "quantile", "the values below which a part of each column lies",
      [
        Parameter("q", .number(.between(0, 1)), default: "0.5", help: "the part"), numericOnly,
      ], "ratings.select('rating').quantile(0.25)", result: "Series"
    ) { call in
      let part = try call.arguments.double("q")
      let columns = try call.tableReceiver().columns.filter { $0.kind != .text }
      return Series(
        Column("", texts: columns.map(\.name)),
        Column(part == 0.5 ? "0.5" : "\(part)", doubles: try columns.map { try $0.quantile(part) })
      ).value
    },
    truths("any", "whether one cell at least of each column is true") { $0.contains(true) },
    truths("all", "whether all cells of each column are true") { $0.allSatisfy(\.self) },
    .method(
      of: "Table", "value_counts", "how often each value of a column occurs, or each row",
      [
        .columns("column", "'title'", "the name of a column, or several", isOptional: true),
        .flag("normalize", false, "whether to give parts of the whole"),
      ],
      "ratings.value_counts('rating')", result: "Series"
    ) {
      call in
      let table = try call.tableReceiver()
      let names = call.names("column") ?? table.columnNames
      let groups = try call.blaming("column") { try table.grouped(by: names) }
      let counts: Series
      if names.count == 1 {
        counts = try Series.counts(table.column(names[0]))
      } else {
        counts = try Series(
          RowLabels(groups.keys.columns),
          table.columns[0].aggregated(.size, by: groups).renamed("count")
        ).sorted(descending: true)
      }
      guard try call.arguments.bool("normalize") else { return counts.value }
      let numbers = try counts.values.doubles()
      let sum = numbers.reduce(0, +)
      return counts.with(Column("proportion", doubles: numbers.map { $0 / sum })).value
    },
    .method(
      of: "Table", "apply", "what a function makes of each column, or of each row",
      [
        Parameter("function", .value(), example: "len", help: "a function of a column or row"),
        .axis,
      ], "ratings.head(3).apply(len)", result: "Series"
    ) { call in
      let view = try call.view()
      let function = call.value("function")
      if try call.isAlongRows() {
        let values = try (0..<view.rowCount).map {
          try call.apply(function, to: view.row(at: $0)).asPlain
        }
        return Series(view.labels, try Column("", cells: values)).value
      }
      let values = try view.table.columns.map { column in
        (column.name, try call.apply(function, to: view.column(column.name).value).asPlain)
      }
      let series = values.compactMap { $0.1.series }
      guard !values.isEmpty, series.count == values.count else { return try Series.summary(values) }
      return .table(
        TableView(
          try Table(zip(values, series).map { $1.values.renamed($0.0) }), series[0].labels))
    },
    .method(
      of: "Table", "map", aliases: ["applymap"], "what a function makes of each cell",
      [Parameter("function", .value(), example: "str", help: "a function of one value")],
      "ratings.head(3).map(str)", result: "Table"
    ) { call in
      let view = try call.view()
      let columns = try view.table.columns.map { column -> Column in
        let made = try call.applied(call.value("function"), to: view.column(column.name))
        return try made.series?.values ?? Column(column.name, cells: made.members())
      }
      return .table(view.with(try Table(columns)))
    },
    .method(
      of: "Table", "to_dict", "the table as a dict of its columns, or a list of its rows",
      [
        Parameter(
          "orient",
          .choice([
            Choice("dict", "columns by name, cells by label"),
            Choice("list", "columns by name, as lists"),
            Choice("records", "a list of rows"), Choice("index", "rows by label"),
          ]), default: "dict", help: "the form")
      ], "ratings.head(2).to_dict('records')", result: "dict"
    ) { call in
      try call.view().dict(call.arguments.string("orient"))
    },
    .method(
      of: "Table", "to_numpy", "the cells as an array; as a list of rows where there are texts",
      [], "ratings.select('user', 'rating').head(2).to_numpy()", result: "array"
    ) { call in
      try call.view().values()
    },
    .method(
      of: "Table", "items", "tuples of a column's name and the column", [],
      "[name for name, column in ratings.items()]", result: "List"
    ) { call in
      let view = try call.view()
      return .list(
        try view.table.columnNames.map { .tuple([.string($0), try view.column($0).value]) })
    },
    .method(
      of: "Table", "keys", "the names of the columns", [], "ratings.keys()", result: "Index"
    ) { call in
      .object(Index(names: try call.tableReceiver().columnNames))
    },
    .method(
      of: "Table", "transpose", "rows as columns, and columns as rows", [],
      "ratings.head(2).transpose()", result: "Table"
    ) { call in
      .table(try call.view().transposed())
    },
  ]

  private static func truths(
    _ name: String, _ summary: String, _ fold: @escaping @Sendable ([Bool]) -> Bool
  ) -> Builtin {
    .method(
      of: "Table", name, summary, [.axis], "ratings.isna().\(name)()", result: "Series"
    ) { call in
      let view = try call.view()
      let flags = try view.table.columns.map { column in
        column.kind == .text
          ? try column.texts().map { $0 != "" } : try column.doubles().map { $0 != 0 }
      }
      if try call.isAlongRows() {
        let rows = (0..<view.rowCount).map { row in fold(flags.map { $0[row] }) }
        return Series(view.labels, Column("", truths: rows)).value
      }
      return Series(
        Column("", texts: view.table.columnNames), Column("", truths: flags.map(fold))
      ).value
    }
  }

  private static let places: [Builtin] = [("idxmax", "largest"), ("idxmin", "smallest")].map {
    name, what in
    .method(
      of: "Table", name, "the label of the \(what) value of each column of numbers", [numericOnly],
      "ratings.select('rating').\(name)()", result: "Series"
    ) { call in
      let view = try call.view()
      let columns = view.table.columns.filter { $0.kind != .text }
      return try Series.summary(
        columns.map { column in
          let row = column.firstRow(ofLargest: name == "idxmax")
          return (column.name, row.map(view.labels.label) ?? .double(.nan))
        })
    }
  }
}

extension Series {
  /// One value for each of some names.
  static func summary(_ values: [(name: String, value: Value)]) throws -> Value {
    try Value.row(values.map(\.name), values.map(\.value), label: .none)
  }
}

extension TableView {
  /// One number for each row, of some columns.
  fileprivate func alongRows(_ columns: [Column], _ kind: Aggregate) throws -> Value {
    let values = try (0..<rowCount).map { row in
      try Column("", cells: columns.map { $0.cell(at: row) }).value(of: kind)
    }
    return Series(labels, try Column("", cells: values)).value
  }

  /// One number or several of each of some columns.
  fileprivate func aggregated(_ wanted: [(column: Column, functions: Value)]) throws -> Value {
    guard wanted.contains(where: { $0.functions.isSeveral }) else {
      return try Series.summary(
        wanted.map { ($0.column.name, try $0.column.value(of: Aggregate(named: $0.functions))) })
    }
    let lists = try wanted.map { wanted in
      try (wanted.functions.isSeveral ? wanted.functions.members() : [wanted.functions])
        .map { try Aggregate(named: $0) }
    }
    var names: [Aggregate] = []
    for name in lists.flatMap(\.self) where !names.contains(name) { names.append(name) }
    let columns = try zip(wanted, lists).map { wanted, list in
      try Column(
        wanted.column.name,
        cells: names.map { list.contains($0) ? try wanted.column.value(of: $0) : .double(.nan) })
    }
    return .table(
      TableView(try Table(columns), RowLabels(Column("", texts: names.map(\.rawValue)))))
  }

  /// What there is to say of each column: of texts how many differ, of numbers their quartiles.
  fileprivate var described: TableView {
    get throws {
      let names = ["count", "unique", "top", "freq"] + Column.describedNames.dropFirst()
      let columns = try table.columns.map { column -> Column in
        guard column.kind == .text else {
          let numbers = try column.describedNumbers().doubles()
          let missing = [Double](repeating: .nan, count: 3)
          return Column(column.name, doubles: [numbers[0]] + missing + numbers.dropFirst())
        }
        let facts = try column.describedTexts
        return Column(column.name, texts: facts + names.dropFirst(facts.count).map { _ in nil })
      }
      return TableView(try Table(columns), RowLabels(Column("", texts: names)))
    }
  }

  /// What there is to say of each column of texts.
  fileprivate var describedTexts: TableView {
    get throws {
      let columns = table.columns.filter { $0.kind == .text }
      guard !columns.isEmpty else {
        throw Problem.wrongKind("`describe`", expected: "a column of texts", got: "none")
      }
      return TableView(
        try Table(columns.map { Column($0.name, texts: try $0.describedTexts) }),
        RowLabels(Column("", texts: ["count", "unique", "top", "freq"])))
    }
  }

  /// What pandas' `info` prints, without the memory.
  fileprivate var info: String {
    let columns = table.columns
    let ends =
      rowCount > 0
      ? ", \(labels.label(at: 0).text) to \(labels.label(at: rowCount - 1).text)" : ""
    let kind = labels.isNumbered ? "RangeIndex" : labels.levels.count > 1 ? "MultiIndex" : "Index"
    let rows = columns.enumerated().map { place, column in
      [
        " \(place)", column.name, "\(column.count - column.missingRows.count) non-null",
        column.dtypeName,
      ]
    }
    let titles = [" #", "Column", "Non-Null Count", "Dtype"]
    let rules = ["---"] + titles.dropFirst().map { String(repeating: "-", count: $0.count) }
    let widths = titles.indices.map { place in
      ([titles, rules] + rows).map { $0[place].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
    var counts: [String: Int] = [:]
    for column in columns { counts[column.dtypeName, default: 0] += 1 }
    let types = counts.keys.sorted().map { "\($0)(\(counts[$0] ?? 0))" }
    let bytes = columns.reduce(0) { $0 + $1.byteCount }
    return """
      <class 'pandas.core.frame.DataFrame'>
      \(kind): \(rowCount) entries\(ends)
      Data columns (total \(columns.count) columns):
      \(line(titles))
      \(line(rules))
      \(rows.map(line).joined(separator: "\n"))
      dtypes: \(types.joined(separator: ", "))
      memory usage: \(bytes) bytes
      """
  }

  /// The table as a dict or list.
  fileprivate func dict(_ form: String) throws -> Value {
    func row(_ place: Int) throws -> Value {
      .object(
        try Mapping(table.columns.map { (key: .string($0.name), value: $0.cell(at: place)) }))
    }
    switch form {
    case "records": return .list(try (0..<rowCount).map(row))
    case "index":
      return .object(
        try Mapping((0..<rowCount).map { (key: labels.label(at: $0), value: try row($0)) }))
    default:
      return .object(
        try Mapping(
          table.columns.map { column in
            let cells = (0..<rowCount).map(column.cell)
            let value: Value =
              form == "list"
              ? .list(cells)
              : .object(try Mapping(zip(labels.labels, cells).map { (key: $0, value: $1) }))
            return (key: .string(column.name), value: value)
          }))
    }
  }
}

extension Column {
  /// How many texts there are, how many differ, which is there most often, and how often that is.
  fileprivate var describedTexts: [String?] {
    get throws {
      let counts = try Series.counts(self)
      let (top, frequency) =
        counts.values.count > 0
        ? (counts.labels.label(at: 0).text, counts.values.cell(at: 0).text) : (nil, nil)
      return ["\(count - missingRows.count)", "\(counts.values.count)", top, frequency]
    }
  }
}
