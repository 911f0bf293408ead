import CollabLanguage
import CollabDocuments
import FoundationEssentials
import CollabInterpreter
import CollabNotebook
import TestSupport

extension Bench {
  /// Tab behind the beginning of one of 60,000 titles: the first one, which folds them all, and later
  /// ones.
  func completion() throws {
    let path = try Self.titleFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = Session(output: OutputRecorder())
    try session.run(Source(Self.reading(path) + ";"))
    let completer = Completer(Session.registry, context: SessionCompletion(session))
    let typed = ["similar 'h", "similar 'etoile n", "similar 'the the the 4", "similar 'zz"]
    let samples = (0..<10 * repeats).map { number in
      let watch = Stopwatch()
      _ = completer.complete(typed[number % typed.count])
      return watch.elapsed
    }
    report("complete-first", "s", samples.prefix(1), goal: nil, floor: nil)
    report("complete", "s", samples.dropFirst(), goal: 0.02, floor: nil)
  }

  /// A key at the prompt until it stands on the screen: in a block of 200 lines, and in a title.
  func keys() throws {
    let path = try Self.titleFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let terminal = try PseudoTerminal(
      running: .product("collab", setting: ["TERM": "xterm-256color"]))
    guard terminal.shows("collab[1]> ") else { throw Self.noPrompt }
    terminal.type(Self.reading(path) + ";\r")
    guard terminal.shows("collab[2]> ") else { throw Self.noPrompt }
    terminal.type("similar 'har")
    terminal.settle()
    report("key-title", "s", try keySamples(at: terminal), goal: 0.002, floor: nil)
    terminal.type("\u{15}")
    let lines = (1...200).map { "x\($0) = sum([\($0) * y for y in range(10)])  # line \($0)" }
    terminal.type("\u{1B}[200~" + lines.joined(separator: "\r") + "\u{1B}[201~")
    terminal.settle()
    report("key-block", "s", try keySamples(at: terminal), goal: 0.002, floor: nil)
  }

  private static let noPrompt = ChildProgram.Failure(description: "there was no prompt")

  /// How long a letter takes to the screen.
  private func keySamples(
    at terminal: PseudoTerminal
  ) throws -> [(wall: Double, processor: Double)] {
    try (0..<10 * repeats).map { _ in
      let column = terminal.screen.cursor.column
      let watch = Stopwatch()
      terminal.type("z")
      guard terminal.looks({ $0.cursor.column != column }) else { throw Self.noPrompt }
      let elapsed = watch.elapsed
      terminal.type("\u{7F}")
      guard terminal.looks({ $0.cursor.column == column }) else { throw Self.noPrompt }
      return (wall: elapsed.wall, processor: 0)
    }
  }

  private static func reading(_ path: String) -> String {
    "movies = read_csv '\(path)' delimiter='|' names=[movie,title] header=none"
  }

  /// Writes a file with 60,000 titles.
  private static func titleFile() throws -> String {
    let words = ["Harbour", "Señor", "The", "Étoile", "Night", "Paper", "River", "Quiet"]
    let rows = (0..<60_000).map { number in
      let title = (0..<3).map { words[(number >> (3 * $0)) % 8] }.joined(separator: " ")
      return "\(number + 1)|\(title) \(number) (1999)"
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "collab-titles.txt").path
    try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    return path
  }
}
