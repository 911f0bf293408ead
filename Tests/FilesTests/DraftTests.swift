import CollabFiles
import Glibc
import TestSupport
import Testing

/// Files that are not yet in their place.
struct DraftTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] { Files.entries(of: folder.path).map(\.name) }

  @Test func `a draft has no name while it is written`() throws {
    var seen: [String] = []
    try Files.replace(folder.path + "/a") { write in
      try write(Array("new".utf8))
      seen = names
    }
    #expect(seen == [])
    #expect(names == ["a"])
    #expect(folder.read("a") == "new")
  }

  @Test func `what a program left that was killed goes with the next file`() throws {
    folder.write(".collab-draft-0000000000abc", "half")
    folder.write(".collab-draft-mine", "not a draft")
    folder.write(".collab-notes", "not a draft")
    try Files.replace(folder.path + "/a", with: [1])
    #expect(names == [".collab-draft-mine", ".collab-notes", "a"])
  }

  @Test func `a draft that another program is writing stays`() throws {
    let path = folder.write(".collab-draft-0000000000abc", "half")
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    try Files.replace(folder.path + "/a", with: [1])
    #expect(names == [".collab-draft-0000000000abc", "a"])
  }

  @Test func `a link of a draft's name is not followed`() throws {
    let target = folder.write("target", "kept")
    #expect(symlink(target, folder.path + "/.collab-draft-0000000000abc") == 0)
    try Files.replace(folder.path + "/a", with: [1])
    #expect(folder.read("target") == "kept")
  }

  @Test func `a file in many parts replaces one, and keeps its mode`() throws {
    let path = folder.write("a", "old")
    #expect(chmod(path, 0o640) == 0)
    try Files.replace(path) { write in
      for _ in 0..<100 { try write([UInt8](repeating: 7, count: 10_000)) }
    }
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_size == 1_000_000 && status.st_mode & 0o7777 == 0o640)
    #expect(names == ["a"])
  }
}
