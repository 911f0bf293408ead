import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import TestSupport
import CollabTensors
import Testing
import CollabThreading

/// What is recommended is what trying every item would find.
struct RecommenderTests {
  /// Predicts as another model does, and says nothing of how.
  private final class Silent: Module {
    let typeName = "Silent"
    let other: any Module
    var members: [Member] { [.module("other", other)] }
    init(_ other: any Module) { self.other = other }
    func forward(_ input: Tensor) throws -> Tensor { try other.forward(input) }
  }

  /// Ratings of `users` by `items` in which user 3 has rated everything and user 4 one item.
  private static func loaders(users: Int = 40, items: Int = 30) throws -> DataLoaders {
    var pairs: [(user: Int, item: Int)] = []
    for user in 1...users {
      for item in 1...items {
        let isRated =
          switch user {
          case 3: true
          case 4: item == 7
          default: (user * 7 + item * item) % 5 == 0 || item == (user - 1) % items + 1
          }
        if isRated { pairs.append((user, item)) }
      }
    }
    let table = try Table([
      Column("user", integers: pairs.map(\.user)),
      Column("item", integers: pairs.map(\.item)),
      Column("rating", doubles: pairs.map { Double(($0.user + $0.item) % 5 + 1) }),
    ])
    let rows = Int32(0)..<Int32(pairs.count)
    var options = DataLoaders.Options()
    options.batchSize = 8
    // In training is a rating of every user and, by user 3, of every item.
    let isHeld = { (row: Int32) in
      let (user, item) = pairs[Int(row)]
      return row % 6 == 5 && user != 3 && user != 4 && item != (user - 1) % items + 1
    }
    return try DataLoaders(
      restoring: table, options: options, validationRows: rows.filter(isHeld),
      trainingRows: rows.filter { !isHeld($0) }, using: RandomStreams(seed: 1))
  }

  /// Weights in eighths, so that sums of products are exact, and each third item like the one before.
  private static func model(
    _ architecture: Architecture, for loaders: DataLoaders
  ) throws -> any RatingModel {
    var options = ModelOptions(for: architecture)
    (options.factors, options.layers, options.activations) = (5, [9, 4], 6)
    let model = try architecture.model(for: loaders, options, using: RandomStreams(seed: 2))
    var random = TorchGenerator(seed: 6)
    for part in model.state where part.tensor.dtype == .float32 {
      let width = part.tensor.count / max(part.tensor.shape.first ?? 1, 1)
      var values = random.uniform(count: part.tensor.count).map { ($0 * 16 - 8).rounded() / 8 }
      if part.tensor.shape.first == loaders.items.count {
        for row in stride(from: 3, to: loaders.items.count, by: 3) {
          for k in 0..<width { values[row * width + k] = values[(row - 1) * width + k] }
        }
      }
      if part.name.hasSuffix("running_var") { values = values.map { abs($0) + 0.5 } }
      part.tensor.set(values)
    }
    return model
  }

  /// Every item that is not rated nor `#na#`, the highest prediction first, of equal ones the earlier.
  private static func best(
    _ learner: Learner, for user: Int, count: Int
  ) throws -> [(item: Int, rating: Float)] {
    var rated: Set<Int> = [0]
    for set in [learner.loaders.training, learner.loaders.validation] {
      for (other, item) in zip(set.users, set.items) where Int(other) == user {
        rated.insert(Int(item))
      }
    }
    let open = (0..<learner.loaders.items.count).filter { !rated.contains($0) }
    guard !open.isEmpty else { return [] }
    learner.model.train(false)
    let ratings = try learner.model.forward(
      Tensor(open.flatMap { [Int64(user), Int64($0)] }, shape: [open.count, 2])
    ).scalars(as: Float.self)
    let all = zip(open, ratings).map { (item: $0, rating: $1) }
    return Array(
      all.sorted { ($1.rating, $0.item) < ($0.rating, $1.item) }.prefix(count))
  }

  private static func check(_ learner: Learner, _ users: [Int], counts: [Int]) throws {
    for count in counts {
      let lists = try Recommender(learner).recommendations(for: users, count: count)
      #expect(lists.count == users.count)
      for (user, list) in zip(users, lists) {
        let expected = try best(learner, for: user, count: count)
        #expect(list.map(\.item) == expected.map(\.item), "user \(user), \(count) items")
        #expect(isClose(list.map(\.rating), expected.map(\.rating), within: 1e-6))
      }
    }
  }

