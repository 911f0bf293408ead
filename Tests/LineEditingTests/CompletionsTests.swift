import CollabLineEditing
import Testing

struct CompletionsTests {
  static func answer(_ replaced: String, _ texts: [String], after: String = "")
    -> Completions.Answer
  {
    Completions(
      replacing: replaced, candidates: texts.map { Completions.Candidate($0) }
    ).answer(after: after)
  }

  @Test func `what is certain is added, the rest is listed`() {
    #expect(Self.answer("x", []) == .beep)
    #expect(Self.answer("do", ["dot"]) == .replace(count: 2, with: "dot "))
    #expect(Self.answer("do", ["dot"], after: " x") == .replace(count: 2, with: "dot"))
    #expect(Self.answer("d", ["dot", "dotbias"]) == .replace(count: 1, with: "dot"))
    #expect(Self.answer("dot", ["dot", "dotbias"]) == .list)
    #expect(Self.answer("dot ", ["dot"]) == .beep)
    #expect(Self.answer("", ["a", "b"]) == .list)
    #expect(Self.answer("DO", ["dot", "dotbias"]) == .replace(count: 2, with: "dot"))
    #expect(
      Self.answer("Ame\u{301}", ["Ame\u{301}lie"]) == .replace(count: 4, with: "Ame\u{301}lie "))
  }

  @Test func `a listing takes a third of the window`() {
    let names = (1...10).map { Completions.Candidate("n\($0)", summary: "number \($0)") }
    #expect(
      CompletionListing.text(names, width: 80, height: 12) == """
          n1    number 1
          n2    number 2
          n3    number 3
          … 7 more

        """)
    let text = CompletionListing.text(names, width: 12, height: 40)
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 12 })
  }

  @Test func `without summaries a listing has columns`() {
    let names = (1...7).map { Completions.Candidate("name\($0)") }
    #expect(
      CompletionListing.text(names, width: 30, height: 24) == """
          name1  name4  name7
          name2  name5
          name3  name6

        """)
  }
}
