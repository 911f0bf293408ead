import CollabDocuments
import Testing

struct MarkdownLayoutTests {
  @Test func `a lesson's prose reads well as text`() {
    let prose = """
      ## Dot products
      The match between a film and a viewer is the **dot product** of their factors; try
      `(user1*last_skywalker).sum()` and *look*.

      - one
      - two, which is long enough that it has to be continued on a second line of text
        and a third

      1. first
      2. second

      ```
      fit 5 5e-3
        indented
      ```
      > a quote
      """
    #expect(
      TextCollector.text(.prose(prose), width: 50) == """
        Dot products
        ------------

        The match between a film and a viewer is the dot
        product of their factors; try
        `(user1*last_skywalker).sum()` and look.

        - one
        - two, which is long enough that it has to be
          continued on a second line of text and a third

        1. first
        2. second

            fit 5 5e-3
              indented

        > a quote

        """)
  }

  @Test(arguments: [
    ("**bold** and __bold__", "bold and bold"), ("*a* _b_", "a b"),
    ("snake_case_name", "snake_case_name"), ("2 * 3 * 4", "2 * 3 * 4"), ("a*b", "a*b"),
    ("`x**2`", "`x**2`"), ("``a`b``", "`a`b`"), ("\\*kept\\*", "*kept*"),
    ("[the book](https://a.b/c)", "the book (https://a.b/c)"),
    ("[https://a.b](https://a.b)", "https://a.b"), ("![plot](x.png)", "plot (x.png)"),
    ("x[:,0]", "x[:,0]"), ("**open", "**open"), ("`open", "`open"), ("***", "***"),
    ("**a `b` c**", "a `b` c"), ("# not # a title#", "not # a title#\n=============="),
    ("#hash", "#hash"),
  ])
  func `marks are dropped and code keeps its backquotes`(_ markdown: String, _ text: String) {
    #expect(TextCollector.text(.prose(markdown)) == text + "\n")
  }

  @Test func `a table in markdown is a table`() {
    let prose = "| name | n |\n|---|--:|\n| `dot` | 5 |\n| nn | 12 |"
    #expect(TextCollector.text(.prose(prose)) == "name    n\n`dot`   5\nnn     12\n")
  }

  @Test func `prose is never wider than 88 columns`() {
    let words = String(repeating: "word ", count: 100)
    let lines = TextCollector.text(.prose(words), width: 200).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 88 })
    #expect(lines.first?.count == 84)
  }

  @Test func `an address is not cut and a long word is`() {
    let address = "https://grouplens.org/datasets/movielens/100k/"
    #expect(TextCollector.text(.prose("see \(address)"), width: 20) == "see\n\(address)\n")
    #expect(
      TextCollector.text(.prose(String(repeating: "x", count: 25)), width: 20)
        == String(repeating: "x", count: 20) + "\nxxxxx\n")
  }

  @Test func `text without blanks is broken between wide characters`() {
    let film = String(repeating: "七人の侍", count: 4)
    #expect(
      TextCollector.text(.prose(film), width: 20)
        == "七人の侍七人の侍七人\nの侍七人の侍\n")
  }

  /// What opens and never closes, and what could be read again and again.
  private static let patterns = [
    "[", "*", "_", "`", ">", "![", "](", "[a](", "**a ", "*a", "_a ", "a_", "\\", "\\[", "|", "|-",
    "#", "- ", "1. ", "> ", ">", "`a``b", "*a**b", "[*", "*[", "_*`[", "侍", "://", "a/", "!", "<",
  ]

  @Test(arguments: patterns)
  func `a long line of nothing but marks is read in one go`(_ pattern: String) {
    let line = String(repeating: pattern, count: 30_000 / pattern.utf8.count)
    _ = MarkdownInline.spans(line)
    // Backquotes alone begin code, of which there is none.
    #expect(!TextCollector.text(.prose(line)).isEmpty || pattern == "`")
  }

  @Test func `backquotes in runs of every length are read in one go`() {
    let line = (1...200).map { String(repeating: "`", count: $0) }.joined(separator: "a")
    #expect(MarkdownInline.spans(line) == [.text(line)])
  }

  @Test(arguments: ["- a\n", "> ", "    - a\n", "| a |\n|-|\n", "```\n", "1. a\n", "# a\n", "|\n"])
  func `many lines of one kind are read in one go`(_ line: String) {
    let prose = String(repeating: line, count: 4_000)
    #expect(!MarkdownReader.blocks(prose).isEmpty)
    let page = HTMLRenderer()
    page.write(.prose(prose))
    #expect(!page.body.isEmpty)
  }

  @Test func `lists inside of lists can be as deep as they like`() {
    let prose = (0..<500).map { String(repeating: " ", count: $0) + "- a" }.joined(separator: "\n")
    let page = HTMLRenderer()
    page.write(.prose(prose))
    #expect(page.body.components(of: "<ul>") == 500)
    #expect(page.body.components(of: "</ul>") == 500)
  }

  @Test func `a table of few bytes does not have any number of cells`() {
    let head = String(repeating: "|a", count: 2000)
    let rule = String(repeating: "|-", count: 2000)
    let prose = "\(head)\n\(rule)\n" + String(repeating: "|b\n", count: 2000)
    #expect(TextCollector.text(.prose(prose)).utf8.count < 1 << 20)
  }

  @Test func `lines may end in a carriage return too`() {
    #expect(
      TextCollector.text(.prose("# Title\r\n\r\n- one\r\n- two\r\n"))
        == TextCollector.text(.prose("# Title\n\n- one\n- two\n")))
  }

  @Test(arguments: [
    ("a [b c", "a [b c"), ("[a](b", "[a](b"), ("[a] (b)", "[a] (b)"), ("[*a*](b)", "a (b)"),
    ("*a [b*](c)", "a [b](c)"), ("**a *b* c**", "a b c"), ("*a **b** c*", "a b c"),
    ("\\*a*", "*a*"), ("\\**a*", "*a"), ("`` ` ``", "` ` `"), ("a ` b `` c `", "a ` b `` c `"),
  ])
  func `marks find their ends`(_ markdown: String, _ text: String) {
    #expect(TextCollector.text(.prose(markdown)) == text + "\n")
  }

  @Test func `any text can be laid out`() {
    var random = SplitMix(state: 20)
    let pieces = [
      "*", "**", "_", "`", "``", "```\n", "[", "](", ")", "#", "# ", "- ", "1. ", "> ", "|", "|-|",
      "\n", "\n\n", "\\", "!", "word", " ", "侍", "é", "\u{1B}[2J", "\r\n", "\t",
    ]
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<30, using: &random)
      let prose = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let text = TextCollector.text(.prose(prose), width: 30)
      #expect(!text.contains("\u{1B}"), "\(prose.debugDescription)")
      #expect(text.isEmpty || text.hasSuffix("\n"))
    }
  }
}

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
