extension Lexer {
  /// Reads the text that begins at an offset, with the letters before its quote; nil if none does.
  mutating func string(at start: Int) throws(Diagnostic) -> Token? {
    var quote = start
    while quote < start + 2, byte(quote).mayPrefixString { quote += 1 }
    guard byte(quote) == .singleQuote || byte(quote) == .doubleQuote else { return nil }
    let prefix = source.bytes[start..<quote].map { $0 | 0x20 }
    let (content, behind) = try endOfString(at: quote)
    position = behind
    let token = StringToken(
      content: content, isFormatted: prefix.contains(UInt8(ascii: "f")),
      isRaw: prefix.contains(UInt8(ascii: "r")))
    return Token(kind: .string(token), range: start..<behind)
  }

  /// The bytes between the quotes of the text that opens at an offset, and the offset behind it.
  func endOfString(at start: Int) throws(Diagnostic) -> (content: Range<Int>, behind: Int) {
    let quote = source.bytes[start]
    let isTriple = byte(start + 1) == quote && byte(start + 2) == quote
    let content = start + (isTriple ? 3 : 1)
    var offset = content
    while offset < end {
      let current = source.bytes[offset]
      if current == .backslash {
        offset += 2
      } else if current == quote {
        if !isTriple { return (content..<offset, offset + 1) }
        if byte(offset + 1) == quote, byte(offset + 2) == quote {
          return (content..<offset, offset + 3)
        }
        offset += 1
      } else if current == .newline, !isTriple {
        break
      } else {
        offset += 1
      }
    }
    let mark = text(start..<min(content, end))
    throw problem(isTriple ? .unclosed(mark) : .unclosedString(quote: mark), start..<content)
  }

  /// The text that the bytes between quotes stand for.
  func decoded(_ content: Range<Int>, isRaw: Bool = false) throws(Diagnostic) -> String {
    guard source.bytes[content].contains(where: { $0 == .backslash || $0 == .carriageReturn })
    else { return text(content) }
    var result: [UInt8] = []
    var offset = content.lowerBound
    while offset < content.upperBound {
      let current = source.bytes[offset]
      if current == .backslash, !isRaw {
        result += try escape(at: &offset, before: content.upperBound).utf8
      } else {
        // A line ending inside a text is a newline, whatever the file writes.
        let isReturn = current == .carriageReturn && byte(offset + 1) == .newline
        if !isReturn { result.append(current) }
        offset += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The character of the escape at an offset, which moves behind it.
  private func escape(at offset: inout Int, before end: Int) throws(Diagnostic) -> String {
    let start = offset
    offset = min(start + 2, end)
    let known: String? =
      switch byte(start + 1) {
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "t"): "\t"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "a"): "\u{7}"
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "v"): "\u{B}"
      case UInt8(ascii: "0"): "\0"
      // The line goes on.
      case .newline: ""
      case .backslash: "\\"
      case .singleQuote: "'"
      case .doubleQuote: "\""
      case let byte where byte.continuesPattern: text(start..<start + 2)
      default: nil
      }
    if let known { return known }
    if byte(start + 1) == UInt8(ascii: "u"), byte(start + 2) == UInt8(ascii: "{") {
      let digits = start + 3
      var close = digits
      while close < end, close < digits + 8, byte(close) != UInt8(ascii: "}") { close += 1 }
      if close < end, let value = UInt32(text(digits..<close), radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        offset = close + 1
        return String(Character(scalar))
      }
    }
    let digitCount = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][
      byte(start + 1)]
    if let digitCount, start + 2 + digitCount <= end,
      let value = UInt32(text(start + 2..<start + 2 + digitCount), radix: 16),
      let scalar = Unicode.Scalar(value)
    {
      offset = start + 2 + digitCount
      return String(Character(scalar))
    }
    // The range ends behind a whole character, so that it can be drawn.
    let length = scalar(at: start + 1).map { UTF8.width($0) } ?? 1
    let range = start..<min(start + 1 + length, end)
    throw problem(.badEscape(text(range)), range)
  }
}

extension UInt8 {
  /// Whether Python keeps the backslash before this, which is an escape in patterns only: `'\d+'`,
  /// `'\('`.
  fileprivate var continuesPattern: Bool {
    switch self {
    case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"), UInt8(ascii: "S"),
      UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "B"):
      true
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "?"),
      UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: "^"), UInt8(ascii: "$"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
