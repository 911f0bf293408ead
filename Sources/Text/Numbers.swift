#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A count with its thousands separated: `100,000`.
package func grouped(_ count: Int) -> String {
  (count < 0 ? "-" : "") + grouped(digits: "\(count.magnitude)")
}

/// Digits in groups from the right: `100,000`, or `ff_ffff` by `_` every 4.
package func grouped(
  digits: some StringProtocol, by separator: Character = ",", every size: Int = 3
) -> String {
  var digits = Array(digits)
  for place in stride(from: digits.count - size, to: 0, by: -size) {
    digits.insert(separator, at: place)
  }
  return String(digits)
}

/// A count and what is counted: `1 cell`, `2,000 cells`, or `2 entries` with `many` given.
package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
}

/// A number with so many digits behind the point: `fixed(2.5, 0)` is `2`.
///
/// The C library rounds the exact value of the number, half to even, as Python does.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  formatted("%.*f", value, decimals)
}

/// A number as one digit, so many behind the point, and an exponent: `1.2346e+05`.
package func exponential(_ value: Double, _ decimals: Int) -> String {
  formatted("%.*e", value, decimals)
}

private func formatted(_ format: String, _ value: Double, _ digits: Int) -> String {
  // The C library shows the sign of a NaN, Python does not.
  guard !value.isNaN else { return "nan" }
  return withVaList([Int32(clamping: digits), value]) { arguments in
    var buffer = [CChar](repeating: 0, count: 400 + max(digits, 0))
    let count = vsnprintf(&buffer, buffer.count, format, arguments)
    let bytes = buffer.prefix(max(Int(count), 0)).map(UInt8.init(bitPattern:))
    return String(decoding: bytes, as: UTF8.self)
  }
}
