import CollabTensors
import CollabThreading

/// For pairs of a user and an item: which ratings of the user are of the most similar items, and how
/// much they count.
///
/// Two items are as similar as the share of users who rated both among those who rated either, to the
/// fourth power.
final class RatedNeighbors {
  /// How much of what neighbours are away from expectations goes over to a prediction.
  private static let strength: Float = 0.3

  private let count: Int
  /// Places of ratings in the order of users, `count` a pair; -1 where there are fewer.
  private let places: [Int32]
  private let weights: [Float]

  /// The neighbours of some pairs, which are users and items in turn.
  ///
  /// - Complexity: O(squares of users' ratings) for all items.
  /// - Throws: ``TensorError/interrupted``.
  init(
    of pairs: [Int32], count: Int, byUser: RatedItems, byItem: RatedItems
  ) throws(TensorError) {
    self.count = count
    let pairCount = pairs.count / 2
    var places = [Int32](repeating: -1, count: pairCount * count)
    var weights = [Float](repeating: 0, count: pairCount * count)
    let order = (0..<pairCount).sorted { (pairs[2 * $0 + 1], $0) < (pairs[2 * $1 + 1], $1) }
    var common = [Int32](repeating: 0, count: byItem.rowCount)
    var counted: Int32 = -1
    for n in order {
      let (user, item) = (Int(pairs[2 * n]), pairs[2 * n + 1])
      if item != counted {
        try Interruption.check()
        for place in common.indices { common[place] = 0 }
        for rater in byItem.indices(of: Int(item)) {
          for other in byUser.indices(of: Int(rater)) { common[Int(other)] += 1 }
        }
        counted = item
      }
      let own = Float(byItem.places(of: Int(item)).count)
      let slots = n * count..<(n + 1) * count
      for place in byUser.places(of: user) {
        let other = Int(byUser.indices[place])
        let both = Float(common[other])
        guard both > 0, other != Int(item) else { continue }
        let similarity = both / (own + Float(byItem.places(of: other).count) - both)
        guard similarity > weights[slots.upperBound - 1] else { continue }
        var slot = slots.upperBound - 1
        while slot > slots.lowerBound, weights[slot - 1] < similarity {
          (weights[slot], places[slot]) = (weights[slot - 1], places[slot - 1])
          slot -= 1
        }
        (weights[slot], places[slot]) = (similarity, Int32(truncatingIfNeeded: place))
      }
      var sum: Float = 0.001
      for slot in slots {
        weights[slot] *= weights[slot]
        weights[slot] *= weights[slot]
        sum += weights[slot]
      }
      for slot in slots { weights[slot] *= Self.strength / sum }
    }
    (self.places, self.weights) = (places, weights)
  }

  /// Adds to the positions of some pairs what their neighbours say, given what each rating is away from
  /// its own.
  func add(
    to positions: UnsafeMutablePointer<Float>, of pairs: Range<Int>,
    _ residuals: UnsafePointer<Float>
  ) {
    places.withUnsafeBufferPointer { places in
      weights.withUnsafeBufferPointer { weights in
        for pair in pairs {
          var sum: Float = 0
          for slot in pair * count..<(pair + 1) * count where places[slot] >= 0 {
            sum += weights[slot] * residuals[Int(places[slot])]
          }
          positions[pair] += sum
        }
      }
    }
  }
}
