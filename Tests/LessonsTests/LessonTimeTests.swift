import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import Testing

import CollabLessons

/// Time, places to stop, coming back, and what is reported.
struct LessonTimeTests {
  private static let evening = """
    %% md id=one
    ## One
    **So far:** one is less than
    two.
    %% q id=size kind=number
    How many?
    right: 2
    %% md id=rest pause
    Rest here.
    %% md id=two
    ## Two
    On we go.
    %% q id=why kind=text
    Why?
    answer: Because.
    """

  @Test func `who stops at the end of an evening goes on behind it`() throws {
    let lesson = try Classroom.lesson(Source(Self.evening, name: "evening.collab"))
    let classroom = Classroom()
    _ = classroom.open(lesson)
    let lines = try classroom.type(all: "⏎", "3", "2")
    #expect(
      lines.contains(
        "A good place to stop: `quit`, and `collab teach toy.collab` goes on from here."))
    #expect(try classroom.type("quit").first?.hasPrefix("saved at 4/5") == true)
    #expect(
      classroom.open(lesson).prefix(3) == [
        "Welcome back. You stopped at 4/5 (Two).", "So far: one is less than two.",
        "Questions: 1 of 1 right, 0 of them at the first try.",
      ])
  }

  @Test func `time is counted for the step that it was spent at`() throws {
    var clock = 7.0
    let store = ProgressStore(folder: nil)
    let options = LessonRunner.Options(now: { clock }, command: "collab teach toy.collab")
    let session = Session(
      output: OutputRecorder(), dataSearch: DataSearch(workingFolder: "/proc/nonexistent"))
    let runner = LessonRunner(
      try Classroom.lesson("toy.collab"), session: session, store: store, options: options)
    runner.begin()
    clock += 120
    runner.enter("")
    // Whoever leaves the desk for an hour has read for ten minutes at most.
    clock += 3600
    runner.enter("")
    clock += 30
    runner.leave()
    #expect(
      store.progress(of: "toy").progress?.spent == ["top": 120, "make": 600, "sum": 30])
  }

  @Test func `what a lesson takes is told by section and in all`() throws {
    let words = Array(repeating: "word", count: 358).joined(separator: " ")
    let text =
      "%% md id=a\n## One\n\(words)\n%% code id=b\nx = 1\n%% q id=c kind=run\n?\nanswer: x = 2\ncheck: x == 2"
    let classroom = Classroom()
    // 360 words are two minutes at three a second, a statement takes 13 s, and a task three minutes.
    _ = classroom.open(try Classroom.lesson(Source(text, name: "long.collab")))
    let lines = try classroom.type("list")
    #expect(lines.first == "· 1  One (steps 1 to 2, about 5 min, here)")
    #expect(lines.last?.hasSuffix("all of it takes about 5 min") == true)
  }

  @Test func `a report has questions, tries, and what was said in own words`() throws {
    let lesson = try Classroom.lesson(Source(Self.evening, name: "evening.collab"))
    let store = ProgressStore(folder: nil)
    let classroom = Classroom(store: store)
    _ = classroom.open(lesson)
    _ = try classroom.type(all: "⏎", "3", "2", "⏎", "⏎", "so it is", "y")
    let recorder = OutputRecorder()
    LessonReport([lesson], store: store).show(on: recorder)
    let rows = recorder.blocks.compactMap { block in
      if case .table(let table) = block { table.rows } else { nil }
    }
    #expect(
      rows == [
        [
          ["size", "number", "2", "right", "no", "0.0"],
          ["why", "text", "1", "right at once", "no", "0.0"],
        ]
      ])
    let facts = recorder.blocks.flatMap { block -> [String] in
      if case .facts(let facts) = block { facts.map { "\($0.name): \($0.text)" } } else { [] }
    }
    #expect(facts.contains("steps: 5 of 5 done"))
    #expect(facts.contains("questions: 2 of 2 right, 1 of them at the first try"))
    #expect(facts.contains("why: so it is"))
  }

  @Test func `a report on what was not begun says so`() throws {
    let recorder = OutputRecorder()
    LessonReport([try Classroom.lesson("toy.collab")], store: ProgressStore(folder: nil))
      .show(on: recorder)
    #expect(recorder.blocks.count == 2)
  }
}
