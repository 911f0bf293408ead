import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import CollabThreading
import TestSupport
import Testing

struct BayesTests {
  private func learner(
    _ likelihood: BayesOptions.Likelihood = .gaussian, threads: Int = 1, samples: Int = 10,
    factors: Int = 3
  ) throws -> Learner {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    var options = BayesOptions()
    (options.likelihood, options.samples) = (likelihood, samples)
    let model = try Bayes(
      users: session.loaders.users.count, items: session.loaders.items.count, factors: factors,
      options: options, seed: 7)
    let learner = Learner(session.loaders, model)
    learner.threads = Threads(threads)
    return learner
  }

  private func bits(_ learner: Learner) -> [String: [UInt32]] {
    Dictionary(
      uniqueKeysWithValues: learner.model.state.map {
        ($0.name, $0.tensor.scalars(as: Float.self).map(\.bitPattern))
      })
  }

  @Test(arguments: BayesOptions.Likelihood.allCases)
  func `any number of threads draws the same bits`(
    _ likelihood: BayesOptions.Likelihood
  ) throws {
    let fitted = try [1, 2, 3].map { threads in
      let learner = try learner(likelihood, threads: threads)
      try learner.fit(FitPlan(epochs: 12))
      return bits(learner)
    }
    #expect(fitted[0] == fitted[1])
    #expect(fitted[0] == fitted[2])
  }

  @Test(arguments: BayesOptions.Likelihood.allCases)
  func `two fits are one of as many sweeps`(_ likelihood: BayesOptions.Likelihood) throws {
    let (once, twice) = (try learner(likelihood), try learner(likelihood))
    try once.fit(FitPlan(epochs: 130))
    try twice.fit(FitPlan(epochs: 100))
    try twice.fit(FitPlan(epochs: 30))
    #expect(bits(once) == bits(twice))
    #expect(try once.validate() == twice.validate())
  }

  @Test func `what a long fit takes is told before it begins, and changes nothing`() throws {
    let (short, long) = (try learner(), try learner())
    let watches = (CostWatch(), CostWatch())
    try short.fit(FitPlan(epochs: 200), observer: watches.0)
    try long.fit(FitPlan(epochs: 50_000_000), observer: watches.1)
    #expect(watches.0.cost == nil)
    let cost = try #require(watches.1.cost)
    #expect(cost.seconds > 10 && cost.bytes > 0)
    #expect(bits(short) == bits(long))
  }

  @Test func `a checkpoint goes back, and the next fit goes on from there`() throws {
    let learner = try learner()
    try learner.fit(FitPlan(epochs: 60))
    let before = bits(learner)
    let checkpoint = try learner.checkpoint()
    try learner.fit(FitPlan(epochs: 40))
    let after = bits(learner)
    learner.restore(checkpoint)
    #expect(bits(learner) == before)
    try learner.fit(FitPlan(epochs: 40))
    #expect(bits(learner) == after)
    #expect(before != after)
  }

