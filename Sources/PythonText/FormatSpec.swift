internal import CollabText

/// Why a value cannot be formatted as asked.
public enum FormatError: Error, Equatable, CustomStringConvertible {
  /// The specification cannot be read.
  case badSpec(String)
  /// The specification does not suit the value, such as `d` for a text.
  case unsuited(spec: String, type: String)

  /// What is wrong, as a sentence.
  public var description: String {
    switch self {
    case .badSpec(let spec): "`\(spec)` is no format"
    case .unsuited(let spec, let type): "the format `\(spec)` does not suit a value of type \(type)"
    }
  }
}

/// A format specification as it stands behind the colon in an f-string.
///
/// Fill, alignment, sign, `#`, `0`, width, `,` or `_`, precision and type are understood; `z`
/// is not, nor `n`, which depends on the locale.
struct FormatSpec {
  var fill: Character = " "
  var alignment: Character?
  var sign: Character = "-"
  /// Whether numbers to base 2, 8 or 16 say so.
  var isPrefixed = false
  var isZeroPadded = false
  var width = 0
  var grouping: Character?
  var precision: Int?
  var type: Character?
  let text: String

  init(_ text: String) throws(FormatError) {
    self.text = text
    var rest = Array(text)[...]
    if rest.count > 1, "<>=^".contains(rest[rest.startIndex + 1]) {
      fill = rest.removeFirst()
      alignment = rest.removeFirst()
    } else if let first = rest.first, "<>=^".contains(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      rest.removeFirst()
      isPrefixed = true
    }
    if rest.first == "0" {
      rest.removeFirst()
      isZeroPadded = true
      if fill == " " { fill = "0" }
    }
    width = try FormatSpec.number(&rest, in: text) ?? 0
    if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try FormatSpec.number(&rest, in: text) else { throw .badSpec(text) }
      precision = digits
    }
    if !rest.isEmpty { type = rest.removeFirst() }
    guard rest.isEmpty else { throw .badSpec(text) }
  }

  /// Digits at the beginning; more than a million of anything is a mistake.
  private static func number(
    _ rest: inout ArraySlice<Character>, in text: String
  ) throws(FormatError) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    guard let number = Int(String(digits)), number <= 1_000_000 else { throw .badSpec(text) }
    rest = rest.dropFirst(digits.count)
    return number
  }
}

extension PythonFormat {
  /// A value that can stand in an f-string.
  public enum Value: Equatable, Sendable {
    /// An integer.
    case integer(Int)
    /// A floating-point number.
    case float(Double)
    /// A text.
    case text(String)
    /// A truth value, which Python formats as a number unless the specification is empty.
    case bool(Bool)

    fileprivate var typeName: String {
      switch self {
      case .integer: "Int"
      case .float: "Double"
      case .text: "String"
      case .bool: "Bool"
      }
    }
  }

  /// A value formatted by what stands behind the colon in an f-string.
  ///
  ///     try PythonFormat.text(.integer(100_000), spec: ">10,")  // "   100,000"
  ///
  /// - Throws: ``FormatError`` when the specification cannot be read or does not suit the value.
  public static func text(_ value: Value, spec: String) throws(FormatError) -> String {
    let format = try FormatSpec(spec)
    let unsuited = FormatError.unsuited(spec: spec, type: value.typeName)
    switch value {
    case .text(let text): return try self.text(text, format, unsuited)
    case .float(let number): return try self.text(number, format, unsuited)
    case .integer(let number): return try self.text(number, format, unsuited)
    case .bool(let value):
      return spec.isEmpty ? repr(value) : try text(value ? 1 : 0, format, unsuited)
    }
  }

