import Collab
import FoundationEssentials
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading

/// What can be measured, by name.
struct Case: Sendable {
  let name: String
  let summary: String
  /// Whether it takes many minutes, and is run only where it is asked for.
  var isApart = false
  let run: @Sendable (Bench) throws -> Void

  static let all: [Case] = [
    Case(name: "collab", summary: "dot product and biases, ML-100K, batches of 64") {
      try $0.epochs("collab", .collab, goal: 0.025, floor: Floor.dotBias)
    },
    Case(name: "dense", summary: "the same with Adam's dense update") {
      try $0.epochs("dense", .collab, rowUpdate: .dense, goal: nil, floor: nil)
    },
    Case(name: "own", summary: "a model defined at the prompt beside the built-in one") {
      try $0.ownModel()
    },
    Case(name: "nn", summary: "use_nn, layers 100 and 50, ML-100K, batches of 64") {
      try $0.epochs("nn", .nn, goal: 0.3, floor: Floor.neural)
    },
    Case(name: "allocations", summary: "how often a step asks for memory") {
      try $0.allocations()
    },
    Case(name: "rank", summary: "the ten best items for every user of ML-100K") {
      try $0.ranking()
    },
    Case(name: "fold-in", summary: "somebody new with 20 ratings, 50 factors") {
      try $0.foldingIn()
    },
    Case(name: "lists", summary: "the ten best of 59,047 items: for a user, and for all 162,541") {
      try $0.lists()
    },
    Case(name: "load", summary: "start, take up a model of ML-25M's shape, list for one user") {
      try $0.loading()
    },
    Case(name: "evaluate", summary: "all metrics with 1,000 resamples, ML-100K and ML-25M's shape")
    {
      try $0.evaluation()
    },
    Case(name: "similar", summary: "titles like one of 60,000") { try $0.similarItems() },
    Case(name: "read", summary: "reading ratings, beside polars, 5 million; --full: 25") {
      try $0.reading()
    },
    Case(name: "start", summary: "until statements run, until the prompt") { try $0.starting() },
    Case(name: "parse", summary: "10,000 dense lines, from text to syntax") { try $0.parsing() },
    Case(name: "chapter", summary: "the chapter's notebook, all its fits") { try $0.chapter() },
    Case(name: "peers", summary: "the same in fastai, PyTorch and cornac") { try $0.peers() },
    Case(name: "complete", summary: "Tab behind the beginning of one of 60,000 titles") {
      try $0.completion()
    },
    Case(name: "keys", summary: "a key at the prompt until it stands on the screen") {
      try $0.keys()
    },
    Case(name: "bayes", summary: "errors and time of Gibbs sampling on the folds of ML-100K") {
      try $0.bayes()
    },
    Case(
      name: "bayes-25m", summary: "sweeps of ML-25M's shape, and how long they were said to take"
    ) {
      try $0.largeSweeps()
    },
    Case(name: "25m", summary: "ML-25M's shape, batches of 64, validation, ranking") {
      try $0.large()
    },
    Case(name: "25m-4096", summary: "ML-25M's shape, batches of 4096") {
      try $0.largeBatches()
    },
    Case(name: "als", summary: "alternating least squares, ML-25M's shape, beside implicit") {
      try $0.alternatingLeastSquares()
    },
    Case(
      name: "spark", summary: "als beside a job of Spark, 1 and 5 million ratings; --full: 25",
      isApart: true
    ) {
      try $0.spark()
    },
    Case(
      name: "curves", summary: "how time grows with ratings, users, factors, batch size",
      isApart: true
    ) {
      try $0.curves()
    },
    Case(
      name: "scale",
      summary: "validation loss over seconds, ML-25M's shape, beside libmf and cornac",
      isApart: true
    ) {
      try $0.scale()
    },
  ]
}

/// The least that an epoch of ML-100K can take here: its divisions and square roots, or its
/// products, at the rates that the machine reaches in a loop of nothing else.
enum Floor {
  private static let steps = 1250.0
  private static let rowsOfBatch = 128.0
  private static let factors = 50.0

  /// Each element of the rows of a batch takes one root and two divisions to be brought up to date.
  static var dotBias: Double {
    steps * rowsOfBatch * factors * Machine.secondsOfRootAndDivisions
  }

  /// Three products a layer, of 64 rows.
  static var neural: Double {
    steps * 3 * 64 * (176.0 * 100 + 100 * 50 + 50) * Machine.secondsOfProduct
  }
}

