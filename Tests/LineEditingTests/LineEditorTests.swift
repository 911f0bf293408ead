internal import Glibc
import TestSupport
import Testing

extension PseudoTerminal.Program {
  /// The probe, with some of its surroundings changed.
  static func probe(
    _ arguments: String..., setting changes: [String: String] = [:]
  ) -> Self {
    product("LineEditingProbe", arguments, setting: changes)
  }
}

/// The editor at a pseudo-terminal, which the probe program stands at.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct LineEditorTests {
  private func prompt(_ program: PseudoTerminal.Program = .probe()) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(running: program)
    #expect(terminal.shows("editing"))
    #expect(terminal.shows("probe[1]> "))
    return terminal
  }

  @Test func `a line comes back as it was typed`() throws {
    let terminal = try prompt()
    terminal.type("Amélie 七人の侍 👍\r")
    #expect(terminal.shows("line <Amélie 七人の侍 👍>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{4}")
    #expect(terminal.shows("end"))
    #expect(terminal.exitStatus() == 0)
  }

  @Test func `bytes that are no text are replaced and what follows is kept`() throws {
    let terminal = try prompt()
    terminal.type(bytes: [0x61, 0xC3, 0x2D, 0xFF, 0xE4, 0xBD, 0x62, 0xED, 0xA0, 0x80, 0x63, 0x0D])
    #expect(terminal.shows("line <a\u{FFFD}-\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}c>"))
  }

  @Test func `a block is continued, is one statement and is recalled whole`() throws {
    let terminal = try prompt()
    terminal.type("model T {\r")
    #expect(terminal.shows("      {.> "))
    terminal.type("a = [1,\r")
    #expect(terminal.shows("      [.> "))
    terminal.type("2]\r}\r")
    #expect(terminal.shows("line <model T {\\n    a = [1,\\n    2]\\n}>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{1B}[A # again\r")
    #expect(terminal.shows("line <model T {\\n    a = [1,\\n    2]\\n} # again>"))
  }

  @Test func `up in a block goes to the line above to be edited`() throws {
    let terminal = try prompt()
    terminal.type("modle T {\r")
    #expect(terminal.shows("{.> "))
    terminal.type("a}\u{15}\u{1B}[A")
    terminal.type("\u{1}new \u{5}}\r")
    #expect(terminal.shows("line <new modle T {}>"))
  }

  @Test func `control-C discards a line, a block and a search`() throws {
    let terminal = try prompt()
    terminal.type("first\r")
    #expect(terminal.shows("line <first>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("half a line\u{3}")
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("a {\r")
    #expect(terminal.shows("{.> "))
    terminal.type("b\u{3}")
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{12}fir")
    #expect(terminal.shows("search: fir"))
    terminal.type("\u{3}")
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("next\r")
    #expect(terminal.shows("line <next>"))
  }

  @Test func `keys typed right after control-C are kept`() throws {
    let terminal = try prompt()
    terminal.type("abc\u{3}def\r")
    #expect(terminal.shows("line <def>"))
  }

  @Test func `control-D leaves on an empty line, else deletes, and is refused in a block`() throws {
    let terminal = try prompt()
    terminal.type("xab\u{1}\u{4}\u{5}\u{4}\r")
    #expect(terminal.shows("line <ab>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("f(\r")
    #expect(terminal.shows("(.> "))
    terminal.type("\u{4}")
    #expect(terminal.shows("still inside '(' from line 1 (Ctrl-C discards)"))
    #expect(terminal.shows("(.> "))
    terminal.type("\u{3}")
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
    #expect(terminal.isInOrder)
  }

  @Test(arguments: ["\r\r", "help\r", "quit\r"])
  func `somebody who seems stuck is told what is open`(_ keys: String) throws {
    let terminal = try prompt()
    terminal.type("{\r")
    #expect(terminal.shows("{.> "))
    terminal.type(keys)
    #expect(terminal.shows("still inside '{' from line 1 (Ctrl-C discards)"))
    terminal.type("}\r")
    #expect(terminal.shows("line <{"))
  }

  @Test func `an answer is one line and is not kept`() throws {
    let terminal = try prompt()
    terminal.type("ask\r")
    #expect(terminal.shows("sure> "))
    terminal.type("\u{9}{ no\r")
    #expect(terminal.shows("answer <line(\\\"{ no\\\")>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{1B}[A!\r")
    #expect(terminal.shows("line <ask!>"))
  }

  @Test func `a line that is stopped can be finished after fg`() throws {
    let script = "\(PseudoTerminal.path(ofProduct: "LineEditingProbe"))\necho outside; stty -a; fg"
    let terminal = try prompt(.shell(script))
    terminal.type("abc\u{1A}")
    #expect(terminal.shows("outside"))
    #expect(terminal.shows(" echo "))
    #expect(terminal.shows("probe[1]> abc"))
    terminal.type("def\r")
    #expect(terminal.shows("line <abcdef>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("busy\r")
    #expect(terminal.shows("working"))
    terminal.type("\u{3}")
    #expect(terminal.shows("interrupted"))
  }

  @Test func `a window that changes its size does not lose the line`() throws {
    let terminal = try prompt()
    terminal.type("0123456789 0123456789 0123456789 0123456789 x")
    #expect(terminal.shows("x"))
    terminal.resize(columns: 40)
    terminal.type("y")
    #expect(terminal.shows("y"))
    terminal.resize(columns: 100)
    terminal.type("z\r")
    #expect(terminal.shows("line <0123456789 0123456789 0123456789 0123456789 xyz>"))
  }

  @Test func `long lines come back whole`() throws {
    let terminal = try prompt()
    let long = String(repeating: "0123456789", count: 300)
    terminal.type(long + "\r")
    #expect(terminal.shows("line <\(long)>"))
  }

  @Test func `a long line comes back from the history whole`() throws {
    let terminal = try prompt()
    terminal.type("old\r")
    #expect(terminal.shows("probe[2]> "))
    let long = String(repeating: "x", count: 1500)
    terminal.type("\u{1B}[200~\(long)\n2\u{1B}[201~")
    #expect(terminal.shows("2"))
    // From the first line to the history and back, and by way of a search that is given up.
    terminal.type("\u{10}\u{10}\u{E}\u{12}ol\u{7}\u{E}\r")
    #expect(terminal.shows("line <\(long)\\n2>"))
  }
}

