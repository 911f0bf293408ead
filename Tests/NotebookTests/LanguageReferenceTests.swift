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
    let usage = Help.usage(of: spec)
    #expect(page.contains("\n`\(usage)`\n") || page.contains("\n### `\(usage)`\n"))
    for example in spec.examples { #expect(page.contains(example.code)) }
  }

  @Test func `every link of the contents and the index leads to one heading`() {
    let lines = page.split(separator: "\n")
    var anchors: [String: Int] = [:]
    var known: Set<String> = []
    for line in lines where line.hasPrefix("#") {
      let plain = line.drop { $0 == "#" || $0 == " " }.lowercased()
        .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
      let anchor = plain.split(separator: " ", omittingEmptySubsequences: false)
        .joined(separator: "-")
      let count = anchors[anchor, default: 0]
      anchors[anchor] = count + 1
      known.insert(count == 0 ? anchor : "\(anchor)-\(count)")
    }
    let links = page.components(separatedBy: "](#").dropFirst().map { $0.prefix { $0 != ")" } }
    #expect(links.count > Session.registry.specs.count)
    #expect(links.filter { !known.contains(String($0)) } == [])
  }

  @Test func `the index has every name once`() throws {
    let index = try #require(page.components(separatedBy: "\n## Index\n").last)
    let names = index.split(separator: "\n").compactMap { line in
      line.hasPrefix("- `") ? String(line.dropFirst(3).prefix { $0 != "`" }) : nil
    }
    let specs = Session.registry.specs
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(specs.flatMap { [$0.name] + $0.aliases }))
  }
}
