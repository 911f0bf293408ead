import CollabThreading

extension SyntaxReader {
  /// Reads the whole stretch as statements.
  mutating func code() throws(Diagnostic) -> Code {
    var lines: [StatementLine] = []
    while true {
      try Interruption.check(Diagnostic.interrupted)
      let below = lexer.position
      try startLine()
      if openHead != nil, hasEmptyLine(from: below, to: token.range.lowerBound) { openHead = nil }
      if token.kind == .end { return Code(lines: lines) }
      openHead = nil
      let start = token.range.lowerBound
      var statements: [Statement]
      let end: Int
      do {
        statements = try statementsOnLine()
        end = endOfPrevious
        lexer.position = token.range.upperBound
      } catch {
        // A file may record that a statement is wrong; then it is kept, and fails when it runs.
        let lineEnd = endOfBlock(
          around: max(start, error.range?.lowerBound ?? start), below: start)
        let behind = min(lineEnd + 1, lexer.end)
        guard recordsError(at: behind) else { throw error }
        let hasReturn = lexer.byte(lineEnd - 1) == .carriageReturn
        let range = start..<max(start, hasReturn ? lineEnd - 1 : lineEnd)
        statements = [Statement(kind: .mistake(error), range: range, isSuppressed: false)]
        (end, lexer.position) = (range.upperBound, behind)
        resetNesting()
      }
      let recording = try recording()
      lines.append(
        StatementLine(statements: statements, recording: recording, range: start..<max(start, end)))
    }
  }

  /// Whether an empty line stands between two offsets, the first of which begins a line.
  private func hasEmptyLine(from start: Int, to end: Int) -> Bool {
    guard start > 0, lexer.byte(start - 1) == .newline else { return false }
    return source.bytes[start..<max(start, end)].split(
      separator: .newline, omittingEmptySubsequences: false
    ).contains { $0.allSatisfy(\.isBlank) }
  }

  /// Moves to the first token of the next statement.
  private mutating func startLine() throws(Diagnostic) {
    while true {
      if isRecorded(at: lexer.position) {
        let line = lexer.position..<lexer.endOfLine(from: lexer.position)
        // At the prompt it is a pasted transcript, whose outputs mean nothing.
        if !source.isPrompt { throw problem(.strayOutput, line) }
        lexer.position = line.upperBound
      }
      try lexer.skipBlanks(newlines: false)
      endOfPrevious = token.range.upperBound
      try beginLine(at: lexer.position)
      if token.kind != .newline { return }
    }
  }

  /// The end of the line at an offset, and of those below it that are indented deeper than a head.
  private func endOfBlock(around offset: Int, below head: Int) -> Int {
    var end = lexer.endOfLine(from: offset)
    let indentation = Indentation(at: head, in: source)
    while end < lexer.end, !isRecorded(at: end + 1) {
      var start = end + 1
      while lexer.byte(start).isBlank { start += 1 }
      let isBlank = lexer.byte(start) == .newline
      guard isBlank || Indentation(at: start, in: source).width > indentation.width else { break }
      end = lexer.endOfLine(from: start)
    }
    return end
  }

  /// Forgets what surrounded a statement that could not be read.
  private mutating func resetNesting() {
    (openers, depth, blockDepth, localVariables) = ([], 0, 0, [])
    (isInFunction, isInLoop, isInClass, isInOneLine) = (false, false, false, false)
  }

  /// Reads statements up to the end of the line, which stays the present token.
  mutating func statementsOnLine() throws(Diagnostic) -> [Statement] {
    var statements: [Statement] = []
    while true {
      let start = token.range.lowerBound
      let kind = try statement()
      let range = range(from: start)
      let hasSemicolon = try take(.semicolon)
      let isLast = token.kind == .newline || token.kind == .end
      statements.append(
        Statement(kind: kind, range: range, isSuppressed: hasSemicolon && isLast))
      if isLast { return statements }
      guard hasSemicolon else { throw unexpectedToken() }
    }
  }

  /// Whether the present word `time` stands before a statement.
  private var isTimer: Bool {
    guard isCommand, let next = following() else { return false }
    return !next.continuesExpression
  }

