extension SyntaxReader {
  /// Reads the whole stretch as statements.
  mutating func code() throws(Diagnostic) -> Code {
    var lines: [StatementLine] = []
    while true {
      try startLine()
      if token.kind == .end { return Code(lines: lines) }
      let start = token.range.lowerBound
      var statements: [Statement]
      let end: Int
      do {
        statements = try statementsOnLine()
        end = endOfPrevious
        lexer.position = token.range.upperBound
      } catch {
        // A file may record that a statement is wrong; then it is kept, and fails when it runs.
        let lineEnd = lexer.endOfLine(from: max(start, error.range?.lowerBound ?? start))
        let behind = min(lineEnd + 1, lexer.end)
        guard recordsError(at: behind) else { throw error }
        let hasReturn = lexer.byte(lineEnd - 1) == .carriageReturn
        let range = start..<max(start, hasReturn ? lineEnd - 1 : lineEnd)
        statements = [Statement(kind: .mistake(error), range: range, isSuppressed: false)]
        (end, lexer.position, openers, depth) = (range.upperBound, behind, [], 0)
      }
      let recording = try recording()
      lines.append(
        StatementLine(statements: statements, recording: recording, range: start..<max(start, end)))
    }
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
      try advance()
      if token.kind != .newline { return }
    }
  }

  /// Reads statements up to the end of the line, which stays the present token.
  private mutating func statementsOnLine() throws(Diagnostic) -> [Statement] {
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

  private mutating func statement() throws(Diagnostic) -> Statement.Kind {
    if token.is(.question) { return .command(try questionBeforeWord()) }
    if let (targets, operation) = try assignmentTargets() {
      return .assignment(try assignment(targets, operation, allowsCommand: true))
    }
    if let name = token.name {
      if name == "model", following()?.name != nil { return .model(try modelDefinition()) }
      if name == "def", following()?.name != nil { return .function(try functionDefinition()) }
      if let command = try questionBehindWord() { return .command(command) }
      if isCommand(token) { return .command(try command()) }
      try refuseForeignStatement(name)
    }
    let first = token
    let expression = try expressionList()
    try checkEnd(of: expression, first: first)
    return .expression(expression)
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

  private func isRecorded(at offset: Int) -> Bool {
    begins(with: "#>", at: offset) || begins(with: "#:", at: offset)
  }

  private func recordsError(at offset: Int) -> Bool {
    var offset = offset
    while begins(with: "#:", at: offset) { offset = behindLine(offset) }
    return begins(with: "#> error[", at: offset)
  }

  private func behindLine(_ offset: Int) -> Int {
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
  /// Uses the targets and the operator of an assignment; changes nothing if there is none.
  mutating func assignmentTargets() throws(Diagnostic) -> (
    [AssignmentTarget], Assignment.Operation
  )? {
    guard token.name != nil else { return nil }
    var probe = self
    guard let targets = try? probe.targets(), !targets.isEmpty,
      case .symbol(let symbol) = probe.token.kind, let operation = symbol.assignment
    else { return nil }
    if let second = targets.dropFirst().first, operation != .set {
      throw problem(.severalTargets(operation.rawValue), second.range)
    }
    if let first = targets.first, first.path.first?.name == "self", first.path.count > 1 {
      throw problem(.selfMember(first.path[1].name), first.range)
    }
    self = probe
    return (targets, operation)
  }

  private mutating func targets() throws(Diagnostic) -> [AssignmentTarget] {
    var targets: [AssignmentTarget] = []
    repeat {
      var path: [Identifier] = []
      let start = token.range.lowerBound
      repeat {
        guard let name = token.name else { return [] }
        path.append(Identifier(name, at: token.range))
        try advance()
      } while try take(.dot)
      targets.append(AssignmentTarget(path: path, range: range(from: start)))
    } while try take(.comma)
    return targets
  }

  /// Reads the right side; the operator is the present token.
  mutating func assignment(
    _ targets: [AssignmentTarget], _ operation: Assignment.Operation, allowsCommand: Bool
  ) throws(Diagnostic) -> Assignment {
    try advanceBehindOperator()
    if allowsCommand, isCommand(token) {
      return Assignment(targets: targets, operation: operation, value: .command(try command()))
    }
    let first = token
    let value = try expressionList()
    if token.is(.assign) {
      let second: String? = if case .name(let name) = value.kind { name } else { nil }
      throw problem(
        .chainedAssignment(first: targets.first.map { lexer.text($0.range) }, second: second),
        token.range)
    }
    try checkEnd(of: value, first: first)
    return Assignment(targets: targets, operation: operation, value: .expression(value))
  }

  /// Explains what stands behind an expression that should have ended the statement.
  func checkEnd(of expression: Expression, first: Token) throws(Diagnostic) {
    if token.endsStatement { return }
    switch token.kind {
    case .symbol(let symbol) where symbol.assignment != nil:
      throw problem(.notATarget, expression.range)
    case .symbol(.leftBrace), .symbol(.rightParenthesis), .symbol(.rightBracket), .name("if"),
      .name("is"):
      throw unexpectedToken()
    default: break
    }
    if case .name(let name) = expression.kind, token.range.lowerBound > first.range.upperBound,
      first.name == name, openers.isEmpty
    {
      if variables.contains(name) { throw problem(.notACommand(name), first.range) }
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

// MARK: - Statements of other languages

extension SyntaxReader {
  private func refuseForeignStatement(_ name: String) throws(Diagnostic) {
    guard let next = following() else { return }
    switch name {
    case "class":
      guard let className = next.name else { return }
      throw problem(.pythonClass(className), token.range.lowerBound..<next.range.upperBound)
    case "import", "from":
      guard next.name != nil else { return }
      throw problem(.pythonImport, token.range)
    case "for", "while", "if", "with", "try", "return":
      if next.endsStatement, name != "try", name != "return" { return }
      throw problem(.pythonLoop(name), token.range)
    default: return
    }
  }
}
