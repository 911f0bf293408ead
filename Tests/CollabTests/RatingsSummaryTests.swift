import Collab
import Tables
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

  @Test func `a missing column is named`() throws {
    let table = try Table([Column("user", integers: [1]), Column("rating", integers: [1])])
    #expect(throws: DataError.table(.noColumn("title", available: ["user", "rating"]))) {
      try RatingsSummary(table)
    }
  }
}
