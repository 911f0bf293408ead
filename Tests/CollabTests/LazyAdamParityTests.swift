import Collab
import CollabLearning
import CollabTables
import CollabTensors
import TestSupport
import Testing

/// The lazy update of rows prints the tables of the dense one.
struct LazyAdamParityTests {
  /// Fits with a lazy and a dense optimiser, from the same seed.
  static func twins(
    _ table: Table, _ model: String, batchSize: Int = 64,
    _ fit: (Learner, RowUpdate) throws -> Void
  ) throws -> (lazy: Learner, dense: Learner) {
    func train(_ update: RowUpdate) throws -> Learner {
      let session = try ChapterSession(table, seed: 42, sampler: "shuffle", batchSize: batchSize)
      let learner = try session.learner(#require(ChapterModel(model)))
      try fit(learner, update)
      return learner
    }
    return (try train(.lazy), try train(.dense))
  }

  /// Tables to six decimals; parameters within `bound`.
  static func expectEqual(
    _ learners: (lazy: Learner, dense: Learner), within bound: Float = 2e-5,
    table: Double = 1e-6, _ note: Comment
  ) {
    let (lazy, dense) = (learners.lazy.recorder.table, learners.dense.recorder.table)
    #expect(largestDifference(lazy, dense) <= table, note)
    for (left, right) in zip(learners.lazy.model.state, learners.dense.model.state) {
      let difference =
        zip(
          left.tensor.scalars(as: Float.self), right.tensor.scalars(as: Float.self)
        ).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= bound, "\(note): \(left.name)")
    }
  }

  @Test(arguments: ["dot", "dotbias", "dotbias_raw", "collab"], [-0.1, 0, 0.1])
  func `on the small table`(model: String, weightDecay: Double) throws {
    let learners = try Self.twins(ChapterSession.small(), model) { learner, update in
      try learner.fit(
        epochs: 20, .oneCycle(maximum: 5e-3), weightDecay: weightDecay, rowUpdate: update)
      try learner.fit(epochs: 3, .flat(1e-3))
    }
    // Without a range weights grow, and rounding with them.
    let table = model == "dot" && weightDecay < 0 ? 2e-6 : 1e-6
    Self.expectEqual(learners, table: table, "\(model) wd=\(weightDecay)")
  }

  @Test(arguments: [1, 7, 200])
  func `with batches of any size`(batchSize: Int) throws {
    let learners = try Self.twins(ChapterSession.small(), "collab", batchSize: batchSize) {
      try $0.fit(epochs: 3, .oneCycle(maximum: 5e-3), weightDecay: 0.1, rowUpdate: $1)
    }
    Self.expectEqual(learners, "batches of \(batchSize)")
  }

  @Test(arguments: [64, 512, 8192])
  func `with batches of the invented ratings`(batchSize: Int) throws {
    let table = DemoRatings.generate().ratings
    let learners = try Self.twins(table, "collab", batchSize: batchSize) {
      try $0.fit(epochs: 2, .oneCycle(maximum: 5e-3), weightDecay: 0.1, rowUpdate: $1)
    }
    Self.expectEqual(learners, "batches of \(batchSize)")
  }

  @Test(arguments: ["nn", "collab_nn"])
  func `in networks, as long as rounding does not drive them apart`(model: String) throws {
    let learners = try Self.twins(ChapterSession.small(), model) {
      try $0.fit(epochs: 1, .oneCycle(maximum: 5e-3), weightDecay: 0.1, rowUpdate: $1)
    }
    let (lazy, dense) = (learners.lazy.recorder.losses, learners.dense.recorder.losses)
    #expect(largestRelativeDifference(lazy, dense) <= 1e-5)
  }
}

extension LazyAdamParityTests {
  /// Stops a fit after some batches.
  final class Stopper: FitObserver {
    private var left: Int
    init(after count: Int) { left = count }
    func batchDidFinish(_ progress: FitProgress) -> Bool {
      left -= 1
      return left > 0
    }
    func epochDidFinish(_ epoch: Recorder.Epoch) {}
  }

  @Test func `a fit that was stopped can go on`() throws {
    let learners = try Self.twins(ChapterSession.small(), "collab") { learner, update in
      let outcome = try learner.fit(
        epochs: 50, .oneCycle(maximum: 5e-3), rowUpdate: update, observer: Stopper(after: 431))
      #expect(outcome == .stopped(epoch: 23, batch: 17))
      try learner.fit(epochs: 5, .oneCycle(maximum: 5e-3), weightDecay: -0.1)
    }
    Self.expectEqual(learners, "stopped")
  }

  @Test(
    .enabled(if: MovieLens100K.folder != nil, MovieLens100K.isMissing),
    arguments: [-0.1, 0, 0.1])
  func `on MovieLens 100K`(weightDecay: Double) throws {
    let table = try MovieLens100K.ratings(order: "grouped")
    let learners = try Self.twins(table, "dotbias") { learner, update in
      try learner.fit(
        epochs: 3, .oneCycle(maximum: 5e-3), weightDecay: weightDecay, rowUpdate: update)
      try learner.fit(epochs: 2, .flat(1e-3))
    }
    // Without decay rounding is carried on, and grows where weights do: sums of the terms one by one
    // are as far from the dense update.
    Self.expectEqual(learners, within: weightDecay > 0 ? 2e-5 : 5e-4, "wd=\(weightDecay)")
  }
}