  @Test(arguments: BayesOptions.Likelihood.allCases)
  func `what it kept predicts and goes on with the same bits`(
    _ likelihood: BayesOptions.Likelihood
  ) throws {
    let (learner, other) = (try learner(likelihood), try learner(likelihood))
    try learner.fit(FitPlan(epochs: 70))
    let model = try #require(other.model as? Bayes)
    try model.load(learner.model.state.map { ($0.name, try $0.tensor.detached().copied()) })
    #expect(bits(other) == bits(learner))
    let pairs = (0..<30).flatMap { [Int64($0 % 9), Int64($0 % 7)] }
    let input = try Tensor(pairs, shape: [30, 2])
    #expect(
      try other.model.forward(input).scalars(as: Float.self)
        == learner.model.forward(input).scalars(as: Float.self))
    #expect(try other.validate() == learner.validate())
    try learner.fit(FitPlan(epochs: 20))
    try other.fit(FitPlan(epochs: 20))
    #expect(bits(other) == bits(learner))
  }

  @Test func `numbers that do not belong together are refused, and nothing changes`() throws {
    let learner = try learner()
    try learner.fit(FitPlan(epochs: 20))
    let model = try #require(learner.model as? Bayes)
    let before = bits(learner)
    for name in ["scale", "samples.1.items", "validation.below", "chain.users"] {
      let state = try learner.model.state.map { part in
        (part.name, part.name == name ? try Tensor([1 as Float, 2]) : part.tensor)
      }
      #expect(throws: ModelStateError.self, "\(name)") { try model.load(state) }
    }
    let pairs = try learner.model.state.map { part in
      part.name == "validation.pairs"
        ? (part.name, try Tensor(repeating: 1e6 as Float, shape: part.tensor.shape)) : part
    }
    #expect(throws: ModelStateError.self) { try model.load(pairs) }
    #expect(bits(learner) == before)
  }

  @Test func `a fit that is stopped keeps its draws, before and after some count`() throws {
    for sweeps in [3, 30] {
      let learner = try learner()
      let outcome = try learner.fit(FitPlan(epochs: 40), observer: Stopping(after: sweeps))
      guard case .stopped = outcome else {
        Issue.record("it was not stopped")
        continue
      }
      #expect(try learner.validate().isFinite)
      let before = try learner.model.forward(Tensor([1 as Int64, 1], shape: [1, 2])).item()
      #expect((1...5).contains(before))
      try learner.fit(FitPlan(epochs: 40))
    }
  }

  @Test func `a table has ten rows at most, numbered by their last sweep`() throws {
    let learner = try learner()
    try learner.fit(FitPlan(epochs: 25))
    #expect(learner.recorder.epochs.map(\.number) == [2, 5, 8, 11, 14, 17, 20, 23, 24])
    #expect(learner.recorder.losses.count == 25)
  }

  @Test func `at most so many draws are kept, and at least half as many`() throws {
    let learner = try learner(samples: 10)
    for _ in 0..<6 {
      try learner.fit(FitPlan(epochs: 37))
      let kept = learner.model.state.count {
        $0.name.hasPrefix("samples.") && $0.name.hasSuffix(".users_noise")
      }
      #expect((4...10).contains(kept))
    }
  }

  @Test func `it predicts better than the baseline on ratings of its own kind`() throws {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    let baseline = Learner(
      session.loaders,
      try Architecture.baseline.model(
        for: session.loaders, ModelOptions(for: .baseline), using: RandomStreams(seed: 1)))
    try baseline.fit()
    let bayes = try learner()
    try bayes.fit(FitPlan(epochs: 200))
    #expect(try bayes.validate() < baseline.validate() + 0.02)
  }

  @Test(arguments: BayesOptions.Likelihood.allCases)
  func `how probable the stars are adds up, and their mean is near the prediction`(
    _ likelihood: BayesOptions.Likelihood
  ) throws {
    let learner = try learner(likelihood)
    try learner.fit(FitPlan(epochs: 100))
    let model = try #require(learner.model as? Bayes)
    let pairs = (1...20).map { (user: $0 % 9 + 1, item: $0 % 7 + 1) }
    let input = try Tensor(pairs.flatMap { [Int64($0.user), Int64($0.item)] }, shape: [20, 2])
    let predictions = try model.forward(input).scalars(as: Float.self)
    let distributions = try #require(try model.starProbabilities(for: pairs))
    for (found, prediction) in zip(distributions, predictions) {
      #expect(found.stars == [1, 2, 3, 4, 5])
      #expect(abs(found.probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(found.probabilities.allSatisfy { $0 >= 0 })
      #expect(abs(found.mean - Double(prediction)) < (likelihood == .ordinal ? 1e-5 : 0.25))
    }
  }

  @Test func `lanes that are not used stay zero`() throws {
    for factors in [1, 7, 8, 20, 40] {
      let learner = try learner(factors: factors)
      try learner.fit(FitPlan(epochs: 3))
      for name in ["chain.users", "chain.items_implicit", "chain.items_offsets"] {
        let tensor = try #require(learner.model.state.first { $0.name == name }).tensor
        let lanes = tensor.shape[1]
        let values = tensor.scalars(as: Float.self)
        let unused = values.indices.filter { $0 % lanes > factors }.map { values[$0] }
        #expect(unused.allSatisfy { $0 == 0 })
        #expect(values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func `its shape makes another one like it`() throws {
    var options = BayesOptions()
    (options.likelihood, options.samples) = (.ordinal, 20)
    let model = try Bayes(users: 3, items: 5, factors: 4, options: options, seed: 1)
    let shape = model.shape
    let again = try #require(
      ModelShape(.bayes, users: shape.users, items: shape.items, settings: shape.settings))
    let other = try #require(again.model(using: RandomStreams(seed: 1)) as? Bayes)
    #expect(other.options == options)
    #expect(other.state.map(\.tensor.shape) == model.state.map(\.tensor.shape))
    #expect(shape.choices == " factors=4 likelihood=ordinal samples=20")
  }

  @Test func `one for other loaders is refused`() throws {
    let loaders = try learner().loaders
    let small = Learner(loaders, try Bayes(users: 2, items: loaders.items.count, seed: 1))
    #expect(throws: TensorError.self) { try small.fit(FitPlan(epochs: 2)) }
  }
}

