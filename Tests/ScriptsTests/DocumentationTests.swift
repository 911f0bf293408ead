import Collab
import FoundationEssentials
import TestSupport
import Testing

/// What the pages for people say is so: their statements and command lines run and print what stands below
/// them, their programs are those of the examples, and their links lead somewhere.
struct DocumentationTests {
  private static let root = Fixture.path("../..")
  private static let pages = ["tutorial", "cookbook", "scripts", "faq", "protocol"]

  @Test(
    .enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"),
    arguments: pages)
  func `statements print what the page shows`(_ name: String) throws {
    let blocks = try Page(name).blocks.filter { $0.kind == "collab" }
    guard !blocks.isEmpty else { return }
    let cells = blocks.enumerated().map { "%% code id=block-\($0) tol=0.02\n\($1.text)\n" }
    let folder = try folder()
    try folder.write("page.collab", cells.joined())
    let (output, code) = try folder.shell("collab check page.collab")
    #expect(code == 0, "\(output)")
  }

  @Test(
    .enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"),
    arguments: pages)
  func `command lines run, and print what the page shows`(_ name: String) throws {
    let page = try Page(name)
    let folder = try folder()
    for file in page.blocks where file.kind.hasPrefix("collab ") {
      try folder.write(String(file.kind.dropFirst("collab ".count)), file.text)
    }
    // What the statements of the page keep is there.
    let saved = page.blocks.filter { $0.kind == "collab" && $0.text.contains("save_learner") }
    if !saved.isEmpty {
      try folder.write(
        "saved.collab",
        "load demo; dataloaders bs=2048; learner dot factors=2; fit 1\nsave_learner films.safetensors\n"
      )
      #expect(try folder.shell("collab run saved.collab").code == 0)
    }
    for (block, next) in zip(
      page.blocks, page.blocks.dropFirst() + [Page.Block(kind: "", text: "")])
    {
      let lines: String
      switch block.kind {
      case "sh": lines = block.text
      case "crontab":
        lines = block.text.split(separator: "\n")
          .map { $0.split(separator: " ", maxSplits: 5)[5].replacing("$HOME", with: ".") }
          .joined(separator: "\n")
      default: continue
      }
      let (output, code) = try folder.shell("set -e\nexport HOME=$PWD\n\(lines)")
      #expect(code == 0, "\(lines)\n\(output)")
      if next.kind == "text" { #expect(Self.matches(output, next.text), "\(output)") }
    }
  }

  @Test(arguments: pages)
  func `what is not run is right as far as can be told`(_ name: String) throws {
    let sources = try [
      "Embedding/Sources/Embedding/main", "OwnModel/main", "RateAndRecommend/main",
    ]
    .map { try Self.text("Examples/\($0).swift") }.joined()
    for block in try Page(name).blocks {
      switch block.kind {
      case "swift":
        for line in block.text.split(separator: "\n") { #expect(sources.contains(line)) }
      case "sh no-run":
        for word in block.text.split(whereSeparator: \.isWhitespace)
        where word.hasPrefix("script/") || word.hasPrefix("Examples/") {
          #expect(FileManager.default.fileExists(atPath: "\(Self.root)/\(word)"), "\(word)")
        }
      case "sh", "text", "python", "crontab", "collab", "json request", "json event": break
      case let kind: #expect(kind.hasPrefix("collab "), "\(name): \(kind)")
      }
    }
  }

  @Test(arguments: ["Collab", "FirstRecommender", "YourOwnModel", "SaveLoadServe"])
  func `programs in the library's guide are those of the examples`(_ name: String) throws {
    let sources = try Self.examples
    let page = try Page(path: "Sources/Collab/Collab.docc/\(name).md")
    for block in page.blocks where !block.text.hasPrefix(".product(") {
      #expect(block.kind == "swift")
      for line in block.text.split(separator: "\n") { #expect(sources.contains(line), "\(line)") }
    }
  }

  @Test(arguments: pages.map { "Documentation/\($0).md" } + ["README.md", "CHANGELOG.md"])
  func `links lead to pages and sections that are there`(_ path: String) throws {
    let folder = path.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    for link in try Self.text(path).links where !link.hasPrefix("https://") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target = parts[0].isEmpty ? path : folder + parts[0]
      #expect(FileManager.default.fileExists(atPath: "\(Self.root)/\(target)"), "\(link)")
      guard parts.count > 1 else { continue }
      let anchors = try Self.text(target).split(separator: "\n").filter { $0.hasPrefix("#") }
        .map(Self.anchor)
      #expect(anchors.contains(String(parts[1])), "\(link): \(anchors)")
    }
  }

  @Test func `two clicks lead from the README to what people look for`() throws {
    let first = try Self.text("README.md").links
    let pages = first.filter { $0.hasPrefix("Documentation/") && $0.hasSuffix(".md") }
    let second = try pages.flatMap { try Self.text($0).links.map { "Documentation/\($0)" } }
    for target in [
      "Documentation/tutorial.md", "Documentation/tutorial.md#install", "Documentation/scripts.md",
      "Sources/Collab/Collab.docc/Collab.md",
    ] {
      #expect((first + second).contains(target), "\(target)")
    }
  }

  @Test(.enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"))
  func `the manual page has every subcommand, and the changes have the version`() throws {
    let manual = try Self.text("Packaging/collab.1")
    let help = try ProgramFolder().shell("collab --help").output
    let list = try #require(help.firstRange(of: "SUBCOMMANDS:\n").map { help[$0.upperBound...] })
    let names = list.split(separator: "\n").prefix { $0.hasPrefix("  ") && !$0.hasPrefix("  See") }
      .filter { !$0.hasPrefix("   ") }.compactMap { $0.split(separator: " ").first }
    #expect(names.count >= 10)
    for name in names { #expect(manual.contains("\n.It Cm \(name)"), "\(name)") }
    #expect(try Self.text("CHANGELOG.md").contains("\n## \(CollabVersion.current)"))
    let version = try ProgramFolder().shell("collab --version").output
    #expect(version.hasPrefix("collab \(CollabVersion.current) ("))
    #expect(version.contains("libedit "))
  }

  // MARK: Helpers

  /// The programs of the examples.
  private static var examples: String {
    get throws {
      try ["Embedding/Sources/Embedding/main", "OwnModel/main", "RateAndRecommend/main"]
        .map { try text("Examples/\($0).swift") }.joined()
    }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
  }

  /// A folder with the files of the examples.
  private func folder() throws -> ProgramFolder {
    let folder = try ProgramFolder()
    for name in ["teas.csv", "one-page-lesson.collab"] {
      try folder.write(name, Self.text("Examples/\(name)"))
    }
    return folder
  }

  /// Whether a text is another one, in which `…` stands for anything within a line.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    let lines = text.split(separator: "\n")
    let patterns = pattern.split(separator: "\n")
    guard lines.count == patterns.count else { return false }
    return zip(lines, patterns).allSatisfy { line, pattern in
      var rest = line
      let pieces = pattern.split(separator: "…", omittingEmptySubsequences: false)
      for (number, piece) in pieces.enumerated() {
        if number == 0 {
          guard rest.hasPrefix(piece) else { return false }
          rest = rest.dropFirst(piece.count)
        } else if piece.isEmpty {
          continue
        } else {
          guard let found = rest.firstRange(of: piece) else { return false }
          rest = rest[found.upperBound...]
        }
      }
      return rest.isEmpty || pieces.last?.isEmpty == true
    }
  }

  /// The name that a heading is reached by on a page, as GitHub makes it.
  private static func anchor(_ heading: Substring) -> String {
    let title = heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
    return String(
      title.compactMap { character in
        character.isLetter || character.isNumber || character == "-" || character == "_"
          ? character : character == " " ? "-" : nil
      })
  }

  /// A page and its blocks of code.
  private struct Page {
    struct Block {
      let kind: String
      let text: String
    }

    var blocks: [Block] = []

    init(_ name: String) throws { try self.init(path: "Documentation/\(name).md") }

    init(path: String) throws {
      var open: (kind: String, lines: [Substring])?
      for line in try DocumentationTests.text(path)
        .split(separator: "\n", omittingEmptySubsequences: false)
      {
        if line.hasPrefix("```") {
          if let block = open {
            blocks.append(Block(kind: block.kind, text: block.lines.joined(separator: "\n") + "\n"))
          }
          open = open == nil ? (String(line.dropFirst(3)), []) : nil
        } else {
          open?.lines.append(line)
        }
      }
      try #require(open == nil, "\(path): a block of code has no end")
    }
  }
}

extension String {
  /// What `[text](target)` leads to.
  fileprivate var links: [String] {
    split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
      rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }
  }
}
