import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import TestSupport
import Testing

/// Numbers equal to fastai's on an invented table of 1,500 ratings.
struct SmallParityTests {
  static let seeds = [42, 7]
  static let models = ["dot", "dot_range", "dotbias", "dotbias_raw", "collab", "nn"]

  @Test(arguments: seeds)
  func `the split and the classes are fastai's`(seed: Int) throws {
    let golden = try Golden.small(seed: seed)
    let loaders = try ChapterSession(ChapterSession.small(), seed: seed, sampler: "shuffle").loaders
    #expect(loaders.trainingRows == golden.split.train)
    #expect(loaders.validationRows == golden.split.valid)
    #expect((0..<loaders.users.count).map { loaders.users[$0] } == golden.classes.user)
    #expect((0..<loaders.items.count).map { loaders.items[$0] } == golden.classes.title)
  }

  @Test(arguments: seeds, ["shuffle", "weighted"])
  func `batches come in fastai's order`(seed: Int, sampler: String) throws {
    let golden = try #require(Golden.small(seed: seed).samplers[sampler])
    let session = try ChapterSession(ChapterSession.small(), seed: seed, sampler: sampler)
    let epochs = (0..<5).map { _ in session.loaders.startTraining() }
    #expect(Array(epochs.prefix(2)) == golden.epochs01)
    #expect(Digest.hex(of: Array(epochs.joined())) == golden.sha256_all_epochs)
  }

  @Test(arguments: seeds, models)
  func `initial weights are fastai's, bit for bit`(seed: Int, name: String) throws {
    let golden = try Golden.small(seed: seed)
    let blob = try Fixture.floats("golden/\(golden.weights_file)")
    let session = try ChapterSession(ChapterSession.small(), seed: seed, sampler: "shuffle")
    let state = try session.learner(#require(ChapterModel(name))).model.state
    let expected = try #require(golden.models[name]).`init`
    #expect(Set(state.map(\.name)) == Set(expected.keys))
    for part in state {
      let weights = try #require(expected[part.name])
      #expect(part.tensor.shape == weights.shape)
      let end = weights.offset + part.tensor.count
      #expect(part.tensor.scalars(as: Float.self) == Array(blob[weights.offset..<end]))
    }
  }

  @Test(arguments: seeds, models)
  func `fits print fastai's tables`(seed: Int, name: String) throws {
    let golden = try Golden.small(seed: seed)
    let blob = try Fixture.floats("golden/\(golden.weights_file)")
    let model = try #require(ChapterModel(name))
    for run in golden.runs where run.model == name {
      let session = try ChapterSession(ChapterSession.small(), seed: seed, sampler: run.sampler)
      let learner = try session.learner(model)
      let first = try firstPredictions(session, model, run.sampler, seed)
      #expect(isClose(first, run.pred0, within: 1e-6))

      let table = try learner.chapterFit(wd: run.wd)
      #expect(learner.recorder.learningRates == golden.schedule.lr)
      #expect(learner.recorder.momenta == golden.schedule.mom)
      #expect(largestDifference(table, run.table) <= (model.isChaotic ? 1e-3 : 2e-6))
      let steps = model.isChaotic ? 20 : run.step_loss.count
      let losses = Array(learner.recorder.losses.prefix(steps))
      #expect(
        largestRelativeDifference(losses, Array(run.step_loss.prefix(steps)))
          <= (model.isChaotic ? 1e-5 : 2e-6))
      guard let final = run.final, !model.isChaotic else { continue }
      for part in learner.model.state {
        let weights = try #require(final[part.name])
        let expected = Array(blob[weights.offset..<(weights.offset + part.tensor.count)])
        #expect(isClose(part.tensor.scalars(as: Float.self), expected, within: 2e-6))
      }
    }
  }

  /// What the untrained model says of the first batch of a fit.
  private func firstPredictions(
    _ session: ChapterSession, _ model: ChapterModel, _ sampler: String, _ seed: Int
  ) throws -> [Float] {
    let twin = try ChapterSession(ChapterSession.small(), seed: seed, sampler: sampler)
    let learner = try twin.learner(model)
    return try learner.model.forward(twin.loaders.oneBatch().inputs).scalars(as: Float.self)
  }

  @Test(arguments: seeds, [0, 1])
  func `draws run on from cell to cell`(seed: Int, which: Int) throws {
    let golden = try Golden.sessions(seed: seed).sessions[which]
    let session = try ChapterSession(ChapterSession.small(), seed: seed, sampler: golden.sampler)
    let inputs = try session.loaders.oneBatch().inputs.scalars(as: Int64.self)
    #expect(Array(inputs.prefix(16)) == golden.one_batch_first8_xb.flatMap(\.self))

    let dotBias = try session.learner(#require(ChapterModel("dotbias")))
    var tables = [
      try dotBias.chapterFit(epochs: 1, wd: "0.1"), try dotBias.chapterFit(epochs: 2, wd: "0.1"),
    ]
    let neural = try session.learner(#require(ChapterModel("nn")))
    tables.append(try neural.chapterFit(epochs: 1, wd: "default"))
    let collab = try session.learner(#require(ChapterModel("collab")))
    try collab.fit(epochs: 1, .flat(2e-3))
    tables.append(collab.recorder.table)

    for (i, table) in tables.enumerated() {
      #expect(largestDifference(table, golden.tables[i]) <= (i == 2 ? 1e-3 : 2e-6))
    }
    #expect(session.streams.torch.uniform(count: 1) == [golden.next_draws.torch_rand])
    #expect(session.streams.python.double() == golden.next_draws.python_random)
    #expect(session.streams.numpy.double() == golden.next_draws.numpy_random)
  }
}
