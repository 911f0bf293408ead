package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

/// Functions that make tables and series, or put them together, under pandas' names.
enum TableFunctions {
  static let all = [concat, series, table, pivotTable, melt] + missing

  // MARK: - Beside and below each other

  private static let concat = Builtin.function(
    "concat", "tables or columns below or beside each other, or tensors one after the other",
    [
      Parameter(
        "parts", .value("List"), example: "[ratings, ratings]",
        help: "tables, columns or tensors in a list or tuple"),
      Parameter(
        "dim", aliases: ["axis"], .integer(), default: "0",
        help: "the dimension; of tables, 1 puts them beside each other"), .ignoreIndex,
      Parameter(
        "keys", .value("List"), .optional, example: "['a', 'b']", isOptionOnly: true,
        help: "a further label for the rows of each part, or names of columns beside each other"),
    ], "concat([ratings, ratings])", result: nil,
    details: """
      Columns of tables find each other by their names; where a table has no such column, its rows \
      have no value there. Tensors are joined as `cat` joins them.
      """
  ) { call in
    let pairs =
      if case .object = call.value("parts") { call.value("parts").pairs } else {
        [(key: Value, value: Value)]?.none
      }
    let parts =
      try pairs?.map(\.value)
      ?? call.blaming("parts") { try call.value("parts").members() }
    let keys = try call.arguments.value("keys")?.members() ?? pairs?.map(\.key)
    let dim = try call.arguments.int("dim")
    let isTables = parts.contains { $0.view != nil }
    guard isTables else {
      return .tensor(
        try Tensor.concatenated(
          parts.map { part in
            switch part {
            case .tensor(let tensor), .array(let tensor): tensor
            default:
              throw Problem.wrongKind("concat", expected: "tables or tensors", got: part.phrase)
            }
          }, along: dim))
    }
    let views = try TableView.keyed(parts, by: keys, isBeside: dim != 0)
    guard views.count == parts.count else {
      throw Problem.wrongKind("concat", expected: "tables only or tensors only", got: "both")
    }
    return try call.blaming("parts") {
      if dim == 1 || dim == -1 { return .table(try TableView.beside(views)) }
      let series = zip(parts, views).compactMap { part, view in
        part.series.map { Series(view.labels, $0.values) }
      }
      let isIgnored = try call.arguments.bool("ignore_index")
      guard series.count == parts.count else {
        let stacked = try TableView.stacked(views)
        return .table(isIgnored ? TableView(stacked.table) : stacked)
      }
      let names = Set(series.map(\.values.name))
      let stacked = try TableView.stacked(
        series.map { TableView(try Table([$0.values.renamed("values")]), $0.labels) })
      let values = stacked.table.columns[0].renamed(names.count == 1 ? names.first ?? "" : "")
      return isIgnored ? .column(values) : Series(stacked.labels, values).value
    }
  }

  // MARK: - Making

  private static let name = Parameter(
    "name", .string, .optional, example: "'stars'", isOptionOnly: true,
    help: "what it is called")
  private static let index = Parameter(
    "index", .value("List"), .optional, example: "['a', 'b']", help: "labels of the rows")

  private static let series = Builtin.function(
    "Series", "values with labels, as a column",
    [
      Parameter(
        "data", .value("List"), .optional, example: "[4, 5]", help: "the values, or a dict"),
      index, name,
      Parameter(
        "dtype", .value("Name"), .optional, example: "float", isOptionOnly: true,
        help: "int, float, bool or str"),
    ], "Series([4, 5], index=['a', 'b'])", result: "Series"
  ) { call in
    let made = try series(of: call)
    guard call.arguments.isGiven("dtype"), let column = made.series else { return made }
    return try call.blaming("dtype") {
      column.with(try column.values.converted(to: call.value("dtype"))).value
    }
  }

  private static func series(of call: Call) throws -> Value {
    let data = call.value("data")
    let name = call.arguments.optionalString("name") ?? data.series?.values.name ?? ""
    let labels = try call.labels()
    if let pairs = data.pairs, case .object = data {
      let values = try call.blaming("data") { try Column(name, cells: pairs.map(\.value)) }
      let series = Series(try Column("", cells: pairs.map(\.key)), values)
      return try labels.map { Series($0, try series.reordered(as: $0)).value } ?? series.value
    }
    if let series = data.series {
      return try labels.map { Series($0, try series.reordered(as: $0).renamed(name)).value }
        ?? series.with(series.values.renamed(name)).value
    }
    if let cells = data.elements, cells.contains(where: \.isCollection) {
      let rows = labels ?? RowLabels(numbered: cells.count)
      guard rows.count == cells.count else {
        throw Problem.unequalLengths("data", cells.count, "index", rows.count)
      }
      return .object(ListColumn(rows, name, cells))
    }
    let isSingle = data.cell != nil && !data.isNone
    let values = try call.blaming("data") {
      isSingle
        ? try Column(name, repeating: data, count: labels?.count ?? 1)
        : try data.isNone ? Column(name, cells: []) : Column(name, membersOf: data)
    }
    guard let labels else { return .column(values) }
    guard labels.count == values.count else {
      throw Problem.unequalLengths("data", values.count, "index", labels.count)
    }
    return Series(labels, values).value
  }

