import CollabTensors
import CollabThreading

/// Solves for all users and then for all items, time and again.
///
/// An iteration that is stopped leaves the model as the one before has left it, and the next fit does it
/// over: it goes on as if nothing had happened.
final class ALSTrainer: Trainer {
  private let model: ALS
  private let sweep: RowSweep

  init(_ model: ALS) {
    self.model = model
    sweep = RowSweep(factors: model.itemFactors.shape[1])
  }

  var settings: FitSettings { [.epochs, .annealing] }
  var usualEpochs: Int? { 10 }
  var summary: String {
    "alternating least squares · reg \(model.ridge.strength) · nu \(model.ridge.exponent)"
  }

  func memory(for learner: Learner) -> Int {
    learner.loaders.bytesToSort
      + FitMemory.leastSquares(
        rows: model.userBias.count + model.itemBias.count, factors: model.itemFactors.shape[1])
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let loaders = run.loaders
    try loaders.training.requirePlaces(
      users: model.userBias.count, items: model.itemBias.count)
    try loaders.sortTraining(by: .users, .items)
    model.mean.set([loaders.training.mean])
    for epoch in 0..<plan.epochs {
      var ridge = model.ridge
      ridge.strength *= plan.annealing(of: epoch)
      let parts = [model.userBias, model.itemBias].map { sweep.partCount($0.count) }
      let count = parts[0] + parts[1]
      let stopped = FitOutcome.stopped(epoch: run.epoch, batch: 0)
      let users = try solve(
        over: model.itemFactors, model.itemBias, ridge, for: loaders.trainingByUser, run.threads
      ) { run.finishPart($0, of: count) }
      guard let users else { return stopped }
      let items = try solve(
        over: users.factors, users.bias, ridge, for: loaders.trainingByItem, run.threads
      ) { run.finishPart(parts[0] + $0, of: count) }
      guard let items else { return stopped }
      try users.store(in: model.userFactors, model.userBias)
      try items.store(in: model.itemFactors, model.itemBias)
      let error = items.squaredError / Double(max(loaders.training.count, 1))
      guard try run.finishEpoch(squaredError: error) else {
        return .stopped(epoch: run.epoch, batch: 1)
      }
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}

// MARK: - One side

/// The factors and biases of one side.
private struct Side {
  let factors: Tensor
  let bias: Tensor
  /// The sum over all ratings.
  var squaredError = 0.0

  func store(in factors: Tensor, _ bias: Tensor) throws(TensorError) {
    try factors.replaceElements(by: self.factors)
    try bias.replaceElements(by: self.bias)
  }
}

extension ALSTrainer {
  /// Solves for all rows of a side; nil if it was stopped.
  private func solve(
    over factors: Tensor, _ bias: Tensor, _ ridge: Ridge, for ratings: RatedItems,
    _ threads: Threads, while goesOn: (_ part: Int) -> Bool
  ) throws -> Side? {
    let mean = model.mean.elements[0]
    let equations = LeastSquares(over: factors, bias, mean: mean, ridge: ridge)
    let (rowCount, width) = (ratings.rowCount, factors.shape[1])
    var side = Side(
      factors: try Tensor.zeros([rowCount, width]), bias: try Tensor.zeros([rowCount]))
    let (newFactors, newBias) = (side.factors.elements, side.bias.elements)
    let workspaces = try (0..<threads.count).map { _ in try equations.workspace() }
    let error = sweep.sum(over: rowCount, threads, while: goesOn) { rows, thread in
      var solution = [Float](repeating: 0, count: equations.solutionCount)
      var error = 0.0
      for row in rows where !ratings.places(of: row).isEmpty {
        error += Double(
          equations.solve(
            into: &solution, ratings.indices(of: row), ratings.stars(of: row), workspaces[thread]))
        for factor in 0..<width { newFactors[row * width + factor] = solution[factor] }
        newBias[row] = solution[width]
      }
      return error
    }
    guard let error else { return nil }
    side.squaredError = error
    return side
  }
}
