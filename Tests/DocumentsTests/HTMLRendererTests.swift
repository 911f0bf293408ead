import CollabDocuments
import TestSupport
import Testing

struct HTMLRendererTests {
  static let evil = "<script>alert('x')</script> & \"quotes\" ]]> --> </style></title>"

  static let blocks: [Block] = [
    .heading(evil, level: 2), .paragraph(evil), .preformatted("\(evil)\n\(evil)"), .code(evil),
    .prose(
      "# \(evil)\n\n*\(evil)*, `\(evil)`\n\n- \(evil)\n\n> \(evil)\n\n|\(evil)|\n|-|\n|\(evil)|"),
    .facts([Fact(evil, evil)]), .bars(BarChart([.init(evil, value: -1, text: evil)])),
    .table(
      TableBlock(
        columns: [.text(evil), .number(evil)], rows: [[evil, evil]], index: [evil], footer: evil)),
    .failure(
      Failure(lines: ["error[bad]: \(evil)", "1 | \(evil)", "  | ^^^ \(evil)", "help: \(evil)"])),
    .plot(
      Plot(
        title: evil,
        series: [.init(evil, x: [0, 1], y: [0, 1], mark: .points, labels: [evil, ""])],
        horizontal: .init(evil), vertical: .init(evil), caption: evil)),
    .plot(Plot(title: evil, .cells(.init(rows: [evil], columns: [evil], values: [[1]])))),
    .plot(Plot(title: evil, .histogram(.init(of: [1, 2, 2])))),
  ]

  @Test func `a title cannot turn the direction of what follows it`() {
    let page = HTMLRenderer()
    page.write(.paragraph("\u{202E}abc\u{202C} \u{2066}x\u{2069} \u{9B}31m א\u{200F}"))
    #expect(
      page.body
        == "<p class=\"said\">\\u{202e}abc\\u{202c} \\u{2066}x\\u{2069}  31m א\u{200F}</p>\n")
  }

  @Test(arguments: blocks)
  func `text stays text, wherever it comes from`(_ block: Block) {
    let page = HTMLRenderer()
    page.write(block)
    let markup = Markup(page.page(title: Self.evil))
    #expect(markup.problems == [])
    #expect(!markup.elements.contains("script"))
    #expect(markup.elements.count { $0 == "title" || $0 == "style" } >= 2)
  }

  @Test func `statements keep their text, whatever is in them`() {
    let page = HTMLRenderer()
    page.write(code: [
      CodeRun("print", .command), CodeRun(" ", .plain), CodeRun(Self.evil, .string),
    ])
    #expect(Markup(page.page(title: "t")).problems == [])
    #expect(
      page.body.contains("<span class=\"command\">print</span> <span class=\"string\">&lt;script"))
  }

  @Test func `a page needs nothing else`() {
    let page = HTMLRenderer()
    for block in Self.blocks { page.write(block) }
    let markup = Markup(page.page(title: "t"))
    #expect(markup.problems == [])
    #expect(markup.addresses == ["data:,"])
    #expect(!page.page(title: "t").contains("url("))
    #expect(!page.page(title: "t").contains("@import"))
  }

  @Test func `each section has a place of its own in the contents`() {
    let page = HTMLRenderer()
    page.write(.prose("# T\n\n## A\n\n### Inner\n\n## A\n\n## `code` & *more*"))
    let markup = Markup(page.page(title: "t"))
    #expect(markup.problems == [])
    #expect(markup.anchors == ["main", "a", "inner", "a-2", "code-more"])
    #expect(markup.elements.count { $0 == "h1" } == 1)
  }

  @Test func `a page without a title takes the name of its file`() {
    let page = HTMLRenderer()
    page.write(.prose("Only prose."))
    #expect(page.page(title: "a & b").contains("<h1>a &amp; b</h1>"))
    #expect(!page.page(title: "a & b").contains("<nav"))
  }

  @Test(arguments: [
    ("[a](https://x.org)", true), ("[a](mailto:a@b.c)", true), ("[a](sub/page.html)", true),
    ("[a](javascript:alert(1))", false), ("[a](JavaScript:x)", false),
    ("[a](data:text/html,x)", false),
  ])
  func `only addresses that run nothing are links`(markdown: String, isLink: Bool) {
    let page = HTMLRenderer()
    page.write(.prose(markdown))
    #expect(page.body.contains("<a href") == isLink)
  }

  @Test func `carets stay below what they mark, and messages wrap`() {
    let page = HTMLRenderer()
    page.write(
      .failure(
        Failure(lines: ["error[bad]: no", "  --> f:1:1", "1 | ftt", "  | ^^^", "  help: fit"])))
    #expect(page.body.components(of: "class=\"message\"") == 3)
    #expect(page.body.contains("1 | ftt\n  | "))
  }

  @Test func `rows of a table that fills up become one table`() {
    let page = HTMLRenderer()
    page.begin(LiveTable(titles: ["epoch", "loss"]))
    page.append(row: ["0", "1.5"])
    page.append(row: ["1", "1.2"])
    page.end()
    let markup = Markup(page.body)
    #expect(markup.problems == [])
    #expect(markup.elements.count { $0 == "tr" } == 3)
  }
}

extension String {
  fileprivate func components(of text: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
