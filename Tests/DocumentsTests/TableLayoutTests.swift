import CollabDocuments
import Testing
import CollabText

struct TableLayoutTests {
  static let ratings = TableBlock(
    columns: [
      .number("user"), .number("movie"), .number("rating"), .number("timestamp"), .text("title"),
    ],
    rows: [
      ["196", "242", "3", "900000001", "Kolya (1996)"],
      ["186", "302", "3", "900000002", "L.A. Confidential (1997)"],
      ["22", "377", "1", "900000003", "Heavyweights (1994)"],
    ],
    index: ["0", "1", "2"], footer: "3 of 100,000 rows × 5 columns")

  @Test func `numbers stand at the right and text at the left`() {
    #expect(
      TextCollector.text(.table(Self.ratings)) == """
           user  movie  rating  timestamp  title
        0   196    242       3  900000001  Kolya (1996)
        1   186    302       3  900000002  L.A. Confidential (1997)
        2    22    377       1  900000003  Heavyweights (1994)
        3 of 100,000 rows × 5 columns

        """)
  }

  @Test func `text is cut before columns are dropped`() {
    #expect(
      TextCollector.text(.table(Self.ratings), width: 50) == """
           user  movie  rating  timestamp  title
        0   196    242       3  900000001  Kolya (1996)
        1   186    302       3  900000002  L.A. Confident…
        2    22    377       1  900000003  Heavyweights (…
        3 of 100,000 rows × 5 columns

        """)
  }

  @Test func `columns from the middle are dropped and named`() {
    #expect(
      TextCollector.text(.table(Self.ratings), width: 40) == """
           user  movie  rating  title
        0   196    242       3  Kolya (1996)
        1   186    302       3  L.A. Confidenti…
        2    22    377       1  Heavyweights (1…
        3 of 100,000 rows × 5 columns · not
        shown: timestamp

        """)
  }

  @Test func `columns that do not fit may stand below the others`() {
    let table = TableBlock(
      columns: [.number("rmse"), .number("mae"), .number("coverage@10")],
      rows: [["0.9356", "0.7301", "0.2146"], ["1.1", "0.9", "0.03"]],
      index: ["dotbias", "popular"],
      wrapsColumns: true, footer: "2 models")
    #expect(
      TextCollector.text(.table(table), width: 26) == """
                   rmse     mae
        dotbias  0.9356  0.7301
        popular     1.1     0.9

                 coverage@10
        dotbias       0.2146
        popular         0.03
        2 models

        """)
  }

  @Test(arguments: 20...80)
  func `no line is wider than the page`(_ width: Int) {
    let lines = TextCollector.text(.table(Self.ratings), width: width).split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
  }

  @Test func `of many columns that are left out some are named, the others counted`() {
    let names = (0..<2000).map { "column \($0)" }
    let table = TableBlock(columns: names.map { .text($0) }, rows: [names], index: ["0"])
    let text = TextCollector.text(.table(table), width: 60)
    #expect(text.contains(" and 1,94") && text.hasSuffix(" more\n"))
    #expect(text.split(separator: "\n").count < 20)
  }

  @Test func `rows that are not shown are a mark`() {
    let batch = TableBlock(
      columns: [.number("user"), .text("title"), .number("rating")],
      rows: [["542", "My Left Foot (1989)", "4"], ["806", "Annie Hall (1977)", "3"]],
      index: ["0", "9"], gapAfterRow: 0,
      footer: "10 of 64 in this batch · train 80,000 · valid 20,000")
    #expect(
      TextCollector.text(.table(batch)) == """
           user  title                rating
        0   542  My Left Foot (1989)       4
        ⋮
        9   806  Annie Hall (1977)         3
        10 of 64 in this batch · train 80,000 · valid 20,000

        """)
  }

  @Test func `a row of totals leaves cells empty`() {
    let summary = TableBlock(
      columns: [.text("layer"), .text("shape"), .number("parameters"), .text("trained")],
      rows: [["user_factors", "[944, 50]", "47,200", "yes"], ["", "", "47,200", ""]])
    #expect(
      TextCollector.text(.table(summary)) == """
        layer         shape      parameters  trained
        user_factors  [944, 50]      47,200  yes
                                     47,200

        """)
  }

  @Test func `wide characters keep the columns straight`() {
    let films = TableBlock(
      columns: [.text("title"), .number("n")],
      rows: [["七人の侍", "12"], ["Ame\u{301}lie", "7"], ["tab\there\nand there", "1"]])
    #expect(
      TextCollector.text(.table(films)) == """
        title                n
        七人の侍            12
        Ame\u{301}lie               7
        tab here and there   1

        """)
  }

  @Test func `a table without rows is its titles`() {
    let empty = TableBlock(columns: [.text("title")], rows: [], footer: "0 rows × 1 column")
    #expect(TextCollector.text(.table(empty)) == "title\n0 rows × 1 column\n")
  }
}
