import CollabDocuments
import Testing

struct PlainRendererTests {
  @Test func `biases have bars in proportion`() {
    let chart = BarChart([
      .init("L.A. Confidential (1997)", value: 0.52, text: "0.52"),
      .init("Titanic (1997)", value: 0.50, text: "0.50"),
      .init("Shawshank Redemption, The (1994)", value: 0.47, text: "0.47"),
      .init("Silence of the Lambs, The (1991)", value: 0.47, text: "0.47"),
      .init("Star Wars (1977)", value: 0.45, text: "0.45"),
    ])
    #expect(
      TextCollector.text(.bars(chart)) == """
         1  L.A. Confidential (1997)          0.52  ███████████████
         2  Titanic (1997)                    0.50  ██████████████▍
         3  Shawshank Redemption, The (1994)  0.47  █████████████▌
         4  Silence of the Lambs, The (1991)  0.47  █████████████▌
         5  Star Wars (1977)                  0.45  █████████████

        """)
    #expect(
      TextCollector.text(.bars(chart), width: 30).hasPrefix(" 1  L.A. Confidential (…  0.52\n"))
  }

  @Test func `bars give way to labels on a narrow page, and can be compared`() {
    let small = BarChart.Bar("Children of the Corn", value: -0.25, text: "-0.25")
    let large = BarChart.Bar("Titanic (1997)", value: 0.5, text: "0.50")
    #expect(
      TextCollector.text(.bars(BarChart([small], comparedWith: [large])), width: 80)
        == " 1  Children of the Corn  -0.25  ███████▌\n")
    #expect(
      TextCollector.text(.bars(BarChart([small])), width: 40)
        == " 1  Children of the Corn  -0.25  ███████\n")
    #expect(
      TextCollector.text(.bars(BarChart([small])), width: 35)
        == " 1  Children of the Corn  -0.25\n")
  }

  @Test func `losses of a fit are printed as fastai prints them`() {
    let collector = TextCollector()
    let output = collector.plain()
    output.begin(LiveTable(titles: ["epoch", "train_loss", "valid_loss", "time"]))
    #expect(collector.text == "epoch  train_loss  valid_loss  time\n")
    output.append(row: ["0", "1.296978", "1.334247", "00:01"])
    output.progress(Progress(label: "2/5", done: 1, total: 2, elapsed: 9))
    output.append(row: ["1", "1.008843", "1.085047", "1:00:01"])
    output.progress(nil)
    output.end()
    #expect(
      collector.text == """
        epoch  train_loss  valid_loss  time
        0      1.296978    1.334247    00:01
        1      1.008843    1.085047    1:00:01

        """)
    #expect(collector.errors == "")
  }

  @Test func `a line of code that is too long goes on from a blank, deeper`() {
    let code = "if x:\n    titles = read_csv 'u.item' delimiter='|' names=[movie,title]\n  a"
    #expect(
      TextCollector.text(.code(code), width: 40) == """
            if x:
                titles = read_csv 'u.item'
                    delimiter='|'
                    names=[movie,title]
              a

        """)
    let whole = String(repeating: "x", count: 50)
    #expect(TextCollector.text(.code(whole), width: 40) == "    \(whole)\n")
  }

  @Test func `short items of a line are not parted`() {
    let line = "films.ckpt: DotProductBias · 943 users · 1,664 items · 2.5 MB"
    #expect(
      TextCollector.text(.paragraph(line), width: 59)
        == "films.ckpt: DotProductBias · 943 users · 1,664 items ·\n2.5 MB\n")
  }

  @Test func `failures go to their own place`() {
    let collector = TextCollector()
    let output = collector.plain()
    output.write(.failure(Failure(lines: ["error[no-file]: no file `x`", "  help: look"])))
    #expect(collector.errors == "error[no-file]: no file `x`\n  help: look\n")
    #expect(collector.text == "")
  }

  @Test func `failures are with the rest when they have no place`() {
    var text = ""
    let output = PlainRenderer(to: { text += $0 })
    output.write(.failure(Failure(lines: ["error[shape]: cannot"])))
    #expect(text == "error[shape]: cannot\n")
  }

  @Test func `blanks in a paragraph stay when it fits`() {
    #expect(TextCollector.text(.paragraph("943 users     0.21 s")) == "943 users     0.21 s\n")
    #expect(
      TextCollector.text(.paragraph("one two three four five"), width: 20)
        == "one two three four\nfive\n")
    #expect(TextCollector.text(.paragraph("a\nb")) == "a\nb\n")
  }

  @Test func `other blocks are drawn as they are`() {
    #expect(
      TextCollector.text(.preformatted("tensor([1.,\n        2.])"))
        == "tensor([1.,\n        2.])\n")
    #expect(TextCollector.text(.code("fit 5 5e-3")) == "    fit 5 5e-3\n")
    #expect(TextCollector.text(.heading("Data", level: 1)) == "Data\n====\n")
    #expect(TextCollector.text(.heading("Data", level: 3)) == "Data\n")
  }

  @Test func `facts stand beside their names`() {
    let facts = [
      Fact("EPOCHS", "how many passes over the training data"), Fact("wd", "weight decay"),
      Fact("none", ""),
    ]
    #expect(
      TextCollector.text(.facts(facts), width: 30) == """
        EPOCHS  how many passes over
                the training data
        wd      weight decay
        none

        """)
  }

  @Test(arguments: [
    Block.preformatted("a\u{1B}[2Jb"), .paragraph("a\u{1B}[2Jb"), .code("a\u{1B}[2Jb"),
    .heading("a\u{1B}[2Jb", level: 1), .facts([Fact("a\u{1B}[2Jb", "a\u{1B}[2Jb")]),
    .failure(Failure(lines: ["a\u{1B}[2Jb"])), .prose("a\u{1B}[2Jb"),
    .table(TableBlock(columns: [.text("a\u{1B}[2Jb")], rows: [["a\u{1B}[2Jb"]])),
    .bars(BarChart([.init("a\u{1B}[2Jb", value: 1, text: "1")])),
  ])
  func `data cannot command the terminal`(_ block: Block) {
    #expect(!TextCollector.text(block).contains("\u{1B}"))
    #expect(TextCollector.text(block).contains("a␛[2Jb"))
  }
}
