import CollabTensors
import CollabThreading

/// Solves for all users and then for all items, time and again.
///
/// Rows of one side do not depend on each other, so any number of threads finds the same bits. An
/// iteration that is stopped leaves the model as the one before has left it, and the next fit does it
/// over: it goes on as if nothing had happened.
final class ALSTrainer: Trainer {
  /// Rows that a thread solves for before it takes others.
  private static let blockRows = 16
  /// Rows after which it is asked whether to go on, with so many factors.
  private static let partRows = (most: 4096, least: 4 * blockRows, factors: 50)

  private let model: ALS
  private let partRows: Int

  init(_ model: ALS) {
    self.model = model
    let (most, least, usual) = Self.partRows
    let factors = model.itemFactors.shape[1]
    // Work grows with the square of the factors.
    partRows = max(min(most, most * usual / factors * usual / factors), least)
  }

  var settings: FitSettings { [.epochs] }
  var usualEpochs: Int? { 10 }
  var summary: String {
    "alternating least squares · reg \(model.ridge.strength) · nu \(model.ridge.exponent)"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let loaders = run.loaders
    try loaders.training.requirePlaces(
      users: model.userBias.count, items: model.itemBias.count)
    model.mean.set([loaders.training.mean])
    for _ in 0..<plan.epochs {
      let parts = [model.userBias, model.itemBias].map { partCount($0.count) }
      let count = parts[0] + parts[1]
      let stopped = FitOutcome.stopped(epoch: run.epoch, batch: 0)
      let users = try solve(
        over: model.itemFactors, model.itemBias, for: loaders.trainingByUser, run.threads
      ) { run.finishPart($0, of: count) }
      guard let users else { return stopped }
      let items = try solve(
        over: users.factors, users.bias, for: loaders.trainingByItem, run.threads
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
  private func partCount(_ rows: Int) -> Int { (rows + partRows - 1) / partRows }

  /// Solves for all rows of a side; nil if it was stopped.
  private func solve(
    over factors: Tensor, _ bias: Tensor, for ratings: RatedItems, _ threads: Threads,
    while goesOn: (_ part: Int) -> Bool
  ) throws -> Side? {
    let mean = model.mean.elements[0]
    let equations = LeastSquares(over: factors, bias, mean: mean, ridge: model.ridge)
    let rowCount = ratings.rowCount
    var side = Side(
      factors: try Tensor.zeros([rowCount, factors.shape[1]]), bias: try Tensor.zeros([rowCount]))
    let workspaces = try (0..<threads.count).map { _ in try equations.workspace() }
    for part in 0..<partCount(rowCount) {
      let rows = part * partRows..<min((part + 1) * partRows, rowCount)
      side.squaredError += solve(equations, for: ratings, rows, into: side, workspaces)
      guard goesOn(part + 1) else { return nil }
    }
    return side
  }

  /// Solves for some rows, a block at a time.
  ///
  /// - Returns: the sum of the squared errors that are left.
  private func solve(
    _ equations: LeastSquares, for ratings: RatedItems, _ rows: Range<Int>, into side: Side,
    _ workspaces: [Tensor]
  ) -> Double {
    let blocks = (rows.count + Self.blockRows - 1) / Self.blockRows
    let width = side.factors.shape[1]
    let (factors, bias) = (side.factors.elements, side.bias.elements)
    var errors = [Double](repeating: 0, count: blocks)
    errors.withUnsafeMutableBufferPointer { errors in
      Threads(workspaces.count).forEach(workspaces.count) { thread in
        var solution = [Float](repeating: 0, count: equations.solutionCount)
        for block in stride(from: thread, to: blocks, by: workspaces.count) {
          let first = rows.lowerBound + block * Self.blockRows
          // Row 0 is `#na#`, whose factors and bias stay zero.
          for row in max(first, 1)..<max(min(first + Self.blockRows, rows.upperBound), 1)
          where !ratings.places(of: row).isEmpty {
            errors[block] += Double(
              equations.solve(
                into: &solution, ratings.indices(of: row), ratings.stars(of: row),
                workspaces[thread]))
            for factor in 0..<width { factors[row * width + factor] = solution[factor] }
            bias[row] = solution[width]
          }
        }
      }
    }
    return errors.reduce(0, +)
  }
}
