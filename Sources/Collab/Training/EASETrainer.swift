import CCollabKernels
import CollabTensors
import CollabThreading

/// Adds up the products of items' grades, and inverts their matrix.
final class EASETrainer: Trainer {
  private let model: EASE

  init(_ model: EASE) { self.model = model }

  var settings: FitSettings { [] }
  var usualEpochs: Int? { 1 }
  var summary: String {
    "weights in closed form · \(model.isGraded ? "graded" : "not graded") · reg \(model.strength) · "
      + "ranks; its stars are the baseline's"
  }

  func memory(for learner: Learner) -> Int {
    // What each rating is worth, on both sides.
    learner.loaders.bytesToSort + 8 * learner.loaders.trainingCount
      + FitMemory.pairs(items: model.weights.shape[0])
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    try run.loaders.sortTraining(by: .users, .items)
    try model.begin(run, isGraded: model.isGraded)
    let matrix = try Tensor.zeros(model.weights.shape)
    let inversion = try SymmetricInversion(matrix, run.threads)
    let partCount = inversion.blockCount + 1
    var part = 1
    guard addProducts(of: run.loaders, to: matrix, run.threads) else {
      return .stopped(epoch: 0, batch: part)
    }
    func goesOn() -> Bool {
      defer { part += 1 }
      return run.finishPart(part, of: partCount)
    }
    guard goesOn(), inversion.run(while: goesOn) else { return .stopped(epoch: 0, batch: part) }
    takeWeights(of: matrix, run.threads)
    guard try run.finishEpoch(squaredError: nil) else {
      return .stopped(epoch: run.epoch, batch: 1)
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}

extension EASETrainer {
  /// XᵀX + λ, a row of it an item: the grades of those who rated the item, times their grades of all.
  ///
  /// - Returns: whether it came to its end.
  private func addProducts(
    of loaders: DataLoaders, to matrix: Tensor, _ threads: Threads
  ) -> Bool {
    let (byUser, byItem) = (loaders.training(by: .users), loaders.training(by: .items))
    let grades = (users: model.grading.grades(byUser), items: model.grading.grades(byItem))
    let (width, elements) = (matrix.shape[1], matrix.elements)
    return byUser.indices.withUnsafeBufferPointer { indices in
      grades.users.withUnsafeBufferPointer { userGrades in
        guard let firstIndex = indices.baseAddress, let first = userGrades.baseAddress else {
          return true
        }
        return threads.forEachInterruptibly(byItem.rowCount) { item in
          let row = elements + item * width
          for place in byItem.places(of: item) where item > 0 {
            let places = byUser.places(of: Int(byItem.indices[place]))
            ck_require_places(
              firstIndex + places.lowerBound, Int64(places.count), Int64(width))
            ck_add_scattered(
              row, grades.items[place], firstIndex + places.lowerBound, first + places.lowerBound,
              Int64(places.count))
          }
          row[item] += Float(model.strength)
        }
      }
    }
  }

  /// −P / diag(P), with zeros on the diagonal, where minus P lies below the diagonal of a matrix and on
  /// it.
  private func takeWeights(of matrix: Tensor, _ threads: Threads) {
    let width = matrix.shape[1]
    let (inverse, weights) = (matrix.elements, model.weights.elements)
    model.weights.markChanged()
    let factors = (0..<width).map { place -> Float in
      let own = inverse[place * (width + 1)]
      return own < 0 ? -1 / own : 0
    }
    threads.forEachInTurn(width) { row in
      for column in 0..<width {
        let (low, high) = (min(row, column), max(row, column))
        weights[row * width + column] =
          row == column ? 0 : inverse[high * width + low] * factors[column]
      }
    }
  }
}
