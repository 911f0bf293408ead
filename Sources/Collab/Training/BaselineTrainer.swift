import CCollabKernels
import CollabLearning
import CollabTensors

/// Finds the biases of a baseline, one side after the other, ten times, as ``BiasEstimate`` does.
final class BaselineTrainer: Trainer {
  private let model: Baseline

  init(_ model: Baseline) { self.model = model }

  var settings: FitSettings { [] }
  var usualEpochs: Int? { BiasEstimate.usualRounds }
  var summary: String {
    "alternating means · shrinkage \(model.shrinkage.users) for users, "
      + "\(model.shrinkage.items) for items"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    let training = run.loaders.training
    let ratings = training.ratings
    var estimate = BiasEstimate(
      meanOf: training, users: values(of: model.userBias), items: values(of: model.itemBias))
    try Self.check(ratings.map { Int($0.user) }, below: estimate.users.count)
    try Self.check(ratings.map { Int($0.item) }, below: estimate.items.count)
    set(model.mean, [estimate.mean])
    for _ in 0..<plan.epochs {
      estimate.improve(by: training, model.shrinkage)
      set(model.itemBias, estimate.items)
      set(model.userBias, estimate.users)
      let squares = ratings.reduce(0) { sum, rating in
        let error = Double(rating.stars) - estimate[Int(rating.user), Int(rating.item)]
        return sum + error * error
      }
      let loss = Float(squares / Double(max(ratings.count, 1)))
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

  private func values(of tensor: Tensor) -> [Double] {
    tensor.scalars(as: Float.self).map(Double.init)
  }

  private func set(_ tensor: Tensor, _ values: [Double]) {
    tensor.changeElements(as: Float.self) { _ = $0.update(from: values.lazy.map { Float($0) }) }
  }
}
