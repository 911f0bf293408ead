package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

/// Methods of columns and series, under pandas' names: numbers of the whole, conditions, order.
package enum ColumnMethods {
  package static let all = numbers + pairs + places + values + conditions + order + labels

  // MARK: - One number

  /// One value of the whole column.
  private static let numbers: [Builtin] =
    [Aggregate.sum, .mean, .min, .max, .std, .variance, .median, .count].map { kind in
      .method(
        of: "Column", kind.rawValue, "the \(kind.phrase)",
        kind.takesDegrees ? [.degrees, .skipsMissing] : kind == .count ? [] : [.skipsMissing],
        "ratings.rating.\(kind.rawValue)()", result: kind == .count ? "Int" : "Double"
      ) { call in
        let column = try call.columnReceiver()
        let lacksOne = kind != .count && !column.missingRows.isEmpty
        if lacksOne, try !call.arguments.bool("skipna") { return .double(.nan) }
        return kind.takesDegrees
          ? .double(try column.spread(kind, call.arguments.int("ddof")))
          : try column.value(of: kind)
      }
    } + [
      .method(
        of: "Column", "nunique", "the number of different values",
        [.flag("dropna", true, "whether a missing value does not count")],
        "ratings.rating.nunique()", result: "Int"
      ) { call in
        let column = try call.columnReceiver()
        let isMore = try !call.arguments.bool("dropna") && !column.missingRows.isEmpty
        return .int(column.distinct().count + (isMore ? 1 : 0))
      },
      .method(
        of: "Column", "quantile", "the value below which a part of the values lies",
        [
          Parameter(
            "q", .anyOf([.number(.between(0, 1)), .list(of: .number(.between(0, 1)))]),
            default: "0.5", help: "the part, or several")
        ], "ratings.rating.quantile(0.25)", result: "Double"
      ) { call in
        let column = try call.columnReceiver()
        guard let parts = call.arguments.optionalDoubles("q") else {
          return .double(try column.quantile(call.arguments.double("q")))
        }
        return Series(
          Column("", doubles: parts),
          Column(column.name, doubles: try column.quantiles(parts))
        ).value
      },
      .method(
        of: "Column", "prod", aliases: ["product"], "the product of the numbers", [],
        "ratings.rating.head(3).prod()", result: "Double"
      ) { call in
        let column = try call.columnReceiver()
        let values = column.droppingMissing()
        guard values.count > 0 else { return column.kind == .doubles ? .double(1) : .int(1) }
        let running = try values.running(.product)
        return running.cell(at: running.count - 1)
      },
      .method(
        of: "Column", "any", "whether one value at least is true", [],
        "(ratings.rating > 4).any()", result: "Bool"
      ) { call in
        let numbers = try call.columnReceiver().droppingMissing().doubles()
        return .bool(numbers.contains { $0 != 0 })
      },
      .method(
        of: "Column", "all", "whether all values are true", [], "(ratings.rating > 0).all()",
        result: "Bool"
      ) { call in
        let numbers = try call.columnReceiver().droppingMissing().doubles()
        return .bool(numbers.allSatisfy { $0 != 0 })
      },
    ]

  // MARK: - One number of two columns

  private static let other = Parameter(
    "other", .value("Column"), example: "ratings.user", help: "another column")

  /// A number of two columns, from the rows in which both have a value; none of fewer than two.
  private static func together(
    _ name: String, _ summary: String, _ number: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Builtin {
    .method(
      of: "Column", name, summary, [other], "ratings.rating.\(name)(ratings.user)",
      result: "Double"
    ) { call in
      let series = try call.seriesReceiver()
      guard let other = call.value("other").series else {
        return try call.arguments.required("other", nil)
      }
      let values = zip(
        try series.values.doubles(), try other.reordered(as: series.labels).doubles()
      ).filter { !$0.isNaN && !$1.isNaN }
      guard values.count > 1 else { return .double(.nan) }
      let rows = try Tensor.stacked([Tensor(values.map(\.0)), Tensor(values.map(\.1))])
      return .double(try number(rows).doubles()[1])
    }
  }

  // As `np.corrcoef` and `np.cov` have them, which pandas asks here.
  private static let pairs: [Builtin] = [
    together("corr", "the correlation with another column") { try $0.correlations() },
    together("cov", "the covariance with another column") { try $0.covariance() },
    .method(
      of: "Column", "dot", "the sum of the products with another column", [other],
      "ratings.rating.dot(ratings.user)", result: "Double"
    ) { call in
      let product = try Arithmetic.apply(.multiply, call.receiver, call.value("other"))
      guard let series = product.series else { return try call.arguments.required("other", nil) }
      return try series.values.value(of: .sum)
    },
  ]

  // MARK: - The place of a value

  private static func extremePlace(
    _ name: String, _ what: String, isLargest: Bool, isLabel: Bool
  ) -> Builtin {
    .method(
      of: "Column", name, "the \(isLabel ? "label" : "place") of the \(what) value", [],
      "ratings.rating.\(name)()", result: nil
    ) { call in
      let series = try call.seriesReceiver()
      guard let row = series.values.firstRow(ofLargest: isLargest) else {
        throw Problem.wrongKind(
          "`\(name)`", expected: "a column with at least one value", got: "none")
      }
      return isLabel ? series.labels.label(at: row) : .int(row)
    }
  }

  private static let places = [
    extremePlace("idxmax", "largest", isLargest: true, isLabel: true),
    extremePlace("idxmin", "smallest", isLargest: false, isLabel: true),
    extremePlace("argmax", "largest", isLargest: true, isLabel: false),
    extremePlace("argmin", "smallest", isLargest: false, isLabel: false),
  ]

  // MARK: - Other values

  private static let values: [Builtin] = [
    .method(
      of: "Column", "unique", "the different values in the order in which they first occur", [],
      "ratings.rating.unique()", result: "List"
    ) { call in
      try call.columnReceiver().unique().values()
    },
    .method(
      of: "Column", "mode", "the values that occur most often", [], "ratings.rating.mode()",
      result: "Column"
    ) { call in
      let column = try call.columnReceiver()
      let coded = try column.codedInterruptibly()
      let counts = coded.counts
      let most = counts.max() ?? 0
      return .column(coded.levels.rows(at: counts.indices.filter { counts[$0] == most }))
    },
    .method(
      of: "Column", "value_counts", "how often each value occurs",
      [
        .flag("normalize", false, "whether to give parts of the whole"),
        .flag("sort", true, "the commonest first; else by first occurrence"),
        .flag("ascending", false, "the rarest first"),
        .flag("dropna", true, "whether missing values are left out"),
      ], "ratings.rating.value_counts(normalize=true)", result: "Series"
    ) { call in
      let arguments = call.arguments
      let counts = try Series.counts(
        call.columnReceiver(), keepsMissing: !arguments.bool("dropna"),
        isSorted: arguments.bool("sort"), isAscending: arguments.bool("ascending"))
      guard try arguments.bool("normalize") else { return counts.value }
      let numbers = try counts.values.doubles()
      let sum = numbers.reduce(0, +)
      return counts.with(Column("proportion", doubles: numbers.map { $0 / sum })).value
    },
    .method(
      of: "Column", "tolist", aliases: ["to_list"], "the values as a list", [],
      "ratings.rating.head(3).tolist()", result: "List"
    ) { call in
      if case .object(let index as Index) = call.receiver { return .list(index.labels.labels) }
      return .list(try Value.column(call.columnReceiver()).members())
    },
    .method(
      of: "Column", "to_numpy", "the values as an array; texts as a list", [],
      "ratings.rating.head(3).to_numpy()", result: "array"
    ) { call in
      try call.columnReceiver().values()
    },
    .method(
      of: "Column", "dropna", "the values that are not missing", [], "ratings.rating.dropna()",
      result: "Column"
    ) { call in
      try call.seriesReceiver().droppingMissing().value
    },
    .method(
      of: "Column", "fillna", "the column with another value in place of missing ones", [filling],
      "ratings.rating.fillna(3)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      if let others = call.value("value").series {
        let rows = series.values.isMissing()
        let other = try others.reordered(as: series.labels)
        let cells = rows.indices.map {
          rows[$0] ? other.cell(at: $0) : series.values.cell(at: $0)
        }
        return series.with(try Column(series.values.name, cells: cells)).value
      }
      return series.with(try series.values.fillingMissing(with: call.cell("value"))).value
    },
    .method(
      of: "Column", "interpolate", "the column with numbers on the way where values are missing",
      [],
      "ratings.rating.interpolate().head(3)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      return series.with(Column(series.values.name, doubles: try series.values.doubles().bridged()))
        .value
    },
    .method(
      of: "Column", "explode",
      "a row for each member of each list; of numbers and texts the column",
      [], "ratings.rating.explode().head(3)", result: "Column"
    ) { call in call.receiver },
    fill("ffill", "the value above", isForward: true),
    fill("bfill", "the value below", isForward: false),
    .method(
      of: "Column", "drop_duplicates", "the different values, in the order of their rows",
      [kept], "ratings.title.drop_duplicates()", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      let flags = try Table(equallyLong: [series.values]).duplicated(keeping: call.keptRow())
      return try series.rowsInterruptibly(at: flags.indices.filter { !flags[$0] }).value
    },
  ]

  private static let filling = Parameter(
    "value", .anyOf([.number(), .string, .value()]), example: "0",
    help: "a number, or a text among texts")

  private static let kept = Parameter(
    "keep", .anyOf([.choice([Choice("first"), Choice("last")]), .boolean]), default: "first",
    isOptionOnly: true, help: "which of the rows that repeat stays; false for none")

  private static func fill(_ name: String, _ what: String, isForward: Bool) -> Builtin {
    .method(
      of: "Column", name, "the column with \(what) in place of missing ones", [],
      "ratings.rating.\(name)()", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      let isMissing = series.values.isMissing()
      var (rows, last) = (Array(isMissing.indices), -1)
      for row in isForward ? Array(rows) : rows.reversed() {
        if !isMissing[row] { last = row }
        rows[row] = last
      }
      return series.with(try series.values.rows(padding: rows)).value
    }
  }

  // MARK: - Conditions

  private static func condition(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ example: String, _ flags: @escaping @Sendable (Column, Call) throws -> [Bool]
  ) -> Builtin {
    .method(of: "Column", name, aliases: aliases, summary, parameters, example, result: "Column") {
      call in
      let series = try call.seriesReceiver()
      return series.with(Column(series.values.name, truths: try flags(series.values, call))).value
    }
  }

  private static let conditions: [Builtin] = [
    condition(
      "isin", "whether each value is one of a list",
      [Parameter("values", .value("List"), example: "[4, 5]", help: "the values to look for")],
      "ratings[ratings.rating.isin([4, 5])]"
    ) { column, call in
      try call.blaming("values") {
        let wanted = try call.value("values").members()
        for value in wanted where !(value.number?.isNaN ?? false) {
          try Arithmetic.requireLike(column, value)
        }
        return column.isIn(wanted.compactMap(\.cell))
      }
    },
    condition(
      "isna", aliases: ["isnull"], "whether each value is missing", [],
      "ratings.rating.isna().sum()"
    ) { column, _ in
      column.isMissing()
    },
    condition(
      "notna", aliases: ["notnull"], "whether each value is there", [],
      "ratings[ratings.rating.notna()]"
    ) { column, _ in
      column.isMissing().map { !$0 }
    },
    condition(
      "duplicated", "whether each value occurs in a row before", [kept],
      "ratings.title.duplicated().sum()"
    ) { column, call in
      try Table(equallyLong: [column]).duplicated(keeping: call.keptRow())
    },
    .method(
      of: "Column", "between", "whether each value lies between two others, or is one of them",
      [
        Parameter("left", .value(), example: "2", help: "the smallest"),
        Parameter("right", .value(), example: "4", help: "the largest"),
        Parameter(
          "inclusive",
          .choice([
            Choice("both", "both ends count"), Choice("neither", "no end counts"),
            Choice("left", "the smallest counts"), Choice("right", "the largest counts"),
          ]), default: "both", isOptionOnly: true, help: "which of the ends count"),
      ], "ratings.rating.between(2, 4).sum()", result: "Column"
    ) { call in
      let ends = try call.arguments.string("inclusive")
      let takesLeft = ends == "both" || ends == "left"
      let takesRight = ends == "both" || ends == "right"
      return try Arithmetic.apply(
        .bitAnd,
        Arithmetic.apply(takesLeft ? .greaterOrEqual : .greater, call.receiver, call.value("left")),
        Arithmetic.apply(takesRight ? .lessOrEqual : .less, call.receiver, call.value("right")))
    },
  ]

  // MARK: - Order

  /// The first rows in an order, as `nlargest` gives them.
  private static func extreme(_ name: String, _ what: String) -> Builtin {
    .method(
      of: "Column", name, "the rows with the \(what) values", [.rowCount],
      "ratings.rating.\(name)(3)", result: "Column"
    ) { call in
      let sorted = try call.seriesReceiver().droppingMissing().sorted(
        descending: name == "nlargest")
      return sorted.head(try call.arguments.int("n")).value
    }
  }

  private static let order: [Builtin] = [
    .method(
      of: "Column", "head", "the first values", [.rowCount], "ratings.rating.head(3)",
      result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      return series.head(Call.rows(try call.arguments.int("n"), of: series.values.count)).value
    },
    .method(
      of: "Column", "tail", "the last values", [.rowCount], "ratings.rating.tail(3)",
      result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      let count = Call.rows(try call.arguments.int("n"), of: series.values.count)
      return series.rows(at: Array((series.values.count - count)..<series.values.count)).value
    },
    .method(
      of: "Column", "sort_values", aliases: ["sort"], "the values in order, missing ones last",
      Parameter.directions + [.ignoreIndex, .kind, .sortingKey],
      "ratings.rating.sort_values(ascending=false)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      let sorted = series.rows(
        at: try call.keys(of: series).values.sortedRows(descending: call.isDescending()))
      return try call.arguments.bool("ignore_index") ? .column(sorted.values) : sorted.value
    },
    .method(
      of: "Column", "sort_index", "the rows in the order of their labels",
      [.kind] + Parameter.directions,
      "ratings.rating.value_counts().sort_index()", result: "Series"
    ) { call in
      let series = try call.seriesReceiver()
      return try series.rowsInterruptibly(
        at: series.labels.sortedRows(descending: call.isDescending())
      ).value
    },
    extreme("nlargest", "largest"),
    extreme("nsmallest", "smallest"),
    .method(
      of: "Column", "argsort", "the places of the values in order", [],
      "ratings.rating.head(3).argsort()", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      return series.with(
        Column(series.values.name, integers: try series.values.sortedRows())
      ).value
    },
    .method(
      of: "Column", "sample", "some rows at random", SamplingOptions.all,
      "ratings.rating.sample(3, random_state=1)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      return try series.rowsInterruptibly(at: call.sampledRows(of: series.values.count)).value
    },
  ]

  // MARK: - Labels

  private static let labels: [Builtin] = [
    .method(
      of: "Column", "reset_index", "the labels and the values as a table",
      [
        .flag("drop", false, "whether the labels are forgotten"),
        Parameter(
          "name", .string, .optional, example: "'stars'", isOptionOnly: true,
          help: "what the column of values is called"),
      ], "ratings.title.value_counts().reset_index()", result: "Table"
    ) { call in
      let series = try call.seriesReceiver()
      if try call.arguments.bool("drop") { return .column(series.values) }
      let name = call.arguments.optionalString("name") ?? series.values.name
      let values = series.values.renamed(name.isEmpty ? "0" : name)
      return .table(try TableView(Table([values]), series.labels).resettingLabels())
    },
    .method(
      of: "Column", "to_frame", "the values as a table of one column",
      [Parameter("name", .string, .optional, example: "'stars'", help: "what it is called")],
      "ratings.rating.to_frame()", result: "Table"
    ) { call in
      let series = try call.seriesReceiver()
      let name = call.arguments.optionalString("name") ?? series.values.name
      return .table(
        TableView(try Table([series.values.renamed(name.isEmpty ? "0" : name)]), series.labels))
    },
    .method(
      of: "Column", "to_dict", "the values by their labels", [],
      "ratings.rating.value_counts().to_dict()", result: "dict"
    ) { call in
      let series = try call.seriesReceiver()
      let cells = try Value.column(series.values).members()
      return .object(try Mapping(zip(series.labels.labels, cells).map { (key: $0, value: $1) }))
    },
    .method(
      of: "Column", "items", "tuples of a label and its value", [],
      "ratings.rating.head(2).items()", result: "List"
    ) { call in
      let series = try call.seriesReceiver()
      return .list(
        zip(series.labels.labels, try Value.column(series.values).members()).map {
          .tuple([$0, $1])
        })
    },
    .method(
      of: "Column", "rename", "the column under another name",
      [Parameter("name", .value(), example: "'stars'", help: "the name, or new labels in a dict")],
      "ratings.rating.rename('stars').head(2)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      guard let pairs = call.pairs("name") else {
        return series.with(series.values.renamed(try call.arguments.string("name"))).value
      }
      return Series(try series.labels.replacing(pairs), series.values).value
    },
    .method(
      of: "Column", "rename_axis", "the labels under another name",
      [Parameter("name", .string, example: "'film'", help: "the name")],
      "ratings.title.value_counts().rename_axis('film').head(2)", result: "Series"
    ) { call in
      let series = try call.seriesReceiver()
      return Series(
        series.labels.renamed([try call.arguments.string("name")]), series.values
      ).value
    },
    .method(
      of: "Column", "get", "the value of a label, or another if there is no such label",
      [
        Parameter("key", .value(), example: "0", help: "the label"),
        Parameter("default", .value(), .optional, example: "0", help: "the other value"),
      ], "ratings.rating.get(0)", result: nil
    ) { call in
      let series = try call.seriesReceiver()
      guard let row = series.labels.rows(of: call.value("key")).first else {
        return call.value("default")
      }
      return series.values.cell(at: row)
    },
    .method(
      of: "Column", "reindex", "the values of some labels, missing where there are none",
      [Parameter("labels", .value("List"), example: "[1, 5]", help: "the labels")],
      "ratings.rating.value_counts().reindex([5, 1, 7])", result: "Series"
    ) { call in
      let series = try call.seriesReceiver()
      let wanted = RowLabels(
        try Column(series.labels.names.first ?? "", membersOf: call.value("labels")))
      return Series(wanted, try series.reordered(as: wanted)).value
    },
    .method(
      of: "Column", "unstack", "the last of several labels of a row as columns",
      [
        Parameter(
          "fill_value", .anyOf([.number(), .string]), .optional, example: "0",
          isOptionOnly: true, help: "what stands where there is no value")
      ], "ratings.groupby(['user', 'rating']).size().unstack(fill_value=0)", result: "Table"
    ) { call in
      let series = try call.seriesReceiver()
      guard series.labels.levels.count > 1 else {
        throw Problem.wrongKind(
          "`unstack`", expected: "rows with two labels at least, as groupby(['a', 'b']) makes them",
          got: "one")
      }
      // Names of levels may be equal or empty, places are not.
      let levels = series.labels.levels.enumerated().map { $1.renamed("\($0)") }
      let table = try Table(levels + [series.values.renamed("values")])
      let pivoted = try table.pivoted(
        rows: levels.dropLast().map(\.name), columns: levels[levels.count - 1].name,
        values: "values", .first, filling: call.arguments.value("fill_value")?.cell)
      return .table(try pivoted.view(rowNames: Array(series.labels.names.dropLast())))
    },
  ]
}

