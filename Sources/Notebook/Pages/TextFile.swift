import Collab
public import CommandLanguage
import Glibc

/// Files that pictures and pages are written to.
enum TextFile {
  /// Writes a file so that its place holds the old text or all of the new one, whatever happens.
  ///
  /// A path is relative to the working folder of the search for data; `~` is the home folder.
  ///
  /// - Throws: ``Problem/unwritable(_:reason:)``.
  static func write(_ text: String, to path: String, in search: DataSearch) throws {
    let place = absolute(path, in: search)
    var draft = Array((place + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&draft)
    guard descriptor >= 0 else { throw Problem.unwritable(path, reason: reason(errno)) }
    var failure: Int32?
    if !put(Array(text.utf8), descriptor) || fchmod(descriptor, 0o644) != 0 { failure = errno }
    close(descriptor)
    if failure == nil, rename(draft, place) != 0 { failure = errno }
    guard let failure else { return }
    unlink(draft)
    throw Problem.unwritable(path, reason: reason(failure))
  }

  private static func absolute(_ path: String, in search: DataSearch) -> String {
    if path.hasPrefix("~/"), let home = search.environment["HOME"] {
      return home + path.dropFirst()
    }
    return path.hasPrefix("/") ? path : search.workingFolder + "/" + path
  }

  private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  private static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

extension Session {
  /// Writes a page to a file, whose path is relative to the working folder.
  ///
  /// - Throws: `cannot-write`.
  public static func write(_ text: String, to path: String) throws(Diagnostic) {
    do {
      try TextFile.write(text, to: path, in: .current())
    } catch {
      throw Diagnostic(error, at: nil, in: nil)
    }
  }
}
