import CollabDocuments
import Testing

struct TerminalRendererTests {
  static let blocks: [Block] = [
    .heading("Data", level: 2), .paragraph("100,000 ratings · 943 users     0.21 s"),
    .table(TableLayoutTests.ratings), .prose("**bold** `code`\n\n- item"), .code("fit 5"),
    .bars(BarChart([.init("Kolya (1996)", value: -0.5, text: "-0.50")])),
    .facts([Fact("lr", "the rate")]), .preformatted("tensor(1.)"),
  ]
  static let failure = Failure(lines: [
    "           ^^^", "error[unknown-command]: there is no command `ftt`",
    "  help: did you mean `fit`?",
  ])

  @Test(arguments: blocks)
  func `the text is that of the plain renderer`(_ block: Block) {
    let (plain, colored, bare) = (TextCollector(), TextCollector(), TextCollector())
    plain.plain(width: 60).write(block)
    colored.terminal(width: 60).write(block)
    bare.terminal(width: 60, hasColor: false).write(block)
    #expect(withoutColor(colored.text) == plain.text)
    #expect(bare.text == plain.text)
  }

  @Test func `a failure is red, its advice is not`() {
    let collector = TextCollector()
    collector.terminal().write(.failure(Self.failure))
    #expect(
      collector.errors == """
                   \u{1B}[31m^^^\u{1B}[0m
        \u{1B}[1;31merror[unknown-command]:\u{1B}[0m\u{1B}[1m there is no command `ftt`\u{1B}[0m
        \u{1B}[36m  help:\u{1B}[0m did you mean `fit`?

        """)
  }

  @Test func `messages are broken between words, code is not`() {
    let collector = TextCollector()
    let code = "1 | recommend 42 n=3 exclude=['Alpha', 'Beta']"
    collector.terminal(width: 40, hasColor: false).write(
      .failure(
        Failure(lines: [
          "error[bad-value]: there is no title called `Alpha` among the 1,664 of this data", code,
          "  help: similar 'Alphabet (1996)', or another that is here",
        ])))
    #expect(
      collector.errors == """
        error[bad-value]: there is no title
          called `Alpha` among the 1,664 of this
          data
        \(code)
          help: similar 'Alphabet (1996)', or
            another that is here

        """)
  }

  @Test func `a bar is drawn at most ten times a second and erased`() {
    let collector = TextCollector()
    let output = collector.terminal(hasColor: false)
    output.begin(LiveTable(titles: ["epoch", "train_loss"]))
    for step in 1...300 {
      collector.time = Double(step) * 0.01
      output.progress(
        Progress(label: "1/5", done: step, total: 1000, elapsed: collector.time))
    }
    // Nothing in the first second, then ten in each, give or take the rounding of the clock.
    #expect((19...21).contains(collector.errors.split(separator: "\r").count))
    output.append(row: ["0", "1.296978"])
    #expect(collector.errors.hasSuffix("\r\u{1B}[K"))
    let errors = collector.errors
    output.progress(nil)
    output.end()
    #expect(collector.errors == errors)
    #expect(collector.text == "epoch  train_loss\n0      1.296978\n")
  }

  @Test func `what takes under a second has no bar`() {
    let collector = TextCollector()
    let output = collector.terminal()
    for step in 1...99 {
      collector.time = Double(step) * 0.01
      output.progress(Progress(done: step, total: 100, elapsed: collector.time))
    }
    output.progress(nil)
    #expect(collector.errors == "")
  }

  @Test(arguments: [
    (80, Glyphs.unicode, "2/5 ▕██████████████▎         ▏ 59%  742/1250  00:01<00:00  loss 0.8921"),
    (80, .ascii, "2/5 [##############----------] 59%  742/1250  00:01<00:00  loss 0.8921"),
    (70, .unicode, "2/5 ▕█████████████▋         ▏ 59%  742/1250  00:01<00:00  loss 0.8921"),
    (50, .unicode, "2/5 59%  742/1250  00:01<00:00  loss 0.8921"),
    (49, .unicode, "2/5 59% loss 0.8921"), (12, .unicode, "2/5 59% lo…"),
  ])
  func `the bar fits the window`(_ width: Int, _ glyphs: Glyphs, _ line: String) {
    let collector = TextCollector()
    let output = collector.terminal(width: width, hasColor: false, glyphs: glyphs)
    output.progress(Progress(done: 0, total: 1, elapsed: 0))
    collector.time = 1
    output.progress(
      Progress(label: "2/5", done: 742, total: 1250, elapsed: 1.4, note: "loss 0.8921"))
    #expect(collector.errors == "\r\(line)\u{1B}[K")
  }

  @Test func `remaining time is told after three per cent or half a second`() {
    #expect(Progress(done: 29, total: 1000, elapsed: 0.4).remaining == nil)
    #expect(Progress(done: 30, total: 1000, elapsed: 0.3).remaining != nil)
    #expect(Progress(done: 1, total: 1000, elapsed: 0.5).remaining == 0.5 * 999)
    #expect(Progress(done: 0, total: 1000, elapsed: 5).remaining == nil)
  }

  @Test func `a dumb terminal has no bar`() {
    let collector = TextCollector()
    let output = collector.terminal(canRedraw: false)
    output.progress(Progress(done: 1, total: 2, elapsed: 0))
    collector.time = 5
    output.progress(Progress(done: 1, total: 2, elapsed: 5))
    #expect(collector.errors == "")
  }

  @Test(arguments: [
    (0.0, "00:00"), (59.99, "00:59"), (83.9, "01:23"), (3599, "59:59"), (3600, "1:00:00"),
    (36_061, "10:01:01"), (.nan, "00:00"), (.infinity, "00:00"), (-1, "00:00"),
  ])
  func `times are whole seconds`(_ seconds: Double, _ text: String) {
    #expect(TimeText.clock(seconds) == text)
  }
}

