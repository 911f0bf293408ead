/// Markdown as lines for a terminal: headings, paragraphs, lists, quotes, code and tables.
///
/// A small part of the language, enough for lessons. Titles of the first two levels are
/// underlined, so that they are titles without colour too; the `#` marks are dropped.
package struct MarkdownLayout {
  /// The widest line of prose that reads well.
  package static let widestProse = 88

  private let width: Int
  private var lines: [StyledText] = []
  private var paragraph: [String] = []
  private var item: Item?

  private struct Item {
    let bullet: String
    let indent: String
  }

  /// The lines of a markdown text, none wider than `width` except code and addresses.
  package static func lines(_ markdown: String, width: Int) -> [StyledText] {
    var layout = MarkdownLayout(width: width)
    layout.read(markdown.split(separator: "\n", omittingEmptySubsequences: false)[...])
    return layout.lines
  }

  /// A title with its line below.
  package static func heading(_ text: StyledText, level: Int, width: Int) -> [StyledText] {
    let lines = text.wrapped(to: min(width, widestProse))
    guard level <= 2 else { return lines }
    let longest = lines.reduce(0) { max($0, DisplayWidth.of($1.text)) }
    let rule = String(repeating: level == 1 ? "=" : "-", count: longest)
    return lines + [StyledText(rule, .heading)]
  }

  private init(width: Int) { self.width = width }

  private mutating func read(_ source: ArraySlice<Substring>) {
    var source = source
    while let raw = source.popFirst() {
      let line = DisplayWidth.cleaned(String(raw.last == "\r" ? raw.dropLast() : raw))
      let text = line.drop { $0 == " " }
      if text.isEmpty {
        flush()
      } else if let fence = Self.fence(text) {
        flush()
        blank()
        while let code = source.popFirst() {
          if code.drop(while: { $0 == " " }).hasPrefix(fence) { break }
          let code = DisplayWidth.cleaned("    " + code, keepingTabs: true)
          lines.append(StyledText(code, .code).trimmedAtEnd())
        }
        blank()
      } else if text.first == "#", let (level, title) = Self.heading(text) {
        flush()
        blank()
        let title = MarkdownInline.styled(title, .heading)
        lines += Self.heading(title, level: level, width: width)
        blank()
      } else if text.first == "|", let next = source.first, Self.isTableRule(next) {
        flush()
        readTable(head: text, &source)
      } else if text.hasPrefix(">") {
        if item?.bullet != "> " { flush() }
        item = Item(bullet: "> ", indent: "> ")
        paragraph.append(String(text.dropFirst().drop { $0 == " " }))
      } else if let (bullet, rest) = Self.bullet(text) {
        flushItem()
        let margin = String(line.prefix { $0 == " " })
        let blanks = String(repeating: " ", count: bullet.count)
        item = Item(bullet: margin + bullet, indent: margin + blanks)
        paragraph = [String(rest)]
      } else {
        paragraph.append(String(text))
      }
    }
    flush()
    while lines.last?.runs.isEmpty == true { lines.removeLast() }
  }
}

// MARK: - Parts
extension MarkdownLayout {
  /// Writes the paragraph that was read, and ends it.
  private mutating func flush() {
    let hadText = !paragraph.isEmpty
    flushItem()
    if hadText { blank() }
  }

  private mutating func flushItem() {
    defer {
      paragraph = []
      item = nil
    }
    guard !paragraph.isEmpty else { return }
    let text = MarkdownInline.styled(paragraph.joined(separator: " "))
    lines += text.wrapped(
      to: min(width, Self.widestProse), first: item?.bullet ?? "", indent: item?.indent ?? "")
  }

  /// One empty line, however often it is asked for.
  private mutating func blank() {
    if let last = lines.last, !last.runs.isEmpty { lines.append(StyledText()) }
  }

  private mutating func readTable(head: Substring, _ source: inout ArraySlice<Substring>) {
    guard let rule = source.popFirst() else { return }
    let alignments = Self.cells(rule).map { $0.hasSuffix(":") && !$0.hasPrefix(":") }
    let columns = Self.cells(head).enumerated().map { position, title in
      let isNumber = position < alignments.count && alignments[position]
      return isNumber ? TableBlock.Column.number(title) : .text(title)
    }
    var rows: [[String]] = []
    while let next = source.first, next.drop(while: { $0 == " " }).first == "|" {
      source.removeFirst()
      let cells = Self.cells(next).map { MarkdownInline.styled($0).text }
      rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
    }
    blank()
    lines += TableLayout(TableBlock(columns: columns, rows: rows), width: width).lines()
    blank()
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
