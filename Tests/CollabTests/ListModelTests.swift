import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading
import Glibc
import TestSupport
import Testing

/// What `make_lists.py` found with dense matrices, in double precision, and with `implicit`.
private struct Lists: Decodable {
  let ease: [Float]
  let ease_ungraded: [Float]
  let ease_scores: [Float]
  let start: [Float]
  let user_factors: [Float]
  let item_factors: [Float]
  let implicit_user_factors: [Float]
}

/// A user, an item and a rating.
private typealias TestRating = (Int, Int, Double)

/// Models that rank.
struct ListModelTests {
  private static let families: [Architecture] = [.ease, .ials]

  private let expected: Lists

  init() throws { expected = try Fixture.decode(Lists.self, from: "golden/lists_small.json") }

  private func learner(
    _ architecture: Architecture, _ loaders: DataLoaders? = nil,
    _ set: (inout ModelOptions) -> Void = { _ in }
  ) throws -> Learner {
    let loaders =
      try loaders
      ?? ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle").loaders
    var options = ModelOptions(for: architecture)
    if architecture == .ials { options.factors = 3 }
    set(&options)
    return Learner(
      loaders, try architecture.model(for: loaders, options, using: RandomStreams(seed: 1)))
  }

  private func ials(
    _ factors: [Float], ridge: Ridge, isGraded: Bool
  ) throws -> Learner {
    let learner = try learner(.ials) {
      ($0.ridge, $0.unobserved, $0.isGraded) = (ridge, 0.3, isGraded)
    }
    let model = try #require(learner.model as? IALS)
    try model.load(
      model.state.map { part in
        part.name == "item_factors"
          ? (part.name, try Tensor(factors, shape: part.tensor.shape)) : part
      })
    return learner
  }

  private func numbers(_ learner: Learner, _ name: String) throws -> [Float] {
    let part = try #require(learner.model.state.first { $0.name == name })
    return part.tensor.scalars(as: Float.self)
  }

  private func scores(_ learner: Learner, of user: Int) throws -> [Float] {
    let model = try #require(learner.model as? any RatingModel)
    return try #require(model.rankingScores(of: user, 0..<learner.loaders.items.count))
  }

  /// A table of users, items and ratings, all of which are learned from.
  private func loaders(_ ratings: [TestRating]) throws -> DataLoaders {
    let table = try Table([
      Column("user", integers: ratings.map(\.0)), Column("item", integers: ratings.map(\.1)),
      Column("rating", doubles: ratings.map(\.2)),
    ])
    var options = DataLoaders.Options()
    (options.batchSize, options.validFraction) = (2, 0)
    return try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
  }

  // MARK: Right values

  @Test func `ease has the weights that a dense inverse gives`() throws {
    let graded = try learner(.ease) { $0.ridge.strength = 20 }
    try graded.fit()
    #expect(isClose(try numbers(graded, "weights"), expected.ease, within: 1e-5))
    #expect(isClose(try scores(graded, of: 2), expected.ease_scores, within: 1e-5))
    let plain = try learner(.ease) { ($0.ridge.strength, $0.isGraded) = (5, false) }
    try plain.fit()
    #expect(isClose(try numbers(plain, "weights"), expected.ease_ungraded, within: 1e-5))
  }

