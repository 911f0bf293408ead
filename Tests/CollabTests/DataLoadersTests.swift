import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import Testing

struct DataLoadersTests {
  private func options(
    _ change: (inout DataLoaders.Options) -> Void = { _ in }
  ) -> DataLoaders.Options {
    var options = DataLoaders.Options()
    options.batchSize = 2
    change(&options)
    return options
  }

  private func table(
    users: [Double] = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1], items: [String?]? = nil,
    ratings: [Double] = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
  ) throws -> Table {
    let letters = ["A", "A", "A", "B", "B", "B", "C", "C", "C", "D"]
    return try Table([
      Column("user", doubles: users), Column("movie", texts: items ?? letters),
      Column("rating", doubles: ratings),
    ])
  }

  private func loaders(
    _ table: Table, _ options: DataLoaders.Options
  ) throws(LoaderError) -> DataLoaders {
    try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
  }

  @Test func `a missing rating is refused, with its row`() throws {
    #expect(throws: LoaderError.missingRatings(2, firstRow: 3)) {
      try loaders(table(ratings: [1, 2, 3, .nan, 5, 1, .nan, 3, 4, 5]), options())
    }
    #expect(throws: LoaderError.infiniteRating(column: "rating", row: 1)) {
      try loaders(table(ratings: [1, .infinity, 3, 4, 5, 1, 2, 3, 4, 5]), options())
    }
    let words = try Table([
      Column("u", integers: [1, 2]), Column("i", integers: [1, 2]),
      Column("r", texts: ["3", "null"]),
    ])
    #expect(throws: LoaderError.notNumbers(column: "r", text: "null", row: 1)) {
      try loaders(words, options())
    }
  }

  @Test func `missing users and items are nobody and nothing`() throws {
    let loaders = try loaders(
      table(
        users: [1, 2, 3, .nan, 2, 3, 1, .nan, 3, 1],
        items: ["A", "A", "A", "B", "B", nil, "C", "C", "C", "D"]), options { $0.validFraction = 0 }
    )
    #expect((0..<loaders.users.count).map { loaders.users[$0] } == ["#na#", "1", "2", "3"])
    #expect((0..<loaders.items.count).map { loaders.items[$0] } == ["#na#", "A", "B", "C", "D"])
    #expect(loaders.flaws.gaps.map(\.column) == ["user", "movie"])
    #expect(loaders.flaws.gaps.map(\.count) == [2, 1])
    #expect(loaders.flaws.gaps.map(\.firstRow) == [3, 5])
    for name in ["2", "2.0"] { #expect(loaders.users.index(of: name) == 2) }
    for name in ["nan", "NaN", "4", "2.5", "inf"] {
      #expect(loaders.users.index(of: name) == nil)
    }
  }

  @Test func `pairs that are rated again are counted, by id if there are ids`() throws {
    func repeated(_ columns: [Column]) throws -> RatingFlaws {
      try loaders(Table(columns), options { $0.validFraction = 0 }).flaws
    }
    let users = Column("user", integers: [7, 7, 7, 8, 8, 7])
    let ratings = Column("rating", integers: [1, 2, 3, 4, 5, 1])
    let movies = Column("movie", integers: [1, 2, 1, 1, 1, 1])
    let flaws = try repeated([users, movies, ratings])
    #expect((flaws.repeatedCount, flaws.pair) == (3, ["user", "movie"]))
    // Two ids that share a title are two films.
    let titles = Column("title", texts: ["A", "A", "B", "A", "B", "C"])
    let ids = Column("movie", integers: [1, 2, 3, 1, 3, 4])
    #expect(try repeated([users, ids, ratings, titles]).repeatedCount == 0)
    #expect(try repeated([users, titles, ratings]).repeatedCount == 1)
  }

  @Test func `with no share held out all ratings are learned from`() throws {
    let loaders = try loaders(table(), options { $0.validFraction = 0 })
    #expect((loaders.training.count, loaders.validation.count) == (10, 0))
    let model = try DotProduct(
      users: loaders.users.count, items: loaders.items.count, factors: 2, range: nil,
      using: &RandomStreams(seed: 1).torch)
    let learner = Learner(loaders, model)
    try learner.fit(epochs: 2, .flat(0.1))
    #expect(learner.recorder.epochs.map { $0.validLoss.isNaN } == [true, true])
    let isFinite = learner.recorder.epochs.map { $0.trainLoss.isFinite }
    #expect(isFinite == [true, true])
    #expect(try learner.validate().isNaN)
    #expect(learner.meanBaseline == nil)
  }

  @Test(arguments: [
    (0.05, 2, LoaderError.nothingHeldOut(10, share: 0.05)),
    (1.0, 2, .tooFewLeft(0, of: 10, share: 1, batchSize: 2)),
    (0.9, 2, .tooFewLeft(1, of: 10, share: 0.9, batchSize: 2)),
    (0.0, 11, .tooFewRatings(10, batchSize: 11)),
    (1.5, 2, .validFraction(1.5)), (-0.5, 2, .validFraction(-0.5)), (0.2, 0, .batchSize(0)),
  ])
  func `a share that leaves a side empty is refused as that`(
    _ share: Double, _ batchSize: Int, _ error: LoaderError
  ) throws {
    #expect(throws: error) {
      try loaders(
        table(),
        options {
          $0.validFraction = share
          $0.batchSize = batchSize
        })
    }
  }

  @Test func `a table to test with is validated on, and what only it has is unknown`() throws {
    let others = try Table([
      Column("timestamp", integers: [1, 2, 3]), Column("rating", integers: [5, 4, 3]),
      Column("movie", texts: ["A", "Z", "B"]), Column("user", integers: [1, 2, 9]),
    ])
    let streams = RandomStreams(seed: 1)
    let before = streams.torch.uniform(count: 1)
    let again = RandomStreams(seed: 1)
    let loaders = try DataLoaders(
      table(), validation: others, options: options(), using: again)
    #expect(again.torch.uniform(count: 1) == before)
    #expect((loaders.training.count, loaders.validation.count) == (10, 3))
    #expect(Array(loaders.validation.users) == [1, 2, 0])
    #expect(Array(loaders.validation.items) == [1, 0, 2])
    #expect(Array(loaders.validation.stars) == [5, 4, 3])
    #expect((loaders.users.count, loaders.items.count) == (4, 5))
    #expect((loaders.flaws.repeatedCount, loaders.flaws.repeatedTestCount) == (0, 1))
    #expect(loaders.heldOutCount(of: "9") == 1)
    #expect(loaders.heldOutCount(of: "1") == nil)
    #expect(loaders.heldOutCount(of: "10") == nil)

    let restored = try DataLoaders(
      restoring: loaders.trainingTable, options: loaders.options,
      validationRows: loaders.validationRows, trainingRows: loaders.trainingRows,
      using: RandomStreams(seed: 1))
    #expect(Array(restored.validation.items) == [1, 0, 2])
    #expect((restored.users.count, restored.items.count) == (4, 5))
  }

  @Test func `a table to test with must be like the other`() throws {
    let streams = RandomStreams(seed: 1)
    func error(_ others: Table) throws -> LoaderError? {
      do {
        _ = try DataLoaders(table(), validation: others, options: options(), using: streams)
        return nil
      } catch {
        return try #require(error as? LoaderError)
      }
    }
    #expect(
      try error(table(ratings: [1, 2, 3, .nan, 5, 1, 2, 3, 4, 5]))
        == .validation(.missingRatings(1, firstRow: 3)))
    #expect(
      try error(table().dropping("user"))
        == .validation(.table(.noColumn("user", available: ["movie", "rating"]))))
    let numbers = try Table([
      Column("user", integers: [1]), Column("movie", integers: [1]),
      Column("rating", integers: [1]),
    ])
    #expect(try error(numbers) == .otherKind(column: "movie", found: .integers, expected: .text))
  }

  @Test func `a user whose ratings are all held out is not trained`() throws {
    let users = Column("user", texts: ["a", "b", "a", "b", "c"])
    let items = Column("movie", integers: [1, 2, 2, 1, 1])
    let table = try Table([users, items, Column("rating", integers: [1, 2, 3, 4, 5])])
    for seed in UInt32(0)..<5 {
      let loaders = try DataLoaders(
        table, options: options { $0.seed = seed }, using: RandomStreams(seed: 1))
      let heldOut = Int(loaders.validationRows[0])
      #expect(loaders.users.count == 4)
      #expect(loaders.isTrained(3, of: .users) == (heldOut != 4))
      #expect(loaders.isTrained(1, of: .users))
    }
  }
}
