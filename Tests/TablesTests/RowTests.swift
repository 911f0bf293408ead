import CollabTables
import Testing

/// Rows that repeat, rows with gaps, groups, and tables below each other.
struct RowTests {
  private let ratings = Table(equallyLong: [
    Column("user", integers: [1, 2, 1, 1]), Column("tea", texts: ["a", "a", "a", nil]),
    Column("stars", doubles: [4, 3, 1, .nan]),
  ])

  @Test func `of repeated rows the first, the last or none stays`() throws {
    let keys = ["user", "tea"]
    #expect(try ratings.duplicated(by: keys) == [false, false, true, false])
    #expect(try ratings.duplicated(by: keys, keeping: .last) == [true, false, false, false])
    #expect(try ratings.duplicated(by: keys, keeping: .none) == [true, false, true, false])
    #expect(try ratings.droppingDuplicates(by: ["user"]).column("stars").doubles() == [4, 3])
    #expect(throws: TableError.noColumn("x", available: ["user", "tea", "stars"])) {
      try ratings.droppingDuplicates(by: ["x"])
    }
  }

  @Test func `missing keys are equal to each other where rows repeat`() throws {
    let column = Column("t", texts: [nil, "a", nil])
    #expect(try Table([column]).duplicated() == [false, false, true])
  }

  @Test func `repeated rows become their mean`() throws {
    let means = try ratings.averagingDuplicates(by: ["user", "tea"])
    #expect(try means.column("stars").doubles().prefix(2) == [2.5, 3])
    #expect(try means.column("user").integers() == [1, 2, 1])
    #expect(try means.column("tea").texts() == ["a", "a", nil])
  }

  @Test func `groups have one row for each of the keys that is there`() throws {
    let byBoth = try ratings.grouped(by: ["user", "tea"])
    #expect(try byBoth.keys.column("user").integers() == [1, 2])
    #expect(try ratings.column("stars").aggregated(.mean, by: byBoth).doubles() == [2.5, 3])
    let byUser = try ratings.grouped(by: ["user"])
    #expect(try ratings.column("stars").aggregated(.size, by: byUser).integers() == [3, 1])
    #expect(try ratings.column("stars").aggregated(.count, by: byUser).integers() == [2, 1])
    #expect(try ratings.head(0).grouped(by: ["user", "tea"]).count == 0)
  }

  @Test func `rows with gaps are left out`() throws {
    #expect(try ratings.droppingMissing().rowCount == 3)
    #expect(try ratings.droppingMissing(in: ["user"]).rowCount == 4)
  }

  @Test func `tables below each other have the columns of all of them`() throws {
    let other = Table(equallyLong: [
      Column("stars", integers: [5]), Column("where", texts: ["here"]),
    ])
    let both = try Table.concatenated([ratings, other])
    #expect(both.columnNames == ["user", "tea", "stars", "where"])
    #expect(both.rowCount == 5)
    #expect(try both.column("stars").doubles().last == 5)
    #expect(try both.column("user").kind == .doubles)
    #expect(try both.column("where").texts() == [nil, nil, nil, nil, "here"])
    #expect(try Table.concatenated([ratings, ratings.head(0)]).rowCount == 4)
    #expect(throws: TableError.unlikeColumns("tea", one: .text, other: .integers)) {
      try Table.concatenated([ratings, Table(equallyLong: [Column("tea", integers: [1])])])
    }
  }

  @Test func `whole numbers that would be rounded are refused`() throws {
    let ids = Table(equallyLong: [Column("id", integers: [9_007_199_254_740_993])])
    #expect(throws: TableError.wouldRound(column: "id")) {
      try Table.concatenated([ids, Table(equallyLong: [Column("id", doubles: [0.5])])])
    }
    #expect(try Table.concatenated([ids, ids]).column("id").integers()[1] == 9_007_199_254_740_993)
  }

  @Test func `a merge of every row with every row is refused by its size`() throws {
    let many = Table(equallyLong: [Column("k", integers: [Int](repeating: 1, count: 20_000))])
    #expect(throws: TableError.tooManyRows(400_000_000)) { try many.merge(many, on: ["k"]) }
  }
}
