public import Learning
import Randomness
import Tensors
public import Threading

/// A model, the ratings it learns from, and how it learns.
///
///     let learner = Learner(loaders, model)
///     try learner.fit(epochs: 5, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
///
/// Source: fastai's `Learner`, `fastai/learner.py`.
public final class Learner {
  /// The ratings.
  public let loaders: DataLoaders
  /// What is trained.
  public let model: any Module
  /// What is made small.
  public let loss: Loss
  /// How many threads may be used; the numbers are the same for any number.
  public var threads = Threads.current
  /// Losses of the last fit.
  public private(set) var recorder = Recorder()
  /// The optimiser, which the first fit creates and later ones go on with.
  public private(set) var optimizer: (any Optimizer)?

  private let makeOptimizer: ([Parameter]) throws -> any Optimizer

  /// A learner around a model, trained or not; its optimiser is fresh.
  public init(
    _ loaders: DataLoaders, _ model: any Module, loss: Loss = .meanSquaredError,
    optimizer: @escaping ([Parameter]) throws -> any Optimizer = { try Adam($0) }
  ) {
    self.loaders = loaders
    self.model = model
    self.loss = loss
    makeOptimizer = optimizer
  }
}

// MARK: - Training

extension Learner {
  /// Trains for some epochs.
  ///
  /// - Parameters:
  ///   - epochs: how often to go through the training ratings.
  ///   - schedule: rates and momenta of the steps.
  ///   - weightDecay: stays for later fits; nil leaves it as it is, at first 0.01.
  ///   - rowUpdate: when Adam moves rows that are not in the batch; stays for later fits; nil leaves
  ///     it as it is, at first lazy.
  ///   - observer: is told of each batch and epoch, and may stop the fit.
  /// - Returns: whether it ran to its end.
  /// - Throws: ``FitError/lossNotFinite(loss:epoch:batch:lastFinite:)``, and what the model throws.
  ///   Model and optimiser are then as they were before.
  @discardableResult
  public func fit(
    epochs: Int, _ schedule: Schedule, weightDecay: Double? = nil,
    rowUpdate: Adam.RowUpdate? = nil, observer: (any FitObserver)? = nil
  ) throws -> FitOutcome {
    let before = try checkpoint()
    do {
      let optimizer = try preparedOptimizer()
      if let weightDecay { optimizer.weightDecay = weightDecay }
      (optimizer as? Adam)?.threads = threads
      if let rowUpdate { (optimizer as? Adam)?.rowUpdate = rowUpdate }
      return try run(epochs, schedule, optimizer, observer)
    } catch {
      restore(before)
      throw error
    }
  }

  private func run(
    _ epochs: Int, _ schedule: Schedule, _ optimizer: any Optimizer,
    _ observer: (any FitObserver)?
  ) throws -> FitOutcome {
    recorder = Recorder()
    let batchCount = loaders.trainingBatchCount
    let clock = ContinuousClock()
    let memory = StepMemory()
    recorder.reserve(epochs * batchCount)
    for epoch in 0..<epochs {
      let start = clock.now
      let order = loaders.startTraining()
      var position = Double(epoch) / Double(epochs)
      model.train()
      defer { model.train(false) }
      for batch in 0..<batchCount {
        if let momentum = schedule.momentum(at: position) { optimizer.momentum = momentum }
        let rate = schedule.learningRate(at: position)
        let loss = try memory.run {
          try step(loaders.trainingBatch(batch, of: order), optimizer, rate)
        }
        guard loss.isFinite else {
          throw FitError.lossNotFinite(
            loss: loss, epoch: epoch, batch: batch, lastFinite: recorder.losses.last)
        }
        recorder.add(loss: loss, learningRate: rate, momentum: optimizer.momentum)
        position += 1 / Double(batchCount * epochs)
        let progress = FitProgress(
          epoch: epoch, epochCount: epochs, batch: batch + 1, batchCount: batchCount,
          loss: recorder.smoothLoss)
        guard observer?.batchDidFinish(progress) ?? true else {
          return .stopped(epoch: epoch, batch: batch + 1)
        }
      }
      let validLoss = try validate { batch in
        observer?.validationBatchDidFinish(
          FitProgress(
            epoch: epoch, epochCount: epochs, batch: batch,
            batchCount: loaders.validationBatchCount, loss: recorder.smoothLoss)) ?? true
      }
      guard let validLoss else { return .stopped(epoch: epoch, batch: batchCount) }
      recorder.finishEpoch(
        validLoss: validLoss, seconds: (clock.now - start) / .seconds(1))
      if let row = recorder.epochs.last { observer?.epochDidFinish(row) }
    }
    return .finished
  }

  /// The optimiser, which is made when it is first needed.
  func preparedOptimizer() throws -> any Optimizer {
    let optimizer = try optimizer ?? makeOptimizer(model.parameters)
    self.optimizer = optimizer
    return optimizer
  }

  func step(
    _ batch: RatingBatch, _ optimizer: any Optimizer, _ rate: Double
  ) throws -> Float {
    let loss = try loss(model.forward(batch.inputs), batch.targets)
    try loss.backward()
    optimizer.step(learningRate: rate)
    optimizer.clearGradients()
    return Float(try loss.item())
  }

  /// The mean loss of the validation ratings.
  public func validate() throws -> Float { try validate { _ in true } ?? .nan }

