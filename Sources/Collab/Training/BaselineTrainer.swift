/// Finds the biases of a baseline, one side after the other, ten times unless told otherwise.
final class BaselineTrainer: Trainer {
  private let model: Baseline

  init(_ model: Baseline) { self.model = model }

  var settings: FitSettings { [.epochs] }
  var usualEpochs: Int? { BaselineBiases.usualAlternations }
  var summary: String {
    "alternating means · shrinkage \(model.shrinkage.users) for users, "
      + "\(model.shrinkage.items) for items"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    var biases = try BaselineBiases(model, run.loaders.training)
    for _ in 0..<plan.epochs {
      biases.alternate()
      biases.store(in: model)
      guard try run.finishEpoch(squaredError: biases.squaredError) else {
        return .stopped(epoch: run.epoch, batch: 1)
      }
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}
