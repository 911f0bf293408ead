import TestSupport
import Testing

/// The keys of vi, in a line and in a block.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct ViTests {
  private let home: TemporaryFolder

  init() throws {
    home = try TemporaryFolder()
    home.write(".editrc", "bind -v\n")
  }

  private func start(setting changes: [String: String] = [:]) throws -> PseudoTerminal {
    let surroundings = changes.merging(["HOME": home.path]) { $1 }
    let terminal = try PseudoTerminal(running: .probe(setting: surroundings))
    #expect(terminal.looks { $0.lines.last?.hasPrefix("probe[1]>") ?? false })
    return terminal
  }

  private static let escape = "\u{1B}"
  private static let block = "\u{1B}[200~{\none\n  two\n}\u{1B}[201~\u{1B}"

  private static let letters = "abcdefghijklmnopqrst"
  private static let long = "\u{1B}[200~{\n\(letters)\n}\u{1B}[201~\u{1B}"

  /// Keys, and the statement they leave.
  private static let keys: [(keys: String, statement: String)] = [
    ("fit 53\u{1B}cwx", "fit 5x"), ("fit 53\u{1B}dw", "fit 5"), ("one two\u{1B}bcwx", "one x"),
    ("one two\u{1B}0x", "ne two"), ("one two\u{1B}0wDa!", "one !"), ("one two\u{1B}ccx", "x"),
    ("one two\u{1B}0d$ix", "x"), ("one two\u{1B}d0", "o"), ("one two\u{1B}0Cx", "x"),
    ("one two\u{1B}0$x", "one tw"), ("one two\u{1B}Ix", "xone two"), ("one\u{1B}0Ax", "onex"),
    ("abcdefghijkl\u{1B}010x", "kl"), ("one two\u{1B}0d2wix", "x"), ("fd$ a\u{1B}0f$x", "fd a"),
    ("one\u{1B}otwo", "one\\ntwo"), ("abc\u{1B}\u{1B}\u{1B}x", "ab"),
    ("abc\u{1B}d\u{1B}x", "ab"),
    (block + "kAx", "{\\none\\n  twox\\n}"), (block + "kIx", "{\\none\\n  xtwo\\n}"),
    (block + "kdd", "{\\none\\n}"), (block + "kccx", "{\\none\\n  x\\n}"),
    (block + "kSx", "{\\none\\n  x\\n}"), (block + "kkD", "{\\n\\n  two\\n}"),
    (block + "kkCx", "{\\nx\\n  two\\n}"), (block + "kk$x", "{\\non\\n  two\\n}"),
    (block + "kkd$ix", "{\\nx\\n  two\\n}"), (block + "k^x", "{\\none\\n  wo\\n}"),
    (block + "k$0x", "{\\none\\n two\\n}"), (block + "kko+", "{\\none\\n+\\n  two\\n}"),
    (block + "kkkjAx", "{\\nonex\\n  two\\n}"),
    // Lines so long that counts have a zero.
    (long + "kD", "{\\n\\n}"), (long + "k$dd", "{\\n}"),
    (long + "k$0x", "{\\n\(letters.dropFirst())\\n}"),
    (long + "kAx", "{\\n\(letters)x\\n}"), (long + "k$d0", "{\\nt\\n}"),
  ]

  @Test(arguments: keys)
  func `commands are about the line of the cursor`(
    _ example: (keys: String, statement: String)
  ) throws {
    let terminal = try start()
    terminal.type(example.keys + "\r")
    #expect(terminal.shows("line <\(example.statement)>"), "\(terminal.screen.lines)")
  }

  /// Keys of emacs mode that vi has no other use for while text is inserted.
  @Test(arguments: [
    ("abc\u{1}x", "xabc"), ("abc\u{1}\u{5}x", "abcx"), ("abc\u{2}x", "abxc"),
    ("one two\u{17}x", "one x"), ("abc\u{1}\u{B}x", "x"), ("abc\u{15}\u{19}\u{19}", "abcabc"),
    ("abc\u{7F}x", "abx"), ("abc\u{8}x", "abx"),
  ])
  func `the control keys that help names work while text is inserted`(
    _ example: (keys: String, statement: String)
  ) throws {
    let terminal = try start()
    terminal.type(example.keys + "\r")
    #expect(terminal.shows("line <\(example.statement)>"), "\(terminal.screen.lines)")
  }

  @Test func `u undoes as often as there is something, control-R redoes`() throws {
    let terminal = try start()
    for text in ["one", "one two", "one two three"] {
      terminal.type(text == "one" ? text : " " + text.split(separator: " ").last!)
      #expect(terminal.looks { $0.lines.last == "probe[1]> " + text })
    }
    terminal.type("\u{1B}")
    #expect(terminal.looks { $0.cursor.column == 22 })
    terminal.type("uu")
    #expect(terminal.looks { $0.lines.last == "probe[1]> one" }, "\(terminal.screen.lines)")
    terminal.type("\u{12}\u{12}\r")
    #expect(terminal.shows("line <one two three>"))
  }

  @Test func `control-C among commands discards the line, and letters are inserted again`() throws {
    let terminal = try start()
    for line in ["abc\u{1B}\u{3}", "abc\u{1B}\u{1B}\u{3}", "abc\u{1B}d\u{3}"] {
      terminal.type(line)
      #expect(terminal.looks { $0.lines.suffix(2) == ["probe[1]> abc^C", "probe[1]>"] })
      terminal.type("\u{C}")
      #expect(terminal.looks { $0.lines == ["probe[1]>"] })
    }
    terminal.type("dot\r")
    #expect(terminal.shows("line <dot>"))
  }

  @Test func `v opens the line in the editor, and the session goes on`() throws {
    let editor = home.write("editor", "#!/bin/sh\nprintf 'edited' > \"$1\"\n")
    let terminal = try start(setting: ["EDITOR": "sh \(editor)", "VISUAL": ""])
    terminal.type("abc\u{1B}v")
    #expect(terminal.looks { $0.lines.last == "probe[1]> edited" }, "\(terminal.screen.lines)")
    terminal.type("\r")
    #expect(terminal.shows("line <edited>"))
    #expect(terminal.shows("probe[2]>"))
  }

  @Test func `a command of libedit that ends the line runs it`() throws {
    let terminal = try start()
    terminal.type("abc\u{1B}#")
    #expect(terminal.shows("line <#abc>"), "\(terminal.screen.lines)")
    #expect(terminal.shows("probe[2]>"))
  }

  @Test func `a search brings a statement, or the line again if it is left`() throws {
    let terminal = try start()
    terminal.type("first one\r")
    #expect(terminal.looks { $0.lines.last == "probe[2]>" })
    terminal.type("second\r")
    #expect(terminal.looks { $0.lines.last == "probe[3]>" })
    terminal.type("abc\u{1B}/fir")
    #expect(terminal.looks { $0.lines.last?.trimmedAtEnd == "          /fir" })
    terminal.type("\u{1B}")
    #expect(terminal.looks { $0.lines.last == "probe[3]> abc" }, "\(terminal.screen.lines)")
    terminal.type("/nowhere\r")
    #expect(terminal.looks { $0.lines.last == "probe[3]> abc" }, "\(terminal.screen.lines)")
    terminal.type("/fir\r")
    #expect(terminal.looks { $0.lines.last == "probe[3]> first one" })
    terminal.type("/seco\u{3}")
    #expect(terminal.looks { $0.lines.last == "probe[3]>" }, "\(terminal.screen.lines)")
    terminal.type("new\r")
    #expect(terminal.shows("line <new>"))
    terminal.type("\u{12}fir")
    #expect(terminal.looks { $0.lines.last == "          search: fir" })
    terminal.type("\r")
    #expect(terminal.shows("line <first one>"))
  }
}
