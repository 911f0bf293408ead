internal import CollabText

/// Markdown as lines for a terminal.
///
/// Titles of the first two levels are underlined, so that they are titles without colour too; the
/// `#` marks are dropped.
package struct MarkdownLayout {
  /// The widest line of prose that reads well.
  package static let widestProse = 88

  private let width: Int
  private var lines: [StyledText] = []

  /// The lines of a markdown text, none wider than `width` except code and addresses.
  package static func lines(_ markdown: String, width: Int) -> [StyledText] {
    var layout = MarkdownLayout(width: width)
    for block in MarkdownReader.blocks(markdown) { layout.write(block) }
    while layout.lines.last?.runs.isEmpty == true { layout.lines.removeLast() }
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

  private mutating func write(_ block: MarkdownBlock) {
    switch block {
    case .gap: blank()
    case .paragraph(let text): write(text)
    case .quote(let text): write(text, first: "> ", indent: "> ")
    case .item(let margin, let bullet, let text):
      let blanks = String(repeating: " ", count: bullet.count)
      write(text, first: margin + bullet, indent: margin + blanks)
    case .heading(let title, let level):
      let title = MarkdownInline.styled(title, .heading)
      apart(Self.heading(title, level: level, width: width))
    case .code(let code):
      apart(code.map { StyledText("    " + $0, .code).trimmedAtEnd() })
    case .table(let head, let isNumber, let rows):
      let columns = zip(head, isNumber).map { $1 ? TableBlock.Column.number($0) : .text($0) }
      let texts = rows.map { $0.map { MarkdownInline.styled($0).text } }
      apart(TableLayout(TableBlock(columns: columns, rows: texts), width: width).lines())
    }
  }

  private mutating func write(_ text: String, first: String = "", indent: String = "") {
    lines += MarkdownInline.styled(text).wrapped(
      to: min(width, Self.widestProse), first: first, indent: indent)
  }

  /// Writes lines with empty ones around them.
  private mutating func apart(_ more: [StyledText]) {
    blank()
    lines += more
    blank()
  }

  /// One empty line, however often it is asked for.
  private mutating func blank() {
    if let last = lines.last, !last.runs.isEmpty { lines.append(StyledText()) }
  }
}
