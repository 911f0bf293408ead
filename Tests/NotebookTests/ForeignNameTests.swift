import CollabInterpreter
import TestSupport
import Testing

/// What is advised in place of names of Python's libraries.
struct ForeignNameTests {
  @Test func `what is advised runs as it stands`() {
    for (name, line) in ForeignNames.lines {
      let conversation = Conversation()
      _ = conversation.type("load demo")
      let shown = conversation.type(line)
      #expect(!shown.contains { $0.hasPrefix("error") }, "\(name): \(line)\n\(shown)")
    }
  }

  @Test(arguments: [
    ("torch.optim.SGD([w], lr=0.1)", "w.data -= 0.1 * w.grad"),
    ("torch.autograd.grad(1, 2)", ".backward()"), ("torch.ones(2).half()", ".float()"),
    ("pd.to_datetime('2020-01-01')", "31556952"), ("'abc'.encode()", "ord(c)"),
  ])
  func `names that are missing say what is here instead`(_ code: String, _ advice: String) {
    let mistake = Conversation().mistake([code])
    #expect(mistake.contains { $0.hasPrefix("help: ") && $0.contains(advice) }, "\(mistake)")
  }

  @Test func `an option in place says that tables are values`() {
    let mistake = Conversation().mistake([
      "load demo", "ratings.sort_values('rating', inplace=true)",
    ])
    #expect(mistake.last == "help: leave it out, and give what comes of the call a name")
  }
}
