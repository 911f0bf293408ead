extension SyntaxReader {
  /// Reads the whole stretch as one expression, or as several with commas between them.
  mutating func wholeExpression() throws(Diagnostic) -> Expression {
    try advance()
    try skipNewlines()
    let expression = try expressionList()
    try skipNewlines()
    guard token.kind == .end else { throw unexpectedToken() }
    return expression
  }

  /// Reads `a` or `a, b`, which is a tuple; a comma at the end of the line asks for more.
  ///
  /// Where it takes a star, `*a` may stand among several.
  mutating func expressionList(takesStar: Bool = false) throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let first = takesStar ? try starredExpression() : try expression()
    guard token.is(.comma) else {
      if case .starred = first.kind {
        throw problem(.expected("a value", found: "`*`"), start..<start + 1)
      }
      return first
    }
    var elements = [first]
    while token.is(.comma) {
      try advanceBehindOperator()
      if token.is(.assign) || token.is(.rightParenthesis) { break }
      elements.append(try starredExpression())
    }
    return try make(.tuple(elements), from: start)
  }

  /// Reads a formula, or `*` and one.
  mutating func starredExpression() throws(Diagnostic) -> Expression {
    if token.is(.star) {
      return try starred { (reader) throws(Diagnostic) in try reader.expression() }
    }
    return try expression()
  }

  /// Reads `*` and what stands behind it.
  mutating func starred(
    _ read: (inout SyntaxReader) throws(Diagnostic) -> Expression
  ) throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    try advance()
    let value = try read(&self)
    return try make(.starred(value), from: start)
  }

  /// Reads a formula: operators, `a if condition else b`, or `lambda x: …`.
  // What is rare is read elsewhere, for formulas are nested and take stack.
  mutating func expression() throws(Diagnostic) -> Expression {
    if token.is("lambda"), isLambda { return try lambda() }
    let value = try binary(above: 0)
    return token.is("if") ? try conditional(value) : value
  }

  private var isLambda: Bool { following()?.beginsParameters == true }

  /// Reads what stands behind `a` in `a if condition else b`.
  private mutating func conditional(_ value: Expression) throws(Diagnostic) -> Expression {
    try descend()
    defer { ascend() }
    try advanceBehindOperator()
    let condition = try binary(above: 0)
    guard token.is("else") else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`else`", found: found), token.range)
    }
    try advanceBehindOperator()
    let otherwise = try expression()
    return try make(
      .conditional(value, condition: condition, otherwise: otherwise), from: value.range.lowerBound)
  }

  private mutating func lambda() throws(Diagnostic) -> Expression {
    try descend()
    defer { ascend() }
    let start = token.range
    try advance()
    let parameters = try formalParameters(until: .colon, takesTypes: false)
    guard token.is(.colon) else { throw unexpectedToken() }
    try advanceBehindOperator()
    let result = try expression()
    let function = FunctionDefinition(
      name: Identifier("lambda", at: start), receiver: nil, parameters: parameters,
      body: .straight([], result: result))
    return try make(.lambda(function), from: start.lowerBound)
  }

  /// Uses an operator, a comma or a `=`; the line goes on behind it, on the next line if need be.
  mutating func advanceBehindOperator() throws(Diagnostic) {
    let used = token.range
    try advance()
    try skipNewlines()
    if token.kind == .end, openers.isEmpty {
      throw problem(.unfinished(after: lexer.text(used)), used)
    }
  }
}

// MARK: - Operators

extension Operator.Kind {
  /// How tightly an operator binds.
  fileprivate var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .is: 4
    case .bitOr: 5
    case .bitExclusiveOr: 6
    case .bitAnd: 7
    case .leftShift, .rightShift: 8
    case .add, .subtract: 9
    case .multiply, .divide, .floorDivide, .remainder, .matrixMultiply: 10
    case .power: 11
    }
  }

  /// Whether this is `&`, `|` or `^`.
  fileprivate var isBitwise: Bool {
    switch self {
    case .bitAnd, .bitOr, .bitExclusiveOr: true
    default: false
    }
  }
}

