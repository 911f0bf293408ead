import CollabThreading

/// The order of the rows of a merged table, which decides the rows that a split holds out.
public enum MergeOrder: Sendable, Equatable {
  /// Rows with equal keys together, keys by their first appearance in the left table, rows of one
  /// key in left order: pandas before 2.2.
  case grouped
  /// The order of the left table: pandas 2.2 and later.
  case left
}

/// Which rows without a partner a merge keeps.
public enum MergeKind: String, CaseIterable, Sendable {
  /// None.
  case inner
  /// Those of the left table, in its order.
  case left
  /// Those of the right table, in its order.
  case right
  /// Those of both, in the order of the keys.
  case outer
}

/// The columns of two tables that must be equal, one by one.
public struct MergeKeys: Sendable, Equatable {
  /// The columns of the left table.
  public let left: [String]
  /// As many columns of the right table.
  public let right: [String]

  /// Pairs of columns.
  ///
  /// - Precondition: there are as many on both sides.
  public init(left: [String], right: [String]) {
    precondition(left.count == right.count, "\(left.count) and \(right.count) keys")
    (self.left, self.right) = (left, right)
  }
}

/// The rows of both tables that stand beside each other; -1 where there is none.
private struct MergedRows {
  /// A merge of more rows than this is a mistake in the keys rather than a table to work with.
  private static let maximumCount = 100_000_000

  private(set) var left: [Int] = []
  private(set) var right: [Int] = []

  /// Rows with equal codes, and with -1 beside them those without a partner that are kept.
  init(
    _ leftCodes: [Int], _ rightCodes: [Int], _ codeCount: Int, keepsAll: Bool, order: MergeOrder,
    addsOthers: Bool = false
  ) throws(TableError) {
    let partners = try RowGroups(rightCodes, groupCount: codeCount)
    let least = keepsAll ? 1 : 0
    let count = leftCodes.reduce(0 as Int128) {
      $0 + Int128(max(partners.rows(of: $1).count, least))
    }
    guard count <= Self.maximumCount else { throw .tooManyRows(Int(clamping: count)) }
    left.reserveCapacity(leftCodes.count)
    right.reserveCapacity(leftCodes.count)
    var asked = 0
    func emit(_ row: Int) throws(TableError) {
      if row & 0xFFFF == 0 || left.count > asked {
        try Interruption.check()
        asked = left.count + (1 << 18)
      }
      let rows = partners.rows(of: leftCodes[row])
      for partner in rows { add(row, partner) }
      if rows.isEmpty && keepsAll { add(row, -1) }
    }
    switch order {
    case .left: for row in leftCodes.indices { try emit(row) }
    case .grouped:
      let groups = try RowGroups(leftCodes, groupCount: codeCount)
      var isDone = [Bool](repeating: false, count: codeCount)
      for code in leftCodes where !isDone[code] {
        isDone[code] = true
        for row in groups.rows(of: code) { try emit(row) }
      }
    }
    guard addsOthers else { return }
    let taken = Set(right)
    for row in rightCodes.indices where !taken.contains(row) { add(-1, row) }
  }

  private mutating func add(_ leftRow: Int, _ rightRow: Int) {
    left.append(leftRow)
    right.append(rightRow)
  }

  /// The same with left and right exchanged.
  var swapped: MergedRows {
    var other = self
    (other.left, other.right) = (right, left)
    return other
  }
}

// MARK: - Merging
extension Table {
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
  ///   is made; `.interrupted`.
  /// - Complexity: O(rows of both tables and of the result).
  /// Source: `inner_join` in pandas/_libs/join.pyx, 2.1 and 2.2.
  public func merge(
    _ right: Table, on keys: [String]? = nil, order: MergeOrder = .grouped
  ) throws(TableError) -> Table {
    let keys = keys ?? columnNames.filter(right.hasColumn)
    guard !keys.isEmpty else {
      throw .noSharedColumn(left: columnNames, right: right.columnNames)
    }
    return try joined(right, MergeKeys(left: keys, right: keys), .inner, order: order)
  }

