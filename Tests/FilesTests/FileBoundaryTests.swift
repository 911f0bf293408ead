import CollabFiles
import Glibc
import TestSupport
import Testing

/// What lies in a folder, however it is written.
struct FileBoundaryTests {
  private let folder: TemporaryFolder
  private let boundary: FileBoundary

  init() throws {
    folder = try TemporaryFolder()
    folder.write("in/deep/a.csv", "1")
    folder.write("in2/a.csv", "1")
    folder.write("out/a.csv", "1")
    symlink("../out/a.csv", folder.path + "/in/file")
    symlink("../out", folder.path + "/in/folder")
    symlink("../out/nothing", folder.path + "/in/dangling")
    symlink("deep/a.csv", folder.path + "/in/own")
    symlink("in", folder.path + "/other")
    boundary = FileBoundary(folder: folder.path + "/in", advice: "no")
  }

  @Test(arguments: [
    "in", "in/", "in/deep/a.csv", "in/new", "in/deep/../new", "in/own", "other/deep",
    "out/../in/new",
    "in//new",
  ])
  func `what is in the folder or will be is inside`(_ path: String) {
    #expect(boundary.contains("\(folder.path)/\(path)"))
  }

  @Test(arguments: [
    "", "in2", "in2/a.csv", "out/a.csv", "in/../out/a.csv", "in/..", "in/file", "in/folder/a.csv",
    "in/folder/new", "in/dangling", "in/nothing/new", "in/nothing/..", "new", "in/deep/../../new",
  ])
  func `what is elsewhere, or leads there, is not`(_ path: String) {
    #expect(!boundary.contains("\(folder.path)/\(path)"))
  }

  @Test func `devices and what the system makes of this process are not`() {
    for path in ["/dev/null", "/dev/stdout", "/proc/self/cwd", "/", ""] {
      #expect(!boundary.contains(path))
    }
  }

  @Test func `a folder that is not there holds nothing, and the root holds everything`() {
    let missing = FileBoundary(folder: folder.path + "/missing/deep", advice: "no")
    #expect(!missing.contains(folder.path + "/missing/deep/a"))
    #expect(FileBoundary(folder: "/", advice: "no").contains(folder.path + "/out/a.csv"))
  }
}
