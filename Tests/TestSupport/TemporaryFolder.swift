import Foundation
internal import Glibc

/// A folder that goes away with the test.
public final class TemporaryFolder {
  /// Where it is.
  public let path: String

  /// Makes an empty folder.
  ///
  /// - Parameter place: the folder to make it in.
  /// - Throws: why there can be none.
  public init(in place: String = "/tmp") throws {
    var template = Array("\(place)/collab-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXFailure(code: errno) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file in the folder, making folders in it if need be, and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) -> String {
    let file = path + "/" + name
    let inner = file.split(separator: "/").dropLast().joined(separator: "/")
    try? FileManager.default.createDirectory(
      atPath: "/" + inner, withIntermediateDirectories: true)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    return file
  }

  /// Writes a program in the folder by a process of its own: a child that another test forks while a
  /// file is open here would keep it open, and a file that is open for writing cannot be run.
  public func writeProgram(_ name: String, _ text: String) throws {
    let writer = Process()
    writer.executableURL = URL(filePath: "/bin/sh")
    writer.arguments = [
      "-c", "mkdir -p \"$(dirname \"$2\")\" && printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh",
      text, "\(path)/\(name)",
    ]
    try writer.run()
    writer.waitUntilExit()
    guard writer.terminationStatus == 0 else { throw POSIXFailure(code: EIO) }
  }

  /// The text of a file in the folder.
  public func read(_ name: String) -> String {
    let descriptor = open(path + "/" + name, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What the system refused.
private struct POSIXFailure: Error {
  let code: Int32
}
