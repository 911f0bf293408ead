public import CollabTables

/// What a table of ratings holds, in a few numbers.
///
///     let summary = try RatingsSummary(data.ratings)
///     summary.density  // 0.063: of all pairs of a user and an item, 6 % have a rating
public struct RatingsSummary: Sendable, Equatable {
  /// The smallest, the middle and the largest of some counts.
  public struct Spread: Sendable, Equatable {
    /// The smallest count; 0 if there are none.
    public let minimum: Int
    /// The middle count; between two middle ones their mean.
    public let median: Double
    /// The largest count; 0 if there are none.
    public let maximum: Int

    init(_ counts: [Int]) {
      let sorted = counts.sorted()
      minimum = sorted.first ?? 0
      maximum = sorted.last ?? 0
      let middle = sorted.count / 2
      median =
        sorted.isEmpty
        ? 0
        : sorted.count % 2 == 1
          ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// How many rows have no value in the three columns.
  public struct MissingCounts: Sendable, Equatable {
    /// Rows without a rating.
    public let ratings: Int
    /// Rows without a user.
    public let users: Int
    /// Rows without an item.
    public let items: Int
  }

  /// How many ratings have one value.
  public struct Bar: Sendable, Equatable {
    /// The value, in stars.
    public let stars: Double
    /// The number of ratings of that value.
    public let count: Int
  }

  /// The columns that were counted.
  public let columns: RatingColumnNames
  /// The number of rows, those without a rating, a user or an item too.
  public let ratingCount: Int
  /// The number of different users.
  public let userCount: Int
  /// The number of different items: by id if there are ids, else by title.
  public let itemCount: Int
  /// The number of different titles; nil if there are none.
  public let titleCount: Int?
  /// The number of titles that more than one id carries; these ids become one item when items are
  /// told apart by title.
  public let sharedTitleCount: Int
  /// How many ratings are of a pair of a user and an item that was rated in an earlier row.
  public let repeatedCount: Int
  /// How many rows have no rating, no user and no item.
  public let missingCounts: MissingCounts
  /// The share of pairs of a user and an item that have a rating, between 0 and 1.
  public let density: Double
  /// The mean rating, in stars; `nan` if there are no ratings.
  public let mean: Double
  /// From where to where ratings go; nil if there are none.
  public let scale: RatingScale?
  /// The ratings per user.
  public let ratingsPerUser: Spread
  /// The ratings per item.
  public let ratingsPerItem: Spread
  /// The different ratings and how many there are of each, ascending.
  public let histogram: [Bar]

  /// Counts the rows of a table of ratings.
  ///
  /// - Parameters:
  ///   - ratings: the table.
  ///   - names: the columns of users, items and ratings.
  /// - Throws: ``LoaderError`` if a column is missing or ratings are no numbers.
  /// - Complexity: O(rows).
  public init(
    _ ratings: Table, columns names: RatingColumnNames = RatingColumnNames()
  ) throws(LoaderError) {
    let found = try RatingColumns(of: ratings, names)
    guard found.rating.kind != .text else {
      _ = try found.stars()
      throw .notNumbers(column: found.rating.name, text: nil, row: 0)
    }
    do throws(TableError) {
      try self.init(counting: found, hasTitles: found.item.name == "title")
    } catch {
      throw .table(error)
    }
  }

  private init(counting found: RatingColumns, hasTitles: Bool) throws(TableError) {
    let users = try found.user.codedInterruptibly()
    let titles = hasTitles ? try found.item.codedInterruptibly() : nil
    let ids =
      try hasTitles ? found.itemID?.codedInterruptibly() : found.item.codedInterruptibly()
    let items = ids ?? titles ?? users
    let codedStars = try found.rating.codedInterruptibly()
    let starLevels = try codedStars.levels.doubles()
    let starCounts = codedStars.counts
    let pairs = try RatingPairs(users, items)

    columns = RatingColumnNames(
      user: found.user.name, item: (found.itemID ?? found.item).name, rating: found.rating.name)
    ratingCount = found.rating.count
    userCount = users.levels.count
    itemCount = items.levels.count
    titleCount = titles?.levels.count
    sharedTitleCount = ids.flatMap { ids in titles.map { Self.sharedCount($0, ids) } } ?? 0
    repeatedCount = pairs.repeatedCount
    func missing(_ coded: CodedColumn) -> Int { coded.codes.count { $0 < 0 } }
    missingCounts = MissingCounts(
      ratings: missing(codedStars), users: missing(users), items: missing(items))
    let cellCount = Double(users.levels.count) * Double(items.levels.count)
    density = cellCount == 0 ? 0 : Double(pairs.distinctCount) / cellCount
    let sum = zip(starLevels, starCounts).reduce(0) { $0 + $1.0 * Double($1.1) }
    let count = starCounts.reduce(0, +)
    mean = count == 0 ? .nan : sum / Double(count)
    scale = RatingScale(starLevels.lazy.map(Float.init))
    ratingsPerUser = Spread(users.counts)
    ratingsPerItem = Spread(items.counts)
    histogram = zip(starLevels, starCounts).map(Bar.init)
  }

  /// The number of titles that stand beside more than one id.
  private static func sharedCount(_ titles: CodedColumn, _ ids: CodedColumn) -> Int {
    var firstID = [Int32](repeating: -1, count: titles.levels.count)
    var isShared = [Bool](repeating: false, count: titles.levels.count)
    for (title, id) in zip(titles.codes, ids.codes) where title >= 0 && id >= 0 {
      if firstID[Int(title)] < 0 { firstID[Int(title)] = id }
      if firstID[Int(title)] != id { isShared[Int(title)] = true }
    }
    return isShared.count { $0 }
  }
}
