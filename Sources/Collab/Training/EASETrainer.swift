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
    let matrix = try Tensor.unset(model.weights.shape)
    try matrix.inParts { $0.update(repeating: 0) }
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
    guard scale(matrix, run.threads) else { return .stopped(epoch: 0, batch: part) }
    try model.weights.replaceElements(by: matrix)
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

  /// Rows and columns that are read and written together, since half of them lie across.
  private static let tileSize = 64

  /// Replaces minus P, below the diagonal of a matrix and on it, by −P / diag(P), with zeros on the
  /// diagonal.
  ///
  /// - Returns: whether it came to its end.
  private func scale(_ matrix: Tensor, _ threads: Threads) -> Bool {
    let (width, elements) = (matrix.shape[1], matrix.elements)
    let factors = (0..<width).map { place -> Float in
      let own = elements[place * (width + 1)]
      return own < 0 ? -1 / own : 0
    }
    let tiles = stride(from: 0, to: width, by: Self.tileSize).map {
      $0..<min($0 + Self.tileSize, width)
    }
    return threads.forEachInterruptibly(tiles.count) { tile in
      for columns in tiles[...tile] {
        for row in tiles[tile] {
          for column in columns.clamped(to: 0..<row) {
            let value = elements[row * width + column]
            elements[row * width + column] = value * factors[column]
            elements[column * width + row] = value * factors[row]
          }
        }
      }
      for row in tiles[tile] { elements[row * (width + 1)] = 0 }
    }
  }
}
