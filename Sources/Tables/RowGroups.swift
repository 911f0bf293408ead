import CollabThreading

/// The rows of each group, in order: a counting sort of rows by code.
struct RowGroups: Sendable {
  private let starts: [Int]
  /// The rows of all groups, one group after the other.
  let inOrder: [Int]

  /// Groups rows by their codes; rows with a negative one are in no group.
  ///
  /// - Throws: `TableError.interrupted`.
  /// - Precondition: every code is less than `groupCount`.
  init(_ codes: [Int], groupCount: Int) throws(TableError) {
    var starts = [Int](repeating: 0, count: groupCount + 1)
    try Interruption.forEach(codes.count) { row in
      if codes[row] >= 0 { starts[codes[row] + 1] += 1 }
    }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [Int](repeating: 0, count: starts[groupCount])
    try Interruption.forEach(codes.count) { row in
      let code = codes[row]
      guard code >= 0 else { return }
      rows[next[code]] = row
      next[code] += 1
    }
    (self.starts, inOrder) = (starts, rows)
  }

  /// All rows of so many as one group.
  init(all rowCount: Int) {
    starts = [0, rowCount]
    inOrder = Array(0..<rowCount)
  }

  private init(starts: [Int], rows: [Int]) { (self.starts, inOrder) = (starts, rows) }

  /// The same groups in another order.
  func ordered(_ order: [Int]) -> RowGroups {
    var starts = [0]
    for group in order { starts.append((starts.last ?? 0) + rows(of: group).count) }
    return RowGroups(starts: starts, rows: order.flatMap { rows(of: $0) })
  }

  var count: Int { starts.count - 1 }

  func rows(of group: Int) -> ArraySlice<Int> { inOrder[starts[group]..<starts[group + 1]] }

  /// What is made of each group.
  ///
  /// - Throws: `TableError.interrupted`.
  func map<Result>(
    _ body: (_ rows: ArraySlice<Int>) throws(TableError) -> Result
  ) throws(TableError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    var asked = 0
    for group in 0..<count {
      // Groups may be many and small, or few and large.
      if starts[group + 1] + group >= asked {
        try Interruption.check()
        asked = starts[group + 1] + group + (1 << 16)
      }
      results.append(try body(rows(of: group)))
    }
    return results
  }
}

/// A table cut into groups of rows that have the same values in some columns.
///
///     let byItem = try ratings.grouped(by: ["movie"])
///     try ratings.column("rating").aggregated(.mean, by: byItem)  // one mean an item
///
/// Rows without a value in one of the columns are in no group, as in pandas.
public struct RowGrouping: Sendable {
  /// The values that the groups have in common, a row for each group, ascending.
  public let keys: Table
  let groups: RowGroups

  /// The number of groups.
  public var count: Int { groups.count }

  /// The rows of a group, ascending.
  public func rows(of group: Int) -> ArraySlice<Int> { groups.rows(of: group) }

  /// The same groups in another order.
  ///
  /// - Precondition: every number is in `0..<count`, and occurs once.
  public func ordered(_ order: [Int]) -> RowGrouping {
    RowGrouping(keys: keys.rows(at: order), groups: groups.ordered(order))
  }
}

extension Table {
  /// The rows in groups of those that have the same values in some columns.
  ///
  /// - Throws: `TableError.noColumn`, `.duplicateColumn` and `.interrupted`.
  /// - Complexity: that of `Column.coded()`, for each of the columns.
  public func grouped(by names: [String]) throws(TableError) -> RowGrouping {
    let keys = try select(names)
    let (codes, count) = try keys.rowCodes(keepingMissing: false)
    let groups = try RowGroups(codes, groupCount: count)
    let firstRows = (0..<count).compactMap { groups.rows(of: $0).first }
    return RowGrouping(keys: keys.rows(at: firstRows), groups: groups)
  }

  /// Equal numbers for equal rows, ascending with the rows from 0 on.
  ///
  /// A row with a missing value has the code -1, or is a row like others, after those that have one.
  ///
  /// - Throws: `TableError.interrupted`.
  func rowCodes(keepingMissing: Bool) throws(TableError) -> (codes: [Int], count: Int) {
    var codes = [Int](repeating: 0, count: rowCount)
    var count = rowCount > 0 ? 1 : 0
    for column in columns {
      let coded = try column.codedInterruptibly()
      let missing = keepingMissing ? coded.levels.count : -1
      let width = coded.levels.count + 1
      // At most 2³¹ codes of so many levels: the pairs fit, and become codes again.
      let pairs = try Interruption.map(rowCount) { row -> Int in
        let code = coded.codes[row] < 0 ? missing : Int(coded.codes[row])
        return code < 0 || codes[row] < 0 ? -1 : codes[row] * width + code
      }
      let levels = try Column("", integers: pairs).codedInterruptibly()
      let hasNone = levels.levels.count > 0 && levels.levels.value(at: 0) == .integer(-1)
      codes = try Interruption.map(rowCount) { Int(levels.codes[$0]) - (hasNone ? 1 : 0) }
      count = levels.levels.count - (hasNone ? 1 : 0)
    }
    return (codes, count)
  }
}
