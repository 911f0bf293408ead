import CCollabKernels
import CollabTensors
import CollabThreading

/// A fit's sweeps, and what it keeps of them.
final class GibbsGathering {
  /// Ratings times sweeps from which on a fit may take long.
  private static let manyDraws = 5e7
  /// Seconds from which on it is said what a fit will take.
  private static let longFit = 10.0

  private let model: Bayes
  private let chain: GibbsChain
  private let sampler: GibbsSampler
  private let threads: Threads
  private let scale: StarScale
  /// Means for the validation ratings, and what they are to be when the fit is done.
  private let predictions: PairPredictions
  private let ratings: GibbsRatings
  private let neighbors: RatedNeighbors?
  /// Mean residuals of the ratings, by user, for neighbours.
  private let residuals: Tensor
  private var samples: [BayesSample]
  /// The number of the first sweep that is gathered.
  private let firstGathered: Int

  /// Begins a chain, or goes on with that of the model.
  ///
  /// - Throws: ``BayesError``, ``TensorError`` if there is no memory or the model is of other loaders.
  init(_ model: Bayes, _ run: FitRun, epochs: Int) throws {
    (self.model, chain, threads) = (model, model.chain, run.threads)
    let loaders = run.loaders
    try chain.check(loaders)
    scale = StarScale(loaders.training.stars)
    if model.options.likelihood == .ordinal, scale.levels.isEmpty { throw BayesError.noLevels }
    let pairs = ValidationPairs(loaders.validation).pairs
    try Interruption.check()
    let data = Self.fingerprint(of: loaders.training, pairs)
    let isNew = chain.sweeps == 0
    let isOther = chain.data != data
    try loaders.sortTraining(by: .users, .items)
    try Interruption.check()
    ratings = try GibbsRatings(
      byUser: loaders.trainingByUser, byItem: loaders.trainingByItem, scale: scale)
    sampler = try GibbsSampler(
      chain, model.options.likelihood, scale, ratings, run.threads)
    if isNew { sampler.start() }
    // Draws of a chain that was still on its way are not kept.
    let begin = isOther ? chain.sweeps : 0
    if isOther || chain.sweeps < GibbsTrainer.burnIn {
      chain[.gathered] = 0
      chain[.stride] = 2
      firstGathered = min(begin + GibbsTrainer.burnIn, chain.sweeps + epochs / 2)
      samples = []
      predictions = try PairPredictions(pairs, cuts: max(scale.levels.count - 1, 0))
      residuals = try .zeros([model.options.neighbors > 0 ? ratings.count : 0])
    } else {
      firstGathered = chain.sweeps
      samples = model.kept.samples
      predictions = try model.kept.predictions.copy()
      residuals = try model.kept.residuals.copied()
    }
    neighbors =
      model.options.neighbors == 0
      ? nil
      : try RatedNeighbors(
        of: pairs, count: model.options.neighbors, byUser: loaders.trainingByUser,
        byItem: loaders.trainingByItem)
    // Rather refused now than after an hour of sweeps.
    try MemoryBudget.require(sampleBytes(epochs: epochs))
    chain.data = data
    model.kept = try Bayes.Kept(
      scale: scale, predictions: predictions, residuals: residuals, samples: samples)
  }

  /// What so many sweeps will take; nil if that is a matter of seconds.
  func cost(epochs: Int) throws -> FitCost? {
    // Fits of MovieLens 100K are not worth a trial.
    guard Double(epochs) * Double(ratings.count) > Self.manyDraws else { return nil }
    let seconds = try GibbsTrial(chain: chain, ratings: ratings, threads: threads).secondsOfSweep()
    let cost = FitCost(
      seconds: seconds * Double(epochs), bytes: ratings.byteCount + sampleBytes(epochs: epochs))
    return cost.seconds > Self.longFit ? cost : nil
  }

  /// How many bytes the draws of a fit take that are kept.
  private func sampleBytes(epochs: Int) -> Int {
    min(capacity, epochs)
      * BayesSample.byteCount(
        users: chain.users.count, items: chain.items.count, lanes: chain.lanes)
  }

  /// How many draws are kept at most.
  private var capacity: Int { max(model.options.samples / 2 * 2, 4) }

  /// One sweep more.
  ///
  /// - Returns: the training loss.
  func sweep() throws -> Float {
    let loss = sampler.sweep(adapts: chain.sweeps < firstGathered)
    guard chain.sweeps > firstGathered else { return loss }
    let number = chain.gathered
    chain[.gathered] += 1
    gather(weight: 1 / Float(number + 1))
    try keep(number)
    return loss
  }

  /// Moves by `weight` towards what the last draw says.
  private func gather(weight: Float) {
    predictions.add(
      chain.draw, weight: weight, threads, neighbors.map { ($0, sampler.lastResiduals) })
    let (mean, latest) = (residuals.elements, sampler.lastResiduals)
    if weight == 1 { mean.update(repeating: 0, count: residuals.count) }
    for n in 0..<residuals.count { mean[n] += weight * (latest[n] - mean[n]) }
  }

  /// Keeps two sweeps of each stride, which lie on opposite sides of the mean; where there is no room,
  /// every second of those before is dropped.
  private func keep(_ number: Int) throws {
    var stride = Int(exactly: chain[.stride]) ?? 2
    guard number % stride < 2 else { return }
    if samples.count == capacity {
      samples = samples.enumerated().filter { $0.offset % 4 < 2 }.map(\.element)
      stride *= 2
      chain[.stride] = Float(stride)
    }
    if number % stride < 2 { samples.append(try BayesSample(chain, ratings)) }
  }

  /// Brings what the model says of the validation ratings up to date: before draws are gathered, that
  /// is what the last one says.
  func show() {
    if chain.gathered == 0 { gather(weight: 1) }
  }

  /// Leaves to the model what was gathered; without any, the last draw.
  func finish() {
    if samples.isEmpty, chain.sweeps > 0, let last = try? BayesSample(chain, ratings) {
      samples = [last]
    }
    show()
    model.kept = model.kept.with(samples)
    model.findMeans()
  }

  /// What tells ratings apart.
  private static func fingerprint(of ratings: RatingSet, _ pairs: [Int32]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ word: UInt32) { hash = (hash ^ UInt64(word)) &* 0x100_0000_01B3 }
    for rating in ratings.ratings {
      add(UInt32(bitPattern: rating.user))
      add(UInt32(bitPattern: rating.item))
      add(rating.stars.bitPattern)
    }
    for word in pairs { add(UInt32(bitPattern: word)) }
    return hash
  }
}

/// The pairs of the validation ratings, each once, by user and item.
struct ValidationPairs {
  let pairs: [Int32]

  init(_ ratings: RatingSet) {
    var sorted = ratings.ratings.map { Bayes.key($0.user, $0.item) }
    sorted.sort()
    var pairs: [Int32] = []
    var last: Int64 = -1
    for key in sorted where key != last {
      pairs += [Int32(truncatingIfNeeded: key >> 32), Int32(truncatingIfNeeded: key)]
      last = key
    }
    self.pairs = pairs
  }
}
