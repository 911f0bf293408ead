import CollabLanguage
import Collab
import CollabDocuments
import FoundationEssentials
import CollabLessons
import CollabInterpreter
import CollabNotebook

/// A lesson whose input is given line by line and whose output is kept as text.
final class Classroom {
  let session: Session
  let store: ProgressStore
  private(set) var runner: LessonRunner?
  private let width: Int
  private var text = ""

  init(store: ProgressStore = ProgressStore(folder: nil), width: Int = 80) {
    (self.store, self.width) = (store, width)
    session = Session(
      output: OutputRecorder(), dataSearch: DataSearch(workingFolder: "/proc/nonexistent"))
    session.output = PlainRenderer(to: { [unowned self] in text += $0 }, width: width)
  }

  /// The lesson in a file beside the transcripts.
  static func lesson(_ name: String, besides source: String = #filePath) throws -> Lesson {
    let folder = URL(filePath: source).deletingLastPathComponent().appending(path: "Transcripts")
    let data = try Data(contentsOf: folder.appending(path: name))
    return try lesson(Source(bytes: Array(data), name: name))
  }

  /// A lesson in a text; all of them have the same id.
  static func lesson(_ source: Source) throws -> Lesson {
    try Lesson(source, id: "toy", parser: Session.registry.parser())
  }

  /// Opens a lesson.
  func open(_ lesson: Lesson) -> [String] {
    text = ""
    var options = LessonRunner.Options(now: { 0 }, command: "collab teach toy.collab")
    options.width = { [width] in width }
    let runner = LessonRunner(lesson, session: session, store: store, options: options)
    self.runner = runner
    runner.begin()
    return lines
  }

  /// What is printed when a line is typed: to the shell to open a lesson, and else to the lesson.
  func type(_ line: String) throws -> [String] {
    let command = "collab teach "
    if line.hasPrefix(command) {
      return open(try Self.lesson(String(line.dropFirst(command.count))))
    }
    text = ""
    switch line {
    case "⏎": runner?.enter("")
    case "Ctrl-D": runner?.leave()
    default: runner?.enter(line)
    }
    return lines
  }

  /// Types several lines, and gives back what the last one printed.
  func type(all lines: String...) throws -> [String] {
    var output: [String] = []
    for line in lines { output = try type(line) }
    return output
  }

  private var lines: [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