  /// The mean loss of the validation ratings; nil if it was stopped.
  ///
  /// - Parameter goesOn: is told after each batch how many are done, and says whether to go on.
  /// - Returns: the loss, if all batches went into it.
  /// - Throws: what the model throws.
  public func validate(while goesOn: (_ batch: Int) -> Bool) throws -> Float? {
    loaders.startValidation()
    model.train(false)
    let batchCount = loaders.validationBatchCount
    let canRunOnThreads = model.predictsRatingsApart
    let largest = min(max(1, Self.blockRatings / loaders.options.batchSize), batchCount)
    let isPlain = canRunOnThreads || largest > 1 && predictsRatingsApart()
    let blockSize = isPlain ? largest : 1
    let blocks = stride(from: 0, to: batchCount, by: blockSize).map { first in
      first..<min(first + blockSize, batchCount)
    }
    let isLarge = loaders.validation.count >= Self.parallelRatings
    let width = canRunOnThreads && isLarge ? threads.count : 1
    let stretch = isPlain ? Self.blocksOfThread * width : 1
    var mean = WeightedMean()
    for first in stride(from: 0, to: blocks.count, by: stretch) {
      let part = blocks[first..<min(first + stretch, blocks.count)]
      for (loss, count) in try validationLosses(part, Threads(width)) {
        mean.add(loss, weight: count)
      }
      guard goesOn(part.last?.upperBound ?? 0) else { return nil }
    }
    return mean.value
  }

  /// Whether the losses of the first two batches are the same, to the last bit, when they are predicted
  /// together: not so where a prediction depends on the other ratings of its batch.
  ///
  /// It is asked anew each time, because what depends on others may have had no weight before.
  private func predictsRatingsApart() -> Bool {
    let before = loaders.streams.copy()
    defer { loaders.streams.restore(from: before) }
    guard let together = try? validationLosses(0..<2),
      let apart = try? validationLosses(0..<1) + validationLosses(1..<2)
    else { return false }
    return together.map(\.loss.bitPattern) == apart.map(\.loss.bitPattern)
  }

  /// Ratings that are predicted together where batches are smaller: their rows fit into a cache.
  private static let blockRatings = 512
  /// Ratings from which on threads are worth the handing over.
  private static let parallelRatings = 1 << 17
  /// Blocks that a thread does before it is asked whether to go on.
  private static let blocksOfThread = 64

  /// The mean loss and the size of each of some validation batches, a list for each block.
  private func validationLosses(
    _ blocks: ArraySlice<Range<Int>>, _ threads: Threads
  ) throws -> FlattenSequence<[[(loss: Float, count: Int)]]> {
    // Threads may not bring rows up to date at the same time.
    for part in model.state { part.tensor.settle() }
    var results = [[(loss: Float, count: Int)]](repeating: [], count: blocks.count)
    var failures = [(any Error)?](repeating: nil, count: blocks.count)
    results.withUnsafeMutableBufferPointer { results in
      failures.withUnsafeMutableBufferPointer { failures in
        threads.forEach(blocks.count) { place in
          do {
            results[place] = try validationLosses(blocks[blocks.startIndex + place])
          } catch {
            failures[place] = error
          }
        }
      }
    }
    for case let failure? in failures { throw failure }
    return results.joined()
  }

  /// The mean loss and the size of each of some validation batches, found together.
  private func validationLosses(_ batches: Range<Int>) throws -> [(loss: Float, count: Int)] {
    try GradientMode.withoutRecording {
      let batch = try loaders.validationBatches(batches)
      let size = loaders.options.batchSize
      let losses = try loss.ofBatches(
        model.forward(batch.inputs), batch.targets, batchSize: size)
      return losses.enumerated().map { place, loss in
        (loss, min(size, batch.targets.count - place * size))
      }
    }
  }
}

extension Module {
  /// Whether a batch's predictions are those of its ratings one by one, and several threads may
  /// predict at once: true of the built-in models, which change nothing then, and unknown of others.
  var predictsRatingsApart: Bool {
    self is DotProduct || self is DotProductBias || self is DotProductBiasRaw
      || self is EmbeddingDotBias || self is CollabNN || self is EmbeddingNN
  }
}

// MARK: - Going back

extension Learner {
  /// Everything that a fit changes.
  public struct Checkpoint {
    fileprivate let values: [[Float]]
    fileprivate let optimizer: (any Optimizer)?
    fileprivate let optimizerState: OptimizerState?
    fileprivate let recorder: Recorder
  }

  /// The state at this moment.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public func checkpoint() throws -> Checkpoint {
    // The parameters, and what the optimiser remembers of them.
    let count = model.state.reduce(0) { $0 + $1.tensor.count }
    try MemoryBudget.require(count, of: optimizer == nil ? 4 : 12)
    return Checkpoint(
      values: model.state.map { $0.tensor.scalars(as: Float.self) }, optimizer: optimizer,
      optimizerState: optimizer?.snapshot(), recorder: recorder)
  }

  /// Goes back to a state.
  public func restore(_ checkpoint: Checkpoint) {
    for (part, values) in zip(model.state, checkpoint.values) {
      part.tensor.changeElements(as: Float.self) { _ = $0.update(from: values) }
      part.tensor.clearGradient()
    }
    optimizer = checkpoint.optimizer
    if let state = checkpoint.optimizerState { optimizer?.restore(state) }
    recorder = checkpoint.recorder
    model.train(false)
  }
}
