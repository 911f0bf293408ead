import CollabNotebook
import CollabText
import Testing

struct HelpPageTests {
  @Test(arguments: ["keys", "language", "scripts", "lessons"], [30, 40, 60])
  func `pages of help fit a narrow window, and say the same`(_ name: String, _ width: Int) throws {
    let session = Conversation().session
    let lines = try #require(session.help(on: name, width: width))
    #expect(lines.filter { DisplayWidth.of($0) > width } == [])
    let wide = try #require(session.help(on: name, width: 100))
    func words(_ lines: [String]) -> [Substring] {
      lines.flatMap { $0.split(separator: " ") }
    }
    #expect(words(lines) == words(wide))
  }
}
