extension SyntaxReader {
  /// Words that shape a formula and so cannot be names in one.
  private static let reserved: Set = ["and", "or", "not", "in", "for", "if", "else", "return"]

  /// Reads a number, a text, a name, or something in brackets.
  mutating func primary() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let kind: Expression.Kind
    switch token.kind {
    case .integer(let value): kind = .integer(value)
    case .double(let value): kind = .double(value)
    case .string(let string):
      kind =
        string.isFormatted
        ? .formatted(try formattedParts(of: string.content))
        : .string(try lexer.decoded(string.content))
    case .name(let name): kind = try named(name)
    case .symbol(.leftParenthesis): return try parenthesised()
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace) where takesPairs: return try pairs()
    case .symbol(.star):
      throw problem(.expected("a value", found: "`*`"), token.range)
    default: throw unexpectedToken()
    }
    try advance()
    return try make(kind, from: start)
  }

  private func named(_ name: String) throws(Diagnostic) -> Expression.Kind {
    switch name {
    case "true", "True": return .boolean(true)
    case "false", "False": return .boolean(false)
    case "none", "None": return .none
    case "self":
      guard following()?.is(.dot) == true else { return .name(name) }
      var probe = lexer
      _ = try probe.next(isInsideBrackets: false)
      let member = try probe.next(isInsideBrackets: false)
      let range = token.range.lowerBound..<member.range.upperBound
      guard let name = member.name else { return .name(name) }
      throw problem(.selfMember(name), range)
    case "lambda":
      guard let next = following(), next.name != nil || next.is(.colon) else { return .name(name) }
      throw problem(.lambda, token.range)
    case _ where SyntaxReader.reserved.contains(name):
      throw problem(.reserved(name), token.range)
    default: return .name(name)
    }
  }

  /// Reads `()`, `(a)`, which is just `a`, or a tuple.
  private mutating func parenthesised() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    try open()
    var elements: [Expression] = []
    var hasComma = false
    while !token.is(.rightParenthesis) {
      elements.append(try expression())
      guard try take(.comma) else { break }
      hasComma = true
    }
    try close(.rightParenthesis)
    if let only = elements.first, elements.count == 1, !hasComma {
      return try make(only.kind, from: start)
    }
    return try make(.tuple(elements), from: start)
  }

  /// Reads `[a, b]` or a comprehension.
  private mutating func list() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    try open()
    var elements: [Expression] = []
    while !token.is(.rightBracket) {
      elements.append(try expression())
      if token.is("for"), elements.count == 1 {
        let comprehension = try comprehension(of: elements[0])
        try close(.rightBracket)
        return try make(.comprehension(comprehension), from: start)
      }
      guard try take(.comma) else { break }
    }
    try close(.rightBracket)
    return try make(.list(elements), from: start)
  }

  /// Reads `{'user': str}`, which is a list of pairs.
  private mutating func pairs() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    takesPairs = false
    try open()
    var elements: [Expression] = []
    while !token.is(.rightBrace) {
      let first = token.range.lowerBound
      let key = try expression()
      guard try take(.colon) else { throw unexpectedToken() }
      let type = token
      var value = try expression()
      // A type is known by its name.
      if case .name(let name) = value.kind, ["str", "int", "float", "object"].contains(name) {
        value = Expression(.string(name), at: type.range)
      }
      elements.append(try make(.tuple([key, value]), from: first))
      guard try take(.comma) else { break }
    }
    try close(.rightBrace)
    return try make(.list(elements), from: start)
  }

  private mutating func comprehension(of element: Expression) throws(Diagnostic) -> Comprehension {
    try advance()
    var names: [Identifier] = []
    repeat {
      guard let name = token.name, !SyntaxReader.reserved.contains(name) else {
        if token.kind == .end { throw unexpectedToken() }
        throw problem(.expected("a name after `for`", found: found), token.range)
      }
      names.append(Identifier(name, at: token.range))
      try advance()
    } while try take(.comma)
    guard token.is("in") else {
      if token.kind == .end { throw unexpectedToken() }
      throw problem(.expected("`in`", found: found), token.range)
    }
    try advance()
    let sequence = try expression()
    var condition: Expression?
    if token.is("if") {
      try advance()
      condition = try expression()
    }
    return Comprehension(
      element: element, names: names, sequence: sequence, condition: condition)
  }
}

