internal import Glibc
import TestSupport
import Testing

/// What stands in the cells of the screen at the program's own prompt.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct ScreenPromptTests {
  private let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  private func start(setting changes: [String: String] = [:]) throws -> PseudoTerminal {
    var environment = ["HOME": home.path, "XDG_STATE_HOME": home.path + "/state"]
    environment.merge(changes) { $1 }
    let terminal = try PseudoTerminal(
      running: .product("collab", ["--quiet"], setting: environment))
    #expect(terminal.looks { $0.line(0) == "collab[1]>" })
    return terminal
  }

  /// The styles of the first row behind the prompt, a letter for each cell.
  private func styles(_ screen: TerminalScreen, row: Int = 0) -> String {
    let letters = [
      "": ".", "1;34": "c", "35": "k", "36": "n", "33": "s", "90": "g", "31": "!", "1;4": "b",
    ]
    return screen.cells[row][11..<11 + screen.line(row).count - 11].map { letters[$0.style] ?? "?" }
      .joined()
  }

  private func expect(
    _ typed: String, at terminal: PseudoTerminal, _ expected: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    terminal.type(typed)
    let isThere = terminal.looks { $0.line(0).count > 11 && styles($0) == expected }
    #expect(isThere, "\(terminal.screen.line(0)) \(expected)", sourceLocation: location)
  }

  @Test func `colours are those of the language`() throws {
    let terminal = try start()
    expect("fit 5 wd=0.1 # note", at: terminal, "ccc.n.nn.nnn.gggggg")
    expect("\u{15}x = 'a' if y else 12", at: terminal, "....sss.kk...kkkk.nn")
  }

  @Test func `a word that nothing is called is red once the cursor has left it`() throws {
    let terminal = try start()
    expect("foo", at: terminal, "...")
    expect(" ", at: terminal, "!!!")
    expect("5", at: terminal, "!!!.n")
    expect("\u{15}foo = 5", at: terminal, "......n")
    expect("\u{15}load demo ", at: terminal, "cccc.....")
    expect("\u{15}len 'a'", at: terminal, "....sss")
  }

  @Test func `the bracket that matches is underlined`() throws {
    let terminal = try start()
    expect("f(a, [b])", at: terminal, "!b......b")
    expect("\u{1B}[D", at: terminal, "!b......b")
    expect("\u{1B}[D", at: terminal, "!....b.b.")
    expect("\u{15}f(a, ')')", at: terminal, "!b...sssb")
  }

  @Test func `the only completion is suggested, and nothing when that is off`() throws {
    let terminal = try start()
    expect("apropo", at: terminal, "......g")
    terminal.type("\u{1B}[C 'x'\r")
    #expect(terminal.looks { $0.lines.last == "collab[2]>" })
    terminal.type("set suggestions=off\r")
    #expect(terminal.looks { $0.lines.last == "collab[3]>" })
    terminal.type("apropo")
    #expect(terminal.looks { $0.lines.last == "collab[3]> apropo" })
    terminal.settle()
    #expect(terminal.screen.lines.last == "collab[3]> apropo")
  }

  @Test func `without colour the line is left as it is`() throws {
    let terminal = try start()
    terminal.type("set color=never\r")
    #expect(terminal.looks { $0.lines.last == "collab[2]>" })
    terminal.type("set colo")
    #expect(terminal.looks { $0.lines.last == "collab[2]> set colo" })
    terminal.settle()
    let row = terminal.screen.cursor.row
    #expect(terminal.screen.lines.last == "collab[2]> set colo")
    #expect(terminal.screen.cells[row].allSatisfy { $0.style == "" })
  }

  // MARK: Ways in

  @Test func `the shell is one sign away`() throws {
    let terminal = try start()
    terminal.type("!echo one $((1 + 1)); exit 3\r")
    #expect(terminal.looks { $0.lines.suffix(3) == ["one 2", "exit status 3", "collab[1]>"] })
    home.write("folder/file.txt", "")
    terminal.type("cd \(home.path)/folder\r")
    #expect(terminal.looks { $0.lines.last == "collab[2]>" })
    terminal.type("ls\r!ls\r")
    #expect(
      terminal.looks {
        $0.lines.suffix(5)
          == ["collab[2]> ls", "file.txt", "collab[3]> !ls", "file.txt", "collab[3]>"]
      })
    terminal.type("collab --version\r")
    #expect(
      terminal.looks {
        $0.lines.last == "collab[3]>"
          && $0.lines.suffix(2).first?.hasPrefix("collab 0.1.0 (") == true
      })
    terminal.type("collab\r")
    #expect(terminal.shows("this is the prompt of collab already"))
  }

  @Test func `the keys fit a window of 24 rows`() throws {
    let terminal = try start()
    terminal.type("help keys\r")
    #expect(
      terminal.looks { $0.lines.count == 24 && $0.lines.last == "collab[2]>" },
      "\(terminal.screen.lines)")
  }

  @Test func `questions are a lesson, and a name that is like one is told`() throws {
    let terminal = try start()
    terminal.type("teach quesions\r")
    #expect(terminal.looks { $0.lines.contains("  help: did you mean `questions`?") })
    terminal.type("teach questions\r")
    #expect(terminal.looks { $0.lines.contains("Questions on collaborative filtering") })
  }

  @Test(arguments: [
    ("cat notes.txt", "help: !cat notes.txt"), ("git", "help: !git"),
    ("clear", "help: Ctrl-L clears the window"), ("q", "help: quit"), ("man fit", "help: help fit"),
    ("ls -la", "help: !ls -la"), ("!cd ..", "only that shell went there; for this session: cd .."),
  ])
  func `a line for a shell is answered with what does the same`(
    _ example: (line: String, answer: String)
  ) throws {
    for name in ["git", "cat"] { try home.writeProgram("bin/\(name)", "#!/bin/sh\n") }
    let terminal = try start(setting: ["PATH": "\(home.path)/bin:/usr/bin:/bin"])
    terminal.type(example.line + "\r")
    #expect(
      terminal.looks { $0.lines.contains { $0.hasSuffix(example.answer) } },
      "\(terminal.screen.lines)")
  }

  @Test func `the name of the program may be that of a variable`() throws {
    let terminal = try start()
    terminal.type("collab = 41\r")
    terminal.type("collab + 1\r")
    #expect(terminal.shows("\r\n42\r\n"))
  }

  @Test func `time says how long a statement takes`() throws {
    let terminal = try start()
    terminal.type("time 1 + 1\r")
    #expect(terminal.shows("\r\n2\r\nWall time: "))
  }

  @Test(arguments: [
    ("help(fit)", "fit [epochs=INT]"), ("fit?", "fit [epochs=INT]"), ("?fit", "fit [epochs=INT]"),
    ("help keys", "Keys at the prompt"), ("help language", "The language"),
    ("help model", "Models of your own"), ("help def", "Functions of your own"),
    ("help metrics", "How evaluate, compare"), ("help scripts", "Scripts, notebooks and pages"),
    ("help html", "USAGE: collab html"), ("help fmt", "USAGE: collab fmt"),
    ("?learn", "`learn` is a variable that these make"), ("x = 3; help x", "x: int 3"),
  ])
  func `help knows what a word stands for`(_ typed: String, _ answer: String) throws {
    let terminal = try start()
    terminal.type(typed + "\r")
    #expect(terminal.shows("\r\n" + answer))
  }

  @Test func `a lesson opens from the prompt and leads back to it`() throws {
    let path = home.write("toy.collab", "%% md\n# Toy\n%% id=first\nx = 1\n%% id=second\nx\n")
    let terminal = try start()
    terminal.type("x = 41\r")
    #expect(terminal.shows("collab[2]> "))
    terminal.type("teach \(path)\r")
    #expect(terminal.shows("lesson 1/2> "))
    terminal.type("\r")
    #expect(terminal.shows("lesson 2/2> "))
    terminal.type("quit\r")
    #expect(terminal.shows("collab[3]> "))
    terminal.type("x + 1\r")
    #expect(terminal.shows("\r\n42\r\n\rcollab[4]> "))
  }

  @Test func `the line can be edited elsewhere`() throws {
    let editor = home.write("editor.sh", "sed -i 's/one/two/' \"$1\"\n")
    let terminal = try start(setting: ["EDITOR": "sh \(editor)"])
    terminal.type("print 'one'\u{18}\u{5}")
    #expect(terminal.looks { $0.lines.last == "collab[1]> print 'two'" })
    terminal.type("\r")
    #expect(terminal.looks { $0.lines.suffix(2) == ["two", "collab[2]>"] })
    terminal.type("print 'one'\r")
    #expect(terminal.looks { $0.lines.last == "collab[3]>" })
    terminal.type("edit\r")
    #expect(terminal.looks { $0.lines.last == "collab[4]> print 'two'" })
  }

  @Test func `a semicolon hides what a statement shows, not what it prints`() throws {
    let terminal = try start()
    terminal.type("load demo;\r")
    #expect(terminal.looks { $0.lines.last == "collab[2]>" })
    terminal.type("print 'a';\r")
    #expect(
      terminal.looks {
        $0.lines == ["collab[1]> load demo;", "collab[2]> print 'a';", "a", "collab[3]>"]
      })
  }

  @Test func `a line of advice comes once a day, and never twice`() throws {
    func welcome() throws -> String {
      let terminal = try PseudoTerminal(
        running: .product(
          "collab", setting: ["HOME": home.path, "XDG_STATE_HOME": home.path + "/state"]))
      #expect(terminal.looks { $0.lines.last == "collab[1]>" })
      terminal.type("\u{4}")
      #expect(terminal.exitStatus() == 0)
      return terminal.screen.lines.first { $0.hasPrefix("tip: ") } ?? ""
    }
    // The first day has the welcome.
    #expect(try welcome() == "")
    home.write("state/collab/tips", "1 0\n")
    let first = try welcome()
    #expect(first.hasPrefix("tip: Right takes"))
    #expect(try welcome() == "")
    let kept = home.read("state/collab/tips")
    #expect(kept.hasSuffix(" 1\n"))
    home.write("state/collab/tips", "1 1\n")
    #expect(try welcome() != first)
    home.write("state/collab/tips", "off\n")
    #expect(try welcome() == "")
  }
}
