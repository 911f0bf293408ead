package import CollabInterpreter
import CollabLanguage
package import CollabTables

/// Methods that give a table another shape: labels, from long to wide and back, merges.
package enum TableShapes {
  static let all = labels + wide + merges

  private static let fillValue = Parameter(
    "fill_value", .anyOf([.number(), .string]), .optional, example: "0", isOptionOnly: true,
    help: "what stands in cells without a value")
  private static let aggregate = Parameter(
    "aggfunc", .anyOf([.string, .value("Name")]), default: "'mean'", isOptionOnly: true,
    help: "what is made of several values: mean, sum, count, min, max, …")

  // MARK: - Labels

  private static let labels: [Builtin] = [
    .method(
      of: "Table", "set_index", "the table whose rows are called as a column says",
      [
        .columns("keys", "'title'", "the column, or several"),
        .flag("drop", true, "whether it is a column no more"),
      ], "ratings.set_index('title').head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      let names = call.names("keys") ?? []
      return try call.blaming("keys") {
        let levels = try names.map(view.table.column)
        guard let first = levels.first else { return try call.arguments.required("keys", nil) }
        let isDropped = try call.arguments.bool("drop")
        let rest = isDropped ? names.reduce(view.table) { $0.dropping($1) } : view.table
        return .table(TableView(rest, RowLabels([first] + levels.dropFirst())))
      }
    },
    .method(
      of: "Table", "reset_index", "the table with the labels of its rows as columns",
      [.flag("drop", false, "whether the labels are forgotten")],
      "ratings.set_index('title').reset_index().head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      if try call.arguments.bool("drop") { return .table(TableView(view.table)) }
      return .table(try view.resettingLabels())
    },
    .method(
      of: "Table", "rename_axis", "the labels of the rows under another name",
      [
        Parameter("name", .string, example: "'film'", help: "the name"), .axis,
      ], "ratings.set_index('title').rename_axis('film').head(3)", result: "Table"
    ) { call in
      let view = try call.view()
      if try call.isAlongRows() { return .table(view) }
      return .table(
        TableView(view.table, view.labels.renamed([try call.arguments.string("name")])))
    },
    .method(
      of: "Table", "reindex", "the rows of some labels, without values where there are none",
      [
        Parameter("labels", .value("List"), .optional, example: "[1, 5]", help: "the labels"),
        .columns("columns", "['user']", "names of columns", isOptional: true, isOptionOnly: true),
      ], "ratings.set_index('title').head(3).reindex(columns=['user'])", result: "Table"
    ) { call in
      var view = try call.view()
      if let names = call.names("columns") {
        let empty = [Double](repeating: .nan, count: view.rowCount)
        view = view.with(
          try Table(names.map { (try? view.table.column($0)) ?? Column($0, doubles: empty) }))
      }
      guard call.arguments.isGiven("labels") else { return .table(view) }
      let wanted = RowLabels(
        try Column(view.labels.names.first ?? "", cells: call.value("labels").members()))
      let rows = wanted.rows(in: view.labels)
      return .table(
        TableView(try Table(view.table.columns.map { try $0.rows(padding: rows) }), wanted))
    },
  ]

  // MARK: - Long and wide

  private static let wide: [Builtin] = [
    .method(
      of: "Table", "pivot_table", "a row and a column for each of the values of two columns",
      [
        .columns("values", "'rating'", "the column in the cells", isOptional: true),
        .columns("index", "'user'", "the column that makes rows, or several", isOptional: true),
        .columns("columns", "'title'", "the column that makes columns", isOptional: true),
        aggregate, fillValue,
      ],
      "ratings.head(9).pivot_table(values='rating', index='user', columns='rating', fill_value=0)",
      result: "Table"
    ) { call in
      .table(try call.pivotTable(call.view()))
    },
    .method(
      of: "Table", "pivot", "a row and a column for each of the values of two columns, once each",
      [
        .columns("index", "'user'", "the column that makes rows", isOptionOnly: true),
        .columns("columns", "'title'", "the column that makes columns", isOptionOnly: true),
        .columns("values", "'rating'", "the column in the cells", isOptionOnly: true),
      ], "ratings.head(9).pivot(index='user', columns='title', values='rating')", result: "Table"
    ) { call in
      let view = try call.view()
      let (rows, columns) = (call.names("index") ?? [], call.names("columns") ?? [])
      let table = view.table
      let isRepeated = try table.duplicated(by: rows + columns)
      if let place = isRepeated.firstIndex(of: true) {
        throw Problem.wrongKind(
          "`pivot`", expected: "each row and column once, or pivot_table, which takes a mean",
          got: "row \(place), which repeats an earlier one")
      }
      let values = try call.arguments.required("values", call.names("values")?.first)
      let column = try call.arguments.required("columns", columns.first)
      return .table(try table.pivoted(rows: rows, columns: column, values: values, .first).view())
    },
    .method(
      of: "Table", "melt", "one row for each cell of some columns",
      [
        .columns("id_vars", "'user'", "columns to repeat", isOptional: true),
        .columns(
          "value_vars", "['a', 'b']", "columns whose cells become rows: all others",
          isOptional: true),
        Parameter(
          "var_name", .string, default: "'variable'", isOptionOnly: true,
          help: "what to call the column of their names"),
        Parameter(
          "value_name", .string, default: "'value'", isOptionOnly: true,
          help: "what to call the column of cells"),
      ],
      "ratings.melt(id_vars='user', value_vars=['movie', 'rating'])", result: "Table"
    ) { call in
      .table(
        TableView(
          try call.tableReceiver().melted(
            keeping: call.names("id_vars") ?? [], values: call.names("value_vars"),
            variable: call.arguments.string("var_name"),
            value: call.arguments.string("value_name"))))
    },
  ]

  // MARK: - Merges

  /// What merges take beside their tables.
  package static let mergeParameters: [Parameter] = [
    Parameter.columns(
      "on", "'movie'", "the shared columns; all of them if it is left out", isOptional: true,
      isOptionOnly: true),
    Parameter(
      "how",
      .choice([
        Choice("inner", "no row without a partner"), Choice("left", "all rows of the left table"),
        Choice("right", "all rows of the right table"), Choice("outer", "all rows of both"),
      ]), default: "inner", isOptionOnly: true, help: "which rows without a partner are kept"),
    .columns(
      "left_on", "'movie'", "the columns of the left table", isOptional: true, isOptionOnly: true),
    .columns(
      "right_on", "'id'", "the columns of the right table", isOptional: true, isOptionOnly: true),
    Parameter(
      "suffixes", .anyOf([.list(of: .string), .tuple(of: .string, count: 2)]), .optional,
      example: "('_a', '_b')", isOptionOnly: true,
      help: "what is put behind names that both have"),
    Parameter(
      "order", .rowOrder, default: "grouped", isOptionOnly: true,
      help: "how the rows of an inner merge are ordered"),
  ]

  private static let merges: [Builtin] = [
    .method(
      of: "Table", "merge", "each row with the rows of another table that share a value",
      [Parameter("other", .value("Table"), example: "movies", help: "the other table")]
        + mergeParameters,
      "ratings.select('user', 'movie', 'rating').merge(movies, how='left').head(3)",
      result: "Table"
    ) { call in
      .table(TableView(try call.merged(call.tableReceiver(), call.table("other"))))
    },
    .method(
      of: "Table", "join", "each row with the row of another table that has the same label",
      [
        Parameter("other", .value("Table"), example: "movies", help: "the other table or series"),
        Parameter.columns(
          "on", "'movie'", "the column with the labels of the other one", isOptional: true),
      ],
      "ratings.head(3).join(ratings.groupby('user').size().rename('n'), on='user')",
      result: "Table"
    ) { call in
      let view = try call.view()
      let other: TableView
      if case .table(let table) = call.value("other") {
        other = table
      } else if let series = call.value("other").series {
        other = TableView(try Table([series.values]), series.labels)
      } else {
        return try call.arguments.required("other", nil)
      }
      let keys = try call.names("on").map { try $0.map(view.table.column) }
      let wanted = keys.map { RowLabels($0) } ?? view.labels
      let rows = wanted.rows(in: other.labels)
      let added = try other.table.columns.map { try $0.rows(padding: rows) }
      return .table(view.with(try Table(view.table.columns + added)))
    },
  ]
}

