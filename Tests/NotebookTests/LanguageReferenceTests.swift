import CollabLanguage
import FoundationEssentials
import CollabNotebook
import TestSupport
import Testing

struct LanguageReferenceTests {
  private let page = Session.languageReference

  @Test func `the page in the repository is the one that the registry makes`() throws {
    let path = Fixture.path("../../Documentation/language.md")
    let kept = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(
      kept == page,
      "collab help --markdown > Documentation/language.md brings it up to date")
  }

  @Test(arguments: Session.registry.specs)
  func `every command and function is on the page with its examples`(_ spec: CommandSpec) {
    #expect(page.contains("### `\(Help.usage(of: spec))`"))
    for example in spec.examples { #expect(page.contains(example.code)) }
  }
}