  /// Two items that both users have rated: XᵀX + λ is [[3, 2], [2, 3]], P = [[3, −2], [−2, 3]] / 5, and
  /// −P / diag(P) is 2/3 beside the diagonal.
  @Test func `ease of two items is what one works out by hand`() throws {
    let learner = try learner(
      .ease, loaders([(1, 1, 3), (1, 2, 3), (2, 1, 3), (2, 2, 3)])
    ) { $0.ridge.strength = 1 }
    try learner.fit()
    let third: Float = 2.0 / 3
    #expect(
      isClose(
        try numbers(learner, "weights"), [0, 0, 0, 0, 0, third, 0, third, 0], within: 1e-6))
  }

  @Test func `ease of more items than a block has is an inverse, too`() throws {
    var ratings: [TestRating] = []
    for user in 1...90 {
      for item in 1...150 where (user * item + user) % 7 < 2 {
        ratings.append((user, item, Double((user + item) % 5 + 1)))
      }
    }
    let learner = try learner(.ease, loaders(ratings)) { $0.ridge.strength = 3 }
    try learner.fit()
    let (count, weights) = (learner.loaders.items.count, try numbers(learner, "weights"))
    let grades: [Double] = [0.2, 0.2, 0.5, 0.9, 1]
    var rows = [[Double]](repeating: [Double](repeating: 0, count: count), count: 91)
    for (user, item, stars) in ratings {
      rows[user][item] = grades[try #require(Int(exactly: stars)) - 1]
    }
    // (XᵀX + λ)(B − 1) is diagonal, as it is minus P / diag(P) times the inverse of P.
    for item in 1..<count {
      var products = [Double](repeating: 0, count: count)
      products[item] = 3
      for row in rows where row[item] > 0 {
        for other in 0..<count { products[other] += row[item] * row[other] }
      }
      for column in 1..<count where column != item {
        var sum: Double = -products[column]
        for other in 0..<count { sum += products[other] * Double(weights[other * count + column]) }
        #expect(abs(sum) < 1e-3, "\(item) \(column)")
      }
    }
  }

  @Test func `ease without a ridge is finite, even where items are rated alike`() throws {
    let learner = try learner(
      .ease, loaders([(1, 1, 3), (1, 2, 3), (2, 1, 3), (2, 2, 3), (2, 3, 3)])
    ) { $0.ridge.strength = 0 }
    try learner.fit()
    #expect(try numbers(learner, "weights").allSatisfy(\.isFinite))
  }

  @Test func `ials has the factors that dense equations give`() throws {
    let learner = try ials(
      expected.start, ridge: Ridge(strength: 0.4, exponent: 0.7), isGraded: true)
    try learner.fit(FitPlan(epochs: 4))
    #expect(isClose(try numbers(learner, "user_factors"), expected.user_factors, within: 1e-4))
    #expect(isClose(try numbers(learner, "item_factors"), expected.item_factors, within: 1e-4))
    var products: [Float] = []
    for item in 0..<learner.loaders.items.count {
      var product: Float = 0
      for k in 0..<3 {
        product += expected.user_factors[6 + k] * expected.item_factors[3 * item + k]
      }
      products.append(product)
    }
    #expect(isClose(try scores(learner, of: 2), products, within: 1e-4))
  }

  @Test func `ials takes in users with the factors that the library implicit finds`() throws {
    let learner = try ials(
      expected.start, ridge: Ridge(strength: 0.4, exponent: 0), isGraded: false)
    let known = learner.loaders.trainingByUser
    for user in 1..<learner.loaders.users.count {
      let rater = try learner.foldIn(
        zip(known.indices(of: user), known.stars(of: user)).map {
          ItemRating(item: Int($0), stars: $1)
        })
      #expect(
        isClose(
          try #require(rater.factors),
          Array(expected.implicit_user_factors[user * 3..<user * 3 + 3]), within: 1e-5))
    }
  }

  // MARK: Stars, and somebody new

  @Test(arguments: families)
  func `its stars are those of the baseline, and the losses too`(_ family: Architecture) throws {
    let (learner, baseline) = (try learner(family), try learner(.baseline))
    try learner.fit()
    try baseline.fit()
    let pairs = (1...9).map { (user: $0, item: 2 * $0) }
    #expect(
      isClose(
        try learner.predictions(of: pairs).ratings, try baseline.predictions(of: pairs).ratings,
        within: 1e-6))
    #expect(learner.recorder.epochs.count == 1)
    #expect(learner.recorder.epochs[0].validLoss == baseline.recorder.epochs.last?.validLoss)
  }

  @Test(arguments: families)
  func `a user folded in anew gets the list that the model has for them`(
    _ family: Architecture
  ) throws {
    let learner = try learner(family)
    // So often that the users' factors are those that belong to the items' now.
    try learner.fit(FitPlan(epochs: family == .ials ? 200 : 1))
    let count = learner.loaders.items.count
    let rater = try learner.foldIn(learner.rater(3).ratings)
    #expect(
      isClose(
        try #require(rater.rankingScores(0..<count)), try scores(learner, of: 3), within: 1e-4))
    let recommender = try Recommender(learner)
    #expect(
      try recommender.recommendations(for: rater, count: 5).map(\.item)
        == recommender.recommendations(for: learner.rater(3), count: 5).map(\.item))
  }

  @Test(arguments: families)
  func `whoever has rated nothing is recommended what most have rated`(
    _ family: Architecture
  ) throws {
    let learner = try learner(family)
    try learner.fit()
    let counts = learner.loaders.itemCounts.map { Float($0) }
    #expect(try scores(learner, of: 0) == counts)
    let nobody = try learner.foldIn([])
    #expect(nobody.rankingScores(0..<counts.count) == counts)
  }

  @Test func `what each rating adds to a score of ease is its grade times a weight`() throws {
    let learner = try learner(.ease)
    try learner.fit()
    let ratings = [
      ItemRating(item: 3, stars: 5), ItemRating(item: 8, stars: 3), ItemRating(item: 9, stars: 1),
    ]
    let why = try learner.explanation(of: 12, for: learner.foldIn(ratings))
    let (weights, count) = (try numbers(learner, "weights"), learner.loaders.items.count)
    let grades: [Int: Float] = [3: 1, 8: 0.5, 9: 0.2]
    for influence in why.influences {
      let item = influence.rating.item
      let expected = (grades[item] ?? .nan) * weights[item * count + 12]
      #expect(abs(influence.change - expected) < 1e-6)
    }
    let sum = why.influences.reduce(Float(0)) { $0 + $1.change }
    #expect(abs(try #require(why.score) - sum) < 1e-6)
    #expect(why.influences.count == 3)
  }

  // MARK: Grades

  @Test func `half stars are graded by their place, counts not at all`() throws {
    func weights(_ stars: [Double], isGraded: Bool = true) throws -> [Float] {
      let first = stars[0]
      var ratings: [TestRating] = []
      for (place, stars) in zip(1..., stars) {
        ratings += [(place, 1, stars), (place, 2, first)]
      }
      let learner = try self.learner(.ease, loaders(ratings)) {
        ($0.ridge.strength, $0.isGraded) = (1, isGraded)
      }
      try learner.fit()
      return try numbers(learner, "weights")
    }
    // Twice as fine, the same grades: 1 to 5 is 0 to 8.
    #expect(try weights([1, 5, 4, 3]) == weights([0, 8, 6, 4]))
    #expect(try weights([1, 5, 4, 3]) != weights([1, 5, 5, 3]))
    #expect(try weights([1, 5, 4], isGraded: false) == weights([1, 5, 5], isGraded: false))
    // A long tail of counts.
    let counts = [Double](repeating: 1, count: 20) + [2, 40]
    let others = [Double](repeating: 1, count: 20) + [30, 11]
    #expect(try weights(counts) == weights(others))
  }

  @Test func `counts are told from stars`() throws {
    func holds(_ stars: [Double]) throws -> Bool {
      var ratings: [TestRating] = []
      for (place, stars) in stars.enumerated() {
        ratings.append((place % 3 + 1, place / 3 + 1, stars))
      }
      return try loaders(ratings).holdsCounts
    }
    #expect(try holds([1, 1, 2, 1, 1, 3, 1, 25, 1]))
    #expect(try !holds([1, 2, 3, 4, 5, 1, 1]))
    #expect(try !holds([1, 10, 9, 8, 7, 10]))
    #expect(try !holds([1, 100, 60, 55, 80, 70]))
    #expect(try !holds([1, 1, 1.5, 1, 1, 25]))
  }

  @Test func `ials is the surer of a count the higher it is`() throws {
    func score(_ count: Double) throws -> Float {
      var ratings: [TestRating] = [(5, 1, count), (5, 5, 30)]
      for place in 0..<16 { ratings.append((place % 4 + 1, place / 4 + 1, 1)) }
      let learner = try self.learner(.ials, loaders(ratings))
      try learner.fit()
      #expect(learner.loaders.holdsCounts)
      return try scores(learner, of: 5)[1]
    }
    #expect(try score(20) > score(2))
  }

  @Test func `of several ratings of a pair the last counts`() throws {
    for family in Self.families {
      let both = try learner(
        family, loaders([(1, 1, 1), (1, 1, 5), (1, 2, 5), (2, 1, 1), (2, 2, 3)]))
      let last = try learner(family, loaders([(1, 1, 5), (1, 2, 5), (2, 1, 1), (2, 2, 3)])) {
        // A row's ratings count in the ridge.
        $0.ridge.exponent = 0
      }
      let same = try learner(family, both.loaders) { $0.ridge.exponent = 0 }
      try last.fit()
      try same.fit()
      #expect(isClose(try scores(same, of: 1), try scores(last, of: 1), within: 1e-6))
    }
  }

  // MARK: What they have in common with others

  @Test(arguments: families)
  func `any number of threads finds the same bits`(_ family: Architecture) throws {
    let results = try [1, 2, 5].map { threads in
      let learner = try learner(family)
      learner.threads = Threads(threads)
      try learner.fit()
      return learner.model.state.map { $0.tensor.scalars(as: Float.self).map(\.bitPattern) }
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test(arguments: families)
  func `a checkpoint goes back, and its state makes another one that ranks the same`(
    _ family: Architecture
  ) throws {
    let learner = try learner(family)
    let before = try scores(learner, of: 1)
    let checkpoint = try learner.checkpoint()
    try learner.fit()
    let after = try scores(learner, of: 1)
    let model = try #require(learner.model as? any RatingModel)
    let other = try model.shape.model(using: RandomStreams(seed: 9))
    try other.load(model.state)
    #expect(try scores(Learner(learner.loaders, other), of: 1) == after)
    learner.restore(checkpoint)
    #expect(try scores(learner, of: 1) == before && before != after)
    try learner.fit()
    #expect(try scores(learner, of: 1) == after)
  }

  /// Stops at a part, which is counted from 0.
  private final class Stopper: FitObserver {
    private var left: Int
    init(after parts: Int) { left = parts }
    func batchDidFinish(_ progress: FitProgress) -> Bool { true }
    func partDidFinish(_ progress: FitProgress) -> Bool {
      left -= 1
      return left >= 0
    }
    func epochDidFinish(_ epoch: Recorder.Epoch) {}
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func `ials that is stopped has done whole iterations, and goes on from there`(
    _ parts: Int
  ) throws {
    let (whole, stopped) = (try learner(.ials), try learner(.ials))
    try whole.fit(FitPlan(epochs: 4))
    guard
      case .stopped(let epoch, _) = try stopped.fit(
        FitPlan(epochs: 4), observer: Stopper(after: parts))
    else {
      Issue.record("it was not stopped")
      return
    }
    #expect(epoch == parts / 2)
    try stopped.fit(FitPlan(epochs: 4 - epoch))
    #expect(try scores(stopped, of: 1) == scores(whole, of: 1))
  }

  @Test(arguments: [0, 1])
  func `ease that is stopped keeps the weights it had`(_ parts: Int) throws {
    let learner = try learner(.ease)
    try learner.fit()
    let before = try numbers(learner, "weights")
    #expect(try learner.fit(observer: Stopper(after: parts)) != .finished)
    #expect(try numbers(learner, "weights") == before)
  }

  @Test func `too many items are refused before there is a matrix of them`() {
    #expect(throws: ListError.tooManyItems(20_001)) { try EASE(users: 2, items: 20_002) }
  }

  // MARK: Orders

  @Test(arguments: families)
  func `lists are ordered by scores, or by stars where that is asked for`(
    _ family: Architecture
  ) throws {
    let learner = try learner(family)
    try learner.fit()
    var options = RecommendationOptions()
    options.seen = .show
    func items(_ order: RecommendationOptions.Order?) throws -> [Int] {
      options.order = order
      return try Recommender(learner, options).recommendations(for: [2], count: 40)[0].map(\.item)
    }
    let (scores, rated) = (try scores(learner, of: 2), learner.loaders.itemCounts)
    let candidates = (1..<rated.count).filter { rated[$0] > 0 }
    let best = candidates.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
    #expect(try items(nil) == Array(best.prefix(40)))
    #expect(try items(.rank) == items(nil))
    let stars = try numbers(learner, "baseline.item_bias")
    let starred = try items(.rating).map { stars[$0] }
    #expect(starred == starred.sorted(by: >))
    #expect(learner.ranksApart)
  }

  @Test(arguments: [Architecture.als, .itemKNN])
  func `a model of ratings ranks by likely relevance where that is asked for`(
    _ architecture: Architecture
  ) throws {
    let learner = try learner(architecture)
    try learner.fit()
    #expect(!learner.ranksApart)
    var options = RecommendationOptions()
    (options.order, options.seen) = (.rank, .show)
    let counts = learner.loaders.itemCounts
    let pairs = (0..<counts.count).map { (user: 2, item: $0) }
    let stars = try learner.predictions(of: pairs).ratings
    // A rating of 3.5 or more, a standard deviation of a star around the prediction, by Simpson's rule.
    func likely(_ stars: Float) -> Double {
      let (low, high) = (3.5 - Double(stars), 12.0)
      let width = (high - low) / 2000
      var sum = 0.0
      for place in 0...2000 {
        let weight: Double = place % 2000 == 0 ? 1 : place % 2 == 0 ? 2 : 4
        sum += weight * density(low + Double(place) * width)
      }
      return sum * width / 3
    }
    var scores: [Double] = []
    for place in pairs.indices {
      scores.append(Double(counts[place]).squareRoot() * likely(stars[place]))
    }
    let best = scores.indices.dropFirst().sorted { scores[$0] > scores[$1] }
    let found = try Recommender(learner, options).recommendations(for: [2], count: 10)[0]
    #expect(found.map(\.item) == Array(best.prefix(10)))
    #expect(isClose(found.map(\.rating), found.map { stars[$0.item] }, within: 1e-5))
    let rater = try Recommender(learner, options).recommendations(for: learner.rater(2), count: 40)
    options.seen = .hideTrain
    let hidden = try Recommender(learner, options).recommendations(for: [2], count: 40)[0]
    #expect(rater.count == 40 && !hidden.isEmpty)
  }
}

/// The standard normal density.
private func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
