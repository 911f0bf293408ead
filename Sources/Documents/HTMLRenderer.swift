import CollabText

/// An output that makes a page: blocks in, HTML out.
///
///     let output = HTMLRenderer()
///     output.write(.prose("## Dot products"))
///     let page = output.page(title: "Collaborative filtering")
///
/// The page stands alone: no script, nothing fetched, colours for light and dark. Whatever comes from
/// data is text.
public final class HTMLRenderer: Output {
  /// What was written so far, as the inside of a page.
  public private(set) var body = ""
  private var headings: [Heading] = []
  private var names = UniqueNames(["main"])
  private var table: LiveTable?
  private var rows: [[String]] = []

  private struct Heading {
    let html: String
    let level: Int
    let name: String
  }

  private let picture: (String) -> String?

  /// A page with nothing on it.
  ///
  /// - Parameter picture: gives the place of a picture in markdown what stands on the page, such as the
  ///   picture itself; nil for one that is only named.
  public init(picture: @escaping (String) -> String? = { _ in nil }) { self.picture = picture }

  /// Adds a block.
  public func write(_ block: Block) { body += html(of: block) }

  /// Starts collecting rows.
  public func begin(_ table: LiveTable) { (self.table, rows) = (table, []) }

  /// Collects a row.
  public func append(row cells: [String]) {
    precondition(table != nil, "append(row:) without begin(_:)")
    rows.append(cells)
  }

  /// Adds the table that was begun.
  public func end() {
    guard let table else { return }
    write(.table(table.block(rows: rows)))
    self.table = nil
  }

  /// Progress is not kept.
  public func progress(_ progress: Progress?) {}
}

// MARK: - Cells of a notebook

/// A stretch of source text and what it is.
public struct CodeRun: Equatable, Sendable {
  /// What a stretch of source text is, as far as it has a colour.
  public enum Kind: String, Sendable {
    /// Names, operators and blanks.
    case plain
    /// A command at the start of a line.
    case command
    /// A word of the language.
    case keyword
    /// The name of an option, in front of its `=`.
    case option
    /// A number.
    case number
    /// A text in quotes.
    case string
    /// A comment.
    case comment
  }

  /// The text.
  public let text: String
  /// What it is.
  public let kind: Kind

  /// Makes a stretch.
  public init(_ text: String, _ kind: Kind) { (self.text, self.kind) = (text, kind) }
}

extension HTMLRenderer {
  /// Adds statements.
  public func write(code runs: [CodeRun]) {
    let html = runs.map { run in
      let text = HTMLText.escaped(run.text)
      return run.kind == .plain ? text : "<span class=\"\(run.kind.rawValue)\">\(text)</span>"
    }
    body += HTMLElement.scrolling(
      "pre", class: "code input", "<code>\(html.joined())</code>", label: "statements")
  }

  /// Adds what `content` writes, folded behind a line that opens it.
  public func fold(_ summary: String, _ content: () -> Void) {
    body += "<details class=\"fold\"><summary>\(HTMLText.escaped(summary))</summary>\n"
    content()
    body += "</details>\n"
  }
}

// MARK: - Blocks

extension HTMLRenderer {
  private func html(of block: Block) -> String {
    switch block {
    case .paragraph(let text): "<p class=\"said\">\(HTMLText.escaped(text))</p>\n"
    case .heading(let text, let level): heading(HTMLText.escaped(text), level)
    case .preformatted(let text):
      // Several lines belong together, as the rows of a tensor do; a single one may be wrapped.
      HTMLElement.scrolling(
        "pre", class: text.contains("\n") ? "value" : "value line", HTMLText.escaped(text),
        label: "output")
    case .code(let text):
      HTMLElement.scrolling(
        "pre", class: "code", "<code>\(HTMLText.escaped(text))</code>", label: "code")
    case .table(let table): Self.html(of: table)
    case .bars(let chart): Self.html(of: chart)
    case .facts(let facts):
      "<dl>\n"
        + facts.map {
          "<dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.text))</dd>\n"
        }.joined() + "</dl>\n"
    case .failure(let failure): Self.html(of: failure)
    case .prose(let markdown):
      MarkdownHTML.html(markdown, picture: picture) { self.heading($0, $1) }
    case .plot(let plot): Self.html(of: plot)
    case .frames(let plots):
      "<div class=\"frames\">\n\(plots.map(Self.html).joined())</div>\n"
    case .data(let data):
      HTMLElement.scrolling(
        "pre", class: "value", HTMLText.escaped(data.text), label: "output")
    }
  }

  /// A title with a name to jump to.
  private func heading(_ html: String, _ level: Int) -> String {
    let level = min(max(level, 1), 6)
    let name = newName(for: html)
    headings.append(Heading(html: html, level: level, name: name))
    return "<h\(level) id=\"\(name)\">\(html)</h\(level)>\n"
  }

  /// A name that no other element has: the letters and digits of a title.
  private func newName(for html: String) -> String {
    var name = ""
    // Tags, and entities such as `&amp;`, are passed over.
    var isInTag = false
    for character in html.lowercased() {
      if character == "<" || character == "&" { isInTag = true }
      if !isInTag, character.isASCII, character.isLetter || character.isNumber {
        name.append(character)
      } else if !isInTag, !name.isEmpty, name.last != "-", character == " " || character == "-" {
        name.append("-")
      }
      if character == ">" || character == ";" { isInTag = false }
    }
    while name.last == "-" { name.removeLast() }
    if name.isEmpty { name = "section" }
    return names.take(name)
  }