/// Stops a fit after some batches.
private final class Stopping: FitObserver {
  private var left: Int

  init(after count: Int) { left = count }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    left -= 1
    return left > 0
  }

  func epochDidFinish(_ epoch: Recorder.Epoch) {}
}

struct StarDistributionTests {
  private let one = StarDistribution(
    stars: [1, 2, 3, 4, 5], probabilities: [0.1, 0.2, 0.4, 0.2, 0.1])

  @Test func `an interval holds the middle, a star standing for what is rounded to it`() {
    #expect(abs(one.mean - 3) < 1e-6)
    // A tenth lies below 1.5 and 0.3 below 2.5.
    let middle = one.interval(0.8)
    #expect(abs(middle.lowerBound - 1.5) < 1e-6 && abs(middle.upperBound - 4.5) < 1e-6)
    let narrow = one.interval(0.4)
    #expect(abs(narrow.lowerBound - 2.5) < 1e-6 && abs(narrow.upperBound - 3.5) < 1e-6)
    let half = one.interval(0.2)
    #expect(abs(half.lowerBound - 2.75) < 1e-6 && abs(half.upperBound - 3.25) < 1e-6)
    let all = one.interval(1)
    #expect(abs(all.lowerBound - 0.5) < 1e-6 && abs(all.upperBound - 5.5) < 1e-6)
  }

  @Test func `coverage is the share of the interval, in the mean of the distribution`() {
    for share in [0.1, 0.5, 0.8, 0.95] {
      let mean = zip(one.stars, one.probabilities).reduce(0) {
        $0 + Double($1.1) * one.coverage(of: $1.0, in: share)
      }
      #expect(abs(mean - share) < 1e-6)
    }
    #expect(one.coverage(of: 3, in: 0.2) == one.coverage(of: 3, in: 0.2))
    #expect(one.coverage(of: 2.5, in: 0.5) == 0)
  }

  @Test func `a star that is certain is the whole interval`() {
    let certain = StarDistribution(stars: [1, 2], probabilities: [0, 1])
    #expect(certain.interval(0.5).lowerBound >= 1.5)
    #expect(certain.interval(0.5).upperBound <= 2.5)
  }
}

struct BayesNeighborTests {
  @Test func `neighbours correct predictions of validation ratings and of others alike`() throws {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    func learner(_ neighbors: Int) throws -> Learner {
      var options = BayesOptions()
      options.neighbors = neighbors
      let model = try Bayes(
        users: session.loaders.users.count, items: session.loaders.items.count, factors: 3,
        options: options, seed: 7)
      let learner = Learner(session.loaders, model)
      try learner.fit(FitPlan(epochs: 60))
      return learner
    }
    let (without, with) = (try learner(0), try learner(5))
    #expect(try without.validate() != with.validate())
    let pairs = try Tensor((1...20).flatMap { [Int64($0), Int64(3)] }, shape: [20, 2])
    let plain = try without.model.forward(pairs).scalars(as: Float.self)
    let corrected = try with.model.forward(pairs).scalars(as: Float.self)
    #expect(plain != corrected)
    #expect(zip(plain, corrected).allSatisfy { abs($0 - $1) < 0.8 })
    // In a new model with the same numbers, and the same ratings.
    let other = try Bayes(
      users: session.loaders.users.count, items: session.loaders.items.count, factors: 3,
      options: try #require(with.model as? Bayes).options, seed: 7)
    try other.load(with.model.state)
    #expect(
      try Learner(session.loaders, other).model.forward(pairs).scalars(as: Float.self) == corrected)
  }
}

/// Hears what a fit will take, and stops it after one sweep.
private final class CostWatch: FitObserver {
  private(set) var cost: FitCost?

  func batchDidFinish(_ progress: FitProgress) -> Bool { false }
  func epochDidFinish(_ epoch: Recorder.Epoch) {}
  func fitWillTake(_ cost: FitCost) { self.cost = cost }
}
