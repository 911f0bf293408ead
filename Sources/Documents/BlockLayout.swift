internal import CollabText

/// A block as lines, the same for every renderer of text.
package struct BlockLayout {
  private let width: Int
  /// The lines that a picture should fit; nil if it may take as many as it likes.
  private let height: Int?
  private let glyphs: Glyphs

  package init(width: Int, height: Int? = nil, glyphs: Glyphs) {
    self.width = max(width, 20)
    self.height = height
    self.glyphs = glyphs
  }

  /// The lines of a block.
  package func lines(_ block: Block) -> [StyledText] {
    switch block {
    case .paragraph(let text): return paragraph(text)
    case .heading(let text, let level):
      let title = StyledText(DisplayWidth.cleaned(text), .heading)
      return MarkdownLayout.heading(title, level: level, width: width)
    case .preformatted(let text): return Self.split(text).map { StyledText($0) }
    case .code(let text): return Self.split(text).flatMap(code)
    case .table(let table): return TableLayout(table, width: width).lines()
    case .bars(let chart): return BarLayout(chart, width: width, glyphs: glyphs).lines()
    case .facts(let facts): return self.facts(facts)
    case .failure(let failure): return FailureLayout.lines(failure)
    case .prose(let markdown): return MarkdownLayout.lines(markdown, width: width)
    case .data(let data): return Self.split(data.text).map { StyledText($0) }
    case .plot(let plot):
      return PlotLayout(plot, width: width, height: height, glyphs: glyphs).lines()
    case .frames(let plots): return plots.flatMap { lines(.plot($0)) }
    }
  }

  /// A line of code; one that is too long goes on below itself, deeper, from a blank on.
  private func code(_ line: String) -> [StyledText] {
    let margin = String(repeating: " ", count: 4)
    let deeper = margin + margin + line.prefix { $0 == " " }
    var (rows, row, rest) = ([StyledText](), margin, Substring(line))
    while DisplayWidth.of(row + rest) > width {
      // A text in quotes stays whole.
      let blanks = rest.indices.filter { place in
        rest[place] == " " && DisplayWidth.of(row + rest[..<place]) <= width
          && rest[..<place].contains { $0 != " " }
          && !["'", "\""].contains { quote in
            !rest[..<place].count { $0 == quote }.isMultiple(of: 2)
          }
      }
      guard let blank = blanks.last else { break }
      rows.append(StyledText(row + rest[..<blank], .code))
      (row, rest) = (deeper, rest[blank...].drop { $0 == " " })
    }
    return rows + [StyledText(row + rest, .code)]
  }

  /// Lines that fit stay as they are; longer ones are wrapped under their own indent.
  private func paragraph(_ text: String) -> [StyledText] {
    let limit = min(width, MarkdownLayout.widestProse)
    return Self.split(text).flatMap { line -> [StyledText] in
      let line = DisplayWidth.cleaned(line)
      guard DisplayWidth.of(line) > limit else { return [StyledText(line).trimmedAtEnd()] }
      let indent = String(line.prefix { $0 == " " })
      return StyledText(Self.gluingItems(of: line)).wrapped(
        to: limit, first: indent, indent: indent
      ).map { StyledText($0.text.replacing(Self.glue, with: " ")) }
    }
  }

  /// A blank that no line is broken at.
  private static let glue = "\u{A0}"

  /// A line in which short items that stand between ` · ` are not parted, such as `2.5 MB`.
  private static func gluingItems(of line: String) -> String {
    let items = line.split(separator: " · ", omittingEmptySubsequences: false)
    guard items.count > 1 else { return line }
    return items.map {
      DisplayWidth.of($0) <= 24 ? String($0).replacing(" ", with: glue) : String($0)
    }
    .joined(separator: "\(glue)· ")
  }

  private func facts(_ facts: [Fact]) -> [StyledText] {
    let names = facts.map { DisplayWidth.cleaned($0.name) }
    let longest = names.reduce(0) { max($0, DisplayWidth.of($1)) }
    let nameWidth = min(longest, max(width / 3, 8))
    let indent = String(repeating: " ", count: nameWidth + 2)
    let limit = min(width, max(MarkdownLayout.widestProse, nameWidth + 2))
    return zip(facts, names).flatMap { fact, name -> [StyledText] in
      var lines = StyledText(DisplayWidth.cleaned(fact.text)).wrapped(
        to: limit, first: indent, indent: indent)
      guard DisplayWidth.of(name) <= nameWidth, !lines.isEmpty else {
        return [StyledText(name, .strong)] + lines
      }
      let first = lines.removeFirst().text.dropFirst(nameWidth + 2)
      var line = StyledText(name, .strong)
      if !first.isEmpty {
        line.append(String(repeating: " ", count: nameWidth + 2 - DisplayWidth.of(name)))
        line.append(String(first))
      }
      return [line] + lines
    }
  }

  private static func split(_ text: String) -> [String] {
    // Scalars: a carriage return and the line feed behind it are one character.
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      DisplayWidth.cleaned(String(line.last == "\r" ? line.dropLast() : line), keepingTabs: true)
    }
  }
}

/// The colours of a failure, whose lines are already composed.
package enum FailureLayout {
  /// The lines of a failure with the message, the carets and the advice told apart.
  package static func lines(_ failure: Failure) -> [StyledText] {
    failure.lines.map { line in
      let line = DisplayWidth.cleaned(line, keepingTabs: true)
      let text = line.drop { $0 == " " }
      if isMessage(text) { return message(line, failure.severity) }
      if text.hasPrefix("help:") || text.hasPrefix("note:") { return advice(line) }
      let marks = text.drop { $0.isNumber || $0 == " " || $0 == "|" }
      if let first = marks.first, first == "^" || first == "~" { return carets(line) }
      if text.hasPrefix("-->") { return StyledText(line, .faint) }
      return StyledText(line)
    }
  }

  /// A line of a failure in lines of a width: messages and advice are broken between words, code and its
  /// carets stay as they are.
  package static func fitted(_ line: StyledText, to width: Int) -> [StyledText] {
    let text = line.text.drop { $0 == " " }
    let isProse = isMessage(text) || text.hasPrefix("help:") || text.hasPrefix("note:")
    guard isProse, DisplayWidth.of(line.text) > width else { return [line] }
    let indent = String(line.text.prefix { $0 == " " })
    return line.wrapped(to: max(width, 20), first: indent, indent: indent + "  ")
  }

  private static func isMessage(_ text: Substring) -> Bool {
    ["error[", "error:", "warning[", "warning:"].contains { text.hasPrefix($0) }
  }

  private static func message(_ line: String, _ severity: Failure.Severity) -> StyledText {
    let style: TextStyle
    switch severity {
    case .error: style = .error
    case .warning: style = .warning
    case .note: style = .help
    }
    guard let colon = line.firstIndex(of: ":") else { return StyledText(line, style) }
    var styled = StyledText(String(line[...colon]), style)
    styled.append(String(line[line.index(after: colon)...]), .strong)
    return styled
  }

  private static func advice(_ line: String) -> StyledText {
    guard let colon = line.firstIndex(of: ":") else { return StyledText(line) }
    var styled = StyledText(String(line[...colon]), .help)
    styled.append(String(line[line.index(after: colon)...]))
    return styled
  }

  private static func carets(_ line: String) -> StyledText {
    var styled = StyledText()
    var isOver = false
    for character in line {
      let isMark = character == "^" || character == "~"
      if character.isLetter || character == "`" { isOver = true }
      styled.append(String(character), isMark && !isOver ? .caret : .plain)
    }
    return styled
  }
}
