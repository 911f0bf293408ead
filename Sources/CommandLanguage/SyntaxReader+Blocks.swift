// Blocks below a head that ends with `:`. There are no tokens for indentation: the column is measured
// at the first token of a line.

/// How far a line is indented.
struct Indentation {
  /// The columns, where a tab goes to the next multiple of eight.
  let width: Int
  /// The bytes: what a tab counts where it counts least.
  private let byteCount: Int
  /// The number of the line.
  let line: Int

  /// The indentation of the line that an offset stands on.
  init(at offset: Int, in source: Source) {
    line = source.line(at: offset)
    let start = source.lineStarts[line - 1]
    var (width, end) = (0, start)
    while end < source.bytes.count, source.bytes[end] == .space || source.bytes[end] == .tab {
      width = source.bytes[end] == .tab ? width / 8 * 8 + 8 : width + 1
      end += 1
    }
    (self.width, byteCount) = (width, end - start)
  }

  /// Whether this is deeper than another, negative if it is less deep; nil if tabs and blanks are mixed
  /// so that it depends on what a tab counts.
  func comparison(to other: Indentation) -> Int? {
    let (columns, bytes) = (width - other.width, byteCount - other.byteCount)
    return columns.signum() == bytes.signum() ? columns.signum() : nil
  }
}

extension SyntaxReader {
  /// How many blocks may be nested: each takes stack when it is read and when it runs.
  private static let maximumBlocks = 50

  /// Reads what a head governs: the rest of its line, or the lines below that are indented deeper.
  ///
  /// The head begins at the offset, and the present token must be its `:`. Afterwards it is the end of
  /// the last line.
  mutating func block(below head: Int) throws(Diagnostic) -> [Statement] {
    guard token.is(.colon) else {
      if token.kind == .end, !openers.isEmpty { throw unexpectedToken() }
      if token.is(.assign) { throw problem(.assignedCondition, token.range) }
      throw problem(.expected("`:`", found: found), token.range)
    }
    let colon = token.range
    blockDepth += 1
    defer { blockDepth -= 1 }
    if blockDepth > Self.maximumBlocks { throw problem(.tooDeep, colon) }
    try advance()
    if token.kind != .newline, token.kind != .end {
      // Only one line follows a head on its own line, so what it governs may not have a block.
      isInOneLine = true
      defer { isInOneLine = false }
      return try statementsOnLine()
    }
    let statements = try linesOfBlock(below: Indentation(at: head, in: source), behind: colon)
    openHead = head
    return statements
  }

  private mutating func linesOfBlock(
    below head: Indentation, behind colon: Range<Int>
  ) throws(Diagnostic) -> [Statement] {
    guard let first = lineAhead() else { throw problem(.unfinished(after: ":"), colon) }
    let indentation = Indentation(at: first, in: source)
    guard try isDeeper(indentation, than: head) else {
      throw problem(.blockExpected(line: head.line), place(of: first))
    }
    var statements: [Statement] = []
    var next: Int? = first
    while let start = next {
      try beginLine(at: start)
      statements += try statementsOnLine()
      next = lineAhead()
      guard let following = next else { break }
      let other = Indentation(at: following, in: source)
      guard let difference = other.comparison(to: indentation) else {
        throw mixedIndentation(other, indentation, at: following)
      }
      if difference > 0 {
        throw problem(.unexpectedIndentation(line: indentation.line), place(of: following))
      }
      guard difference < 0 else { continue }
      if try isDeeper(other, than: head) {
        throw problem(
          .unmatchedIndentation(inner: indentation.line, outer: head.line), place(of: following))
      }
      break
    }
    return statements
  }

  /// Where the next line that holds a statement begins, behind its blanks; nil at the end, and before
  /// recorded output.
  ///
  /// The lexer must stand at the beginning of a line.
  func lineAhead() -> Int? {
    var offset = lexer.position
    while offset < lexer.end, !isRecorded(at: offset) {
      while lexer.byte(offset).isBlank { offset += 1 }
      switch lexer.byte(offset) {
      case .newline: offset += 1
      case .hash: offset = behindLine(offset)
      default: return offset < lexer.end ? offset : nil
      }
    }
    return nil
  }

  /// Makes the first token of a line the present one.
  mutating func beginLine(at start: Int) throws(Diagnostic) {
    lexer.position = start
    if let line = magicLine(at: start) {
      token = Token(kind: .magic, range: line)
      lexer.position = line.upperBound
      return
    }
    token = try lexer.next(isInsideBrackets: false)
  }

  /// A line for a shell or a notebook: `!…` or `%…`, without blanks at its end.
  private func magicLine(at start: Int) -> Range<Int>? {
    let first = lexer.byte(start)
    guard openers.isEmpty, first == UInt8(ascii: "!") || first == .percent else { return nil }
    var end = lexer.endOfLine(from: start)
    while end > start, lexer.byte(end - 1).isBlank { end -= 1 }
    return start..<end
  }

  /// Whether the next line begins with a word and is indented as the head at an offset is.
  func continues(_ head: Int, with word: String) throws(Diagnostic) -> Int? {
    guard token.kind == .newline, let start = lineAhead(),
      lexer.text(start..<lexer.endOfName(from: start)) == word
    else { return nil }
    let (own, other) = (
      Indentation(at: start, in: source), Indentation(at: head, in: source)
    )
    return own.comparison(to: other) == 0 ? start : nil
  }

  // MARK: Mistakes

  private func isDeeper(
    _ indentation: Indentation, than other: Indentation
  ) throws(Diagnostic) -> Bool {
    guard let difference = indentation.comparison(to: other) else {
      throw mixedIndentation(
        indentation, other, at: source.lineStarts[indentation.line - 1])
    }
    return difference > 0
  }

  private func mixedIndentation(
    _ one: Indentation, _ other: Indentation, at offset: Int
  ) -> Diagnostic {
    problem(.mixedIndentation(one.line, other.line), place(of: offset))
  }

  /// The first word of a line, or its first character.
  private func place(of offset: Int) -> Range<Int> {
    let end = lexer.endOfName(from: offset)
    return offset..<max(end, min(offset + 1, lexer.end))
  }
}