  /// All whose predictions rank.
  private static let ranking = Architecture.allCases.filter {
    ![.popular, .ease, .ials].contains($0)
  }

  @Test(arguments: ranking, [1, 3])
  func `recommendations of every architecture are what trying all items finds`(
    _ architecture: Architecture, _ threads: Int
  ) throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    learner.threads = Threads(threads)
    let everyone = Array(0..<loaders.users.count)
    try Self.check(learner, everyone, counts: [1, 4, loaders.items.count - 1, 1000])
    try Self.check(learner, [4], counts: [0, 1, 5])
    try Self.check(learner, [9, 2, 9], counts: [3])
    try Self.check(learner, [], counts: [3])
  }

  @Test(arguments: ranking)
  func `a model that says nothing of itself is asked for each pair`(
    _ architecture: Architecture
  ) throws {
    let loaders = try Self.loaders()
    let model = try Self.model(architecture, for: loaders)
    let (open, silent) = (Learner(loaders, model), Learner(loaders, Silent(model)))
    try Self.check(silent, [0, 1, 3, 4, 40], counts: [4, 1000])
    let users = Array(1...5)
    #expect(
      try Recommender(silent).recommendations(for: users, count: 6).map { $0.map(\.item) }
        == Recommender(open).recommendations(for: users, count: 6).map { $0.map(\.item) })
  }

  @Test func `whoever has rated everything is recommended nothing`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.collab, for: loaders))
    #expect(try Recommender(learner).recommendations(for: [3], count: 5) == [[]])
    let rest = try Recommender(learner).recommendations(for: [4], count: 1000)[0]
    #expect(rest.count == loaders.items.count - 2)
    #expect(Set(rest.map(\.item)) == Set(1..<loaders.items.count).subtracting([7]))
  }

  @Test(arguments: [Architecture.dot, .dotBias, .baseline, .itemKNN, .als])
  func `more items than are ranked at once are ranked all the same`(
    _ architecture: Architecture
  ) throws {
    let loaders = try Self.loaders(users: 35, items: 8300)
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    try Self.check(learner, [1, 2, 3, 4, 35], counts: [12])
  }

  @Test func `items of several threads are ranked as those of one`() throws {
    let loaders = try Self.loaders(users: 5, items: 20_000)
    let learner = Learner(loaders, try Self.model(.dotBias, for: loaders))
    let lists = try [1, 2, 3].map { count in
      learner.threads = Threads(count)
      return try Recommender(learner).recommendations(for: [1], count: 50)[0]
    }
    #expect(lists[0] == lists[1] && lists[0] == lists[2])
    #expect(lists[0].map(\.item) == (try Self.best(learner, for: 1, count: 50)).map(\.item))
  }

  @Test func `what has changed in the model changes what is recommended`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.dotBias, for: loaders))
    try Self.check(learner, [4], counts: [5])
    let bias = try #require(learner.roles.itemBias)
    // Small numbers: far from the middle of the range all stars are the same to the last bit.
    bias.set((0..<bias.count).map { Float($0) / 32 })
    try Self.check(learner, [4], counts: [5])
    let factors = try #require(learner.roles.itemFactors)
    factors.set((0..<factors.count).map { Float($0 % 7) / 8 })
    try Self.check(learner, [4], counts: [5])
    try learner.fit(epochs: 1, .flat(0.1))
    try Self.check(learner, [4], counts: [5])
  }

  // MARK: Which items

  private static func items(
    for user: Int, _ change: (inout RecommendationOptions) -> Void
  ) throws -> [Int] {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.dotBias, for: loaders))
    var options = RecommendationOptions()
    change(&options)
    return try Recommender(learner, options).recommendations(for: [user], count: 1000)[0]
      .map(\.item)
  }

  @Test func `rated items are hidden, shown, or shown where they are held out`() throws {
    let loaders = try Self.loaders()
    let all = Set(1..<loaders.items.count)
    let user = 7
    let trained = Set(loaders.trainingByUser.indices(of: user).map { Int($0) })
    let held = Set(loaders.validationByUser.indices(of: user).map { Int($0) })
    #expect(!held.isEmpty)
    #expect(try Set(Self.items(for: user) { $0.seen = .hide }) == all - trained - held)
    #expect(try Set(Self.items(for: user) { $0.seen = .hideTrain }) == all - trained)
    #expect(try Set(Self.items(for: user) { $0.seen = .show }) == all)
  }

  @Test func `only allowed items are recommended, and no excluded ones`() throws {
    let open = try Self.items(for: 4) { _ in }
    let some = Set(open.prefix(6))
    #expect(try Self.items(for: 4) { $0.allowed = some } == Array(open.prefix(6)))
    #expect(try Self.items(for: 4) { $0.excluded = some } == Array(open.dropFirst(6)))
    #expect(try Self.items(for: 4) { $0.allowed = [] }.isEmpty)
  }

  @Test(arguments: [Architecture.dotBias, .nn])
  func `an item without a rating to learn from is recommended only if that is wanted`(
    _ architecture: Architecture
  ) throws {
    // Titles are known wherever they occur; only one rating of C is there, and it is held out.
    let table = try Table([
      Column("user", texts: ["a", "a", "b", "b", "b"]),
      Column("title", texts: ["A", "B", "A", "B", "C"]),
      Column("rating", integers: [5, 4, 3, 2, 1]),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 2
    let loaders = try DataLoaders(
      restoring: table, options: options, validationRows: [4], trainingRows: [0, 1, 2, 3],
      using: RandomStreams(seed: 1))
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    let user = try #require(loaders.users.index(of: "a"))
    var choice = RecommendationOptions()
    #expect(try Recommender(learner, choice).recommendations(for: [user], count: 9) == [[]])
    choice.includesUnrated = true
    let list = try Recommender(learner, choice).recommendations(for: [user], count: 9)[0]
    #expect(list.map { loaders.items[$0.item] } == ["C"])
  }

  @Test func `likeness to the items above counts as much as asked`() throws {
    let table = try Table([
      Column("user", integers: [1, 2, 2, 2]), Column("item", integers: [4, 1, 2, 3]),
      Column("rating", integers: [3, 3, 3, 3]),
    ])
    var options = DataLoaders.Options()
    (options.batchSize, options.validFraction) = (1, 0)
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
    var torch = TorchGenerator(seed: 1)
    let model = try DotProduct(
      users: loaders.users.count, items: loaders.items.count, factors: 2, using: &torch)
    // Items 1 and 2 point the same way, 3 stands at a right angle; user 1 gives them 10, 9 and 5.
    try #require(model.roles.itemFactors).set([0, 0, 10, 0, 9, 0, 0, 5, 1, 1])
    try #require(model.roles.userFactors).set([0, 0, 1, 1, 0, 0])
    let learner = Learner(loaders, model)
    func order(_ diversity: Double) throws -> [Int] {
      var choice = RecommendationOptions()
      choice.diversity = diversity
      return try Recommender(learner, choice).recommendations(for: [1], count: 3)[0].map(\.item)
    }
    #expect(try order(0) == [1, 2, 3])
    // Relevance is 1, 0.8 and 0: behind item 1, item 2 has 0.8 (1 − d) − d and item 3 has 0.
    #expect(try order(0.4) == [1, 2, 3])
    #expect(try order(0.5) == [1, 3, 2])
  }

  @Test func `without factors those are alike that the same users have rated`() throws {
    // Items 1 and 2 have the same two raters, item 3 one of its own; user 9 has rated another.
    let pairs = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 3), (9, 4)]
    let table = try Table([
      Column("user", integers: pairs.map(\.0)), Column("item", integers: pairs.map(\.1)),
      Column("rating", integers: pairs.map { _ in 3 }),
    ])
    var options = DataLoaders.Options()
    (options.batchSize, options.validFraction) = (1, 0)
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
    let user = try #require(loaders.users.index(of: "9"))
    let model = try Baseline(users: loaders.users.count, items: loaders.items.count)
    try #require(model.roles.itemBias).set([0, 1, 0.9, 0.5, 0])
    func order(_ diversity: Double) throws -> [Int] {
      var choice = RecommendationOptions()
      choice.diversity = diversity
      return try Recommender(Learner(loaders, model), choice)
        .recommendations(for: [user], count: 3)[0].map(\.item)
    }
    #expect(try order(0) == [1, 2, 3])
    // Relevance is 1, 0.8 and 0: behind item 1, item 2 has 0.8 (1 − d) − d and item 3 has 0.
    #expect(try order(0.4) == [1, 2, 3])
    #expect(try order(0.5) == [1, 3, 2])
    // A file of fastai's has neither.
    let unknown = try Learner(contentsOf: Fixture.path("model_file/dot_bias.safetensors"))
    #expect(throws: InterpretationError.self) {
      var choice = RecommendationOptions()
      choice.diversity = 0.5
      let baseline = try Baseline(
        users: unknown.loaders.users.count, items: unknown.loaders.items.count)
      _ = try Recommender(Learner(unknown.loaders, baseline), choice)
    }
  }

  @Test(arguments: [Architecture.baseline, .popular], RecommendationOptions.Seen.allCases)
  func `where users are ranked alike, each of many gets the list that one alone gets`(
    _ architecture: Architecture, _ seen: RecommendationOptions.Seen
  ) throws {
    let loaders = try Self.loaders(users: 150)
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    let everyone = Array(0..<loaders.users.count)
    for (diversity, threads) in [(0.0, 1), (0.0, 3), (0.4, 2)] {
      learner.threads = Threads(threads)
      var options = RecommendationOptions()
      (options.seen, options.diversity, options.excluded) = (seen, diversity, [5])
      let recommender = try Recommender(learner, options)
      for count in [0, 1, 7, 1000] {
        #expect(
          try recommender.recommendations(for: everyone, count: count)
            == everyone.map { try recommender.recommendations(for: [$0], count: count)[0] })
      }
    }
  }

  // MARK: Pairs

  @Test func `who has no rating to learn from gets the answer of the baseline`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.dotBias, for: loaders))
    let pairs = [(user: 1, item: 2), (user: 0, item: 2), (user: 1, item: 0), (user: 0, item: 0)]
    let predictions = try learner.predictions(of: pairs)
    let own = try learner.model.forward(Tensor([1, 2] as [Int64], shape: [1, 2])).item()
    let baseline = loaders.baseline
    #expect(predictions.unknownUsers == [1, 3])
    #expect(predictions.unknownItems == [2, 3])
    #expect(predictions.ratings[0] == Float(own))
    #expect(predictions.ratings[1] == Float(baseline.mean + baseline.items[2]))
    #expect(predictions.ratings[2] == Float(baseline.mean + baseline.users[1]))
    #expect(predictions.ratings[3] == Float(baseline.mean))
    // A baseline that is fitted says the same of everybody.
    let fitted = Learner(
      loaders, try Baseline(users: loaders.users.count, items: loaders.items.count))
    try fitted.fit()
    #expect(
      isClose(
        try fitted.predictions(of: pairs).ratings[1...].map { $0 },
        Array(predictions.ratings[1...]), within: 1e-6))
  }

  @Test(arguments: [Architecture.dotBias, .itemKNN, .nn])
  func `many pairs are predicted alike by any number of threads`(
    _ architecture: Architecture
  ) throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    let pairs = (0..<20_000).map { (user: 1 + $0 % 40, item: 1 + $0 / 40 % 30) }
    let all = try [1, 2, 3].map { count in
      learner.threads = Threads(count)
      var told: [Int] = []
      let ratings = try learner.predictions(of: pairs) { told.append($0) }.ratings
      #expect(told.last == pairs.count && told == told.sorted())
      return ratings
    }
    #expect(all[0].count == pairs.count && all[0] == all[1] && all[0] == all[2])
  }

  @Test func `neighbours with few ratings are left out`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.dotBias, for: loaders))
    let all = try learner.neighbors(of: 5, count: 1000).filter { $0.index > 0 }
    let counts = loaders.training.items.reduce(into: [Int: Int]()) { $0[Int($1), default: 0] += 1 }
    for minimum in [1, 5, 9, 1000] {
      #expect(
        try learner.neighbors(of: 5, count: 1000, minimum: minimum)
          == all.filter { counts[$0.index, default: 0] >= minimum })
    }
  }

  @Test func `untrained equal predictions come in the order of the items`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(
      loaders, try Baseline(users: loaders.users.count, items: loaders.items.count))
    let found = try Recommender(learner).recommendations(for: [4], count: 8)[0].map(\.item)
    #expect(found == [1, 2, 3, 4, 5, 6, 8, 9])
  }
}

private func - <Element>(left: Set<Element>, right: Set<Element>) -> Set<Element> {
  left.subtracting(right)
}
