internal import Glibc
import TestSupport
import Testing

/// The program in surroundings that are not those of a large terminal of one's own.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct SurroundingsTests {
  private let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  private var program: String { PseudoTerminal.path(ofProduct: "collab") }

  private func prompt(setting changes: [String: String] = [:]) throws -> PseudoTerminal {
    var environment = [
      "HOME": home.path, "XDG_STATE_HOME": home.path + "/state", "NO_COLOR": "1",
    ]
    environment.merge(changes) { $1 }
    let terminal = try PseudoTerminal(running: .product("collab", setting: environment))
    #expect(terminal.shows("collab[1]> "))
    return terminal
  }

  // MARK: Pages

  @Test func `output that is longer than the window stops after each page`() throws {
    let terminal = try prompt()
    terminal.type("zeros(2, 1)\r")
    #expect(terminal.shows("[0.]])\r\n\rcollab[2]> "))
    terminal.type("zeros(50, 1)\r")
    #expect(terminal.shows("23 of 50 lines · Enter more, / search, q enough"))
    terminal.type("\u{1B}[B")
    #expect(terminal.shows("24 of 50 lines"))
    terminal.type("\r")
    #expect(terminal.shows("47 of 50 lines"))
    terminal.type("q")
    #expect(terminal.shows("… 3 more lines\r\n\rcollab[3]> "))
    terminal.type("zeros(50, 1)\r")
    #expect(terminal.shows("23 of 50 lines"))
    terminal.type("\u{1B}[F")
    #expect(terminal.shows("[0.]])\r\n\rcollab[4]> "))
    terminal.type("zeros(50, 1)\r")
    #expect(terminal.shows("23 of 50 lines"))
    terminal.type("\u{3}")
    #expect(terminal.shows("… 27 more lines\r\n\rcollab[5]> "))
    terminal.type("set paging off\r")
    #expect(terminal.shows("collab[6]> "))
    terminal.type("zeros(50, 1)\r")
    #expect(terminal.shows("[0.]])\r\n\rcollab[7]> "))
  }

  @Test func `keys that are not the pager's are the next statement`() throws {
    let terminal = try prompt()
    terminal.type("zeros(50, 1)\r")
    #expect(terminal.shows("23 of 50 lines"))
    terminal.type("print 'given back'\r")
    #expect(terminal.shows("… 27 more lines\r\n\rcollab[2]> print 'given back'\r\ngiven back\r\n"))
  }

  @Test func `a slash in the pager goes on where a text stands`() throws {
    let terminal = try prompt()
    terminal.type("help\r")
    #expect(terminal.shows("search, q enough"))
    terminal.type("/NoWhere\r")
    #expect(terminal.shows("not found · "))
    terminal.type("/how long it t\u{7F}t\r")
    #expect(terminal.shows("lines left out\r\n  time STATEMENT"))
  }

  @Test func `a picture is scaled to the window`() throws {
    let terminal = try prompt()
    terminal.resize(columns: 40, rows: 10)
    terminal.type("plot [1,2,3] [3,1,2]\r")
    #expect(terminal.shows("3.0\r\n\rcollab[2]> "))
    let rows = terminal.screen.lines.drop { !$0.hasPrefix("collab[1]> ") }
    #expect(rows.count <= 10)
    #expect(!terminal.screen.lines.joined().contains("enough"))
  }

  @Test func `what was typed ahead is no answer to the pager`() throws {
    let terminal = try prompt()
    terminal.type("zeros(50, 1)\rprint 'ahead'\r")
    #expect(terminal.shows("[0.]])\r\n"))
    #expect(terminal.shows("\r\nahead\r\n"))
  }

  @Test func `help follows the window`() throws {
    let terminal = try prompt()
    terminal.resize(columns: 40, rows: 100)
    terminal.type("help fit\r")
    #expect(terminal.shows("collab[2]> "))
    let lines = String(decoding: terminal.output, as: UTF8.self).split(separator: "\r\n")
    let help = lines.drop { !$0.contains("fit [epochs") }.dropFirst().dropLast()
    #expect(help.count > 20)
    #expect(help.allSatisfy { $0.count <= 40 })
  }

  // MARK: Progress

  @Test(arguments: [("C.UTF-8", "▏ "), ("C", "-] ")])
  func `a fit has a bar of what the terminal can draw`(_ locale: String, _ end: String) throws {
    let terminal = try prompt(setting: ["LANG": locale])
    terminal.type("load demo; dataloaders bs=1; learner dotbias; fit 100 5e-3\r")
    #expect(terminal.shows(end))
    terminal.resize(columns: 40)
    // The short form has neither the bar nor the counts.
    #expect(terminal.shows("% loss "))
    terminal.type("\u{3}")
    #expect(terminal.shows("what was learned is kept"))
  }

  @Test func `a pipe gets rows and no bar`() throws {
    let script =
      "\(program) -c 'load demo; dataloaders bs=8; learner dotbias; fit 1 5e-3' 2>&1 | cat"
    let terminal = try PseudoTerminal(running: .shell(script))
    #expect(terminal.exitStatus() == 0)
    #expect(terminal.rest.contains("epoch  train_loss  valid_loss  time\r\n0 "))
    #expect(!terminal.rest.contains("%"))
    #expect(!terminal.output.contains(0x1B))
  }

  // MARK: Stopping

  @Test func `control-C stops a file that runs in the session`() throws {
    let path = home.write(
      "long.collab", "load demo\ndataloaders\nlearner dotbias\nfit 5000 5e-3\nafterwards = 1\n")
    let terminal = try prompt()
    terminal.type("run \(path)\r")
    #expect(terminal.shows("\r\n0 "))
    terminal.type("\u{3}")
    #expect(terminal.shows("interrupted in epoch "))
    #expect(terminal.shows("collab[2]> "))
    terminal.type("vars\r")
    #expect(terminal.shows("learn    Learner"))
    #expect(terminal.shows("collab[3]> "))
    #expect(!terminal.description.contains("afterwards"))
    terminal.type("afterwards\r")
    #expect(terminal.shows("error[unknown-name]"))
  }

  // MARK: Two at once, and other terminals

  @Test func `two prompts share their history`() throws {
    let (first, second) = (try prompt(), try prompt())
    for (number, terminal) in [(1, first), (2, second), (3, first), (4, second)] {
      terminal.type("x = \(number)\r")
      #expect(terminal.shows("collab[\(number > 2 ? 3 : 2)]> "))
    }
    for terminal in [first, second] {
      terminal.type("\u{4}")
      #expect(terminal.exitStatus() == 0)
    }
    let third = try prompt()
    third.type("history\r")
    #expect(third.shows("1  x = 1\r\n2  x = 2\r\n3  x = 3\r\n4  x = 4\r\n5  history\r\n"))
  }

  @Test func `an unknown terminal is edited as a dumb one`() throws {
    let terminal = try prompt(setting: ["TERM": "xyzzy"])
    terminal.type("prinn\u{8}t 'grün'\r")
    #expect(terminal.shows("\r\ngrün\r\n"))
  }

  @Test func `standard input and output need not be terminals`() throws {
    for (script, output) in [
      ("printf '1 + 1\\nprint \"grün\"' | \(program)", "2\r\ngrün\r\n"),
      ("printf '1 + 1\\n' | \(program) | cat", "2\r\n"),
      ("\(program) < /dev/null", ""),
    ] {
      let terminal = try PseudoTerminal(running: .shell(script))
      #expect(terminal.exitStatus() == 0)
      #expect(terminal.rest == output)
    }
  }

  @Test func `a stopped prompt goes on after fg`() throws {
    let terminal = try PseudoTerminal(
      running: .shell("HOME=\(home.path) NO_COLOR=1 \(program)\necho outside; fg"))
    #expect(terminal.shows("collab[1]> "))
    terminal.type("1 +\u{1A}")
    #expect(terminal.shows("outside"))
    #expect(terminal.shows("collab[1]> 1 +"))
    terminal.type(" 2\r")
    #expect(terminal.shows("\r\n3\r\n"))
  }

  @Test func `keys of vi work where editrc asks for them`() throws {
    home.write(".editrc", "bind -v\n")
    let terminal = try prompt()
    terminal.type("print 'b'\u{1B}0iloa\u{1B}x\u{3}")
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("collab[1]> "))
    terminal.type("loa\u{9} demo\r")
    #expect(terminal.shows("demo · 100,000 ratings"))
  }

  @Test func `a line of 3,000 characters runs whole`() throws {
    let terminal = try prompt()
    terminal.type("len('\(String(repeating: "0123456789", count: 300))')\r")
    #expect(terminal.shows("\r\n3000\r\n"))
  }
}