extension Call {
  /// The pivot table that `values`, `index`, `columns`, `aggfunc` and `fill_value` ask for.
  func pivotTable(_ view: TableView) throws -> TableView {
    let rows = try arguments.required("index", names("index"))
    let aggregate = try aggregate("aggfunc")
    let filling = arguments.value("fill_value")?.cell
    let table = view.table
    guard let column = names("columns")?.first else {
      let groups = try table.grouped(by: rows)
      let values = try (names("values") ?? table.columnNames).map(table.column).filter {
        !rows.contains($0.name) && ($0.kind != .text || aggregate.takesTexts)
      }
      return TableView(
        try Table(
          values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { try $0.aggregated(aggregate, by: groups) }),
        RowLabels(groups.keys.columns))
    }
    let others = table.columns.filter {
      !rows.contains($0.name) && $0.name != column && ($0.kind != .text || aggregate.takesTexts)
    }
    guard let values = names("values")?.first ?? (others.count == 1 ? others[0].name : nil) else {
      return try arguments.required("values", nil)
    }
    return try table.pivoted(
      rows: rows, columns: column, values: values, aggregate, filling: filling
    ).view()
  }

  /// The merge that `on`, `how`, `left_on`, `right_on`, `suffixes` and `order` ask for.
  package func merged(_ left: Table, _ right: Table) throws -> Table {
    let kind = MergeKind(rawValue: arguments.optionalString("how") ?? "") ?? .inner
    let order: MergeOrder = try arguments.string("order") == "left" ? .left : .grouped
    let on = names("on")
    let leftKeys = names("left_on") ?? on ?? left.columnNames.filter(right.hasColumn)
    let rightKeys = names("right_on") ?? on ?? leftKeys
    guard !leftKeys.isEmpty else { return try left.merge(right) }
    guard leftKeys.count == rightKeys.count else {
      throw Problem.unequalLengths("left_on", leftKeys.count, "right_on", rightKeys.count)
    }
    let suffixes = arguments.value("suffixes")?.elements?.map { $0.isNone ? "" : $0.text }
    return try left.joined(
      right, MergeKeys(left: leftKeys, right: rightKeys), kind, order: order,
      suffixes: suffixes.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil } ?? ("_x", "_y"))
  }
}

extension TableView {
  /// The labels as columns in front of the others, and rows called by their numbers.
  func resettingLabels() throws -> TableView {
    let levels = labels.isNumbered ? [labels.column] : labels.levels
    let names = levels.enumerated().map { place, level in
      level.name.isEmpty ? (levels.count > 1 ? "level_\(place)" : "index") : level.name
    }
    return TableView(try Table(zip(levels, names).map { $0.renamed($1) } + table.columns))
  }
}

extension PivotedTable {
  /// The cells under the names of their columns, rows called by their keys.
  package func view(rowNames: [String]? = nil) throws -> TableView {
    let titles = (0..<names.count).map { names.cell(at: $0).cellText }
    let labels = RowLabels(rows.columns)
    return TableView(
      try Table(zip(cells, titles).map { $0.renamed($1) }), rowNames.map(labels.renamed) ?? labels)
  }
}
