import CollabFiles
import CollabThreading
internal import Glibc
import TestSupport
import Testing

struct FilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func status(_ name: String) -> stat {
    var status = stat()
    #expect(lstat(path(name), &status) == 0)
    return status
  }

  private func mode(_ name: String) -> mode_t { status(name).st_mode & 0o7777 }

  private var names: [String] { Files.entries(of: folder.path).map(\.name) }

  // MARK: Replacing

  @Test func `a file is replaced as a whole, and nothing else is left`() throws {
    folder.write("a", "a long text that was here")
    try Files.replace(path("a"), with: Array("new".utf8))
    #expect(folder.read("a") == "new")
    try Files.replace(path("a"), with: [])
    #expect(folder.read("a").isEmpty)
    #expect(names == ["a"])
  }

  @Test func `a large file that is not wanted any more stays as it was`() throws {
    folder.write("a", "old")
    var asked = 0
    let error = #expect(throws: FileError.self) {
      try Interruption.observed(by: {
        asked += 1
        return asked == 2
      }) {
        try Files.replace(path("a")) { write in
          try write([UInt8](repeating: 1, count: 10 << 20))
        }
      }
    }
    #expect(error?.isInterrupted == true)
    #expect(folder.read("a") == "old")
    #expect(names == ["a"])
  }

  @Test func `a file is replaced by parts, or stays as it was`() throws {
    struct Stop: Error {}
    folder.write("a", "old")
    try Files.replace(path("a")) { write in
      for part in ["one, ", "two, ", "three"] { try write(Array(part.utf8)) }
      #expect(folder.read("a") == "old")
    }
    #expect(folder.read("a") == "one, two, three")
    for name in ["a", "b"] {
      #expect(throws: Stop.self) {
        try Files.replace(path(name)) { write in
          try write(Array("half".utf8))
          throw Stop()
        }
      }
    }
    #expect(folder.read("a") == "one, two, three")
    #expect(names == ["a"])
  }

  @Test(arguments: [0o600, 0o644, 0o640, 0o755, 0o4711] as [mode_t])
  func `the mode of a file stays`(_ mode: mode_t) throws {
    folder.write("a", "old")
    chmod(path("a"), mode)
    try Files.replace(path("a"), with: Array("new".utf8))
    #expect(self.mode("a") == mode)
  }

  @Test(.enabled(if: geteuid() == 0, "only the superuser gives files away"))
  func `the owner of a file stays`() throws {
    folder.write("a", "old")
    #expect(chown(path("a"), 1234, 2345) == 0)
    try Files.replace(path("a"), with: Array("new".utf8))
    #expect(status("a").st_uid == 1234)
    #expect(status("a").st_gid == 2345)
  }

  @Test func `a new file has the mode that the mask leaves`() throws {
    // The mask belongs to the process, so that a process of its own has to be asked for another.
    let mask = umask(0o022)
    umask(mask)
    try Files.replace(path("a"), with: [])
    #expect(mode("a") == 0o666 & ~mask)
    try Files.replace(path("b"), with: [], mode: 0o600)
    #expect(mode("b") == 0o600 & ~mask)
  }

  @Test func `a link stays, and the file it leads to is replaced`() throws {
    let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
    other.write("target", "old")
    symlink("\(other.path)/target", "\(one.path)/second")
    symlink("second", "\(one.path)/first")
    try Files.replace("\(one.path)/first", with: Array("new".utf8))
    #expect(other.read("target") == "new")
    var status = stat()
    #expect(lstat("\(one.path)/first", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(Files.entries(of: one.path).map(\.name) == ["first", "second"])
    #expect(Files.entries(of: other.path).map(\.name) == ["target"])
  }

  @Test func `a link that leads nowhere gets its file`() throws {
    symlink("target", path("link"))
    try Files.replace(path("link"), with: Array("new".utf8))
    #expect(folder.read("target") == "new")
    #expect(status("link").st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `links that lead to each other are an error`() {
    symlink("b", path("a"))
    symlink("a", path("b"))
    #expect(throws: FileError(code: ELOOP)) { try Files.replace(path("a"), with: []) }
  }

  @Test func `a device is written to, also through a link`() throws {
    symlink("/dev/null", path("null"))
    try Files.replace(path("null"), with: Array("gone".utf8))
    try Files.replace("/dev/null", with: Array("gone".utf8))
    #expect(status("null").st_mode & S_IFMT == S_IFLNK)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(throws: FileError(code: ENOSPC)) {
      try Files.replace("/dev/full", with: Array("too much".utf8))
    }
  }

  @Test func `a stream that is open already goes on where it is`() throws {
    folder.write("a", "")
    let descriptor = open(path("a"), O_WRONLY)
    defer { close(descriptor) }
    try Files.write(Array("first ".utf8), to: descriptor)
    try Files.replace("/dev/fd/\(descriptor)", with: Array("second ".utf8))
    symlink("/proc/self/fd/\(descriptor)", path("link"))
    try Files.replace(path("link"), with: Array("third".utf8))
    #expect(folder.read("a") == "first second third")
  }

  @Test func `a folder is no file`() {
    #expect(throws: FileError(code: EISDIR)) { try Files.replace(folder.path, with: []) }
    #expect(throws: FileError(code: ENOENT)) { try Files.replace(path("no/file"), with: []) }
    folder.write("a", "")
    #expect(throws: FileError(code: ENOTDIR)) { try Files.replace(path("a/file"), with: []) }
    #expect(names == ["a"])
  }

  @Test(.enabled(if: geteuid() != 0, "nothing is forbidden to the superuser"))
  func `a file that may not be written is not replaced`() {
    folder.write("a", "old")
    chmod(path("a"), 0o444)
    #expect(throws: FileError(code: EACCES)) { try Files.replace(path("a"), with: []) }
    #expect(folder.read("a") == "old")
  }

  // MARK: Adding and removing

  @Test func `text is added at the end, also behind a link`() throws {
    try Files.append(Array("one ".utf8), to: path("a"))
    symlink("a", path("link"))
    try Files.append(Array("two".utf8), to: path("link"))
    #expect(folder.read("a") == "one two")
    try Files.remove(path("a"))
    try Files.remove(path("a"))
    #expect(!Files.exists(path("a")))
  }

  // MARK: Reading

  @Test func `a file is read up to a limit`() throws {
    folder.write("a", String(repeating: "x", count: 100_000))
    #expect(try Files.read(path("a")).count == 100_000)
    #expect(try Files.read(path("a"), limit: 100_000).count == 100_000)
    #expect(throws: FileError(code: EFBIG)) { try Files.read(path("a"), limit: 99_999) }
    #expect(throws: FileError(code: EFBIG)) { try Files.read("/dev/zero", limit: 1 << 20) }
    #expect(throws: FileError(code: EISDIR)) { try Files.read(folder.path) }
    #expect(throws: FileError(code: ENOENT)) { try Files.read(path("b")) }
  }

  @Test func `only the beginning of a regular file is looked at`() throws {
    folder.write("a", "collabWS and more")
    #expect(Files.beginning(of: path("a"), count: 8) == Array("collabWS".utf8))
    #expect(Files.beginning(of: path("a"), count: 100)?.count == 17)
    mkfifo(path("pipe"), 0o600)
    #expect(Files.beginning(of: path("pipe"), count: 8) == nil)
    #expect(Files.beginning(of: "/dev/zero", count: 8) == nil)
    #expect(Files.beginning(of: path("b"), count: 8) == nil)
  }

  @Test func `folders are made for the user alone`() throws {
    try Files.makePrivateFolders(for: path("one/two/file"))
    #expect(Files.isFolder(path("one/two")))
    #expect(!Files.exists(path("one/two/file")))
    #expect(mode("one") == 0o700)
    folder.write("file", "")
    #expect(throws: FileError(code: EEXIST)) { try Files.makePrivateFolders(for: path("file/x")) }
  }
}

// MARK: - Looking at files where they lie

extension FilesTests {
  @Test func `a large file that is cut short has zeros where it had bytes, and says so`() throws {
    try Files.replace(path("a"), with: [UInt8](repeating: 7, count: 9 << 20))
    let (watch, other) = (FileWatch(), FileWatch())
    let contents = try watch.during { () throws(FileError) in try FileContents(of: path("a")) }
    contents.bytes[0] = 8
    #expect(truncate(path("a"), 1 << 20) == 0)
    #expect((contents.bytes[0], contents.bytes[5000]) == (8, 7))
    #expect(watch.missingPages == 0)
    #expect(contents.bytes[8 << 20] == 0)
    #expect((watch.missingPages, other.missingPages) == (1, 0))
    #expect(try Files.read(path("a")).first == 7)
  }
}
