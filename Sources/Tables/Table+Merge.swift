/// The order of the rows of a merged table, which decides the rows that a split holds out.
public enum MergeOrder: Sendable, Equatable {
  /// Rows with equal keys together, keys by their first appearance in the left table, rows of one
  /// key in left order: pandas before 2.2.
  case grouped
  /// The order of the left table: pandas 2.2 and later.
  case left
}

// MARK: - Merging
extension Table {
  /// A merge of more rows than this is a mistake in the keys rather than a table to work with.
  private static let maximumMergedRows = 100_000_000

  /// Puts each row together with the rows of another table that have the same key.
  ///
  ///     let ratings = try ratings.merge(movies, order: .grouped)  // on "movie"
  ///
  /// Rows without a partner are left out (an inner join). A row with several partners is repeated,
  /// its partners in the order of the right table. The columns are those of the left table, then
  /// those of the right one that are no keys; if both have another column of one name, they get the
  /// suffixes `_x` and `_y`.
  ///
  /// - Parameters:
  ///   - right: The other table.
  ///   - keys: The columns that must be equal; nil takes all columns that both tables have.
  ///   - order: The order of the resulting rows.
  /// - Returns: The merged table.
  /// - Throws: `TableError.noSharedColumn`, `.noColumn` or `.unlikeKeys`; `.tooManyRows` before any
  ///   is made.
  /// - Complexity: O(rows of both tables and of the result).
  /// Source: `inner_join` in pandas/_libs/join.pyx, 2.1 and 2.2.
  public func merge(
    _ right: Table, on keys: [String]? = nil, order: MergeOrder = .grouped
  ) throws(TableError) -> Table {
    let keys = keys ?? columnNames.filter(right.hasColumn)
    guard !keys.isEmpty else {
      throw .noSharedColumn(left: columnNames, right: right.columnNames)
    }
    let codes = try Self.keyCodes(self, right, keys)
    let partners = RowGroups(codes.right, groupCount: codes.count)
    let count = codes.left.reduce(0 as Int128) { $0 + Int128(partners.rows(of: $1).count) }
    guard count <= Self.maximumMergedRows else {
      throw .tooManyRows(Int(clamping: count))
    }
    var leftRows: [Int] = []
    var rightRows: [Int] = []
    leftRows.reserveCapacity(rowCount)
    rightRows.reserveCapacity(rowCount)
    func emit(_ row: Int) {
      for partner in partners.rows(of: codes.left[row]) {
        leftRows.append(row)
        rightRows.append(partner)
      }
    }
    switch order {
    case .left: for row in 0..<rowCount { emit(row) }
    case .grouped:
      let groups = RowGroups(codes.left, groupCount: codes.count)
      var isDone = [Bool](repeating: false, count: codes.count)
      for code in codes.left where !isDone[code] {
        isDone[code] = true
        for row in groups.rows(of: code) { emit(row) }
      }
    }
    let isUnchanged = leftRows.count == rowCount && leftRows.elementsEqual(0..<rowCount)
    let left = isUnchanged ? columns : rows(at: leftRows).columns
    let added = right.columns.filter { !keys.contains($0.name) }
    let clashing = Set(added.map(\.name)).intersection(columnNames)
    return try Table(
      left.map { clashing.contains($0.name) ? $0.renamed($0.name + "_x") : $0 }
        + added.map { column in
          let picked = column.rows(at: rightRows)
          return clashing.contains(column.name) ? picked.renamed(column.name + "_y") : picked
        })
  }

  /// Equal numbers for rows with equal keys, across both tables.
  private static func keyCodes(
    _ left: Table, _ right: Table, _ keys: [String]
  ) throws(TableError) -> (left: [Int], right: [Int], count: Int) {
    var result: (left: [Int], right: [Int], count: Int)?
    for key in keys {
      let next = try jointCodes(left.column(key), right.column(key))
      guard let soFar = result else {
        result = next
        continue
      }
      // Pairs of codes become codes again, so that a third key cannot overflow.
      var codeOfPair: [Int: Int] = [:]
      func code(_ one: Int, _ other: Int) -> Int {
        let pair = one * next.count + other
        let code = codeOfPair[pair] ?? codeOfPair.count
        codeOfPair[pair] = code
        return code
      }
      let leftCodes = zip(soFar.left, next.left).map(code)
      let rightCodes = zip(soFar.right, next.right).map(code)
      result = (leftCodes, rightCodes, codeOfPair.count)
    }
    return result ?? ([], [], 0)
  }

  private static func jointCodes(
    _ left: Column, _ right: Column
  ) throws(TableError) -> (left: [Int], right: [Int], count: Int) {
    guard (left.kind == .text) == (right.kind == .text) else {
      throw .unlikeKeys(column: left.name, left: left.kind, right: right.kind)
    }
    let one = left.coded()
    let other = right.coded()
    let both = try one.levels.appending(other.levels).coded()
    let leftCount = one.levels.count
    // Missing values are equal to each other here, as in pandas.
    let missing = both.levels.count
    return (
      one.codes.map { $0 < 0 ? missing : Int(both.codes[Int($0)]) },
      other.codes.map { $0 < 0 ? missing : Int(both.codes[leftCount + Int($0)]) },
      missing + 1
    )
  }
}