  private static let table = Builtin.function(
    "DataFrame", "a table of columns or rows",
    [
      Parameter(
        "data", .value(), .optional, example: "{'user': [1, 2], 'rating': [4, 5]}",
        help: "a dict of columns, a list of rows or of dicts, or an array"),
      .columns("columns", "['user', 'rating']", "the names of the columns", isOptional: true),
      index,
    ], "DataFrame({'user': [1, 2], 'rating': [4, 5]})", result: "Table"
  ) { call in
    let names = call.names("columns")
    let view = try call.blaming("data") { try TableView(of: call.value("data"), named: names) }
    guard let labels = try call.labels() else { return .table(view) }
    guard labels.count == view.rowCount else {
      throw Problem.unequalLengths("data", view.rowCount, "index", labels.count)
    }
    return .table(TableView(view.table, labels))
  }

  /// A method of tables as a function of one.
  private static func function(_ name: String, _ summary: String, _ example: String) -> Builtin {
    let method = TableShapes.all.first { $0.spec.name == name }
    return .function(
      name, summary,
      [Parameter("table", .value("Table"), example: "ratings", help: "a table")]
        + (method?.spec.parameters ?? []), example, result: "Table"
    ) { call in
      guard case .table = call.value("table"), let method else {
        return try call.arguments.required("table", nil)
      }
      return try method.run(
        Call(scope: call.scope, arguments: call.arguments, receiver: call.value("table")))
    }
  }

  private static let pivotTable = function(
    "pivot_table", "a row and a column for each of the values of two columns",
    "pivot_table(ratings.head(9), values='rating', index='user', columns='rating', fill_value=0)")
  private static let melt = function(
    "melt", "one row for each cell of some columns",
    "melt(ratings, id_vars='user', value_vars=['movie', 'rating'])")

  // MARK: - Missing values

  private static let missing: [Builtin] = [("isna", "isnull", true), ("notna", "notnull", false)]
    .map { name, alias, isMissing in
      .function(
        name, aliases: [alias], "whether a value is \(isMissing ? "missing" : "there")",
        [Parameter("x", .value(), example: "ratings.rating", help: "a value, column or table")],
        "\(name)(ratings.rating).sum()", result: nil
      ) { call in
        let value = call.value("x")
        if let method = value.method(name, of: call.scope.library) {
          return try method.run(
            Call(scope: call.scope, arguments: call.arguments, receiver: value))
        }
        if value.elements != nil {
          return .array(
            try Tensor(Column("", membersOf: value).isMissing().map { $0 == isMissing }))
        }
        return .bool((value.isNone || value.number?.isNaN ?? false) == isMissing)
      }
    }
}

extension Call {
  /// The labels that `index` gives; nil if it is left out.
  fileprivate func labels() throws -> RowLabels? {
    switch arguments.value("index") {
    case nil, Value.none?: nil
    case .object(let index as Index)?: index.labels
    case let value?: RowLabels(try blaming("index") { try Column("", membersOf: value) })
    }
  }
}

extension Value {
  /// A table, or a column or series as one.
  fileprivate var view: TableView? {
    if case .table(let view) = self { return view }
    guard let series else { return nil }
    let name = series.values.name.isEmpty ? "0" : series.values.name
    return TableView(Table(single: series.values.renamed(name)), series.labels)
  }
}

extension Column {
  /// Columns below each other, under the name of the first.
  package static func stacked(_ columns: [Column]) throws -> Column {
    let tables = columns.map { Table(single: $0.renamed("values")) }
    let name = columns.first?.name ?? ""
    return try Table.concatenated(tables).columns.first?.renamed(name)
      ?? Column(name, integers: [])
  }
}

