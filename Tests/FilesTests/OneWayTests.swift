import CollabFiles
import TestSupport
import Testing

/// There is one way to write a file, and one to standard output.
struct OneWayTests {
  private static let sources = Fixture.path("../../Sources")

  /// What only these files may do, by the words that do it.
  private static let doors: [(words: [String], files: [String])] = [
    (
      ["mkstemp", "fopen(", ".write(to: URL", "O_TRUNC", "O_CREAT |", "| O_CREAT"],
      [
        "Files/Files.swift", "Files/FileDraft.swift",
        // What a child complains of.
        "Collab/Data/ChildProcess.swift",
        // Statements are added under a lock that other prompts respect.
        "LineEditing/HistoryFile.swift",
      ]
    ),
    (
      [" rename(", "Glibc.rename(", "FileManager"],
      [
        "Files/FileDraft.swift",
        // A folder that was unpacked gets its name.
        "Collab/Data/FileSystem.swift",
      ]
    ),
    (["to: STDOUT_FILENO", "to: STDERR_FILENO", "FileHandle"], ["CollabTool/Console.swift"]),
  ]

  @Test(arguments: 0..<doors.count)
  func `nothing writes beside the doors`(_ number: Int) throws {
    let (words, files) = Self.doors[number]
    let paths = Self.paths(in: "").filter { !files.contains($0) }
    #expect(paths.count > 200)
    for path in paths {
      let bytes = try Files.read("\(Self.sources)/\(path)")
      let text = String(decoding: bytes, as: UTF8.self)
      for word in words { #expect(!text.contains(word), "\(path): \(word)") }
    }
  }

  /// The sources in a folder and in those inside of it.
  private static func paths(in folder: String) -> [String] {
    Files.entries(of: "\(sources)/\(folder)").flatMap { entry in
      let path = folder + entry.name
      return entry.isFolder ? paths(in: path + "/") : path.hasSuffix(".swift") ? [path] : []
    }
  }
}
