import CCollabKernels
import CollabTensors
import CollabThreading

/// Finds a baseline, and then the items that were rated alike beyond it.
///
/// What users have given to an item and to all others is added up in one row of sums a thread, so that
/// no more than that and the neighbours that are kept is in memory. Items do not depend on each other:
/// any number of threads finds the same bits.
final class ItemKNNTrainer: Trainer {
  /// Items that a thread finds the neighbours of before it takes others.
  private static let blockItems = 8
  /// Blocks of a thread after which it is asked whether to go on.
  private static let blocksOfPart = 4

  private let model: ItemKNN

  init(_ model: ItemKNN) { self.model = model }

  var settings: FitSettings { [] }
  var usualEpochs: Int? { 1 }
  var summary: String {
    "correlations beyond the baseline · shrinkage \(model.neighborhood.shrinkage) · "
      + "\(model.neighborhood.count) neighbours, \(model.similarities.shape[1]) kept"
  }

  func memory(for learner: Learner) -> Int {
    // What is left of each rating on both sides, and the neighbours with their similarities.
    learner.loaders.bytesToSort + 8 * learner.loaders.trainingCount
      + 12 * model.similarities.count
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let loaders = run.loaders
    var biases = try BaselineBiases(model.baseline, loaders.training, isNew: true)
    for _ in 0..<BiasEstimate.usualRounds {
      try Interruption.check()
      biases.alternate()
    }
    biases.store(in: model.baseline)
    let (neighbors, similarities) = try (
      Tensor.zeros(model.neighbors.shape, .int64), Tensor.zeros(model.similarities.shape)
    )
    let (neighborIndices, neighborSimilarities) = (neighbors.integers, similarities.elements)
    let kept = similarities.shape[1]
    try loaders.sortTraining(by: .users, .items)
    let (byUser, byItem) = (loaders.trainingByUser, loaders.trainingByItem)
    try Interruption.check()
    let residuals = (
      users: model.residuals(byUser, of: .users), items: model.residuals(byItem, of: .items)
    )
    let itemCount = byItem.rowCount
    let partItems = Self.blockItems * Self.blocksOfPart * run.threads.count
    let partCount = (itemCount + partItems - 1) / partItems
    for part in 0..<partCount {
      let items = part * partItems..<min((part + 1) * partItems, itemCount)
      let blocks = stride(from: items.lowerBound, to: items.upperBound, by: Self.blockItems).map {
        $0..<min($0 + Self.blockItems, items.upperBound)
      }
      run.threads.forEach(blocks.count) { block in
        var search = NeighborSearch(
          byUser, residuals.users, itemCount: itemCount,
          shrinkage: model.neighborhood.shrinkage)
        for item in blocks[block] where item > 0 {
          let places = byItem.places(of: item)
          let found = search.neighbors(
            of: item, byItem.indices[places], residuals.items[places],
            count: kept)
          for (place, neighbor) in found.enumerated() {
            neighborIndices[item * kept + place] = Int64(neighbor.index)
            neighborSimilarities[item * kept + place] = neighbor.similarity
          }
        }
      }
      guard run.finishPart(part + 1, of: partCount) else {
        return .stopped(epoch: run.epoch, batch: part + 1)
      }
    }
    try model.neighbors.replaceElements(by: neighbors)
    try model.similarities.replaceElements(by: similarities)
    guard try run.finishEpoch(squaredError: nil) else {
      return .stopped(epoch: run.epoch, batch: partCount)
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}

extension ItemKNN {
  /// What ratings leave of the baseline, in the order of the rows of one side.
  fileprivate func residuals(_ rated: RatedItems, of side: RatingSide) -> [Float] {
    let isByUser = side == .users
    let (own, other) =
      isByUser
      ? (baseline.userBias, baseline.itemBias) : (baseline.itemBias, baseline.userBias)
    let (ownBias, otherBias) = (own.elements, other.elements)
    let mean = baseline.mean.elements[0]
    var residuals = Array(rated.stars)
    for row in 0..<rated.rowCount {
      for place in rated.places(of: row) {
        residuals[place] -= mean + ownBias[row] + otherBias[Int(rated.indices[place])]
      }
    }
    return residuals
  }
}

/// Finds the neighbours of one item after the other.
private struct NeighborSearch {
  private let rated: RatedItems
  private let residuals: [Float]
  private let shrinkage: Float
  /// Four sums an item, as kernels have them.
  private var sums: [Float]
  private var scores: [Float]

  init(_ rated: RatedItems, _ residuals: [Float], itemCount: Int, shrinkage: Double) {
    (self.rated, self.residuals, self.shrinkage) = (rated, residuals, Float(shrinkage))
    sums = [Float](repeating: 0, count: 4 * itemCount)
    scores = [Float](repeating: 0, count: itemCount)
  }

  /// The items that are most like one, the most similar first; none without a positive similarity.
  ///
  /// - Parameters:
  ///   - item: whose neighbours they are.
  ///   - users: who has rated it.
  ///   - own: what is left of their ratings.
  ///   - count: how many at most.
  /// - Returns: the most similar first.
  mutating func neighbors(
    of item: Int, _ users: StoredNumbers<Int32>, _ own: ArraySlice<Float>, count: Int
  ) -> [Neighbors.Neighbor] {
    sums.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    let (rated, residuals) = (rated, residuals)
    rated.indices.withUnsafeBufferPointer { indices in
      residuals.withUnsafeBufferPointer { residuals in
        guard let firstIndex = indices.baseAddress, let first = residuals.baseAddress else {
          return
        }
        for (user, own) in zip(users, own) {
          let places = rated.places(of: Int(user))
          ck_require_places(
            firstIndex + places.lowerBound, Int64(places.count), Int64(scores.count))
          ck_add_products(
            &sums, own, firstIndex + places.lowerBound, first + places.lowerBound,
            Int64(places.count))
        }
      }
    }
    ck_correlations(&scores, sums, shrinkage, Int64(scores.count))
    scores[0] = 0
    scores[item] = 0
    var best = BestScores(count)
    best.add(scores, first: 0)
    return best.list.prefix { $0.score > 0 }.map {
      Neighbors.Neighbor(index: $0.index, similarity: $0.score)
    }
  }
}
