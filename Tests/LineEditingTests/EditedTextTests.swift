import CollabLineEditing
import Testing

struct EditedTextTests {
  @Test func `up and down keep to the column`() {
    var text = EditedText("long line\nab\nlong again", cursor: 7)
    text.moveDown()
    #expect(text.before == "long line\nab")
    text.moveDown()
    #expect(text.before == "long line\nab\nlong ag")
    text.moveDown()
    #expect(text.before == "long line\nab\nlong ag")
    text.moveUp()
    text.moveUp()
    #expect(text.before == "long li")
    #expect(text.isInFirstLine && !text.isInLastLine)
  }

  @Test func `a letter and its accents are one step`() {
    var text = EditedText("ae\u{301}b", cursor: 1)
    text.moveRight()
    #expect(text.after == "b")
    text.moveLeft()
    #expect(text.before == "a")
    text.removeNext()
    #expect(text.text == "ab")
  }

  @Test func `lines and words are taken away and given`() {
    var text = EditedText("one two\nthree four\nfive", cursor: 13)
    #expect(text.line == "three four" && text.lineBefore == "three")
    #expect(text.killToLineEnd() == " four")
    #expect(text.killToLineEnd() == "\n")
    #expect(text.text == "one two\nthreefive")
    #expect(text.killWordRight() == "five")
    #expect(text.killWordLeft() == "three")
    #expect(text.killLine() == "")
    text.insert("a.b c")
    #expect(text.killBlankWordLeft() == "c")
    #expect(text.killBlankWordLeft() == "a.b ")
    #expect(text.text == "one two\n")
  }

  @Test(arguments: [
    ("for x in y:", "    "), ("    if a:  # note", "        "), ("f {", "    "),
    ("    return x", ""), ("    x = 1", "    "), ("\tpass", ""), ("print('# no:", ""),
    ("a = [", "    "), ("        break", "    "), ("returned = 1", ""), ("", ""),
  ])
  func `the next line is as deep as it belongs`(_ line: String, _ blanks: String) {
    #expect(Indentation.below(line) == blanks)
  }

  @Test func `the history finds what begins alike, each once`() {
    var history = StatementHistory(["fit 1", "head x", "fit 2", "vars"])
    #expect(history.earlier(than: "fit") == "fit 2")
    #expect(history.earlier(than: "fit 2") == "fit 1")
    #expect(history.earlier(than: "fit 1") == nil)
    #expect(history.later(than: "fit 1") == "fit 2")
    #expect(history.later(than: "fit 2") == "fit")
    #expect(history.earlier(than: "") == "vars")
    history.add("fit 1")
    #expect(history.earlier(than: "fit") == "fit 1")
    #expect(history.latest(beginning: "he") { _ in true } == "head x")
    #expect(history.latest(beginning: "fit") { $0 != "fit 1" } == "fit 2")
    #expect(history.latest(beginning: "head x") { _ in true } == nil)
  }

  @Test func `undo goes back by words and changes, redo forth`() {
    var stack = UndoStack(EditedText(""))
    for text in ["f", "fi", "fit", "fit ", "fit 5"] { stack.record(EditedText(text)) }
    stack.record(EditedText("fit 5", cursor: 0))
    var present = EditedText("fit 5", cursor: 0)
    var seen: [String] = []
    while let earlier = stack.undo(from: present) {
      seen.append(earlier.text)
      present = earlier
    }
    #expect(seen == ["fit ", "fit", ""])
    #expect(stack.redo()?.text == "fit")
    #expect(stack.redo()?.text == "fit ")
    stack.record(EditedText("fit x"))
    #expect(stack.redo() == nil)
  }
}

struct CompletionMenuTests {
  private static func menu(_ count: Int, note: String = "") -> CompletionMenu {
    CompletionMenu(
      Completions(
        replacing: "",
        candidates: (1...count).map { Completions.Candidate("name\($0)", summary: note) }))
  }

  private static func text(_ rows: [[CompletionMenu.Piece]]) -> [String] {
    rows.map { $0.map(\.text).joined() }
  }

  @Test func `descriptions stand beside the names, and the rest is counted`() {
    var menu = Self.menu(20, note: "what it is")
    let rows = Self.text(menu.shownRows(width: 40, limit: 4))
    #expect(
      rows == [
        "  name1    what it is", "  name2    what it is", "  name3    what it is", "  1–3 of 20",
      ])
    #expect(Self.text(menu.shownRows(width: 12, limit: 4)).allSatisfy { $0.count < 12 })
  }

  @Test func `what has no description takes the room of one`() {
    let title = "Lacquered Orchard of Port Averil, The (1980)"
    var menu = CompletionMenu(
      Completions(
        replacing: "",
        candidates: [
          Completions.Candidate(title), Completions.Candidate("n=", summary: "how many"),
        ]))
    #expect(
      Self.text(menu.shownRows(width: 40, limit: 4)) == [
        "  Lacquered Orchard of Port Averil, T…", "  n=                    how many",
      ])
  }

  @Test func `every one of 1,665 can be chosen, in both directions`() {
    var menu = Self.menu(1665)
    for number in 1...1665 {
      menu.move(.next)
      #expect(menu.chosen?.text == "name\(number)")
      let rows = menu.shownRows(width: 80, limit: 11)
      #expect(rows.count == 11)
      #expect(
        rows.joined().contains { $0.style == .selected && $0.text.hasPrefix("name\(number)") })
    }
    menu.move(.next)
    #expect(menu.chosen?.text == "name1")
    menu.move(.up)
    // Seven columns of eleven cells: the last row has six names.
    #expect(menu.chosen?.text == "name1660")
    menu.move(.down)
    #expect(menu.chosen?.text == "name1")
    menu.move(.pageDown)
    #expect(menu.chosen?.text == "name64")
    menu.move(.previous)
    #expect(menu.chosen?.text == "name63")
  }
}
