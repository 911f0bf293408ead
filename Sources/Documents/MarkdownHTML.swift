/// Markdown as HTML.
///
/// Nothing in it is markup but what markdown means: `<script>` stays text.
struct MarkdownHTML {
  private(set) var html = ""
  private var lists: [(margin: Int, tag: String)] = []
  private let heading: (String, Int) -> String
  private let picture: (String) -> String?

  /// The HTML of a markdown text.
  ///
  /// - Parameters:
  ///   - markdown: the text.
  ///   - picture: gives the place of a picture the address that stands on the page; nil for none.
  ///   - heading: gives a title, which is HTML already, its element.
  /// - Returns: the elements.
  static func html(
    _ markdown: String, picture: @escaping (String) -> String? = { _ in nil },
    heading: @escaping (String, Int) -> String
  ) -> String {
    var writer = MarkdownHTML(heading: heading, picture: picture)
    for block in MarkdownReader.blocks(markdown) { writer.write(block) }
    writer.closeLists(above: -1)
    return writer.html
  }

  private init(
    heading: @escaping (String, Int) -> String, picture: @escaping (String) -> String?
  ) {
    (self.heading, self.picture) = (heading, picture)
  }

  private mutating func write(_ block: MarkdownBlock) {
    switch block {
    case .gap: return
    case .item(let margin, let bullet, let text): return item(margin.count, bullet, text)
    default: closeLists(above: -1)
    }
    switch block {
    case .heading(let title, let level): html += heading(inline(title), level)
    case .paragraph(let text): html += "<p>\(inline(text))</p>\n"
    case .quote(let text): html += "<blockquote><p>\(inline(text))</p></blockquote>\n"
    case .code(let lines):
      html += HTMLElement.scrolling(
        "pre", class: "code", "<code>\(HTMLText.escaped(lines.joined(separator: "\n")))</code>",
        label: "code")
    case .table(let head, let isNumber, let rows):
      html += HTMLElement.table(
        head: zip(head, isNumber).map { (inline($0), $1) },
        rows: rows.map { (nil, $0.map(inline)) }, caption: nil)
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
    html += "<li>\(inline(text))"
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
  /// A line of markdown as HTML, without pictures.
  static func inline(_ text: String) -> String {
    MarkdownHTML(heading: { text, _ in text }, picture: { _ in nil }).inline(text)
  }

  private func inline(_ text: String) -> String { html(MarkdownInline.spans(text)) }

  private func html(_ spans: [MarkdownSpan]) -> String {
    spans.reduce(into: "") { html, span in
      switch span {
      case .text(let text): html += HTMLText.escaped(text)
      case .code(let code): html += "<code>\(HTMLText.escaped(code))</code>"
      case .image(let text, let address):
        if let source = picture(address) {
          html += "<img src=\"\(HTMLText.escaped(source))\" alt=\"\(HTMLText.escaped(text))\">"
        } else {
          html += self.html([.link([.text(text)], address: address)])
        }
      case .formula(let source, let isBlock):
        html += Formula(source).mathML(of: source, isBlock: isBlock)
      case .strong(let inner): html += "<strong>\(self.html(inner))</strong>"
      case .emphasis(let inner): html += "<em>\(self.html(inner))</em>"
      case .link(let inner, let address):
        let text = inner.isEmpty ? HTMLText.escaped(address) : self.html(inner)
        html +=
          Self.isHarmless(address) ? "<a href=\"\(HTMLText.escaped(address))\">\(text)</a>" : text
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
