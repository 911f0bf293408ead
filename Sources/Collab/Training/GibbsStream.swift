package import CCollabKernels

/// Random numbers that depend on nothing but what they are drawn for: the seed, the sweep, the purpose,
/// and a row or another place.
///
/// There is no state to hand on, so any number of threads draws the same.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011); Philox
/// 4×32-10.
package struct GibbsStream {
  /// What numbers are drawn for; those of items follow those of users.
  package enum Purpose: UInt32 {
    case start = 0
    case rows = 2
    case implicit = 4
    case noise = 6
    case freedom = 8
    case mean = 10
    case implicitPrecision = 12
    case latent = 14
    case scale, cuts, newcomer
  }

  /// The seed and the sweep, which all streams of a sweep share.
  package struct Sweep {
    let seed: UInt64
    let number: UInt32

    /// A sweep by its number.
    package init(seed: UInt64, number: UInt32) { (self.seed, self.number) = (seed, number) }

    /// Where the blocks of a purpose begin that have the last word 0; kernels draw those.
    package func start(_ purpose: Purpose, of side: RatingSide = .users, block: Int = 0)
      -> ck_philox
    {
      ck_philox(
        key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
        counter: (
          UInt32(truncatingIfNeeded: block), number, purpose.rawValue + (side == .users ? 0 : 1), 0
        ))
    }

    /// Numbers for one place, one after the other.
    package func stream(_ purpose: Purpose, of side: RatingSide = .users, at place: Int)
      -> GibbsStream
    {
      GibbsStream(start: start(purpose, of: side, block: place))
    }
  }

  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var words = SIMD4<UInt32>()
  private var used = 4

  private init(start: ck_philox) {
    key = SIMD2(start.key.0, start.key.1)
    counter = SIMD4(start.counter.0, start.counter.1, start.counter.2, start.counter.3)
  }

  /// Four random words.
  package static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (x, key) = (counter, key)
    for _ in 0..<10 {
      let p = x[0].multipliedFullWidth(by: 0xD251_1F53)
      let q = x[2].multipliedFullWidth(by: 0xCD9E_8D57)
      x = SIMD4(q.high ^ x[1] ^ key[0], q.low, p.high ^ x[3] ^ key[1], p.low)
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
  }

  private mutating func word() -> UInt32 {
    if used == 4 {
      counter[3] += 1
      (words, used) = (Self.block(counter, key: key), 0)
    }
    defer { used += 1 }
    return words[used]
  }

  /// A number between 0 and 1.
  package mutating func uniform() -> Double { (Double(word()) + 0.5) * 0x1p-32 }

  /// A normal number.
  ///
  /// Source: Marsaglia and Bray (1964), the polar method.
  package mutating func normal() -> Double {
    while true {
      let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
      let radius = x * x + y * y
      if radius < 1, radius > 0 { return x * (-2 * GibbsMath.log(radius) / radius).squareRoot() }
    }
  }

  /// A number of the gamma distribution.
  ///
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
  package mutating func gamma(shape: Double, rate: Double) -> Double {
    guard shape >= 1 else {
      let power = GibbsMath.log(uniform()) / shape
      return gamma(shape: shape + 1, rate: rate) * GibbsMath.exp(power)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if GibbsMath.log(uniform()) < 0.5 * x * x + d * (1 - v + GibbsMath.log(v)) {
        return d * v / rate
      }
    }
  }
}
