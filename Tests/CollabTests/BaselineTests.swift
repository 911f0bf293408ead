import Collab
import CollabLearning
import CollabRandomness
import TestSupport
import CollabTensors
import Testing

struct BaselineTests {
  /// What `make_baseline.py` found by solving one linear system.
  private struct Solution: Decodable {
    let mean: Double
    let users: [Double]
    let items: [Double]
    let valid_loss: Double
  }

  private func learner() throws -> Learner {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    let model = try Architecture.baseline.model(
      for: session.loaders, ModelOptions(for: .baseline), using: RandomStreams(seed: 1))
    return Learner(session.loaders, model)
  }

  @Test func `alternating means reach the least shrunk squared error`() throws {
    let solution = try Fixture.decode(Solution.self, from: "golden/baseline_small.json")
    let learner = try learner()
    try learner.fit(FitPlan(epochs: 200))
    let state = Dictionary(
      uniqueKeysWithValues: learner.model.state.map { ($0.name, $0.tensor.scalars(as: Float.self)) }
    )
    let expected = [
      "mean": [solution.mean], "user_bias": [0] + solution.users, "item_bias": [0] + solution.items,
    ]
    for (name, values) in expected {
      let found = try #require(state[name])
      #expect(found.count == values.count)
      #expect(zip(found, values).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(name)")
    }
    #expect(abs(Double(try learner.validate()) - solution.valid_loss) < 1e-6)
  }

  @Test func `ten alternations are usual, and a row each`() throws {
    let learner = try learner()
    try learner.fit()
    let epochs = learner.recorder.epochs
    #expect(epochs.map(\.number) == Array(0..<10))
    #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0.trainLoss >= $1.trainLoss })
    #expect(learner.optimizer == nil)
  }

  @Test func `a second fit goes on, and a checkpoint goes back`() throws {
    let (once, twice) = (try learner(), try learner())
    try once.fit(FitPlan(epochs: 10))
    try twice.fit(FitPlan(epochs: 4))
    let early = try twice.validate()
    let checkpoint = try twice.checkpoint()
    try twice.fit(FitPlan(epochs: 6))
    #expect(abs(try once.validate() - twice.validate()) < 1e-6)
    twice.restore(checkpoint)
    #expect(try twice.validate() == early)
    #expect(twice.recorder.epochs.count == 4)
  }

  @Test func `its shape makes another one like it`() throws {
    let model = try Baseline(users: 3, items: 5, shrinkage: .init(users: 2, items: 1))
    let other = try model.shape.model(using: RandomStreams(seed: 1))
    #expect((other as? Baseline)?.shrinkage == model.shrinkage)
    #expect(other.state.map(\.tensor.shape) == [[1], [3], [5]])
  }

  @Test func `one for fewer users than the loaders have is refused`() throws {
    let loaders = try learner().loaders
    let small = Learner(loaders, try Baseline(users: 1, items: loaders.items.count))
    #expect(throws: TensorError.self) { try small.fit() }
    #expect(throws: TensorError.self) {
      try Learner(loaders, Baseline(users: loaders.users.count, items: 1)).fit()
    }
  }

  @Test func `it recommends by the biases of items, and has no factors`() throws {
    let learner = try learner()
    try learner.fit()
    let best = try learner.biases(of: .items).reversed().map(\.index)
    let found = try Recommender(learner).recommendations(for: [1], count: 3)[0].map(\.item)
    let rated = Set(
      zip(learner.loaders.training.users, learner.loaders.training.items).filter { $0.0 == 1 }
        .map { Int($0.1) }
        + zip(learner.loaders.validation.users, learner.loaders.validation.items)
        .filter { $0.0 == 1 }.map { Int($0.1) })
    #expect(found == Array(best.filter { !rated.contains($0) && $0 > 0 }.prefix(3)))
    #expect(throws: InterpretationError.noFactors(of: "items", model: "Baseline")) {
      try learner.neighbors(of: 1)
    }
    #expect(throws: FitError.self) { try learner.findRate() }
  }
}
