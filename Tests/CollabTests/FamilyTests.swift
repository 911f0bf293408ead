import Collab
import FoundationEssentials
import Glibc
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading
import TestSupport
import Testing

/// What `make_families.py` found with dense matrices, in double precision.
private struct Families: Decodable {
  struct Popular: Decodable {
    let counts: [Float]
    let relevant: [Float]
    let bias: [Float]
    let valid_loss: Float
  }
  struct Neighborly: Decodable {
    let neighbors: [[[Float]]]
    let predictions: [Float]
    let valid_loss: Float
  }
  struct Alternating: Decodable {
    let start: [Float]
    let user_factors: [Float]
    let user_bias: [Float]
    let item_factors: [Float]
    let item_bias: [Float]
    let losses: [[Double]]
  }

  let popular: Popular
  let itemknn: Neighborly
  let als: Alternating
}

/// Models that are not trained by gradients.
struct FamilyTests {
  private static let families: [Architecture] = [.popular, .itemKNN, .als]

  private let expected: Families

  init() throws { expected = try Fixture.decode(Families.self, from: "golden/families_small.json") }

  private func learner(
    _ architecture: Architecture, _ set: (inout ModelOptions) -> Void = { _ in }
  ) throws -> Learner {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    var options = ModelOptions(for: architecture)
    options.factors = 3
    set(&options)
    return Learner(
      session.loaders,
      try architecture.model(for: session.loaders, options, using: RandomStreams(seed: 1)))
  }

  private func state(_ learner: Learner, _ name: String) throws -> [Float] {
    let part = try #require(learner.model.state.first { $0.name == name })
    return part.tensor.scalars(as: Float.self)
  }

  /// All numbers of a model.
  private func numbers(_ learner: Learner) -> [[Double]] {
    learner.model.state.map { part in
      part.tensor.dtype == .int64
        ? part.tensor.scalars(as: Int64.self).map { Double($0) }
        : part.tensor.scalars(as: Float.self).map { Double($0) }
    }
  }

  /// What is predicted for the validation ratings.
  private func predictions(_ learner: Learner) throws -> [Float] {
    let pairs = zip(learner.loaders.validation.users, learner.loaders.validation.items)
      .flatMap { [Int64($0), Int64($1)] }
    return try learner.model.forward(Tensor(pairs, shape: [pairs.count / 2, 2]))
      .scalars(as: Float.self)
  }

  // MARK: What they find

  @Test func `popular counts ratings and shrinks means`() throws {
    let learner = try learner(.popular)
    try learner.fit()
    #expect(try state(learner, "counts").dropFirst() == expected.popular.counts[1...])
    #expect(isClose(try state(learner, "item_bias"), expected.popular.bias, within: 1e-6))
    let epochs = learner.recorder.epochs
    #expect(epochs.count == 1)
    #expect(abs(epochs[0].validLoss - expected.popular.valid_loss) < 1e-5)
    let some = try self.learner(.popular) { $0.relevant = 4 }
    try some.fit()
    #expect(try state(some, "counts").dropFirst() == expected.popular.relevant[1...])
    #expect(try state(some, "item_bias") == state(learner, "item_bias"))
  }

  @Test func `popular recommends what most have rated, with the stars that it predicts`() throws {
    let learner = try learner(.popular)
    try learner.fit()
    let rated = [learner.loaders.trainingByUser, learner.loaders.validationByUser]
      .flatMap { $0.indices(of: 2).map { Int($0) } }
    let counts = expected.popular.counts
    let best = counts.indices.dropFirst().filter { !rated.contains($0) }
      .sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
    let found = try Recommender(learner).recommendations(for: [2], count: 6)[0]
    #expect(found.map(\.item) == Array(best.prefix(6)))
    let mean = try state(learner, "mean")[0]
    let bias = expected.popular.bias
    #expect(isClose(found.map(\.rating), found.map { mean + bias[$0.item] }, within: 1e-5))
  }

