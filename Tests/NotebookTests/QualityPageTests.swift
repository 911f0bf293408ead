import Collab
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import FoundationEssentials
import TestSupport
import Testing

/// The page about quality has what script/quality put there: of every family, and what can be typed.
struct QualityPageTests {
  /// The statements of the lines of a table.
  private static func commands(of mark: String) throws -> [String] {
    let path = Fixture.path("../../Documentation/quality.md")
    let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let start = try #require(page.firstRange(of: "<!-- \(mark) -->\n"))
    let end = try #require(page.firstRange(of: "<!-- end of \(mark) -->\n"))
    return page[start.upperBound..<end.lowerBound].split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
      .compactMap { line in line.split(separator: "`").dropFirst().first.map(String.init) }
  }

  @Test func `every family is measured`() throws {
    let measured = try Self.commands(of: "families").compactMap { command in
      command.split(whereSeparator: { " ;".contains($0) }).dropFirst().first
    }
    for family in Architecture.allCases {
      #expect(measured.contains { $0 == family.rawValue }, "\(family.rawValue)")
    }
  }

  @Test(arguments: ["families", "settings", "surety"])
  func `what the page says is typed makes a learner, and fits it`(_ mark: String) throws {
    let commands = try Self.commands(of: mark)
    #expect(commands.count >= 4)
    let conversation = Conversation()
    _ = conversation.type("load demo; small = ratings.head(2000); dataloaders small bs=512")
    // As if Ctrl-C were pressed while the first epochs are shown: what is refused is refused before.
    for command in commands {
      let (learner, fit) = (command.prefix { $0 != ";" }, command.drop { $0 != ";" }.dropFirst(2))
      conversation.session.isInterrupted = { false }
      #expect(throws: Never.self, "\(learner)") {
        try conversation.session.run(Source(String(learner)))
      }
      var questions = 0
      conversation.session.isInterrupted = {
        questions += 1
        return questions > 2000
      }
      let lines = conversation.type(String(fit))
      #expect(lines.contains { $0.hasPrefix("epoch ") }, "\(fit): \(lines)")
      #expect(!lines.contains { $0.hasPrefix("error") }, "\(fit): \(lines)")
    }
  }
}
