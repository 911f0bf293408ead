import CollabNotebook
import Testing

/// Counters, tuples with names and views of dicts, where they meet what else there is.
struct CollectionTests {
  @Test func `a dict that would be inside itself is refused, whatever lies between`() {
    for code in [
      "d['a'] = d.items()", "d['a'] = namedtuple('P', 'x')(d)", "d['a'] = [d.values()]",
      "d['a'] = pd.Series([[d]])",
    ] {
      let mistake = Conversation().mistake(["d = {'b': 1}", code])
      #expect(mistake.first?.contains("too many parts") == true, "\(code): \(mistake)")
    }
  }

  @Test func `functions with arguments within each other do not nest without end`() {
    let conversation = Conversation()
    _ = conversation.type("f = lambda *x: len(x)")
    #expect(conversation.type("for i in range(1000): f = partial(f, i)\nf()") == ["1000"])
    let mistake = conversation.mistake([
      "f = lambda *x: 0\nfor i in range(1000): f = partial(str, f)"
    ])
    #expect(mistake.first?.contains("too many parts") == true, "\(mistake)")
  }

  @Test func `a frozenset stays as it is`() {
    #expect(
      Conversation().mistake(["s = frozenset([1])\ns.add(2)"]).first?.contains("cannot be changed")
        == true)
    #expect(Conversation.last("s = frozenset([1]); s |= {2}; s") == ["frozenset({1, 2})"])
    #expect(Conversation().mistake(["{{1}: 'a'}"]).first?.contains("a key of a dict") == true)
  }

  @Test func `a view shows a dict as it is now`() {
    let conversation = Conversation()
    #expect(
      conversation.type("d = {'a': 1}; v = d.items(); d['b'] = 2; v").last
        == "dict_items([('a', 1), ('b', 2)])")
    #expect(
      conversation.type("[k for k in d.keys()], sorted(d.values()), dict(v) == d") == [
        "(['a', 'b'], [1, 2], True)"
      ])
    #expect(conversation.type("a, b = d.values(); a + b").last == "3")
    #expect(conversation.type("'none' if {}.keys() else 'empty'") == ["'empty'"])
  }

  @Test func `a table cell that is a list explodes, and an empty one leaves its row`() {
    let conversation = Conversation()
    _ = conversation.type("s = pd.Series([[1, 2], [], [3]])")
    #expect(conversation.type("s.explode().tolist()") == ["[1.0, 2.0, nan, 3.0]"])
    #expect(
      conversation.type("s.str.len().tolist(), s.explode().index.tolist()") == [
        "([2, 0, 1], [0, 0, 1, 2])"
      ])
  }

  @Test func `merges by labels keep those of the side that has other keys`() {
    let conversation = Conversation()
    _ = conversation.type("a = pd.DataFrame({'k': [2, 1, 2]}, index=[5, 6, 7])")
    _ = conversation.type("b = pd.DataFrame({'v': ['x', 'y']}, index=[1, 2])")
    #expect(
      conversation.type("a.merge(b, left_on='k', right_index=True).index.tolist()") == ["[5, 6, 7]"]
    )
    #expect(
      conversation.type("a.merge(b, left_on='k', right_index=True).v.tolist()") == [
        "['y', 'x', 'y']"
      ])
    _ = conversation.type("b = pd.DataFrame({'v': ['x', 'y']}, index=[1, 3])")
    let mistake = conversation.mistake(["a.merge(b, left_on='k', right_index=True, how='outer')"])
    #expect(mistake.first?.contains("inner or left") == true, "\(mistake)")
  }

  @Test func `what changes something is shown at the end of a text only`() {
    #expect(Conversation.last("l = [1, 2]\nl.pop()\nlen(l)") == ["1"])
    #expect(Conversation.last("l = [1, 2]\nlen(l)\nl.pop()") == ["2", "2"])
    #expect(
      Conversation.last("d = {}\nd.setdefault('a', 1)\nx = ones(1)\nx.mul_(3)") == ["tensor([3.])"])
  }

  @Test func `import gives names what they stand for`() {
    func last(_ code: String) -> String? { Conversation.last(code).last }
    #expect(
      last("from math import pi as p, tau; import math as m\nm.floor(p), tau > 6") == "(3, True)")
    #expect(last("from itertools import chain as c\nc([1], [2])") == "[1, 2]")
    #expect(
      Conversation().mistake(["from math import nothing"]).first?.contains("`nothing`") == true)
  }

  @Test func `a table describes its texts, too, and a pivot what is made of all`() {
    let conversation = Conversation()
    _ = conversation.type("t = pd.DataFrame({'n': [1, 3], 's': ['a', 'a']})")
    #expect(
      conversation.type("t.describe(include='all').s.tolist()[:4], t.describe(include='all').n[4]")
        == ["(['2', '1', 'a', '2'], 2.0)"])
    #expect(
      conversation.type("t.describe(include='object').index.tolist()") == [
        "['count', 'unique', 'top', 'freq']"
      ])
    _ = conversation.type("p = t.pivot_table('n', 'n', 's', aggfunc='sum', margins=True)")
    #expect(
      conversation.type("p.All.tolist(), p.loc['All', 'a'], list(p.index)") == [
        "([1, 3, 4], 4, ['1', '3', 'All'])"
      ])
  }
}
