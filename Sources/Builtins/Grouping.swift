package import CollabInterpreter
import CollabText
package import CollabTables
import CollabTensors

/// A table cut into groups of rows with the same values in some columns.
package final class Grouping: SessionObject {
  /// The columns that are told of.
  private enum Selection {
    case all
    case one(String)
    case several([String])
  }

  package let view: TableView
  package let keys: [String]
  package let groups: RowGrouping
  private let selection: Selection
  /// Whether the keys are labels of the result; else they are columns.
  private let keysAreLabels: Bool

  /// Groups of the rows that have the same keys.
  ///
  /// - Parameters:
  ///   - view: the table.
  ///   - keys: the keys, one for each row.
  ///   - isSorted: whether groups come in the order of their keys, and else in that of their rows.
  ///   - keysAreLabels: whether the keys are labels of the result.
  /// - Throws: `TableError.duplicateColumn`.
  package init(
    _ view: TableView, by keys: [Column], isSorted: Bool = true, keysAreLabels: Bool = true
  ) throws {
    self.view = view
    self.keys = keys.map(\.name)
    let groups = try Table(keys).grouped(by: self.keys)
    let firsts = (0..<groups.count).map { groups.rows(of: $0).first ?? 0 }
    self.groups =
      isSorted ? groups : groups.ordered(firsts.indices.sorted { firsts[$0] < firsts[$1] })
    (selection, self.keysAreLabels) = (.all, keysAreLabels)
  }

  private init(_ other: Grouping, _ selection: Selection) {
    (view, keys, groups) = (other.view, other.keys, other.groups)
    (self.selection, keysAreLabels) = (selection, other.keysAreLabels)
  }

  package var typeName: String { "GroupBy" }
  package var display: String {
    "\(grouped(view.rowCount)) rows grouped by \(keys.joined(separator: ", "))"
  }
  package var memberNames: [String] { view.table.columnNames + ["groups", "indices", "ngroups"] }
  package var length: Int? { groups.count }

  package func member(_ name: String) throws -> Value? {
    if view.table.hasColumn(name) { return .object(Grouping(self, .one(name))) }
    switch name {
    case "ngroups": return .int(groups.count)
    case "indices":
      return .object(
        try Mapping(
          (0..<groups.count).map { group in
            let rows = groups.rows(of: group).map { Int64($0) }
            return (key: label(of: group), value: .array(try Tensor(rows)))
          }))
    case "groups":
      return .object(
        try Mapping(
          (0..<groups.count).map { group in
            let labels = view.labels.rows(at: Array(groups.rows(of: group)))
            let column = labels.isNumbered ? RowLabels(labels.column) : labels
            return (key: label(of: group), value: .object(Index(column)))
          }))
    default: return nil
    }
  }

  package func element(_ index: Value) throws -> Value {
    if case .string(let name) = index {
      _ = try view.table.column(name)
      return .object(Grouping(self, .one(name)))
    }
    guard index.isSeveral || index.elements != nil else {
      throw Problem.wrongKind("groupby(…)[…]", expected: "the name of a column", got: index.phrase)
    }
    let names = try index.members().map(\.text)
    for name in names { _ = try view.table.column(name) }
    return .object(Grouping(self, .several(names)))
  }

  /// Tuples of a group's keys and its rows.
  package func members() throws -> [Value]? {
    try (0..<groups.count).map { .tuple([label(of: $0), try part($0)]) }
  }
}

// MARK: - Groups

extension Grouping {
  /// The keys of the groups.
  private var labels: RowLabels { RowLabels(groups.keys.columns) }

  /// The keys of a group.
  package func label(of group: Int) -> Value { labels.label(at: group) }

  /// The group with some keys.
  package func group(of label: Value) -> Int? { labels.rows(of: label).first }

  /// The only column that is told of, if there is one.
  package var column: Series? {
    if case .one(let name) = selection { try? view.column(name) } else { nil }
  }

  /// The columns that are told of.
  package var columns: [Column] {
    switch selection {
    case .one(let name): view.table.columns.filter { $0.name == name }
    case .several(let names): names.compactMap { try? view.table.column($0) }
    case .all: view.table.columns.filter { !keys.contains($0.name) }
    }
  }

  /// The rows of a group: of one column a series.
  package func part(_ group: Int) throws -> Value {
    let rows = Array(groups.rows(of: group))
    if let column { return column.rows(at: rows).value }
    if case .several(let names) = selection {
      return .table(view.with(try view.table.select(names)).rows(at: rows))
    }
    return .table(view.rows(at: rows))
  }

