extension Lexer {
  /// Reads a text whose opening quote stands at an offset.
  mutating func string(at quote: Int, isFormatted: Bool) throws(Diagnostic) -> Token {
    let start = position
    let (content, behind) = try endOfString(at: quote)
    position = behind
    let token = StringToken(content: content, isFormatted: isFormatted)
    return Token(kind: .string(token), range: start..<behind)
  }

  /// The bytes between the quotes of the text that opens at an offset, and the offset behind it.
  func endOfString(at start: Int) throws(Diagnostic) -> (content: Range<Int>, behind: Int) {
    let quote = source.bytes[start]
    let isTriple =
      quote == .doubleQuote && byte(start + 1) == quote && byte(start + 2) == quote
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
    guard !isTriple else { throw problem(.unclosed("\"\"\""), start..<content) }
    throw problem(.unclosedString(quote: quote == .singleQuote ? "'" : "\""), start..<content)
  }

  /// The text that the bytes between quotes stand for.
  func decoded(_ content: Range<Int>) throws(Diagnostic) -> String {
    var result: [UInt8] = []
    var offset = content.lowerBound
    while offset < content.upperBound {
      let current = source.bytes[offset]
      if current == .backslash {
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
      case .backslash: "\\"
      case .singleQuote: "'"
      case .doubleQuote: "\""
      // In '\s+', for any blanks, Python keeps the backslash too.
      case UInt8(ascii: "s"): "\\s"
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
    // The range ends behind a whole character, so that it can be drawn.
    let length = scalar(at: start + 1).map { UTF8.width($0) } ?? 1
    let range = start..<min(start + 1 + length, end)
    throw problem(.badEscape(text(range)), range)
  }
}
