public import CollabLearning
import CollabRandomness
import CollabTensors
public import CollabThreading

/// A model, the ratings it learns from, and how it learns.
///
///     let learner = Learner(loaders, model)
///     try learner.fit(epochs: 5, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
///
/// Source: fastai's `Learner`, `fastai/learner.py`.
public final class Learner {
  /// The ratings it learns from and is tested with, and the order of batches.
  public let loaders: DataLoaders
  /// What is trained; a fit changes its parameters in place.
  public let model: any Module
  /// What is made small, by a trainer that follows gradients, and what `validate` measures.
  public let loss: Loss
  /// What a fit runs.
  public let trainer: any Trainer
  /// How somebody new was taken in last.
  var foldInMemory: FoldInMemory?
  /// How many threads may be used; the numbers are the same for any number.
  public var threads = Threads.current
  /// Losses of the last fit.
  public package(set) var recorder = Recorder()
  /// The fits that ran to their ends, in their order: what it takes to train another one so.
  public private(set) var fits: [FitPlan] = []
  /// The numbers of the model as they were laid out for ranking last.
  var rankingFactors: RankingFactors?

  /// A learner around a model, trained or not; its trainer is fresh.
  ///
  /// - Parameters:
  ///   - loaders: what it learns from.
  ///   - model: what is trained.
  ///   - loss: what is made small.
  ///   - optimizer: makes the optimiser of a model that is trained by gradients.
  public init(
    _ loaders: DataLoaders, _ model: any Module, loss: Loss = .meanSquaredError,
    optimizer: @escaping ([Parameter]) throws -> any Optimizer = { try Adam($0) }
  ) {
    self.loaders = loaders
    self.model = model
    self.loss = loss
    trainer =
      (model as? any RatingModel)?.trainer(loss: loss, optimizer: optimizer)
      ?? GradientTrainer(loss: loss, optimizer: optimizer)
    (model as? any RatingModel)?.attach(to: loaders)
  }

  /// The optimiser of a trainer that has one and was used.
  public var optimizer: (any Optimizer)? { trainer.optimizer }

  /// What the model's numbers are: as it says itself, else as their shapes tell.
  public var roles: ModelRoles {
    (model as? any RatingModel)?.roles
      ?? ModelRoles(byShapeOf: model, users: loaders.users.count, items: loaders.items.count)
  }
}

// MARK: - Training

extension Learner {
  /// Trains for some epochs by gradients.
  ///
  /// - Parameters:
  ///   - epochs: how often to go through the training ratings.
  ///   - schedule: rates and momenta of the steps.
  ///   - weightDecay: stays for later fits; nil leaves it as it is, at first 0.01.
  ///   - rowUpdate: when rows move that are not in the batch; stays for later fits; nil leaves it as
  ///     it is, at first lazy.
  ///   - observer: is told of each batch and epoch, and may stop the fit.
  /// - Returns: whether it ran to its end.
  /// - Throws: ``FitError``, and what the model throws. Model and optimiser are then as they were
  ///   before.
  @discardableResult
  public func fit(
    epochs: Int, _ schedule: Schedule, weightDecay: Double? = nil, rowUpdate: RowUpdate? = nil,
    observer: (any FitObserver)? = nil
  ) throws -> FitOutcome {
    try fit(
      FitPlan(epochs: epochs, schedule, weightDecay: weightDecay, rowUpdate: rowUpdate),
      observer: observer)
  }

  /// Trains as the model's trainer does it.
  ///
  /// - Parameters:
  ///   - plan: what is asked for; nil for the trainer's usual number of epochs.
  ///   - before: a checkpoint of this moment, from who has taken one; nil to take one.
  ///   - observer: is told of each batch and epoch, and may stop the fit.
  /// - Returns: whether it ran to its end.
  /// - Throws: ``FitError``, and what the model throws. Model and trainer are then as they were
  ///   before.
  @discardableResult
  public func fit(
    _ plan: FitPlan? = nil, from before: Checkpoint? = nil, observer: (any FitObserver)? = nil
  ) throws -> FitOutcome {
    let plan = plan ?? FitPlan(epochs: trainer.usualEpochs ?? 1)
    guard loaders.trainingCount > 0 else { throw FitError.nothingToLearnFrom }
    let before = try before ?? checkpoint()
    try requireMemory()
    do {
      recorder = Recorder()
      let run = FitRun(self, plan, observer)
      let outcome = try run.outcome(trainer.fit(plan, run))
      if outcome.isComplete { fits.append(plan) }
      return outcome
    } catch {
      restore(before)
      throw error
    }
  }

  /// Refuses a fit that the system would end for the memory that it takes.
  private func requireMemory() throws {
    do {
      try MemoryBudget.require(trainer.memory(for: self))
    } catch TensorError.noMemory(let needed, let free) {
      throw FitError.noMemory(needed: needed, free: free)
    }
  }

  /// The mean loss of the validation ratings; `nan` if there are none.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted`` where somebody asks it to stop.
  public func validate() throws -> Float {
    guard let loss = try validate(while: { _ in true }) else { throw TensorError.interrupted }
    return loss
  }

  /// The mean loss of the validation ratings; nil if it was stopped.
  ///
  /// - Parameter goesOn: is told after each batch how many are done, and says whether to go on.
  /// - Returns: the loss, if all batches went into it.
  /// - Throws: what the model throws.
  public func validate(while goesOn: (_ batch: Int) -> Bool) throws -> Float? {
    loaders.startValidation()
    return try meanLoss(of: loaders.validation, while: goesOn)
  }

