import ArgumentParser
import CollabDocumentation
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabNotebook

/// `collab docs [PAGE]`.
struct Documentation: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Read the documentation.",
    discussion: "Without a page it lists them. In a terminal it is shown a page at a time.")

  @OptionGroup var common: CommonOptions

  @ArgumentParser.Argument(help: "The name of a page, or its beginning.")
  var page: String?

  func run() throws {
    let output = try common.program().session.output
    guard let page else { return output.write(.facts(Self.contents)) }
    let names = DocumentationPage.allCases.filter { $0.rawValue.hasPrefix(page) }
    guard !page.isEmpty, let found = names.first else {
      let near = Suggestion.nearest(to: page, among: DocumentationPage.allCases.map(\.rawValue))
      let diagnostic = Diagnostic(
        "unknown-page", "there is no page `\(page)`",
        help: Suggestion.help(for: near) + ["`collab docs` lists them"])
      throw ProgramFailure(diagnostic, exit: .usage)
    }
    output.write(.prose(found.text))
  }

  private static var contents: [Fact] {
    DocumentationPage.allCases.map { Fact("collab docs \($0.rawValue)", $0.title) } + [
      Fact("collab help", "the commands; `collab help fit` explains one of them"),
      Fact("collab teach", "the chapter as a lesson"),
    ]
  }
}

extension DocumentationPage {
  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The first heading.
  fileprivate var title: String {
    let line = text.prefix { $0 != "\n" }
    return String(line.drop { $0 == "#" || $0 == " " })
  }
}
