/// Which of several rows with the same key stays.
public enum DuplicateRow: Sendable {
  /// The first one.
  case first
  /// The last one.
  case last
  /// None of them.
  case none
}

// MARK: - Repeated rows
extension Table {
  /// For each row, whether it repeats another one that stays.
  ///
  /// - Parameters:
  ///   - keys: The columns that must be equal; nil takes all. Missing values are equal to each other.
  ///   - kept: The row of several equal ones that is not marked.
  /// - Returns: a truth value for each row.
  /// - Throws: `TableError.noColumn` and `.duplicateColumn`.
  public func duplicated(
    by keys: [String]? = nil, keeping kept: DuplicateRow = .first
  ) throws(TableError) -> [Bool] {
    let groups = try rowsAlike(by: keys)
    var isRepeated = [Bool](repeating: false, count: rowCount)
    for group in 0..<groups.count {
      let rows = groups.rows(of: group)
      switch kept {
      case .first: for row in rows.dropFirst() { isRepeated[row] = true }
      case .last: for row in rows.dropLast() { isRepeated[row] = true }
      case .none where rows.count > 1: for row in rows { isRepeated[row] = true }
      case .none: break
      }
    }
    return isRepeated
  }

  /// The rows without those that repeat another one, in their order.
  ///
  ///     try ratings.droppingDuplicates(by: ["user", "movie"], keeping: .last)
  ///
  /// - Throws: `TableError.noColumn` and `.duplicateColumn`.
  public func droppingDuplicates(
    by keys: [String]? = nil, keeping kept: DuplicateRow = .first
  ) throws(TableError) -> Table {
    let isRepeated = try duplicated(by: keys, keeping: kept)
    return rows(at: isRepeated.indices.filter { !isRepeated[$0] })
  }

  /// One row for those with the same key, with the means of their other numbers.
  ///
  /// Rows come in the order of the first of their key. Texts are those of that row; numbers that are
  /// no keys become decimal ones.
  ///
  /// - Throws: `TableError.noColumn` and `.duplicateColumn`.
  public func averagingDuplicates(by keys: [String]) throws(TableError) -> Table {
    let groups = try rowsAlike(by: keys)
    let firstRows = (0..<groups.count).compactMap { groups.rows(of: $0).first }
    let order = firstRows.indices.sorted { firstRows[$0] < firstRows[$1] }
    let kept = order.map { firstRows[$0] }
    var columns: [Column] = []
    for column in self.columns {
      let isKept = keys.contains(column.name) || column.kind == .text
      columns.append(
        isKept
          ? column.rows(at: kept) : try column.aggregated(.mean, in: groups).rows(at: order))
    }
    return Table(checked: columns)
  }

  private func rowsAlike(by keys: [String]?) throws(TableError) -> RowGroups {
    let table = try keys.map { names throws(TableError) in try select(names) } ?? self
    let (codes, count) = try table.rowCodes(keepingMissing: true)
    return try RowGroups(codes, groupCount: count)
  }
}

// MARK: - Missing values
extension Table {
  /// The rows that have a value in every one of some columns; nil takes all columns.
  ///
  /// - Throws: `TableError.noColumn`.
  public func droppingMissing(in names: [String]? = nil) throws(TableError) -> Table {
    var isMissing = [Bool](repeating: false, count: rowCount)
    for name in names ?? columnNames {
      for row in try column(name).missingRows { isMissing[row] = true }
    }
    guard isMissing.contains(true) else { return self }
    return rows(at: isMissing.indices.filter { !isMissing[$0] })
  }
}

extension Column {
  /// The rows that have a value.
  public func droppingMissing() -> Column {
    let missing = Set(missingRows)
    return missing.isEmpty ? self : rows(at: (0..<count).filter { !missing.contains($0) })
  }

  /// For each row, whether its value is missing.
  public func isMissing() -> [Bool] {
    var flags = [Bool](repeating: false, count: count)
    for row in missingRows { flags[row] = true }
    return flags
  }

  /// The column with another value where one is missing.
  ///
  /// - Throws: `TableError.unlikeColumns` for a text in place of a number, or the other way round.
  public func fillingMissing(with value: Value) throws(TableError) -> Column {
    switch (kind, value) {
    case (.text, .text(let text)):
      return Column(name, texts: try texts().map { $0 ?? text })
    case (.doubles, .integer), (.doubles, .double):
      let number =
        switch value {
        case .integer(let whole): Double(whole)
        case .double(let number): number
        case .text, .missing: Double.nan
        }
      return Column(name, doubles: try doubles().map { $0.isNaN ? number : $0 })
    case (.integers, .integer), (.integers, .double): return self
    case (_, .missing): return self
    default:
      let other: Kind = if case .text = value { .text } else { .doubles }
      throw .wrongKind(column: name, found: kind, expected: other)
    }
  }
}