  private static func text(
    _ text: String, _ format: FormatSpec, _ unsuited: FormatError
  ) throws(FormatError) -> String {
    guard format.type == nil || format.type == "s", format.alignment != "=",
      format.grouping == nil, format.sign == "-"
    else { throw unsuited }
    let scalars = Array(text.unicodeScalars)
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: scalars.prefix(format.precision ?? scalars.count))
    return aligned(sign: "", String(kept), format, default: "<")
  }

  private static func text(
    _ number: Int, _ format: FormatSpec, _ unsuited: FormatError
  ) throws(FormatError) -> String {
    let radix: Int
    switch format.type {
    case nil, "d": radix = 10
    case "b": radix = 2
    case "o": radix = 8
    case "x", "X": radix = 16
    case "c":
      guard format.sign == "-", format.grouping == nil, format.precision == nil,
        let value = UInt32(exactly: number), let scalar = Unicode.Scalar(value)
      else { throw unsuited }
      return aligned(sign: "", String(Character(scalar)), format, default: "<")
    default: return try text(Double(number), format, unsuited)
    }
    guard format.precision == nil, radix == 10 || format.grouping != "," else { throw unsuited }
    let digits = String(number.magnitude, radix: radix, uppercase: format.type == "X")
    let prefix = format.isPrefixed && radix != 10 ? "0\(format.type ?? "x")" : ""
    return grouped(
      sign: sign(number < 0, format) + prefix, digits, "", format, every: radix == 10 ? 3 : 4)
  }

  private static func text(
    _ number: Double, _ format: FormatSpec, _ unsuited: FormatError
  ) throws(FormatError) -> String {
    let size = number.magnitude
    let digits = format.precision ?? 6
    var body: String
    switch format.type {
    case "f", "F": body = fixed(size, digits)
    case "e", "E": body = exponential(size, digits)
    case "%": body = fixed(size * 100, digits) + "%"
    case "g", "G": body = general(size, max(digits, 1), hasPoint: false)
    case nil:
      body = format.precision.map { general(size, max($0, 1), hasPoint: true) } ?? repr(size)
    default: throw unsuited
    }
    if let type = format.type, type.isUppercase { body = body.uppercased() }
    let whole = body.prefix { $0.isASCII && $0.isNumber }
    return grouped(
      sign: sign(!sign(of: number).isEmpty, format), String(whole),
      String(body.dropFirst(whole.count)), format, every: 3)
  }

  /// A number with so many digits in all.
  private static func general(_ value: Double, _ precision: Int, hasPoint: Bool) -> String {
    guard value.isFinite else { return repr(value) }
    // Without a type there is at least one decimal, for which an exponent comes a digit earlier.
    return Digits(value, count: precision).text(
      exponentFrom: hasPoint ? precision - 1 : precision, hasPoint: hasPoint)
  }

  private static func sign(_ isNegative: Bool, _ format: FormatSpec) -> String {
    isNegative ? "-" : format.sign == "-" ? "" : String(format.sign)
  }

  /// A number with separators between its whole digits, and as many zeros as the width asks for.
  private static func grouped(
    sign: String, _ whole: String, _ rest: String, _ format: FormatSpec, every size: Int
  ) -> String {
    guard let separator = format.grouping, !whole.isEmpty else {
      return aligned(sign: sign, whole + rest, format, default: ">")
    }
    func separated(_ digits: String) -> String {
      CollabText.grouped(digits: digits, by: separator, every: size)
    }
    var digits = whole
    let isFilled =
      format.fill == "0" && (format.alignment ?? (format.isZeroPadded ? "=" : ">")) == "="
    let room = format.width - sign.count - rest.count
    while isFilled, separated(digits).count < room { digits = "0" + digits }
    return aligned(sign: sign, separated(digits) + rest, format, default: ">")
  }

  private static func aligned(
    sign: String, _ body: String, _ format: FormatSpec, default side: Character
  ) -> String {
    // For numbers a leading zero in the width fills between the sign and the digits.
    let own: Character = format.isZeroPadded && side == ">" ? "=" : side
    let missing = max(0, format.width - sign.count - body.unicodeScalars.count)
    func fill(_ count: Int) -> String { String(repeating: format.fill, count: count) }
    switch format.alignment ?? own {
    case "<": return sign + body + fill(missing)
    case "^": return fill(missing / 2) + sign + body + fill(missing - missing / 2)
    case "=": return sign + fill(missing) + body
    default: return fill(missing) + sign + body
    }
  }
}
