import Collab
import FoundationEssentials
import CollabLearning
import CollabTables
import CollabTensors
import TestSupport
import Testing

/// MovieLens 100K, where `COLLAB_DATA` says it is.
enum MovieLens100K {
  static let folder = ProcessInfo.processInfo.environment["COLLAB_DATA"]
  static let isMissing: Comment = "COLLAB_DATA does not name the folder of MovieLens 100K"

  static func ratings(order: String) throws -> Table {
    let folder = try #require(folder)
    var ratings = DelimitedReader()
    (ratings.delimiter, ratings.hasHeader) = ("\t", false)
    ratings.names = ["user", "movie", "rating", "timestamp"]
    var movies = DelimitedReader()
    (movies.delimiter, movies.hasHeader, movies.encoding) = ("|", false, .latin1)
    (movies.names, movies.columns) = (["movie", "title"], .positions([0, 1]))
    return try ratings.read("\(folder)/u.data")
      .merge(movies.read("\(folder)/u.item"), order: order == "left" ? .left : .grouped)
  }
}

/// Numbers equal to fastai's on MovieLens 100K: 6,250 steps a fit.
@Suite(.enabled(if: MovieLens100K.folder != nil, MovieLens100K.isMissing))
struct LargeParityTests {
  static let seeds = [42, 7]
  static let models = ["dot", "dot_range", "dotbias", "dotbias_raw", "collab", "nn"]

  @Test(arguments: seeds)
  func `the split, the classes and the batches are fastai's`(seed: Int) throws {
    for (order, golden) in try Golden.large(seed: seed).orders {
      let table = try MovieLens100K.ratings(order: order)
      for (sampler, epochs) in golden.samplers {
        let loaders = try ChapterSession(table, seed: seed, sampler: sampler).loaders
        #expect(
          Digest.hex(of: loaders.validationRows + loaders.trainingRows)
            == golden.sha256_valid_then_train)
        #expect(loaders.users.count == golden.n_user_classes)
        #expect(loaders.items.count == golden.n_title_classes)
        #expect(Digest.hex(of: loaders.startTraining()) == epochs.sha256_epoch0)
        #expect(Digest.hex(of: loaders.startTraining()) == epochs.sha256_epoch1)
      }
    }
  }

  @Test(arguments: seeds, models)
  func `fits print fastai's tables`(seed: Int, name: String) throws {
    for update in RowUpdate.allCases { try compare(seed, name, update) }
  }

  private func compare(_ seed: Int, _ name: String, _ update: RowUpdate) throws {
    let model = try #require(ChapterModel(name))
    for run in try Golden.large(seed: seed).runs where run.model == name {
      let table = try MovieLens100K.ratings(order: run.order ?? "grouped")
      let session = try ChapterSession(table, seed: seed, sampler: run.sampler ?? "shuffle")
      let learner = try session.learner(model)
      let fitted = try learner.chapterFit(wd: run.wd, rowUpdate: update)
      try check(fitted, learner.recorder.losses, run, model, update)
    }
  }

  @Test(arguments: seeds)
  func `the notebook's sequence of fits ends as in fastai`(seed: Int) throws {
    let table = try MovieLens100K.ratings(order: "grouped")
    var trained: Learner?
    for fit in try Golden.chapter(seed: seed).fits {
      guard let model = ChapterModel(fit.model) else {
        // "refit": a new learner, so a fresh optimiser, around the model just trained.
        let before = try #require(trained)
        let learner = Learner(before.loaders, before.model)
        #expect(try largestDifference(learner.chapterFit(wd: fit.wd), fit.table) <= 2e-6)
        continue
      }
      let learner = try ChapterSession(table, seed: seed, sampler: "shuffle").learner(model)
      try check(learner.chapterFit(wd: fit.wd), learner.recorder.losses, fit, model)
      try checkInterpretation(learner, fit)
      trained = learner
      guard fit.model == "collab", let titles = fit.nearest_to_silence else { continue }
      let items = learner.loaders.items
      let silence = try #require(items.index(of: "Silence of the Lambs, The (1991)"))
      let weight = try #require(learner.model.state.first { $0.name == "i_weight.weight" }).tensor
      let nearest = try Neighbors.nearest(5, to: silence, in: weight)
      #expect(nearest.map { items[$0.index] } == titles)
      #expect(isClose(nearest.map(\.similarity), try #require(fit.cosine), within: 1e-5))
    }
  }

  private func checkInterpretation(_ learner: Learner, _ golden: Golden.LargeRun) throws {
    if let top = golden.top {
      #expect(try learner.biases(of: .items).reversed().prefix(5).map(\.name) == top)
    }
    if let bottom = golden.bottom {
      #expect(try learner.biases(of: .items).prefix(5).map(\.name) == bottom)
    }
    if let nearest = golden.nearest_to_silence {
      let film = try #require(learner.loaders.items.index(of: "Silence of the Lambs, The (1991)"))
      let neighbors = try learner.neighbors(of: film)
      #expect(neighbors.map(\.name) == nearest)
      #expect(isClose(neighbors.map(\.score), try #require(golden.cosine), within: 1e-5))
    }
  }

  private func check(
    _ table: [[Double]], _ losses: [Float], _ golden: Golden.LargeRun, _ model: ChapterModel,
    _ update: RowUpdate = .lazy
  ) throws {
    let note: Comment = "\(golden.model) \(update) wd=\(golden.wd): \(table)"
    #expect(largestDifference(table, golden.table) <= (model.isChaotic ? 0.03 : 2e-6), note)
    let count = model.isChaotic ? 20 : 50
    let first = Array(try #require(golden.step_loss_first50).prefix(count))
    #expect(
      largestRelativeDifference(Array(losses.prefix(count)), first)
        <= (model.isChaotic ? 1e-5 : 2e-6), note)
    guard !model.isChaotic else { return }
    let every = stride(from: 249, to: losses.count, by: 250).map { losses[$0] }
    let difference = largestRelativeDifference(every, try #require(golden.step_loss_every_250))
    // Single batches show the rounding of rows that were left alone; epochs average it out.
    #expect(difference <= (update == .lazy ? 1e-5 : 2e-6), note)
  }
}
