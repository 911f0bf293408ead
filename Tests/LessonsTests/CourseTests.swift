import CollabDocuments
import CollabLanguage
import CollabLessons
import CollabNotebook
import FoundationEssentials
import Testing

/// Several lessons with one progress, and the page for those who write them.
struct CourseTests {
  private let store = ProgressStore(folder: nil)

  /// Two short lessons with ids of their own.
  private func course() throws -> [Lesson] {
    try ["one", "two"].map { name in
      let text = """
        %% md id=top
        # Lesson \(name)
        Read.
        %% q id=size kind=number
        How many?
        right: 2
        """
      return try Lesson(
        Source(text, name: "\(name).collab"), id: name, parser: Classroom().session.parser)
    }
  }

  private func menu(_ lessons: [Lesson]) -> [String] {
    let recorder = OutputRecorder()
    LessonMenu(lessons, store: store, title: "Course").show(on: recorder)
    return recorder.blocks.flatMap { block -> [String] in
      switch block {
      case .heading(let title, _): [title]
      case .facts(let facts): facts.map { "\($0.name) \($0.text)" }
      case .paragraph(let text): [text]
      default: []
      }
    }
  }

  @Test func `a course is listed, left in the middle and gone on with`() throws {
    let lessons = try course()
    let course = LessonMenu(lessons, store: store, title: "Course")
    #expect(
      menu(lessons).prefix(4) == [
        "Course", "1 Lesson one: 2 steps in 1 section, about 1 min",
        "2 Lesson two: 2 steps in 1 section, about 1 min", "0 of 4 steps done",
      ])
    #expect(LessonMenu.unfinished(lessons, in: store) == nil)
    #expect(course.lesson("")?.id == "one")

    let classroom = Classroom(store: store)
    _ = classroom.open(lessons[0])
    _ = try classroom.type(all: "⏎", "quit")
    #expect(menu(lessons)[1] == "1 Lesson one: at step 2 of 2")
    #expect(LessonMenu.unfinished(lessons, in: store)?.id == "one")
    #expect(classroom.open(lessons[0]).first == "Welcome back. You stopped at 2/2 (Lesson one).")

    _ = try classroom.type("2")
    #expect(menu(lessons)[1] == "1 Lesson one: done")
    #expect(menu(lessons)[3] == "2 of 4 steps done")
    #expect(LessonMenu.unfinished(lessons, in: store) == nil)
    #expect(course.lesson("")?.id == "two")
    #expect(!course.isFinished)

    _ = classroom.open(lessons[1])
    _ = try classroom.type(all: "⏎", "2")
    #expect(course.isFinished)
    #expect(menu(lessons)[3] == "4 of 4 steps done")
  }

  @Test func `a lesson of a course is chosen by number or title`() throws {
    let menu = LessonMenu(try course(), store: store)
    #expect(menu.lesson("2")?.id == "two")
    #expect(menu.lesson("lesson t")?.id == "two")
    #expect(menu.lesson("3") == nil)
    #expect(menu.lesson("0") == nil)
    #expect(menu.lesson("no such lesson") == nil)
  }

  @Test func `a report on a course names what was not begun`() throws {
    let lessons = try course()
    let classroom = Classroom(store: store)
    _ = classroom.open(lessons[0])
    _ = try classroom.type(all: "⏎", "3", "hint", "skip")
    let recorder = OutputRecorder()
    LessonReport(lessons, store: store).show(on: recorder)
    let rows = recorder.blocks.flatMap { block -> [[String]] in
      if case .table(let table) = block { table.rows } else { [] }
    }
    #expect(rows == [["size", "number", "1", "skipped", "yes", "0.0"]])
    guard case .paragraph(let last) = try #require(recorder.blocks.last) else {
      Issue.record("no paragraph")
      return
    }
    #expect(last == "not begun")
  }

  /// The page for those who write lessons.
  private static func page(besides source: String = #filePath) throws -> String {
    let root = URL(filePath: source).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appending(path: "Documentation/writing-lessons.md"))
    return String(decoding: data, as: UTF8.self)
  }

  @Test func `the page on writing lessons names every marker, kind and field`() throws {
    let text = try Self.page()
    let words = Set(
      text.split { !$0.isLetter }.map(String.init))
    #expect(CellReader.words.subtracting(words) == [])
    #expect(Question.fieldNames.filter { !text.contains("\($0):") } == [])
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(
      LessonQuestion.kindNames.filter { name in !rows.contains { $0.hasPrefix("| `\(name)` |") } }
        == [])
    // And each marker stands in the first column of its table or among the kinds of cells.
    let marked = rows.compactMap { $0.split(separator: "|").first }.joined()
    #expect(CellReader.words.filter { !marked.contains($0) } == [])
  }
}
