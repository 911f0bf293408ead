import CommandLanguage
import Lessons
import Notebook
import Testing

struct LessonTests {
  @Test func `bundled lessons can be read`() throws {
    let lessons = try Lesson.bundled(parser: Session.registry.parser())
    #expect(lessons.map(\.id) == ["08_collab", "08_questionnaire"])
    #expect(lessons.allSatisfy { $0.sections.count > 2 })
  }
}
