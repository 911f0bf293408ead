/// What stands before the cursor: which statement, which word, which brackets are open.
///
/// It makes sense of texts that do not parse, because nobody has finished typing them.
struct TypedPlace {
  /// A command whose arguments are being typed.
  struct TypedCommand {
    let name: String
    /// How many words without a name stand before the present one.
    var positionalCount = 0
    /// The names of the options that stand before the present word.
    var options: Set<String> = []
    /// The first word without a name.
    var firstArgument: String?
  }

  let source: Source
  /// The quote of the text the cursor is in.
  private(set) var openQuote: Int?
  /// Brackets open at the cursor, outermost first.
  private(set) var brackets: [Int] = []
  /// Where the present word, between blanks outside brackets, begins.
  private(set) var wordStart = 0
  /// The command of the present statement, if the cursor is behind its name.
  private(set) var command: TypedCommand?
  /// Whether the present word is the first of a statement, or the first behind its `=`.
  private(set) var isAtStart = true

  var end: Int { source.bytes.count }

  init(_ source: Source, _ commands: Set<String>) {
    self.source = source
    var words = scan()
    // What stands behind the `=` of an assignment may be a command too.
    if let equal = words.lastIndex(where: { text($0) == "=" }), command(in: words, commands) == nil
    {
      words.removeFirst(equal + 1)
    }
    // A statement stands behind `time`.
    if let first = words.first, text(first) == "time", commands.contains("time") {
      words.removeFirst()
    }
    command = command(in: words, commands)
    isAtStart = words.isEmpty && brackets.isEmpty && nameStart == wordStart
  }

  func text(_ range: Range<Int>) -> String { source.text(in: range) }

  // MARK: Scanning

  /// Walks to the cursor and returns the finished words of the present statement.
  private mutating func scan() -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = 0
    func isOpen(_ bracket: UInt8) -> Bool {
      brackets.last.map { source.bytes[$0] == bracket } ?? false
    }
    while offset < end {
      let byte = source.bytes[offset]
      switch byte {
      case .singleQuote, .doubleQuote:
        let lexer = Lexer(source, in: source.range)
        guard let behind = try? lexer.endOfString(at: offset).behind else {
          openQuote = offset
          return words
        }
        offset = behind
        continue
      case .hash
      where isOpen(UInt8(ascii: "(")) || isOpen(UInt8(ascii: "[")) || offset == wordStart:
        while offset < end, source.bytes[offset] != .newline { offset += 1 }
        continue
      case UInt8(ascii: "("), UInt8(ascii: "["): brackets.append(offset)
      case UInt8(ascii: ")"), UInt8(ascii: "]"): _ = brackets.popLast()
      case UInt8(ascii: "{"), UInt8(ascii: "}"), .newline, UInt8(ascii: ";"):
        if !brackets.isEmpty { break }
        words = []
        wordStart = offset + 1
      case .space, .tab, .carriageReturn:
        if !brackets.isEmpty { break }
        if wordStart < offset { words.append(wordStart..<offset) }
        wordStart = offset + 1
      default: break
      }
      offset += 1
    }
    return words
  }

  private func command(in words: [Range<Int>], _ commands: Set<String>) -> TypedCommand? {
    guard let first = words.first, commands.contains(text(first)) else { return nil }
    if let second = words.dropFirst().first, text(second) == "=" { return nil }
    var command = TypedCommand(name: text(first))
    for word in words.dropFirst() {
      let nameEnd = Lexer(source, in: word).endOfName(from: word.lowerBound)
      if nameEnd > word.lowerBound, nameEnd < word.upperBound,
        source.bytes[nameEnd] == UInt8(ascii: "=")
      {
        command.options.insert(text(word.lowerBound..<nameEnd))
      } else {
        command.positionalCount += 1
        command.firstArgument = command.firstArgument ?? text(word)
      }
    }
    return command
  }

  // MARK: The present word

  var isInsideBrackets: Bool { !brackets.isEmpty }

  /// Where the name at the cursor begins; the cursor itself if none does.
  var nameStart: Int {
    var start = end
    while start > wordStart, source.bytes[start - 1].mayContinueName { start -= 1 }
    return start
  }

  /// Whether a name may stand at the cursor: one begins a word, or follows an operator or an opening
  /// bracket.
  var mayBeName: Bool {
    let start = nameStart
    return start == wordStart || " \t\r\n([{,:;=+-*/%@<>&|^~".utf8.contains(source.bytes[start - 1])
  }

  /// The `=` of an option that the present word is.
  var equalSign: Int? {
    let nameEnd = Lexer(source, in: wordStart..<end).endOfName(from: wordStart)
    guard nameEnd > wordStart, nameEnd < end, source.bytes[nameEnd] == UInt8(ascii: "=") else {
      return nil
    }
    return nameEnd
  }

  /// Whether a dot stands directly before the name at the cursor.
  var isBehindDot: Bool {
    nameStart > wordStart && source.bytes[nameStart - 1] == UInt8(ascii: ".")
  }

  /// The dot before the name at the cursor, unless it belongs to a number or a path.
  var memberDot: Int? {
    let dot = nameStart - 1
    guard dot > wordStart, source.bytes[dot] == UInt8(ascii: ".") else { return nil }
    let before = source.bytes[dot - 1]
    let start = receiver(before: dot)
    guard start < dot, !source.bytes[start].isDigit, before != UInt8(ascii: ".") else { return nil }
    return dot
  }

  /// Where the formula that ends before a dot begins: names, dots and balanced brackets.
  func receiver(before dot: Int) -> Int {
    var start = dot
    while start > 0 {
      let byte = source.bytes[start - 1]
      if byte.mayContinueName || byte == UInt8(ascii: ".") {
        start -= 1
      } else if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]"),
        let opener = opener(before: start - 1)
      {
        start = opener
      } else {
        break
      }
    }
    return start
  }

  private func opener(before closer: Int) -> Int? {
    var depth = 0
    var offset = closer
    while offset >= 0 {
      switch source.bytes[offset] {
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth += 1
      case UInt8(ascii: "("), UInt8(ascii: "["):
        depth -= 1
        if depth == 0 { return offset }
      default: break
      }
      offset -= 1
    }
    return nil
  }

  /// The function in whose parentheses the cursor is.
  var callee: String? {
    guard let bracket = brackets.last, source.bytes[bracket] == UInt8(ascii: "(") else {
      return nil
    }
    var start = bracket
    while start > 0, source.bytes[start - 1].mayContinueName { start -= 1 }
    return start < bracket ? text(start..<bracket) : nil
  }

  /// The formula in whose `[…]` the cursor is.
  var indexedFormula: String? {
    guard let bracket = brackets.last, source.bytes[bracket] == UInt8(ascii: "[") else {
      return nil
    }
    let start = receiver(before: bracket)
    return start < bracket ? text(start..<bracket) : nil
  }

  /// The parameter that the present word of a command goes to.
  func parameter(in registry: CommandRegistry) -> Parameter? {
    guard let command, let spec = registry[command.name] else { return nil }
    if let equalSign { return spec.parameter(text(wordStart..<equalSign)) }
    let slots = spec.parameters.filter { !$0.isOptionOnly && !$0.isRest }
    return command.positionalCount < slots.count
      ? slots[command.positionalCount] : spec.parameters.first(where: \.isRest)
  }
}
