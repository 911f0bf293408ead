import CollabInterpreter
import CollabNotebook
public import CollabLanguage

extension ScriptFile {
  /// The file with markers and blank lines in one form; no statement and no word of prose changes.
  ///
  /// - A marker is `%% kind name=value`, with one blank between; `#:` lines likewise, and `#> text`.
  /// - One blank line stands before a marker, none behind it, and none between statements and their
  ///   recorded output; elsewhere among statements at most one. The file ends with one line ending.
  /// - Blanks at the ends of lines go, except in prose, where two of them break a line, and inside
  ///   statements that hold a `"""` or `'''` text. What is indented stays as it is, for it says what
  ///   belongs to a block.
  /// - Line endings become `\n`.
  ///
  /// Cells of the kind `raw` stay as they are between their first and last line of text.
  ///
  /// - Parameter parser: reads the result once more.
  /// - Returns: the bytes to write; nil if they would read differently.
  public func formatted(readBy parser: Parser) -> [UInt8]? {
    let bytes = formattedBytes()
    guard let result = try? ScriptFile(Source(bytes: bytes, name: source.name), parser: parser),
      result.says(theSameAs: self)
    else { return nil }
    return bytes
  }

  private func says(theSameAs other: ScriptFile) -> Bool {
    guard cells.count == other.cells.count else { return false }
    return zip(cells, other.cells).allSatisfy { cell, old in
      let recordings = cell.code.lines.map(\.recording)
      let oldRecordings = old.code.lines.map(\.recording)
      return cell.kind == old.kind && says(cell.code, theSameAs: old.code)
        && cell.attributes.map(\.name) == old.attributes.map(\.name)
        && cell.attributes.map(\.value) == old.attributes.map(\.value)
        && recordings.map(\.output?.count) == oldRecordings.map(\.output?.count)
        && (cell.kind == .code || text(of: cell) == other.text(of: old))
    }
  }

  private func says(_ code: Code, theSameAs other: Code) -> Bool {
    guard code.lines.map(\.statements.count) == other.lines.map(\.statements.count) else {
      return false
    }
    return zip(code.statements, other.statements).allSatisfy { statement, old in
      // Mistakes know where they stand, which may change.
      if case .mistake(let mistake) = statement.kind, case .mistake(let oldMistake) = old.kind {
        return mistake.headline == oldMistake.headline
      }
      return statement == old
    }
  }

  private func formattedBytes() -> [UInt8] {
    var writer = FormattedText()
    if !preambleRange.isEmpty {
      writer.add(source.lines(from: preambleRange).filter { !$0.isBlankText })
    }
    for cell in cells {
      if let marker = cell.markerRange {
        writer.separate()
        writer.add([text(ofMarker: cell, at: marker)])
      } else if !writer.lines.isEmpty {
        writer.separate()
      }
      let body = source.lines(from: cell.bodyRange)
      switch cell.content {
      case .code(let code): writer.add(formatted(code, body, in: cell))
      case .text, .question: writer.add(body.withoutBlankEnds)
      }
    }
    return writer.bytes
  }

  private func text(ofMarker cell: Cell, at range: Range<Int>) -> String {
    var words = ["%%"]
    let head = source.text(in: range).dropFirst(2).drop { $0 == " " || $0 == "\t" }
    let first = head.prefix { !$0.isWhitespace }
    if Cell.Kind(rawValue: String(first)) != nil { words.append(String(first)) }
    words += cell.attributes.map { source.text(in: $0.range) }
    return words.joined(separator: " ")
  }

  private func formatted(_ code: Code, _ body: [String], in cell: Cell) -> [String] {
    let first = source.line(at: cell.bodyRange.lowerBound)
    /// The lines that a range of the file reaches over, counted within the body.
    func places(_ range: Range<Int>) -> Range<Int> {
      guard !range.isEmpty else { return 0..<0 }
      let last = source.line(at: range.upperBound - 1)
      return source.line(at: range.lowerBound) - first..<last - first + 1
    }
    var lines = body.map(\.trimmedAtEnd)
    var isFixed = Set<Int>()
    for line in code.lines {
      let statement = places(line.range)
      isFixed.formUnion(statement)
      let text = source.text(in: line.range)
      if ["\"\"\"", "'''"].contains(where: text.contains) {
        for place in statement { lines[place] = body[place] }
      }
      let recorded = line.recording.output.map { _ in places(line.recording.outputRange) }
      let options = line.recording.options.map { places($0.range).lowerBound }
      for place in Set(options) {
        let words = line.recording.options.filter { places($0.range).lowerBound == place }
        lines[place] = (["#:"] + words.map { source.text(in: $0.range) }).joined(separator: " ")
      }
      if let recorded, let output = line.recording.output {
        for (place, text) in zip(recorded, output) {
          lines[place] = text.isEmpty ? "#>" : ("#> " + text).trimmedAtEnd
        }
      }
    }
    return arranged(lines, isFixed: isFixed)
  }

  /// Lines of code with blank lines only where they separate something.
  private func arranged(_ lines: [String], isFixed: Set<Int>) -> [String] {
    var result: [String] = []
    var hasGap = false
    for (place, line) in lines.enumerated() {
      if line.isBlankText, !isFixed.contains(place) {
        hasGap = true
        continue
      }
      let isRecorded = !isFixed.contains(place) && (line.hasPrefix("#>") || line.hasPrefix("#:"))
      if hasGap, !result.isEmpty, !isRecorded { result.append("") }
      hasGap = false
      result.append(line)
    }
    return result
  }
}

/// Lines with blank ones between cells.
private struct FormattedText {
  private(set) var lines: [String] = []

  mutating func add(_ more: [String]) { lines += more }

  mutating func separate() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  var bytes: [UInt8] {
    let text = lines.withoutBlankEnds.joined(separator: "\n")
    return Array((text.isEmpty ? "" : text + "\n").utf8)
  }
}

extension Source {
  /// The lines in a range of whole lines, without their endings.
  fileprivate func lines(from range: Range<Int>) -> [String] {
    guard !range.isEmpty else { return [] }
    return (line(at: range.lowerBound)...line(at: range.upperBound - 1)).map {
      text(in: lineRange($0))
    }
  }
}

extension [String] {
  fileprivate var withoutBlankEnds: [String] {
    let kept = drop(while: \.isBlankText)
    guard let last = kept.lastIndex(where: { !$0.isBlankText }) else { return [] }
    return Array(kept[...last])
  }
}

extension String {
  fileprivate var isBlankText: Bool { utf8.allSatisfy(\.isBlankInOutput) }
}