extension Symbol {
  /// The operator that this is between operands; nil for `**`, which binds inside `power`.
  // A switch, and no way through the texts of both: it is asked behind every operand.
  fileprivate var `operator`: Operator.Kind? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .bar: .bitOr
    case .caret: .bitExclusiveOr
    case .ampersand: .bitAnd
    case .leftShift: .leftShift
    case .rightShift: .rightShift
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .doubleSlash: .floorDivide
    case .percent: .remainder
    case .at: .matrixMultiply
    default: nil
    }
  }
}

/// A piece of several conditions: a part of one, or what joins two.
private enum ConditionPiece {
  case part(String)
  case joint(String)

  var text: String {
    switch self {
    case .part(let text), .joint(let text): text
    }
  }

  var isJoint: Bool {
    if case .joint = self { true } else { false }
  }
}

extension SyntaxReader {
  private static let notPrecedence = 3
  private static let comparisonPrecedence = 4

  /// The binary operator that the present token is.
  private var binaryOperator: Operator.Kind? {
    switch token.kind {
    case .symbol(let symbol): symbol.operator
    case .name("or"): .or
    case .name("and"): .and
    case .name("in"): .in
    case .name("is"): .is
    default: nil
    }
  }

  /// Reads operands and the operators between them that bind more tightly than `precedence`.
  mutating func binary(above precedence: Int) throws(Diagnostic) -> Expression {
    try descend()
    defer { ascend() }
    let start = token.range.lowerBound
    var left: Expression
    if token.is("not"), precedence < SyntaxReader.notPrecedence {
      try advanceBehindOperator()
      let operand = try binary(above: SyntaxReader.notPrecedence - 1)
      left = try make(.unary(.not, operand), from: start)
    } else {
      left = try unary()
    }
    while let (kind, isNegated) = operatorAbove(precedence) {
      if kind.precedence == SyntaxReader.comparisonPrecedence {
        left = try comparison(of: left, from: start)
        continue
      }
      let range = token.range
      if kind == .bitOr, isPipe { throw pipe(behind: left) }
      if isNegated { try advance() }
      try advanceBehindOperator()
      let right = try binary(above: kind.precedence)
      left = try make(.binary(left, Operator(kind, at: range), right), from: start)
    }
    return left
  }

  /// Reads the comparisons behind an operand: one, or several as in `a < b < c`.
  private mutating func comparison(
    of first: Expression, from start: Int
  ) throws(Diagnostic) -> Expression {
    var links: [ComparisonLink] = []
    var left = first
    while let (kind, isNegated) = operatorAbove(SyntaxReader.comparisonPrecedence - 1),
      kind.precedence == SyntaxReader.comparisonPrecedence
    {
      let range = token.range
      // `not in` is `in` that does not hold, `is not` is `is` that does not.
      if isNegated { try advance() }
      try advanceBehindOperator()
      let right = try binary(above: kind.precedence)
      try requireBrackets(left, range, right)
      links.append(
        ComparisonLink(sign: Operator(kind, at: range), isNegated: isNegated, operand: right))
      left = right
    }
    guard links.count == 1 else { return try make(.comparisons(first, links), from: start) }
    let link = links[0]
    let single = try make(.binary(first, link.sign, link.operand), from: start)
    return link.isNegated ? try make(.unary(.not, single), from: start) : single
  }

  /// Refuses `&`, `|` and `^` without brackets beside a comparison, which they bind more tightly than:
  /// `a > 3 & b == 1` would mean `a > (3 & b) == 1`.
  private mutating func requireBrackets(
    _ left: Expression, _ comparison: Range<Int>, _ right: Expression
  ) throws(Diagnostic) {
    guard let loose = looseOperator(of: left) ?? looseOperator(of: right) else { return }
    var pieces = pieces(of: left) + [.part(lexer.text(comparison))] + pieces(of: right)
    var isAlone = true
    while let kind = binaryOperator, kind.precedence == SyntaxReader.comparisonPrecedence {
      isAlone = false
      pieces.append(.part(lexer.text(token.range)))
      try advanceBehindOperator()
      pieces += self.pieces(of: try binary(above: kind.precedence))
    }
    let instead = pieces.split(omittingEmptySubsequences: false, whereSeparator: \.isJoint).map {
      $0.count > 1 ? "(\($0.map(\.text).joined(separator: " ")))" : $0.map(\.text).joined()
    }
    let joints = pieces.filter(\.isJoint).map(\.text) + [""]
    let conditions = zip(instead, joints).map { $1.isEmpty ? $0 : "\($0) \($1) " }.joined()
    func bracketed(_ operand: Expression) -> String {
      let text = lexer.text(operand.range)
      return looseOperator(of: operand) == nil ? text : "(\(text))"
    }
    let asRead = "\(bracketed(left)) \(lexer.text(comparison)) \(bracketed(right))"
    throw problem(
      .looseCondition(
        loose.kind.rawValue, instead: isAlone ? [conditions, asRead] : [conditions]), loose.range)
  }

