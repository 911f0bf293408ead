/// Cuts a stretch of a source into tokens, one at a time.
///
/// - Complexity: O(*bytes*) for the whole stretch.
struct Lexer {
  let source: Source
  let end: Int
  var position: Int

  init(_ source: Source, in range: Range<Int>) {
    self.source = source
    let range = range.clamped(to: source.range)
    position = range.lowerBound
    end = range.upperBound
  }

  /// The byte at an offset, or zero outside the stretch.
  func byte(_ offset: Int) -> UInt8 { offset < end ? source.bytes[offset] : 0 }

  func text(_ range: Range<Int>) -> String { source.text(in: range) }

  func problem(_ problem: SyntaxProblem, _ range: Range<Int>) -> Diagnostic {
    problem.diagnostic(at: range, in: source)
  }

  /// Reads the next token; inside brackets newlines are white space.
  mutating func next(isInsideBrackets: Bool) throws(Diagnostic) -> Token {
    try skipBlanks(newlines: isInsideBrackets)
    let start = position
    guard start < end else { return Token(kind: .end, range: end..<end) }
    let first = byte(start)
    if first == .newline {
      position += 1
      return Token(kind: .newline, range: start..<position)
    }
    if first.isDigit || (first == UInt8(ascii: ".") && byte(start + 1).isDigit) {
      return try number()
    }
    if first == .singleQuote || first == .doubleQuote || first.mayPrefixString,
      let token = try string(at: start)
    {
      return token
    }
    let nameEnd = endOfName(from: start)
    if nameEnd > start {
      position = nameEnd
      return Token(kind: .name(text(start..<nameEnd)), range: start..<nameEnd)
    }
    if let (symbol, length) = symbol(at: start) {
      position += length
      return Token(kind: .symbol(symbol), range: start..<position)
    }
    throw unexpectedCharacter(at: start)
  }

  /// Skips blanks, comments and continued line ends, and line ends if asked to.
  mutating func skipBlanks(newlines: Bool) throws(Diagnostic) {
    while position < end {
      let current = source.bytes[position]
      if current.isBlank || (newlines && current == .newline) {
        position += 1
      } else if current == .hash {
        position = endOfLine(from: position)
      } else if current == .backslash {
        let line = endOfLine(from: position)
        guard text(position + 1..<line).allSatisfy(\.isWhitespace) else { return }
        guard line < end else { throw problem(.unfinished(after: "\\"), position..<position + 1) }
        position = line + 1
      } else if current == 0xEF, position == 0, byte(1) == 0xBB, byte(2) == 0xBF {
        position = 3  // a byte order mark
      } else {
        return
      }
    }
  }

  /// Whether a `=` may come next, as far as one byte tells.
  var mayAssignNext: Bool {
    switch byte(position) {
    case UInt8(ascii: "="), .hash, .backslash, .newline: true
    case let next: next.isBlank
    }
  }

  /// The offset of the next line ending, or the end.
  func endOfLine(from offset: Int) -> Int {
    var offset = offset
    while offset < end, source.bytes[offset] != .newline { offset += 1 }
    return offset
  }
}

// MARK: - Names

extension Lexer {
  /// The offset behind the name that begins at an offset; the offset itself if none does.
  func endOfName(from start: Int) -> Int {
    var offset = start
    while offset < end {
      let byte = source.bytes[offset]
      if byte < 0x80 {
        guard offset == start ? byte.mayBeginName : byte.mayContinueName else { break }
        offset += 1
      } else {
        guard let scalar = scalar(at: offset) else { break }
        let properties = scalar.properties
        guard offset == start ? properties.isXIDStart : properties.isXIDContinue else { break }
        offset += UTF8.width(scalar)
      }
    }
    return offset
  }

  /// The scalar whose UTF-8 begins at an offset; nil if the bytes are not UTF-8.
  func scalar(at offset: Int) -> Unicode.Scalar? {
    var decoder = UTF8()
    var bytes = source.bytes[offset..<min(offset + 4, end)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return scalar
  }

  func unexpectedCharacter(at offset: Int) -> Diagnostic {
    guard let scalar = scalar(at: offset) else {
      return problem(.unexpectedCharacter("\u{FFFD}", instead: nil), offset..<offset + 1)
    }
    let range = offset..<offset + UTF8.width(scalar)
    let instead: String? =
      switch scalar {
      case "‘", "’", "“", "”", "„", "‚", "«", "»", "`": "' or \""
      case "−", "–", "—": "-"
      case "×", "·", "⋅": "*"
      case "÷": "/"
      case "≤": "<="
      case "≥": ">="
      case "≠": "!="
      case "…": "..."
      default: nil
      }
    switch scalar {
    case "!": return problem(.foreignOperator("!", instead: "`not`"), range)
    default: break
    }
    let shown = scalar.properties.generalCategory == .control ? "\\u{\(hex(scalar))}" : "\(scalar)"
    return problem(.unexpectedCharacter(shown, instead: instead), range)
  }

  private func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }
}

// MARK: - Numbers

