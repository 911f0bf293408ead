import CollabLanguage
import Testing

struct DiagnosticTests {
  @Test func `words are not broken at the edge of a prompt`() {
    let error = Diagnostic(
      "no-file", "`a.collab` cannot be written: no such folder", help: ["choose another folder"])
    #expect(
      error.lines(for: .prompt(width: 10), width: 30) == [
        "error[no-file]: `a.collab`", "  cannot be written: no such", "  folder",
        "  help: choose another folder",
      ])
    #expect(error.lines(for: .file, width: 30).count == 2)
  }

  private func drawn(
    _ text: String, at range: Range<Int>, prompt: Int? = nil, width: Int = 120,
    caption: String? = nil, related: [Range<Int>] = []
  ) -> [String] {
    let source = prompt == nil ? Source(text, name: "a.collab") : Source(text)
    let diagnostic = Diagnostic(
      "code", "message", at: range, in: source, caption: caption, related: related)
    return diagnostic.lines(for: prompt.map { .prompt(width: $0) } ?? .file, width: width)
  }

  @Test func `a file's line is named and repeated`() {
    let text = String(repeating: "\n", count: 11) + "fit 5 5e-3 wd=high\nvars"
    let diagnostic = Diagnostic(
      "bad-value", "`wd` takes a number", at: 22..<29, in: Source(text, name: "bias.collab"),
      caption: "`high` is a name", help: ["for example wd=0.1"])
    #expect(
      diagnostic.description == """
        error[bad-value]: `wd` takes a number
          --> bias.collab:12:12
        12 | fit 5 5e-3 wd=high
           |            ^^^^^^^ `high` is a name
          help: for example wd=0.1
        """)
  }

  @Test func `at a prompt only carets are added`() throws {
    let parser = Parser(commands: ["fit", "learner"])
    do {
      _ = try parser.code(in: Source("ftt 5 5e-3"))
      Issue.record("not refused")
    } catch {
      #expect(
        error.lines(for: .prompt(width: "collab[7]> ".count)) == [
          "           ^^^",
          "error[unknown-command]: there is no command or variable `ftt`",
          "  help: did you mean `fit`?",
        ])
    }
  }

  @Test func `related places are underlined`() {
    #expect(
      drawn(
        "user_factors @ one_hot_3", at: 13..<14, prompt: 11, related: [0..<12, 15..<24])[0]
        == "           ~~~~~~~~~~~~ ^ ~~~~~~~~~")
  }

  @Test func `an unclosed bracket says where its cell ends`() throws {
    let text = """
      %% code id=a
      model DotProduct(nu, ni, nf) {
        u = Embedding(nu, nf)

      %% md
      Prose.
      """
    do {
      _ = try ScriptFile(Source(text, name: "models.collab"), parser: Parser(commands: []))
      Issue.record("not refused")
    } catch {
      #expect(
        error.description == """
          error[unclosed]: `{` is never closed
            --> models.collab:2:30
          2 | model DotProduct(nu, ni, nf) {
            |                              ^ opened here
            | the cell ends at line 5 (`%% md`)
          """)
    }
  }

  @Test func `a second line at the prompt is repeated unless it is the last`() {
    #expect(
      drawn("a = (\nb c)", at: 0..<1, prompt: 4) == [
        "error[code]: message", "  --> <prompt>:1:1", "1 | a = (", "  | ^",
      ])
    #expect(drawn("a = (\nb c)", at: 8..<9, prompt: 4) == ["      ^", "error[code]: message"])
  }

  @Test(arguments: [
    ("七人の侍 x", "侍", 6), ("👍 x", "x", 3), ("👩‍👩‍👧 x", "x", 3), ("🇫🇷 x", "x", 3),
    ("Ame\u{301}lie x", "x", 7), ("❤️ x", "x", 3), ("한글 x", "x", 5), ("ｆｉｔ x", "x", 7),
    ("a\u{200D}b x", "x", 3),
  ])
  func `carets stand under wide and combined characters`(
    _ text: String, _ mark: String, _ column: Int
  ) throws {
    let offset = try #require(text.range(of: mark)).lowerBound.utf16Offset(in: text)
    let index = String.Index(utf16Offset: offset, in: text)
    let start = text[..<index].utf8.count
    let lines = drawn(text, at: start..<start + mark.utf8.count)
    #expect(lines[2] == "1 | \(text)")
    #expect(lines[3].prefix { $0 != "^" }.count == 4 + column)
    let prompt = drawn(text, at: start..<start + mark.utf8.count, prompt: 7)
    #expect(prompt[0].prefix { $0 != "^" }.count == 7 + column)
  }

  @Test func `tabs are drawn as blanks, and at a prompt end where the terminal ends them`() {
    #expect(drawn("a\tb\tc", at: 4..<5)[2...] == ["1 | a   b   c", "  |         ^"])
    #expect(drawn("a\tb", at: 2..<3, prompt: 11)[0] == String(repeating: " ", count: 16) + "^")
  }

  @Test func `control characters cannot reach the terminal`() {
    #expect(drawn("a\u{1B}[31mb", at: 6..<7)[2...] == ["1 | a␛[31mb", "  |       ^"])
  }

  @Test func `what was typed cannot smuggle control characters into a message`() {
    let diagnostic = Diagnostic(
      "code", "`\u{1B}[2J\n`", caption: "\u{9B}m", notes: ["\u{7}"],
      help: [String(repeating: "a", count: 1000)])
    let text = diagnostic.lines().joined(separator: "\n")
    #expect(text.hasPrefix("error[code]: `␛[2J␊`\n  note: ␇\n  help: aaa"))
    #expect(text.count < 400)
  }

  @Test func `a name that stands for nothing is looked for among the known ones`() {
    let source = Source("lern")
    let first = Diagnostic.unknownName(
      "lern", at: source.range, in: source, isStatement: true, among: ["learn", "fit"])
    #expect(first.headline == "error[unknown-command]: there is no command or variable `lern`")
    #expect(first.help == ["did you mean `learn`?"])
    let second = Diagnostic.unknownName("x", at: source.range, in: source, among: [])
    #expect(second.headline == "error[unknown-name]: there is no variable or function `x`")
  }

  @Test func `a long line is shown in part`() {
    let text = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
    let lines = drawn(text, at: 300..<301, width: 44, caption: "here")
    #expect(lines[2] == "1 | …aaaaaaaaaaaaXbbbbbbbbbbbbbbbbbbbbbbbbb…")
    #expect(lines[3] == "  |              ^ here")
    #expect(drawn(text, at: 300..<301, prompt: 4, width: 44)[2] == lines[2])
  }

  @Test func `a range over several lines is marked on the first`() {
    #expect(drawn("f(a,\n b)", at: 1..<8)[2...] == ["1 | f(a,", "  |  ^^^"])
  }

  @Test func `the end of a text can be pointed at`() {
    #expect(drawn("ab", at: 2..<2)[3] == "  |   ^")
    #expect(drawn("", at: 0..<0)[2...] == ["1 |", "  | ^"])
    #expect(drawn("ab\n", at: 3..<3)[1] == "  --> a.collab:2:1")
  }

  @Test func `notes come before help, of which two lines are shown`() {
    let diagnostic = Diagnostic(
      "no-data", "the dataset ml-100k is not installed", notes: ["looked here"],
      help: ["download it, then\nload ml-100k", "second", "third"])
    #expect(
      diagnostic.lines() == [
        "error[no-data]: the dataset ml-100k is not installed", "  note: looked here",
        "  help: download it, then", "        load ml-100k", "  help: second",
      ])
  }

  @Test func `lines and columns count from one`() {
    let source = Source("ab\r\n七人c\n", name: "a")
    #expect(source.lineCount == 3)
    #expect(source.position(at: 0) == source.position(at: -1))
    #expect(source.position(at: 4).line == 2)
    #expect(source.position(at: 10).column == 3)
    #expect(source.text(in: source.lineRange(1)) == "ab")
    #expect(source.text(in: source.lineRange(2)) == "七人c")
    #expect(source.lineRange(3) == 12..<12)
    #expect(source.lineRange(9) == 12..<12)
  }
}

extension String {
  /// The first occurrence of a text.
  fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
