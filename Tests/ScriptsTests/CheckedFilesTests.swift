import FoundationEssentials
import Testing

/// Every script of the repository prints what it recorded.
@Suite(.enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"))
struct CheckedFilesTests {
  private static let movieLens = ProcessInfo.processInfo.environment["COLLAB_DATA"]
  private static let root =
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
  private static let files =
    "'\(root)'/Examples/*.collab '\(root)'/Notebooks/*.collab "
    + ["gradient_names", "expressions", "scripts"]
    .map { "'\(root)'/Tests/Fixtures/\($0)/*.collab" }.joined(separator: " ")

  private func check(data: String?) throws {
    let (output, code) = try ProgramFolder().shell("collab check \(Self.files)", data: data)
    #expect(code == 0, "\(output)")
    // Every file was read, and none of them by skipping it.
    let checked = output.split(separator: "\n").filter { $0.contains(" ok · ") }
    #expect(checked.count >= 14, "\(output)")
  }

  @Test func `examples and notebooks check themselves with the built-in data`() throws {
    try check(data: nil)
  }

  @Test(.enabled(if: movieLens != nil, "COLLAB_DATA does not name MovieLens 100K"))
  func `examples and notebooks check themselves with MovieLens 100K`() throws {
    try check(data: Self.movieLens)
  }
}
