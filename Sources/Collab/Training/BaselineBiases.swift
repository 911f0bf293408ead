import CCollabKernels
import CollabTensors

/// The mean and the biases of a baseline while they are found, one side after the other.
///
/// Each bias is the sum of what mean and other side leave of its ratings, divided by how many they
/// are plus the shrinkage. Sums are taken in double precision, in the order of the ratings.
///
/// Source: Koren (2010), section 2.1; the alternation as in Surprise's `BaselineOnly`.
struct BaselineBiases {
  /// As many as Surprise makes.
  static let usualAlternations = 10

  private let ratings: [ck_rating]
  private let mean: Double
  private let shrinkage: Shrinkage
  private var users: [Double]
  private var items: [Double]

  /// Begins with the biases of a model, or with zeros.
  ///
  /// - Parameters:
  ///   - model: whose users and items they are.
  ///   - ratings: what is learned from.
  ///   - isNew: whether the model's biases are forgotten.
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)`` if the model was made for the users
  ///   and items of other loaders.
  init(_ model: Baseline, _ ratings: RatingSet, isNew: Bool = false) throws(TensorError) {
    self.ratings = ratings.ratings
    mean = ratings.mean
    shrinkage = model.shrinkage
    func biases(_ tensor: Tensor) -> [Double] {
      isNew
        ? [Double](repeating: 0, count: tensor.count)
        : tensor.scalars(as: Float.self).map(Double.init)
    }
    (users, items) = (biases(model.userBias), biases(model.itemBias))
    try ratings.requirePlaces(users: users.count, items: items.count)
  }

  /// Finds the biases of items and then those of users.
  mutating func alternate() {
    update(&items, beside: users, shrinkage.items) { ($0.item, $0.user) }
    update(&users, beside: items, shrinkage.users) { ($0.user, $0.item) }
  }

  /// The mean of the squared errors.
  var squaredError: Double {
    let squares = ratings.reduce(0) { sum, rating in
      let error = Double(rating.stars) - mean - users[Int(rating.user)] - items[Int(rating.item)]
      return sum + error * error
    }
    return squares / Double(max(ratings.count, 1))
  }

  /// Gives a model what was found.
  func store(in model: Baseline) {
    model.mean.set([mean])
    model.userBias.set(users)
    model.itemBias.set(items)
  }

  /// Finds the biases of one side; those of `#na#`, place 0, stay zero.
  @inline(__always)
  private func update(
    _ biases: inout [Double], beside others: [Double], _ shrinkage: Double,
    _ places: (ck_rating) -> (own: Int32, other: Int32)
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
