/// HTML or SVG, read far enough to see whether it is well formed.
public struct Markup {
  /// What is wrong with it; empty if nothing is.
  public private(set) var problems: [String] = []
  /// The names of the elements, in their order.
  public private(set) var elements: [String] = []
  /// The values of all `id` attributes.
  public private(set) var ids: [String] = []
  /// The targets of all links within the page.
  public private(set) var anchors: [String] = []
  /// The addresses of all other links, sources and the like.
  public private(set) var addresses: [String] = []

  private static let void: Set<String> = ["meta", "link", "br", "hr", "img"]

  /// Reads a text.
  public init(_ text: String) {
    var open: [String] = []
    // Those that the page makes itself: where its author's links lead is the author's to say.
    var ownAnchors: [String] = []
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      rest = rest[start...]
      if rest.first == "&" {
        let entity = rest.prefix(8)
        if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(where: entity.hasPrefix) {
          problems.append("a bare ampersand at \(entity)")
        }
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(of: ">") else {
        problems.append("a tag without an end at \(rest.prefix(30))")
        break
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.first == "!" { continue }
      if tag.first == "/" {
        let name = String(tag.dropFirst())
        if open.last == name {
          open.removeLast()
        } else {
          problems.append("</\(name)> closes \(open)")
        }
        continue
      }
      let name = String(tag.prefix { $0.isLetter || $0.isNumber })
      if name.isEmpty { problems.append("no tag: <\(tag)>") }
      elements.append(name)
      let count = anchors.count
      readAttributes(of: tag)
      if open.contains("nav") || tag.contains("class=\"skip\"") { ownAnchors += anchors[count...] }
      if tag.last != "/", !Self.void.contains(name) { open.append(name) }
      if name == "style" {
        // What is inside is no markup.
        while !rest.isEmpty, !rest.hasPrefix("</style>") { rest = rest.dropFirst() }
      }
    }
    if !open.isEmpty { problems.append("left open: \(open)") }
    if Set(ids).count != ids.count { problems.append("an id is there twice") }
    for anchor in ownAnchors where !ids.contains(anchor) { problems.append("no place #\(anchor)") }
  }

  private mutating func readAttributes(of tag: Substring) {
    var rest = tag.drop { $0 != " " }
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].split(separator: " ").last ?? ""
      rest = rest[equals...].dropFirst()
      let value: Substring
      if let quote = rest.first, quote == "\"" || quote == "'" {
        value = rest.dropFirst().prefix { $0 != quote }
        rest = rest.dropFirst(value.count + 2)
      } else {
        value = rest.prefix { $0 != " " && $0 != "/" }
        rest = rest.dropFirst(value.count)
      }
      note(name, value)
    }
  }

  private mutating func note(_ name: Substring, _ value: Substring) {
    if name == "id" { ids.append(String(value)) }
    if name.hasPrefix("on") { problems.append("a handler: \(name)") }
    guard name == "href" || name == "src" || name == "xlink:href" else { return }
    if value.first == "#" {
      anchors.append(String(value.dropFirst()))
    } else {
      addresses.append(String(value))
    }
  }
}