  @Test func `itemknn finds the neighbours and predictions of its formulas`() throws {
    let learner = try learner(.itemKNN) {
      $0.neighborhood = Neighborhood(count: 5, kept: 8, shrinkage: 20)
    }
    try learner.fit()
    for (item, neighbors) in expected.itemknn.neighbors.enumerated().dropFirst() {
      let found = try learner.neighbors(of: item, count: 8)
      #expect(found.map { Float($0.index) } == neighbors.map { $0[0] }, "item \(item)")
      #expect(isClose(found.map(\.score), neighbors.map { $0[1] }, within: 1e-5))
    }
    #expect(isClose(try predictions(learner), expected.itemknn.predictions, within: 1e-4))
    let epochs = learner.recorder.epochs
    #expect(epochs.count == 1)
    #expect(abs(epochs[0].validLoss - expected.itemknn.valid_loss) < 1e-4)
  }

  @Test func `als solves the equations of its formula`() throws {
    let learner = try learner(.als) { $0.ridge = Ridge(strength: 0.4, exponent: 0.7) }
    let model = try #require(learner.model as? ALS)
    let start = try model.state.map { part in
      part.name == "item_factors"
        ? (part.name, try Tensor(expected.als.start, shape: part.tensor.shape)) : part
    }
    try model.load(start)
    try learner.fit(FitPlan(epochs: expected.als.losses.count))
    for (name, values) in [
      ("user_factors", expected.als.user_factors), ("user_bias", expected.als.user_bias),
      ("item_factors", expected.als.item_factors), ("item_bias", expected.als.item_bias),
    ] {
      #expect(isClose(try state(learner, name), values, within: 1e-3), "\(name)")
    }
    #expect(largestDifference(learner.recorder.table, expected.als.losses) < 1e-4)
  }

  @Test func `als with annealing is as fits of one iteration, with penalties that come down`()
    throws
  {
    func als(_ strength: Double) throws -> Learner {
      try learner(.als) { $0.ridge = Ridge(strength: strength, exponent: 0.7) }
    }
    let whole = try als(0.4)
    var state = try whole.model.state.map { part in
      (part.name, try Tensor(part.tensor.scalars(as: Float.self), shape: part.tensor.shape))
    }
    try whole.fit(FitPlan(epochs: 3, annealing: 4))
    var losses: [Float] = []
    for strength in [1.6, 0.8, 0.4] {
      let one = try als(strength)
      try #require(one.model as? ALS).load(state)
      try one.fit(FitPlan(epochs: 1))
      state = one.model.state.map { ($0.name, $0.tensor) }
      losses += one.recorder.epochs.map(\.validLoss)
    }
    #expect(whole.recorder.epochs.map(\.validLoss) == losses)
  }

  @Test func `what is left of a fit with annealing begins where it was stopped`() {
    let plan = FitPlan(epochs: 5, annealing: 3)
    #expect((0..<5).map(plan.annealing) == [3, pow(3, 0.75), pow(3, 0.5), pow(3, 0.25), 1])
    let rest = FitPlan(epochs: 3, annealing: plan.annealing(of: 2))
    for epoch in 0..<3 {
      #expect(abs(rest.annealing(of: epoch) - plan.annealing(of: epoch + 2)) < 1e-12)
    }
    #expect(FitPlan(epochs: 1, annealing: 3).annealing(of: 0) == 1)
  }

