/// The MT19937 generator: 32-bit words, equal to the reference implementation bit for bit.
///
/// The three front ends of this module differ in how they seed it and in how they turn words into
/// numbers.
///
/// Source: Matsumoto and Nishimura, "Mersenne Twister" (1998); `mt19937ar.c` (2002) for the seeding.
struct MersenneTwister: Sendable {
  private static let size = 624
  private static let shift = 397

  private var state: [UInt32]
  /// What the state gives out, of which the words from `position` on are left.
  private var words = [UInt32](repeating: 0, count: size)
  private var position = size

  /// Seeds as `init_genrand`, the way of torch and numpy.
  init(seed: UInt32) {
    state = [UInt32](repeating: seed, count: Self.size)
    for i in 1..<Self.size {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
  }

  /// Seeds as `init_by_array`, the way of Python's `random`.
  ///
  /// - Precondition: `key` is not empty.
  init(key: [UInt32]) {
    precondition(!key.isEmpty, "a key needs at least one word")
    self.init(seed: 19_650_218)
    var i = 1
    var j = 0
    func mix(_ word: UInt32, _ factor: UInt32, _ state: [UInt32]) -> UInt32 {
      word ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* factor)
    }
    func advance(_ state: inout [UInt32]) {
      i += 1
      if i == Self.size {
        state[0] = state[Self.size - 1]
        i = 1
      }
    }
    for _ in 0..<max(Self.size, key.count) {
      state[i] = mix(state[i], 1_664_525, state) &+ key[j] &+ UInt32(j)
      advance(&state)
      j = j + 1 == key.count ? 0 : j + 1
    }
    for _ in 1..<Self.size {
      state[i] = mix(state[i], 1_566_083_941, state) &- UInt32(i)
      advance(&state)
    }
    state[0] = 0x8000_0000
  }

  /// The next word.
  mutating func next() -> UInt32 {
    if position == Self.size { refill() }
    position += 1
    return words[position - 1]
  }

  /// Lends the words that come next, at least one; `body` returns how many it has used up.
  mutating func useWords(_ body: (UnsafeBufferPointer<UInt32>) -> Int) {
    if position == Self.size { refill() }
    position += words.withUnsafeBufferPointer { words in
      body(UnsafeBufferPointer(rebasing: words[position...]))
    }
  }

  /// A double in 0..<1 of 53 bits, from two words: numpy's `random_sample`, Python's `random`.
  mutating func nextDouble() -> Double {
    let high = Double(next() >> 5)
    let low = Double(next() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  private mutating func refill() {
    state.withUnsafeMutableBufferPointer { state in
      func twist(_ i: Int, _ next: Int, _ far: Int) {
        let bits = (state[i] & 0x8000_0000) | (state[next] & 0x7fff_ffff)
        state[i] = state[far] ^ (bits >> 1) ^ ((bits & 1) &* 0x9908_b0df)
      }
      let wrap = Self.size - Self.shift
      for i in 0..<wrap { twist(i, i + 1, i + Self.shift) }
      for i in wrap..<(Self.size - 1) { twist(i, i + 1, i - wrap) }
      twist(Self.size - 1, 0, Self.shift - 1)
      words.withUnsafeMutableBufferPointer { words in
        for i in 0..<Self.size {
          var word = state[i]
          word ^= word >> 11
          word ^= (word << 7) & 0x9d2c_5680
          word ^= (word << 15) & 0xefc6_0000
          words[i] = word ^ (word >> 18)
        }
      }
    }
    position = 0
  }
}
