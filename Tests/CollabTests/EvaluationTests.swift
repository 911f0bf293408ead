import Collab
import CollabRandomness
import CollabThreading
import TestSupport
import Testing

/// What ranx, scikit-learn and numpy found; see the script beside the fixture.
private struct RecordedMetrics: Decodable {
  struct Case: Decodable {
    let name: String
    let k: Int
    let scores: [[Double]]
    let candidates: [[Int32]]
    let relevant: [[Int32]]
    let unlisted: [Int]
    let expected: [String: Double?]
  }
  struct Percentiles: Decodable {
    let values: [Double]
    let low, high: Double
  }
  let cases: [Case]
  let percentiles: Percentiles

  static let all = Result {
    try Fixture.decode(RecordedMetrics.self, from: "evaluation/metrics.json")
  }
}

@Suite struct EvaluationTests {
  @Test(arguments: 0..<6)
  func measuresOfListsAreThoseOfRanx(number: Int) throws {
    let recorded = try RecordedMetrics.all.get().cases[number]
    for kind in [Metric.Kind.ndcg, .recall, .precision, .hit, .map, .mrr] {
      var values: [Double] = []
      for (user, scores) in recorded.scores.enumerated() {
        let relevant = Set(recorded.relevant[user])
        let count = relevant.count + recorded.unlisted[user]
        guard count > 0 else { continue }
        let list = recorded.candidates[user].sorted {
          (-scores[Int($0)], $0) < (-scores[Int($1)], $1)
        }
        let judgement = ListJudgement(
          list, k: recorded.k, relevantCount: count, isRelevant: relevant.contains)
        values.append(try #require(judgement.value(of: kind)))
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let expected = try #require(recorded.expected[kind.rawValue] ?? nil)
      #expect(abs(mean - expected) < 1e-9, "\(kind) of \(recorded.name): \(mean), not \(expected)")
    }
  }

  @Test(arguments: 0..<6)
  func orderIsJudgedAsScikitLearnDoes(number: Int) throws {
    let recorded = try RecordedMetrics.all.get().cases[number]
    let values = recorded.scores.enumerated().compactMap { user, scores -> Double? in
      let relevant = Set(recorded.relevant[user])
      guard relevant.count + recorded.unlisted[user] > 0 else { return nil }
      return orderedShare(
        recorded.candidates[user].map { (Float(scores[Int($0)]), relevant.contains($0)) })
    }
    let expected = recorded.expected["auc"] ?? nil
    guard let expected else {
      #expect(values.isEmpty)
      return
    }
    #expect(abs(values.reduce(0, +) / Double(values.count) - expected) < 1e-9)
  }

  @Test func percentilesAreThoseOfNumpy() throws {
    let recorded = try RecordedMetrics.all.get().percentiles
    let estimate = Estimate(0, resampled: recorded.values + [.nan])
    #expect(abs(estimate.low - recorded.low) < 1e-12)
    #expect(abs(estimate.high - recorded.high) < 1e-12)
  }

  @Test func aResampleDrawsAsManyUsersAsThereAre() {
    let bootstrap = Bootstrap(resamples: 40, seed: 3)
    let weights = (0..<40).map { bootstrap.weights(of: $0, count: 100) }
    #expect(weights.allSatisfy { $0.reduce(0) { $0 + Int($1) } == 100 })
    #expect(Set(weights).count == 40)
    // A user is left out of a resample with probability (1 − 1/100)^100 = 0.366.
    let absent = weights.joined().count { $0 == 0 }
    #expect(abs(Double(absent) / 4000 - 0.366) < 0.03)
  }

  @Test func anyNumberOfThreadsGivesTheSameSums() throws {
    let values = (0..<300).map { Double(($0 * 7919) % 101) / 7 }
    let bootstrap = Bootstrap(resamples: 101, seed: 5)
    let sums = try [1, 2, 3].map { try bootstrap.sums(of: values, columns: 3, Threads($0)) }
    #expect(sums[0] == sums[1] && sums[0] == sums[2])
    let weights = bootstrap.weights(of: 100, count: 100)
    let second = (0..<100).reduce(0.0) { $0 + Double(weights[$1]) * values[$1 * 3 + 1] }
    #expect(abs(sums[0][301] - second) < 1e-9)
  }

  @Test func intervalsHoldTheTruthNinetyFiveTimesInAHundred() throws {
    // Errors whose root mean square is known: 200 users, each with errors of their own size.
    var draws = PythonGenerator(seed: 11)
    var normal = TorchGenerator(seed: 11)
    var held = 0
    let truth = (1.0 + 1.0 / 3).squareRoot()
    for data in 0..<1000 {
      var values: [Double] = []
      for _ in 0..<200 {
        // Sizes with mean square 1 + 1/3.
        let size = 1 + (2 * draws.double() - 1)
        let count = 3 + Int(draws.double() * 5)
        let squares = normal.normal(count: count).reduce(0.0) { sum, draw in
          let error = size * Double(draw)
          return sum + error * error
        }
        values += [Double(count), squares]
      }
      let bootstrap = Bootstrap(resamples: 400, seed: UInt64(data))
      let sums = try bootstrap.sums(of: values, columns: 2, .one)
      let drawn = (0..<400).map { (sums[2 * $0 + 1] / sums[2 * $0]).squareRoot() }
      let interval = Estimate(0, resampled: drawn)
      if interval.low <= truth, truth <= interval.high { held += 1 }
    }
    #expect((930...970).contains(held), "\(held) of 1000 intervals hold the truth")
  }

  @Test func metricsAreKnownByTheirNames() {
    #expect(Metric(name: "ndcg@20")?.name == "ndcg@20")
    #expect(Metric(name: "NDCG", k: 5)?.name == "ndcg@5")
    #expect(Metric(name: "mrr", k: 5)?.name == "mrr")
    #expect(Metric(name: "rmse")?.name == "rmse")
    for wrong in ["rmse@10", "ndcg@0", "ndcg@", "ndcg@1@2", "", "bleu"] {
      #expect(Metric(name: wrong) == nil, "\(wrong)")
    }
  }
}
