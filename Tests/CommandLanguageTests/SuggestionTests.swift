import CollabLanguage
import Testing

struct SuggestionTests {
  @Test(arguments: [
    ("ftt", ["fit"]), ("lernar", ["learner"]), ("tset", ["test"]), ("ft", ["fit"]),
    ("learn", ["learner"]), ("xyz", []), ("", []), ("FIT", ["fit"]), ("fitt", ["fit"]),
    ("faat", []), ("z", []), ("plots", ["plot"]), ("polta", []), ("laerrnr", []),
    ("lernr", ["learner"]), ("ltearnr", ["learner"]),
  ])
  func `one edit up to five letters, then two`(_ word: String, _ found: [String]) {
    let names = ["fit", "learner", "test", "plot"]
    #expect(Suggestion.nearest(to: word, among: names) == found)
  }

  @Test func `words that begin alike come first, and at most three`() {
    let names = ["plots", "plat", "plot_loss", "plotting", "plot_x"]
    #expect(Suggestion.nearest(to: "plot", among: names) == ["plots", "plot_x", "plotting"])
  }

  @Test(arguments: [
    ("ab", "ba", 1), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "abc", 3), ("ca", "abc", 3),
  ])
  func `counts edits`(_ first: String, _ second: String, _ distance: Int) {
    #expect(Suggestion.distance(first, second) == distance)
  }

  @Test func `help names what was meant`() {
    #expect(Suggestion.help(for: ["a"]) == ["did you mean `a`?"])
    #expect(Suggestion.help(for: ["a", "b", "c"]) == ["did you mean `a`, `b` or `c`?"])
    #expect(Suggestion.help(for: []).isEmpty)
  }
}
