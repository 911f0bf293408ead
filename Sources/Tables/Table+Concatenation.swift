// MARK: - Putting tables below each other
extension Table {
  /// Tables below each other, columns by their names.
  ///
  ///     try Table.concatenated([base, test])
  ///
  /// The columns are those of the first table, then those that others add. Where a table has none of
  /// a name, its rows have no value there: whole numbers become decimal ones, which can be missing.
  ///
  /// - Throws: `TableError.unlikeColumns` for text below numbers, `.wouldRound` for whole numbers that
  ///   no decimal number is equal to.
  public static func concatenated(_ tables: [Table]) throws(TableError) -> Table {
    var names: [String] = []
    var isKnown: Set<String> = []
    for table in tables {
      for name in table.columnNames where isKnown.insert(name).inserted { names.append(name) }
    }
    var columns: [Column] = []
    for name in names {
      columns.append(
        try Column.concatenated(
          tables.map { table in
            let column = table.columns.first { $0.name == name }
            return column ?? Column(name, doubles: [Double](repeating: .nan, count: table.rowCount))
          }))
    }
    return Table(checked: columns)
  }

  /// This table with the rows of another one below; both have the same columns.
  ///
  /// - Throws: `TableError.noColumn`, and what `concatenated(_:)` throws.
  public func appending(_ other: Table) throws(TableError) -> Table {
    try Table.concatenated([self, other.select(columnNames)])
  }
}

extension Column {
  /// This column with the values of another one below; whole and decimal numbers mix.
  ///
  /// - Throws: `TableError.unlikeColumns` and `.wouldRound`.
  /// - Complexity: O(`count` of both).
  public func appending(_ other: Column) throws(TableError) -> Column {
    try Column.concatenated([self, other])
  }

  /// Columns below each other, under the name of the first.
  static func concatenated(_ columns: [Column]) throws(TableError) -> Column {
    let name = columns.first?.name ?? ""
    let all = columns
    let columns = columns.filter { $0.count > 0 }
    guard !columns.isEmpty else { return all.first ?? Column(name, integers: []) }
    // A column without any value goes with text as well as with numbers.
    let telling = columns.filter { $0.kind != .doubles || $0.missingRows.count < $0.count }
    if let text = telling.first(where: { $0.kind == .text }) {
      if let number = telling.first(where: { $0.kind != .text }) {
        throw .unlikeColumns(name, one: text.kind, other: number.kind)
      }
      var texts: [String?] = []
      for column in columns {
        texts +=
          column.kind == .text
          ? try column.texts() : [String?](repeating: nil, count: column.count)
      }
      return Column(name, texts: texts)
    }
    guard columns.contains(where: { $0.kind == .doubles }) else {
      let truths = columns.compactMap(\.truths)
      if truths.count == columns.count { return Column(name, truths: truths.flatMap(\.self)) }
      var numbers: [Int] = []
      for column in columns { numbers += try column.integers() }
      return Column(name, integers: numbers)
    }
    var numbers: [Double] = []
    for column in columns {
      if case .int64(let wide) = column.storage,
        wide.contains(where: { Int64(exactly: Double($0)) != $0 })
      {
        throw .wouldRound(column: name)
      }
      numbers += try column.doubles()
    }
    return Column(name, doubles: numbers)
  }
}
