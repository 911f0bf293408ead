import Collab
import CollabLearning
import CollabRandomness
import CollabTables

extension Bench {
  /// What `evaluate` computes: eight metrics of three models, each with 1,000 resamples.
  func evaluation() throws {
    let small = try judged(movieLens100K())
    let samples = try (0...repeats).map { _ in
      let watch = Stopwatch()
      try judge(small)
      return watch.elapsed
    }
    report(
      "evaluate one model", "s",
      try (0...repeats).map { _ in
        let watch = Stopwatch()
        try judge(Array(small.prefix(1)))
        return watch.elapsed
      }.dropFirst(), goal: 0.05, floor: nil)
    report("evaluate", "s", samples.dropFirst(), goal: nil, floor: nil)
    let large = try judged(SyntheticRatings.movieLens25M.table())
    let before = Machine.forgetPeak()
    let watch = Stopwatch()
    try judge(large)
    report("evaluate-25m", "s", [watch.elapsed], goal: 20, floor: nil)
    report(
      "evaluate-25m-memory", "MB", [(wall: Machine.peakMegabytes - before, processor: 0)],
      goal: 1000, floor: nil)
  }

  /// A model of 50 factors and those that stand beside it.
  private func judged(_ table: Table) throws -> [(name: String, learner: Learner)] {
    let streams = RandomStreams(seed: 42)
    let loaders = try DataLoaders(table, using: streams)
    return try [Architecture.dotBias, .baseline, .popular].map { architecture in
      let model = try architecture.model(
        for: loaders, ModelOptions(for: architecture), using: streams)
      let learner = Learner(loaders, model)
      if architecture != .dotBias { try learner.fit() }
      return (architecture.rawValue, learner)
    }
  }

  private func judge(_ learners: [(name: String, learner: Learner)]) throws {
    _ = try ModelEvaluator(learners[0].learner.loaders).evaluation(of: learners)
  }
}
