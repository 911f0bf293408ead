import Collab
import CollabNotebook
import TestSupport
import Testing

/// The interview at the keys, from lines and from a list.
struct TasteTests {
  /// Answers with keys, and keeps what was shown.
  private final class Keys: Answerer {
    private var keys: ArraySlice<String>
    private(set) var screens: [[String]] = []
    private(set) var ends = 0

    init(_ keys: [String]) { self.keys = keys[...] }

    func answer(to question: Question) -> String? {
      screens.append(question.screen)
      return keys.popFirst()
    }
    func end() { ends += 1 }
  }

  private func answered(_ keys: String...) -> (conversation: Conversation, keys: Keys) {
    let conversation = Conversation.trained()
    let answerer = Keys(keys)
    conversation.session.answerer = answerer
    return (conversation, answerer)
  }

  @Test func `a key is an answer, and q is enough`() {
    let (conversation, keys) = answered("5", " ", "2", "q")
    #expect(conversation.type("taste").first == "2 ratings · recommend me")
    #expect(conversation["me.ratings.rating.values"] == "[5. 2.]")
    #expect(keys.screens.count == 4 && keys.ends == 1)
    #expect(keys.screens[0].last == "1–5 stars · space not seen · Backspace back · q enough")
    #expect(keys.screens[2].contains { $0.hasSuffix(": not known") })
    #expect(keys.screens[3].contains("so far you would like"))
  }

  @Test func `Backspace takes an answer back, and what is no answer is asked again`() {
    let (conversation, keys) = answered("5", "\u{7F}", "x", "3", "q")
    _ = conversation.type("taste")
    #expect(conversation["me.ratings.rating.values"] == "[3.]")
    #expect(keys.screens[3].last == "`x` is no answer")
    let asked = keys.screens.map { $0.first { $0.hasPrefix("1. ") } }
    #expect(asked[0] == asked[2] && asked[0] == asked[3])
  }

  @Test func `the end of the input and Ctrl-C keep what was answered`() {
    let (conversation, keys) = answered("5", "4")
    #expect(conversation.type("friend = taste").last == "2 ratings · recommend me")
    #expect(conversation["len(friend)"] == "2")
    #expect(keys.screens.count == 3)
  }

  @Test func `so many ratings are enough`() {
    let (conversation, keys) = answered("5", "", "4", "3", "2", "1")
    _ = conversation.type("taste n=3")
    #expect(conversation["len(me)"] == "3")
    #expect(keys.screens.count == 4)
  }

  @Test func `a script brings its answers along`() {
    let conversation = Conversation.trained()
    let lines = conversation.type("taste answers=[5, none, 3]")
    #expect(lines.count == 6 && lines[0].hasSuffix(": 5") && lines[1].hasSuffix(": not known"))
    #expect(lines[3] == "2 ratings · recommend me")
    #expect(conversation.type("recommend me n=2").count == 2)
    #expect(conversation.type("taste answers=[5, none, 3]") == lines)
    #expect(
      conversation.mistake(["taste"]) == [
        "error[bad-value]: nobody is there to answer", "at taste",
        "help: taste answers=[5, none, 3]",
      ])
  }

  @Test func `half stars and long scales have keys too`() throws {
    let folder = try TemporaryFolder()
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    func asked(_ step: Double, _ keys: String...) -> (ratings: String, hint: String) {
      let rows = (0..<60).map { "\($0 % 10),\($0 % 7),\(Double($0 % 5 + 1) * step)" }
      folder.write("r.csv", "user,item,rating\n" + rows.joined(separator: "\n") + "\n")
      let answerer = Keys(keys)
      conversation.session.answerer = answerer
      _ = conversation.type("load r.csv; dataloaders bs=4 valid_pct=0")
      _ = conversation.type("learner baseline; fit; taste")
      return (conversation["me.ratings.rating.values"], answerer.screens.first?.last ?? "")
    }
    let halves = asked(0.5, "2", ".", "1", ".", ".", "0", "q")
    #expect(halves.ratings == "[2.5 1.5 0.5]")
    #expect(halves.hint.hasPrefix("0 for 0.5, 1 for 1, 2 for 2 · . adds half a star"))
    let tens = asked(2, "0", "9", "2", "q")
    #expect(tens.ratings == "[10.  9.  2.]")
    let hundreds = asked(20, "5", "1", "73", "q")
    #expect(hundreds.ratings == "[100.  20.  73.]")
    #expect(hundreds.hint.hasPrefix("1 for 20, 2 for 40, 3 for 60, 4 for 80, 5 for 100 ·"))
  }
}