// MARK: - Pasting
extension LineEditorTests {
  @Test func `a bracketed paste is one statement`() throws {
    let terminal = try prompt()
    terminal.type("\u{1B}[200~a = {\r\n\tb\u{7}\u{1B}OA\u{1B}\r}\r\r\u{1B}[201~")
    #expect(terminal.shows("}"))
    terminal.type("!\r")
    #expect(terminal.shows("line <a = {\\n\\tbOA\\n}!>"))
  }

  @Test func `a large paste goes in whole`() throws {
    let terminal = try prompt()
    let text = (1...200).map { "line \($0) of a large paste" }.joined(separator: "\r")
    terminal.type("\u{1B}[200~\(text)\u{1B}[201~\r")
    #expect(terminal.shows("line <" + text.split(separator: "\r").joined(separator: "\\n") + ">"))
  }

  @Test func `a plain paste of a block is one statement`() throws {
    let terminal = try prompt()
    terminal.type("a = {\rb\r}\rnext\r")
    #expect(terminal.shows("line <a = {\\nb\\n}>"))
    #expect(terminal.shows("line <next>"))
  }

  @Test func `pastes are bracketed only while a line is edited`() throws {
    let terminal = try prompt()
    terminal.type("busy\r")
    #expect(terminal.shows("working"))
    let (on, off) = (Array("\u{1B}[?2004h".utf8), Array("\u{1B}[?2004l".utf8))
    let output = terminal.output
    let first = output.firstRange(of: on)
    let second = output.firstRange(of: off)
    #expect(first != nil && second != nil && first?.lowerBound ?? 0 < second?.lowerBound ?? 0)
    #expect(output.ranges(of: on).count == output.ranges(of: off).count)
    terminal.type("\u{3}")
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{4}")
    #expect(terminal.exitStatus() == 0)
    #expect(terminal.output.ranges(of: on).count <= terminal.output.ranges(of: off).count)
  }
}

