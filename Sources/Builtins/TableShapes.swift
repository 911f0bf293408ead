package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

/// Methods that give a table another shape: labels, from long to wide and back, merges.
package enum TableShapes {
  static let all = labels + wide + merges

  private static let fillValue = Parameter(
    "fill_value", .anyOf([.number(), .string]), .optional, example: "0", isOptionOnly: true,
    help: "what stands in cells without a value")
  private static let aggregate = Parameter(
    "aggfunc", .anyOf([.string, .value("Name")]), default: "'mean'", isOptionOnly: true,
    help: "what is made of several values: mean, sum, count, min, max, …, or several of them")

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
        try Column(view.labels.names.first ?? "", membersOf: call.value("labels")))
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
        aggregate, fillValue, .flag("margins", false, "whether what is made of all stands beside"),
        Parameter(
          "margins_name", .string, default: "'All'", isOptionOnly: true, help: "what that is called"
        ),
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
      of: "Table", "stack", "a row for each cell, with the name of its column as a further label",
      [
        Parameter(
          "future_stack", .boolean, default: "false", isOptionOnly: true,
          help: "whether cells without a value have rows, too")
      ],
      "ratings.head(2)[['user', 'rating']].stack()", result: "Series"
    ) { call in
      let view = try call.view()
      let keepsMissing = try call.arguments.bool("future_stack")
      try MemoryBudget.require(view.rowCount, of: 64 * view.table.columns.count)
      let own = view.labels.isNumbered ? [view.labels.column] : view.labels.levels
      var (rows, names, cells): ([Int], [String], [Value]) = ([], [], [])
      let flags = view.table.columns.map { $0.isMissing() }
      for row in 0..<view.rowCount {
        for (place, column) in view.table.columns.enumerated()
        where keepsMissing || !flags[place][row] {
          rows.append(row)
          names.append(column.name)
          cells.append(column.cell(at: row))
        }
      }
      let labels = RowLabels(own.map { $0.rows(at: rows) } + [Column("", texts: names)])
      guard let values = try? Column("", cells: cells) else {
        return .object(ListColumn(labels, "", cells))
      }
      return Series(labels, values).value
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
        Choice("cross", "each row with every row of the other table"),
      ]), default: "inner", isOptionOnly: true, help: "which rows without a partner are kept"),
    .columns(
      "left_on", "'movie'", "the columns of the left table", isOptional: true, isOptionOnly: true),
    .columns(
      "right_on", "'id'", "the columns of the right table", isOptional: true, isOptionOnly: true),
    Parameter(
      "suffixes", .anyOf([.list(of: .string), .tuple(of: .string, count: 2)]), .optional,
      example: "('_a', '_b')", isOptionOnly: true,
      help: "what is put behind names that both have"),
    .flag("left_index", false, "whether the labels of the left table are its key"),
    .flag("right_index", false, "whether the labels of the right table are its key"),
    .flag("indicator", false, "whether a column `_merge` says which tables a row is from"),
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
      .table(try call.merged(call.view(), call.viewArgument("other")))
    },
    .method(
      of: "Table", "join", "each row with the row of another table that has the same label",
      [
        Parameter("other", .value("Table"), example: "movies", help: "the other table or series"),
        Parameter.columns(
          "on", "'movie'", "the column with the labels of the other one", isOptional: true),
        Parameter(
          "how", .choice([Choice("left"), Choice("inner")]), default: "left", isOptionOnly: true,
          help: "whether rows without a partner are kept"),
        Parameter(
          "lsuffix", .string, default: "''", isOptionOnly: true,
          help: "what is put behind names that both have, in this table"),
        Parameter(
          "rsuffix", .string, default: "''", isOptionOnly: true, help: "the same in the other one"),
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
      let (left, right) = (
        try call.arguments.string("lsuffix"), try call.arguments.string("rsuffix")
      )
      let own = view.table.columns.map {
        other.table.hasColumn($0.name) ? $0.renamed($0.name + left) : $0
      }
      let added = try other.table.columns.map { column in
        let name = view.table.hasColumn(column.name) ? column.name + right : column.name
        return try column.rows(padding: rows).renamed(name)
      }
      let joined = view.with(try Table(own + added))
      guard try call.arguments.string("how") == "inner" else { return .table(joined) }
      return .table(joined.rows(at: rows.indices.filter { rows[$0] >= 0 }))
    },
  ]
}