  /// A table as HTML.
  public static func html(of table: TableBlock) -> String {
    var rows: [(name: String?, cells: [String])] = []
    for (number, row) in table.rows.enumerated() {
      let name = table.index.map { HTMLText.escaped($0[number]) }
      rows.append((name, row.map { HTMLText.escaped($0) }))
      if table.gapAfterRow == number {
        rows.append((table.index == nil ? nil : "⋮", row.map { _ in "⋮" }))
      }
    }
    return HTMLElement.table(
      head: table.columns.map { (HTMLText.escaped($0.title), $0.alignment == .right) }, rows: rows,
      caption: table.footer)
  }

  private static func html(of chart: BarChart) -> String {
    let largest = chart.largest
    var html = "<table class=\"bars\">\n<tbody>\n"
    for (number, bar) in chart.bars.enumerated() {
      let share = largest > 0 && bar.value.isFinite ? abs(bar.value) / largest : 0
      let note = bar.note.map { "<td class=\"number\">\(HTMLText.escaped($0))</td>" } ?? ""
      let rank = chart.isRanked ? "<td class=\"rank\">\(number + 1)</td>" : ""
      html += """
        <tr>\(rank)<th scope="row">\(HTMLText.escaped(bar.label))</th>\
        <td class="number">\(HTMLText.escaped(bar.text))</td>\
        <td class="bar"><span style="width:\(SVG.number(100 * share))%"></span></td>\(note)</tr>

        """
    }
    return html + "</tbody>\n</table>\n"
  }

  private static func html(of failure: Failure) -> String {
    let lines = FailureLayout.lines(failure).map { line in
      let html = line.runs.map { run in
        let text = HTMLText.escaped(run.text)
        let name: String? =
          switch run.style {
          case .error, .caret: "wrong"
          case .warning: "warning"
          case .help: "help"
          case .strong: "strong"
          case .faint: "faint"
          default: nil
          }
        return name.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
      }.joined()
      // Carets stand below a line of the source, so neither of the two may be wrapped.
      let mark = line.text.first { !$0.isNumber && $0 != " " }
      let isAligned = mark.map { "|^~".contains($0) } ?? true
      return isAligned ? html : "<span class=\"message\">\(html)</span>"
    }
    return HTMLElement.scrolling(
      "pre", class: "failure", lines.joined(separator: "\n"), label: "message")
  }

  /// A picture twice: for a window, and with less text for a telephone.
  ///
  /// One of them is shown.
  private static func html(of plot: Plot) -> String {
    let caption =
      plot.caption.isEmpty
      ? "" : "<figcaption>\(HTMLText.escaped(plot.caption))</figcaption>\n"
    return """
      <figure>
      \(SVGPlot(plot).element(class: "wide"))
      \(SVGPlot(plot, width: 350).element(class: "narrow"))
      \(caption)</figure>

      """
  }
}

// MARK: - The whole page

extension HTMLRenderer {
  /// The title of the first heading, if it is one of the whole page.
  public var firstTitle: String? {
    headings.first { $0.level == 1 }.map { Self.text(of: $0.html) }
  }

  private static func text(of html: String) -> String {
    var text = ""
    var isInTag = false
    for character in html {
      if character == "<" { isInTag = true }
      if !isInTag { text.append(character) }
      if character == ">" { isInTag = false }
    }
    return text
  }

  /// A complete page.
  ///
  /// - Parameter title: what it is called if no heading of the first level says so.
  /// - Returns: the page.
  public func page(title: String) -> String {
    let escaped = HTMLText.escaped(title)
    let head = firstTitle == nil ? "<h1>\(escaped)</h1>\n" : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="collab">
      <title>\(firstTitle ?? escaped)</title>
      <link rel="icon" href="data:,">
      <style>
      \(HTMLStyle.sheet)
      \(SVGPlot.styleSheet)
      </style>
      </head>
      <body>
      <a class="skip" href="#main">Skip to the content</a>
      \(contents)<main id="main">
      \(head)\(body)</main>
      </body>
      </html>

      """
  }

  /// A list of the sections; none for a page of few.
  private var contents: String {
    let listed = headings.filter { $0.level == 2 || $0.level == 3 }
    guard listed.count > 2 else { return "" }
    var html = "<nav aria-label=\"Contents\">\n<details open><summary>Contents</summary>\n<ol>\n"
    var isInner = false
    for (number, heading) in listed.enumerated() {
      let link = "<li><a href=\"#\(heading.name)\">\(Self.text(of: heading.html))</a>"
      if heading.level == 3, !isInner {
        html += number == 0 ? "<li><ol>\n" : "<ol>\n"
        isInner = true
      } else if heading.level == 2, isInner {
        html += "</li>\n</ol></li>\n"
        isInner = false
      } else if number > 0 {
        html += "</li>\n"
      }
      html += link
    }
    html += isInner ? "</li>\n</ol></li>\n" : "</li>\n"
    return html + "</ol>\n</details>\n</nav>\n"
  }
}