// MARK: - Formatted texts

extension SyntaxReader {
  /// Cuts the inside of an f-string into text and expressions.
  private func formattedParts(of content: Range<Int>) throws(Diagnostic) -> [FormattedPart] {
    var parts: [FormattedPart] = []
    var text = ""
    var plainStart = content.lowerBound
    var offset = plainStart
    func isBrace(_ brace: Unicode.Scalar, at offset: Int) -> Bool {
      offset < content.upperBound && source.bytes[offset] == UInt8(ascii: brace)
    }
    while offset < content.upperBound {
      switch source.bytes[offset] {
      case .backslash: offset += escapeLength(at: offset)
      case UInt8(ascii: "{") where isBrace("{", at: offset + 1),
        UInt8(ascii: "}") where isBrace("}", at: offset + 1):
        text += try lexer.decoded(plainStart..<offset + 1)
        offset += 2
        plainStart = offset
      case UInt8(ascii: "{"):
        text += try lexer.decoded(plainStart..<offset)
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        let (part, behind) = try formattedValue(at: offset, in: content)
        parts.append(part)
        offset = behind
        plainStart = behind
      case UInt8(ascii: "}"): throw problem(.loneBrace("}"), offset..<offset + 1)
      default: offset += 1
      }
    }
    text += try lexer.decoded(plainStart..<content.upperBound)
    if !text.isEmpty { parts.append(.text(text)) }
    return parts
  }

  /// The length of an escape; the braces of `\u{…}` are part of it.
  private func escapeLength(at offset: Int) -> Int {
    guard lexer.byte(offset + 1) == UInt8(ascii: "u"), lexer.byte(offset + 2) == UInt8(ascii: "{")
    else { return 2 }
    var end = offset + 3
    while lexer.byte(end) != UInt8(ascii: "}"), end < offset + 11 { end += 1 }
    return end + 1 - offset
  }

  /// Reads `{expression}` or `{expression:format}` and returns it with the offset behind it.
  private func formattedValue(
    at brace: Int, in content: Range<Int>
  ) throws(Diagnostic) -> (FormattedPart, behind: Int) {
    var reader = SyntaxReader(
      source, in: brace + 1..<content.upperBound, commands: [], variables: [])
    reader.depth = depth
    try reader.descend()
    let expression: Expression
    do throws(Diagnostic) {
      try reader.advance()
      if reader.token.is(.rightBrace) {
        throw problem(.emptyBraces, brace..<reader.token.range.upperBound)
      }
      expression = try reader.expressionList()
    } catch {
      guard ["unclosed", "unfinished"].contains(error.code) else { throw error }
      // The text is closed, so more input would not help.
      throw problem(.endsTooEarly("the part in braces"), error.range ?? brace..<brace + 1)
    }
    if reader.token.is(.rightBrace) {
      return (.value(expression, format: nil), reader.token.range.upperBound)
    }
    guard reader.token.is(.colon) else {
      if reader.token.kind == .end { throw problem(.loneBrace("{"), brace..<brace + 1) }
      throw reader.unexpectedToken()
    }
    let start = reader.token.range.upperBound
    var end = start
    while end < content.upperBound, source.bytes[end] != UInt8(ascii: "}") { end += 1 }
    guard end < content.upperBound else { throw problem(.loneBrace("{"), brace..<brace + 1) }
    return (.value(expression, format: lexer.text(start..<end)), end + 1)
  }
}
