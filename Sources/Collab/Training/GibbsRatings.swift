import CCollabKernels
import CollabTensors

/// The training ratings as a sampler reads them: by user, and by item.
final class GibbsRatings {
  /// The ratings of one side, row by row.
  final class Side {
    /// Where the ratings of each row begin; one more than there are rows.
    let starts: GibbsMemory<Int64>
    /// The row of the other side, by rating.
    let others: GibbsMemory<Int32>
    /// The position that was seen, or drawn, by rating.
    let targets: GibbsMemory<Float>
    /// One over the root of how many ratings each row has; zero for none.
    let weights: GibbsMemory<Float>
    /// How many rows have ratings.
    let ratedCount: Int

    init(_ rated: RatedItems) throws(TensorError) {
      starts = try GibbsMemory(0, count: rated.rowCount + 1)
      others = try GibbsMemory(0, count: rated.indices.count)
      targets = try GibbsMemory(0, count: rated.indices.count)
      weights = try GibbsMemory(0, count: rated.rowCount)
      for (n, start) in rated.starts.enumerated() { starts.base[n] = Int64(start) }
      for (n, other) in rated.indices.enumerated() { others.base[n] = other }
      var count = 0
      for row in 0..<rated.rowCount where rated.starts[row + 1] > rated.starts[row] {
        weights.base[row] = 1 / Float(rated.starts[row + 1] - rated.starts[row]).squareRoot()
        count += 1
      }
      ratedCount = count
    }

    var rowCount: Int { weights.count }

    /// How many ratings a row has.
    func count(of row: Int) -> Int { Int(starts.base[row + 1] - starts.base[row]) }
  }

  let users: Side
  let items: Side
  /// User and item of each rating, by user.
  let pairs: GibbsMemory<Int32>
  /// The ratings, by user.
  let stars: GibbsMemory<Float>
  /// The number of each rating among the levels of the scale, by user.
  let levels: GibbsMemory<Int32>
  /// Where the ratings of items lie in those of users.
  let places: GibbsMemory<Int32>
  let count: Int

  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(byUser: RatedItems, byItem: RatedItems, scale: StarScale) throws(TensorError) {
    users = try Side(byUser)
    items = try Side(byItem)
    count = byUser.indices.count
    pairs = try GibbsMemory(0, count: 2 * count)
    stars = try GibbsMemory(0, count: count)
    levels = try GibbsMemory(0, count: count)
    places = try GibbsMemory(0, count: count)
    for (n, rating) in byUser.stars.enumerated() {
      stars.base[n] = rating
      levels.base[n] = Int32(truncatingIfNeeded: scale.number(of: rating))
    }
    // Within an item users rise, as they do from one of their rows to the next.
    var next = Array(byItem.starts)
    for user in 0..<byUser.rowCount {
      for n in byUser.places(of: user) {
        let item = Int(users.others.base[n])
        pairs.base[2 * n] = Int32(truncatingIfNeeded: user)
        pairs.base[2 * n + 1] = users.others.base[n]
        places.base[next[item]] = Int32(truncatingIfNeeded: n)
        next[item] += 1
      }
    }
    ck_require_places(users.others.base, Int64(count), Int64(items.rowCount))
    ck_require_places(items.others.base, Int64(count), Int64(users.rowCount))
    ck_require_places(places.base, Int64(count), Int64(count))
    ck_require_places(levels.base, Int64(count), Int64(max(scale.levels.count, 1)))
  }

  func side(_ side: RatingSide) -> Side { side == .users ? users : items }
}

extension GibbsRatings {
  /// How many ratings are typical of a user: their roots have this one's as their mean.
  var typicalCount: Float {
    let roots = (0..<users.rowCount).reduce(0.0) { $0 + Double(users.count(of: $1)).squareRoot() }
    let root = roots / Double(max(users.ratedCount, 1))
    return Float(root * root)
  }

  /// The mean and variance of items' rows over all ratings.
  func moments(ofItems rows: Tensor) -> (mean: [Float], variance: [Float]) {
    let lanes = rows.shape[1]
    var (sums, squares) = (
      [Double](repeating: 0, count: lanes), [Double](repeating: 0, count: lanes)
    )
    for item in 0..<items.rowCount where items.count(of: item) > 0 {
      let share = Double(items.count(of: item)) / Double(count)
      for lane in 0..<lanes {
        let value = Double(rows.elements[item * lanes + lane])
        sums[lane] += share * value
        squares[lane] += share * value * value
      }
    }
    return (sums.map { Float($0) }, zip(squares, sums).map { Float(max(0, $0 - $1 * $1)) })
  }
}
