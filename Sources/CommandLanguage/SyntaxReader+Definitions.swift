extension SyntaxReader {
  /// Reads `model NAME(…) { … }` or `model NAME(…) = formula`.
  mutating func modelDefinition() throws(Diagnostic) -> ModelDefinition {
    let start = token.range.lowerBound
    try advance()
    let name = try definedName()
    let parameters = token.is(.leftParenthesis) ? try formalParameters() : []
    if token.is(.assign) {
      try advanceBehindOperator()
      let formula = try expression()
      return ModelDefinition(name: name, parameters: parameters, body: .formula(formula))
    }
    guard token.is(.leftBrace) else { throw bodyExpected(from: start) }
    try open()
    try skipEnds()
    var members: [ModelMember] = []
    var names: Set<String> = []
    while !token.is(.rightBrace) {
      let member = try modelMember()
      guard names.insert(member.name.name).inserted else {
        throw problem(.repeated(member.name.name, what: "member"), member.name.range)
      }
      members.append(member)
      try endOfBlockLine()
    }
    try close(.rightBrace)
    return ModelDefinition(name: name, parameters: parameters, body: .members(members))
  }

  /// Reads `def NAME(…) = formula` or `def NAME(…) { … }`.
  mutating func functionDefinition() throws(Diagnostic) -> FunctionDefinition {
    let start = token.range.lowerBound
    try advance()
    return try function(named: try definedName(), from: start)
  }

  mutating func definedName() throws(Diagnostic) -> Identifier {
    guard let name = token.name else { throw unexpectedToken() }
    let identifier = Identifier(name, at: token.range)
    try advance()
    return identifier
  }

  private mutating func modelMember() throws(Diagnostic) -> ModelMember {
    let start = token.range.lowerBound
    guard let word = token.name else { throw unexpectedToken() }
    if word == "def", following()?.name != nil { return .method(try functionDefinition()) }
    if word == "self", following()?.is(.dot) == true {
      try advance()
      try advance()
      throw problem(.selfMember(token.name ?? "a"), start..<token.range.upperBound)
    }
    let name = Identifier(word, at: token.range)
    try advance()
    if token.is(.leftParenthesis) { return .method(try function(named: name, from: start)) }
    guard token.is(.assign) else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`=` or `(` after a member's name", found: found), token.range)
    }
    try advanceBehindOperator()
    return .attribute(name, try expressionList())
  }

  /// Reads parameters and body; the present token follows the name.
  private mutating func function(
    named name: Identifier, from start: Int
  ) throws(Diagnostic) -> FunctionDefinition {
    guard token.is(.leftParenthesis) else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`(` and the parameters", found: found), token.range)
    }
    let parameters = try formalParameters()
    if try take(.arrow) { _ = try expression() }
    if token.is(.colon) { return try functionBlock(below: start, name, parameters) }
    if isInClass { throw problem(.expected("`:`", found: found), token.range) }
    if token.is(.assign) {
      try advanceBehindOperator()
      let result = try expressionList()
      return FunctionDefinition(
        name: name, receiver: nil, parameters: parameters, body: .straight([], result: result))
    }
    guard token.is(.leftBrace) else { throw bodyExpected(from: start) }
    return try functionBlock(name, parameters)
  }

  private mutating func functionBlock(
    _ name: Identifier, _ parameters: [FormalParameter]
  ) throws(Diagnostic) -> FunctionDefinition {
    try open()
    try skipEnds()
    var assignments: [Assignment] = []
    while !token.is(.rightBrace) {
      if token.is("return"), following()?.endsStatement == false { try advance() }
      let first = token
      let result = try expressionList()
      if let assignment = try assignment(to: result, allowsCommand: false) {
        assignments.append(assignment)
        try endOfBlockLine()
        continue
      }
      try checkEnd(of: result, first: first)
      try endOfBlockLine()
      guard token.is(.rightBrace) else {
        if token.kind == .end { throw unexpectedToken() }
        throw problem(
          .expected("`}`, because the line before is the result", found: found), token.range)
      }
      try close(.rightBrace)
      return FunctionDefinition(
        name: name, receiver: nil, parameters: parameters,
        body: .straight(assignments, result: result))
    }
    throw problem(.noResult(name.name), name.range)
  }

  private mutating func formalParameters() throws(Diagnostic) -> [FormalParameter] {
    try open()
    let parameters = try formalParameters(until: .rightParenthesis, takesTypes: true)
    try close(.rightParenthesis)
    return parameters
  }

  /// Reads parameters up to a symbol, which stays the present token.
  mutating func formalParameters(
    until end: Symbol, takesTypes: Bool
  ) throws(Diagnostic) -> [FormalParameter] {
    var parameters: [FormalParameter] = []
    var names: Set<String> = []
    var isNamed = false
    while !token.is(end) {
      var kind: FormalParameter.Kind = isNamed ? .named : .single
      if try take(.star) {
        isNamed = true
        // A star alone: what follows is given by name.
        if try take(.comma) { continue }
        kind = .rest
      } else if try take(.doubleStar) {
        kind = .options
      }
      guard let word = token.name else {
        if token.kind == .end { throw unexpectedToken() }
        throw problem(.expected("the name of a parameter", found: found), token.range)
      }
      let name = Identifier(word, at: token.range)
      guard names.insert(word).inserted else {
        throw problem(.repeated(word, what: "parameter"), name.range)
      }
      try advance()
      // What type it has says nothing here.
      if takesTypes, try take(.colon) { _ = try expression() }
      let value = try take(.assign) ? try expression() : nil
      let parameter = FormalParameter(kind: kind, name: name, defaultValue: value)
      try check(parameter, behind: parameters)
      parameters.append(parameter)
      guard try take(.comma) else { break }
    }
    return parameters
  }

  /// Refuses a parameter that no call could give a value to behind the others.
  private func check(
    _ parameter: FormalParameter, behind others: [FormalParameter]
  ) throws(Diagnostic) {
    let hasDefaults = others.contains { $0.kind == .single && $0.defaultValue != nil }
    if parameter.kind == .single, parameter.defaultValue == nil, hasDefaults {
      throw problem(.parameterBehindDefault(parameter.name.name), parameter.name.range)
    }
    let isLast = others.contains { $0.kind == .options }
    if isLast || parameter.kind == .rest && others.contains(where: { $0.kind == .rest }) {
      throw problem(.parameterOrder(parameter.name.name), parameter.name.range)
    }
  }

  // MARK: Lines of a block

  private mutating func skipEnds() throws(Diagnostic) {
    while token.kind == .newline || token.is(.semicolon) { try advance() }
  }

  private mutating func endOfBlockLine() throws(Diagnostic) {
    guard token.endsStatement, token.kind != .end else { throw unexpectedToken() }
    try skipEnds()
  }

  /// What to say when neither `=` nor `{` follows the head of a definition.
  private func bodyExpected(from start: Int) -> Diagnostic {
    if token.kind == .end, let opener = openers.last {
      return problem(.unclosed(lexer.text(opener)), opener)
    }
    return problem(.expected("`:`, `=` or `{`", found: found), token.range)
  }
}
