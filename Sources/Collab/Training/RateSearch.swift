import Glibc
import CollabLearning
import CollabTensors

/// What a search for a learning rate found.
///
///     let search = try learner.findRate()
///     try learner.fit(epochs: 5, .oneCycle(maximum: search.valley))
public struct RateSearch: Sendable, Equatable {
  /// The rate of every step, rising exponentially.
  public let rates: [Double]
  /// The smoothed training loss after every step.
  public let losses: [Float]
  /// Whether the user stopped it before its end.
  public let isStopped: Bool

  /// The first steps, while the loss is still settling, say nothing of the rate, and the last ones
  /// nothing of learning.
  private static let skipped = (first: 10, last: 5)

  /// The position of the suggested rate; nil if there are too few steps to suggest one.
  ///
  /// The longest sequence of falling losses is found among the steps; the suggestion lies half-way
  /// through it, in steps that count in thirds.
  ///
  /// Source: fastai's `lr_find` and `valley`, `fastai/callback/schedule.py`.
  public var valleyIndex: Int? {
    guard losses.count > Self.skipped.first + Self.skipped.last else { return nil }
    let kept = losses[Self.skipped.first..<(losses.count - Self.skipped.last)].prefix {
      !$0.isNaN
    }
    guard !kept.isEmpty else { return nil }
    let valley = Self.longestValley(Array(kept))
    let third = Double(valley.count) / 3
    let index = valley.lowerBound + Int(clamping: third) + Int(clamping: third / 2)
    // A valley of the whole length begins one before the first step; Python counts that from the end.
    return Self.skipped.first + (index < 0 ? index + kept.count : index)
  }

  /// The suggested rate: where the loss falls steadily; nil if there are too few steps.
  public var valley: Double? { valleyIndex.map { rates[$0] } }

  /// The loss at the suggested rate.
  public var valleyLoss: Double? { valleyIndex.map { Double(losses[$0]) } }

  /// The longest falling subsequence, as the stretch that ends where it ends and is as long.
  private static func longestValley(_ losses: [Float]) -> Range<Int> {
    var lengths = [Int](repeating: 1, count: losses.count)
    var (start, end) = (0, 0)
    for i in losses.indices.dropFirst() {
      for j in 0..<i {
        if losses[i] < losses[j], lengths[i] < lengths[j] + 1 { lengths[i] = lengths[j] + 1 }
        if lengths[end] < lengths[i] {
          end = i
          start = end - lengths[end]
        }
      }
    }
    return start..<end
  }
}

// MARK: - Searching

extension Learner {
  /// Trains for some batches at rising rates, and goes back to where it was.
  ///
  /// It stops early when the smoothed loss exceeds four times its best value. Model, optimiser and
  /// recorder are as before; the draws of the training loader are taken.
  ///
  /// - Parameters:
  ///   - start: the first rate.
  ///   - end: the rate that the last step comes close to.
  ///   - stepCount: how many batches to try.
  ///   - observer: is told of each batch, and may stop the search.
  /// - Returns: the rates with their losses.
  /// - Throws: ``FitError/notTaken(_:model:)`` where there is no rate, and what the model throws.
  ///
  /// Source: fastai's `LRFinder`, `fastai/callback/schedule.py`.
  public func findRate(
    from start: Double = 1e-7, to end: Double = 10, stepCount: Int = 100,
    observer: (any FitObserver)? = nil
  ) throws -> RateSearch {
    guard let trainer = trainer as? GradientTrainer else {
      throw FitError.notTaken("learning rate", model: model.typeName)
    }
    guard loaders.trainingCount > 0 else { throw FitError.nothingToLearnFrom }
    let before = try checkpoint()
    defer { restore(before) }
    let optimizer = try trainer.preparedOptimizer(for: model)
    var recorder = Recorder()
    var smoothLosses: [Float] = []
    var best = Float.infinity
    var isStopped = false
    let batchCount = loaders.trainingBatchCount
    let epochCount = stepCount / batchCount + 1
    let memory = StepMemory()
    model.train()
    search: for epoch in 0..<epochCount {
      let order = loaders.startTraining()
      for batch in 0..<batchCount {
        let position = Double(recorder.losses.count) / Double(stepCount)
        let rate = start * pow(end / start, position)
        let loss = try memory.run {
          try trainer.step(loaders.trainingBatch(batch, of: order), model, optimizer, rate)
        }
        recorder.add(loss: loss, learningRate: rate, momentum: optimizer.momentum)
        smoothLosses.append(recorder.smoothLoss)
        best = min(best, recorder.smoothLoss)
        let count = recorder.losses.count
        let isDiverging = !recorder.smoothLoss.isFinite || recorder.smoothLoss > 4 * best
        if isDiverging || count >= stepCount { break search }
        let progress = FitProgress(
          epoch: epoch, epochCount: epochCount, batch: batch + 1, batchCount: batchCount,
          loss: recorder.smoothLoss)
        guard observer?.batchDidFinish(progress) ?? true else {
          isStopped = true
          break search
        }
      }
    }
    return RateSearch(
      rates: recorder.learningRates, losses: smoothLosses, isStopped: isStopped)
  }
}
