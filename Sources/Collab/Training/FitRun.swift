public import CollabLearning
public import CollabThreading

/// A fit that is running: what its trainer learns from, and to whom it says how far it has come.
public final class FitRun {
  /// The ratings to learn from, whose batches are drawn anew each epoch, and those to test with.
  public let loaders: DataLoaders
  /// What is trained; the trainer changes its parameters in place.
  public let model: any Module
  /// How many epochs were asked for.
  public let epochCount: Int
  /// How many threads may be used.
  public let threads: Threads
  /// The epoch that is running, from 0.
  public private(set) var epoch = 0

  private let learner: Learner
  private let observer: (any FitObserver)?
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant

  /// Whether it is noted how long an epoch takes; without that, what is saved is the same each time.
  @TaskLocal package static var isTimed = true

  /// After how many epochs without a smaller validation loss it ends.
  private let patience: Int?
  /// The epoch with the smallest validation loss, if there is patience, and everything as it was then.
  private var best: (epoch: Int, loss: Float, checkpoint: Learner.Checkpoint)?
  private var isOutOfPatience = false

  init(_ learner: Learner, _ plan: FitPlan, _ observer: (any FitObserver)?) {
    (self.learner, self.observer) = (learner, observer)
    (loaders, model, threads) = (learner.loaders, learner.model, learner.threads)
    (epochCount, patience) = (plan.epochs, plan.patience)
    start = clock.now
  }

  /// The losses so far.
  public var recorder: Recorder { learner.recorder }

  /// Makes room for the losses of so many batches.
  public func reserve(_ batches: Int) { learner.recorder.reserve(batches) }

  /// Says what the fit will take, before it begins.
  func announce(_ cost: FitCost) { observer?.fitWillTake(cost) }

  /// Keeps the loss of a batch, or of another part of an epoch.
  ///
  /// - Parameters:
  ///   - batch: how many of them are done.
  ///   - batchCount: how many the epoch has.
  ///   - loss: of this one.
  ///   - learningRate: at which it was learned from, if there is a rate.
  ///   - momentum: at that time, if there is one.
  ///   - epochs: how many epochs the batches are of.
  /// - Returns: whether to go on.
  public func finishBatch(
    _ batch: Int, of batchCount: Int, loss: Float, learningRate: Double = 0, momentum: Double = 0,
    epochs: Int = 1
  ) -> Bool {
    learner.recorder.add(loss: loss, learningRate: learningRate, momentum: momentum)
    let progress = FitProgress(
      epoch: epoch, epochCount: epochCount, batch: batch, batchCount: batchCount,
      loss: learner.recorder.smoothLoss, epochs: epochs)
    return observer?.batchDidFinish(progress) ?? true
  }

  /// Says how far an epoch has come that is not made of batches.
  ///
  /// - Parameters:
  ///   - part: how many parts are done.
  ///   - partCount: how many there are.
  ///   - epochs: how many epochs the parts are of.
  /// - Returns: whether to go on.
  public func finishPart(_ part: Int, of partCount: Int, epochs: Int = 1) -> Bool {
    observer?.partDidFinish(
      FitProgress(
        epoch: epoch, epochCount: epochCount, batch: part, batchCount: partCount,
        loss: learner.recorder.smoothLoss, epochs: epochs)) ?? true
  }

  /// Calls `body`, in which the model may be stopped while it computes.
  ///
  /// - Returns: what `body` gives; nil if it was stopped.
  /// - Throws: what the model throws otherwise.
  func unlessInterrupted<Result>(_ body: () throws -> Result?) throws -> Result? {
    do {
      return try body()
    } catch  where observer?.isInterruption(error) == true {
      return nil
    }
  }

  /// Finishes an epoch of a trainer that makes the squared error small, whatever loss is measured.
  ///
  /// - Parameters:
  ///   - squaredError: the mean squared error of the training ratings, if it is known.
  ///   - epochs: how many the row of the table stands for.
  /// - Returns: whether to go on.
  /// - Throws: ``FitError/lossNotFinite(loss:epoch:batch:lastFinite:)``, and what the model throws.
  func finishEpoch(squaredError: Double?, epochs: Int = 1) throws -> Bool {
    let loss: Float
    if let squaredError, learner.loss.name == Loss.meanSquaredError.name {
      loss = Float(squaredError)
    } else {
      let found = try unlessInterrupted {
        try learner.meanLoss(of: loaders.training) { part in
          finishPart(part, of: loaders.trainingBatchCount)
        }
      }
      guard let found else { return false }
      loss = found
    }
    guard loss.isFinite else {
      throw FitError.lossNotFinite(
        loss: loss, epoch: epoch, batch: 0, lastFinite: recorder.losses.last)
    }
    guard finishBatch(1, of: 1, loss: loss) else { return false }
    return try finishEpoch(trainLoss: loss, epochs: epochs)
  }

  /// Validates, adds a row to the table and begins the next epoch.
  ///
  /// - Parameters:
  ///   - trainLoss: of the epoch; nil for the smoothed losses of its batches.
  ///   - epochs: how many the row stands for, of trainers whose epochs are short.
  /// - Returns: whether to go on.
  /// - Throws: what the model throws.
  public func finishEpoch(trainLoss: Float? = nil, epochs: Int = 1) throws -> Bool {
    let loss = trainLoss ?? learner.recorder.smoothLoss
    let validLoss = try unlessInterrupted {
      try learner.validate { batch in
        observer?.validationBatchDidFinish(
          FitProgress(
            epoch: epoch, epochCount: epochCount, batch: batch,
            batchCount: loaders.validationBatchCount, loss: loss)) ?? true
      }
    }
    guard let validLoss else { return false }
    learner.recorder.finishEpoch(
      number: epoch + epochs - 1, trainLoss: loss, validLoss: validLoss,
      seconds: Self.isTimed ? (clock.now - start) / .seconds(1) : 0)
    if let row = learner.recorder.epochs.last { observer?.epochDidFinish(row) }
    let isKept: Void? = try unlessInterrupted { try keepBest(validLoss) }
    epoch += epochs
    start = clock.now
    return isKept != nil && !isOutOfPatience
  }

  /// Keeps everything as it is after the best epoch, as long as there is patience.
  private func keepBest(_ loss: Float) throws {
    guard let patience else { return }
    if best.map({ loss < $0.loss }) ?? true {
      best = (epoch, loss, try learner.checkpoint())
    } else if let best, epoch - best.epoch >= patience {
      isOutOfPatience = true
    }
  }

  /// How the fit ended, after it has gone back to the best epoch if it had patience.
  func outcome(_ outcome: FitOutcome) -> FitOutcome {
    guard let best, outcome.isComplete || isOutOfPatience else { return outcome }
    let recorder = learner.recorder
    learner.restore(best.checkpoint)
    learner.recorder = recorder
    return .keptBest(epoch: best.epoch)
  }
}