  @Test func `als without a ridge is finite, even with more factors than ratings`() throws {
    let learner = try learner(.als) { ($0.factors, $0.ridge.strength) = (60, 0) }
    try learner.fit(FitPlan(epochs: 2))
    #expect(
      learner.model.state.allSatisfy { $0.tensor.scalars(as: Float.self).allSatisfy(\.isFinite) })
  }

  // MARK: What they have in common

  @Test(arguments: families)
  func `another loss is measured by predicting the training ratings`(
    _ architecture: Architecture
  ) throws {
    let learner = try learner(architecture)
    let other = Learner(learner.loaders, learner.model, loss: .meanAbsoluteError)
    try other.fit(FitPlan(epochs: 1))
    let training = learner.loaders.training
    let pairs = zip(training.users, training.items).flatMap { [Int64($0), Int64($1)] }
    let found = try other.model.forward(Tensor(pairs, shape: [pairs.count / 2, 2]))
      .scalars(as: Float.self)
    let sum = zip(found, training.stars).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    let expected = sum / Double(training.count)
    #expect(abs(Double(other.recorder.epochs[0].trainLoss) - expected) < 1e-4)
  }

  @Test(arguments: families)
  func `any number of threads finds the same bits, and one seed the same`(
    _ architecture: Architecture
  ) throws {
    let results = try [1, 2, 5].map { threads in
      let learner = try learner(architecture)
      learner.threads = Threads(threads)
      try learner.fit(FitPlan(epochs: 2))
      return (
        numbers(learner),
        learner.recorder.table
      )
    }
    for other in results.dropFirst() {
      #expect(other.0 == results[0].0)
      #expect(other.1 == results[0].1)
    }
  }

  @Test(arguments: families)
  func `a checkpoint goes back, and the next fit does the same again`(
    _ architecture: Architecture
  ) throws {
    let learner = try learner(architecture)
    let before = try predictions(learner)
    let checkpoint = try learner.checkpoint()
    try learner.fit(FitPlan(epochs: 1))
    let after = try predictions(learner)
    #expect(after != before)
    learner.restore(checkpoint)
    #expect(try predictions(learner) == before)
    #expect(learner.recorder.epochs.isEmpty)
    try learner.fit(FitPlan(epochs: 1))
    #expect(try predictions(learner) == after)
  }

  /// Stops at a part, which is counted from 0.
  private final class Stopper: FitObserver {
    private var left: Int
    init(after parts: Int) { left = parts }
    private func goesOn() -> Bool {
      left -= 1
      return left >= 0
    }
    func batchDidFinish(_ progress: FitProgress) -> Bool { goesOn() }
    func partDidFinish(_ progress: FitProgress) -> Bool { goesOn() }
    func epochDidFinish(_ epoch: Recorder.Epoch) {}
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7])
  func `als that is stopped has done whole iterations, and goes on from there`(_ parts: Int) throws
  {
    let (whole, stopped) = (try learner(.als), try learner(.als))
    try whole.fit(FitPlan(epochs: 4))
    let outcome = try stopped.fit(FitPlan(epochs: 4), observer: Stopper(after: parts))
    guard case .stopped(let epoch, _) = outcome else {
      Issue.record("it was not stopped")
      return
    }
    // Two parts and a batch an epoch; one that stops at its batch has done all of it.
    let done = epoch + (parts % 3 == 2 ? 1 : 0)
    #expect(epoch == parts / 3)
    try stopped.fit(FitPlan(epochs: 4 - done))
    #expect(
      numbers(stopped) == numbers(whole))
  }

  @Test func `itemknn that is stopped keeps the neighbours it had`() throws {
    let learner = try learner(.itemKNN)
    try learner.fit()
    let before = try state(learner, "similarities")
    #expect(try learner.fit(observer: Stopper(after: 1)) != .finished)
    #expect(try state(learner, "similarities") == before)
  }

  @Test(arguments: families)
  func `its state makes another one that predicts the same`(_ architecture: Architecture) throws {
    let learner = try learner(architecture)
    try learner.fit()
    let model = try #require(learner.model as? any RatingModel)
    let other = try model.shape.model(using: RandomStreams(seed: 9))
    try other.load(model.state)
    let twin = Learner(learner.loaders, other)
    #expect(try predictions(twin) == predictions(learner))
    let users = [1, 2, 3]
    #expect(
      try Recommender(twin).recommendations(for: users, count: 4)
        == Recommender(learner).recommendations(for: users, count: 4))
  }

  @Test func `neighbours that are no items are passed over`() throws {
    let learner = try learner(.itemKNN)
    try learner.fit()
    let before = try predictions(learner)
    let model = try #require(learner.model as? ItemKNN)
    let state = try model.state.map { part in
      part.name == "neighbors"
        ? (
          part.name,
          try Tensor(
            [Int64](repeating: .max - 3, count: part.tensor.count), shape: part.tensor.shape)
        ) : part
    }
    try model.load(state)
    let after = try predictions(learner)
    #expect(after != before)
    #expect(after.allSatisfy { $0.isFinite })
  }

  @Test(arguments: families)
  func `one for fewer users or items than the loaders have is refused`(
    _ architecture: Architecture
  ) throws {
    let loaders = try learner(architecture).loaders
    func fit(users: Int, items: Int) throws {
      let shape = ModelShape(
        architecture, users: EmbeddingSize(rows: users, columns: 3),
        items: EmbeddingSize(rows: items, columns: 3), options: ModelOptions(for: architecture))
      try Learner(loaders, shape.model(using: RandomStreams(seed: 1))).fit()
    }
    #expect(throws: TensorError.self) { try fit(users: loaders.users.count, items: 2) }
    // Counts of items know no users.
    guard architecture != .popular else { return }
    #expect(throws: TensorError.self) { try fit(users: 2, items: loaders.items.count) }
  }
}

