import FoundationEssentials
import CollabLessons
import Testing

struct ProgressStoreTests {
  /// Runs `body` with the path of a folder that does not exist yet, and removes the folder.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lessons-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/state")
  }

  @Test func `a program that is killed has saved every step`() throws {
    try withFolder { folder in
      let killed = Classroom(store: ProgressStore(folder: folder))
      _ = try killed.type(all: "collab teach toy.collab", "⏎", "⏎", "own = 4")
      let next = Classroom(store: ProgressStore(folder: folder))
      let welcome = try next.type("collab teach toy.collab")
      #expect(welcome.first == "Welcome back. You stopped at 3/9 (Numbers).")
      #expect(try next.type(all: "1", "own + a").first == "6")
    }
  }

  @Test func `a file that cannot be read is put aside, and said so`() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let file = folder + "/toy.json"
      try Data("{ half".utf8).write(to: URL(filePath: file))
      let classroom = Classroom(store: ProgressStore(folder: folder))
      let lines = try classroom.type("collab teach toy.collab")
      #expect(lines.first?.hasPrefix("warning: the saved progress cannot be read") == true)
      #expect(lines.contains("Two numbers and their sum."))
      #expect(FileManager.default.fileExists(atPath: file + ".unreadable"))
    }
  }

  @Test func `a folder that cannot be written is told once`() throws {
    let classroom = Classroom(store: ProgressStore(folder: "/dev/null/lessons"))
    _ = try classroom.type("collab teach toy.collab")
    let warning = "warning: progress cannot be saved in /dev/null/lessons"
    #expect(try classroom.type("⏎").first == warning)
    #expect(try classroom.type("⏎").first != warning)
    #expect(try classroom.type("quit").last == "left at 3/9, which could not be saved")
  }

  @Test func `removing forgets a lesson`() throws {
    try withFolder { folder in
      let store = ProgressStore(folder: folder)
      let classroom = Classroom(store: store)
      _ = try classroom.type(all: "collab teach toy.collab", "⏎", "⏎")
      #expect(store.progress(of: "toy").progress != nil)
      store.remove("toy")
      #expect(ProgressStore(folder: folder).progress(of: "toy").progress == nil)
    }
  }
}