  /// Reads the statements behind `time`.
  private mutating func timedStatements() throws(Diagnostic) -> [Statement] {
    try advance()
    return try statementsOnLine()
  }

  private mutating func statement() throws(Diagnostic) -> Statement.Kind {
    switch token.kind {
    case .symbol(.question): return .command(try questionBeforeWord())
    case .symbol(.at): throw problem(.decorator, token.range)
    case .symbol(.rightShift) where following()?.is(.greater) == true:
      let prompt = token.range.lowerBound..<token.range.upperBound + 1
      throw problem(.pastedPrompt(">>>"), prompt)
    case .magic: return try magicStatement()
    case .symbol(.ellipsis) where following()?.endsStatement == true:
      try advance()
      return .pass
    case .name(let name):
      if let statement = try keywordStatement(name) { return statement }
      if let command = try questionBehindWord() { return .command(command) }
      if name == "time", isTimer { return .timed(try timedStatements()) }
      if isCommand { return .command(try command()) }
    default: break
    }
    let first = token
    let value = try expressionList(takesStar: true)
    if let assignment = try assignment(to: value, allowsCommand: true) {
      return .assignment(assignment)
    }
    try checkEnd(of: value, first: first)
    if case .string = value.kind, case .string = first.kind, isDocumentation(first) { return .pass }
    return isInFunction && value.isSuperclassInitializer ? .pass : .expression(value)
  }
}

extension SyntaxReader {
  /// Whether a text alone, which ends here, says what a definition is for, or what follows.
  ///
  /// Any other is a formula, whose value is shown.
  private func isDocumentation(_ text: Token) -> Bool {
    if isInFunction || isInClass { return true }
    let isLong = ["\"\"\"", "'''"].contains { lexer.text(text.range).hasPrefix($0) }
    return isLong && token.kind == .newline && isFollowedByMore
  }

  /// Whether there is more than empty lines and comments behind the present token.
  private var isFollowedByMore: Bool {
    var probe = lexer
    try? probe.skipBlanks(newlines: true)
    return probe.position < probe.end
  }
}

// MARK: - Recorded output

extension SyntaxReader {
  private func begins(with text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { expected in
      offset + expected.count <= lexer.end
        && source.bytes[offset..<offset + expected.count].elementsEqual(expected)
    }
  }

  func isRecorded(at offset: Int) -> Bool {
    begins(with: "#>", at: offset) || begins(with: "#:", at: offset)
  }

  private func recordsError(at offset: Int) -> Bool {
    var offset = offset
    while begins(with: "#:", at: offset) { offset = behindLine(offset) }
    return begins(with: "#> error[", at: offset)
  }

  func behindLine(_ offset: Int) -> Int {
    min(lexer.endOfLine(from: offset) + 1, lexer.end)
  }

  /// Reads what is recorded behind the present line; blank lines may stand before it.
  private mutating func recording() throws(Diagnostic) -> Recording {
    let place = lexer.position
    var start = place
    while start < lexer.end, isBlankLine(at: start) { start = behindLine(start) }
    if !isRecorded(at: start) { start = place }

    var options: [Attribute] = []
    while begins(with: "#:", at: start) {
      let line = start + 2..<lexer.endOfLine(from: start)
      options += try AttributeReader(lexer).attributes(in: line)
      start = behindLine(start)
    }
    var end = start
    var output: [String] = []
    while begins(with: "#>", at: end) {
      var text = end + 2..<lexer.endOfLine(from: end)
      if lexer.byte(text.lowerBound) == .space { text = text.lowerBound + 1..<text.upperBound }
      if !text.isEmpty, source.bytes[text.upperBound - 1] == .carriageReturn {
        text = text.lowerBound..<text.upperBound - 1
      }
      output.append(lexer.text(text))
      end = behindLine(end)
    }
    lexer.position = end
    return Recording(
      options: options, output: output.isEmpty ? nil : output, outputRange: start..<end)
  }

