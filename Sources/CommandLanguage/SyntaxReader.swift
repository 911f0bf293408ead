/// Reads statements and expressions from tokens: the state that the parts of the parser share.
///
/// The present token is always the one that has not been used yet.
struct SyntaxReader {
  let source: Source
  let commands: Set<String>
  /// Names that are known to be variables.
  let variables: Set<String>
  var lexer: Lexer
  var token: Token
  /// Where the token before the present one ends.
  var endOfPrevious: Int
  /// The brackets that are open, outermost first.
  var openers: [Range<Int>] = []
  /// Where those braces stand that are open and belong to a formula.
  var formulaBraces: Set<Int> = []
  /// Names that the text itself has made variables so far, and inside a function those of it.
  var ownVariables: Set<String> = []
  var localVariables: Set<String> = []
  /// What surrounds the present place.
  var isInFunction = false
  var isInLoop = false
  var isInClass = false
  /// Whether the present line began with the head of a block.
  var isInOneLine = false
  /// Where the head of a block begins to which further lines may belong: no empty line has ended it.
  var openHead: Int?
  /// How many blocks below heads surround the present place.
  var blockDepth = 0
  /// How many formulas surround the present place.
  var depth = 0

  /// How many formulas may be nested, far below what the stack bears.
  static let maximumNesting = 100

  init(_ source: Source, in range: Range<Int>, commands: Set<String>, variables: Set<String>) {
    self.source = source
    self.commands = commands
    self.variables = variables
    lexer = Lexer(source, in: range)
    token = Token(kind: .newline, range: lexer.position..<lexer.position)
    endOfPrevious = lexer.position
  }

  // MARK: Tokens

  /// Whether the innermost open bracket makes newlines white space.
  private var isInsideBrackets: Bool {
    guard let opener = openers.last else { return false }
    return lexer.byte(opener.lowerBound) != UInt8(ascii: "{")
      || formulaBraces.contains(opener.lowerBound)
  }

  mutating func advance() throws(Diagnostic) {
    endOfPrevious = token.range.upperBound
    token = try lexer.next(isInsideBrackets: isInsideBrackets)
  }

  /// Uses the present token if it is this symbol.
  mutating func take(_ symbol: Symbol) throws(Diagnostic) -> Bool {
    guard token.is(symbol) else { return false }
    try advance()
    return true
  }

  // MARK: Variables

  /// Whether a name stands for a value, as far as can be told from the text and the session.
  func isVariable(_ name: String) -> Bool {
    variables.contains(name) || ownVariables.contains(name) || localVariables.contains(name)
  }

  /// Remembers that names stand for values from here on.
  mutating func noteVariables(_ names: [Identifier]) {
    for name in names where commands.contains(name.name) {
      if isInFunction { localVariables.insert(name.name) } else { ownVariables.insert(name.name) }
    }
  }

  /// The token behind the present one.
  func following() -> Token? {
    var probe = lexer
    return try? probe.next(isInsideBrackets: isInsideBrackets)
  }

  mutating func skipNewlines() throws(Diagnostic) {
    while token.kind == .newline { try advance() }
  }

  // MARK: Brackets

  mutating func open() throws(Diagnostic) {
    openers.append(token.range)
    try advance()
  }

  /// Uses a closing bracket; anything else is a mistake.
  mutating func close(_ symbol: Symbol) throws(Diagnostic) {
    guard token.is(symbol) else { throw unexpectedToken() }
    openers.removeLast()
    try advance()
  }

  // MARK: Problems

  func problem(_ problem: SyntaxProblem, _ range: Range<Int>) -> Diagnostic {
    problem.diagnostic(at: range, in: source)
  }

  /// From an offset to the end of the last token that was used.
  func range(from start: Int) -> Range<Int> { start..<max(start, endOfPrevious) }

  /// What to say about a present token that fits nowhere.
  func unexpectedToken() -> Diagnostic {
    switch token.kind {
    case .end:
      if let opener = openers.last {
        return problem(.unclosed(lexer.text(opener)), opener)
      }
      return problem(.endsTooEarly("this"), token.range)
    case .newline: return problem(.endsTooEarly("the line"), token.range)
    case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
      let opener = openers.last.map(lexer.text)
      return problem(.mismatched(lexer.text(token.range), opener: opener), token.range)
    case .symbol(.colon) where lexer.byte(token.range.upperBound) == UInt8(ascii: "="):
      let sign = token.range.lowerBound..<token.range.upperBound + 1
      return problem(.namedValue, sign)
    default:
      let text = lexer.text(token.range)
      // What begins a line below an open bracket is rarely what is wrong.
      if let opener = openers.last, beginsLine(token.range),
        source.line(at: opener.lowerBound) < source.line(at: token.range.lowerBound)
      {
        let line = source.line(at: opener.lowerBound)
        return problem(
          .unexpectedInside(text, opener: lexer.text(opener), line: line), token.range)
      }
      return problem(.unexpected(text), token.range)
    }
  }

  /// Whether nothing but blanks stands before a token on its line.
  private func beginsLine(_ range: Range<Int>) -> Bool {
    let start = source.lineRange(source.line(at: range.lowerBound)).lowerBound
    return source.bytes[start..<range.lowerBound].allSatisfy(\.isBlank)
  }

  // MARK: Depth

  mutating func descend() throws(Diagnostic) {
    depth += 1
    if depth > SyntaxReader.maximumNesting { throw problem(.tooDeep, token.range) }
  }

  mutating func ascend() { depth -= 1 }

  /// An expression from an offset to the last token used.
  func make(_ kind: Expression.Kind, from start: Int) throws(Diagnostic) -> Expression {
    let expression = Expression(kind, at: range(from: start))
    if expression.depth > Expression.maximumDepth { throw problem(.tooDeep, token.range) }
    return expression
  }
}
