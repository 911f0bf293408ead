import CollabLanguage
import CollabDocuments
import FoundationEssentials
import CollabLessons
import CollabInterpreter
import CollabNotebook
import CollabScripts
import TestSupport
import Testing
import CollabText

struct LessonRunnerTests {
  private func answers(_ question: String, _ lines: String...) throws -> [String] {
    let classroom = Classroom()
    _ = classroom.open(
      try Classroom.lesson(Source("%% q id=a \(question)\n%% md\nThe next.", name: "q.collab")))
    return try lines.map { try classroom.type($0).first ?? "" }
  }

  @Test(arguments: ["[64, 2]", "64 2", "(64,2)", "64x2", "64×2", "zeros(64, 2).shape", "64,2"])
  func `shapes can be written in many ways`(answer: String) throws {
    #expect(try answers("kind=shape\n?\nright: [64, 2]", answer) == ["Right."])
  }

  @Test func `one number is a shape, and so is none`() throws {
    #expect(try answers("kind=shape\n?\nright: [64]", "64") == ["Right."])
    #expect(try answers("kind=shape\n?\nright: []", "[]") == ["Right."])
  }

  /// A question whose answer is a function, checked by calling it.
  private static let double =
    "kind=run\nDouble it.\ncheck: double(3) == 6\nanswer: def double(x): return 2*x"

