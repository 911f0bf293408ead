/// Texts with places for values, as Python's `%` fills them.
///
///     try PercentFormat.text("%.2f of %s", [.float(3.14159), .text("pi")])  // 3.14 of pi
///
/// Source: the Python 3.11 library reference, "printf-style String Formatting".
public enum PercentFormat {
  /// What is wrong with a text or the values for it.
  public enum Mistake: Error, Equatable {
    /// There are more places than values, or fewer.
    case count(places: Int, values: Int)
    /// A place that does not say what a value is written as.
    case unknownConversion(String)
    /// A value that cannot be written as its place says.
    case unsuitable(String)
  }

  /// The text with the values in its places.
  ///
  /// - Parameters:
  ///   - template: a text with places such as `%d`, `%5.2f` or `%s`; `%%` is a per cent sign.
  ///   - values: a value for each place, and how `repr` writes it.
  /// - Returns: the text.
  /// - Throws: ``Mistake``.
  public static func text(
    _ template: String, _ values: [(value: PythonFormat.Value, repr: String)]
  ) throws -> String {
    let pieces = try pieces(of: template)
    let count = pieces.count { if case .place = $0 { true } else { false } }
    guard count == values.count else { throw Mistake.count(places: count, values: values.count) }
    var rest = values[...]
    return try pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .place(let place):
        guard let (value, repr) = rest.popFirst() else { return "" }
        return try place.text(value, repr: repr)
      }
    }.joined()
  }

  private enum Piece {
    case text(String)
    case place(Place)
  }

  private static func pieces(of template: String) throws(Mistake) -> [Piece] {
    var pieces: [Piece] = []
    var rest = template[...]
    while let sign = rest.firstIndex(of: "%") {
      if sign > rest.startIndex { pieces.append(.text(String(rest[..<sign]))) }
      rest = rest[sign...].dropFirst()
      if rest.first == "%" {
        pieces.append(.text("%"))
        rest = rest.dropFirst()
      } else {
        pieces.append(.place(try Place(&rest)))
      }
    }
    return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
  }
}

/// `%-08.3f`: how one value is written.
private struct Place {
  private let flags: Substring
  private let width: Substring
  private let precision: Substring?
  private let conversion: Character

  init(_ rest: inout Substring) throws(PercentFormat.Mistake) {
    let start = rest
    flags = rest.prefix { "-+ 0#".contains($0) }
    rest = rest.dropFirst(flags.count)
    width = rest.prefix(while: \.isWholeNumber)
    rest = rest.dropFirst(width.count)
    if rest.first == "." {
      let digits = rest.dropFirst().prefix(while: \.isWholeNumber)
      (precision, rest) = (digits, rest.dropFirst(digits.count + 1))
    } else {
      precision = nil
    }
    guard let last = rest.popFirst(), "diufFeEgGsrxXoc".contains(last) else {
      throw .unknownConversion("%" + start.prefix(start.count - rest.count))
    }
    conversion = last
  }

  func text(_ value: PythonFormat.Value, repr: String) throws -> String {
    let decimals = precision.map { "." + ($0.isEmpty ? "0" : String($0)) } ?? ""
    let sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
    let isLeft = flags.contains("-")
    let fill = flags.contains("0") && !isLeft ? "0" : ""
    func number(_ value: PythonFormat.Value, _ type: String, _ decimals: String) throws -> String {
      let align = isLeft ? "<" : fill.isEmpty ? ">" : ""
      let form = flags.contains("#") ? "#" : ""
      return try PythonFormat.text(
        value, spec: align + sign + form + fill + width + decimals + type)
    }
    func text(_ text: String) throws -> String {
      try PythonFormat.text(.text(text), spec: (isLeft ? "<" : ">") + width + decimals)
    }
    switch conversion {
    case "s", "c":
      switch value {
      case .integer(let code) where conversion == "c":
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
          throw PercentFormat.Mistake.unsuitable("%c")
        }
        return try text(String(Character(scalar)))
      case .text(let own): return try text(own)
      default: return try text(repr)
      }
    case "r": return try text(repr)
    case "d", "i", "u", "x", "X", "o":
      let type = "xXo".contains(conversion) ? String(conversion) : "d"
      switch value {
      case .integer, .bool: return try number(value, type, "")
      case .float(let double):
        guard type == "d", let whole = Int(exactly: double.rounded(.towardZero)) else { break }
        return try number(.integer(whole), type, "")
      case .text: break
      }
      throw PercentFormat.Mistake.unsuitable("%\(conversion)")
    default:
      guard case .text = value else { return try number(value, String(conversion), decimals) }
      throw PercentFormat.Mistake.unsuitable("%\(conversion)")
    }
  }
}
