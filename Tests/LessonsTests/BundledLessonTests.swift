import CollabLanguage
import Collab
import CollabDocuments
import CollabLessons
import CollabInterpreter
import CollabNotebook
import CollabScripts
import Testing

struct BundledLessonTests {
  static let names = ["08_collab", "08_questionnaire"]

  private func lesson(_ id: String) throws -> Lesson {
    let lessons = try Lesson.bundled(parser: Session.registry.parser())
    return try #require(lessons.first { $0.id == id })
  }

  private func session() -> Session {
    Session(output: OutputRecorder(), dataSearch: DataSearch(workingFolder: "/proc/nonexistent"))
  }

  @Test(arguments: names)
  func `can be gone through with model answers`(_ id: String) throws {
    let options = LessonRunner.Options(now: { 0 }, command: "collab teach")
    let runner = LessonRunner(
      try lesson(id), session: session(), store: ProgressStore(folder: nil), options: options)
    #expect(runner.runAutomatically() == nil)
  }

  /// MovieLens 100K, where it is at hand; it is the more demanding of the two, as nothing is left out.
  static let movieLens = DataSearch.current()

  @Test(
    .enabled(if: movieLens.isInstalled("ml-100k"), "MovieLens 100K is not here"), arguments: names)
  func `can be gone through with MovieLens too`(_ id: String) throws {
    let output = OutputRecorder()
    let session = Session(output: output, dataSearch: Self.movieLens)
    let options = LessonRunner.Options(now: { 0 }, command: "collab teach")
    let runner = LessonRunner(
      try lesson(id), session: session, store: ProgressStore(folder: nil), options: options)
    #expect(runner.runAutomatically() == nil)
    #expect(session.hasData("ml-100k") && !session.hasData("demo"))
    #expect(!output.blocks.contains { "\($0)".contains("is left out") })
  }

  @Test(.enabled(if: movieLens.isInstalled("ml-100k"), "MovieLens 100K is not here"))
  func `judges answers about MovieLens rightly`() throws {
    let session = Session(output: OutputRecorder(), dataSearch: Self.movieLens)
    let problems = LessonCheck.problems(of: try lesson("08_questionnaire"), session: session)
    #expect(problems.map(\.description) == [])
  }

  @Test func `accepts right answers and refuses wrong ones`() throws {
    let problems = LessonCheck.problems(of: try lesson("08_questionnaire"), session: session())
    #expect(problems.map(\.description) == [])
  }

  @Test(arguments: names)
  func `has sections with titles and steps with different ids`(_ id: String) throws {
    let lesson = try lesson(id)
    #expect(lesson.sections.count > 2)
    #expect(lesson.sections.allSatisfy { !$0.title.isEmpty })
    #expect(Set(lesson.steps.map(\.id)).count == lesson.steps.count)
  }
}
