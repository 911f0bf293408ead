extension SyntaxReader {
  /// Whether the present token is the name of a command that white space or an end follows.
  ///
  /// A name that is assigned to is none, and neither is that of a variable, if an operator or nothing
  /// follows it: `bias = 3`, then `bias + 1`.
  var isCommand: Bool {
    guard let name = token.name, commands.contains(name) else { return false }
    let end = token.range.upperBound
    if end < lexer.end {
      switch source.bytes[end] {
      case .newline, .hash, UInt8(ascii: ";"): break
      case let byte where byte.isBlank: break
      default: return false
      }
    }
    guard let next = following() else { return true }
    if case .symbol(let symbol) = next.kind, symbol.assignment != nil { return false }
    return !isVariable(name) || !next.continuesExpression
  }

  /// Reads a command and its words; its name is the present token.
  mutating func command() throws(Diagnostic) -> Command {
    let name = Identifier(token.name ?? "", at: token.range)
    lexer.position = token.range.upperBound
    let words = try words()
    return try finish(name, words)
  }

  /// Ends a command whose words were read from the bytes.
  private mutating func finish(
    _ name: Identifier, _ words: [Word]
  ) throws(Diagnostic) -> Command {
    let end = max(name.range.upperBound, words.last?.range.upperBound ?? 0)
    let range = name.range.lowerBound..<max(name.range.lowerBound, end)
    token = try lexer.next(isInsideBrackets: false)
    endOfPrevious = range.upperBound
    return Command(name: name, words: words, range: range, source: source)
  }

  private mutating func words() throws(Diagnostic) -> [Word] {
    var words: [Word] = []
    while true {
      try lexer.skipBlanks(newlines: false)
      guard lexer.position < lexer.end else { return words }
      let byte = source.bytes[lexer.position]
      if byte == .newline || byte == UInt8(ascii: ";") { return words }
      let word = try word()
      try refuseLoneOperator(word)
      words.append(word)
    }
  }

  private mutating func word() throws(Diagnostic) -> Word {
    let start = lexer.position
    let nameEnd = lexer.endOfName(from: start)
    var option: Identifier?
    var valueStart = start
    if nameEnd > start, isAssign(at: nameEnd) {
      option = Identifier(lexer.text(start..<nameEnd), at: start..<nameEnd)
      valueStart = nameEnd + 1
    }
    let end = try endOfWord(from: valueStart)
    lexer.position = end
    if let option, end == valueStart {
      throw problem(.blankInOption(option.name), start..<end)
    }
    return Word(option: option, range: start..<end, valueRange: valueStart..<end, source: source)
  }

  private func isAssign(at offset: Int) -> Bool {
    lexer.byte(offset) == UInt8(ascii: "=") && lexer.byte(offset + 1) != UInt8(ascii: "=")
  }

  /// The end of the word at an offset: blanks count only outside brackets and quotes.
  private func endOfWord(from start: Int) throws(Diagnostic) -> Int {
    var offset = start
    var open: [Range<Int>] = []
    let takesBraces = lexer.byte(start) == UInt8(ascii: "{")
    while offset < lexer.end {
      let byte = source.bytes[offset]
      switch byte {
      case .singleQuote, .doubleQuote:
        offset = try lexer.endOfString(at: offset).behind
        continue
      case UInt8(ascii: "("), UInt8(ascii: "["): open.append(offset..<offset + 1)
      case UInt8(ascii: "{") where takesBraces: open.append(offset..<offset + 1)
      case UInt8(ascii: ")"), UInt8(ascii: "]"),
        UInt8(ascii: "}") where takesBraces:
        guard let opener = open.popLast(), closes(byte, opener) else {
          throw mismatched(offset, start: start)
        }
      case .hash where !open.isEmpty:
        offset = lexer.endOfLine(from: offset)
        continue
      case .newline, .space, .tab, .carriageReturn, UInt8(ascii: ";"):
        if open.isEmpty { return offset }
      case .backslash where open.isEmpty && isLineEnd(offset + 1): return offset
      default: break
      }
      offset += 1
    }
    if let opener = open.last { throw problem(.unclosed(lexer.text(opener)), opener) }
    return offset
  }

  private func isLineEnd(_ offset: Int) -> Bool {
    var offset = offset
    while lexer.byte(offset).isBlank { offset += 1 }
    return offset >= lexer.end || source.bytes[offset] == .newline
  }

  private func closes(_ closer: UInt8, _ opener: Range<Int>) -> Bool {
    let expected =
      switch source.bytes[opener.lowerBound] {
      case UInt8(ascii: "("): UInt8(ascii: ")")
      case UInt8(ascii: "["): UInt8(ascii: "]")
      default: UInt8(ascii: "}")
      }
    return closer == expected
  }

  /// What to say about a closing bracket that fits no opening one of its word.
  private func mismatched(_ offset: Int, start: Int) -> Diagnostic {
    let closer = source.bytes[offset]
    let other = closer == UInt8(ascii: ")") ? UInt8(ascii: "[") : UInt8(ascii: "(")
    let opener = source.bytes[start..<offset].contains(other) ? other : nil
    let text = opener.map { String(UnicodeScalar($0)) }
    let range = offset..<offset + 1
    return problem(.mismatched(lexer.text(range), opener: text), range)
  }

  private static let operators: Set<String> = [
    "+", "-", "*", "/", "//", "%", "@", "**", "==", "!=", "<", "<=", ">", ">=", "&", "^",
  ]

  private func refuseLoneOperator(_ word: Word) throws(Diagnostic) {
    guard word.option == nil else { return }
    let text = lexer.text(word.range.prefix(3))
    if text == "|" { throw problem(.pipe(left: "…", right: "f"), word.range) }
    if text.hasPrefix("="), !text.hasPrefix("==") {
      throw problem(.blankInOption("NAME"), word.range.lowerBound..<word.range.lowerBound + 1)
    }
    if SyntaxReader.operators.contains(text) {
      throw problem(.loneOperator(text), word.range)
    }
  }
}

// MARK: - Questions

extension SyntaxReader {
  /// Reads `?WORD`, which is `help WORD`.
  mutating func questionBeforeWord() throws(Diagnostic) -> Command {
    let name = Identifier("help", at: token.range)
    lexer.position = token.range.upperBound
    return try finish(name, try words())
  }

  /// Reads `WORD?`, which is `help WORD`; nil if the present name is not followed by `?`.
  mutating func questionBehindWord() throws(Diagnostic) -> Command? {
    let start = token.range.lowerBound
    var end = token.range.upperBound
    while lexer.byte(end) == UInt8(ascii: ".") || lexer.byte(end) == UInt8(ascii: "-") {
      let next = lexer.endOfName(from: end + 1)
      guard next > end + 1 else { return nil }
      end = next
    }
    guard lexer.byte(end) == UInt8(ascii: "?") else { return nil }
    lexer.position = end + 1
    let word = Word(
      option: nil, range: start..<end, valueRange: start..<end, source: source)
    let name = Identifier("help", at: end..<end + 1)
    token = try lexer.next(isInsideBrackets: false)
    endOfPrevious = end + 1
    return Command(name: name, words: [word], range: start..<end + 1, source: source)
  }
}