extension Bench {
  func learner(
    _ table: Table, _ architecture: Architecture, batchSize: Int = 64, factors: Int = 50,
    validFraction: Double = 0.2, ridge: Ridge = Ridge()
  ) throws -> Learner {
    let streams = RandomStreams(seed: 42)
    var options = DataLoaders.Options()
    (options.batchSize, options.validFraction) = (batchSize, validFraction)
    let loaders = try DataLoaders(table, options: options, using: streams)
    var sizes = ModelOptions(for: architecture)
    (sizes.factors, sizes.ridge) = (factors, ridge)
    return Learner(loaders, try architecture.model(for: loaders, sizes, using: streams))
  }

  /// Epochs of a fit; the first is the warm-up.
  func epochs(
    _ name: String, _ architecture: Architecture, rowUpdate: RowUpdate = .lazy, goal: Double?,
    floor: Double?
  ) throws {
    let learner = try learner(movieLens100K(), architecture)
    learner.threads = .one
    let watch = EpochWatch()
    try learner.fit(
      epochs: repeats + 1, .oneCycle(maximum: 5e-3), weightDecay: 0.1, rowUpdate: rowUpdate,
      observer: watch)
    report(name, "s/epoch", watch.epochs.dropFirst(), goal: goal, floor: floor)
  }

  func ranking() throws {
    let learner = try learner(movieLens100K(), .collab)
    let users = Array(1..<learner.loaders.users.count)
    let samples = try (0...repeats).map { _ in
      let watch = Stopwatch()
      _ = try Recommender(learner).recommendations(for: users, count: 10)
      return watch.elapsed
    }
    let products = Double(users.count * learner.loaders.items.count * 50)
    report(
      "rank", "s", samples.dropFirst(), goal: 0.2,
      floor: products * Machine.secondsOfProduct / Double(learner.threads.count))
  }

  /// Somebody new; the first brings the spread of the known users and the penalty, and is told apart.
  func foldingIn() throws {
    let learner = try learner(movieLens100K(), .collab)
    try learner.fit(epochs: 1, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
    let ratings = (0..<20).map { ItemRating(item: 1 + $0 * 70, stars: Float($0 % 5 + 1)) }
    let first = Stopwatch()
    _ = try learner.foldIn(ratings)
    report("fold-in first", "s", [first.elapsed], goal: nil, floor: nil)
    // One alone is as short as a look at the clock.
    let count = 100
    let samples = try (0...(10 * repeats)).map { _ in
      let watch = Stopwatch()
      for _ in 0..<count { _ = try learner.foldIn(ratings) }
      let (wall, processor) = watch.elapsed
      return (wall: wall / Double(count), processor: processor / Double(count))
    }
    report("fold-in", "s", samples.dropFirst(), goal: 1e-4, floor: nil)
  }

  /// What `recommend` and `recommend all save=…` compute, as rows of text that go nowhere.
  func lists() throws {
    let learner = try learner(SyntheticRatings.movieLens25M.table(), .collab)
    let samples = try (1...(1 + 20 * repeats)).map { user in
      let watch = Stopwatch()
      _ = try Recommender(learner).recommendations(for: [user], count: 10)
      return watch.elapsed
    }
    report("lists-one", "s", samples.dropFirst(), goal: 0.001, floor: nil)
    let watch = Stopwatch()
    var encoder = TableEncoder(.delimited(by: ","))
    var byteCount = 0
    let users = Array(1..<learner.loaders.users.count)
    try Recommender(learner).forEachUser(of: users, count: 10) { user, list in
      let table = Table(equallyLong: [
        Column("user", integers: list.map { _ in user }),
        Column("item", integers: list.map(\.item)),
        Column("score", doubles: list.map { Double($0.rating) }),
      ])
      byteCount += encoder.bytes(of: table).count
    }
    report("lists-all", "s", [watch.elapsed], goal: 60, floor: nil)
    report(
      "lists-memory", "MB", [(wall: Machine.peakMegabytes, processor: 0)], goal: 1500, floor: nil)
  }

  func similarItems() throws {
    var torch = TorchGenerator(seed: 42)
    let table = try Tensor.zeros([60_000, 50]).fillNormal(using: &torch)
    let samples = try (0...(10 * repeats)).map { _ in
      let watch = Stopwatch()
      _ = try Neighbors.nearest(10, to: 50, in: table)
      return watch.elapsed
    }
    report("similar", "s", samples.dropFirst(), goal: 0.005, floor: nil)
  }

  /// Iterations over all ratings; the first puts them in rows.
  func alternatingLeastSquares() throws {
    let shape = SyntheticRatings.movieLens25M
    let learner = try learner(shape.table(), .als, validFraction: 0)
    let watch = EpochWatch()
    try learner.fit(FitPlan(epochs: repeats + 1), observer: watch)
    // The half of a symmetric matrix of factors and bias, for each rating from either side.
    let products = Double(2 * shape.ratings * 51 * 52 / 2)
    report(
      "als", "s/iteration", watch.epochs.dropFirst(), goal: 3,
      floor: products * Machine.secondsOfProduct / Double(learner.threads.count))
    let sizes = [shape.users, shape.items, shape.ratings, learner.threads.count]
    if let samples = try peerSamples("als_implicit.py", sizes.map { "\($0)" }) {
      report("implicit als", "s/iteration", samples, goal: nil, floor: nil)
    }
  }

  /// Small batches of ML-25M's shape, and what else the whole of it takes.
  func large() throws {
    let small = try learner(movieLens100K(), .collab)
    small.threads = .one
    let learner = try learner(SyntheticRatings.movieLens25M.table(), .collab)
    let watch = try partOfEpoch("25m-64", learner, goal: 35, inTurnWith: small)
    let share = Double(small.loaders.trainingBatchCount) / Double(watch.every)
    report(
      "25m-64 step/collab step", "ratio",
      zip(watch.laps, watch.others).dropFirst().map { lap, other in
        (wall: lap.wall / other.wall * share, processor: lap.processor / other.processor * share)
      }, goal: 3, floor: nil)
    let validation = Stopwatch()
    _ = try learner.validate()
    report("25m-validate", "s", [validation.elapsed], goal: nil, floor: nil)
    let users = Array(1...4096)
    let ranking = Stopwatch()
    var count = 0
    try Recommender(learner).forEachUser(of: users, count: 10) { _, list in count += list.count }
    report("25m-rank-4096-users", "s", [ranking.elapsed], goal: nil, floor: nil)
    report(
      "25m-memory", "MB", [(wall: Machine.peakMegabytes, processor: 0)], goal: 3000, floor: nil)
  }

  /// Large batches of ML-25M's shape, on all cores.
  func largeBatches() throws {
    let table = try SyntheticRatings.movieLens25M.table()
    _ = try partOfEpoch("25m-4096", learner(table, .collab, batchSize: 4096), goal: 6)
  }

  /// What an epoch takes, from a part of it.
  private func partOfEpoch(
    _ name: String, _ learner: Learner, goal: Double, inTurnWith other: Learner? = nil
  ) throws -> BatchWatch {
    // The first batches sum gaps term by term; what follows is what an epoch is made of.
    let batchSize = learner.loaders.options.batchSize
    let watch = BatchWatch(
      every: 1_280_000 / batchSize, count: isFull ? .max : 6, inTurnWith: other)
    try learner.fit(epochs: 1, .oneCycle(maximum: 5e-3), weightDecay: 0.1, observer: watch)
    if let failure = watch.failure { throw failure }
    let share = Double(learner.loaders.trainingBatchCount) / Double(watch.every)
    report(
      name, "s/epoch",
      watch.laps.dropFirst().map { (wall: $0.wall * share, processor: $0.processor * share) },
      goal: goal, floor: nil)
    report("\(name)-first", "s", watch.laps.prefix(1), goal: nil, floor: nil)
    return watch
  }
}

/// How long epochs take.
final class EpochWatch: FitObserver {
  private(set) var epochs: [(wall: Double, processor: Double)] = []
  private var watch = Stopwatch()

