internal import Glibc

/// numpy's global generator: what `numpy.random.seed` seeds.
///
/// Source: numpy's legacy `RandomState`.
public struct NumpyGenerator: Sendable {
  private var words: MersenneTwister
  /// Normal numbers come in pairs: the second of the last one.
  private var spareNormal: Double?

  /// Seeds as fastai's `set_seed` does: with `seed` modulo 2³² − 1.
  public init(seed: UInt32) {
    words = MersenneTwister(seed: seed % UInt32.max)
  }

  /// A double in 0..<1, as `numpy.random.random_sample` draws it.
  ///
  /// Two words.
  public mutating func double() -> Double {
    words.nextDouble()
  }

  /// `count` indices in `0..<count`, drawn with replacement and equal weights.
  ///
  /// Equal to `numpy.random.choice(count, count, p=[1/count] * count)`: each draw is looked up in
  /// the running sum of the weights. Two words an index.
  public mutating func choice(of count: Int) -> [Int32] {
    var cumulative = [Double](repeating: 0, count: count)
    var sum = 0.0
    for i in 0..<count {
      sum += 1 / Double(count)
      cumulative[i] = sum
    }
    for i in 0..<count { cumulative[i] /= sum }
    return (0..<count).map { _ in
      let draw = words.nextDouble()
      // The answer is the number of entries <= draw. With equal weights draw * count is off by
      // rounding alone, so a step or two from there finds it.
      var index = min(Int(clamping: draw * Double(count)), count - 1)
      while index > 0 && cumulative[index - 1] > draw { index -= 1 }
      while index < count && cumulative[index] <= draw { index += 1 }
      return Int32(truncatingIfNeeded: index)
    }
  }

  /// The numbers `0..<count` in another order, as `numpy.random.permutation` draws them.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for place in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(place, below(place))
    }
    return order
  }

  /// A standard normal number, as `numpy.random.standard_normal` draws it.
  ///
  /// Source: `legacy_gauss` in numpy/random/src/legacy/legacy-distributions.c.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let (x, y) = (2 * double() - 1, 2 * double() - 1)
      let square = x * x + y * y
      guard square < 1, square != 0 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spareNormal = factor * x
      return factor * y
    }
  }

  /// A whole number of a range, as `numpy.random.randint` draws it.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound &+ below(range.upperBound &- range.lowerBound)
  }

  /// A whole number up to and with `most`: bits that are drawn again until they are not too many.
  ///
  /// Source: `random_interval` in numpy/random/src/distributions/distributions.c.
  private mutating func below(_ most: Int) -> Int {
    let mask = UInt64.max >> UInt64(UInt64(most).leadingZeroBitCount)
    while true {
      var bits = UInt64(words.next())
      if most > UInt32.max { bits = bits << 32 | UInt64(words.next()) }
      if bits & mask <= UInt64(most) { return Int(bits & mask) }
    }
  }
}
