import FoundationEssentials
import Glibc
import Testing

/// The built program, run on files in a folder of its own.
final class ProgramFolder {
  let folder: String

  init() throws {
    var template = Array("/tmp/collab-scripts-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for ending in ["", ".sh", ".out"] {
      try? FileManager.default.removeItem(atPath: folder + ending)
    }
  }

  /// The program beside the bundle of tests; nil if only the tests were built.
  static let program: String? = {
    guard let bundle = CommandLine.arguments.first(where: { $0.contains(".xctest") }) ?? ownPath
    else { return nil }
    let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
    let count = parts.firstIndex { $0.hasSuffix(".xctest") } ?? parts.count - 1
    // Scripts run in a folder of their own, so that the path has to be a whole one.
    let path = URL(filePath: parts[..<count].joined(separator: "/") + "/collab").path
    return access(path, X_OK) == 0 ? path : nil
  }()

  private static var ownPath: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }

  /// What a shell command printed and left with; `collab` is the program, and `data` the folder of
  /// MovieLens 100K, if it is to be found.
  func shell(_ command: String, data: String? = nil) throws -> (output: String, code: Int32) {
    let program = try #require(Self.program)
    let found = data.map { "export COLLAB_DATA='\($0)'\n" } ?? ""
    let script = "\(found)cd '\(folder)'\ncollab() { '\(program)' \"$@\"; }\n\(command)\n"
    try Data(script.utf8).write(to: URL(filePath: folder + ".sh"))
    let status = system(
      "env -u COLLAB_DATA -u XDG_DATA_HOME HOME=/proc/nonexistent bash '\(folder).sh' "
        + "> '\(folder).out' 2>&1 < /dev/null")
    let output = try Data(contentsOf: URL(filePath: folder + ".out"))
    return (String(decoding: output, as: UTF8.self), status >> 8 & 0xFF)
  }
}
