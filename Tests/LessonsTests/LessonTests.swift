import CollabLanguage
import CollabDocuments
import CollabLessons
import CollabInterpreter
import CollabNotebook
import Testing

struct LessonTests {
  @Test func `code belongs to the prose above it, and titles alone are no steps`() throws {
    let lesson = try Classroom.lesson("toy.collab")
    #expect(
      lesson.steps.map(\.id)
        == ["top", "make", "sum", "twice", "which", "why", "third", "data", "end"])
    #expect(lesson.sections.map(\.title) == ["Toy", "Numbers", "Questions", "The end"])
    #expect(lesson.sections.map(\.steps) == [0..<1, 1..<3, 3..<8, 8..<9])
  }

  @Test(arguments: [
    ("%% q kind=choice\nWhich?\nright: a\nright: b", "a choice needs exactly one `right`"),
    ("%% q kind=choice\nWhich?\nright: a", "a choice needs a `wrong` option"),
    ("%% q\nHow many?\nright: 3", "a question with `right` needs a kind"),
    ("%% q kind=nubmer\nHow many?\nright: 3", "there is no kind of question `nubmer`"),
    ("%% q kind=number\nHow many?\nright: 3 +- 1", "`+-` gives no tolerance"),
    ("%% q kind=number\nHow many?\nright: 3 +", ""),
    ("%% q kind=number\nHow many?\ncheck: 3", "a question of kind number has no `check`"),
    ("%% q kind=run\nDo it.\nanswer:\n    a = 1", "there is nothing to `check`"),
    ("%% q kind=value\nGive it.\ncheck: ans", "`answer` is missing"),
    ("%% q\nWhy?", "`answer` is missing"),
  ])
  func `a malformed question is found before anything runs`(text: String, message: String) {
    #expect {
      try Classroom.lesson(Source(text, name: "bad.collab"))
    } throws: { error in
      (error as? Diagnostic)?.message.hasPrefix(message) == true
    }
  }

  /// Every word that a lesson may have with two of its letters swapped, and where that is.
  @Test(arguments: [
    (" kind=", " knid=", "knid=choice", "kind"),
    ("kind=choice", "kind=chioce", "kind=chioce", "choice"),
    ("order=fixed", "roder=fixed", "roder=fixed", "order"),
    ("right: yes", "rigth: yes", "rigth", "right"),
    ("wrong: no", "worng: no", "worng", "wrong"), ("hint: think", "hnit: think", "hnit", "hint"),
    ("answer: so", "anwser: so", "anwser", "answer"), ("check: x", "chekc: x", "chekc", "check"),
    ("mention: a", "metnion: a", "metnion", "mention"), ("%% md", "%% dm", "dm", "md"),
    ("%% code", "%% cdoe", "cdoe", "code"), (" pause", " puase", "puase", "pause"),
    (" hide", " hdie", "hdie", "hide"), (" needs=", " neesd=", "neesd=ml-100k", "needs"),
    (" timeout=", " timoeut=", "timoeut=9", "timeout"), (" tol=", " tlo=", "tlo=1", "tol"),
    (" tags=", " tasg=", "tasg=b", "tags"), ("#: check", "#: chekc", "chekc=off", "check"),
    ("right: yes", "right : yes", "right ", "right"),
    ("right: yes", "Right: yes", "Right", "right"),
  ])
  func `a misspelt word is named with what was meant, where it stands`(
    right: String, wrong: String, place: String, meant: String
  ) throws {
    let text = """
      %% md pause
      # Title
      %% code hide needs=ml-100k timeout=9 tol=1 tags=b
      x = 1
      #: check=off
      %% q id=a kind=choice order=fixed
      Which?
      right: yes
      wrong: no
      hint: think
      answer: so
      %% q id=b kind=run
      Do it.
      answer: x = 2
      check: x == 2
      %% q id=c kind=text
      Say it.
      answer: so
      mention: a
      """
    _ = try Classroom.lesson(Source(text, name: "good.collab"))
    let parts = text.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false)
    let line = 1 + parts[0].count { $0 == "\n" }
    let misspelt = Source(parts[0] + wrong + parts[1], name: "bad.collab")
    do {
      _ = try Classroom.lesson(misspelt)
      Issue.record("not refused")
    } catch let error as Diagnostic {
      let range = try #require(error.range)
      #expect(misspelt.text(in: range) == place)
      #expect(misspelt.line(at: range.lowerBound) == line)
      #expect(error.help.contains("did you mean `\(meant)`?"))
    }
  }

  @Test func `a kind of cell that is like no other is answered with those there are`() {
    #expect {
      try Classroom.lesson(Source("%% question\nWhat?", name: "bad.collab"))
    } throws: { error in
      (error as? Diagnostic)?.help.first?.hasPrefix("a cell is code, md, q, raw;") == true
    }
  }

  @Test func `files of the same name have different ids`() {
    #expect(Lesson.id(forFile: "/a/bias.collab") != Lesson.id(forFile: "/b/bias.collab"))
    #expect(Lesson.id(forFile: "/a/my course.collab").hasPrefix("my-course-"))
  }
}

struct LessonCheckTests {
  static let accepted = "a: this is accepted, but should be wrong"
  static let refused = "a: this is refused, but should be right"

  private func problems(_ text: String) throws -> [String] {
    let session = Session(output: OutputRecorder())
    let lesson = try Classroom.lesson(Source(text, name: "check.collab"))
    return LessonCheck.problems(of: lesson, session: session).map(\.message)
  }

  @Test func `a good question has no problems`() throws {
    #expect(try problems("%% q id=a kind=number\n?\nright: 3 ± 1\nwrong: 5\nanswer: 2") == [])
    #expect(try problems("%% q id=a kind=match\n?\nright: a | B\nwrong: c") == [])
    #expect(try problems("%% q id=a kind=run\n?\nanswer: x = 2\ncheck: x == 2") == [])
  }

  @Test(arguments: [
    ("%% q id=a kind=number\n?\nright: 3 ± 1\nwrong: 4", Self.accepted),
    ("%% q id=a kind=number\n?\nright: 3\nanswer: 4", Self.refused),
    ("%% q id=a kind=shape\n?\nright: [2, 3]\nwrong: (2, 3)", Self.accepted),
    ("%% q id=a kind=value\n?\nanswer: 3\ncheck: ans == 4", Self.refused),
    ("%% q id=a kind=match\n?\nright: L2\nwrong: l2!", "a: `l2!` is accepted"),
    ("%% q id=a kind=choice\n?\nright: x\nwrong: x", "a: an option is there twice"),
    (
      "%% q id=a kind=run\n?\nanswer: x = 2\ncheck: abs(-2) == 2",
      "a: its checks hold before anything is typed"
    ),
    (
      "%% q id=a kind=run\n?\nanswer: x = 2\ncheck: x == 3",
      "a: the answer is refused: `x == 3` should be true, and the left side is 2"
    ),
  ])
  func `a question that cannot be answered has one`(text: String, message: String) throws {
    #expect(try problems(text) == [message])
  }
}