  func batchDidFinish(_ progress: FitProgress) -> Bool { true }
  func epochDidFinish(_ epoch: Recorder.Epoch) {
    epochs.append(watch.elapsed)
    watch = Stopwatch()
  }
}

/// How long groups of batches take; stops the fit after some.
final class BatchWatch: FitObserver {
  let every: Int
  private let count: Int
  /// Trains for an epoch after each group: a quiet second is no measure for a busy one.
  private let other: Learner?
  private(set) var laps: [(wall: Double, processor: Double)] = []
  /// How long the epochs of the other one took.
  private(set) var others: [(wall: Double, processor: Double)] = []
  /// What kept the other one from it.
  private(set) var failure: (any Error)?
  /// What the fit was said to take.
  private(set) var cost: FitCost?
  private var watch = Stopwatch()

  init(every: Int, count: Int, inTurnWith other: Learner? = nil) {
    (self.every, self.count, self.other) = (every, count, other)
  }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    if progress.batch == 1 { watch = Stopwatch() }
    guard progress.batch % every == 0 else { return true }
    laps.append(watch.elapsed)
    do {
      try runOther()
    } catch {
      failure = error
      return false
    }
    watch = Stopwatch()
    return laps.count < count
  }

  /// The first epoch of a fit is its warm-up.
  private func runOther() throws {
    guard let other else { return }
    let epochs = EpochWatch()
    try other.fit(
      epochs: 2, .oneCycle(maximum: 5e-3), weightDecay: 0.1, observer: epochs)
    others.append(epochs.epochs[1])
  }

  func epochDidFinish(_ epoch: Recorder.Epoch) {}

  func fitWillTake(_ cost: FitCost) { self.cost = cost }
}
