/// Elements of a page that several kinds of output share.
enum HTMLElement {
  /// Something that may be wider than the page, and can then be scrolled with keys too.
  static func scrolling(
    _ tag: String, class name: String, _ inside: String, label: String
  ) -> String {
    """
    <\(tag) class="\(name)" tabindex="0" role="group" aria-label="\(label)">\(inside)</\(tag)>

    """
  }

  /// A table.
  ///
  /// - Parameters:
  ///   - head: titles as HTML, and whether their columns hold numbers.
  ///   - rows: a name, if rows have names, and cells, as HTML.
  ///   - caption: what stands below, as text.
  /// - Returns: the element.
  static func table(
    head: [(title: String, isNumber: Bool)], rows: [(name: String?, cells: [String])],
    caption: String?
  ) -> String {
    let hasNames = rows.contains { $0.name != nil }
    func cell(_ tag: String, _ isNumber: Bool, _ text: String, _ more: String = "") -> String {
      "<\(tag)\(isNumber ? " class=\"number\"" : "")\(more)>\(text)</\(tag)>"
    }
    var html = "<table>\n"
    if let caption { html += "<caption>\(HTMLText.escaped(caption))</caption>\n" }
    if head.contains(where: { !$0.title.isEmpty }) {
      let titles = head.map { cell("th", $0.isNumber, $0.title, " scope=\"col\"") }
      html += "<thead><tr>\(hasNames ? "<td></td>" : "")\(titles.joined())</tr></thead>\n"
    }
    html += "<tbody>\n"
    for row in rows {
      let name = row.name.map { cell("th", true, $0, " scope=\"row\"") } ?? ""
      let cells = zip(row.cells, head).map { cell("td", $1.isNumber, $0) }
      html += "<tr>\(name)\(cells.joined())</tr>\n"
    }
    return scrolling("div", class: "scroll", html + "</tbody>\n</table>", label: "table")
  }
}
