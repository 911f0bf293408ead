import CollabText

/// What can be wrong with the cells of a file.
enum ScriptProblem {
  case notUTF8
  case duplicateID(String, line: Int)
  case badID(String)
  case unknownAttribute(String, near: [String])
  case missingValue(String)
  case badField(String)
  case misspeltField(String, near: [String])

  func diagnostic(at range: Range<Int>, in source: Source) -> Diagnostic {
    let (code, message, help): (LanguageErrorCode, String, [String]) =
      switch self {
      case .notUTF8: (.notUTF8, "the file is not UTF-8 text", [])
      case .duplicateID(let id, let line):
        (.duplicateID, "the cell on line \(line) has the id `\(id)` too", [])
      case .badID(let id):
        (.badAttribute, "`\(id)` is no id", ["an id has up to 64 letters, digits, `-`, `_`, `.`"])
      case .unknownAttribute(let name, let near):
        (
          .unknownAttribute, "a cell has no attribute `\(name)`",
          near.isEmpty ? [CellReader.kindHelp] : Suggestion.help(for: near)
        )
      case .missingValue(let name):
        (.badAttribute, "`\(name)` needs a value", ["write \(name)=VALUE"])
      case .badField(let line):
        (
          .badField, "`\(line)` is neither a field nor indented below one",
          ["fields are \(Question.fieldNames.sorted().joined(separator: ", "))"]
        )
      case .misspeltField(let name, let near):
        (
          .badField, "a question has no field `\(name)`",
          Suggestion.help(for: near) + ["`\\\(name):` begins a line of prose"]
        )
      }
    return Diagnostic(code, message, at: range, in: source, help: help)
  }
}

/// Reads the cells of a file one after the other.
package struct CellReader {
  private(set) var cells: [Cell] = []
  private let source: Source
  private var parser: Parser
  private let lexer: Lexer
  private let known: Set<String>
  private let keepsMistakes: Bool
  /// The line of each id.
  private var lines: [String: Int] = [:]
  /// How many cells have the same content, by the id made from it.
  private var repetitions: [String: Int] = [:]

  /// What may stand behind `%%`, for names that are like none of them.
  fileprivate static let kindHelp =
    "a cell is \(Cell.Kind.allCases.map(\.rawValue).joined(separator: ", ")); `collab docs "
    + "writing-lessons` lists what else its marker may say"

  /// Attributes of a marker, and whether they need a value.
  private static let attributes: [String: Bool] = [
    "id": true, "title": true, "needs": true, "tol": true, "rtol": true, "check": true,
    "timeout": true, "tags": true, "kind": true, "order": true, "hide": false, "skip": false,
    "pause": false,
  ]
  /// Options of a `#:` line, and whether they need a value.
  private static let options: [String: Bool] = [
    "tol": true, "rtol": true, "check": true, "order": true, "timeout": true, "empty": false,
  ]

  /// Every word that a marker or a `#:` line may have, for what describes them.
  package static let words = Set(Cell.Kind.allCases.map(\.rawValue))
    .union(attributes.keys).union(options.keys)

  init(_ source: Source, parser: Parser, known: Set<String>, keepsMistakes: Bool) {
    self.source = source
    self.parser = parser
    (self.known, self.keepsMistakes) = (known, keepsMistakes)
    lexer = Lexer(source, in: source.range)
  }

  mutating func read(_ piece: CellLayout.Piece) throws(Diagnostic) {
    var kind: Cell.Kind = piece.isProse ? .markdown : .code
    var attributes: [Attribute] = []
    if let marker = piece.marker {
      let line = source.lineRange(source.line(at: marker.lowerBound))
      attributes = try AttributeReader(lexer).attributes(in: line.lowerBound + 2..<line.upperBound)
      if let first = attributes.first, first.value == nil,
        let named = Cell.Kind(rawValue: first.name)
      {
        kind = named
        attributes.removeFirst()
      }
      try checkAttributes(attributes)
    }
    let content = try content(kind, piece)
    let written = attributes.first { $0.name == "id" }
    if let written, let id = written.value { try check(id, at: written.range) }
    let id = written?.value ?? derivedID(kind, piece.body)
    lines[id] = source.line(at: piece.marker?.lowerBound ?? piece.body.lowerBound)
    cells.append(
      Cell(
        kind: kind, id: id, hasWrittenID: written != nil, attributes: attributes,
        markerRange: piece.marker, bodyRange: piece.body, content: content))
  }

  private mutating func content(
    _ kind: Cell.Kind, _ piece: CellLayout.Piece
  ) throws(Diagnostic) -> Cell.Content {
    switch kind {
    case .markdown, .raw: return .text
    case .question: return .question(try QuestionReader(source, piece.body).question())
    case .code:
      do {
        let code = try parser.code(in: source, range: piece.body)
        for line in code.lines { try check(line.recording.options, CellReader.options) }
        parser = parser.behind(code)
        return .code(code)
      } catch {
        let error =
          error.code == LanguageErrorCode.unclosed.rawValue
          ? withEnd(of: piece.body, error) : error
        guard keepsMistakes, !error.isInterruption else { throw error }
        return .code(mistake(error, in: piece.body))
      }
    }
  }

  /// A cell that cannot be read as one statement that fails.
  private func mistake(_ error: Diagnostic, in body: Range<Int>) -> Code {
    let blanks = source.bytes[body].reversed().prefix { $0 <= UInt8(ascii: " ") }.count
    let range = body.lowerBound..<body.upperBound - blanks
    let recording = Recording(
      options: [], output: nil, outputRange: body.upperBound..<body.upperBound)
    return Code(lines: [
      StatementLine(
        statements: [Statement(kind: .mistake(error), range: range, isSuppressed: false)],
        recording: recording, range: range)
    ])
  }

  /// Adds to an unclosed bracket where its cell ends.
  private func withEnd(of body: Range<Int>, _ error: Diagnostic) -> Diagnostic {
    var error = error
    let line = source.line(at: body.upperBound)
    if body.upperBound < source.bytes.count {
      let marker = source.text(in: source.lineRange(line))
      error.remarks.append("the cell ends at line \(line) (`\(marker)`)")
    } else {
      let isBehindEnd = source.bytes.last == .newline
      error.remarks.append("the file ends at line \(isBehindEnd ? max(1, line - 1) : line)")
    }
    return error
  }
}