  /// The `&`, `|` or `^` that an operand consists of, if no brackets are around it.
  private func looseOperator(of operand: Expression) -> Operator? {
    // Brackets would belong to the operand's range, and not to that of its left side.
    guard case .binary(let left, let sign, _) = operand.kind, sign.kind.isBitwise,
      left.range.lowerBound == operand.range.lowerBound
    else { return nil }
    return sign
  }

  /// The texts between the loose operators of an operand, and these.
  private func pieces(of operand: Expression) -> [ConditionPiece] {
    guard case .binary(let left, _, let right) = operand.kind,
      let sign = looseOperator(of: operand)
    else { return [.part(lexer.text(operand.range))] }
    return pieces(of: left) + [.joint(sign.kind.rawValue)] + pieces(of: right)
  }

  /// Whether `|` stands before the name of a command, as between commands of a shell.
  private var isPipe: Bool {
    guard let next = following(), let name = next.name else { return false }
    return commands.contains(name) && !isVariable(name)
  }

  /// The operator at the present token, if it binds more tightly; `not in` and `is not` are negated.
  private func operatorAbove(_ precedence: Int) -> (Operator.Kind, isNegated: Bool)? {
    if token.is("is"), precedence < SyntaxReader.comparisonPrecedence {
      return (.is, following()?.is("not") == true)
    }
    if token.is("not"), precedence < SyntaxReader.comparisonPrecedence,
      following()?.is("in") == true
    {
      return (.in, true)
    }
    guard let kind = binaryOperator, kind.precedence > precedence else { return nil }
    return (kind, false)
  }

  private mutating func unary() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let kind: UnaryOperator
    switch token.kind {
    case .symbol(.minus): kind = .minus
    case .symbol(.plus): kind = .plus
    case .symbol(.tilde): kind = .invert
    default: return try power()
    }
    try descend()
    defer { ascend() }
    try advanceBehindOperator()
    return try make(.unary(kind, try unary()), from: start)
  }

  /// Reads `a` or `a ** b`, which is right associative and binds more tightly than a sign before it.
  private mutating func power() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let base = try postfix()
    guard token.is(.doubleStar) else { return base }
    try descend()
    defer { ascend() }
    let range = token.range
    try advanceBehindOperator()
    return try make(.binary(base, Operator(.power, at: range), try unary()), from: start)
  }
}

extension Argument {
  /// The argument as the members of something: `*value`.
  fileprivate var spread: Expression { Expression(.starred(value), at: value.range) }
}

// MARK: - Members, calls and subscripts

extension SyntaxReader {
  mutating func postfix() throws(Diagnostic) -> Expression {
    try skipModulePrefix()
    let start = token.range.lowerBound
    var base = try primary()
    while true {
      switch token.kind {
      case .symbol(.dot):
        try advance()
        guard let name = token.name else {
          if token.endsStatement { throw unexpectedToken() }
          throw problem(.expected("a name after the dot", found: found), token.range)
        }
        let identifier = Identifier(name, at: token.range)
        try advance()
        base = try make(.member(base, identifier), from: start)
      case .symbol(.leftParenthesis):
        try open()
        let arguments = try callArguments()
        try close(.rightParenthesis)
        let makesSet = base.kind == .name("set") && makesSet(arguments)
        base = try make(
          makesSet ? .set(arguments.map { $0.spread }) : .call(base, arguments), from: start)
      case .symbol(.leftBracket):
        let opener = token.range
        try open()
        let subscripts = try subscripts(opener)
        try close(.rightBracket)
        base = try make(.subscripted(base, subscripts), from: start)
      default: return base
      }
    }
  }

