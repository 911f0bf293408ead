import CollabLearning
import CollabTensors
import CollabThreading

/// A model that ranks items for a user and does not predict what they would be rated: the stars that it
/// names are those of its baseline.
protocol ListModel: RatingModel {
  /// What stars are predicted by.
  var baseline: Baseline { get }
  /// How its ratings are graded, ``Grading/numberCount`` numbers.
  var scale: Tensor { get }
}

extension ListModel {
  /// How its ratings are graded.
  var grading: Grading { Grading(scale.scalars(as: Float.self)) }

  /// The mean and the biases that its stars are made of, which rank nothing.
  func roles(users: Tensor? = nil, items: Tensor? = nil) -> ModelRoles {
    ModelRoles(
      userFactors: users, itemFactors: items, userBias: baseline.userBias,
      itemBias: baseline.itemBias, mean: baseline.mean, combination: .other)
  }

  /// What users have rated, for a model that has as many users and items; nil for another.
  func known(_ loaders: DataLoaders) -> KnownUsers? {
    let isFitting =
      loaders.users.count == baseline.userBias.count
      && loaders.items.count == baseline.itemBias.count
    return isFitting
      ? KnownUsers(rated: loaders.trainingByUser, itemCounts: loaders.itemCounts) : nil
  }

  /// Finds the baseline and the grading for a fit of somebody's ratings.
  func begin(_ run: FitRun, isGraded: Bool) throws(TensorError) {
    var biases = try BaselineBiases(baseline, run.loaders.training, isNew: true)
    for _ in 0..<BiasEstimate.usualRounds {
      try Interruption.check()
      biases.alternate()
    }
    biases.store(in: baseline)
    scale.set(Grading(run.loaders, isGraded: isGraded).numbers)
  }
}

/// What a model that ranks has to know of users beside its own numbers.
struct KnownUsers {
  /// What they have rated.
  let rated: RatedItems
  /// How often each item was rated.
  let itemCounts: StoredNumbers<Int32>

  /// What ranks items for a user: what `scores` gives by their ratings, and without any how often each
  /// item was rated.
  func scores(of user: Int, _ items: Range<Int>, _ scores: () -> [Float]) -> [Float] {
    rated.places(of: user).isEmpty ? popularity(items) : scores()
  }

  /// As `scores(of:_:_:)`, for somebody new.
  func popularity(_ items: Range<Int>) -> [Float] { items.map { Float(itemCounts[$0]) } }
}
