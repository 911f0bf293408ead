public import Collab
public import CommandLanguage
import Glibc

/// Files that statements name: reading, writing, and what may have been meant by a path.
///
/// Paths start where `DataSearch` says.
public enum FileText {
  /// The bytes of a file.
  ///
  /// - Throws: ``Problem``, with the names of files that may have been meant.
  static func read(_ path: String, in search: DataSearch) throws -> [UInt8] {
    let descriptor = open(search.readable(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal(path, in: search) }
    defer { close(descriptor) }
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, size))
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count > 0 {
        bytes += chunk[..<count]
      } else if errno != EINTR {
        throw refusal(path, in: search)
      }
    }
  }

  /// Writes a file so that its place holds the old bytes or all the new ones, whatever happens.
  static func write(_ bytes: [UInt8], to path: String, in search: DataSearch) throws {
    let place = search.absolute(path)
    var draft = Array((place + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&draft)
    guard descriptor >= 0 else { throw Problem.unwritable(path, reason: reason(errno)) }
    var failure: Int32?
    if !put(bytes, descriptor) || fchmod(descriptor, 0o644) != 0 || fsync(descriptor) != 0 {
      failure = errno
    }
    close(descriptor)
    if failure == nil, rename(draft, place) != 0 { failure = errno }
    guard let failure else { return }
    unlink(draft)
    throw Problem.unwritable(path, reason: reason(failure))
  }

  /// Adds text at the end of a file, which comes into being if need be.
  static func append(_ text: String, to path: String, in search: DataSearch) throws {
    let descriptor = open(
      search.absolute(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Problem.unwritable(path, reason: reason(errno)) }
    defer { close(descriptor) }
    guard put(Array(text.utf8), descriptor) else {
      throw Problem.unwritable(path, reason: reason(errno))
    }
  }

  /// Whether something is there.
  static func exists(_ path: String, in search: DataSearch) -> Bool {
    access(search.absolute(path), F_OK) == 0
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

  private static func refusal(_ path: String, in search: DataSearch) -> Problem {
    errno == ENOENT || errno == ENOTDIR
      ? .noFile(path, near: near(path, in: search)) : .unreadable(path, reason: reason(errno))
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
      try FileText.write(Array(text.utf8), to: path, in: .current())
    } catch {
      throw Diagnostic(error, at: nil, in: nil)
    }
  }
}

// MARK: - Names in folders
extension FileText {
  /// Files whose names are like a path that leads nowhere, written in the same way.
  public static func near(_ path: String, in search: DataSearch) -> [String] {
    let (folder, name) = parts(path)
    let names = entries(of: folder, in: search).map(\.name)
    return Suggestion.nearest(to: name, among: names).map { folder + $0 }
  }

  /// The paths that begin with a text; those of folders end in `/`.
  static func completions(of text: String, in search: DataSearch) -> [String] {
    let (folder, beginning) = parts(text)
    return entries(of: folder, in: search)
      .filter { $0.name.hasPrefix(beginning) && !($0.name.hasPrefix(".") && beginning.isEmpty) }
      .map { folder + $0.name + ($0.isFolder ? "/" : "") }
  }

  /// What stands before the last slash, the slash included, and what stands behind it.
  private static func parts(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let behind = path.index(after: slash)
    return (String(path[..<behind]), String(path[behind...]))
  }

  private static func entries(
    of folder: String, in search: DataSearch
  ) -> [(name: String, isFolder: Bool)] {
    let place = search.absolute(folder.isEmpty ? "." : folder)
    guard let stream = opendir(place) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted().map { name in
      var status = stat()
      let isFolder = stat("\(place)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      return (name, isFolder)
    }
  }
}
