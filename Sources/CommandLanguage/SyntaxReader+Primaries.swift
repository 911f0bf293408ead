extension SyntaxReader {
  /// Whether a word shapes a formula and so cannot be a name in one.
  // By length first: it is asked of every name.
  static func isReserved(_ word: String) -> Bool {
    switch word.utf8.count {
    case 2: word == "or" || word == "in" || word == "is" || word == "if"
    case 3: word == "and" || word == "not" || word == "for"
    case 4: word == "else" || word == "elif"
    case 6: word == "return"
    default: false
    }
  }

  /// Reads a number, a text, a name, or something in brackets.
  mutating func primary() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let kind: Expression.Kind
    switch token.kind {
    case .integer(let value): kind = .integer(value)
    case .double(let value): kind = .double(value)
    case .string: return try texts()
    case .name(let name): kind = try named(name)
    case .symbol(.leftParenthesis): return try parenthesised()
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace): return try dictionaryOrSet()
    case .symbol(.star):
      throw problem(.expected("a value", found: "`*`"), token.range)
    default: throw unexpectedToken()
    }
    try advance()
    return try make(kind, from: start)
  }

  private func named(_ name: String) throws(Diagnostic) -> Expression.Kind {
    if SyntaxReader.isReserved(name) { throw problem(.reserved(name), token.range) }
    guard 4...5 ~= name.utf8.count else { return .name(name) }
    return switch name {
    case "true", "True": .boolean(true)
    case "false", "False": .boolean(false)
    case "none", "None": .none
    default: .name(name)
    }
  }

  /// Reads a text, and those that stand directly behind it, as one.
  private mutating func texts() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    var parts: [FormattedPart] = []
    // What stands behind the last formatted text, or all if there is none.
    var plain = ""
    var isFormatted = false
    while case .string(let string) = token.kind {
      if string.isFormatted {
        isFormatted = true
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts += try formattedParts(of: string.content, isRaw: string.isRaw)
      } else {
        plain += try lexer.decoded(string.content, isRaw: string.isRaw)
      }
      try advance()
    }
    guard isFormatted else { return try make(.string(plain), from: start) }
    if !plain.isEmpty { parts.append(.text(plain)) }
    return try make(.formatted(parts), from: start)
  }

  /// Reads `()`, `(a)`, which is just `a`, a tuple, or a comprehension.
  private mutating func parenthesised() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    try open()
    var elements: [Expression] = []
    var hasComma = false
    while !token.is(.rightParenthesis) {
      elements.append(try starredExpression())
      if token.is("for"), elements.count == 1 {
        let comprehension = try comprehension(of: elements[0])
        try close(.rightParenthesis)
        return try make(.comprehension(comprehension), from: start)
      }
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
      elements.append(try starredExpression())
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

  /// Reads `{key: value}`, `{a, b}`, or a comprehension of either.
  private mutating func dictionaryOrSet() throws(Diagnostic) -> Expression {
    let start = token.range.lowerBound
    let brace = token.range
    // Inside braces of a formula a new line is white space, which inside those of a block it is not.
    openers.append(brace)
    formulaBraces.insert(brace.lowerBound)
    try advance()
    var entries: [DictionaryEntry] = []
    while !token.is(.rightBrace) {
      if try take(.doubleStar) {
        entries.append(DictionaryEntry(key: nil, value: try expression()))
      } else {
        let key = try starredExpression()
        guard try take(.colon) else {
          guard entries.isEmpty else {
            let isMember = token.is(.comma) || token.is(.rightBrace) || token.is("for")
            guard isMember else { throw unexpectedToken() }
            throw problem(.expected("`:` and a value", found: found), token.range)
          }
          return try set(of: key, from: start)
        }
        let value = try expression()
        if token.is("for"), entries.isEmpty {
          let comprehension = try comprehension(of: value)
          try close(.rightBrace)
          return try make(.dictionaryComprehension(key: key, comprehension), from: start)
        }
        entries.append(DictionaryEntry(key: key, value: value))
      }
      guard try take(.comma) else { break }
    }
    try close(.rightBrace)
    return try make(.dictionary(entries), from: start)
  }

  /// Reads what stands behind the first member of `{a, b}`; a comprehension is its only one, with a
  /// star.
  private mutating func set(of first: Expression, from start: Int) throws(Diagnostic) -> Expression
  {
    var members = [first]
    if token.is("for") {
      let comprehension = try comprehension(of: first)
      members = [try make(.starred(make(.comprehension(comprehension), from: start)), from: start)]
    } else {
      while try take(.comma), !token.is(.rightBrace) { members.append(try starredExpression()) }
    }
    try close(.rightBrace)
    return try make(.set(members), from: start)
  }

  /// Reads `for target in sequence if condition`, as often as it comes.
  mutating func comprehension(of element: Expression) throws(Diagnostic) -> Comprehension {
    var clauses: [Comprehension.Clause] = []
    while token.is("for") {
      try advance()
      let target = try loopTarget()
      // An `if` behind it is a condition, and no formula with `else`.
      let sequence = try binary(above: 0)
      var conditions: [Expression] = []
      while token.is("if") {
        try advance()
        conditions.append(try binary(above: 0))
      }
      clauses.append(
        Comprehension.Clause(target: target, sequence: sequence, conditions: conditions))
    }
    return Comprehension(element: element, clauses: clauses)
  }
}