  private func isBlankLine(at offset: Int) -> Bool {
    source.bytes[offset..<lexer.endOfLine(from: offset)].allSatisfy(\.isBlank)
  }
}

// MARK: - Assignments

extension SyntaxReader {
  /// Reads an assignment behind what stands left of its operator; nil if the present token is none.
  mutating func assignment(
    to first: Expression, allowsCommand: Bool
  ) throws(Diagnostic) -> Assignment? {
    if token.is(.colon), let annotated = try annotated(first, allowsCommand: allowsCommand) {
      return annotated
    }
    guard case .symbol(let symbol) = token.kind, let operation = symbol.assignment else {
      return nil
    }
    var targets = [try target(first)]
    if case .several(let parts) = targets[0].kind, operation != .set, parts.count > 1 {
      throw problem(.severalTargets(operation.rawValue), parts[1].range)
    }
    while true {
      try advanceBehindOperator()
      if allowsCommand, isCommand {
        let command = try command()
        noteVariables(targets.flatMap(\.names))
        return Assignment(targets: targets, operation: operation, value: .command(command))
      }
      let start = token
      let value = try expressionList(takesStar: true)
      guard token.is(.assign), operation == .set else {
        try checkEnd(of: value, first: start)
        noteVariables(targets.flatMap(\.names))
        return Assignment(targets: targets, operation: operation, value: .expression(value))
      }
      targets.append(try target(value))
    }
  }

  /// Reads `name: type = value`, whose type says nothing here.
  private mutating func annotated(
    _ first: Expression, allowsCommand: Bool
  ) throws(Diagnostic) -> Assignment? {
    switch first.kind {
    case .name, .member: break
    default: return nil
    }
    var probe = self
    try probe.advance()
    guard (try? probe.expression()) != nil, probe.token.is(.assign) else { return nil }
    self = probe
    return try assignment(to: first, allowsCommand: allowsCommand)
  }

  /// A formula as what is assigned to.
  func target(_ expression: Expression) throws(Diagnostic) -> AssignmentTarget {
    let kind: AssignmentTarget.Kind
    switch expression.kind {
    case .name(let name): kind = .name(Identifier(name, at: expression.range))
    case .member(let base, let name): kind = .member(base, name)
    case .subscripted(let base, let subscripts): kind = .element(base, subscripts)
    case .tuple(let elements), .list(let elements):
      var targets: [AssignmentTarget] = []
      for element in elements { targets.append(try target(element)) }
      kind = .several(targets)
    case .starred(let value): kind = .rest(try target(value))
    default: throw problem(.notATarget, expression.range)
    }
    return AssignmentTarget(kind, at: expression.range)
  }

  /// Explains what stands behind an expression that should have ended the statement.
  func checkEnd(of expression: Expression, first: Token) throws(Diagnostic) {
    if token.endsStatement { return }
    switch token.kind {
    case .symbol(.rightParenthesis), .symbol(.rightBracket): throw unexpectedToken()
    default: break
    }
    if case .name(let name) = expression.kind, token.range.lowerBound > first.range.upperBound,
      first.name == name, openers.isEmpty
    {
      if isVariable(name) { throw problem(.notACommand(name), first.range) }
      let near = Suggestion.nearest(to: name, among: commands.union(variables))
      throw problem(.unknownCommand(name, near: near), first.range)
    }
    throw unexpectedToken()
  }

  func pipe(behind expression: Expression) -> Diagnostic {
    let left = shortened(lexer.text(expression.range))
    var probe = lexer
    let next = try? probe.next(isInsideBrackets: false)
    return problem(.pipe(left: left, right: next?.name ?? "f"), token.range)
  }

  func shortened(_ text: String) -> String {
    text.count > 40 || text.contains("\n") ? "…" : text
  }
}

extension Expression {
  /// Whether this is `super().__init__()`, for which there is nothing to do: a model is one already.
  fileprivate var isSuperclassInitializer: Bool {
    guard case .call(let callee, _) = kind, case .member(let base, let name) = callee.kind,
      case .call(let first, _) = base.kind
    else { return false }
    return first.kind == .name("super") && name.name == "__init__"
  }
}
