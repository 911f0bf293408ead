internal import CollabText

/// Values as Python prints them.
///
///     PythonFormat.repr(0.1 + 0.2)                          // 0.30000000000000004
///     PythonFormat.repr("it's")                             // "it's"
///     try PythonFormat.text(.float(0.8757), spec: ".3f")    // 0.876
///
/// Source: the Python 3.11 library reference, "Format Specification Mini-Language", and `repr`.
public enum PythonFormat {
  /// The shortest text that reads back as the same number.
  public static func repr(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    return sign(of: value) + Digits(shortest: value.magnitude).text(exponentFrom: 16)
  }

  /// `True` or `False`.
  public static func repr(_ value: Bool) -> String { value ? "True" : "False" }

  /// The text in quotes, what cannot be seen written out.
  ///
  /// Quotes are single unless the text has single quotes and no double ones.
  public static func repr(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
    var quoted = String(quote)
    for scalar in scalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case quote: quoted += "\\" + String(quote)
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default:
        if isPrintable(scalar) {
          quoted.unicodeScalars.append(scalar)
        } else {
          quoted += code(scalar)
        }
      }
    }
    return quoted + String(quote)
  }

  /// How Python writes that there is no value.
  public static let none = "None"

  /// Integers as a tuple: `(0, 3)`, `(5,)` or `()`.
  public static func tuple(_ values: [Int]) -> String {
    let inside = values.map { "\($0)" }.joined(separator: ", ")
    return values.count == 1 ? "(\(inside),)" : "(\(inside))"
  }
}

// MARK: - Characters
extension PythonFormat {
  /// Source: `str.isprintable`.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (letter, count) = digits.count <= 2 ? ("x", 2) : digits.count <= 4 ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(repeating: "0", count: count - digits.count) + digits
  }

  /// A minus for negative numbers, negative zero among them.
  static func sign(of value: Double) -> String {
    value.sign == .minus && !value.isNaN ? "-" : ""
  }
}

/// The decimal digits of a number and where its point is.
struct Digits {
  /// Digits without leading zeros; `0` for zero.
  var digits: [Character]
  /// How many digits stand in front of the point; may be negative.
  var pointPosition: Int

  /// The digits of a text like `123.45`, `1e-05` or `0.001`.
  private init(_ text: String) {
    let parts = text.lowercased().split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0
    let mantissa = parts.first.map(Array.init) ?? []
    let whole = mantissa.prefix { $0 != "." }
    digits = mantissa.filter { $0 != "." }
    pointPosition = whole.count + exponent
    let zeros = digits.prefix { $0 == "0" }.count
    digits.removeFirst(zeros)
    pointPosition -= zeros
    if digits.isEmpty { (digits, pointPosition) = (["0"], 1) }
  }

  /// As few digits as read back as the same number.
  init(shortest value: Double) {
    self.init(value.description)
    dropTrailingZeros()
  }

  /// So many digits, rounded, zeros at the end dropped.
  init(_ value: Double, count: Int) {
    self.init(exponential(value, max(count, 1) - 1))
    dropTrailingZeros()
  }

  private mutating func dropTrailingZeros() {
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
  }

  /// The number written out, or with an exponent when more than `limit` digits precede the point.
  ///
  /// - Parameters:
  ///   - limit: the most digits in front of the point.
  ///   - hasPoint: whether a number without decimals ends in `.0`.
  /// - Returns: the text, without a sign.
  func text(exponentFrom limit: Int, hasPoint: Bool = true) -> String {
    if pointPosition <= -4 || pointPosition > limit {
      let exponent = pointPosition - 1
      let rest = digits.dropFirst()
      let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
      return String(digits.prefix(1)) + (rest.isEmpty ? "" : "." + String(rest))
        + (exponent < 0 ? "e-" : "e+") + size
    }
    if pointPosition <= 0 {
      return "0." + String(repeating: "0", count: -pointPosition) + String(digits)
    }
    let zeros = max(0, pointPosition - digits.count)
    let whole = String(digits.prefix(pointPosition)) + String(repeating: "0", count: zeros)
    let decimals = digits.dropFirst(pointPosition)
    return decimals.isEmpty ? whole + (hasPoint ? ".0" : "") : whole + "." + String(decimals)
  }
}