extension Call {
  /// The pivot table that `values`, `index`, `columns`, `aggfunc` and `fill_value` ask for.
  func pivotTable(_ view: TableView) throws -> TableView {
    let rows = try arguments.required("index", names("index"))
    if value("aggfunc").isSeveral, names("columns") == nil {
      return try severalPivots(view, rows)
    }
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
    let wide = try table.pivoted(
      rows: rows, columns: column, values: values, aggregate, filling: filling
    ).view()
    guard try arguments.bool("margins") else { return wide }
    let known = try table.rows(at: table.column(values).presentRows)
    return try wide.adding(
      margins: arguments.string("margins_name"),
      right: known.column(values).aggregated(aggregate, by: known.grouped(by: rows)),
      below: known.column(values).aggregated(aggregate, by: known.grouped(by: [column])),
      corner: known.column(values).value(of: aggregate))
  }

  /// A column for each column of values and each aggregate.
  private func severalPivots(_ view: TableView, _ rows: [String]) throws -> TableView {
    let groups = try view.table.grouped(by: rows)
    let aggregates = try blaming("aggfunc") {
      try value("aggfunc").members().map { try Aggregate(named: $0) }
    }
    let columns = try (names("values") ?? view.table.columnNames).map(view.table.column)
      .filter { !rows.contains($0.name) }
    return TableView(
      try Table(
        columns.flatMap { column in
          try aggregates.filter { column.kind != .text || $0.takesTexts }.map {
            try column.aggregated($0, by: groups).renamed("\(column.name)_\($0.rawValue)")
          }
        }), RowLabels(groups.keys.columns))
  }

  /// A table argument with its labels.
  package func viewArgument(_ name: String) throws -> TableView {
    if case .table(let view)? = arguments.value(name) { return view }
    if case .object(let series as Series)? = arguments.value(name) {
      return TableView(try Table([series.values]), series.labels)
    }
    return TableView(try table(name))
  }

  /// The merge that the arguments ask for, of tables whose labels may be keys.
  package func merged(_ left: TableView, _ right: TableView) throws -> TableView {
    let suffixes = mergeSuffixes
    if arguments.optionalString("how") == "cross" {
      return TableView(try left.table.crossed(right.table, suffixes))
    }
    let (isOfLeft, isOfRight) = (
      try arguments.bool("left_index"), try arguments.bool("right_index")
    )
    let saysOrigin = try arguments.bool("indicator")
    guard isOfLeft || isOfRight || saysOrigin else {
      return TableView(try merged(left.table, right.table))
    }
    // Names that no table has: its labels, and its rows.
    let (key, leftRow, rightRow) = ("\0key", "\0left", "\0right")
    func marked(_ view: TableView, _ row: String, _ hasKey: Bool) throws -> Table {
      let table = try view.table.adding(Column(row, integers: Array(0..<view.rowCount)))
      return hasKey ? try table.adding(view.labels.column.renamed(key)) : table
    }
    let on = names("on") ?? left.table.columnNames.filter(right.table.hasColumn)
    let leftKeys = isOfLeft ? [key] : names("left_on") ?? on
    let rightKeys = isOfRight ? [key] : names("right_on") ?? on
    guard leftKeys.count == rightKeys.count, !leftKeys.isEmpty else {
      throw Problem.unequalLengths("left_on", leftKeys.count, "right_on", rightKeys.count)
    }
    let kind = MergeKind(rawValue: arguments.optionalString("how") ?? "") ?? .inner
    let isGrouped = try arguments.string("order") != "left" && !isOfLeft && !isOfRight
    var table = try marked(left, leftRow, isOfLeft).joined(
      marked(right, rightRow, isOfRight), MergeKeys(left: leftKeys, right: rightKeys), kind,
      order: isGrouped ? .grouped : .left, suffixes: suffixes)
    let origins = try [leftRow, rightRow].map { try table.column($0).doubles() }
    var labels = RowLabels(numbered: table.rowCount)
    if isOfLeft && isOfRight {
      labels = RowLabels(try table.column(key).renamed(left.labels.names.first ?? ""))
    } else if isOfLeft || isOfRight {
      // Rows keep the labels that are no key.
      let rows = origins[isOfRight ? 0 : 1].map { Int(exactly: $0) ?? -1 }
      guard !rows.contains(-1) else {
        throw Problem.wrongKind(
          "`how`", expected: "inner or \(isOfRight ? "left" : "right") beside labels of one side",
          got: kind.rawValue)
      }
      labels = (isOfRight ? left : right).labels.rows(at: rows)
    }
    for name in [key, leftRow, rightRow] where table.hasColumn(name) {
      table = table.dropping(name)
    }
    if saysOrigin {
      table = try table.adding(
        Column(
          "_merge",
          texts: zip(origins[0], origins[1]).map {
            $0.isNaN ? "right_only" : $1.isNaN ? "left_only" : "both"
          }))
    }
    return TableView(table, labels)
  }

