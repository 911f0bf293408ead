/// Reads the `name=value` pairs and names of a `%%` or `#:` line.
struct AttributeReader {
  private let lexer: Lexer

  init(_ lexer: Lexer) { self.lexer = lexer }

  /// The attributes in a range that holds no line ending except a carriage return at its end.
  func attributes(in range: Range<Int>) throws(Diagnostic) -> [Attribute] {
    var attributes: [Attribute] = []
    var offset = range.lowerBound
    while true {
      while offset < range.upperBound, lexer.byte(offset).isBlank { offset += 1 }
      guard offset < range.upperBound else { return attributes }
      let attribute = try attribute(at: offset, in: range)
      guard !attributes.contains(where: { $0.name == attribute.name }) else {
        throw lexer.problem(.repeated(attribute.name, what: "attribute"), attribute.range)
      }
      attributes.append(attribute)
      offset = attribute.range.upperBound
    }
  }

  private func attribute(at start: Int, in range: Range<Int>) throws(Diagnostic) -> Attribute {
    let nameEnd = min(lexer.endOfName(from: start), range.upperBound)
    let name = lexer.text(start..<nameEnd)
    let hasValue = nameEnd < range.upperBound && lexer.byte(nameEnd) == UInt8(ascii: "=")
    guard nameEnd > start, hasValue else {
      let end = endOfBareWord(from: nameEnd, in: range)
      guard nameEnd > start, end == nameEnd else {
        let word = start..<max(end, start)
        throw lexer.problem(.badAttribute(lexer.text(word)), word)
      }
      return Attribute(name: name, value: nil, range: start..<end)
    }
    let valueStart = nameEnd + 1
    let first = valueStart < range.upperBound ? lexer.byte(valueStart) : 0
    if first == .singleQuote || first == .doubleQuote {
      let (content, behind) = try Lexer(lexer.source, in: start..<range.upperBound)
        .endOfString(at: valueStart)
      return Attribute(name: name, value: try lexer.decoded(content), range: start..<behind)
    }
    let end = endOfBareWord(from: valueStart, in: range)
    guard end > valueStart else {
      throw lexer.problem(.badAttribute(lexer.text(start..<end)), start..<end)
    }
    return Attribute(name: name, value: lexer.text(valueStart..<end), range: start..<end)
  }

  /// The offset of the next blank outside brackets.
  private func endOfBareWord(from start: Int, in range: Range<Int>) -> Int {
    var offset = start
    var depth = 0
    while offset < range.upperBound {
      let byte = lexer.byte(offset)
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")") { depth -= 1 }
      if byte.isBlank, depth <= 0 { break }
      offset += 1
    }
    return offset
  }
}
