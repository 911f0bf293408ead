internal import Glibc
import TestSupport
import Testing

/// What stands in the cells of the screen while a line is edited.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct ScreenTests {
  private static let sizes: [(UInt16, UInt16)] = [(80, 24), (40, 10), (160, 50)]
  private static let prompt = "probe[1]> "

  private func start(
    _ size: (UInt16, UInt16) = (80, 24), setting changes: [String: String] = [:]
  ) throws -> PseudoTerminal {
    var program = PseudoTerminal.Program.probe(setting: changes)
    (program.columns, program.rows) = size
    let terminal = try PseudoTerminal(running: program)
    #expect(terminal.looks { $0.lines.last?.hasPrefix("probe[1]>") ?? false })
    return terminal
  }

  /// Whether the rows from the prompt on, and the cursor in them, come to be these.
  private func expect(
    _ terminal: PseudoTerminal, _ rows: [String], cursor: (row: Int, column: Int)? = nil,
    from top: Int = 1, _ location: SourceLocation = #_sourceLocation
  ) {
    let isThere = terminal.looks { screen in
      guard Array(screen.lines.dropFirst(top)) == rows else { return false }
      return cursor.map { screen.cursor == ($0.row + top, $0.column) } ?? true
    }
    #expect(
      isThere, "\(terminal.screen.lines) \(terminal.screen.cursor)", sourceLocation: location)
    #expect(terminal.screen.unknown == [], sourceLocation: location)
  }

  // MARK: Keys

  /// Keys, the text they leave, and the cursor behind so many of its characters.
  private static let keys: [(keys: String, text: String, cursor: Int)] = [
    ("abc", "abc", 3),
    ("abc\u{1B}[D", "abc", 2),
    ("abc\u{1B}[D\u{1B}[D\u{1B}[C", "abc", 2),
    ("abc\u{1B}[H", "abc", 0),
    ("abc\u{1B}OHx", "xabc", 1),
    ("abc\u{1B}[H\u{1B}[F", "abc", 3),
    ("abc\u{1B}[H\u{1B}[3~", "bc", 0),
    ("abc\u{7F}", "ab", 2),
    ("one two\u{1B}[1;5D", "one two", 4),
    ("one two\u{1B}[H\u{1B}[1;5C", "one two", 3),
  ]

  /// Keys of emacs mode alone.
  private static let emacs: [(keys: String, text: String, cursor: Int)] = [
    ("abc\u{1}", "abc", 0), ("abc\u{1}\u{5}", "abc", 3), ("abc\u{2}", "abc", 2),
    ("abc\u{1}\u{6}", "abc", 1), ("abc\u{1}\u{4}", "bc", 0),
    ("one two\u{1B}b", "one two", 4), ("one two\u{1}\u{1B}f", "one two", 3),
    ("one two\u{1B}b\u{B}", "one ", 4), ("one two\u{15}", "", 0),
    ("one two\u{17}", "one ", 4), ("one two\u{17}\u{19}\u{19}", "one twotwo", 10),
    ("one two\u{1}\u{1B}d", " two", 0), ("one two\u{1B}\u{7F}", "one ", 4),
  ]

  @Test(arguments: keys + emacs, sizes)
  func `each key leaves text and cursor where they belong`(
    _ key: (keys: String, text: String, cursor: Int), _ size: (UInt16, UInt16)
  ) throws {
    let terminal = try start(size)
    terminal.type(key.keys)
    let row = (Self.prompt + key.text).trimmedAtEnd
    expect(terminal, [row], cursor: (0, Self.prompt.count + key.cursor))
    terminal.type("\r")
    #expect(terminal.shows("line <\(key.text)>"))
  }

  @Test(arguments: keys, sizes)
  func `the keys that have no letter are the same in vi mode`(
    _ key: (keys: String, text: String, cursor: Int), _ size: (UInt16, UInt16)
  ) throws {
    let folder = try TemporaryFolder()
    folder.write(".editrc", "bind -v\n")
    let terminal = try start(size, setting: ["HOME": folder.path])
    terminal.type(key.keys)
    expect(terminal, [Self.prompt + key.text], cursor: (0, Self.prompt.count + key.cursor))
  }

  @Test func `undo takes back a word, redo brings it again`() throws {
    let terminal = try start()
    // Each is typed once the one before is on the screen, as by a person.
    for (text, row) in [("one", "one"), (" ", "one"), ("two", "one two")] {
      for (place, letter) in text.enumerated() {
        terminal.type(String(letter))
        if text != " " {
          let shown = row.dropLast(text.count) + text.prefix(place + 1)
          expect(terminal, [Self.prompt + shown])
        } else {
          expect(terminal, [Self.prompt + row], cursor: (0, 14))
        }
      }
    }
    terminal.type("\u{1F}")
    expect(terminal, [Self.prompt + "one"], cursor: (0, 14))
    terminal.type("\u{18}\u{15}\u{1F}")
    expect(terminal, [Self.prompt.trimmedAtEnd], cursor: (0, 10))
    terminal.type("\u{1B}_\u{1B}_\u{1B}_")
    expect(terminal, [Self.prompt + "one two"], cursor: (0, 17))
  }

  @Test func `undo after a search brings back what was typed, not what was searched for`() throws {
    let terminal = try start()
    terminal.type("first one\r")
    #expect(terminal.looks { $0.lines.last == "probe[2]>" })
    terminal.type("abc")
    #expect(terminal.looks { $0.lines.last == "probe[2]> abc" })
    terminal.type("\u{12}")
    #expect(terminal.looks { $0.lines.last == "          search:" })
    terminal.type("fir")
    #expect(terminal.looks { $0.lines.last == "          search: fir" })
    terminal.type("\u{1B}")
    #expect(terminal.looks { $0.lines.last == "probe[2]> first one" })
    terminal.type("\u{1F}")
    #expect(terminal.looks { $0.lines.last == "probe[2]> abc" }, "\(terminal.screen.lines)")
    terminal.type("\u{12}nowhere")
    #expect(terminal.looks { $0.lines.last == "          not found: nowhere" })
  }

  @Test func `Backspace in front of a line of a block takes away a step`() throws {
    let terminal = try start()
    terminal.type("f {")
    expect(terminal, [Self.prompt + "f {"])
    terminal.type("\r")
    expect(terminal, [Self.prompt + "f {", "      {.>"], cursor: (1, 14))
    terminal.type("\u{9}")
    expect(terminal, [Self.prompt + "f {", "      {.>"], cursor: (1, 18))
    terminal.type("  ")
    expect(terminal, [Self.prompt + "f {", "      {.>"], cursor: (1, 20))
    for column in [18, 14, 10] {
      terminal.type("\u{7F}")
      expect(terminal, [Self.prompt + "f {", "      {.>"], cursor: (1, column))
    }
    terminal.type("  a\u{7F}\u{7F}")
    expect(terminal, [Self.prompt + "f {", "      {.>"], cursor: (1, 10))
    terminal.type("\u{7F}")
    expect(terminal, [Self.prompt + "f {"], cursor: (0, 13))
  }

  // MARK: Rows

  @Test(arguments: sizes)
  func `a long line wraps at the margin, and is changed in its middle`(
    _ size: (UInt16, UInt16)
  ) throws {
    let terminal = try start(size)
    let text = (0..<40).map { "w\($0)" }.joined(separator: " ")
    terminal.type(text)
    expect(terminal, (Self.prompt + text).chunks(of: Int(size.0)))
    terminal.type("\u{1}x\u{5}")
    expect(terminal, (Self.prompt + "x" + text).chunks(of: Int(size.0)))
    terminal.type("\u{1}\u{4}\u{4}\u{4}")
    expect(terminal, (Self.prompt + text.dropFirst(2)).chunks(of: Int(size.0)), cursor: (0, 10))
  }

  @Test func `a line that just fills the row has its cursor in the next`() throws {
    let terminal = try start((40, 10))
    terminal.type(String(repeating: "a", count: 30))
    expect(terminal, [Self.prompt + String(repeating: "a", count: 30)], cursor: (1, 0))
    terminal.type("\u{7F}")
    expect(terminal, [Self.prompt + String(repeating: "a", count: 29)], cursor: (0, 39))
  }

  @Test func `wide and combining characters take the cells they need`() throws {
    let terminal = try start((20, 10))
    terminal.type("e\u{301}x七人の")
    expect(terminal, [Self.prompt + "e\u{301}x七人の"], cursor: (0, 18))
    // Three columns are left for two wide ones, and then the next row begins.
    terminal.type("侍侍")
    expect(terminal, [Self.prompt + "e\u{301}x七人の侍", "侍"], cursor: (1, 2))
    terminal.type("\u{1}\u{1B}[C!")
    expect(terminal, [Self.prompt + "e\u{301}!x七人の", "侍侍"], cursor: (0, 12))
    terminal.type("\r")
    #expect(terminal.shows("line <e\u{301}!x七人の侍侍>") || terminal.shows("line <é!x七人の侍侍>"))
  }

  // MARK: Blocks

  @Test(arguments: sizes)
  func `in a block the arrows move by lines, and Enter indents`(_ size: (UInt16, UInt16)) throws {
    let terminal = try start(size)
    func enter(_ line: String, _ rows: [String]) {
      terminal.type(line)
      expect(terminal, rows)
    }
    enter("f {", [Self.prompt + "f {"])
    enter("\r", [Self.prompt + "f {", "      {.>"])
    enter("ab", [Self.prompt + "f {", "      {.>     ab"])
    enter("\r", [Self.prompt + "f {", "              ab", "      {.>"])
    #expect(terminal.screen.cursor == (3, 14))
    enter("}", [Self.prompt + "f {", "              ab", "      {.> }"])
    terminal.type("\u{1B}[A")
    expect(terminal, [Self.prompt + "f {", "              ab", "      {.> }"], cursor: (1, 11))
    terminal.type("\u{5}")
    expect(terminal, [Self.prompt + "f {", "              ab", "      {.> }"], cursor: (1, 16))
    terminal.type("\u{1B}[A")
    expect(terminal, [Self.prompt + "f {", "              ab", "      {.> }"], cursor: (0, 13))
    terminal.type("\u{1}g\u{1B}[B\u{1B}[B\r")
    #expect(terminal.shows("line <gf {\\n    ab\\n}>"))
  }

  @Test func `a block that is taller than the window is scrolled, and left whole`() throws {
    let terminal = try start((40, 10))
    let lines = ["{"] + (1...30).map { "line \($0)" } + ["}"]
    terminal.type("\u{1B}[200~" + lines.joined(separator: "\r") + "\u{1B}[201~")
    #expect(terminal.looks { $0.line(9) == "      {.> }" && $0.line(0) == "          line 22" })
    for _ in 0..<31 { terminal.type("\u{1B}[A") }
    #expect(terminal.looks { $0.line(0) == "probe[1]> {" && $0.cursor == (0, 11) })
    #expect(terminal.screen.line(9) == "          line 9")
    terminal.type("\r")
    #expect(terminal.shows("line <" + lines.joined(separator: "\\n") + ">"))
    let all = terminal.screen.scrolledOut + terminal.screen.lines
    for line in lines { #expect(all.contains { $0.hasSuffix(line) }) }
  }

  @Test(arguments: [30, 60, 100] as [UInt16])
  func `a window that changes its width shows the block once`(_ columns: UInt16) throws {
    let terminal = try start((40, 24))
    let text = "a long line that needs two rows of forty columns, or three of thirty"
    terminal.type("{\r\(text)\rend")
    expect(
      terminal,
      [Self.prompt + "{"] + ("          " + text).chunks(of: 40) + ["      {.> end"])
    terminal.resize(columns: columns)
    expect(
      terminal,
      [Self.prompt + "{"] + ("          " + text).chunks(of: Int(columns)) + ["      {.> end"])
    terminal.type("!")
    expect(
      terminal,
      [Self.prompt + "{"] + ("          " + text).chunks(of: Int(columns)) + ["      {.> end!"])
  }

  // MARK: Colours and suggestions

  @Test func `colours follow what is typed`() throws {
    let terminal = try start()
    terminal.type("dot 12")
    expect(terminal, [Self.prompt + "dot 12"])
    #expect(terminal.looks { $0.style(1, 10) == "1;34" && $0.style(1, 14) == "36" })
    #expect(terminal.screen.style(1, 0) == "1;32" && terminal.screen.style(1, 13) == "")
    terminal.type("x")
    #expect(terminal.looks { $0.line(1) == Self.prompt + "dot 12x" && $0.style(1, 14) == "" })
  }

  @Test func `a suggestion is grey, is taken with Right, and leaves no trace`() throws {
    let terminal = try start()
    terminal.type("first one\r")
    #expect(terminal.looks { $0.lines.last == "probe[2]>" })
    terminal.type("gone\r")
    #expect(terminal.looks { $0.lines.last == "probe[3]>" })
    terminal.type("fi")
    #expect(terminal.looks { $0.lines.last == "probe[3]> first one" })
    let row = terminal.screen.cursor.row
    #expect(terminal.screen.cursor.column == 12)
    #expect(terminal.screen.style(row, 12) == "90" && terminal.screen.style(row, 11) == "")
    terminal.type("\u{1B}f")
    #expect(terminal.looks { $0.cursor.column == 15 && $0.style(row, 14) == "" })
    terminal.type("\u{1B}[C")
    #expect(terminal.looks { $0.cursor.column == 19 && $0.style(row, 18) == "" })
    terminal.type("\u{15}x")
    #expect(terminal.looks { $0.lines.last == "probe[3]> x" })
    // What no longer stands for anything is not suggested.
    terminal.type("\u{7F}go")
    #expect(terminal.looks { $0.lines.last == "probe[3]> go" })
    terminal.type("\u{15}lea")
    #expect(terminal.looks { $0.lines.last == "probe[3]> learner" })
    terminal.type("\r")
    #expect(terminal.shows("line <lea>"))
    #expect(terminal.looks { $0.line(row) == "probe[3]> lea" })
  }

  // MARK: Menus

  @Test(arguments: sizes)
  func `each candidate of a menu can be reached`(_ size: (UInt16, UInt16)) throws {
    let terminal = try start(size)
    terminal.type("name\t")
    #expect(terminal.looks { $0.lines.joined().contains("name2") })
    var seen: Set<String> = []
    for number in 1...40 {
      terminal.type("\t")
      let isChosen = terminal.looks { screen in
        Self.chosen(in: screen) == "name\(number)"
      }
      #expect(isChosen, "\(number)")
      seen.insert(Self.chosen(in: terminal.screen))
    }
    #expect(seen.count == 40)
    terminal.type("\u{1B}[Z\r")
    #expect(terminal.looks { $0.lines.last == Self.prompt + "name39" })
    terminal.type("\r")
    #expect(terminal.shows("line <name39 >"))
  }

  @Test func `typing narrows a menu, Escape closes it`() throws {
    let terminal = try start()
    terminal.type("name\t")
    #expect(terminal.looks { $0.lines.contains { $0.contains("name30") } })
    terminal.type("3")
    #expect(terminal.looks { $0.lines.count == 4 && $0.line(2).hasPrefix("  name3 ") })
    terminal.type("\u{1B}")
    expect(terminal, [Self.prompt + "name3"], cursor: (0, 15))
  }

  /// The text of the cells in reverse.
  private static func chosen(in screen: TerminalScreen) -> String {
    screen.cells.joined().filter { $0.style == "7" }.map(\.text).joined().trimmedAtEnd
  }

  // MARK: Typing ahead

  @Test func `what was typed ahead is painted once`() throws {
    let terminal = try start()
    terminal.type("busy\r")
    #expect(terminal.shows("working"))
    #expect(terminal.waits(untilMode: ECHO, is: false))
    terminal.type("one two\rhalf")
    terminal.type("\u{3}")
    #expect(terminal.looks { $0.lines.last == "probe[3]> half" })
    let rows = terminal.screen.lines
    #expect(rows.filter { $0.contains("one two") } == ["probe[2]> one two", "line <one two>"])
    #expect(rows.filter { $0.contains("half") }.count == 1)
  }

  @Test(arguments: sizes)
  func `a paste is painted once`(_ size: (UInt16, UInt16)) throws {
    let terminal = try start(size)
    let text = (1...20).map { "pasted\($0)" }.joined(separator: " ")
    terminal.type("\u{1B}[200~\(text)\u{1B}[201~")
    expect(terminal, (Self.prompt + text).chunks(of: Int(size.0)))
  }

  @Test func `a locale without UTF-8 shows the same cells`() throws {
    let terminal = try start(setting: ["LANG": "C"])
    terminal.type("Zoë 七")
    expect(terminal, [Self.prompt + "Zoë 七"], cursor: (0, 16))
  }
}

extension String {
  /// The text without blanks at its end.
  var trimmedAtEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }

  /// Rows of so many characters, without blanks at their ends.
  fileprivate func chunks(of count: Int) -> [String] {
    let characters = Array(self)
    return stride(from: 0, to: characters.count, by: count).map {
      String(characters[$0..<min($0 + count, characters.count)]).trimmedAtEnd
    }
  }
}