  /// One value for each group.
  package func result(_ values: Column) throws -> Value {
    if keysAreLabels { return Series(labels, values).value }
    let named = values.renamed(values.name.isEmpty ? "size" : values.name)
    return .table(TableView(try Table(groups.keys.columns + [named])))
  }

  /// One value for each group, which may be a list.
  package func result(_ name: String, _ cells: [Value]) throws -> Value {
    guard keysAreLabels, cells.contains(where: \.isCollection) else {
      return try result(Column(name, cells: cells))
    }
    return .object(ListColumn(labels, name, cells))
  }

  /// Several values for each group.
  package func result(_ columns: [Column]) throws -> Value {
    if keysAreLabels { return .table(TableView(try Table(columns), labels)) }
    return .table(TableView(try Table(groups.keys.columns + columns)))
  }
}

// MARK: - What is made of them

extension Grouping {
  /// One value a group of a column, or of each of several.
  package func aggregated(_ aggregate: Aggregate) throws -> Value {
    if aggregate == .size {
      return try result(groups.keys.columns[0].sizes(in: groups).renamed(""))
    }
    if let column { return try result(column.values.aggregated(aggregate, by: groups)) }
    let isAll = if case .all = selection { true } else { false }
    let told = columns.filter { !isAll || $0.kind != .text || aggregate.takesTexts }
    return try result(told.map { try $0.aggregated(aggregate, by: groups) })
  }

  /// What is made of each column by a function for each, or by several.
  ///
  /// - Parameters:
  ///   - functions: the name of an aggregate, several in a list, a dict of columns, or a function.
  ///   - call: what calls a function with a part.
  /// - Returns: a series or a table.
  /// - Throws: what is wrong with the functions.
  package func aggregated(
    by functions: Value, _ call: (Value, Value) throws -> Value
  ) throws -> Value {
    if let pairs = functions.pairs {
      var made: [Column] = []
      for (name, functions) in pairs {
        let column = try view.table.column(name.text)
        guard functions.isSeveral else {
          made.append(try values(of: column, functions, call))
          continue
        }
        for function in try functions.members() {
          let values = try values(of: column, function, call)
          made.append(values.renamed("\(column.name)_\(functionName(function))"))
        }
      }
      return try result(made)
    }
    if functions.isSeveral {
      let functions = try functions.members()
      let isOne = column != nil
      return try result(
        columns.filter { isOne || $0.kind != .text }.flatMap { column in
          try functions.map { function in
            let name = functionName(function)
            return try values(of: column, function, call)
              .renamed(isOne ? name : "\(column.name)_\(name)")
          }
        })
    }
    if let column {
      guard functions.isCallable, (try? Aggregate(named: functions)) == nil else {
        return try result(values(of: column.values, functions, call))
      }
      return try result(
        column.values.name,
        (0..<groups.count).map { try call(functions, part($0)).asPlain })
    }
    let takesTexts = (try? Aggregate(named: functions))?.takesTexts ?? false
    return try result(
      columns.filter { takesTexts || $0.kind != .text }.map { try values(of: $0, functions, call) })
  }

  /// What is made of the rows of each group of a column.
  package func values(
    of column: Column, _ function: Value, _ call: (Value, Value) throws -> Value
  ) throws -> Column {
    if let aggregate = try? Aggregate(named: function) {
      return aggregate == .size
        ? column.sizes(in: groups) : try column.aggregated(aggregate, by: groups)
    }
    guard function.isCallable else {
      return try column.aggregated(Aggregate(named: function), by: groups)
    }
    let series = Series(view.labels, column)
    let values = try (0..<groups.count).map { group in
      try call(function, series.rows(at: Array(groups.rows(of: group))).value).asPlain
    }
    return try Column(column.name, cells: values)
  }

  private func functionName(_ function: Value) -> String {
    if case .callable(let callable) = function { return callable.name }
    return function.text
  }

  /// Each row's place among the rows of its group, as rows of the table.
  package func spread(_ make: (_ rows: [Int]) throws -> Column) throws -> Column {
    var (rows, made) = ([Int](), [Column]())
    for group in 0..<groups.count {
      let own = Array(groups.rows(of: group))
      made.append(try make(own))
      rows += own
    }
    guard let first = made.first else { return Column("", integers: []) }
    let joined = try Column.stacked(made).renamed(first.name)
    var places = [Int](repeating: -1, count: view.rowCount)
    for (place, row) in rows.enumerated() { places[row] = place }
    return try joined.rows(padding: places)
  }
}

extension Column {
  /// How many rows each group has.
  fileprivate func sizes(in groups: RowGrouping) -> Column {
    Column(name, integers: (0..<groups.count).map { groups.rows(of: $0).count })
  }
}
