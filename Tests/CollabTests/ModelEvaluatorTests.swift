import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabThreading
import Testing

/// Evaluations held against loops that say what the definitions say.
struct ModelEvaluatorTests {
  /// Forty users and thirty items, two of which only the held-out ratings have.
  private static func tables() throws -> (training: Table, validation: Table) {
    var rows: [(Int, Int, Int)] = []
    for user in 1...40 {
      for item in 1...30 where (user * 7 + item * 11 + user * item) % 3 != 0 {
        rows.append((user, item, (user * item + user + 3 * item) % 5 + 1))
      }
    }
    func table(_ rows: [(Int, Int, Int)]) throws -> Table {
      try Table([
        Column("user", integers: rows.map(\.0)), Column("item", integers: rows.map(\.1)),
        Column("rating", integers: rows.map(\.2)),
      ])
    }
    let isHeld = { (row: (Int, Int, Int)) in row.1 > 28 || (row.0 + row.1) % 4 == 0 }
    return (try table(rows.filter { !isHeld($0) }), try table(rows.filter(isHeld)))
  }

  private static func learner() throws -> Learner {
    let (training, validation) = try tables()
    var options = DataLoaders.Options()
    options.batchSize = 16
    let streams = RandomStreams(seed: 3)
    let loaders = try DataLoaders(
      training, validation: validation, options: options, using: streams)
    let learner = Learner(
      loaders,
      try Architecture.dotBias.model(
        for: loaders, ModelOptions(for: .dotBias), using: streams))
    try learner.fit(epochs: 3, .oneCycle(maximum: 5e-2))
    return learner
  }

  @Test func `figures are what the definitions say, items unknown to training included`() throws {
    let learner = try Self.learner()
    let loaders = learner.loaders
    let (_, table) = try Self.tables()
    let (users, items) = (
      try table.column("user").integers(), try table.column("item").integers()
    )
    let ratings = try table.column("rating").integers()
    let predictions = try learner.predictions(
      of: (0..<table.rowCount).map {
        (
          user: loaders.users.index(of: "\(users[$0])") ?? 0,
          item: loaders.items.index(of: "\(items[$0])") ?? 0
        )
      }
    ).ratings
    var options = RecommendationOptions()
    options.seen = .hideTrain
    let recommender = try Recommender(learner, options)
    var (squares, recalls, reciprocals, listed) = (0.0, [Double](), [Double](), Set<Int>())
    for row in 0..<table.rowCount {
      let error = min(max(Double(predictions[row]), 1), 5) - Double(ratings[row])
      squares += error * error
    }
    for user in Set(users) {
      let relevant = Set(
        (0..<table.rowCount).filter { users[$0] == user && ratings[$0] >= 4 }.map { items[$0] })
      guard !relevant.isEmpty else { continue }
      let index = try #require(loaders.users.index(of: "\(user)"))
      let list = try recommender.recommendations(for: [index], count: 5)[0].map(\.item)
      listed.formUnion(list)
      let titles = list.map { Int(loaders.items[$0]) ?? 0 }
      recalls.append(Double(titles.count { relevant.contains($0) }) / Double(relevant.count))
      let first = titles.firstIndex { relevant.contains($0) }
      reciprocals.append(first.map { 1 / Double($0 + 1) } ?? 0)
    }
    var chosen = ModelEvaluator.Options()
    chosen.metrics = ["rmse", "recall@5", "mrr", "coverage@5"].compactMap { Metric(name: $0, k: 5) }
    let evaluation = try #require(
      try ModelEvaluator(loaders, chosen).evaluation(of: [("dotbias", learner)]))
    let values = evaluation.rows[0].estimates.map(\.value)
    let expected = [
      (squares / Double(table.rowCount)).squareRoot(),
      recalls.reduce(0, +) / Double(recalls.count),
      reciprocals.reduce(0, +) / Double(reciprocals.count), Double(listed.count) / 28,
    ]
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-9) }
    #expect(evaluation.judgedCount == recalls.count)
    for estimate in evaluation.rows[0].estimates {
      #expect(estimate.low <= estimate.value && estimate.value <= estimate.high)
    }
  }

  @Test func `any number of threads gives the same intervals`() throws {
    let learner = try Self.learner()
    let evaluations = try [1, 3].map { threads in
      try #require(
        try ModelEvaluator(learner.loaders, threads: Threads(threads))
          .evaluation(of: [("a", learner)]))
    }
    #expect(evaluations[0].rows[0].estimates == evaluations[1].rows[0].estimates)
  }

  @Test func `a model does not differ from itself`() throws {
    let learner = try Self.learner()
    let evaluation = try #require(
      try ModelEvaluator(learner.loaders).evaluation(of: [("a", learner), ("b", learner)]))
    for difference in evaluation.differences(0, from: 1) {
      #expect(difference.value == 0 && !difference.isDifference)
    }
  }

  @Test func `folds hold out every rating once`() throws {
    let (table, _) = try Self.tables()
    var options = DataLoaders.Options()
    options.batchSize = 16
    let validation = try CrossValidation(
      table, folds: 4, options, ModelEvaluator.Options(), using: RandomStreams(seed: 1))
    #expect(
      validation.folds.flatMap(\.validationRows).sorted() == Array(0..<Int32(table.rowCount)))
    for fold in validation.folds {
      #expect(Set(fold.validationRows).isDisjoint(with: fold.trainingRows))
    }
  }

  @Test func `a fit with patience keeps the best epoch`() throws {
    let learner = try Self.learner()
    let outcome = try learner.fit(FitPlan(epochs: 30, .flat(0.3), patience: 2))
    guard case .keptBest(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let losses = learner.recorder.epochs.map(\.validLoss)
    #expect(losses.count < 30 && losses.count == best + 3)
    #expect(losses.min() == losses[best])
    #expect(try learner.validate() == losses[best])
  }
}