extension Series {
  /// How often each value of a column occurs.
  package static func counts(
    _ column: Column, keepsMissing: Bool = false, isSorted: Bool = true, isAscending: Bool = false
  ) throws -> Series {
    let table = try column.valueCounts()
    var (labels, counts) = (table.columns[0], try table.columns[1].integers())
    let missing = column.missingRows.count
    if keepsMissing, missing > 0 {
      labels = try labels.rows(padding: Array(0..<labels.count) + [-1])
      counts.append(missing)
      // Equally common values keep the order of their first rows.
      let order = RowLabels(try column.unique()).rows(in: RowLabels(labels))
      (labels, counts) = (labels.rows(at: order), order.map { counts[$0] })
    }
    var order = Array(counts.indices)
    if isSorted {
      order = try Column("", integers: counts).sortedRows(descending: !isAscending)
    } else {
      let firsts = try column.unique()
      order = RowLabels(keepsMissing ? firsts : firsts.droppingMissing()).rows(
        in: RowLabels(labels))
    }
    return Series(labels.rows(at: order), Column("count", integers: order.map { counts[$0] }))
  }

  /// The rows whose value is not missing.
  package func droppingMissing() -> Series {
    let isMissing = values.isMissing()
    guard isMissing.contains(true) else { return self }
    return rows(at: isMissing.indices.filter { !isMissing[$0] })
  }
}

