/// Python's `random.Random`.
///
/// Source: CPython 3.11, `Modules/_randommodule.c` and `Lib/random.py`.
public struct PythonGenerator: Sendable {
  private var words: MersenneTwister

  /// Seeds as `random.seed(seed)` does for a non-negative integer.
  public init(seed: UInt64) {
    let high = UInt32(truncatingIfNeeded: seed >> 32)
    let low = UInt32(truncatingIfNeeded: seed)
    words = MersenneTwister(key: high == 0 ? [low] : [low, high])
  }

  /// A double in 0..<1, as `random.random()`.
  public mutating func double() -> Double {
    words.nextDouble()
  }

  /// A 32-bit seed, as `random.randint(0, 2**32 - 1)`.
  ///
  /// Two words a try, half of the tries fail.
  public mutating func seed32() -> UInt64 {
    below(1 << 32)
  }

  /// A whole number of a range, as `random.randint`.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let count = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)) &+ 1
    let draw = count == 0 ? randomBits(64) : below(count)
    return range.lowerBound &+ Int(truncatingIfNeeded: draw)
  }

  /// Some of `0..<count`, as `random.sample(range(count), size)`.
  public mutating func sample(_ size: Int, of count: Int) -> [Int] {
    var room = 21
    if size > 5 {
      var power = 1
      while power < 3 * size { power *= 4 }
      room += power
    }
    if count <= room {
      var pool = Array(0..<count)
      return (0..<size).map { place in
        let pick = integer(in: 0...(count - place - 1))
        defer { pool[pick] = pool[count - place - 1] }
        return pool[pick]
      }
    }
    var picked: Set<Int> = []
    return (0..<size).map { _ in
      while true {
        let pick = integer(in: 0...(count - 1))
        if picked.insert(pick).inserted { return pick }
      }
    }
  }

  /// All of `0..<count` in random order, as `random.sample(range(count), count)`.
  public mutating func sample(of count: Int) -> [Int32] {
    var pool = [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count { buffer[i] = Int32(truncatingIfNeeded: i) }
      initialized = count
    }
    return [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      draw(into: buffer)
      pool.withUnsafeMutableBufferPointer { pool in
        for i in 0..<count {
          let pick = Int(buffer[i])
          buffer[i] = pool[pick]
          pool[pick] = pool[count - i - 1]
        }
      }
      initialized = count
    }
  }

  /// Integers below the number of elements, below one less, and so on to 0.
  ///
  /// A quarter of the draws is rejected; what was written is then written again, since a processor
  /// cannot foresee which.
  private mutating func draw(into picks: UnsafeMutableBufferPointer<Int32>) {
    var i = 0
    while i < picks.count {
      words.useWords { words in
        var used = 0
        while used < words.count, i < picks.count {
          let bound = UInt32(truncatingIfNeeded: picks.count &- i)
          let draw = words[used] >> UInt32(truncatingIfNeeded: bound.leadingZeroBitCount)
          picks[i] = Int32(truncatingIfNeeded: draw)
          i &+= draw < bound ? 1 : 0
          used &+= 1
        }
        return used
      }
    }
  }

  /// An integer in `0..<bound`, by rejection: `Random._randbelow`.
  private mutating func below(_ bound: UInt64) -> UInt64 {
    let bits = UInt64.bitWidth - bound.leadingZeroBitCount
    var draw = randomBits(bits)
    while draw >= bound { draw = randomBits(bits) }
    return draw
  }

  /// `getrandbits(bits)` for at most 64 bits: the first word holds the lowest bits.
  private mutating func randomBits(_ bits: Int) -> UInt64 {
    guard bits > 32 else { return UInt64(words.next() >> UInt32(32 - bits)) }
    let low = UInt64(words.next())
    return low | UInt64(words.next() >> UInt32(64 - bits)) << 32
  }
}