extension Lexer {
  private mutating func number() throws(Diagnostic) -> Token {
    let start = position
    if let token = try numberOfOtherBase() { return token }
    var isWhole = true
    position = endOfDigits(from: position)
    // `5.sum` is a whole number, a dot and a name; `5.` alone is a number, as tensors print it.
    if byte(position) == UInt8(ascii: "."), !byte(position + 1).mayBeginName,
      byte(position + 1) != UInt8(ascii: ".")
    {
      isWhole = false
      position = endOfDigits(from: position + 1)
    }
    if byte(position) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(position + 1) == UInt8(ascii: "+") || byte(position + 1) == UInt8(ascii: "-")
      let digits = position + (sign ? 2 : 1)
      if byte(digits).isDigit {
        isWhole = false
        position = endOfDigits(from: digits)
      }
    }
    if byte(position).mayContinueName {
      while byte(position).mayContinueName { position += 1 }
      throw problem(.badNumber(text(start..<position)), start..<position)
    }
    let range = start..<position
    var digits = text(range)
    if digits.utf8.contains(UInt8(ascii: "_")) { digits.removeAll { $0 == "_" } }
    if isWhole {
      guard let value = Int(digits) else { throw problem(.numberTooLarge(digits), range) }
      return Token(kind: .integer(value), range: range)
    }
    // The standard library reads neither `.5` nor `5.` everywhere, so the zero is written out.
    guard let value = Double(digits.hasSuffix(".") ? digits + "0" : digits) else {
      throw problem(.badNumber(digits), range)
    }
    guard value.isFinite else { throw problem(.numberTooLarge(digits), range) }
    return Token(kind: .double(value), range: range)
  }

  /// Reads `0x1F`, `0b101` or `0o17`; nil for a number of the usual base.
  private mutating func numberOfOtherBase() throws(Diagnostic) -> Token? {
    let start = position
    guard byte(start) == UInt8(ascii: "0") else { return nil }
    let radix: Int
    switch byte(start + 1) | 0x20 {
    case UInt8(ascii: "x"): radix = 16
    case UInt8(ascii: "o"): radix = 8
    case UInt8(ascii: "b"): radix = 2
    default: return nil
    }
    position += 2
    while byte(position).mayContinueName { position += 1 }
    let digits = text(start + 2..<position).filter { $0 != "_" }
    guard let value = Int(digits, radix: radix) else {
      throw problem(.badNumber(text(start..<position)), start..<position)
    }
    return Token(kind: .integer(value), range: start..<position)
  }

  /// The offset behind digits, which single `_` may separate.
  private func endOfDigits(from start: Int) -> Int {
    var offset = start
    while byte(offset).isDigit
      || (offset > start && byte(offset) == UInt8(ascii: "_") && byte(offset + 1).isDigit)
    {
      offset += 1
    }
    return offset
  }
}

// MARK: - Symbols

extension Lexer {
  private func symbol(at offset: Int) -> (Symbol, length: Int)? {
    let first = byte(offset)
    let second = byte(offset + 1)
    let hasEqual = second == UInt8(ascii: "=")
    func withEqual(_ symbol: Symbol, _ plain: Symbol?) -> (Symbol, length: Int)? {
      hasEqual ? (symbol, 2) : plain.map { ($0, 1) }
    }
    func doubled(_ symbol: Symbol, _ plain: Symbol) -> (Symbol, length: Int) {
      byte(offset + 2) == UInt8(ascii: "=") ? (symbol, 3) : (plain, 2)
    }
    switch first {
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: "["): return (.leftBracket, 1)
    case UInt8(ascii: "]"): return (.rightBracket, 1)
    case UInt8(ascii: "{"): return (.leftBrace, 1)
    case UInt8(ascii: "}"): return (.rightBrace, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: ";"): return (.semicolon, 1)
    case UInt8(ascii: "|"): return withEqual(.barAssign, .bar)
    case UInt8(ascii: "&"): return withEqual(.ampersandAssign, .ampersand)
    case UInt8(ascii: "^"): return (.caret, 1)
    case UInt8(ascii: "~"): return (.tilde, 1)
    case UInt8(ascii: "?"): return (.question, 1)
    case UInt8(ascii: "%"): return withEqual(.percentAssign, .percent)
    case UInt8(ascii: "@"): return withEqual(.atAssign, .at)
    case UInt8(ascii: "+"): return withEqual(.plusAssign, .plus)
    case UInt8(ascii: "-"):
      return second == UInt8(ascii: ">") ? (.arrow, 2) : withEqual(.minusAssign, .minus)
    case UInt8(ascii: "="): return withEqual(.equal, .assign)
    case UInt8(ascii: "<"):
      return second == first ? (.leftShift, 2) : withEqual(.lessOrEqual, .less)
    case UInt8(ascii: ">"):
      return second == first ? (.rightShift, 2) : withEqual(.greaterOrEqual, .greater)
    case UInt8(ascii: "!"): return withEqual(.notEqual, nil)
    case UInt8(ascii: "*"):
      return second == first
        ? doubled(.doubleStarAssign, .doubleStar) : withEqual(.starAssign, .star)
    case UInt8(ascii: "/"):
      return second == first
        ? doubled(.doubleSlashAssign, .doubleSlash) : withEqual(.slashAssign, .slash)
    case UInt8(ascii: "."):
      return second == first && byte(offset + 2) == first ? (.ellipsis, 3) : (.dot, 1)
    default: return nil
    }
  }
}
