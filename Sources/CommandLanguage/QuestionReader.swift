/// Reads the inside of a question cell: prose up to the first field, then fields.
struct QuestionReader {
  private let source: Source
  private let body: Range<Int>

  init(_ source: Source, _ body: Range<Int>) {
    self.source = source
    self.body = body
  }

  func question() throws(Diagnostic) -> Question {
    var prose: [String] = []
    var fields: [Question.Field] = []
    var lines = source.lines(in: body)[...]
    while let line = lines.first {
      if let name = fieldName(line) {
        lines = lines.dropFirst()
        let more = lines.prefix { isIndented($0) || isBlank($0) }
        lines = lines.dropFirst(more.count)
        fields.append(field(name, line, Array(more)))
      } else if let (name, near) = misspeltName(line) {
        throw ScriptProblem.misspeltField(source.text(in: name), near: near)
          .diagnostic(at: name, in: source)
      } else if fields.isEmpty {
        prose.append(proseText(line))
        lines = lines.dropFirst()
      } else if isBlank(line) {
        lines = lines.dropFirst()
      } else {
        let text = source.text(in: line)
        throw ScriptProblem.badField(text).diagnostic(at: line, in: source)
      }
    }
    while prose.last?.allSatisfy(\.isWhitespace) == true { prose.removeLast() }
    return Question(prose: prose.joined(separator: "\n"), fields: fields)
  }

  private func isBlank(_ line: Range<Int>) -> Bool { source.bytes[line].allSatisfy(\.isBlank) }

  private func isIndented(_ line: Range<Int>) -> Bool { source.bytes[line].first?.isBlank == true }

  /// The range of the word that makes a line the first of a field.
  private func fieldName(_ line: Range<Int>) -> Range<Int>? {
    let name = word(beforeColonIn: line)
    return name.flatMap { Question.fieldNames.contains(source.text(in: $0)) ? $0 : nil }
  }

  /// The word before the first colon of a line, if it is one that could name a field.
  private func word(beforeColonIn line: Range<Int>) -> Range<Int>? {
    guard let colon = source.bytes[line].firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = line.lowerBound..<colon
    let isWord = source.bytes[name].allSatisfy { $0.mayContinueName }
    return isWord && 3...16 ~= name.count ? name : nil
  }

  /// A word before a colon that is nearly the name of a field, and the names that it may mean.
  private func misspeltName(_ line: Range<Int>) -> (name: Range<Int>, near: [String])? {
    guard let name = word(beforeColonIn: line) else { return spacedName(line) }
    let near = Suggestion.nearest(to: source.text(in: name), among: Question.fieldNames.sorted())
    return near.isEmpty ? nil : (name, near)
  }

  /// The name of a field with blanks in front of its colon: `right : 3`.
  private func spacedName(_ line: Range<Int>) -> (name: Range<Int>, near: [String])? {
    guard let colon = source.bytes[line].firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let range = line.lowerBound..<colon
    let name = source.text(in: range).prefix { $0 != " " && $0 != "\t" }
    let rest = source.bytes[range].dropFirst(name.utf8.count)
    guard !rest.isEmpty, rest.allSatisfy(\.isBlank), Question.fieldNames.contains(String(name))
    else { return nil }
    return (range, [String(name)])
  }

  /// A line of prose; a backslash keeps `%%` and the word of a field from meaning anything.
  private func proseText(_ line: Range<Int>) -> String {
    guard source.bytes[line].first == .backslash else { return source.text(in: line) }
    let rest = line.lowerBound + 1..<line.upperBound
    let isEscape =
      fieldName(rest) != nil || misspeltName(rest) != nil
      || source.bytes[rest].starts(with: "%%".utf8)
    return source.text(in: isEscape ? rest : line)
  }

  private func field(
    _ name: Range<Int>, _ line: Range<Int>, _ more: [Range<Int>]
  ) -> Question.Field {
    let more = more.reversed().drop(while: isBlank).reversed()
    var first = name.upperBound + 1..<line.upperBound
    while !first.isEmpty, source.bytes[first.lowerBound].isBlank {
      first = first.lowerBound + 1..<first.upperBound
    }
    let indent = more.filter { !isBlank($0) }.map(indentation).min() ?? 0
    var text = more.map { line in
      source.text(in: min(line.lowerBound + indent, line.upperBound)..<line.upperBound)
    }
    if !first.isEmpty { text.insert(source.text(in: first), at: 0) }
    return Question.Field(
      name: source.text(in: name), text: text.joined(separator: "\n"), nameRange: name,
      valueRange: first.lowerBound..<(more.last?.upperBound ?? first.upperBound))
  }

  private func indentation(_ line: Range<Int>) -> Int {
    source.bytes[line].prefix(while: \.isBlank).count
  }
}
