import Collab
import CollabRandomness
import CollabTables
import CollabThreading
import TestSupport
import Testing

/// What loops over users in Python found of two models; see the script beside the fixture.
private struct RecordedJudgement: Decodable {
  struct Ends: Decodable {
    let low, high: [Double]
  }
  let users, items, stars: [Int]
  let seed: UInt32
  let folds, k, resamples: Int
  let metrics: [String]
  let order: [Int32]
  let values: [String: [Double]]
  let intervals: [String: Ends]
  let difference: [Double]
  let paired: Ends
  let groups: [[Double]]
  let crossval: [String: [Double]]

  static let all = Result {
    try Fixture.decode(RecordedJudgement.self, from: "evaluation/judging.json")
  }
}

/// Evaluations, comparisons, groups and cross-validation are those of an independent computation.
struct RecordedJudgementTests {
  private let recorded: RecordedJudgement
  private let table: Table
  private var options = ModelEvaluator.Options()
  private var loading = DataLoaders.Options()

  init() throws {
    recorded = try RecordedJudgement.all.get()
    table = try Table([
      Column("user", integers: recorded.users), Column("item", integers: recorded.items),
      Column("rating", integers: recorded.stars),
    ])
    options.metrics = recorded.metrics.compactMap { [k = recorded.k] in Metric(name: $0, k: k) }
    (options.resamples, options.seed) = (recorded.resamples, 7)
    loading.batchSize = 64
  }

  private static func learners(
    _ loaders: DataLoaders
  ) throws -> [(name: String, learner: Learner)] {
    try [Architecture.baseline, .popular].map { architecture in
      let learner = Learner(
        loaders,
        try architecture.model(
          for: loaders, ModelOptions(for: architecture), using: RandomStreams(seed: 1)))
      try learner.fit()
      return (architecture.rawValue, learner)
    }
  }

  /// Learners of all ratings but the first part, which judges them.
  private func split() throws -> [(name: String, learner: Learner)] {
    let end = recorded.order.count / recorded.folds
    return try Self.learners(
      DataLoaders(
        restoring: table, options: loading, validationRows: recorded.order[..<end].sorted(),
        trainingRows: recorded.order[end...].sorted(), using: RandomStreams(seed: 1)))
  }

  private func check(_ found: [Double], _ expected: [Double]?) throws {
    let expected = try #require(expected)
    #expect(found.count == expected.count)
    for (place, metric) in recorded.metrics.enumerated() {
      #expect(
        abs(found[place] - expected[place]) < 1e-6,
        "\(metric): \(found[place]), not \(expected[place])")
    }
  }

  @Test(arguments: [1, 3])
  func `figures, differences and their intervals are those of loops over users`(
    _ threads: Int
  ) throws {
    let learners = try split()
    let evaluation = try #require(
      try ModelEvaluator(learners[0].learner.loaders, options, threads: Threads(threads))
        .evaluation(of: learners))
    for row in evaluation.rows {
      let ends = recorded.intervals[row.model]
      try check(row.estimates.map(\.value), recorded.values[row.model])
      try check(row.estimates.map(\.low), ends?.low)
      try check(row.estimates.map(\.high), ends?.high)
    }
    let differences = evaluation.differences(0, from: 1)
    try check(differences.map(\.value), recorded.difference)
    try check(differences.map(\.low), recorded.paired.low)
    try check(differences.map(\.high), recorded.paired.high)
  }

  @Test func `groups are judged by their own ratings alone`() throws {
    let learner = try split()[0]
    let loaders = learner.learner.loaders
    let groups = RatingGroup.byActivity(loaders)
    #expect(groups.count == recorded.groups.count)
    for (group, expected) in zip(groups, recorded.groups) {
      let evaluation = try #require(
        try ModelEvaluator(loaders, options).part(group).evaluation(of: [learner]))
      try check(evaluation.rows[0].estimates.map(\.value), expected)
    }
  }

  @Test func `every rating is held out once, and the parts are judged together`() throws {
    var validation = try CrossValidation(
      table, folds: recorded.folds, loading, options,
      using: RandomStreams(seed: recorded.seed))
    #expect(
      validation.folds.flatMap(\.validationRows).sorted() == Array(0..<Int32(table.rowCount)))
    for fold in validation.folds { _ = try validation.judge(Self.learners(fold)) }
    for row in try validation.evaluation().rows {
      try check(row.estimates.map(\.value), recorded.crossval[row.model])
    }
  }
}
