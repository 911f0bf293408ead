import CollabLanguage
import Foundation
import CollabNotebook
import Testing

/// The words in `error[…]`, as they stand in the sources, against what `help` knows; those of the
/// language are an enum, whose switch explains each.
struct ErrorCodeTests {
  /// Where a code stands: first in a diagnostic, first in the content of a problem, or the value of
  /// a `code`.
  private static func codes(in source: String, isProblem: Bool) -> Set<String> {
    var codes: Set<String> = []
    func collect(_ pattern: Regex<(Substring, Substring)>, in text: Substring) {
      for match in text.matches(of: pattern) { codes.insert(String(match.1)) }
    }
    collect(/Diagnostic\(\s*"([a-z0-9-]+)"/, in: source[...])
    if isProblem {
      collect(/\(\s*"([a-z0-9-]+)",\s*(?:"|[a-z]+\.map|opener)/, in: source[...])
      collect(/self\.init\(\s*"([a-z0-9-]+)"/, in: source[...])
    }
    for body in source.split(separator: "var code: String {").dropFirst() {
      let end = body.range(of: "\n  }")?.lowerBound ?? body.endIndex
      collect(/"([a-z0-9-]+)"/, in: body[..<end])
    }
    return codes
  }

  private static func all() throws -> Set<String> {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources").standardizedFileURL
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var all: Set<String> = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      let name = file.lastPathComponent
      all.formUnion(
        codes(
          in: try String(contentsOf: file, encoding: .utf8),
          isProblem: name.hasSuffix("Problem.swift")))
    }
    return all
  }

  @Test func `every code that can be printed is explained`() throws {
    let printed = try Self.all()
    // As many as there are at least, so that a change of form cannot make the search find nothing.
    #expect(printed.count > 50)
    let explained = Set(Session.registry.errors.map(\.code))
    #expect(printed.subtracting(explained).sorted() == [])
  }

  @Test func `what is explained can be printed`() throws {
    let printed = try Self.all().union(LanguageErrorCode.allCases.map(\.rawValue))
    #expect(Set(Session.registry.errors.map(\.code)).subtracting(printed).sorted() == [])
  }

  @Test func `every code of a recorded conversation has help`() throws {
    let transcripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Transcripts")
    var codes: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(
      at: transcripts, includingPropertiesForKeys: nil)
    {
      let text = try String(contentsOf: file, encoding: .utf8)
      codes.formUnion(text.matches(of: /error\[([a-z0-9-]+)\]/).map { String($0.1) })
    }
    #expect(codes.count > 10)
    for code in codes.union(LanguageErrorCode.allCases.map(\.rawValue)) {
      #expect(try Help(Session.registry).topic(code).first == "error[\(code)]")
    }
  }

  @Test func `no code is explained twice`() {
    let codes = Session.registry.errors.map(\.code)
    #expect(Set(codes).count == codes.count)
  }
}