extension RowLabels {
  /// The rows in the order of their labels.
  package func sortedRows(descending: Bool) throws -> [Int] {
    guard !isNumbered else {
      return descending ? Array((0..<count).reversed()) : Array(0..<count)
    }
    let names = levels.indices.map { "\($0)" }
    let table = try Table(
      zip(levels, names).map { $0.renamed($1) } + [Column("row", integers: Array(0..<count))])
    return try table.sorted(by: names, descending: names.map { _ in descending }).column("row")
      .integers()
  }

  /// The labels with some of them called otherwise; numbers beside texts become texts.
  func replacing(_ pairs: [(key: Value, value: Value)]) throws -> RowLabels {
    var cells = labels
    for (key, value) in pairs {
      for row in rows(of: key) { cells[row] = value }
    }
    let isText = cells.contains { if case .string = $0 { true } else { false } }
    if isText { cells = cells.map { .string($0.text) } }
    return RowLabels(try Column(names.first ?? "", cells: cells))
  }
}

extension Column {
  /// The different values and how often each occurs, the commonest first, equally common ones
  /// ascending.
  func sortedCounts() throws -> Table {
    let coded = try codedInterruptibly()
    let table = try Table([
      coded.levels, Column(name == "count" ? "count_" : "count", integers: coded.counts),
    ])
    return table.rows(at: try table.columns[1].sortedRows(descending: true))
  }
}

extension [Double] {
  /// The numbers, and where some are missing the straight way from one neighbour to the next; behind
  /// the last the last.
  fileprivate func bridged() -> [Double] {
    var (result, last) = (self, -1)
    for place in indices where !self[place].isNaN {
      if last >= 0, place - last > 1 {
        let step = (self[place] - self[last]) / Double(place - last)
        for gap in (last + 1)..<place { result[gap] = self[last] + step * Double(gap - last) }
      }
      last = place
    }
    if last >= 0 { for gap in (last + 1)..<count { result[gap] = self[last] } }
    return result
  }
}
