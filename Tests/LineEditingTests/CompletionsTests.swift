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
}
