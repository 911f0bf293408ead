// What a notebook says to Python and to its shell, and what means nothing here.
extension SyntaxReader {
  /// Reads `import a.b as c, d`.
  mutating func imports() throws(Diagnostic) -> [Import] {
    try advance()
    var imports: [Import] = []
    repeat {
      let start = token.range.lowerBound
      let module = try moduleName()
      let alias = try importAlias()
      imports.append(Import(module: module, name: nil, alias: alias, range: range(from: start)))
    } while try take(.comma)
    return imports
  }

  /// Reads `from a.b import c as d, e`, also with the names in parentheses.
  mutating func importsFromModule() throws(Diagnostic) -> [Import] {
    try advance()
    let start = token.range.lowerBound
    let module = try moduleName()
    guard token.is("import") else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`import`", found: found), token.range)
    }
    try advance()
    if try take(.star) {
      return [Import(module: module, name: "*", alias: nil, range: range(from: start))]
    }
    let isOpen = token.is(.leftParenthesis)
    if isOpen { try open() }
    var imports: [Import] = []
    repeat {
      if isOpen, token.is(.rightParenthesis) { break }
      let place = token.range
      let name = try definedName()
      let alias = try importAlias()
      imports.append(Import(module: module, name: name.name, alias: alias, range: place))
    } while try take(.comma)
    if isOpen { try close(.rightParenthesis) }
    return imports
  }

  private mutating func moduleName() throws(Diagnostic) -> String {
    var parts = [try definedName().name]
    while try take(.dot) { parts.append(try definedName().name) }
    return parts.joined(separator: ".")
  }

  private mutating func importAlias() throws(Diagnostic) -> Identifier? {
    guard token.is("as") else { return nil }
    try advance()
    return try definedName()
  }

  // MARK: Lines for a shell

  /// What `%…` lines say to time, and what lets a whole cell be passed over.
  private static let timers: Set<Substring> = ["%time", "%timeit", "%%time", "%%timeit"]
  private static let foreignCells: Set<Substring> = [
    "%%bash", "%%sh", "%%html", "%%writefile", "%%javascript", "%%latex", "%%script",
  ]

  /// Reads a line that begins with `!` or `%`.
  mutating func magicStatement() throws(Diagnostic) -> Statement.Kind {
    let line = token.range
    let text = lexer.text(line)
    let word = text.prefix { !$0.isWhitespace }
    if Self.timers.contains(word) {
      let isCell = word.hasPrefix("%%")
      lexer.position = line.lowerBound + word.utf8.count
      try advance()
      guard isCell else { return .timed(token.endsStatement ? [] : try statementsOnLine()) }
      return .timed(try restOfCell())
    }
    if Self.foreignCells.contains(word) { lexer.position = lexer.end }
    try advance()
    return .passedOver(text)
  }

  /// Reads the lines below a `%%` line.
  private mutating func restOfCell() throws(Diagnostic) -> [Statement] {
    // What stands behind the word are options.
    if token.kind != .newline, token.kind != .end {
      lexer.position = lexer.endOfLine(from: token.range.lowerBound)
      try advance()
    }
    var statements: [Statement] = []
    while let start = lineAhead() {
      try beginLine(at: start)
      statements += try statementsOnLine()
    }
    return statements
  }
}
