import Testing

/// Scripts and lessons of somebody else, run by the program.
struct SafetyTests {
  private let workspace: ProgramFolder

  init() throws {
    workspace = try ProgramFolder()
    _ = try workspace.shell("mkdir in out")
    try workspace.write("in/outside", "x = 1\nsave ../out/a.saved\n")
    try workspace.write("in/inside", "x = 1\nsave a.saved\n")
  }

  @Test(arguments: [
    ("check outside", true), ("check --no-safe outside", false), ("run outside", false),
    ("run --safe outside", true), ("run --no-safe outside", false),
    ("run --safe - < outside", true),
    ("teach --auto outside", true), ("teach --auto --no-safe outside", false),
    ("html --safe outside", true), ("html outside", false), ("ipynb --safe outside", true),
    ("check inside", false), ("run --safe inside", false), ("teach --auto inside", false),
  ])
  func `a file outside the folder is written where that is allowed`(
    _ arguments: String, _ isRefused: Bool
  ) throws {
    let (output, code) = try workspace.shell("cd in; collab \(arguments)")
    #expect(output.contains("error[refused]: ") == isRefused, "\(output)")
    #expect((code == 0) == !isRefused, "\(output)")
    let written = try workspace.shell("ls out in/a.saved 2> /dev/null").output
    #expect(written.contains("a.saved") == !isRefused)
  }

  @Test func `the line that allows it runs as it is printed`() throws {
    let output = try workspace.shell("cd in; collab check outside").output
    let line = try #require(
      output.split(separator: "\n").first { $0.hasPrefix("  help: `collab ") })
    let command = line.split(separator: "`")[1]
    #expect(try workspace.shell("cd in; \(command)").code == 0)
  }

  @Test func `the folder is that of the script, wherever it is run`() throws {
    #expect(try workspace.shell("collab check in/inside").code == 0)
    #expect(try workspace.shell("cd out; collab check ../in/outside").code == 1)
  }
}
