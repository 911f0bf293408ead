/// Elementary functions that give the same bits on every machine, which a C library's need not.
package enum GibbsMath {
  private static let logOf2 = 0.693_147_180_559_945_31

  /// The natural logarithm of a positive normal number.
  package static func log(_ x: Double) -> Double {
    var (exponent, m) = (Double(x.exponent), x.significand)
    if m > 1.414_213_562_373_095_1 { (exponent, m) = (exponent + 1, m / 2) }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 0.0
    for k in stride(from: 21.0, through: 1, by: -2) { sum = sum * z + 2 / k }
    return exponent * logOf2 + s * sum
  }

  /// The exponential; below -700 that of -700.
  ///
  /// - Precondition: `x` is not above 700.
  package static func exp(_ x: Double) -> Double {
    precondition(x <= 700, "exp(\(x))")
    let x = max(x, -700)
    let n = (x / logOf2).rounded()
    // The first part of the logarithm has few digits, so that the product is exact.
    let r = x - n * 0.693_147_180_369_123_8 - n * 1.908_214_929_270_587_7e-10
    var sum = 1.0
    for k in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * r / k }
    guard let exponent = Int(exactly: n) else { return 0 }
    return Double(sign: .plus, exponent: exponent, significand: sum)
  }

  /// The logarithm of the gamma function of a positive number.
  ///
  /// Source: Stirling's series, from 8 on.
  package static func logGamma(_ x: Double) -> Double {
    var (x, rest) = (x, 0.0)
    while x < 8 { (x, rest) = (x + 1, rest - log(x)) }
    let i = 1 / (x * x)
    let series = (1.0 / 12 - i * (1.0 / 360 - i * (1.0 / 1260 - i / 1680))) / x
    return rest + (x - 0.5) * log(x) - x + 0.918_938_533_204_672_74 + series
  }
}
