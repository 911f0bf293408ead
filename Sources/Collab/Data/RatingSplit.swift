import CollabRandomness
public import CollabTables

/// Which ratings are held out to test with.
public enum RatingSplit: Sendable, Equatable {
  /// A random share of them: fastai's, and the usual one. Who rated afterwards lends a hand to what is
  /// predicted of before.
  case random
  /// All ratings of a random share of the users, who are then unknown.
  case user
  /// The latest share.
  case time
  /// The last few of each user who has more than those.
  case last(Int)

  /// Whether users decide how many ratings are held out.
  var isByUser: Bool { ![.random, .time].contains(self) }
}

extension RatingSplit {
  /// The names of columns that usually hold the time of a rating.
  static let timeNames = ["timestamp", "time", "date", "datetime", "unixReviewTime"]

  /// Whether a table says when ratings were given, in a column with a usual name.
  public static func hasTimes(_ table: Table) -> Bool {
    table.columnNames.contains { name in timeNames.contains { $0.lowercased() == name.lowercased() }
    }
  }

  /// The time of each row, as a number or place in order.
  ///
  /// Texts count in their own order, which is that of time for dates such as 2026-11-30.
  ///
  /// - Throws: ``LoaderError/noTime(_:)`` and ``LoaderError/missingTimes(_:column:)``.
  static func times(of table: Table, column name: String?) throws(LoaderError) -> [Double] {
    let column: Column
    if let name {
      column = try LoaderError.wrapping { () throws(TableError) in try table.column(name) }
    } else if let found = timeNames.lazy.compactMap({ name in
      table.columns.first { $0.name.lowercased() == name.lowercased() }
    }).first {
      column = found
    } else {
      throw .noTime(table.columnNames)
    }
    let missing = column.missingRows.count
    guard missing == 0 else { throw .missingTimes(missing, column: column.name) }
    if let numbers = try? column.doubles() { return numbers }
    return column.coded().codes.map(Double.init)
  }

  /// The rows from the latest to the earliest; of those at the same time the last is first.
  private static func latestFirst(
    _ table: Table, column name: String?
  ) throws(LoaderError) -> [Int32] {
    let times = Column("", doubles: try times(of: table, column: name))
    return try LoaderError.wrapping { () throws(TableError) in
      try times.sortedRows().reversed().map { Int32(clamping: $0) }
    }
  }

  /// The rows that are held out, and those that are learned from.
  ///
  /// - Parameters:
  ///   - table: the ratings.
  ///   - users: a number for each row's user; −1 for none.
  ///   - options: the share, and the column of times.
  ///   - generator: draws what is random.
  /// - Returns: both, in the order in which loaders serve them.
  /// - Throws: ``LoaderError``.
  func rows(
    of table: Table, users: [Int32], _ options: DataLoaders.Options,
    using generator: inout TorchGenerator
  ) throws(LoaderError) -> (held: ArraySlice<Int32>, learned: ArraySlice<Int32>) {
    let count = table.rowCount
    /// The first so many rows of an order.
    func cut(_ order: [Int32]) -> (ArraySlice<Int32>, ArraySlice<Int32>) {
      let end = Int(clamping: options.validFraction * Double(count))
      return (order[..<end], order[end...])
    }
    /// Rows by whether they are held out, in the order of the table.
    func parted(_ isHeld: [Bool]) -> (ArraySlice<Int32>, ArraySlice<Int32>) {
      let rows = Array(0..<Int32(clamping: count))
      return (rows.filter { isHeld[Int($0)] }[...], rows.filter { !isHeld[Int($0)] }[...])
    }
    switch self {
    case .random: return cut(generator.permutation(of: count))
    case .user:
      let userCount = Int(users.max() ?? -1) + 1
      let heldCount = Int(clamping: options.validFraction * Double(userCount))
      var isHeld = [Bool](repeating: false, count: userCount)
      for user in generator.permutation(of: userCount)[..<heldCount] { isHeld[Int(user)] = true }
      return parted(users.map { $0 >= 0 && isHeld[Int($0)] })
    case .time:
      let order = try Self.latestFirst(table, column: options.time)
      let (held, learned) = cut(order)
      return (held.sorted()[...], learned.sorted()[...])
    case .last(let last):
      let order = try Self.latestFirst(table, column: options.time)
      var counts: [Int32: Int] = [:]
      for user in users { counts[user, default: 0] += 1 }
      var taken: [Int32: Int] = [:]
      var isHeld = [Bool](repeating: false, count: count)
      for row in order {
        let user = users[Int(row)]
        guard user >= 0, counts[user, default: 0] > last, taken[user, default: 0] < last
        else { continue }
        taken[user, default: 0] += 1
        isHeld[Int(row)] = true
      }
      return parted(isHeld)
    }
  }
}