extension TableView {
  /// Parts as tables; keys name single columns beside each other, or stand before labels.
  fileprivate static func keyed(
    _ parts: [Value], by keys: [Value]?, isBeside: Bool
  ) throws -> [TableView] {
    let views = parts.compactMap(\.view)
    guard let keys, views.count == parts.count else { return views }
    guard keys.count == views.count else {
      throw Problem.unequalLengths("keys", keys.count, "parts", views.count)
    }
    return try zip(views, keys).map { view, key in
      if isBeside {
        guard view.table.columns.count == 1 else {
          throw Problem.wrongKind(
            "`keys`", expected: "single columns beside each other, as columns have one name",
            got: "a table of \(view.table.columns.count)")
        }
        return view.with(try Table([view.table.columns[0].renamed(key.text)]))
      }
      let own = view.labels.isNumbered ? [view.labels.column] : view.labels.levels
      let level = try Column("", repeating: key, count: view.rowCount)
      return TableView(view.table, RowLabels([level] + own))
    }
  }

  /// Tables below each other, with their labels.
  package static func stacked(_ views: [TableView]) throws -> TableView {
    let table = try Table.concatenated(views.map(\.table))
    guard let first = views.first else { return TableView(table) }
    let levelCount = max(first.labels.levels.count, 1)
    let all = views.map { $0.labels.isNumbered ? [$0.labels.column] : $0.labels.levels }
    guard all.allSatisfy({ $0.count == levelCount }),
      let levels = try? (0..<levelCount).map({ level in try Column.stacked(all.map { $0[level] }) })
    else { return TableView(table) }
    return TableView(table, RowLabels(levels))
  }

  /// Tables beside each other, rows by their labels.
  fileprivate static func beside(_ views: [TableView]) throws -> TableView {
    guard let first = views.first else { return TableView(try Table([])) }
    let labels = try views.dropFirst().reduce(first.labels) { labels, view in
      labels.isSame(as: view.labels) ? labels : try labels.union(view.labels)
    }
    var columns: [Column] = []
    for view in views {
      for column in view.table.columns {
        columns.append(try column.rows(padding: labels.rows(in: view.labels)))
      }
    }
    return TableView(try Table(columns), labels)
  }

  /// A table of a dict of columns, of rows, or of an array.
  fileprivate init(of data: Value, named names: [String]?) throws {
    if case .table(let view) = data {
      self = try names.map { view.with(try view.table.select($0)) } ?? view
      return
    }
    if case .object = data, let pairs = data.pairs {
      var view = TableView(try Table([]))
      let longest =
        try pairs.first { $0.value.isSeveral || $0.value.elements != nil }
        .map { try Column("", membersOf: $0.value).count } ?? 1
      for (key, value) in pairs {
        if let series = value.series, !view.table.columns.isEmpty || !series.labels.isNumbered {
          view = TableView(
            try view.table.adding(
              view.table.columns.isEmpty
                ? series.values.renamed(key.text)
                : series.reordered(as: view.labels).renamed(key.text)),
            view.table.columns.isEmpty ? series.labels : view.labels)
          continue
        }
        let isSingle = !value.isSeveral && value.elements == nil
        let column =
          try isSingle
          ? Column(key.text, repeating: value, count: longest)
          : Column(key.text, membersOf: value)
        view = TableView(try view.table.adding(column))
      }
      self = try names.map { view.with(try view.table.select($0)) } ?? view
      return
    }
    if let series = data.series {
      let name = names?.first ?? (series.values.name.isEmpty ? "0" : series.values.name)
      self = TableView(try Table([series.values.renamed(name)]), series.labels)
      return
    }
    let rows = data.isNone ? [] : try data.members()
    if rows.contains(where: { $0.pairs != nil && $0.elements == nil }) {
      var keys: [String] = []
      let dicts = rows.map { Dictionary(($0.pairs ?? []).map { ($0.key.text, $0.value) }) { $1 } }
      for row in rows {
        for pair in row.pairs ?? [] where !keys.contains(pair.key.text) {
          keys.append(pair.key.text)
        }
      }
      self = TableView(
        try Table(
          (names ?? keys).map { key in
            try Column(key, cells: dicts.map { $0[key] ?? .double(.nan) })
          }))
      return
    }
    let cells = try rows.map { row in
      row.elements != nil || row.dtype != nil || row.series != nil ? try row.members() : [row]
    }
    let width = cells.map(\.count).max() ?? names?.count ?? 0
    let titles = names ?? (0..<width).map { "\($0)" }
    guard titles.count == width || cells.isEmpty else {
      throw Problem.unequalLengths("columns", titles.count, "a row", width)
    }
    self = TableView(
      try Table(
        titles.indices.map { place in
          try Column(
            titles[place],
            cells: cells.map { place < $0.count ? $0[place].asPlain : .double(.nan) })
        }))
  }
}