// MARK: - Completing
extension LineEditorTests {
  @Test func `tab adds what is certain, then lists, and a single candidate is finished`() throws {
    let terminal = try prompt()
    terminal.type("x d\u{9}")
    #expect(terminal.shows("ot"))
    terminal.type("\u{9}")
    #expect(terminal.shows("  dot       the model dot\r\n  dotbias   the model dotbias"))
    terminal.type("b\u{9}!\r")
    #expect(terminal.shows("line <x dotbias !>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("Am\u{9}\r")
    #expect(terminal.shows("line <Amélie >"))
  }

  @Test func `a long menu says which part of it is shown`() throws {
    var program = PseudoTerminal.Program.probe()
    program.columns = 20
    let terminal = try prompt(program)
    terminal.type("name\u{9}")
    #expect(terminal.shows("  1–22 of 40"))
    terminal.type("7\r")
    #expect(terminal.shows("line <name7>"))
  }

  @Test func `tab indents inside a block`() throws {
    let terminal = try prompt()
    terminal.type("{\r")
    #expect(terminal.shows("{.> "))
    terminal.type("\u{15}\u{9}a d\u{9}bi\u{9}}\r")
    #expect(terminal.shows("line <{\\n    a dotbias }>"))
  }
}

// MARK: - Keys
extension LineEditorTests {
  @Test func `up searches for what was typed`() throws {
    let terminal = try prompt()
    for (number, line) in ["fit 1", "head x", "fit 2", "vars"].enumerated() {
      terminal.type(line + "\r")
      #expect(terminal.shows("probe[\(number + 2)]> "))
    }
    terminal.type("fit\u{1B}[A\u{1B}OA\r")
    #expect(terminal.shows("line <fit 1>"))
    #expect(terminal.shows("probe[6]> "))
    terminal.type("\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[A!\r")
    #expect(terminal.shows("line <vars!>"))
  }

  @Test func `control and arrows move by words`() throws {
    let terminal = try prompt()
    terminal.type("one two three\u{1B}[1;5D\u{1B}[1;5D>\u{1B}[1;5C<\r")
    #expect(terminal.shows("line <one >two< three>"))
  }

  @Test func `meta and enter break the line`() throws {
    let terminal = try prompt()
    terminal.type("a\u{1B}\rb\r")
    #expect(terminal.shows("line <a\\nb>"))
  }

  @Test func `vi mode in editrc keeps our keys`() throws {
    let folder = try TemporaryFolder()
    folder.write(".editrc", "bind -v\n")
    let terminal = try prompt(.probe(setting: ["HOME": folder.path]))
    terminal.type("do\u{9}")
    #expect(terminal.shows("t"))
    terminal.type("\u{1B}0ix\r")
    #expect(terminal.shows("line <xdot>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{1B}[200~a\rb\u{1B}[201~c\r")
    #expect(terminal.shows("line <a\\nbc>"))
    #expect(terminal.shows("probe[3]> "))
    terminal.type("abc\u{1B}")
    #expect(terminal.shows("abc"))
    terminal.type("\u{3}")
    #expect(terminal.shows("probe[3]> "))
    // Up recalls the paste, goes to its first line, and on to the statement before it.
    terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A\r")
    #expect(terminal.shows("line <xdot>"))
    #expect(terminal.shows("probe[4]> "))
    terminal.type("\u{1B}\u{4}")
    #expect(terminal.exitStatus() == 0)
  }
}

// MARK: - While a command runs
extension LineEditorTests {
  @Test func `what is typed while a command runs is the next input and is not echoed`() throws {
    let terminal = try prompt()
    terminal.type("busy\r")
    #expect(terminal.shows("working"))
    #expect(terminal.waits(untilMode: ECHO, is: false))
    terminal.type("typed ahead\rand half")
    terminal.type("\u{3}")
    #expect(terminal.shows("interrupted\r\n\rprobe[2]> typed ahead"))
    #expect(terminal.shows("line <typed ahead>"))
    #expect(terminal.shows("probe[3]> and half"))
    terminal.type("!\r")
    #expect(terminal.shows("line <and half!>"))
  }

