public import Tables

/// What a table of ratings holds, in a few numbers.
///
///     let summary = try RatingsSummary(data.ratings)
///     summary.density  // 0.063: of all pairs of a user and an item, 6 % have a rating
public struct RatingsSummary: Sendable, Equatable {
  /// The smallest, the middle and the largest of some counts.
  public struct Spread: Sendable, Equatable {
    /// The smallest count.
    public let minimum: Int
    /// The middle count; between two middle ones their mean.
    public let median: Double
    /// The largest count.
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

  /// How many ratings have one value.
  public struct Bar: Sendable, Equatable {
    /// The value, in stars.
    public let stars: Double
    /// The number of ratings of that value.
    public let count: Int
  }

  /// The number of ratings.
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
  /// The share of pairs of a user and an item that have a rating, between 0 and 1.
  public let density: Double
  /// The mean rating, in stars.
  public let mean: Double
  /// The ratings per user.
  public let ratingsPerUser: Spread
  /// The ratings per item.
  public let ratingsPerItem: Spread
  /// The different ratings and how many there are of each, ascending.
  public let histogram: [Bar]

  /// Counts the rows of a table with the columns `user`, `rating`, and `movie` or `title` or both.
  ///
  /// - Throws: `DataError.table` if a column is missing or `rating` holds text.
  /// - Complexity: O(rows).
  public init(_ ratings: Table) throws(DataError) {
    self = try wrappingTableErrors { () throws(TableError) in try Self(counting: ratings) }
  }

  private init(counting ratings: Table) throws(TableError) {
    let users = try ratings.column("user").coded()
    let ids = ratings.hasColumn("movie") ? try ratings.column("movie").coded() : nil
    let titles =
      ratings.hasColumn("title") || ids == nil ? try ratings.column("title").coded() : nil
    let items = ids ?? titles ?? users
    let stars = try ratings.column("rating")
    let codedStars = stars.coded()
    let starLevels = try codedStars.levels.doubles()
    let starCounts = codedStars.counts

    ratingCount = ratings.rowCount
    userCount = users.levels.count
    itemCount = items.levels.count
    titleCount = titles?.levels.count
    sharedTitleCount = ids.flatMap { ids in titles.map { Self.sharedCount($0, ids) } } ?? 0
    let pairCount = Double(users.levels.count) * Double(items.levels.count)
    density = pairCount == 0 ? 0 : Double(ratings.rowCount) / pairCount
    let sum = zip(starLevels, starCounts).reduce(0) { $0 + $1.0 * Double($1.1) }
    mean = ratings.rowCount == 0 ? 0 : sum / Double(ratings.rowCount)
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
