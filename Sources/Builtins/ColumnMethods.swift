package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

/// Methods of columns, which series have too, and of series, under pandas' names.
package enum ColumnMethods {
  package static let all = numbers + values + conditions + order + labelled

  // MARK: - One number

  /// One value of the whole column.
  private static let numbers: [Builtin] = [
    Aggregate.sum, .mean, .min, .max, .std, .variance, .median, .count, .nunique,
  ].map { kind in
    .method(
      of: "Column", kind.rawValue, "the \(kind.phrase)", [], "ratings.rating.\(kind.rawValue)()",
      result: kind == .count || kind == .nunique ? "Int" : "Double"
    ) { call in
      Value(try call.columnReceiver().aggregated(kind))
    }
  }

  // MARK: - Other values

  private static let values: [Builtin] = [
    .method(
      of: "Column", "head", "the first values", [TableMethods.n], "ratings.rating.head(3)",
      result: "Column"
    ) { call in
      .column(try call.columnReceiver().head(call.arguments.int("n")))
    },
    .method(
      of: "Column", "unique", "the different values in the order in which they first occur", [],
      "ratings.rating.unique()", result: "List"
    ) { call in
      try call.columnReceiver().unique().values()
    },
    .method(
      of: "Column", "value_counts", "how often each value occurs", [],
      "ratings.rating.value_counts()", result: "Series"
    ) { call in
      .object(Series.counts(try call.columnReceiver()))
    },
    .method(
      of: "Column", "tolist", aliases: ["to_list"], "the values as a list", [],
      "ratings.rating.head(3).tolist()", result: "List"
    ) { call in
      .list(try Value.column(call.columnReceiver()).members())
    },
    .method(
      of: "Column", "dropna", "the values that are not missing", [], "ratings.rating.dropna()",
      result: "Column"
    ) { call in
      .column(try call.columnReceiver().droppingMissing())
    },
    .method(
      of: "Column", "fillna", "the column with another value in place of missing ones", [filling],
      "ratings.rating.fillna(3)", result: "Column"
    ) { call in
      .column(try call.columnReceiver().fillingMissing(with: call.filling()))
    },
    .method(
      of: "Column", "drop_duplicates", "the different values, in the order of their first rows", [],
      "ratings.title.drop_duplicates()", result: "Column"
    ) { call in
      .column(try call.columnReceiver().unique())
    },
    .method(
      of: "Column", "idxmax", "the place of the largest value", [], "ratings.rating.idxmax()",
      result: "Int"
    ) { call in
      .int(try call.firstRow(ofLargest: true))
    },
    .method(
      of: "Column", "idxmin", "the place of the smallest value", [], "ratings.rating.idxmin()",
      result: "Int"
    ) { call in
      .int(try call.firstRow(ofLargest: false))
    },
  ]

  private static let filling = Parameter(
    "value", .anyOf([.number(), .string]), example: "0", help: "a number, or a text among texts")

  // MARK: - Conditions

  private static let conditions: [Builtin] = [
    .method(
      of: "Column", "isin", "whether each value is one of a list",
      [Parameter("values", .value("List"), example: "[4, 5]", help: "the values to look for")],
      "ratings.filter(ratings.rating.isin([4, 5]))", result: "array"
    ) { call in
      let column = try call.columnReceiver()
      return try call.blaming("values") {
        let wanted = try (call.arguments.value("values") ?? .none).members()
        for value in wanted where !(value.number?.isNaN ?? false) {
          try Arithmetic.requireLike(column, value)
        }
        return .array(try Tensor(column.isIn(wanted.compactMap(\.cell))))
      }
    },
    .method(
      of: "Column", "isna", aliases: ["isnull"], "whether each value is missing", [],
      "ratings.rating.isna().sum()", result: "array"
    ) { call in
      .array(try Tensor(call.columnReceiver().isMissing()))
    },
    .method(
      of: "Column", "notna", aliases: ["notnull"], "whether each value is there", [],
      "ratings[ratings.rating.notna()]", result: "array"
    ) { call in
      .array(try Tensor(call.columnReceiver().isMissing().map { !$0 }))
    },
    .method(
      of: "Column", "between", "whether each value lies between two others, or is one of them",
      [
        Parameter("left", .value(), example: "2", help: "the smallest"),
        Parameter("right", .value(), example: "4", help: "the largest"),
      ], "ratings.rating.between(2, 4).sum()", result: "array"
    ) { call in
      let column = Value.column(try call.columnReceiver())
      return try Arithmetic.apply(
        .bitAnd,
        Arithmetic.apply(.greaterOrEqual, column, call.arguments.value("left") ?? .none),
        Arithmetic.apply(.lessOrEqual, column, call.arguments.value("right") ?? .none))
    },
    .method(
      of: "Column", "duplicated", "whether each value occurs in a row before", [],
      "ratings.title.duplicated().sum()", result: "array"
    ) { call in
      .array(try Tensor(Table(equallyLong: [call.columnReceiver()]).duplicated()))
    },
  ]

  // MARK: - Order

  private static let directions = [
    Parameter(
      "ascending", .boolean, default: "true", isOptionOnly: true,
      help: "false for the largest first"
    ),
    Parameter(
      "descending", .boolean, default: "false", isOptionOnly: true, help: "the largest first"),
  ]

  /// The first rows in an order, as `nlargest` gives them.
  private static func extreme(_ kind: String, _ name: String, _ what: String) -> Builtin {
    .method(
      of: kind, name, "the rows with the \(what)", [TableMethods.n],
      kind == "Column" ? "ratings.rating.\(name)(3)" : "ratings.title.value_counts().\(name)(3)",
      result: kind
    ) { call in
      let column = try call.columnReceiver().droppingMissing()
      let count = try call.arguments.int("n")
      guard case .object(let series as Series) = call.receiver else {
        return .column(
          column.rows(at: Array(column.sortedRows(descending: name == "nlargest").prefix(count))))
      }
      let sorted = series.droppingMissing().sorted(descending: name == "nlargest")
      return .object(sorted.head(count))
    }
  }

  private static let order: [Builtin] = [
    .method(
      of: "Column", "sort_values", aliases: ["sort"], "the values in order, missing ones last",
      directions, "ratings.rating.sort_values(ascending=false)", result: "Column"
    ) { call in
      let column = try call.columnReceiver()
      return .column(column.rows(at: column.sortedRows(descending: try call.isDescending())))
    },
    .method(
      of: "Column", "tail", "the last values", [TableMethods.n], "ratings.rating.tail(3)",
      result: "Column"
    ) { call in
      let column = try call.columnReceiver()
      let count = min(try call.arguments.int("n"), column.count)
      return .column(column.rows(at: Array((column.count - count)..<column.count)))
    },
    extreme("Column", "nlargest", "largest values"),
    extreme("Column", "nsmallest", "smallest values"),
    extreme("Series", "nlargest", "largest numbers"),
    extreme("Series", "nsmallest", "smallest numbers"),
  ]

  // MARK: - Series

  private static let labelled: [Builtin] = [
    .method(
      of: "Series", "sort_values", aliases: ["sort"],
      "the rows in the order of their numbers, missing ones last", directions,
      "ratings.groupby('title').count().sort_values(ascending=false)", result: "Series"
    ) { call in
      .object(try call.seriesReceiver().sorted(descending: call.isDescending()))
    },
    .method(
      of: "Series", "sort_index", "the rows in the order of their labels", directions,
      "ratings.rating.value_counts().sort_index()", result: "Series"
    ) { call in
      .object(try call.seriesReceiver().sortedByLabel(descending: call.isDescending()))
    },
    .method(
      of: "Series", "head", "the first rows", [TableMethods.n],
      "ratings.title.value_counts().head(3)", result: "Series"
    ) { call in
      .object(try call.seriesReceiver().head(call.arguments.int("n")))
    },
    .method(
      of: "Series", "tail", "the last rows", [TableMethods.n],
      "ratings.title.value_counts().tail(3)", result: "Series"
    ) { call in
      let series = try call.seriesReceiver()
      let count = min(try call.arguments.int("n"), series.values.count)
      return .object(series.rows(at: Array((series.values.count - count)..<series.values.count)))
    },
    .method(
      of: "Series", "dropna", "the rows whose number is not missing", [],
      "ratings.groupby('title')['rating'].std().dropna()", result: "Series"
    ) { call in
      .object(try call.seriesReceiver().droppingMissing())
    },
    .method(
      of: "Series", "fillna", "the rows with another number in place of missing ones", [filling],
      "ratings.groupby('title')['rating'].std().fillna(0)", result: "Series"
    ) { call in
      let series = try call.seriesReceiver()
      return .object(
        Series(series.labels, try series.values.fillingMissing(with: call.filling())))
    },
    .method(
      of: "Series", "idxmax", "the label of the largest number", [],
      "ratings.title.value_counts().idxmax()", result: nil
    ) { call in
      Value(try call.seriesReceiver().labels.value(at: call.firstRow(ofLargest: true)))
    },
    .method(
      of: "Series", "idxmin", "the label of the smallest number", [],
      "ratings.title.value_counts().idxmin()", result: nil
    ) { call in
      Value(try call.seriesReceiver().labels.value(at: call.firstRow(ofLargest: false)))
    },
    .method(
      of: "Series", "reset_index", "the labels and the numbers as a table", [],
      "ratings.title.value_counts().reset_index()", result: "Table"
    ) { call in
      let series = try call.seriesReceiver()
      return .table(TableView(try call.arguments.required("series", series.table)))
    },
  ]
}

extension Series {
  /// How often each value of a column occurs.
  package static func counts(_ column: Column) -> Series {
    let table = column.valueCounts()
    return Series(table.columns[0], table.columns[1])
  }

  /// The rows whose number is not missing.
  package func droppingMissing() -> Series {
    let isMissing = values.isMissing()
    return rows(at: isMissing.indices.filter { !isMissing[$0] })
  }
}

extension Call {
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

  fileprivate func isDescending() throws -> Bool {
    try arguments.bool("descending") || !arguments.bool("ascending")
  }

  fileprivate func filling() throws -> Column.Value {
    try arguments.required("value", arguments.value("value")?.cell)
  }

  fileprivate func firstRow(ofLargest isLargest: Bool) throws -> Int {
    guard let row = try columnReceiver().firstRow(ofLargest: isLargest) else {
      throw Problem.wrongKind(
        "`\(arguments.spec.name)`", expected: "a column with at least one value", got: "none")
    }
    return row
  }
}