  private var mergeSuffixes: (String, String) {
    let given = arguments.value("suffixes")?.elements?.map { $0.isNone ? "" : $0.text }
    return given.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil } ?? ("_x", "_y")
  }

  /// The merge that `on`, `how`, `left_on`, `right_on`, `suffixes` and `order` ask for.
  private func merged(_ left: Table, _ right: Table) throws -> Table {
    let kind = MergeKind(rawValue: arguments.optionalString("how") ?? "") ?? .inner
    let order: MergeOrder = try arguments.string("order") == "left" ? .left : .grouped
    let on = names("on")
    let leftKeys = names("left_on") ?? on ?? left.columnNames.filter(right.hasColumn)
    let rightKeys = names("right_on") ?? on ?? leftKeys
    guard !leftKeys.isEmpty else { return try left.merge(right) }
    guard leftKeys.count == rightKeys.count else {
      throw Problem.unequalLengths("left_on", leftKeys.count, "right_on", rightKeys.count)
    }
    return try left.joined(
      right, MergeKeys(left: leftKeys, right: rightKeys), kind, order: order,
      suffixes: mergeSuffixes)
  }
}

extension Table {
  /// Each row with every row of another table.
  fileprivate func crossed(_ other: Table, _ suffixes: (String, String)) throws -> Table {
    let (count, isTooMany) = rowCount.multipliedReportingOverflow(by: other.rowCount)
    guard !isTooMany else { throw Problem.tooLarge("the merged table") }
    try MemoryBudget.require(count, of: 8 * (columns.count + other.columns.count))
    let lefts = (0..<rowCount).flatMap { [Int](repeating: $0, count: other.rowCount) }
    let rights = (0..<rowCount).flatMap { _ in Array(0..<other.rowCount) }
    return try Table(
      columns.map {
        $0.rows(at: lefts).renamed(other.hasColumn($0.name) ? $0.name + suffixes.0 : $0.name)
      }
        + other.columns.map {
          $0.rows(at: rights).renamed(hasColumn($0.name) ? $0.name + suffixes.1 : $0.name)
        })
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

extension Column {
  /// The rows that have a value.
  fileprivate var presentRows: [Int] {
    let isMissing = isMissing()
    return isMissing.indices.filter { !isMissing[$0] }
  }
}

extension TableView {
  /// The cells of a pivot with what is made of whole rows and columns beside and below them.
  fileprivate func adding(
    margins name: String, right: Column, below: Column, corner: Value
  ) throws -> TableView {
    guard labels.levels.count == 1, right.count == rowCount, below.count == table.columns.count
    else {
      throw Problem.wrongKind(
        "`margins`", expected: "one column as index and values in each row and column",
        got: "others")
    }
    let columns = try table.columns.enumerated().map { place, column in
      try Column(column.name, cells: (0..<rowCount).map(column.cell) + [below.cell(at: place)])
    }
    let last = try Column(name, cells: (0..<rowCount).map(right.cell) + [corner])
    let texts = labels.labels.map(\.cellText) + [name]
    return TableView(
      try Table(columns + [last]), RowLabels(Column(labels.names.first ?? "", texts: texts)))
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
