import CCollabKernels
import CollabLearning
import CollabTensors

/// Draws a Bayesian factorisation's numbers, sweep by sweep, and gathers what the draws say.
final class GibbsTrainer: Trainer {
  /// Sweeps that are not gathered: the first ones still depend on where the chain began.
  static let burnIn = 50
  /// Rows of the table of a fit, at most.
  private static let tableRows = 10

  private let model: Bayes

  init(_ model: Bayes) { self.model = model }

  var settings: FitSettings { [.epochs] }
  var usualEpochs: Int? { 300 }
  var summary: String {
    let chain = model.chain
    let draws =
      chain.sweeps == 0
      ? ""
      : " · \(chain.sweeps) sweeps, \(chain.gathered) gathered, \(model.kept.samples.count) kept"
    return "Gibbs sampling, \(model.options.likelihood.rawValue)\(draws)"
  }

  /// What is gathered; the chain itself is in tensors that do not change their size.
  func checkpoint() -> () -> Void {
    let (model, kept) = (model, model.kept)
    return { model.kept = kept }
  }

  /// What the chain takes is asked for when it begins.
  func memory(for learner: Learner) -> Int { learner.loaders.bytesToSort }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let gathering = try GibbsGathering(model, run, epochs: plan.epochs)
    let sweepsOfRow = (plan.epochs + Self.tableRows - 1) / Self.tableRows
    defer { gathering.finish() }
    if let cost = try gathering.cost(epochs: plan.epochs) { run.announce(cost) }
    while run.epoch < plan.epochs {
      let count = min(sweepsOfRow, plan.epochs - run.epoch)
      var sum: Float = 0
      for sweep in 1...count {
        let loss = try gathering.sweep()
        sum += loss
        guard run.finishBatch(sweep, of: count, loss: loss, epochs: count) else {
          return .stopped(epoch: run.epoch, batch: sweep)
        }
      }
      gathering.show()
      guard try run.finishEpoch(trainLoss: sum / Float(count), epochs: count) else {
        return .stopped(epoch: run.epoch, batch: count)
      }
    }
    return .finished
  }
}
