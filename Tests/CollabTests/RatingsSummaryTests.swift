import Collab
import CollabTables
import Testing

struct RatingsSummaryTests {
  @Test func `a small table is counted`() throws {
    let ratings = try Table([
      Column("user", integers: [1, 1, 1, 2, 3, 3]),
      Column("movie", integers: [10, 11, 12, 10, 10, 13]),
      Column("rating", doubles: [4, 3.5, 4, 1, 5, 4]),
      Column("title", texts: ["Aria", "Kelp", "Aria", "Aria", "Aria", "Moss"]),
    ])
    let summary = try RatingsSummary(ratings)
    #expect(summary.ratingCount == 6)
    #expect(summary.userCount == 3)
    #expect(summary.itemCount == 4)
    #expect(summary.titleCount == 3)
    #expect(summary.sharedTitleCount == 1)
    #expect(summary.density == 0.5)
    #expect(summary.mean == 21.5 / 6)
    #expect(summary.ratingsPerUser.minimum == 1)
    #expect(summary.ratingsPerUser.median == 2)
    #expect(summary.ratingsPerUser.maximum == 3)
    #expect(summary.ratingsPerItem.median == 1)
    #expect(summary.histogram.map(\.stars) == [1, 3.5, 4, 5])
    #expect(summary.histogram.map(\.count) == [1, 1, 3, 1])
  }

  @Test func `a column that is not there is named`() throws {
    let table = try Table([Column("user", integers: [1]), Column("rating", integers: [1])])
    #expect(throws: LoaderError.tooFewColumns(["user", "rating"])) { try RatingsSummary(table) }
    let teas = try Table([
      Column("person", texts: ["Ada"]), Column("tea", texts: ["Mint"]),
      Column("stars", integers: [3]),
    ])
    #expect(
      throws: LoaderError.table(.noColumn("title", available: ["person", "tea", "stars"]))
    ) { try RatingsSummary(teas, columns: RatingColumnNames(item: "title")) }
  }

  /// Three users, three items, ten ratings of eight pairs.
  private func threeByThree() throws -> Table {
    try Table([
      Column("user", texts: ["a", "a", "a", "b", "b", "b", "c", "c", "c", "c"]),
      Column("movie", texts: ["X", "X", "Y", "X", "Y", "Z", "Z", "Y", "X", "X"]),
      Column("rating", integers: [5, 1, 3, 2, 4, 3, 1, 2, 5, 5]),
    ])
  }

  @Test func `a cell that is rated twice is filled once`() throws {
    let summary = try RatingsSummary(threeByThree())
    #expect(summary.density == 8.0 / 9)
    #expect(summary.repeatedCount == 2)
    #expect(summary.ratingCount == 10)
  }

  @Test func `missing values are counted apart`() throws {
    let table = try Table([
      Column("user", doubles: [1, .nan, 1, 2, .nan]),
      Column("movie", texts: ["X", "X", nil, "Y", "Y"]),
      Column("rating", doubles: [4, 1, 2, .nan, 3]),
    ])
    let summary = try RatingsSummary(table)
    let missing = summary.missingCounts
    #expect([missing.ratings, missing.users, missing.items] == [1, 2, 1])
    #expect([summary.userCount, summary.itemCount, summary.repeatedCount] == [2, 2, 0])
    #expect(summary.mean == 2.5)
    #expect(summary.density == 0.5)
  }

  @Test func `columns are found by name, else by place`() throws {
    func columns(_ names: [String], _ given: RatingColumnNames = .init()) throws -> [String?] {
      let table = try Table(names.map { Column($0, integers: [1, 2]) })
      let found = try RatingsSummary(table, columns: given).columns
      return [found.user, found.item, found.rating]
    }
    #expect(try columns(["person", "tea", "stars"]) == ["person", "tea", "stars"])
    #expect(try columns(["movie", "user", "rating"]) == ["user", "movie", "rating"])
    #expect(try columns(["rating", "user", "book"]) == ["user", "book", "rating"])
    #expect(try columns(["user", "movie", "rating", "title"]) == ["user", "movie", "rating"])
    #expect(
      try columns(["a", "b", "c", "d"], .init(user: "b", item: "d")) == ["b", "d", "c"])
  }
}
