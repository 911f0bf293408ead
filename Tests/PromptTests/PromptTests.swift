internal import Glibc
import TestSupport
import Testing

/// The program itself at a pseudo-terminal.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct PromptTests {
  private let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  /// The program after its first prompt has appeared.
  private func start(
    _ arguments: [String] = [], setting changes: [String: String] = [:]
  ) throws -> PseudoTerminal {
    var environment = [
      "HOME": home.path, "XDG_STATE_HOME": home.path + "/state", "NO_COLOR": "1",
    ]
    environment.merge(changes) { $1 }
    let terminal = try PseudoTerminal(
      running: .product("collab", arguments, setting: environment))
    #expect(terminal.shows("collab[1]> "))
    return terminal
  }

  /// Enters statements, each after the prompt for it has appeared.
  private func enter(_ statements: String..., from first: Int = 1, at terminal: PseudoTerminal) {
    for (number, statement) in statements.enumerated() {
      terminal.type(statement + "\r")
      #expect(terminal.shows("collab[\(first + number + 1)]> "), "\(statement)")
    }
  }

  @Test func `three lines of welcome, and none at the end`() throws {
    let terminal = try start()
    let lines = String(decoding: terminal.output, as: UTF8.self).split(separator: "\r\n")
    #expect(lines.count == 4)
    #expect(lines[0].contains("collab 0.1.0 · collaborative filtering"))
    #expect(lines.allSatisfy { $0.count <= 80 })
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
    #expect(terminal.rest == "\r\n")
    #expect(terminal.isInOrder)
    let quiet = try start(["--quiet"])
    #expect(!String(decoding: quiet.output, as: UTF8.self).contains("collaborative"))
  }

  @Test func `Tab completes from the registry and the session`() throws {
    let terminal = try start()
    terminal.type("load de\u{9}\r")
    #expect(terminal.shows("demo · 100,000 ratings"))
    #expect(terminal.shows("collab[2]> "))
    terminal.type("learner \u{9}")
    #expect(terminal.shows("  dot "))
    #expect(terminal.shows(" dot product of user and item factors\r\n"))
    terminal.type("\u{15}head movies n=1\r")
    #expect(terminal.shows("0      1  Moonlit Archipelago, The (1982)"))
    #expect(terminal.shows("collab[3]> "))
    terminal.type("dataloaders item=tit\u{9}\r")
    #expect(terminal.shows("train 80,000 · valid 20,000"))
    #expect(terminal.shows("collab[4]> "))
    terminal.type("[dls.items[dls.items.o2i['an estuary for zo\u{9}]]]\r")
    #expect(terminal.shows("\r\n['An Estuary for Zoë (1932)']\r\n"))
  }

  @Test func `Tab completes the words of a lesson and the names of its steps`() throws {
    let path = home.write(
      "toy.collab", "%% md\n# Toy\n%% id=first\n1 + 1\n%% id=second-step\n2 + 2\n")
    let terminal = try PseudoTerminal(
      running: .product(
        "collab", ["teach", path],
        setting: ["HOME": home.path, "XDG_STATE_HOME": home.path + "/state", "NO_COLOR": "1"]))
    #expect(terminal.shows("lesson 1/2> "))
    terminal.type("got\u{9}sec\u{9}\r")
    #expect(terminal.shows("2 + 2"))
    #expect(terminal.shows("lesson 2/2> "))
    terminal.type("bac\u{9}\r")
    #expect(terminal.shows("lesson 1/2> "))
    terminal.type("re\u{9}")
    #expect(terminal.shows("  reset "))
    #expect(terminal.shows("empties the workspace"))
    terminal.type("\u{15}qui\u{9}\r")
    #expect(terminal.exitStatus() == 0)
  }

  @Test func `carets stand below a mistake`() throws {
    let terminal = try start()
    terminal.type("ftt 5 5e-3\r")
    #expect(terminal.shows("ftt 5 5e-3\r\n           ^^^\r\nerror[unknown-command]: "))
    #expect(terminal.shows("  help: did you mean `fit`?\r\n"))
    #expect(terminal.shows("collab[1]> ") || terminal.shows("collab[2]> "))
  }

  @Test func `control-C ends a fit, which can go on or be taken back`() throws {
    let terminal = try start()
    enter("load demo", "dataloaders", "learner dotbias", at: terminal)
    terminal.type("fit 5000 5e-3\r")
    #expect(terminal.shows("\r\n0 "))
    #expect(terminal.waits(untilMode: ECHO, is: false))
    // Typed ahead: neither lost nor written into the bar.
    terminal.type("print 'ahead'\r")
    #expect(terminal.shows("\r\n1 "))
    terminal.type("\u{3}")
    #expect(terminal.shows("interrupted in epoch "))
    #expect(terminal.shows("of 1250 batches; what was learned is kept\r\n"))
    #expect(terminal.shows("  help: fit 4"))
    #expect(terminal.shows("trains on, undo goes back to before this fit\r\n"))
    #expect(terminal.shows("collab[5]> print 'ahead'\r\nahead\r\n\rcollab[6]> "))
    enter("fit 1 5e-3", from: 6, at: terminal)
    terminal.type("undo\r")
    #expect(terminal.shows("the learner is as it was before the last fit\r\n"))
    #expect(terminal.shows("collab[8]> "))
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
  }

  @Test func `control-C twice leaves a statement that does not listen`() throws {
    let terminal = try start()
    enter("x = randn(2500, 2500)", at: terminal)
    let products = Array(repeating: "x", count: 60).joined(separator: "@")
    terminal.type("y = \(products)\r")
    #expect(terminal.waits(untilMode: ECHO, is: false))
    #expect(terminal.exitStatus(pressing: "\u{3}") == 130)
  }

  @Test func `control-C in a script leaves with 130`() throws {
    let path = home.write("long.collab", "load demo\ndataloaders\nlearner dotbias\nfit 5000 5e-3\n")
    let terminal = try PseudoTerminal(
      running: .product("collab", ["run", path], setting: ["HOME": home.path]))
    #expect(terminal.shows("\r\n0 "))
    terminal.type("\u{3}")
    #expect(terminal.shows("interrupted in epoch "))
    #expect(terminal.exitStatus() == 130)
  }

  @Test func `a model is typed over several lines and recalled whole`() throws {
    let terminal = try start()
    terminal.type("model T {\r")
    #expect(terminal.shows("       {.> "))
    terminal.type("a = Parameter(ones(3))\r")
    #expect(terminal.shows("       {.> "))
    terminal.type("}\r")
    #expect(terminal.shows("collab[2]> "))
    terminal.type("T().parameters()\r")
    #expect(terminal.shows("collab[3]> "))
    terminal.type("\u{1B}[A\u{1B}[A\r")
    #expect(terminal.shows("    a = Parameter(ones(3))"))
    #expect(terminal.shows("collab[4]> "))
  }

  @Test func `a pasted model is one statement`() throws {
    let terminal = try start()
    terminal.type("\u{1B}[200~model T {\r\ta = Parameter(ones(3))\r}\r\u{1B}[201~\r")
    #expect(terminal.shows("collab[2]> "))
    terminal.type("vars\r")
    #expect(terminal.shows("T     model"))
  }

  @Test func `history is there at the next start`() throws {
    let first = try start()
    enter("x = 41", " secret = 1", "x + 1", at: first)
    first.type("\u{4}")
    #expect(first.exitStatus() == 0)
    let second = try start()
    second.type("x = 4\u{1B}[A")
    second.type("\r")
    #expect(second.shows("collab[2]> "))
    second.type("history\r")
    #expect(second.shows("1  x + 1\r\n2  x = 41\r\n3  history\r\n"))
  }

  @Test func `a window that changes its size changes the output`() throws {
    let terminal = try start()
    enter("load demo", at: terminal)
    terminal.type("head ra")
    #expect(terminal.shows("head ra"))
    terminal.resize(columns: 40, rows: 10)
    terminal.type("tings n=1\r")
    #expect(terminal.shows("…"))
    #expect(terminal.shows("collab[3]> "))
    terminal.resize(columns: 80)
    terminal.type("head ratings n=1\r")
    #expect(terminal.shows("timestamp  title\r\n"))
  }

  @Test func `control-C discards a line and control-D leaves`() throws {
    let terminal = try start()
    terminal.type("half a li\u{3}")
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("collab[1]> "))
    terminal.type("f(\r")
    #expect(terminal.shows("(.> "))
    terminal.type("\u{4}")
    #expect(terminal.shows("still inside '(' from line 1 (Ctrl-C discards)"))
    #expect(terminal.shows("(.> "))
    terminal.type("\u{3}")
    #expect(terminal.shows("collab[1]> "))
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
  }

  @Test(arguments: ["dumb", ""])
  func `a terminal that can only print has plain lines`(_ term: String) throws {
    let terminal = try start(setting: ["TERM": term])
    terminal.type("1 + 1\n")
    #expect(terminal.shows("\r\n2\r\ncollab[2]> "))
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
  }

  @Test func `a terminal without UTF-8 takes accents all the same`() throws {
    let terminal = try start(setting: ["LANG": "C"])
    terminal.type("print 'Zoë'\r")
    #expect(terminal.shows("\r\nZoë\r\n"))
  }
}