/// The folder of MovieLens 100K that `COLLAB_DATA` names, if it has the five folds.
private let folds: String? = {
  guard let folder = getenv("COLLAB_DATA").map({ String(cString: $0) }) else { return nil }
  return [folder, folder + "/ml-100k"].first { access($0 + "/u5.test", R_OK) == 0 }
}()

/// The errors of families on MovieLens 100K's five folds.
struct FoldTests {
  /// Means over u1…u5, predictions clipped to the stars: what Surprise's `BaselineOnly` and item
  /// `KNNBaseline` reach, and LensKit's and cmfrec's alternating least squares.
  private static let expected: [(Architecture, Double)] = [
    (.baseline, 0.9457), (.itemKNN, 0.9204), (.als, 0.920),
  ]

  private func table(_ name: String) throws -> Table {
    let text = String(decoding: try Data(contentsOf: URL(filePath: name)), as: UTF8.self)
    var columns: [[Int]] = [[], [], []]
    for line in text.split(separator: "\n") {
      let numbers = line.split(separator: "\t").compactMap { Int($0) }
      for place in 0..<3 { columns[place].append(numbers[place]) }
    }
    return try Table([
      Column("user", integers: columns[0]), Column("movie", integers: columns[1]),
      Column("rating", integers: columns[2]),
    ])
  }

  @Test(
    .enabled(if: folds != nil, "set COLLAB_DATA to a folder with MovieLens 100K"),
    arguments: expected)
  func `five folds have the error that the formulas reach elsewhere`(
    _ architecture: Architecture, _ figure: Double
  ) throws {
    let folder = try #require(folds)
    let errors = try (1...5).map { fold in
      var options = DataLoaders.Options()
      (options.user, options.item, options.rating) = ("user", "movie", "rating")
      let streams = RandomStreams(seed: 42)
      let loaders = try DataLoaders(
        table("\(folder)/u\(fold).base"), validation: table("\(folder)/u\(fold).test"),
        options: options, using: streams)
      let learner = Learner(
        loaders,
        try architecture.model(for: loaders, ModelOptions(for: architecture), using: streams))
      try learner.fit()
      let pairs = zip(loaders.validation.users, loaders.validation.items)
        .flatMap { [Int64($0), Int64($1)] }
      let predictions = try learner.model.forward(Tensor(pairs, shape: [pairs.count / 2, 2]))
        .scalars(as: Float.self)
      let squares = zip(predictions, loaders.validation.stars).reduce(0.0) { sum, pair in
        let error = Double(min(max(pair.0, 1), 5) - pair.1)
        return sum + error * error
      }
      return (squares / Double(loaders.validation.count)).squareRoot()
    }
    let mean = errors.reduce(0, +) / 5
    // Alternating least squares does better here than elsewhere.
    #expect(mean < figure + 0.003, "\(mean)")
    if architecture != .als { #expect(mean > figure - 0.003, "\(mean)") }
  }
}
