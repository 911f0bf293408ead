import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading
import Glibc

/// Figures of `bayes` on the folds that MovieLens 100K comes with, five seeds each, on one core.
private struct FoldFigures {
  var errors: [Double] = []
  var seconds: [(wall: Double, processor: Double)] = []
  var logScores: [Double] = []
  /// How much of 50, 80 and 95 of 100 is inside the interval that says so.
  var coverage: [Double] = [0, 0, 0]

  static let shares = [0.5, 0.8, 0.95]
}

extension Bench {
  /// The quality of ratings, and what it costs.
  func bayes() throws {
    if let folder = dataFolder {
      for likelihood in BayesOptions.Likelihood.allCases {
        for neighbors in [0, 20] {
          var options = BayesOptions()
          (options.likelihood, options.neighbors) = (likelihood, neighbors)
          try folds(in: folder, options)
        }
      }
    } else {
      print("bayes: the figures need MovieLens 100K: --data FOLDER")
    }
  }

  private func folds(in folder: String, _ options: BayesOptions) throws {
    let name =
      "bayes-\(options.likelihood.rawValue)" + (options.neighbors > 0 ? "-neighbours" : "")
    let goals = options.neighbors > 0 ? (first: 0.880, all: 0.8745) : (first: 0.882, all: 0.8765)
    var all: [[Double]] = []
    for fold in 1...5 {
      let figures = try figures(of: "\(folder)/u\(fold)", options)
      all.append(figures.errors)
      func report(_ what: String, _ unit: String, _ values: [Double], goal: Double?) {
        self.report(
          "\(name) u\(fold) \(what)", unit, values.map { (wall: $0, processor: 0) }, goal: goal,
          floor: nil)
      }
      report("rmse", "stars", figures.errors, goal: fold == 1 ? goals.first : nil)
      self.report("\(name) u\(fold) fit", "s", figures.seconds, goal: nil, floor: nil)
      guard fold == 1 else { continue }
      report("processor", "s", figures.seconds.map(\.processor), goal: 3)
      report(
        "log loss", "nats", figures.logScores.map { -$0 },
        goal: options.likelihood == .ordinal ? 1.18 : nil)
      for (share, found) in zip(FoldFigures.shares, figures.coverage) {
        report("beside \(share) inside", "points", [abs(found - share) * 100], goal: 2)
      }
    }
    let means = all[0].indices.map { seed in all.reduce(0) { $0 + $1[seed] } / 5 }
    report(
      "\(name) u1–u5 rmse", "stars", means.map { (wall: $0, processor: 0) }, goal: goals.all,
      floor: nil)
  }

  private func figures(of fold: String, _ options: BayesOptions) throws -> FoldFigures {
    var reader = DelimitedReader()
    (reader.delimiter, reader.hasHeader) = ("\t", false)
    reader.names = ["user", "movie", "rating", "timestamp"]
    let (training, test) = (try reader.read("\(fold).base"), try reader.read("\(fold).test"))
    var figures = FoldFigures()
    for seed in 1...5 {
      let loaders = try DataLoaders(
        training, validation: test, using: RandomStreams(seed: UInt32(seed)))
      let model = try Bayes(
        users: loaders.users.count, items: loaders.items.count, options: options,
        seed: UInt64(seed))
      let learner = Learner(loaders, model)
      learner.threads = .one
      let watch = Stopwatch()
      try learner.fit(FitPlan(epochs: 300))
      figures.seconds.append(watch.elapsed)
      figures.errors.append(Double(try learner.validate()).squareRoot())
      let pairs = zip(loaders.validation.users, loaders.validation.items).map {
        (user: Int($0), item: Int($1))
      }
      guard let distributions = try model.starProbabilities(for: pairs) else { continue }
      var score = 0.0
      for (one, stars) in zip(distributions, loaders.validation.stars) {
        let place = one.stars.firstIndex(of: stars)
        score += Glibc.log(Double(max(place.map { one.probabilities[$0] } ?? 0, 1e-9)))
        for (n, share) in FoldFigures.shares.enumerated() {
          figures.coverage[n] += one.coverage(of: stars, in: share) / Double(5 * pairs.count)
        }
      }
      figures.logScores.append(score / Double(pairs.count))
    }
    return figures
  }

  /// Some sweeps of ML-25M's shape, on all cores.
  func largeSweeps() throws {
    let table = try SyntheticRatings.movieLens25M.table()
    let loaders = try DataLoaders(table, using: RandomStreams(seed: 42))
    var options = BayesOptions()
    options.samples = 20
    let model = try Bayes(
      users: loaders.users.count, items: loaders.items.count, options: options, seed: 1)
    // Six sweeps make a row of the table; the first is the warm-up.
    let watch = BatchWatch(every: 1, count: 6)
    try Learner(loaders, model).fit(FitPlan(epochs: 60), observer: watch)
    report("bayes-25m sweep", "s", watch.laps.dropFirst(), goal: nil, floor: nil)
    if let cost = watch.cost {
      report(
        "bayes-25m sweep as told", "s", [(wall: cost.seconds / 60, processor: 0)], goal: nil,
        floor: nil)
    }
    report(
      "bayes-25m-memory", "MB", [(wall: Machine.peakMegabytes, processor: 0)], goal: 8000,
      floor: nil)
  }
}
