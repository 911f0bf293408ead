internal import CollabText

/// A part of a markdown text.
package enum MarkdownBlock: Equatable {
  case heading(String, level: Int)
  case paragraph(String)
  /// One item of a list: what stands in front of the bullet, the bullet, and the text.
  case item(margin: String, bullet: String, String)
  case quote(String)
  case code([String])
  case table(head: [String], isNumber: [Bool], rows: [[String]])
  /// An empty line between two others.
  case gap
}

/// Reads markdown: headings, paragraphs, lists, quotes, code and tables.
///
/// A small part of the language, enough for lessons; what it does not know stays as it is written.
package struct MarkdownReader {
  private var blocks: [MarkdownBlock] = []
  private var paragraph: [String] = []
  private var start = Start.paragraph
  /// The cells that rows of tables may still lack: few bytes could stand for any number of them.
  private var lackable = 100_000

  private enum Start: Equatable {
    case paragraph, quote
    case item(margin: String, bullet: String)
  }

  /// The parts of a text.
  package static func blocks(_ markdown: String) -> [MarkdownBlock] {
    var reader = MarkdownReader()
    // A carriage return and the line feed behind it are one character.
    let lines = markdown.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    reader.read(lines[...])
    return reader.blocks
  }

  private mutating func read(_ source: ArraySlice<Substring>) {
    var source = source
    while let raw = source.popFirst() {
      let line = DisplayWidth.cleaned(String(raw.last == "\r" ? raw.dropLast() : raw))
      let text = line.drop { $0 == " " }
      if text.isEmpty {
        flush()
      } else if let fence = Self.fence(text) {
        flush()
        var code: [String] = []
        while let next = source.popFirst() {
          if next.drop(while: { $0 == " " }).hasPrefix(fence) { break }
          code.append(DisplayWidth.cleaned(String(next), keepingTabs: true))
        }
        blocks.append(.code(code))
      } else if text.first == "#", let (level, title) = Self.heading(text) {
        flush()
        blocks.append(.heading(title, level: level))
      } else if text.first == "|", let next = source.first, Self.isTableRule(next) {
        flush()
        readTable(head: text, &source)
      } else if text.hasPrefix(">") {
        if start != .quote { flush() }
        start = .quote
        paragraph.append(String(text.dropFirst().drop { $0 == " " }))
      } else if let (bullet, rest) = Self.bullet(text) {
        flushText()
        start = .item(margin: String(line.prefix { $0 == " " }), bullet: bullet)
        paragraph = [String(rest)]
      } else {
        paragraph.append(String(text))
      }
    }
    flush()
  }

  /// Ends the paragraph that was read, and leaves a gap behind it.
  private mutating func flush() {
    let hadText = !paragraph.isEmpty
    flushText()
    if hadText { blocks.append(.gap) }
  }

  private mutating func flushText() {
    defer { (paragraph, start) = ([], .paragraph) }
    guard !paragraph.isEmpty else { return }
    let text = paragraph.joined(separator: " ")
    switch start {
    case .paragraph: blocks.append(.paragraph(text))
    case .quote: blocks.append(.quote(text))
    case .item(let margin, let bullet):
      blocks.append(.item(margin: margin, bullet: bullet, text))
    }
  }

  private mutating func readTable(head: Substring, _ source: inout ArraySlice<Substring>) {
    guard let rule = source.popFirst() else { return }
    let alignments = Self.cells(rule).map { $0.hasSuffix(":") && !$0.hasPrefix(":") }
    let titles = Self.cells(head)
    var rows: [[String]] = []
    while let next = source.first, next.drop(while: { $0 == " " }).first == "|" {
      let cells = Self.cells(next)
      lackable -= max(0, titles.count - cells.count)
      guard lackable >= 0 else { break }
      source.removeFirst()
      rows.append(titles.indices.map { $0 < cells.count ? cells[$0] : "" })
    }
    blocks.append(
      .table(
        head: titles, isNumber: titles.indices.map { $0 < alignments.count && alignments[$0] },
        rows: rows))
  }

  private static func cells(_ row: Substring) -> [String] {
    var row = row.drop { $0 == " " }.dropFirst()
    while let last = row.last, last == " " || last == "\r" { row.removeLast() }
    if row.last == "|" { row.removeLast() }
    return row.split(separator: "|", omittingEmptySubsequences: false).map { cell in
      DisplayWidth.trimmedAtEnd(String(cell.drop { $0 == " " }))
    }
  }

  private static func isTableRule(_ line: Substring) -> Bool {
    line.contains("-") && line.allSatisfy { "|-: \r".contains($0) }
  }

  private static func fence(_ text: Substring) -> Substring? {
    let fence = text.prefix { $0 == "`" }
    return fence.count >= 3 ? fence : nil
  }

  private static func heading(_ text: Substring) -> (level: Int, title: String)? {
    let marks = text.prefix { $0 == "#" }
    let rest = text.dropFirst(marks.count)
    guard marks.count <= 6, rest.first == " " else { return nil }
    return (marks.count, DisplayWidth.trimmedAtEnd(String(rest.drop { $0 == " " })))
  }

  private static func bullet(_ text: Substring) -> (bullet: String, rest: Substring)? {
    if text.hasPrefix("- ") || text.hasPrefix("* ") || text.hasPrefix("+ ") {
      return ("- ", text.dropFirst(2).drop { $0 == " " })
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    guard !digits.isEmpty, digits.count < 4, rest.hasPrefix(". ") || rest.hasPrefix(") ") else {
      return nil
    }
    return (String(digits + rest.prefix(2)), rest.dropFirst(2).drop { $0 == " " })
  }
}
