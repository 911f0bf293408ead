import CollabTensors
import CollabThreading

/// Solves for all users and then for all items, time and again, with zeros for what was not rated.
///
/// An iteration that is stopped leaves the model as the one before has left it, and the next fit does it
/// over. The stars that the model names do not change from one to the next, so that a fit has one row in the
/// table of losses.
final class IALSTrainer: Trainer {
  private let model: IALS
  private let sweep: RowSweep

  init(_ model: IALS) {
    self.model = model
    sweep = RowSweep(factors: model.itemFactors.shape[1])
  }

  var settings: FitSettings { [.epochs] }
  var usualEpochs: Int? { 10 }
  var summary: String {
    let options = model.options
    return "implicit alternating least squares · \(options.isGraded ? "graded" : "not graded") · "
      + "reg \(options.ridge.strength) · nu \(options.ridge.exponent) · "
      + "unobserved \(options.unobserved) · ranks; its stars are the baseline's"
  }

  func memory(for learner: Learner) -> Int {
    let (users, items) = (model.userFactors.shape, model.itemFactors.shape)
    // What each rating is worth, and how much it counts, on both sides.
    return learner.loaders.bytesToSort + 16 * learner.loaders.trainingCount
      + FitMemory.leastSquares(rows: users[0] + items[0], factors: items[1])
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let loaders = run.loaders
    try loaders.sortTraining(by: .users, .items)
    try model.begin(run, isGraded: model.options.isGraded)
    let sides = try [RatingSide.users, .items].map { side in
      try Interruption.check()
      return GradedRatings(loaders.training(by: side), model.grading)
    }
    let parts = sides.map { sweep.partCount($0.rated.rowCount) }
    let partsOfEpoch = parts[0] + parts[1]
    let partCount = plan.epochs * partsOfEpoch
    for epoch in 0..<plan.epochs {
      func goesOn(_ part: Int) -> Bool {
        run.finishPart(epoch * partsOfEpoch + part, of: partCount, epochs: plan.epochs)
      }
      let stopped = FitOutcome.stopped(epoch: epoch, batch: 0)
      let users = try solve(over: model.itemFactors, for: sides[0], run.threads, while: goesOn)
      guard let users else { return stopped }
      let items = try solve(over: users, for: sides[1], run.threads) { goesOn(parts[0] + $0) }
      guard let items else { return stopped }
      try model.userFactors.replaceElements(by: users)
      try model.itemFactors.replaceElements(by: items)
    }
    guard try run.finishEpoch(squaredError: nil, epochs: plan.epochs) else {
      return .stopped(epoch: plan.epochs, batch: 1)
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}

/// Ratings by rows, with what they are worth.
private struct GradedRatings {
  let rated: RatedItems
  /// What each rating is worth.
  let grades: [Float]
  /// How much each counts; none for those that were replaced by a later one of the same pair.
  let weights: [Float]

  init(_ rated: RatedItems, _ grading: Grading) {
    self.rated = rated
    grades = grading.grades(rated)
    weights = zip(grades, rated.stars).map { $0 > 0 ? grading.weight($1) : 0 }
  }
}

extension IALSTrainer {
  /// The factors of all rows of a side; nil if it was stopped.
  private func solve(
    over factors: Tensor, for ratings: GradedRatings, _ threads: Threads,
    while goesOn: (_ part: Int) -> Bool
  ) throws -> Tensor? {
    let equations = try ImplicitSquares(over: factors, model.options, threads)
    let (rated, width) = (ratings.rated, factors.shape[1])
    let solutions = try Tensor.zeros([rated.rowCount, width])
    let solution = solutions.elements
    let workspaces = try (0..<threads.count).map { _ in try equations.workspace() }
    let sum = sweep.sum(over: rated.rowCount, threads, while: goesOn) { rows, thread in
      for row in rows where !rated.places(of: row).isEmpty {
        let places = rated.places(of: row)
        equations.solve(
          into: solution + row * width, rated.indices(of: row), weights: ratings.weights[places],
          grades: ratings.grades[places], workspaces[thread])
      }
      return 0
    }
    return sum.map { _ in solutions }
  }
}
