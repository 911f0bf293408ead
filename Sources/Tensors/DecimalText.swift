internal import Glibc

/// Numbers as decimal text with a given number of digits, rounded as the C library rounds.
///
/// The C library rounds the exact value of the number, half to even, as Python does.
enum DecimalText {
  /// Digits behind the point: `fixed(2.5, 0)` is `2`.
  static func fixed(_ value: Double, _ digits: Int) -> String { text("%.*f", value, digits) }

  /// One digit, digits behind the point and an exponent: `1.2346e+05`.
  static func exponential(_ value: Double, _ digits: Int) -> String {
    text("%.*e", value, digits)
  }

  private static func text(_ format: String, _ value: Double, _ digits: Int) -> String {
    // The C library shows the sign of a NaN, Python does not.
    guard !value.isNaN else { return "nan" }
    return withVaList([Int32(clamping: digits), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400 + max(digits, 0))
      let count = vsnprintf(&buffer, buffer.count, format, arguments)
      let bytes = buffer.prefix(max(Int(count), 0)).map(UInt8.init(bitPattern:))
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