  @Test func `statements after the answer was shown are judged once more`() throws {
    let wrong = "def double(x): return x"
    #expect(
      try answers(Self.double, wrong, "", wrong, "", wrong, "", "def double(x): return 2*x", "")
        .last
        == "Right.")
  }

  @Test func `a check that fails calls a function once`() throws {
    let classroom = Classroom()
    _ = classroom.open(
      try Classroom.lesson(Source("%% q id=a \(Self.double)\n%% md\nThe next.", name: "q.collab")))
    _ = try classroom.type("calls = []")
    _ = try classroom.type("def double(x):\n    print('called')\n    return x\n")
    let said = try classroom.type("")
    #expect(said.filter { $0.contains("called") }.count == 1)
    #expect(said.contains { $0.hasPrefix("Not yet") })
  }

  @Test(arguments: ["Hint", "hint.", "HINT"])
  func `a word of the lesson may begin with a capital letter`(_ word: String) throws {
    let question = "kind=match\n?\nright: Adam\nhint: Eve's"
    #expect(try answers(question, word) == answers(question, "hint"))
  }

  @Test(arguments: ["3020800", "3,020,800", "64*944*50", "3.0208e6", "3020800.0"])
  func `numbers can be written in many ways`(answer: String) throws {
    #expect(try answers("kind=number\n?\nright: 3020800", answer) == ["Right."])
  }

  @Test func `a percent sign and a real minus are understood`() throws {
    #expect(try answers("kind=number\n?\nright: 6.3 ± 0.05", "6.25 %") == ["Right."])
    #expect(try answers("kind=number\n?\nright: -4", "−4") == ["Right."])
  }

  @Test func `true is no number`() throws {
    #expect(
      try answers("kind=number\n?\nright: 1", "1 == 1").last == "True")
  }

  @Test(arguments: ["a c", "c a", "a, c", "ac", "A C", "a) c)"])
  func `letters can be written in many ways`(answer: String) throws {
    let question = "kind=multi order=fixed\n?\nright: x\nwrong: y\nright: z"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test func `some of several right answers are not all`() throws {
    let question = "kind=multi order=fixed\n?\nright: x\nwrong: y — no\nright: z"
    #expect(
      try answers(question, "a", "a b", "a c")
        == ["Not yet: that is right, but it is not all.", "Not yet: y: no.", "Right."])
  }

  @Test func `phrases are compared without case and punctuation`() throws {
    let question = "kind=text\n?\nright: weight decay | L2 regularisation"
    #expect(try answers(question, "l1", "  Weight-Decay!") == ["Not yet.", "Right."])
  }

  @Test func `a value is judged by its checks`() throws {
    let question = """
      kind=value
      ?
      answer: [1, 0]
      wrong: [0, 1] — the other way round
      check: [int(i) for i in ans] == [1, 0]
      """
    #expect(
      try answers(question, "[0, 1]", "tensor([0.3, -1.]).argsort()")
        == ["Not yet: the other way round.", "Right."])
  }

  @Test func `checks and answers leave the workspace as it is`() throws {
    let classroom = Classroom()
    let text = "%% q id=a kind=value\n?\nanswer: rand(1)\ncheck: rand(1).sum() + ans.sum() < 0"
    _ = classroom.open(try Classroom.lesson(Source(text, name: "q.collab")))
    let untouched = try Classroom().session.value(
      of: classroom.session.parser.expression(in: Source("rand(1)")), in: Source("rand(1)"))
    _ = try classroom.type("rand(1)")
    #expect(classroom.session.variables["ans"] == nil)
    let after = try classroom.session.value(
      of: classroom.session.parser.expression(in: Source("rand(1)")), in: Source("rand(1)"))
    #expect(after.display == untouched.display)
  }

  @Test func `another seed shows the options in another order`() throws {
    func orders(_ text: String) throws -> Set<[String]> {
      let lesson = try Classroom.lesson(Source(text, name: "q.collab"))
      return Set(
        (0..<8).map { (seed: UInt32) in
          let recorder = OutputRecorder()
          var options = LessonRunner.Options(now: { 0 }, command: "")
          options.seed = seed
          LessonRunner(
            lesson, session: Session(output: recorder), store: ProgressStore(folder: nil),
            options: options
          ).begin()
          return recorder.blocks.flatMap { block -> [String] in
            guard case .facts(let facts) = block else { return [] }
            return facts.map(\.text)
          }
        })
    }
    let options = "?\nright: w\nwrong: x\nwrong: y\nwrong: z"
    #expect(try orders("%% q id=a kind=choice\n\(options)").count > 3)
    #expect(try orders("%% q id=a kind=choice order=fixed\n\(options)").count == 1)
  }

  @Test func `everything fits into 40 columns`() throws {
    let classroom = Classroom(width: 40)
    let typed = [
      "collab teach toy.collab", "⏎", "⏎", "⏎", "7", "8", "9", "list", "progress", "help", "⏎",
      "hint",
      "quit", "collab teach toy.collab",
    ]
    for line in typed {
      for printed in try classroom.type(line) {
        #expect(DisplayWidth.of(printed) <= 40, "\(line): \(printed)")
      }
    }
  }

  @Test func `a fit that is interrupted stays in the lesson`() throws {
    let classroom = Classroom()
    let text = """
      %% code id=prepare
      load demo; dataloaders bs=4096; learner dot factors=2
      %% code id=fit
      fit 50 5e-3
      """
    _ = classroom.open(try Classroom.lesson(Source(text, name: "fit.collab")))
    _ = try classroom.type("⏎")
    var questions = 0
    classroom.session.isInterrupted = {
      questions += 1
      return questions == 10
    }
    let lines = try classroom.type("⏎")
    #expect(lines.contains { $0.contains("what was learned is kept") })
    #expect(classroom.runner?.index == 1)
    #expect(classroom.runner?.prompt?.name == "lesson 2/2")
  }

  @Test func `a fit that was interrupted stops at the same batch when it runs again`() throws {
    let text = """
      %% code id=prepare
      load demo; dataloaders bs=4096; learner dot factors=2
      %% code id=fit
      fit 50 5e-3
      """
    let lesson = try Classroom.lesson(Source(text, name: "fit.collab"))
    let folder = FileManager.default.temporaryDirectory.appending(path: "lessons-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = ProgressStore(folder: folder.path)

    let first = Classroom(store: store)
    _ = first.open(lesson)
    _ = try first.type("⏎")
    var questions = 0
    first.session.isInterrupted = {
      questions += 1
      return questions == 30
    }
    _ = try first.type("⏎")
    let loss = try first.type("validate")

    // The program is killed, and the lesson opened again.
    let second = Classroom(store: store)
    _ = second.open(lesson)
    _ = try second.type("1")
    #expect(second.runner?.index == 1)
    #expect(try second.type("validate") == loss)
  }

  @Test func `questions about other data than was loaded are left out`() throws {
    let file = Fixture.path("golden/small.csv")
    let text = """
      %% code id=data
      load demo
      %% q id=a kind=number needs=\(file)
      ?
      right: 1
      %% q id=b kind=number needs=demo
      ?
      right: 2
      """
    let lesson = try Classroom.lesson(Source(text, name: "needs.collab"))
    let classroom = Classroom()
    _ = classroom.open(lesson)
    #expect(try classroom.type("⏎").contains { $0.hasPrefix("step 2/3 is left out") })
    #expect(classroom.runner?.prompt?.name == "lesson 3/3")

    let other = Classroom()
    _ = other.open(lesson)
    _ = try other.type(all: "load \(file)", "skip")
    #expect(other.runner?.prompt?.name == "lesson 2/3")
    #expect(try other.type("1").contains { $0.hasPrefix("step 3/3 is left out") })
  }

  @Test func `who goes on without what ran before is told how to have it`() throws {
    let store = ProgressStore(folder: nil)
    let text = "%% code id=make\nx = 1\n%% code id=show\nx + 1"
    let lesson = try Classroom.lesson(Source(text, name: "two.collab"))
    let first = Classroom(store: store)
    _ = first.open(lesson)
    _ = try first.type("⏎")
    let second = Classroom(store: store)
    _ = second.open(lesson)
    _ = try second.type("2")
    let lines = try second.type("⏎").joined(separator: " ")
    #expect(
      lines.contains("`goto make` shows the step that makes `x`, `reset` runs all up to here"),
      "\(lines)")
    _ = try second.type("reset")
    #expect(try second.type("x + 1").first == "2")
  }

  @Test func `a misspelt data set is named with the one that was meant`() throws {
    let text =
      "%% code id=data needs=ml100k\nload ml-100k\n%% q id=a kind=number needs=MovieLens\n?\nright: 1"
    let classroom = Classroom()
    let lesson = try Classroom.lesson(Source(text, name: "needs.collab"))
    let lines = classroom.open(lesson)
    #expect(lines.joined(separator: " ").contains("it needs ml100k (did you mean `ml-100k`?)"))
    let next = try classroom.type("⏎").joined(separator: " ")
    #expect(next.contains("`a` needs MovieLens (did you mean `ml-100k`?), which is not here"))
  }

  @Test func `who compares answers can also go elsewhere`() throws {
    let text = """
      %% md id=first
      One.
      %% q id=why
      Why?
      answer: Because.
      %% md id=last
      The end.
      """
    let lesson = try Classroom.lesson(Source(text, name: "why.collab"))
    func judging() throws -> Classroom {
      let classroom = Classroom()
      _ = classroom.open(lesson)
      _ = try classroom.type(all: "⏎", "so it is")
      #expect(classroom.runner?.prompt?.name == "y/n")
      return classroom
    }
    for (line, prompt) in [
      ("goto first", "lesson 1/3"), ("goto las", "lesson 3/3"), ("back", "lesson 1/3"),
      ("skip", "lesson 3/3"), ("list", "y/n"), ("hint", "y/n"), ("perhaps", "y/n"),
      ("n", "lesson 3/3"), ("quit", nil),
    ] {
      let classroom = try judging()
      _ = try classroom.type(line)
      #expect(classroom.runner?.prompt?.name == prompt, "\(line)")
    }
  }

  @Test func `lines of a script are put together to statements`() throws {
    var script = LessonScript("model T {\n  a = 1\n}\n⏎\nlast")
    let prompt = try #require(try Classroom.prompt())
    let parser = Session.registry.parser()
    #expect(script.next(for: prompt, parser: parser) == "model T {\n  a = 1\n}")
    #expect(script.next(for: prompt, parser: parser) == "")
    #expect(script.next(for: prompt, parser: parser) == "last")
    #expect(script.next(for: prompt, parser: parser) == nil)
  }
}

extension Classroom {
  fileprivate static func prompt() throws -> LessonRunner.Prompt? {
    let classroom = Classroom()
    _ = try classroom.type("collab teach toy.collab")
    return classroom.runner?.prompt
  }
}
