import CollabLearning
import CollabTensors
import CollabThreading

/// Somebody a model can predict for: a user it was trained with, or somebody new who was folded in.
///
///     let me = try learner.foldIn([ItemRating(item: fargo, stars: 5)])
///     try me.predictions(of: [kolya, titanic])
///
/// It goes by the numbers that the model had when it was made.
public struct Rater {
  /// Items that are predicted together: their rows fit into a cache.
  private static let blockItems = 8192

  /// The ratings by which the model knows them, one an item.
  public let ratings: [ItemRating]
  /// Their factors, if the model has factors of users.
  public let factors: [Float]?
  /// Their bias, if the model has one.
  public let bias: Float?
  private let rank: ((Range<Int>) -> [Float]?)?
  private let predict: ([Int]) throws -> [Float]
  private let distribution: ((Int) throws -> StarDistribution?)?

  /// Somebody whom a family of models describes in its own way.
  ///
  /// - Parameters:
  ///   - ratings: by which the model knows them.
  ///   - factors: their factors, if there are any.
  ///   - bias: their bias, if there is one.
  ///   - rank: gives what ranks the items of a range for them, if that is not what is predicted.
  ///   - distribution: says how probable each star is for an item, if the model does.
  ///   - predict: gives a prediction for each of some items.
  public init(
    ratings: [ItemRating], factors: [Float]? = nil, bias: Float? = nil,
    rank: ((Range<Int>) -> [Float]?)? = nil,
    distribution: ((Int) throws -> StarDistribution?)? = nil,
    predict: @escaping ([Int]) throws -> [Float]
  ) {
    (self.ratings, self.factors, self.bias) = (ratings, factors, bias)
    (self.rank, self.distribution, self.predict) = (rank, distribution, predict)
  }

  /// How probable each star is for an item; nil if the model does not say, or if the ratings have no
  /// steps.
  ///
  /// - Throws: what the model throws.
  public func starProbabilities(of item: Int) throws -> StarDistribution? {
    try distribution?(item)
  }

  /// What ranks some items for them apart from what they would give them; nil if that is what ranks, or
  /// if everybody's items are ranked alike.
  public func rankingScores(_ items: Range<Int>) -> [Float]? { rank?(items) }

  /// What they would give some items, in the units of the data.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func predictions(of items: [Int]) throws -> [Float] {
    guard items.count > Self.blockItems else { return try predict(items) }
    var predictions: [Float] = []
    predictions.reserveCapacity(items.count)
    for first in stride(from: 0, to: items.count, by: Self.blockItems) {
      try Interruption.check()
      predictions += try predict(
        Array(items[first..<min(first + Self.blockItems, items.count)]))
    }
    return predictions
  }
}

extension Learner {
  /// A user that the model was trained with, by the ratings that were learned from.
  public func rater(_ user: Int) -> Rater {
    let (rated, roles) = (loaders.trainingByUser, roles)
    let ratings = zip(rated.indices(of: user), rated.stars(of: user)).map {
      ItemRating(item: Int($0), stars: $1)
    }
    func row(_ table: Tensor?) -> [Float]? {
      guard let table, let rows = table.shape.first, rows > user else { return nil }
      let width = table.count / rows
      return table.withElements(as: Float.self) { Array($0[(user * width)..<((user + 1) * width)]) }
    }
    return Rater(
      ratings: ratings, factors: row(roles.userFactors), bias: row(roles.userBias)?.first,
      rank: { [model] in (model as? any RatingModel)?.rankingScores(of: user, $0) },
      distribution: { [model] item in
        try (model as? any RatingModel)?.starProbabilities(for: [(user, item)])?.first
      }
    ) { [model] items in try model.predictions(of: items, by: user) }
  }
}

extension Module {
  /// What the model gives for each of some items and one of its rows of users.
  func predictions(of items: [Int], by user: Int) throws -> [Float] {
    guard !items.isEmpty else { return [] }
    train(false)
    return try GradientMode.withoutRecording {
      let pairs = items.flatMap { [Int64(user), Int64($0)] }
      return try forward(Tensor(pairs, shape: [items.count, 2])).scalars(as: Float.self)
    }
  }
}
