import Collab
import CollabLanguage
import CollabDocuments
import FoundationEssentials
import CollabInterpreter
import CollabNotebook
import CollabScripts
import TestSupport
import Testing

struct ReadmeTests {
  /// The code block that follows a sentence of the README.
  private func block(after sentence: String) throws -> String {
    let root = Fixture.path("../..")
    let text = String(
      decoding: try Data(contentsOf: URL(filePath: "\(root)/README.md")), as: UTF8.self)
    let parts = text.components(separatedBy: sentence)
    try #require(parts.count == 2, "the README says '\(sentence)' once")
    return try #require(parts[1].components(separatedBy: "```\n").dropFirst().first)
  }

  @Test func `the script in the README prints what the README shows`() throws {
    let script = try block(after: "A script, `first.collab`:")
    let expected = try block(after: "and what `script/run run first.collab` prints:")
    var printed = ""
    let session = Session(
      output: PlainRenderer(to: { printed += $0 }), dataSearch: DataSearch(workingFolder: "/"))
    let outcome = try session.run(file: Source(script, name: "first.collab"), ScriptOptions())
    #expect(outcome == .failed)
    #expect(printed == expected)
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
