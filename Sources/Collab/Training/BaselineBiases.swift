import CCollabKernels
import CollabTensors

/// The mean and the biases of a baseline model while they are found, one side after the other.
struct BaselineBiases {
  private let ratings: RatingSet
  private let shrinkage: Shrinkage
  private var estimate: BiasEstimate

  /// Begins with the biases of a model, or with zeros.
  ///
  /// - Parameters:
  ///   - model: whose users and items they are.
  ///   - ratings: what is learned from.
  ///   - isNew: whether the model's biases are forgotten.
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)`` if the model was made for the users
  ///   and items of other loaders.
  init(_ model: Baseline, _ ratings: RatingSet, isNew: Bool = false) throws(TensorError) {
    self.ratings = ratings
    shrinkage = model.shrinkage
    func biases(_ tensor: Tensor) -> [Double] {
      isNew
        ? [Double](repeating: 0, count: tensor.count)
        : tensor.scalars(as: Float.self).map(Double.init)
    }
    let (users, items) = (biases(model.userBias), biases(model.itemBias))
    try ratings.requirePlaces(users: users.count, items: items.count)
    estimate = BiasEstimate(meanOf: ratings, users: users, items: items)
  }

  /// Finds the biases of items and then those of users.
  mutating func alternate() { estimate.improve(by: ratings, shrinkage) }

  /// The mean of the squared errors.
  var squaredError: Double {
    let squares = ratings.ratings.reduce(0) { sum, rating in
      let error = Double(rating.stars) - estimate[Int(rating.user), Int(rating.item)]
      return sum + error * error
    }
    return squares / Double(max(ratings.count, 1))
  }

  /// Gives a model what was found.
  func store(in model: Baseline) {
    model.mean.set([estimate.mean])
    model.userBias.set(estimate.users)
    model.itemBias.set(estimate.items)
  }
}

extension RatingSet {
  /// The mean of the ratings; 0 if there are none.
  var mean: Double { ratings.reduce(0) { $0 + Double($1.stars) } / Double(max(count, 1)) }

  /// Checks that a model has these users and items: it may have been made for other loaders.
  ///
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``.
  func requirePlaces(users: Int, items: Int) throws(TensorError) {
    for (side, count) in [(RatingSide.users, users), (.items, items)] {
      if let place = indices(of: side).first(where: { !(0..<count).contains(Int($0)) }) {
        throw .indexOutOfRange(Int(place), size: count, dimension: 0)
      }
    }
  }
}

extension Tensor {
  /// Gives the elements other values, one each.
  func set(_ values: [Double]) {
    changeElements(as: Float.self) { _ = $0.update(from: values.lazy.map { Float($0) }) }
  }
}