  @Test func `a second control-C leaves a command that does not listen`() throws {
    let terminal = try prompt()
    terminal.type("deaf\r")
    #expect(terminal.shows("not listening"))
    terminal.type("\u{3}")
    #expect(terminal.shows("heard nothing"))
    terminal.type("\u{3}")
    #expect(terminal.exitStatus() == 130)
    #expect(terminal.isInOrder)
  }

  @Test func `an interrupt from outside discards the line`() throws {
    let terminal = try prompt()
    terminal.type("half")
    #expect(terminal.shows("half"))
    terminal.send(SIGINT)
    #expect(terminal.shows("^C"))
    #expect(terminal.shows("probe[1]> "))
    terminal.type("whole\r")
    #expect(terminal.shows("line <whole>"))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGABRT])
  func `a program that is ended leaves the terminal in order`(_ signal: Int32) throws {
    let terminal = try prompt()
    terminal.type("half")
    #expect(terminal.shows("half"))
    #expect(!terminal.isInOrder)
    terminal.send(signal)
    #expect(terminal.exitStatus() == 128 + signal)
    #expect(terminal.isInOrder)
    let last = terminal.output.suffix(8)
    #expect(Array(last) == Array("\u{1B}[?2004l".utf8))
  }
}

// MARK: - Surroundings
extension LineEditorTests {
  @Test(arguments: ["C", "POSIX", "", "de_XX.ISO-8859-1"])
  func `text is UTF-8 whatever the locale`(_ locale: String) throws {
    let terminal = try prompt(.probe(setting: ["LANG": locale, "LC_ALL": ""]))
    terminal.type("grün\r")
    #expect(terminal.shows("line <grün>"))
  }

  @Test func `an unknown terminal is edited as a dumb one`() throws {
    let terminal = try PseudoTerminal(running: .probe(setting: ["TERM": "xyzzy"]))
    #expect(terminal.shows("dumb terminal settings"))
    #expect(terminal.shows("probe[1]> "))
    terminal.type("grün\r")
    #expect(terminal.shows("line <grün>"))
  }

  @Test(arguments: ["dumb", ""])
  func `a terminal that can only print has plain lines`(_ term: String) throws {
    let terminal = try PseudoTerminal(running: .probe(setting: ["TERM": term]))
    #expect(terminal.shows("plain"))
    #expect(terminal.shows("probe[1]> "))
    terminal.type("f(\n")
    #expect(terminal.shows("      (.> "))
    terminal.type("grün)\n")
    #expect(terminal.shows("line <f(\\ngrün)>"))
    #expect(terminal.shows("probe[2]> "))
    terminal.type("f(\n")
    #expect(terminal.shows("      (.> "))
    terminal.type("\u{3}")
    #expect(terminal.shows("probe[2]> "))
    terminal.type("\u{4}")
    #expect(terminal.shows("end"))
  }

  @Test func `a program in a pipe reads plain lines and asks nothing`() throws {
    let probe = PseudoTerminal.path(ofProduct: "LineEditingProbe")
    for (script, output) in [
      (
        "printf 'a\\nf(\\n1)\\nlast' | \(probe)",
        "plain\r\nline <a>\r\nline <f(\\n1)>\r\nline <last>\r\nend\r\n"
      ),
      ("printf 'a\\r\\nb\\303(' | \(probe)", "plain\r\nline <a>\r\nline <b\u{FFFD}(>\r\nend\r\n"),
      ("\(probe) < /dev/null", "plain\r\nend\r\n"),
      ("printf 'x {\\ny' | \(probe)", "plain\r\nline <x {\\ny>\r\nend\r\n"),
      ("printf 'x\\n' | \(probe) | cat", "plain\r\nline <x>\r\nend\r\n"),
    ] {
      let terminal = try PseudoTerminal(running: .shell(script))
      #expect(terminal.exitStatus() == 0)
      #expect(terminal.rest == output)
    }
  }
}
