import CollabTables
import CollabThreading

/// How often users rated the same item again.
struct RatingPairs {
  /// Rows that have a user and an item.
  private(set) var rowCount = 0
  /// Different pairs of a user and an item.
  private(set) var distinctCount = 0

  /// Rows whose pair stands in an earlier row too.
  var repeatedCount: Int { rowCount - distinctCount }

  /// Counts pairs.
  ///
  /// Rows are laid out user by user, so that one mark an item is enough; a set of pairs takes many
  /// times as long.
  ///
  /// - Complexity: O(rows + users + items).
  ///
  /// - Throws: `TableError.interrupted`.
  init(_ users: CodedColumn, _ items: CodedColumn) throws(TableError) {
    let (userOf, itemOf) = (users.codes, items.codes)
    func ask() throws(TableError) { try Interruption.check(TableError.interrupted) }
    var ends = [Int](repeating: 0, count: users.levels.count + 1)
    try Interruption.forEach(userOf.count, asking: ask) { row in
      if userOf[row] >= 0, itemOf[row] >= 0 { ends[Int(userOf[row]) + 1] += 1 }
    }
    for user in 1..<max(ends.count, 1) { ends[user] += ends[user - 1] }
    rowCount = ends[ends.count - 1]
    var itemsOfUsers = [Int32](repeating: 0, count: userOf.count)
    try Interruption.forEach(userOf.count, asking: ask) { row in
      guard userOf[row] >= 0, itemOf[row] >= 0 else { return }
      let user = Int(userOf[row])
      itemsOfUsers[ends[user]] = itemOf[row]
      ends[user] += 1
    }
    // By now each end is that of its own user, and not of the one before.
    var lastUser = [Int32](repeating: -1, count: items.levels.count)
    var user = 0
    var distinctCount = 0
    try Interruption.forEach(rowCount, asking: ask) { place in
      while place >= ends[user] { user += 1 }
      let item = Int(itemsOfUsers[place])
      if lastUser[item] != Int32(truncatingIfNeeded: user) { distinctCount += 1 }
      lastUser[item] = Int32(truncatingIfNeeded: user)
    }
    self.distinctCount = distinctCount
  }
}

/// What somebody should know about the rows of a table of ratings before learning from them.
public struct RatingFlaws: Sendable, Equatable {
  /// Rows without a value in a column.
  public struct Gaps: Sendable, Equatable {
    /// The name of the column, as the table has it.
    public let column: String
    /// How many rows have no value in it; at least 1.
    public let count: Int
    /// The first of them, from 0.
    public let firstRow: Int

    /// Nil if no value is missing.
    init?(_ column: Column) {
      let rows = column.missingRows
      guard let first = rows.first else { return nil }
      (self.column, count, firstRow) = (column.name, rows.count, first)
    }
  }

  /// Rows without a user, then those without an item; they are learned as `#na#`.
  public internal(set) var gaps: [Gaps] = []
  /// How many ratings are of a pair that was rated in an earlier row.
  public internal(set) var repeatedCount = 0
  /// How many ratings of a table to test with are of a pair that is learned from, or repeat another.
  public internal(set) var repeatedTestCount = 0
  /// The columns that make a pair.
  public internal(set) var pair: [String] = []
}