  /// Whether `set(…)` is Python's: the command takes the word of an option and its value.
  private func makesSet(_ arguments: [Argument]) -> Bool {
    !isVariable("set") && arguments.count < 2 && arguments.allSatisfy { $0.kind == .positional }
  }

  /// The present token in a message.
  var found: String {
    switch token.kind {
    case .end: "the end"
    case .newline: "the end of the line"
    default: "`\(lexer.text(token.range))`"
    }
  }

  private static let modulePrefixes: Set = [
    "torch", "nn", "pd", "linalg", "pandas",
  ]
  private static let elementTypes: Set = ["float32", "float64", "int64"]

  /// Skips `torch.` and the like before the name of a function that is called, or of a type.
  private mutating func skipModulePrefix() throws(Diagnostic) {
    guard lexer.byte(token.range.upperBound) == UInt8(ascii: "."), let first = token.name,
      SyntaxReader.modulePrefixes.contains(first)
    else { return }
    var probe = self
    while let name = probe.token.name, SyntaxReader.modulePrefixes.contains(name) {
      try probe.advance()
      guard try probe.take(.dot) else { return }
    }
    guard let name = probe.token.name,
      probe.following()?.is(.leftParenthesis) == true || SyntaxReader.elementTypes.contains(name),
      // fastai has one of this name, which begins otherwise.
      name != "Embedding"
    else { return }
    self = probe
  }

  private mutating func callArguments() throws(Diagnostic) -> [Argument] {
    var arguments: [Argument] = []
    var names: Set<String> = []
    var hasOptions = false
    while !token.is(.rightParenthesis) {
      let argument = try argument()
      if let name = argument.name {
        guard names.insert(name.name).inserted else {
          throw problem(.repeated(name.name, what: "argument"), name.range)
        }
        hasOptions = true
      } else if argument.kind == .doubleStarred {
        hasOptions = true
      } else if hasOptions, argument.kind != .starred {
        throw problem(.positionalAfterOption, argument.range)
      }
      arguments.append(argument)
      guard try take(.comma) else { break }
    }
    return arguments
  }

  private mutating func argument() throws(Diagnostic) -> Argument {
    let start = token.range.lowerBound
    if try take(.star) {
      let value = try expression()
      return Argument(.starred, value, at: range(from: start))
    }
    if try take(.doubleStar) {
      let value = try expression()
      return Argument(.doubleStarred, value, at: range(from: start))
    }
    if let name = token.name, lexer.mayAssignNext, following()?.is(.assign) == true {
      let identifier = Identifier(name, at: token.range)
      try advance()
      try advance()
      let value = try expression()
      return Argument(.option(identifier), value, at: range(from: start))
    }
    var value = try expression()
    if token.is("for") {
      let comprehension = try comprehension(of: value)
      value = try make(.comprehension(comprehension), from: start)
    }
    return Argument(.positional, value, at: range(from: start))
  }

  private mutating func subscripts(_ opener: Range<Int>) throws(Diagnostic) -> [Subscript] {
    if token.is(.rightBracket) {
      throw problem(.expected("an index", found: "`]`"), opener.lowerBound..<token.range.upperBound)
    }
    var subscripts: [Subscript] = []
    repeat {
      if token.is(.rightBracket) { break }
      subscripts.append(try oneSubscript())
    } while try take(.comma)
    return subscripts
  }

  private mutating func oneSubscript() throws(Diagnostic) -> Subscript {
    if try take(.ellipsis) { return .ellipsis }
    let start = token.is(.colon) ? nil : try expression()
    guard try take(.colon) else {
      guard let start else { throw unexpectedToken() }
      return .index(start)
    }
    let stop = try slicePart()
    let step = try take(.colon) ? try slicePart() : nil
    return .slice(start: start, stop: stop, step: step)
  }

  private mutating func slicePart() throws(Diagnostic) -> Expression? {
    switch token.kind {
    case .symbol(.colon), .symbol(.comma), .symbol(.rightBracket): nil
    default: try expression()
    }
  }
}