// MARK: - Formatted texts

extension SyntaxReader {
  /// Cuts the inside of an f-string into text and expressions.
  private func formattedParts(
    of content: Range<Int>, isRaw: Bool
  ) throws(Diagnostic) -> [FormattedPart] {
    var parts: [FormattedPart] = []
    var text = ""
    var plainStart = content.lowerBound
    var offset = plainStart
    func isBrace(_ brace: Unicode.Scalar, at offset: Int) -> Bool {
      offset < content.upperBound && source.bytes[offset] == UInt8(ascii: brace)
    }
    while offset < content.upperBound {
      switch source.bytes[offset] {
      case .backslash where !isRaw: offset += escapeLength(at: offset)
      case UInt8(ascii: "{") where isBrace("{", at: offset + 1),
        UInt8(ascii: "}") where isBrace("}", at: offset + 1):
        text += try lexer.decoded(plainStart..<offset + 1, isRaw: isRaw)
        offset += 2
        plainStart = offset
      case UInt8(ascii: "{"):
        text += try lexer.decoded(plainStart..<offset, isRaw: isRaw)
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        let (more, behind) = try formattedValue(at: offset, in: content, isRaw: isRaw)
        parts += more
        offset = behind
        plainStart = behind
      case UInt8(ascii: "}"): throw problem(.loneBrace("}"), offset..<offset + 1)
      default: offset += 1
      }
    }
    text += try lexer.decoded(plainStart..<content.upperBound, isRaw: isRaw)
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

  /// Reads `{expression}`, `{expression:format}`, `{expression!r}` or `{expression=}`.
  ///
  /// - Returns: the value, behind its text if that is asked for, and the offset behind the brace.
  private func formattedValue(
    at brace: Int, in content: Range<Int>, isRaw: Bool
  ) throws(Diagnostic) -> ([FormattedPart], behind: Int) {
    let conversion = conversion(behind: brace, in: content)
    var reader = SyntaxReader(
      source, in: brace + 1..<(conversion ?? content.upperBound), commands: [], variables: [])
    reader.depth = depth
    try reader.descend()
    var expression: Expression
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
    var parts: [FormattedPart] = []
    var converter: String?
    if reader.token.is(.assign) {
      converter = "repr"
      try reader.advance()
      // The blanks behind the sign are part of the text, too.
      parts.append(.text(lexer.text(brace + 1..<reader.token.range.lowerBound)))
    }
    if let conversion, reader.token.kind == .end {
      converter = lexer.byte(conversion + 1) == UInt8(ascii: "s") ? "str" : "repr"
      reader.lexer = Lexer(source, in: conversion + 2..<content.upperBound)
      try reader.advance()
    }
    let isWhole = reader.token.is(.rightBrace)
    guard isWhole || reader.token.is(.colon) else {
      if reader.token.kind == .end { throw problem(.loneBrace("{"), brace..<brace + 1) }
      throw reader.unexpectedToken()
    }
    if let converter, isWhole || conversion != nil {
      let function = Expression(.name(converter), at: expression.range)
      let argument = Argument(.positional, expression, at: expression.range)
      expression = Expression(.call(function, [argument]), at: expression.range)
    }
    if isWhole {
      return (parts + [.value(expression, format: [])], reader.token.range.upperBound)
    }
    let start = reader.token.range.upperBound
    guard let end = endOfFormat(from: start, before: content.upperBound) else {
      throw problem(.loneBrace("{"), brace..<brace + 1)
    }
    // Values in a format are as deep as that to which it belongs.
    reader.lexer = lexer
    let format = try reader.formattedParts(of: start..<end, isRaw: isRaw)
    return (parts + [.value(expression, format: format)], end + 1)
  }

  /// Where the brace stands that closes the part whose format begins at an offset; nil without one.
  private func endOfFormat(from start: Int, before end: Int) -> Int? {
    var (offset, open) = (start, 0)
    while offset < end {
      switch source.bytes[offset] {
      case UInt8(ascii: "{"): open += 1
      case UInt8(ascii: "}") where open == 0: return offset
      case UInt8(ascii: "}"): open -= 1
      default: break
      }
      offset += 1
    }
    return nil
  }

  /// Where `!r`, `!s` or `!a` stands before the end of the part that begins with a brace.
  private func conversion(behind brace: Int, in content: Range<Int>) -> Int? {
    var offset = brace + 1
    while offset + 2 < content.upperBound, source.bytes[offset] != UInt8(ascii: "}") {
      let (letter, end) = (source.bytes[offset + 1], source.bytes[offset + 2])
      if source.bytes[offset] == UInt8(ascii: "!"),
        [UInt8(ascii: "r"), UInt8(ascii: "s"), UInt8(ascii: "a")].contains(letter),
        end == UInt8(ascii: "}") || end == UInt8(ascii: ":")
      {
        return offset
      }
      offset += 1
    }
    return nil
  }
}
