/// A small generator of random numbers for the built-in set, equal on every machine.
///
/// It has nothing to do with the generators that a learner seeds; the built-in set is always the same.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), with the
/// constants of Vigna's splitmix64.c.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in `0..<1`, a multiple of 2⁻⁵³.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in `0..<bound`; the bias is below `bound` × 2⁻⁶⁴.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A nearly normal number of mean 0 and variance 1: twelve uniform ones added up.
  ///
  /// Additions are rounded alike everywhere, which the logarithm and cosine of an exact method are not.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  /// One of the elements, which must not be none.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Puts the elements in a random order.
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    for place in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(place, below(place + 1))
    }
  }
}