struct TerminalTraitsTests {
  static func traits(
    _ variables: [String: String], color: ColorChoice = .auto, isTerminal: Bool = true
  ) -> TerminalTraits {
    TerminalTraits(
      outputIsTerminal: isTerminal, errorIsTerminal: true, windowWidth: 100, color: color,
      environment: { variables[$0] })
  }

  static let usual = ["TERM": "xterm", "LANG": "en_US.UTF-8"]

  @Test func `colour is for terminals that want it`() {
    #expect(Self.traits(Self.usual).hasColor)
    #expect(!Self.traits(Self.usual, isTerminal: false).hasColor)
    #expect(!Self.traits(["TERM": "dumb"]).hasColor)
    #expect(!Self.traits([:]).hasColor)
    #expect(!Self.traits(["TERM": "xterm", "NO_COLOR": "1"]).hasColor)
    #expect(Self.traits(["TERM": "xterm", "NO_COLOR": ""]).hasColor)
    #expect(Self.traits(["NO_COLOR": "1"], color: .always, isTerminal: false).hasColor)
    #expect(!Self.traits(Self.usual, color: .never).hasColor)
  }

  @Test func `the bar is plain characters without UTF-8`() {
    #expect(Self.traits(Self.usual).glyphs == .unicode)
    #expect(Self.traits(["TERM": "xterm", "LANG": "C"]).glyphs == .ascii)
    #expect(Self.traits(["TERM": "xterm", "LC_ALL": "C", "LANG": "de_DE.utf8"]).glyphs == .ascii)
    #expect(Self.traits(["LANG": "C"], isTerminal: false).glyphs == .unicode)
  }

  @Test func `the width is that of COLUMNS or of the window`() {
    #expect(Self.traits(Self.usual).width == 100)
    #expect(Self.traits(["COLUMNS": "44"]).width == 44)
    #expect(Self.traits(["COLUMNS": "x"]).width == 100)
  }
}

struct OutputRecorderTests {
  @Test func `a live table is kept as one block`() {
    let recorder = OutputRecorder()
    recorder.write(.paragraph("a"))
    recorder.begin(LiveTable(titles: ["epoch"]))
    recorder.append(row: ["0"])
    recorder.append(row: ["1"])
    recorder.end()
    #expect(
      recorder.blocks == [
        .paragraph("a"), .table(TableBlock(columns: [.text("epoch")], rows: [["0"], ["1"]])),
      ])
  }
}

struct WatchedPictureTests {
  private static func picture(_ losses: [Double]) -> Plot {
    Plot(series: [.init("loss", x: losses.indices.map(Double.init), y: losses, mark: .linePoints)])
  }

  @Test func `a picture that changes takes the place of the one before`() {
    let collector = TextCollector()
    let output = collector.terminal(hasColor: false)
    output.begin(LiveTable(titles: ["epoch", "loss"]))
    output.append(row: ["0", "1.5"])
    output.watch(Self.picture([1.5, 1]))
    let lines = collector.errors.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    #expect(lines > 4)
    collector.errors = ""
    output.append(row: ["1", "1.0"])
    #expect(collector.errors == "\r\u{1B}[\(lines)A\u{1B}[J")
    output.watch(Self.picture([1.5, 1, 0.9]))
    collector.errors = ""
    output.end()
    #expect(collector.errors.hasPrefix("\r\u{1B}[") && collector.errors.hasSuffix("A\u{1B}[J"))
    #expect(collector.text == "epoch  loss\n0      1.5\n1      1.0\n")
    collector.errors = ""
    output.watch(nil)
    #expect(collector.errors == "")
  }

  @Test func `the bar is drawn below the picture, and leaves it`() {
    let collector = TextCollector()
    let output = collector.terminal(hasColor: false)
    output.begin(LiveTable(titles: ["epoch"]))
    output.watch(Self.picture([1.5, 1]))
    collector.errors = ""
    collector.time = 2
    output.progress(Progress(done: 1, total: 2, elapsed: 1))
    output.progress(nil)
    #expect(!collector.errors.contains("A\u{1B}[J"))
  }

  @Test func `where nothing can be taken away no picture changes`() {
    let collector = TextCollector()
    collector.terminal(canRedraw: false).watch(Self.picture([1, 2]))
    #expect(collector.errors == "" && collector.text == "")
  }

  @Test func `frames stand side by side in a page, and below each other in text`() {
    let plots = ["first", "last"].map { Plot(title: $0, series: [.init(x: [0, 1], y: [1, 2])]) }
    let page = HTMLRenderer()
    page.write(.frames(plots))
    let body = page.page(title: "Frames")
    #expect(body.contains("<div class=\"frames\">\n<figure>"))
    #expect(body.split(separator: "<figure>").count == 3)
    let text = TextCollector.text(.frames(plots))
    #expect(text == plots.map { TextCollector.text(.plot($0)) }.joined())
  }
}
