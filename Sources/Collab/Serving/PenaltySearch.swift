import CollabTensors
import CollabThreading

/// Finds how strongly somebody new is to be drawn towards the users that are known, by taking those in
/// anew whose ratings are held out in part.
///
/// The model has learned from what is not held out, so only held-out ratings can tell. Where there are
/// none, the variance that the model leaves of the ratings it learned from is as good a guess, and where
/// no ratings are known at all, as after a file of fastai's, one star is.
struct PenaltySearch {
  /// So many of a user's ratings are given away.
  private static let givenRatings = 10
  /// What is tried, as multiples of the variance that is left.
  private static let factors = [0.25, 0.5, 1, 2, 4]
  /// Users from whom the variance is measured, as many of their ratings as are given away.
  private static let measuredUsers = 2000

  private let loaders: DataLoaders
  private let userLimit: Int

  init(_ loaders: DataLoaders, userLimit: Int) {
    (self.loaders, self.userLimit) = (loaders, userLimit)
  }

  /// The penalty with the smallest error.
  ///
  /// - Parameters:
  ///   - errors: the model's predictions of items for a user that it knows.
  ///   - predictions: those for somebody who gave some ratings, under a penalty.
  /// - Returns: the penalty, above zero.
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  func penalty(
    errors: (_ user: Int, _ items: [Int]) throws -> Predictions,
    predictions: (_ ratings: [ItemRating], _ penalty: Double, _ items: [Int]) throws -> [Float]
  ) throws -> Double {
    let variance = try variance(errors)
    try loaders.sortValidation()
    let users = users(count: userLimit) { !loaders.validationByUser.places(of: $0).isEmpty }
    guard !users.isEmpty else { return variance }
    let sums = try Self.factors.map { factor in
      var sum = 0.0
      for user in users {
        try Interruption.check()
        let held = loaders.validationByUser
        let items = held.indices(of: user).map { Int($0) }
        let found = try predictions(given(by: user), factor * variance, items)
        for (prediction, stars) in zip(found, held.stars(of: user)) {
          sum += Double((prediction - stars) * (prediction - stars))
        }
      }
      return sum
    }
    let best = sums.indices.min { sums[$0] < sums[$1] } ?? 2
    return Self.factors[best] * variance
  }

  /// The mean squared error of ratings that were learned from.
  private func variance(
    _ predictions: (_ user: Int, _ items: [Int]) throws -> Predictions
  ) throws -> Double {
    var (sum, count) = (0.0, 0.0)
    for user in users(count: min(userLimit, Self.measuredUsers), where: { _ in true }) {
      try Interruption.check()
      let ratings = given(by: user)
      let values = try predictions(user, ratings.map(\.item)).values
      for (value, rating) in zip(values, ratings) {
        sum += (value - Double(rating.stars)) * (value - Double(rating.stars))
        count += 1
      }
    }
    // A model that has learned its ratings by heart still leaves something to chance.
    return max(count > 0 ? sum / count : 1, 1e-3)
  }

  /// Some of the users with ratings to learn from, evenly spaced.
  private func users(count: Int, where isFit: (Int) -> Bool) -> [Int] {
    let known = loaders.trainingByUser
    let users = (1..<max(known.rowCount, 1)).filter { !known.places(of: $0).isEmpty && isFit($0) }
    let step = max(1, (users.count + count - 1) / count)
    return stride(from: 0, to: users.count, by: step).map { users[$0] }
  }

  /// A few ratings of a user, the same each time.
  private func given(by user: Int) -> [ItemRating] {
    let rated = loaders.trainingByUser
    var places = Array(rated.places(of: user))
    var generator = SplitMix(seed: UInt64(user))
    generator.shuffle(&places)
    return places.prefix(Self.givenRatings).map {
      ItemRating(item: Int(rated.indices[$0]), stars: rated.stars[$0])
    }
  }
}