// MARK: - Attributes

extension CellReader {
  private func checkAttributes(_ attributes: [Attribute]) throws(Diagnostic) {
    try check(
      attributes.filter { !known.contains($0.name) }, CellReader.attributes,
      more: Cell.Kind.allCases.map(\.rawValue))
  }

  private func check(
    _ attributes: [Attribute], _ table: [String: Bool], more: [String] = []
  ) throws(Diagnostic) {
    for attribute in attributes {
      guard let needsValue = table[attribute.name] else {
        let near = Suggestion.nearest(to: attribute.name, among: table.keys.sorted() + more)
        throw problem(.unknownAttribute(attribute.name, near: near), attribute.range)
      }
      if needsValue, attribute.value == nil {
        throw problem(.missingValue(attribute.name), attribute.range)
      }
    }
  }

  private func check(_ id: String, at range: Range<Int>) throws(Diagnostic) {
    let isPlain = id.utf8.allSatisfy {
      ($0.mayContinueName && $0 < 0x80) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    guard isPlain, 1...64 ~= id.utf8.count else { throw problem(.badID(id), range) }
    guard let line = lines[id] else { return }
    throw problem(.duplicateID(id, line: line), range)
  }

  private func problem(_ problem: ScriptProblem, _ range: Range<Int>) -> Diagnostic {
    problem.diagnostic(at: range, in: source)
  }

  /// An id made from kind and content without recorded output, so that recording does not change it.
  private mutating func derivedID(_ kind: Cell.Kind, _ body: Range<Int>) -> String {
    var hash = StableHash()
    hash.add(kind.rawValue.utf8)
    for line in source.bytes[body].split(separator: .newline) where !line.starts(with: "#>".utf8) {
      let text = line.last == .carriageReturn ? line.dropLast() : line
      if !text.isEmpty { hash.add(text + [.newline]) }
    }
    let id = "cell-" + String(hash.value, radix: 36)
    var candidate = id
    while lines[candidate] != nil {
      repetitions[id, default: 1] += 1
      candidate = "\(id)-\(repetitions[id, default: 1])"
    }
    return candidate
  }
}
