import Foundation

/// A new folder for the files of one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/collab-data-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CannotWrite(path: "/tmp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a file; folders in its name are made.
  func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
    var folder = path
    for part in name.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o755)
    }
    let file = path + "/" + name
    guard mode & 0o100 == 0 else { return try writeProgram(file, text) }
    guard
      FileManager.default.createFile(
        atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    else { throw CannotWrite(path: file) }
  }

  /// Writes a program by a process of its own: a child that another test forks while a file is open
  /// here would keep it open, and a file that is open for writing cannot be run.
  private func writeProgram(_ file: String, _ text: String) throws {
    let writer = Process()
    writer.executableURL = URL(filePath: "/bin/sh")
    writer.arguments = ["-c", "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", text, file]
    try writer.run()
    writer.waitUntilExit()
    guard writer.terminationStatus == 0 else { throw CannotWrite(path: file) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

struct CannotWrite: Error {
  let path: String
}
