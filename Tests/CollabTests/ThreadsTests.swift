import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import Testing
import CollabThreading

/// The number of threads changes how long things take, and nothing else.
struct ThreadsTests {
  /// So many ratings that validation and batches are shared out.
  static func loaders() throws -> DataLoaders {
    var random = TorchGenerator(seed: 9)
    let count = 700_000
    let (users, items, stars) = (
      random.uniform(count: count), random.uniform(count: count), random.uniform(count: count)
    )
    let table = try Table([
      Column("user", integers: users.map { Int($0 * $0 * 5000) }),
      Column("movie", integers: items.map { Int($0 * $0 * 3000) }),
      Column("rating", doubles: stars.map { Double(Int($0 * 5) + 1) }),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 8192
    return try DataLoaders(table, options: options, using: RandomStreams(seed: 42))
  }

  @Test func `any number of threads gives the same bits`() throws {
    var results: [([Float], [[Float]], [[Recommendation]])] = []
    for count in [1, 2, 5] {
      let loaders = try Self.loaders()
      let streams = RandomStreams(seed: 42)
      let model = try Architecture.collab.model(
        for: loaders, ModelOptions(for: .collab), using: streams)
      let learner = Learner(loaders, model)
      learner.threads = Threads(count)
      try learner.fit(epochs: 1, .oneCycle(maximum: 5e-3))
      let users = Array(1..<70)
      results.append(
        (
          learner.recorder.losses + learner.recorder.epochs.map(\.validLoss),
          learner.model.state.map { $0.tensor.scalars(as: Float.self) },
          try Recommender(learner).recommendations(for: users, count: 5)
        ))
    }
    for other in results.dropFirst() {
      #expect(other.0 == results[0].0)
      #expect(other.1 == results[0].1)
      #expect(other.2 == results[0].2)
    }
  }
  @Test func `steps that threads share give the same bits`() throws {
    var results: [([Float], [[Float]])] = []
    for count in [1, 2, 5] {
      let loaders = try Self.loaders()
      let model = try Architecture.dotBias.model(
        for: loaders, ModelOptions(for: .dotBias), using: RandomStreams(seed: 42))
      let adam = try Adam(model.parameters, weightDecay: 0.1)
      adam.threads = Threads(count)
      let order = loaders.startTraining()
      var losses: [Float] = []
      for number in 0..<40 {
        let batch = try loaders.trainingBatch(number, of: order)
        let loss = try Loss.meanSquaredError(model.forward(batch.inputs), batch.targets)
        try loss.backward()
        adam.step(learningRate: 5e-3)
        adam.clearGradients()
        losses.append(Float(try loss.item()))
      }
      results.append((losses, model.state.map { $0.tensor.scalars(as: Float.self) }))
    }
    for other in results.dropFirst() {
      #expect(other.0 == results[0].0)
      #expect(other.1 == results[0].1)
    }
  }
}
