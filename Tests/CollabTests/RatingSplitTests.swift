import Collab
import CollabRandomness
import CollabTables
import TestSupport
import Testing

/// What each way of holding out ratings holds out, counted by hand.
struct RatingSplitTests {
  /// Three users; user 3 has a single rating.
  private func table(times: String = "timestamp") throws -> Table {
    try Table([
      Column("user", integers: [1, 1, 1, 2, 2, 2, 3, 2]),
      Column("movie", integers: [10, 11, 12, 10, 11, 12, 10, 13]),
      Column("rating", integers: [1, 2, 3, 4, 5, 1, 2, 3]),
      Column(times, integers: [30, 10, 20, 50, 60, 40, 5, 60]),
    ])
  }

  private func rows(
    _ split: RatingSplit, share: Double = 0.25, time: String? = nil, of table: Table
  ) throws -> (held: [Int32], learned: [Int32]) {
    var options = DataLoaders.Options()
    (options.batchSize, options.validFraction) = (1, share)
    (options.split, options.time) = (split, time)
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
    return (loaders.validationRows, loaders.trainingRows)
  }

  @Test func `the latest share is held out by time`() throws {
    let rows = try rows(.time, of: table())
    #expect(rows.held == [4, 7])
    #expect(rows.learned == [0, 1, 2, 3, 5, 6])
  }

  @Test func `of equally late ratings the later rows are held out`() throws {
    #expect(try rows(.time, share: 0.125, of: table()).held == [7])
  }

  @Test func `the last of each user are held out, if there are others`() throws {
    let one = try rows(.last(1), of: table())
    #expect(one.held == [0, 7])
    let two = try rows(.last(2), of: table())
    #expect(two.held == [0, 2, 4, 7])
    // User 1 has three ratings, and would keep none.
    #expect(try rows(.last(3), of: table()).held == [3, 4, 7])
  }

  @Test func `users are held out with all that they have rated`() throws {
    let table = try table()
    let rows = try rows(.user, share: 0.34, of: table)
    let users = try table.column("user").integers()
    let held = Set(rows.held.map { users[Int($0)] })
    #expect(held.count == 1)
    #expect(rows.learned.allSatisfy { !held.contains(users[Int($0)]) })
    #expect(rows.held.count + rows.learned.count == 8)
  }

  @Test func `the column of times is found by its usual names, or named`() throws {
    #expect(try rows(.time, of: table(times: "Date")).held == [4, 7])
    #expect(try rows(.time, time: "when", of: table(times: "when")).held == [4, 7])
    #expect(throws: LoaderError.noTime(["user", "movie", "rating", "when"])) {
      try rows(.time, of: table(times: "when"))
    }
    let texts = try Table([
      Column("user", integers: [1, 1]), Column("movie", integers: [1, 2]),
      Column("rating", integers: [1, 2]),
      Column("date", texts: ["2026-11-30", "2025-01-31"]),
    ])
    #expect(try rows(.time, share: 0.5, of: texts).held == [0])
  }

  @Test func `a split that holds out nobody says so`() throws {
    #expect(throws: LoaderError.nobodyHeldOut(.last(4))) { try rows(.last(4), of: table()) }
    #expect(throws: LoaderError.nobodyHeldOut(.user)) { try rows(.user, share: 0.1, of: table()) }
  }

  @Test func `a split that lies beside the ratings is read from both files`() throws {
    let folder = try TemporaryFolder()
    folder.write("set/u.data", "1\t1\t5\t9\n2\t1\t3\t8\n1\t2\t4\t7\n")
    folder.write("set/u.item", "1|Aria (1997)|01-Jan-1997||\n2|Bell (1998)|01-Jan-1998||\n")
    folder.write("set/u1.base", "1\t1\t5\t9\n1\t2\t4\t7\n")
    folder.write("set/u1.test", "2\t1\t3\t8\n")
    var options = LoadOptions()
    options.fold = "u1"
    let data = try MovieLens.load(folder.path + "/set", options: options)
    #expect(data.name == "set u1")
    #expect(try data.ratings.column("rating").integers() == [5, 4])
    #expect(try data.validation?.column("user").integers() == [2])
    #expect(try data.validation?.column("title").texts() == ["Aria (1997)"])
    options.fold = "u2"
    #expect(throws: DataError.noFold("u2", folder: folder.path + "/set", known: ["u1"])) {
      try MovieLens.load(folder.path + "/set", options: options)
    }
  }
}
