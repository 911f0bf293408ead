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

  @Test func `methods in place change what a name stands for`() {
    let conversation = Conversation()
    _ = conversation.type("t = pd.DataFrame({'a': [2, 1], 'b': ['x', 'y']})")
    #expect(conversation.type("t.sort_values('a', inplace=True)\nt.a.tolist()") == ["[1, 2]"])
    #expect(conversation.type("t.reset_index(drop=True, inplace=True); t.b[0]") == ["'y'"])
    #expect(
      conversation.type("u = t\nu.drop(columns='b', inplace=True)\nlist(t.columns)") == [
        "['a', 'b']"
      ])
    #expect(
      conversation.type("t.drop(columns='b', inplace=False); list(t.columns)").last == "['a', 'b']")
    #expect(conversation.type("t.insert(0, 'n', 7); list(t.columns)") == ["['n', 'a', 'b']"])
    #expect(conversation.type("t.pop('b').tolist(); list(t.columns)").last == "['n', 'a']")
    #expect(
      conversation.mistake(["t.a.clip(0, 1, inplace=True)"]).last == "help: t['a'] = t.a.clip(0, 1)"
    )
    #expect(
      conversation.type("def f(d):\n  d.drop(0, inplace=True)\n  return len(d)\nf(t)") == ["1"])
    #expect(conversation.type("len(t)") == ["2"])
  }
}
