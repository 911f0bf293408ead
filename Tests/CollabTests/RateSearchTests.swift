import Collab
import CollabLearning
import CollabTensors
import TestSupport
import Testing

/// `lr_find` against fastai's, on an invented table of 1,500 ratings.
struct RateSearchTests {
  struct Golden: Decodable {
    struct Find: Decodable {
      let valley: Double
      let lrs: [Double]
      let losses: [Float]
    }
    struct Run: Decodable {
      let seed: Int
      let sampler: String
      let model: String
      let finds: [Find]
      let tables: [[[Double]]]
    }
    let runs: [Run]
  }

  static let golden = Result { try Fixture.decode(Golden.self, from: "golden/lr_find_small.json") }

  @Test(arguments: 0..<12)
  func `rates, losses and suggestions are fastai's, and nothing is changed but the draws`(
    number: Int
  ) throws {
    let run = try Self.golden.get().runs[number]
    let session = try ChapterSession(
      ChapterSession.small(), seed: run.seed, sampler: run.sampler)
    let learner = try session.learner(#require(ChapterModel(run.model)))
    for (find, table) in zip(run.finds, run.tables) {
      let search = try learner.findRate()
      #expect(isClose(search.rates, find.lrs, within: 1e-12))
      #expect(search.losses.count == find.losses.count)
      // Where the loss explodes rounding errors do too.
      #expect(isClose(Array(search.losses.prefix(80)), Array(find.losses.prefix(80)), within: 2e-5))
      #expect(largestRelativeDifference(search.losses, find.losses) < 0.02)
      let valley = try #require(search.valley)
      #expect(abs(valley / find.valley - 1) < 1e-6, "\(run.model)")
      // The first fit sets the decay, and the second goes on with it and with its optimiser.
      let decay = table == run.tables.first ? "0.1" : "default"
      let fitted = try learner.chapterFit(epochs: 1, wd: decay)
      #expect(largestDifference(fitted, table) < 2e-6)
    }
  }

  @Test func `parameters, optimiser and recorder are as before`() throws {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    let learner = try session.learner(#require(ChapterModel("dotbias")))
    _ = try learner.findRate()
    #expect(learner.optimizer == nil)
    try learner.fit(epochs: 1, .oneCycle(maximum: 5e-3))
    let before = learner.model.state.map { $0.tensor.scalars(as: Float.self) }
    let (losses, steps) = (learner.recorder.losses, learner.optimizer?.stepCount)
    _ = try learner.findRate()
    #expect(learner.model.state.map { $0.tensor.scalars(as: Float.self) } == before)
    #expect(learner.recorder.losses == losses)
    #expect(learner.optimizer?.stepCount == steps)
  }

  @Test func `a search that explodes at once suggests nothing`() throws {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    let learner = try session.learner(#require(ChapterModel("dot")))
    let search = try learner.findRate(from: 1e6, to: 1e9)
    #expect(search.losses.count < 15)
    #expect(search.valley == nil)
  }
}
