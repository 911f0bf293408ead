/// Reads JSON value by value, as far as model files have it; what is not expected is refused.
///
/// No tree of values comes into being, so that little text cannot take much memory: whoever reads says
/// what must come next.
struct JSONReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// A mistake in the text.
  private var mistake: ModelFileError { .damaged("its header is no JSON of the expected kind") }

  /// The next byte that is not white space, which stays; nil at the end.
  private mutating func peek() -> UInt8? {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.endIndex ? bytes[position] : nil
  }

  /// Passes over a character if it comes next.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func require(_ character: Unicode.Scalar) throws(ModelFileError) {
    guard skip(character) else { throw mistake }
  }

  /// Checks that nothing follows.
  mutating func requireEnd() throws(ModelFileError) {
    guard peek() == nil else { throw mistake }
  }

  /// Reads an object, whose names all differ; `value` reads the value of each name.
  mutating func object(
    _ value: (String, inout JSONReader) throws(ModelFileError) -> Void
  ) throws(ModelFileError) {
    try require("{")
    guard !skip("}") else { return }
    var names: Set<String> = []
    repeat {
      let name = try string()
      guard names.insert(name).inserted else {
        throw .damaged("its header has the name `\(name.prefix(60))` twice")
      }
      try require(":")
      try value(name, &self)
    } while skip(",")
    try require("}")
  }

  /// Reads an array; `element` reads each of its elements.
  mutating func array(
    _ element: (inout JSONReader) throws(ModelFileError) -> Void
  ) throws(ModelFileError) {
    try require("[")
    guard !skip("]") else { return }
    repeat { try element(&self) } while skip(",")
    try require("]")
  }

  /// Whether a text comes next, and no number.
  mutating func isAtString() -> Bool { peek() == UInt8(ascii: "\"") }

  /// Whether an array comes next.
  mutating func isAtList() -> Bool { peek() == UInt8(ascii: "[") }

  /// Reads a whole number that is not negative.
  mutating func size() throws(ModelFileError) -> Int {
    guard let number = try Int(numberText()), number >= 0 else { throw mistake }
    return number
  }

  /// Reads a number.
  mutating func number() throws(ModelFileError) -> Double {
    guard let number = try Double(numberText()), number.isFinite else { throw mistake }
    return number
  }

  private mutating func numberText() throws(ModelFileError) -> String {
    _ = peek()
    let start = position
    while position < bytes.endIndex, position - start < 40,
      "+-.eE0123456789".utf8.contains(bytes[position])
    {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads a text.
  mutating func string() throws(ModelFileError) -> String {
    try require("\"")
    var text: [UInt8] = []
    while true {
      let start = position
      // A long text has few bytes to look at closely.
      position =
        bytes[start...].firstIndex { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 } ?? bytes.endIndex
      text += bytes[start..<position]
      guard position < bytes.endIndex, bytes[position] >= 0x20 else { throw mistake }
      position += 1
      if bytes[position - 1] == 0x22 { break }
      try text.append(contentsOf: String(escaped()).utf8)
    }
    guard let string = String(validating: text, as: UTF8.self) else { throw mistake }
    return string
  }

  /// What stands behind a backslash.
  private mutating func escaped() throws(ModelFileError) -> Character {
    guard position < bytes.endIndex else { throw mistake }
    defer { position += 1 }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if UTF16.isLeadSurrogate(units[0]),
        bytes.dropFirst(position + 1 - bytes.startIndex)
          .starts(with: "\\u".utf8)
      {
        position += 2
        units.append(try unit())
      }
      guard let text = String(validating: units, as: UTF16.self), let character = text.first,
        text.count == 1
      else { throw mistake }
      return character
    default: throw mistake
    }
  }

  /// The four digits behind a `u`; the place is then that of the last one.
  private mutating func unit() throws(ModelFileError) -> UInt16 {
    let digits = bytes.dropFirst(position + 1 - bytes.startIndex).prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw mistake }
    position += 4
    return unit
  }
}

/// A text as JSON has it.
func jsonText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..."\u{1F}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
