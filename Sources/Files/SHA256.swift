/// The digest that tells whether bytes are the expected ones, whoever may have had a hand in them.
///
///     SHA256.hex(of: Array("abc".utf8))  // "ba7816bf…"
///
/// Source: FIPS 180-4, section 6.2.
public enum SHA256 {
  /// The digest of bytes, as lower-case hexadecimal.
  public static func hex(of bytes: [UInt8]) -> String {
    var hash: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
      0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    let whole = bytes.count / blockSize * blockSize
    var end = Array(bytes[whole...]) + [0x80]
    while end.count % blockSize != blockSize - 8 { end.append(0) }
    let bitCount = UInt64(bytes.count) * 8
    end += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * $0)) }
    var words = [UInt32](repeating: 0, count: 64)
    for start in stride(from: 0, to: whole, by: blockSize) {
      compress(bytes, from: start, &words, into: &hash)
    }
    for start in stride(from: 0, to: end.count, by: blockSize) {
      compress(end, from: start, &words, into: &hash)
    }
    return hash.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static let blockSize = 64

  private static func compress(
    _ bytes: [UInt8], from start: Int, _ w: inout [UInt32], into hash: inout [UInt32]
  ) {
    func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    for i in 0..<16 {
      let place = start + 4 * i
      w[i] =
        UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16
        | UInt32(bytes[place + 2]) << 8 | UInt32(bytes[place + 3])
    }
    for i in 16..<64 {
      let s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3
      let s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d) = (hash[0], hash[1], hash[2], hash[3])
    var (e, f, g, h) = (hash[4], hash[5], hash[6], hash[7])
    for i in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ w[i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    for (place, value) in [a, b, c, d, e, f, g, h].enumerated() { hash[place] &+= value }
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes(64).map { prime in
    var root = UInt64(0)  // floor(cbrt(prime) * 2^32), by bisection on cubes of 128 bits
    for bit in stride(from: UInt64(36), through: 0, by: -1) {
      let candidate = root | 1 << bit
      let square = candidate.multipliedFullWidth(by: candidate)
      // candidate < 2^37, so its square fits 74 bits and its cube 111 bits.
      let wide = (UInt128(square.high) << 64 | UInt128(square.low)) * UInt128(candidate)
      if wide <= UInt128(prime) << 96 { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }

  private static func primes(_ count: Int) -> [UInt64] {
    var found: [UInt64] = []
    var candidate: UInt64 = 2
    while found.count < count {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }
}
