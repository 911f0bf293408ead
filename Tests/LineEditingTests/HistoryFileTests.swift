internal import Glibc
import CollabLineEditing
import TestSupport
import Testing

struct HistoryFileTests {
  @Test(arguments: [
    ("fit 5", "fit 5"), ("a\nb", "a\\nb"), ("a\\nb", "a\\\\nb"), ("\r", "\\r"), ("ü\\", "ü\\\\"),
    ("a\r\nb", "a\\r\\nb"),
  ])
  func `a statement is one line of the file`(_ statement: String, _ line: String) throws {
    let folder = try TemporaryFolder()
    let history = HistoryFile(path: folder.path + "/a/b/history")
    history.append("x" + statement)
    #expect(folder.read("a/b/history") == "x\(line)\n")
    #expect(history.load() == ["x" + statement])
  }

  @Test func `only the owner can read it`() throws {
    let folder = try TemporaryFolder()
    HistoryFile(path: folder.path + "/new/history").append("secret")
    var status = stat()
    #expect(stat(folder.path + "/new/history", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(stat(folder.path + "/new", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
  }

  @Test func `statements that begin with a blank are not kept`() throws {
    let folder = try TemporaryFolder()
    let history = HistoryFile(path: folder.path + "/history")
    for statement in [" hidden", "\thidden", "", "shown"] { history.append(statement) }
    #expect(history.load() == ["shown"])
  }

  @Test func `what a terminal obeys comes back as its escape`() throws {
    let folder = try TemporaryFolder()
    folder.write("history", "print '\u{1B}[2J\u{9B}31m\u{202E}grün'\tx\\ny\n")
    #expect(
      HistoryFile(path: folder.path + "/history").load() == [
        "print '\\u{1b}[2J\\u{9b}31m\\u{202e}grün'\tx\ny"
      ])
  }

  @Test func `a pipe or a device is no history`() throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.path + "/history", 0o600)
    for path in [folder.path + "/history", "/dev/null", "/dev/zero", folder.path] {
      let history = HistoryFile(path: path)
      history.append("a")
      #expect(history.load().isEmpty)
    }
  }

  @Test func `a history that is too long is cut behind its link`() throws {
    let folder = try TemporaryFolder()
    folder.write("kept", "a\nb\nc\n")
    symlink("kept", folder.path + "/history")
    #expect(HistoryFile(path: folder.path + "/history", limit: 2).load() == ["b", "c"])
    #expect(folder.read("kept") == "b\nc\n")
    var status = stat()
    #expect(lstat(folder.path + "/history", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `the newest are kept and each once`() throws {
    let folder = try TemporaryFolder()
    let history = HistoryFile(path: folder.path + "/history", limit: 3)
    for statement in ["a", "b", "a", "c", "d", "c"] { history.append(statement) }
    #expect(history.load() == ["a", "d", "c"])
    #expect(folder.read("history") == "a\nd\nc\n")
    #expect(folder.read("history.new") == "")
    history.append("e")
    #expect(history.load() == ["d", "c", "e"])
  }

  @Test func `a file that is damaged gives what can be read`() throws {
    let folder = try TemporaryFolder()
    folder.write("history", "a\\\n\nb\\qc\nlast")
    #expect(HistoryFile(path: folder.path + "/history").load() == ["a\\", "bqc", "last"])
    #expect(HistoryFile(path: folder.path + "/missing/history").load() == [])
    #expect(HistoryFile(path: folder.path).load() == [])
  }

  @Test func `prompts that write and cut at once lose nothing`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/history"
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<100 { HistoryFile(path: path).append("w\(writer) \(number)") }
        }
      }
      group.addTask { for _ in 0..<50 { _ = HistoryFile(path: path, limit: 1000).load() } }
      // Duplicates beyond the limit make this one rewrite the file.
      group.addTask {
        for _ in 0..<50 {
          HistoryFile(path: path).append("same")
          _ = HistoryFile(path: path, limit: 420).load()
        }
      }
    }
    #expect(Set(HistoryFile(path: path).load()).count == 401)
  }

  @Test(.enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"))
  func `a new prompt recalls what an earlier one was told`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/history"
    let first = try PseudoTerminal(running: .probe(path))
    let second = try PseudoTerminal(running: .probe(path))
    for (terminal, text) in [(first, "a {\r}\r"), (second, "b\r"), (first, " hidden\r")] {
      #expect(terminal.shows("]> "))
      terminal.type(text)
      #expect(terminal.shows("line <"))
    }
    #expect(folder.read("history") == "a {\\n}\nb\n")
    let third = try PseudoTerminal(running: .probe(path))
    #expect(third.shows("probe[1]> "))
    third.type("\u{1B}[A\u{1B}[A!\r")
    #expect(third.shows("line <a {\\n}!>"))
  }
}
