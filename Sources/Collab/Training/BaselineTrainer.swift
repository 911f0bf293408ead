import CCollabKernels
import CollabLearning
import CollabTensors

/// Finds the biases of a baseline, one side after the other, ten times.
///
/// Each bias is the sum of what mean and other side leave of its ratings, divided by how many they
/// are plus the shrinkage. Sums are taken in double precision, in the order of the ratings.
///
/// Source: Koren (2010), section 2.1; the alternation as in Surprise's `BaselineOnly`.
final class BaselineTrainer: Trainer {
  private let model: Baseline

  init(_ model: Baseline) { self.model = model }

  var settings: FitSettings { [] }
  var usualEpochs: Int? { 10 }
  var summary: String {
    "alternating means · shrinkage \(model.shrinkage.users) for users, "
      + "\(model.shrinkage.items) for items"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let ratings = run.loaders.training.ratings
    let count = Double(max(ratings.count, 1))
    let mean = ratings.reduce(0) { $0 + Double($1.stars) } / count
    set(model.mean, [mean])
    var users = values(of: model.userBias)
    var items = values(of: model.itemBias)
    try Self.check(ratings.map { Int($0.user) }, below: users.count)
    try Self.check(ratings.map { Int($0.item) }, below: items.count)
    for _ in 0..<plan.epochs {
      update(&items, beside: users, ratings, mean, model.shrinkage.items) { ($0.item, $0.user) }
      update(&users, beside: items, ratings, mean, model.shrinkage.users) { ($0.user, $0.item) }
      set(model.userBias, users)
      set(model.itemBias, items)
      let squares = ratings.reduce(0) { sum, rating in
        let error = Double(rating.stars) - mean - users[Int(rating.user)] - items[Int(rating.item)]
        return sum + error * error
      }
      let loss = Float(squares / count)
      guard run.finishBatch(1, of: 1, loss: loss), try run.finishEpoch(trainLoss: loss) else {
        return .stopped(epoch: run.epoch, batch: 1)
      }
    }
    return .finished
  }

  /// A model may have been made for the users and items of other loaders.
  private static func check(_ places: [Int], below count: Int) throws(TensorError) {
    guard let place = places.first(where: { !(0..<count).contains($0) }) else { return }
    throw .indexOutOfRange(place, size: count, dimension: 0)
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }

  /// Finds the biases of one side; those of `#na#`, place 0, stay zero.
  @inline(__always)
  private func update(
    _ biases: inout [Double], beside others: [Double], _ ratings: [ck_rating], _ mean: Double,
    _ shrinkage: Double, _ places: (ck_rating) -> (own: Int32, other: Int32)
  ) {
    var sums = [Double](repeating: 0, count: biases.count)
    var counts = [Double](repeating: shrinkage, count: biases.count)
    for rating in ratings {
      let (own, other) = places(rating)
      sums[Int(own)] += Double(rating.stars) - mean - others[Int(other)]
      counts[Int(own)] += 1
    }
    for place in biases.indices.dropFirst() {
      biases[place] = counts[place] > 0 ? sums[place] / counts[place] : 0
    }
  }

  private func values(of tensor: Tensor) -> [Double] {
    tensor.scalars(as: Float.self).map(Double.init)
  }

  private func set(_ tensor: Tensor, _ values: [Double]) {
    tensor.changeElements(as: Float.self) { _ = $0.update(from: values.lazy.map { Float($0) }) }
  }
}
