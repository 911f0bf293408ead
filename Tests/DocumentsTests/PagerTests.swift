import CollabDocuments
import Testing

struct PagerTests {
  /// What is written of some lines in a window of five rows, and how often the pager asked.
  private func paged(
    _ count: Int, answers: [Pager.Answer], columns: Int = 40, width: Int = 1
  ) -> (lines: [String], questions: Int) {
    var text = ""
    var answers = answers
    var questions = 0
    let renderer = TerminalRenderer(
      to: { text += $0 }, errorsTo: { _ in },
      traits: TerminalTraits(width: columns, hasColor: false, canRedraw: true))
    renderer.pager = Pager(size: { (columns, 5) }) {
      questions += 1
      return answers.removeFirst()
    }
    let lines = (0..<count).map { "\($0)" + String(repeating: "x", count: width - 1) }
    renderer.write(.preformatted(lines.joined(separator: "\n")))
    // A question is taken away by what comes after it.
    let kept = text.split(separator: "\n").map { line in
      line.split(separator: "\r").last.map { String($0.drop { $0 == "\u{1B}" }) } ?? ""
    }
    return (kept.map { $0.hasPrefix("[K") ? String($0.dropFirst(2)) : $0 }, questions)
  }

  @Test func `what fits above the prompt is written at once`() {
    let short = paged(4, answers: [])
    #expect(short.lines == ["0", "1", "2", "3"])
    #expect(short.questions == 0)
  }

  @Test func `each answer goes on as far as it says`() {
    #expect(paged(9, answers: [.page, .page]).lines == (0..<9).map { "\($0)" })
    #expect(paged(7, answers: [.line, .line, .line]).questions == 3)
    #expect(paged(9, answers: [.all]).lines.count == 9)
    #expect(paged(9, answers: [.stop]).lines == ["0", "1", "2", "3", "… 5 more lines"])
    #expect(paged(5, answers: [.stop]).lines.last == "… 1 more line")
  }

  @Test func `a line that the window breaks takes the rows it needs`() {
    let wide = paged(3, answers: [.page], columns: 40, width: 60)
    #expect(wide.questions == 1)
    #expect(wide.lines.count == 3)
  }
}
