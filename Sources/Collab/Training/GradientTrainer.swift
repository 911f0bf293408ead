public import CollabLearning
import CollabTensors

/// Steps against the gradient of a loss, batch by batch.
///
/// Source: fastai's `Learner.fit` and `fit_one_cycle`, `fastai/learner.py`.
public final class GradientTrainer: Trainer {
  /// What is made small.
  public let loss: Loss
  /// The optimiser, which the first fit creates and later ones go on with.
  public private(set) var optimizer: (any Optimizer)?

  private let makeOptimizer: ([Parameter]) throws -> any Optimizer

  /// A trainer that has taken no step.
  public init(loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer) {
    self.loss = loss
    makeOptimizer = optimizer
  }

  /// Epochs, a rate, a decay, and when rows move.
  public var settings: FitSettings { [.epochs, .learningRate, .weightDecay, .rowUpdate] }
  /// None: how often to go through the ratings is the user's to say.
  public var usualEpochs: Int? { nil }

  /// Its optimiser's, as it is or will be.
  public var summary: String {
    // One of no parameters takes no memory.
    (optimizer ?? (try? makeOptimizer([])))?.summary ?? ""
  }

  /// What the optimiser remembers, if it does not yet, and the order of an epoch.
  public func memory(for learner: Learner) -> Int {
    let count = optimizer == nil ? learner.model.parameters.reduce(0) { $0 + $1.tensor.count } : 0
    return FitMemory.gradient(parameters: count, ratings: learner.loaders.trainingCount)
  }

  /// Trains by the rates of the plan's schedule.
  public func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let (loaders, model) = (run.loaders, run.model)
    let schedule = plan.schedule ?? .oneCycle(maximum: 1e-3)
    let optimizer = try preparedOptimizer(for: model)
    if let weightDecay = plan.weightDecay { optimizer.weightDecay = weightDecay }
    if let rowUpdate = plan.rowUpdate { optimizer.rowUpdate = rowUpdate }
    var stepThreads = StepThreads(run.threads)
    let clock = ContinuousClock()
    let batchCount = loaders.trainingBatchCount
    let memory = StepMemory()
    run.reserve(plan.epochs * batchCount)
    for epoch in 0..<plan.epochs {
      let order = loaders.startTraining()
      var position = Double(epoch) / Double(plan.epochs)
      model.train()
      defer { model.train(false) }
      for batch in 0..<batchCount {
        if let momentum = schedule.momentum(at: position) { optimizer.momentum = momentum }
        let rate = schedule.learningRate(at: position)
        if optimizer.threads != stepThreads.threads { optimizer.threads = stepThreads.threads }
        let start = stepThreads.isTrying ? clock.now : nil
        let found = try run.unlessInterrupted {
          try memory.run {
            try step(loaders.trainingBatch(batch, of: order), model, optimizer, rate)
          }
        }
        guard let loss = found else {
          optimizer.clearGradients()
          return .stopped(epoch: epoch, batch: batch)
        }
        stepThreads.finishStep(in: start.map { clock.now - $0 })
        guard loss.isFinite else {
          throw FitError.lossNotFinite(
            loss: loss, epoch: epoch, batch: batch, lastFinite: run.recorder.losses.last)
        }
        position += 1 / Double(batchCount * plan.epochs)
        let goesOn = run.finishBatch(
          batch + 1, of: batchCount, loss: loss, learningRate: rate, momentum: optimizer.momentum)
        guard goesOn else { return .stopped(epoch: epoch, batch: batch + 1) }
      }
      guard try run.finishEpoch() else { return .stopped(epoch: epoch, batch: batchCount) }
    }
    return .finished
  }

  /// The optimiser, which is made when it is first needed.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  func preparedOptimizer(for model: any Module) throws -> any Optimizer {
    let optimizer = try optimizer ?? makeOptimizer(model.parameters)
    self.optimizer = optimizer
    return optimizer
  }

  func step(
    _ batch: RatingBatch, _ model: any Module, _ optimizer: any Optimizer, _ rate: Double
  ) throws -> Float {
    let loss = try loss(model.forward(batch.inputs), batch.targets)
    try loss.backward()
    optimizer.step(learningRate: rate)
    optimizer.clearGradients()
    return Float(try loss.item())
  }

  /// The optimiser with what it remembers.
  public func checkpoint() -> () -> Void {
    let (optimizer, state) = (optimizer, optimizer?.snapshot())
    return { [self] in
      self.optimizer = optimizer
      if let state { optimizer?.restore(state) }
    }
  }
}
