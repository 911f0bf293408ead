import TestSupport
import Testing

/// Sets, worked out by hand where Python's order depends on hashes.
struct SetTests {
  @Test(arguments: [
    ("{3, 1, 2, 1}", "{1, 2, 3}"), ("set()", "set()"), ("{*[2, 1], 3}", "{1, 2, 3}"),
    ("set('hello')", "{'e', 'h', 'l', 'o'}"), ("{x % 3 for x in range(10)}", "{0, 1, 2}"),
    ("set(x * 2 for x in range(3))", "{0, 2, 4}"), ("{1, 1.0, True}", "{1}"),
    ("{(1, 2), (1, 2)}", "{(1, 2)}"), ("{1: 2}", "{1: 2}"), ("{}", "{}"),
    ("{1, 2} | {2, 3}", "{1, 2, 3}"), ("{1, 2} & {2, 3}", "{2}"), ("{1, 2} - {2, 3}", "{1}"),
    ("{1, 2} ^ {2, 3}", "{1, 3}"), ("{1} < {1, 2}", "True"), ("{1, 2} <= {1, 2}", "True"),
    ("{1, 2} > {1, 2}", "False"), ("{2, 1} == {1, 2}", "True"), ("{1} != {2}", "True"),
    ("2 in {1, 2}", "True"), ("[1] in {1, 2}", "False"), ("len({1, 2, 1})", "2"),
    ("sorted({3, 1, 2}, reverse=True)", "[3, 2, 1]"), ("list({2, 1})", "[1, 2]"),
    ("max({3, 9, 2})", "9"), ("sum({1, 2, 3})", "6"), ("bool(set())", "False"),
    ("type({1})", "set"), ("isinstance({1}, set)", "True"), ("f'{ {1} }'", "'{1}'"),
    ("{1, 2}.union([5], {7})", "{1, 2, 5, 7}"), ("{1, 2}.issubset([1, 2, 3])", "True"),
    ("{1}.isdisjoint({2})", "True"), ("{1, 2}.symmetric_difference([2, 3])", "{1, 3}"),
    ("s = {1, 2}\nt = s\nt.add(3)\ns", "{1, 2, 3}"), ("s = {1}\ns |= {2}\ns", "{1, 2}"),
    ("s = {1, 2}\ns.discard(9)\ns.remove(1)\ns", "{2}"),
    ("s = {2, 1}\nx = s.pop()\n(x, s)", "(1, {2})"),
    ("s = set()\nfor x in [1, 2, 1]: s.add(x)\ns", "{1, 2}"),
    ("pd.Series([1, 2, 3]).isin({1, 3}).tolist()", "[True, False, True]"),
  ])
  func `sets hold each member once`(_ code: String, _ shown: String) {
    #expect(Conversation.last(code) == [shown], "\(code)")
  }

  @Test(arguments: [
    ("{[1]}", "bad-value", "{[1]}"), ("{1}.remove(2)", "unknown-key", "{1}.remove(2)"),
    ("{1} + {2}", "unsupported", "+"), ("{1} | [2]", "unsupported", "|"),
    ("{1, 2}[0]", "not-indexable", "{1, 2}[0]"),
  ])
  func `what sets cannot do has a message`(_ code: String, _ word: String, _ place: String) {
    let mistake = Conversation().mistake([code])
    #expect(mistake.first?.hasPrefix("error[\(word)]") == true, "\(mistake)")
    #expect(mistake.dropFirst().first == "at \(place)", "\(mistake)")
  }

  @Test func `set is still the command that it was`() {
    let conversation = Conversation()
    _ = conversation.type("set width 60")
    #expect(conversation.type("set([1, 1])") == ["{1}"])
    for (option, takes) in [
      ("color", "auto, always or never"), ("paging", "on or off"),
    ] {
      #expect(
        conversation.mistake(["set \(option)=blue"]).first
          == "error[bad-value]: `\(option)` takes \(takes)")
    }
  }
}
