import CollabDocuments
import Testing

struct DataRendererTests {
  private let data = TextCollector()
  private let told = TextCollector()

  private func renderer(isQuiet: Bool = false) -> DataRenderer {
    DataRenderer(to: { data.text += $0 }, notesTo: told.plain(), isQuiet: isQuiet)
  }

  @Test func `data stands alone, and all else is told`() {
    let output = renderer()
    output.write(.paragraph("said"))
    output.write(.data(DataBlock("1\n", start: .line)))
    output.begin(LiveTable(titles: ["epoch"]))
    output.append(row: ["0"])
    output.end()
    output.write(.data(DataBlock("2\n", start: .line)))
    output.write(.failure(Failure(lines: ["error: no"])))
    #expect(data.text == "1\n2\n")
    #expect(told.text == "said\nepoch\n0\n")
    #expect(told.errors == "error: no\n")
  }

  @Test func `an empty line stands beside tables`() {
    let output = renderer()
    for (text, start) in [
      ("a\n", DataBlock.Start.table), ("1\n", .continued), ("b\n", .table), ("5\n", .line),
      ("6\n", .line), ("c\n", .table),
    ] {
      output.write(.data(DataBlock(text, start: start)))
    }
    #expect(data.text == "a\n1\n\nb\n\n5\n6\n\nc\n")
  }

  @Test func `quiet, only failures are told`() {
    let output = renderer(isQuiet: true)
    output.write(.paragraph("said"))
    output.write(.failure(Failure(lines: ["note: this"], severity: .note)))
    output.write(.failure(Failure(lines: ["error: that"])))
    output.write(.data(DataBlock("1\n", start: .line)))
    #expect(data.text == "1\n")
    #expect(told.text.isEmpty && told.errors == "error: that\n")
  }

  @Test func `what else there is to say of a bar stands behind it where there is room`() {
    let chart = BarChart([
      .init("Long", value: 2, text: "2.00", note: "7 ratings"),
      .init("Short", value: 1, text: "1.00", note: "1,234 ratings"),
    ])
    #expect(
      TextCollector.text(.bars(chart)) == """
         1  Long   2.00  ███████████████      7 ratings
         2  Short  1.00  ███████▌         1,234 ratings

        """)
    #expect(!TextCollector.text(.bars(chart), width: 40).contains("ratings"))
  }
}
