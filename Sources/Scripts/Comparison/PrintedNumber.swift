/// A number as it was printed, exact to its last digit.
///
///     PrintedNumber("0.728835").allowance         // 1e-06
///     PrintedNumber("0.1").distance(to: PrintedNumber("0.3"))  // 0.2, not 0.19999999999999998
///
/// Distances are taken between decimal digits: with binary fractions, numbers that are one printed
/// digit apart would sometimes be a little more than that apart.
struct PrintedNumber {
  /// Whether there is neither a point nor an exponent.
  let isWhole: Bool
  /// One unit of the last printed digit; zero for numbers such as `3` and `3.`, which are exact.
  let allowance: Double
  /// The nearest binary number.
  let value: Double
  /// The digits without the point, and the power of ten that the last one counts; nil if there are
  /// too many.
  private let decimal: (digits: Int128, exponent: Int)?

  /// Reads a number in the form that the tokens of an ``OutputLine`` have.
  init(_ text: some Sequence<UInt8>) {
    var digits: Int128? = 0
    var exponent = 0
    var (isNegative, hasPoint, hasDigitBehindPoint) = (false, false, false)
    var written: Int?
    var isExponentNegative = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "-") where written != nil: isExponentNegative = true
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): written = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if let before = written {
          written = min(before * 10 + Int(digit), 100_000)
        } else {
          digits = digits.flatMap { Self.appending(digit, to: $0) }
          if hasPoint { (exponent, hasDigitBehindPoint) = (exponent - 1, true) }
        }
      default: break
      }
    }
    if let written { exponent += isExponentNegative ? -written : written }
    isWhole = !hasPoint && written == nil
    allowance = hasDigitBehindPoint || written != nil ? Self.power(exponent) : 0
    value = Double(String(decoding: Array(text), as: UTF8.self)) ?? .nan
    decimal = digits.map { (isNegative ? -$0 : $0, exponent) }
  }

  /// How far apart two numbers are.
  func distance(to other: PrintedNumber) -> Double {
    guard let decimal, let otherDecimal = other.decimal else { return abs(value - other.value) }
    let exponent = min(decimal.exponent, otherDecimal.exponent)
    guard let first = Self.scaled(decimal, to: exponent),
      let second = Self.scaled(otherDecimal, to: exponent)
    else { return abs(value - other.value) }
    let (difference, overflows) = first.subtractingReportingOverflow(second)
    guard !overflows, difference != .min else { return abs(value - other.value) }
    return Double("\(abs(difference))e\(exponent)") ?? abs(value - other.value)
  }

  private static func appending(_ digit: UInt8, to digits: Int128) -> Int128? {
    let (product, overflows) = digits.multipliedReportingOverflow(by: 10)
    return overflows || product > .max - 9 ? nil : product + Int128(digit)
  }

  private static func scaled(_ decimal: (digits: Int128, exponent: Int), to exponent: Int)
    -> Int128?
  {
    var digits = decimal.digits
    guard digits != 0 else { return 0 }
    for _ in 0..<(decimal.exponent - exponent) {
      let (product, overflows) = digits.multipliedReportingOverflow(by: 10)
      if overflows { return nil }
      digits = product
    }
    return digits
  }

  private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}

// MARK: - Tolerances

/// How far a printed number may be from the recorded one.
struct Tolerance: Equatable {
  /// An absolute bound, in place of one unit of the last printed digit.
  var absolute: Double?
  /// A bound relative to the recorded number; added to the absolute one if there are both.
  var relative: Double?

  /// The greatest distance from a recorded number.
  ///
  /// Whole numbers are exact whatever the bounds are: they count, number and index.
  func allowed(for expected: PrintedNumber) -> Double {
    guard !expected.isWhole else { return 0 }
    guard absolute != nil || relative != nil else { return expected.allowance }
    return (absolute ?? 0) + (relative ?? 0) * abs(expected.value)
  }

  /// Whether a number may stand for a recorded one.
  func accepts(_ actual: PrintedNumber, for expected: PrintedNumber) -> Bool {
    guard expected.isWhole == actual.isWhole else { return false }
    return expected.distance(to: actual) <= allowed(for: expected)
  }
}
