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
    guard
      FileManager.default.createFile(
        atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    else { throw CannotWrite(path: file) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

struct CannotWrite: Error {
  let path: String
}
