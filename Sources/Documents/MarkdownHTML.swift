/// Markdown as HTML.
///
/// Nothing in it is markup but what markdown means: `<script>` stays text.
struct MarkdownHTML {
  private(set) var html = ""
  private var lists: [(margin: Int, tag: String)] = []
  private let heading: (String, Int) -> String

  /// The HTML of a markdown text.
  ///
  /// - Parameters:
  ///   - markdown: the text.
  ///   - heading: gives a title, which is HTML already, its element.
  /// - Returns: the elements.
  static func html(_ markdown: String, heading: @escaping (String, Int) -> String) -> String {
    var writer = MarkdownHTML(heading: heading)
    for block in MarkdownReader.blocks(markdown) { writer.write(block) }
    writer.closeLists(above: -1)
    return writer.html
  }

  private init(heading: @escaping (String, Int) -> String) { self.heading = heading }

  private mutating func write(_ block: MarkdownBlock) {
    switch block {
    case .gap: return
    case .item(let margin, let bullet, let text): return item(margin.count, bullet, text)
    default: closeLists(above: -1)
    }
    switch block {
    case .heading(let title, let level): html += heading(Self.inline(title), level)
    case .paragraph(let text): html += "<p>\(Self.inline(text))</p>\n"
    case .quote(let text): html += "<blockquote><p>\(Self.inline(text))</p></blockquote>\n"
    case .code(let lines):
      html += HTMLElement.scrolling(
        "pre", class: "code", "<code>\(HTMLText.escaped(lines.joined(separator: "\n")))</code>",
        label: "code")
    case .table(let head, let isNumber, let rows):
      html += HTMLElement.table(
        head: zip(head, isNumber).map { (Self.inline($0), $1) },
        rows: rows.map { (nil, $0.map(Self.inline)) }, caption: nil)
    case .gap, .item: break
    }
  }

  private mutating func item(_ margin: Int, _ bullet: String, _ text: String) {
    let tag = bullet == "- " ? "ul" : "ol"
    closeLists(above: margin)
    if let last = lists.last, last.margin == margin {
      html += "</li>\n"
      if last.tag != tag {
        html += "</\(last.tag)>\n"
        lists.removeLast()
      }
    }
    if lists.last?.margin != margin {
      let number = Int(bullet.prefix { $0.isNumber }) ?? 1
      html += number == 1 ? "<\(tag)>\n" : "<\(tag) start=\"\(number)\">\n"
      lists.append((margin, tag))
    }
    html += "<li>\(Self.inline(text))"
  }

  private mutating func closeLists(above margin: Int) {
    while let last = lists.last, last.margin > margin {
      html += "</li>\n</\(last.tag)>\n"
      lists.removeLast()
    }
  }
}

// MARK: - Inside a line
extension MarkdownHTML {
  /// A line of markdown as HTML.
  static func inline(_ text: String) -> String { html(MarkdownInline.spans(text)) }

  private static func html(_ spans: [MarkdownSpan]) -> String {
    spans.reduce(into: "") { html, span in
      switch span {
      case .text(let text): html += HTMLText.escaped(text)
      case .code(let code): html += "<code>\(HTMLText.escaped(code))</code>"
      case .formula(let source, let isBlock):
        html += Formula(source).mathML(of: source, isBlock: isBlock)
      case .strong(let inner): html += "<strong>\(Self.html(inner))</strong>"
      case .emphasis(let inner): html += "<em>\(Self.html(inner))</em>"
      case .link(let inner, let address):
        let text = inner.isEmpty ? HTMLText.escaped(address) : Self.html(inner)
        html +=
          isHarmless(address) ? "<a href=\"\(HTMLText.escaped(address))\">\(text)</a>" : text
      }
    }
  }

  /// Whether an address leads to a page and runs nothing.
  private static func isHarmless(_ address: String) -> Bool {
    guard let colon = address.firstIndex(of: ":") else { return !address.isEmpty }
    let scheme = address[..<colon].lowercased()
    return ["http", "https", "mailto"].contains(scheme) || scheme.contains { "/?#".contains($0) }
  }
}
