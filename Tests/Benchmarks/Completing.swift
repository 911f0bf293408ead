import CollabLanguage
import CollabDocuments
import FoundationEssentials
import CollabInterpreter
import CollabNotebook

extension Bench {
  /// Tab behind the beginning of one of 60,000 titles: the first one, which folds them all, and later
  /// ones.
  func completion() throws {
    let words = ["Harbour", "Señor", "The", "Étoile", "Night", "Paper", "River", "Quiet"]
    let rows = (0..<60_000).map { number in
      let title = (0..<3).map { words[(number >> (3 * $0)) % 8] }.joined(separator: " ")
      return "\(number + 1)|\(title) \(number) (1999)"
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "collab-titles.txt").path
    try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = Session(output: OutputRecorder())
    try session.run(
      Source("movies = read_csv '\(path)' delimiter='|' names=[movie,title] header=none;"))
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
}
