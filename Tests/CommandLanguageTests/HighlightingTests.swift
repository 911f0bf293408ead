import CollabLanguage
import Testing

struct HighlightingTests {
  private let parser = Parser(commands: ["fit", "learner", "load", "plot", "read_csv", "validate"])

  /// The coloured stretches of a text.
  private func colors(_ text: String) -> [Run] {
    let source = Source(text)
    return parser.highlights(in: source).filter { $0.kind != .plain }.map {
      Run($0.kind, source.text(in: $0.range))
    }
  }

  private struct Run: Equatable, CustomStringConvertible {
    let kind: Highlight.Kind
    let text: String
    init(_ kind: Highlight.Kind, _ text: String) { (self.kind, self.text) = (kind, text) }
    var description: String { "\(kind) \(text)" }
  }

  @Test func `a command has a colour, its options and numbers have others`() {
    #expect(
      colors("fit 5 5e-3 wd=0.1 # again") == [
        Run(.command, "fit"), Run(.number, "5"), Run(.number, "5e-3"), Run(.option, "wd"),
        Run(.number, "0.1"), Run(.comment, "# again"),
      ])
  }

  @Test func `a command on the right of an assignment is one too`() {
    #expect(
      colors("learn = learner dot factors=50\nloss = validate") == [
        Run(.command, "learner"), Run(.option, "factors"), Run(.number, "50"),
        Run(.command, "validate"),
      ])
  }

  @Test(arguments: [
    "fit = 3", "fit.x", "x.fit", "a + fit", "fit(x)", "(fit)", "x == fit", "fit += y",
  ])
  func `the name of a command elsewhere is a name`(_ text: String) {
    #expect(!colors(text).contains { $0.kind == .command })
  }

  @Test func `inside braces and brackets there are no commands`() {
    let text = "model T {\n  fit = 1\n  forward(x) {\n    y = fit + x\n    fit\n  }\n}\nfit 1 1"
    #expect(colors(text).filter { $0.kind == .command }.count == 1)
    #expect(!colors("x = (\nfit\n)").contains { $0.kind == .command })
  }

  @Test func `commands may stand in blocks, and behind the head of one`() {
    let text = "for wd in [1]:\n  fit 5\nif a: fit 6\nelse:\n  load"
    #expect(
      colors(text).filter { $0.kind == .command }
        == [Run(.command, "fit"), Run(.command, "fit"), Run(.command, "load")])
    #expect(
      colors("class A(Module):\n  def f(self): return none") == [
        Run(.keyword, "class"), Run(.keyword, "def"), Run(.keyword, "return"), Run(.number, "none"),
      ])
    #expect(colors("{a: fit}[b: fit]").isEmpty)
  }

  @Test func `a line for a shell is passed over like a comment`() {
    #expect(
      colors("!pip install 'x\n1") == [Run(.comment, "!pip install 'x"), Run(.number, "1")])
  }

  @Test func `each statement of a line may begin with a command`() {
    #expect(
      colors("load;fit 1 1").filter { $0.kind == .command }
        == [Run(.command, "load"), Run(.command, "fit")])
  }

  @Test func `the words of the language are keywords, but not as members`() {
    #expect(
      colors("model T { a = 1 }\nlearn.model.a\ndef f(x) = not x") == [
        Run(.keyword, "model"), Run(.number, "1"), Run(.keyword, "def"), Run(.keyword, "not"),
      ])
    #expect(
      colors("[a for a in b if a]").map(\.kind) == [.keyword, .keyword, .keyword])
  }

  @Test(arguments: [
    "'a b'", "\"it's\"", "f'{x:.2f} # no comment'", "\"\"\"two\nlines\"\"\"", #"'a\'b'"#,
  ])
  func `a text in quotes is one stretch`(_ text: String) {
    #expect(colors("x = \(text)") == [Run(.string, text)])
  }

  @Test(arguments: ["5", "5.5", ".5", "5e-3", "1_000", "true", "False", "none", "None"])
  func `numbers and constants look alike`(_ text: String) {
    #expect(colors("x = \(text)") == [Run(.number, text)])
  }

  @Test func `named arguments of a call are options, assignments are not`() {
    #expect(
      colors("a = f(b=1, c = 2)\nd=3") == [
        Run(.option, "b"), Run(.number, "1"), Run(.number, "2"), Run(.number, "3"),
      ])
  }

  @Test func `a comment ends with its line`() {
    #expect(
      colors("# fit 5\nfit 5") == [
        Run(.comment, "# fit 5"), Run(.command, "fit"), Run(.number, "5"),
      ])
  }

  @Test func `a mistake colours nothing wrong`() {
    #expect(colors("read_csv ~/x.csv n=5").first == Run(.command, "read_csv"))
    #expect(colors("x = 'open").allSatisfy { $0.kind != .command })
  }

  @Test(arguments: [
    Examples.chapter, Examples.model, "ä = 'é' # ü\r\nfit 5 \u{1F600}", "", "\"", "(((",
  ])
  func `the stretches are the whole text, one behind the other`(_ text: String) {
    let source = Source(text)
    let highlights = parser.highlights(in: source)
    var end = 0
    for highlight in highlights {
      #expect(highlight.range.lowerBound == end && !highlight.range.isEmpty)
      end = highlight.range.upperBound
    }
    #expect(end == source.bytes.count)
    #expect(highlights.map { source.text(in: $0.range) }.joined() == text)
  }
}
