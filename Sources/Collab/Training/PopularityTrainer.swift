import CCollabKernels
import CollabTensors

/// Counts the ratings of each item, and finds their shrunk means.
final class PopularityTrainer: Trainer {
  private let model: Popularity

  init(_ model: Popularity) { self.model = model }

  var settings: FitSettings { [] }
  var usualEpochs: Int? { 1 }
  var summary: String {
    "counts"
      + (model.relevant.map { " of ratings from \($0) on" } ?? "")
      + " · shrinkage \(model.shrinkage)"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let training = run.loaders.training
    let mean = training.mean
    let relevant = model.relevant.map { Float($0) } ?? -.infinity
    var sums = [Double](repeating: 0, count: model.itemBias.count)
    var counts = [Double](repeating: model.shrinkage, count: sums.count)
    var relevantCounts = [Double](repeating: 0, count: sums.count)
    try training.requirePlaces(users: run.loaders.users.count, items: sums.count)
    for rating in training.ratings {
      let item = Int(rating.item)
      sums[item] += Double(rating.stars) - mean
      counts[item] += 1
      if rating.stars >= relevant { relevantCounts[item] += 1 }
    }
    // `#na#`, place 0, is no item.
    sums[0] = 0
    relevantCounts[0] = 0
    model.mean.set([mean])
    model.itemBias.set(zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 })
    model.counts.set(relevantCounts)
    guard try run.finishEpoch(squaredError: nil) else {
      return .stopped(epoch: run.epoch, batch: 1)
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}