  /// Puts each row together with the rows of another table that have the same key, and keeps rows
  /// without a partner as `kind` says; they have missing values where the partner would stand.
  ///
  /// A key of the same name in both tables is one column, others stay two.
  ///
  /// - Parameters:
  ///   - right: The other table.
  ///   - keys: The columns that must be equal.
  ///   - kind: Which rows without a partner are kept.
  ///   - order: The order of the rows of an inner join; others have pandas' own.
  ///   - suffixes: What is put behind other names that both tables have.
  /// - Returns: The merged table.
  /// - Throws: What ``merge(_:on:order:)`` throws, and `TableError.wouldRound`.
  public func joined(
    _ right: Table, _ keys: MergeKeys, _ kind: MergeKind, order: MergeOrder = .left,
    suffixes: (left: String, right: String) = ("_x", "_y")
  ) throws(TableError) -> Table {
    let codes = try Self.keyCodes(self, right, keys)
    let rows =
      kind == .right
      ? try MergedRows(codes.right, codes.left, codes.count, keepsAll: true, order: .left).swapped
      : try MergedRows(
        codes.left, codes.right, codes.count, keepsAll: kind == .left || kind == .outer,
        order: kind == .inner ? order : .left, addsOthers: kind == .outer)
    let table = try assembled(right, keys, rows, suffixes)
    guard kind == .outer else { return table }
    let names = keys.left.filter(table.hasColumn)
    return try table.sorted(by: names, descending: names.map { _ in false })
  }

  private func assembled(
    _ right: Table, _ keys: MergeKeys, _ rows: MergedRows, _ suffixes: (left: String, right: String)
  ) throws(TableError) -> Table {
    let shared = zip(keys.left, keys.right).filter { $0 == $1 }.map(\.0)
    let added = right.columns.filter { !shared.contains($0.name) }
    let clashing = Set(added.map(\.name)).intersection(columnNames)
    let isUnchanged = rows.left.count == rowCount && rows.left.elementsEqual(0..<rowCount)
    var columns: [Column] = []
    for column in self.columns {
      try Interruption.check()
      let picked: Column
      if isUnchanged {
        picked = column
      } else if shared.contains(column.name) {
        // The key of a row that only the right table has is the right table's.
        let joint = try column.appending(right.column(column.name))
        picked = try joint.rowsInterruptibly(
          at: zip(rows.left, rows.right).map { $0 < 0 ? column.count + $1 : $0 })
      } else {
        picked = try column.rows(padding: rows.left)
      }
      columns.append(
        clashing.contains(column.name) ? picked.renamed(column.name + suffixes.left) : picked)
    }
    for column in added {
      try Interruption.check()
      let picked = try column.rows(padding: rows.right)
      columns.append(
        clashing.contains(column.name) ? picked.renamed(column.name + suffixes.right) : picked)
    }
    return try Table(columns)
  }

  /// Equal numbers for rows with equal keys, across both tables.
  private static func keyCodes(
    _ left: Table, _ right: Table, _ keys: MergeKeys
  ) throws(TableError) -> (left: [Int], right: [Int], count: Int) {
    var result: (left: [Int], right: [Int], count: Int)?
    for (leftKey, rightKey) in zip(keys.left, keys.right) {
      let next = try jointCodes(left.column(leftKey), right.column(rightKey))
      guard let soFar = result else {
        result = next
        continue
      }
      // Pairs of codes become codes again, so that a third key cannot overflow.
      func pairs(_ one: [Int], _ other: [Int]) throws(TableError) -> [Int] {
        try Interruption.map(one.count) { one[$0] * next.count + other[$0] }
      }
      let pairs = try pairs(soFar.left, next.left) + pairs(soFar.right, next.right)
      let coded = try Column("", integers: pairs).codedInterruptibly()
      let codes = try Interruption.map(coded.codes.count) { Int(coded.codes[$0]) }
      result = (
        Array(codes.prefix(left.rowCount)), Array(codes.dropFirst(left.rowCount)),
        coded.levels.count
      )
    }
    return result ?? ([], [], 0)
  }

  private static func jointCodes(
    _ left: Column, _ right: Column
  ) throws(TableError) -> (left: [Int], right: [Int], count: Int) {
    guard (left.kind == .text) == (right.kind == .text) else {
      throw .unlikeKeys(column: left.name, left: left.kind, right: right.kind)
    }
    let one = try left.codedInterruptibly()
    let other = try right.codedInterruptibly()
    let both = try one.levels.appending(other.levels).codedInterruptibly()
    let leftCount = one.levels.count
    // Missing values are equal to each other here, as in pandas.
    let missing = both.levels.count
    return (
      try Interruption.map(one.codes.count) {
        let code = Int(one.codes[$0])
        return code < 0 ? missing : Int(both.codes[code])
      },
      try Interruption.map(other.codes.count) {
        let code = Int(other.codes[$0])
        return code < 0 ? missing : Int(both.codes[leftCount + code])
      },
      missing + 1
    )
  }
}
