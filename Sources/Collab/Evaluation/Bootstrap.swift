package import CollabTensors
package import CollabThreading

/// Draws users anew, with replacement, to see how much a figure depends on who happened to be there.
///
/// Every resample has random numbers of its own, so that any number of threads gives the same bits.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13 (percentile
/// intervals); users and not ratings are drawn, since a user's ratings belong together.
package struct Bootstrap: Sendable {
  /// Resamples whose sums are found in one pass over the users.
  private static let width = 8

  /// How often all users are drawn anew.
  package let resamples: Int
  /// Begins the random numbers of all resamples.
  package let seed: UInt64

  package init(resamples: Int = 1000, seed: UInt64) {
    (self.resamples, self.seed) = (resamples, seed)
  }

  /// How often each of `count` users is in a resample.
  package func weights(of resample: Int, count: Int) -> [UInt16] {
    // Neighbouring seeds of this generator give the same numbers, one draw apart: each is mixed first.
    var seeds = SplitMix(seed: seed ^ (UInt64(resample) &+ 1) &* 0xD134_2543_DE82_EF95)
    var draws = SplitMix(seed: seeds.next())
    var weights = [UInt16](repeating: 0, count: count)
    for _ in 0..<count { weights[draws.below(count)] += 1 }
    return weights
  }

  /// The sums of the columns of each resample.
  ///
  /// - Parameters:
  ///   - values: a row a user, `columns` numbers each.
  ///   - columns: how many there are.
  ///   - threads: how many may be used.
  ///   - weigh: is told how often each user is in a resample, on several threads.
  /// - Returns: `columns` sums for each resample.
  /// - Throws: ``TensorError/interrupted``.
  package func sums(
    of values: [Double], columns: Int, _ threads: Threads,
    weigh: (_ resample: Int, _ weights: [UInt16]) -> Void = { _, _ in }
  ) throws(TensorError) -> [Double] {
    let users = values.count / max(columns, 1)
    let blocks = (resamples + Self.width - 1) / Self.width
    var sums = [Double](repeating: 0, count: resamples * columns)
    for first in stride(from: 0, to: blocks, by: threads.count) {
      try Interruption.check()
      sums.withUnsafeMutableBufferPointer { sums in
        // Each block of resamples has its own part of the sums.
        nonisolated(unsafe) let sums = sums
        threads.forEach(min(threads.count, blocks - first)) { piece in
          let block = first + piece
          let chosen = block * Self.width..<min((block + 1) * Self.width, resamples)
          let weights = chosen.map { self.weights(of: $0, count: users) }
          for (resample, weights) in zip(chosen, weights) { weigh(resample, weights) }
          values.withUnsafeBufferPointer { values in
            for user in 0..<users {
              for (place, weights) in weights.enumerated() where weights[user] > 0 {
                let weight = Double(weights[user])
                let target = (chosen.lowerBound + place) * columns
                for column in 0..<columns {
                  sums[target + column] += weight * values[user * columns + column]
                }
              }
            }
          }
        }
      }
    }
    return sums
  }
}

/// A figure and the interval in which it lies in 95 of 100 resamples.
public struct Estimate: Sendable, Equatable {
  /// Found from all users.
  public let value: Double
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Percentiles 2.5 and 97.5 of what the resamples gave, those without a value left out.
  ///
  /// Between two neighbours it is as far as the percentile is: numpy's `percentile`.
  package init(_ value: Double, resampled: [Double]) {
    let sorted = resampled.filter { !$0.isNaN }.sorted()
    func percentile(_ share: Double) -> Double {
      guard let last = sorted.last else { return .nan }
      let place = share * Double(sorted.count - 1)
      let before = Int(clamping: place)
      guard before + 1 < sorted.count else { return last }
      return sorted[before] + (place - Double(before)) * (sorted[before + 1] - sorted[before])
    }
    self.value = value
    (low, high) = (percentile(0.025), percentile(0.975))
  }
}