  /// The mean loss of some ratings, batch by batch; `nan` if there are none, nil if it was stopped.
  func meanLoss(of ratings: RatingSet, while goesOn: (_ batch: Int) -> Bool) throws -> Float? {
    model.train(false)
    guard ratings.count > 0 else { return .nan }
    let batchCount = ratings.batchCount(of: loaders.options.batchSize)
    let canRunOnThreads = model.canPredictOnThreads
    let largest = min(max(1, Self.blockRatings / loaders.options.batchSize), batchCount)
    let isPlain = canRunOnThreads || largest > 1 && predictsRatingsApart(ratings)
    let blockSize = isPlain ? largest : 1
    let blocks = stride(from: 0, to: batchCount, by: blockSize).map { first in
      first..<min(first + blockSize, batchCount)
    }
    let isLarge = ratings.count >= Self.parallelRatings
    let width = canRunOnThreads && isLarge ? threads.count : 1
    let stretch = isPlain ? Self.blocksOfThread * width : 1
    var mean = WeightedMean()
    for first in stride(from: 0, to: blocks.count, by: stretch) {
      let part = blocks[first..<min(first + stretch, blocks.count)]
      guard let losses = try losses(of: ratings, part, Threads(width)) else { return nil }
      for (loss, count) in losses { mean.add(loss, weight: count) }
      guard goesOn(part.last?.upperBound ?? 0) else { return nil }
    }
    return mean.value
  }

  /// Whether the losses of the first two batches are the same, to the last bit, when they are predicted
  /// together: not so where a prediction depends on the other ratings of its batch.
  ///
  /// It is asked anew each time, because what depends on others may have had no weight before.
  private func predictsRatingsApart(_ ratings: RatingSet) -> Bool {
    let before = loaders.streams.copy()
    defer { loaders.streams.restore(from: before) }
    guard let together = try? losses(of: ratings, 0..<2),
      let apart = try? losses(of: ratings, 0..<1) + losses(of: ratings, 1..<2)
    else { return false }
    return together.map(\.loss.bitPattern) == apart.map(\.loss.bitPattern)
  }

  /// Ratings that are predicted together where batches are smaller: their rows fit into a cache.
  private static let blockRatings = 512
  /// Ratings from which on threads are worth the handing over.
  private static let parallelRatings = 1 << 17
  /// Blocks that a thread does before it is asked whether to go on.
  private static let blocksOfThread = 64

  /// The mean loss and the size of each of some batches of ratings, a list for each block; nil if it was
  /// stopped.
  private func losses(
    of ratings: RatingSet, _ blocks: ArraySlice<Range<Int>>, _ threads: Threads
  ) throws -> FlattenSequence<[[(loss: Float, count: Int)]]>? {
    // Threads may not bring rows up to date at the same time.
    for part in model.state { part.tensor.settle() }
    var results = [[(loss: Float, count: Int)]](repeating: [], count: blocks.count)
    var failures = [(any Error)?](repeating: nil, count: blocks.count)
    let isDone = results.withUnsafeMutableBufferPointer { results in
      failures.withUnsafeMutableBufferPointer { failures in
        threads.forEachInterruptibly(blocks.count) { place in
          do {
            results[place] = try losses(of: ratings, blocks[blocks.startIndex + place])
          } catch {
            failures[place] = error
          }
        }
      }
    }
    for case let failure? in failures { throw failure }
    return isDone ? results.joined() : nil
  }

  /// The mean loss and the size of each of some batches of ratings, found together.
  private func losses(
    of ratings: RatingSet, _ batches: Range<Int>
  ) throws -> [(loss: Float, count: Int)] {
    try GradientMode.withoutRecording {
      let size = loaders.options.batchSize
      let batch = try ratings.batches(batches, of: size)
      let losses = try loss.ofBatches(
        model.forward(batch.inputs), batch.targets, batchSize: size)
      return losses.enumerated().map { place, loss in
        (loss, min(size, batch.targets.count - place * size))
      }
    }
  }
}

extension Module {
  /// Whether several threads may predict at once: unknown of models that say nothing of it.
  var canPredictOnThreads: Bool { (self as? any RatingModel)?.predictsRatingsApart ?? false }
}

// MARK: - Going back

extension Learner {
  /// Everything that a fit changes.
  public struct Checkpoint {
    fileprivate let values: [Tensor]
    fileprivate let restoreTrainer: () -> Void
    fileprivate let recorder: Recorder
    fileprivate let fits: [FitPlan]
  }

  /// The state at this moment.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``, ``TensorError/interrupted``.
  public func checkpoint() throws -> Checkpoint {
    // The parameters, and the two moments that an optimiser may remember of each.
    try MemoryBudget.require(model.state.reduce(0) { $0 + $1.tensor.count }, of: 12)
    return Checkpoint(
      values: try model.state.map { part in
        try Interruption.check()
        return try part.tensor.detached().copied()
      },
      restoreTrainer: trainer.checkpoint(), recorder: recorder, fits: fits)
  }

  /// Goes back to a state.
  public func restore(_ checkpoint: Checkpoint) {
    // A trainer may have made room in the model for more, or for less.
    checkpoint.restoreTrainer()
    for (part, values) in zip(model.state, checkpoint.values) {
      // They are of one shape: the checkpoint is this learner's.
      try? part.tensor.replaceElements(by: values)
      part.tensor.clearGradient()
    }
    (recorder, fits) = (checkpoint.recorder, checkpoint.fits)
    model.train(false)
  }
}
