import CCollabKernels

/// The mean of ratings, and biases of users and items beside it.
///
///     loaders.baseline[user, item]  // what somebody of no known taste would give
///
/// Source: Koren, "Factor in the Neighbors" (2010), section 2.1; the alternation as in Surprise's
/// `BaselineOnly`.
public struct BiasEstimate: Sendable {
  /// So often both sides are found anew where nobody says otherwise.
  static let usualRounds = 10

  /// The mean of the ratings.
  public let mean: Double
  /// One number a user; 0 for `#na#` and those without a rating.
  public internal(set) var users: [Double]
  /// One number an item; 0 for `#na#` and those without a rating.
  public internal(set) var items: [Double]

  /// Estimates that begin with some biases.
  init(meanOf ratings: RatingSet, users: [Double], items: [Double]) {
    mean = ratings.mean
    (self.users, self.items) = (users, items)
  }

  /// The usual estimates.
  ///
  /// - Complexity: O(ratings).
  /// - Throws: what `ask` throws.
  init<Failure>(
    _ ratings: RatingSet, _ userCount: Int, _ itemCount: Int, asking ask: () throws(Failure) -> Void
  ) throws(Failure) {
    self.init(
      meanOf: ratings, users: [Double](repeating: 0, count: userCount),
      items: [Double](repeating: 0, count: itemCount))
    for _ in 0..<Self.usualRounds {
      try ask()
      improve(by: ratings, Shrinkage())
    }
  }

  /// What the biases say that a user gives an item.
  public subscript(user: Int, item: Int) -> Double { mean + users[user] + items[item] }

  /// Finds the biases of each side beside those of the other.
  ///
  /// Each is the sum of what mean and other side leave of its ratings, divided by how many they are
  /// plus the shrinkage. Sums are taken in double precision, in the order of the ratings.
  mutating func improve(by ratings: RatingSet, _ shrinkage: Shrinkage) {
    let ratings = ratings.ratings
    Self.update(&items, beside: users, ratings, mean, shrinkage.items) { ($0.item, $0.user) }
    Self.update(&users, beside: items, ratings, mean, shrinkage.users) { ($0.user, $0.item) }
  }

  @inline(__always)
  private static func update(
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
}
