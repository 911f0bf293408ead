import CollabInterpreter
public import Collab
public import CollabLanguage
import CollabFiles

/// Files that statements name: reading, writing, and what may have been meant by a path.
///
/// Paths start where `DataSearch` says.
public enum FileText {
  /// The bytes of a file.
  ///
  /// - Throws: ``Problem``, with the names of files that may have been meant.
  static func read(
    _ path: String, limit: Int = .max, in search: DataSearch
  ) throws -> [UInt8] {
    let place = try search.readable(path)
    do throws(FileError) {
      return try Files.read(
        place, limit: limit, isInterrupted: search.isInterrupted)
    } catch {
      throw unread(path, error, in: search)
    }
  }

  /// What to say of a file that could not be read.
  static func unread(_ path: String, _ error: FileError, in search: DataSearch) -> any Error {
    if error.isInterrupted { return Problem.interrupted }
    return error.isMissing
      ? SessionProblem.noFile(path, near: near(path, in: search))
      : SessionProblem.unreadable(path, reason: error.reason)
  }

  /// Writes a file so that its place holds the old bytes or all the new ones, whatever happens.
  ///
  /// A file of another kind that is there already is not overwritten unasked.
  static func write(
    _ bytes: [UInt8], as kind: FileKind, to path: String, overwrites: Bool = false,
    in search: DataSearch
  ) throws {
    try write(as: kind, to: path, overwrites: overwrites, in: search) { try $0(bytes) }
  }

  /// As `write(_:as:to:overwrites:in:)`, with bytes that come in parts: the body hands them on, and if it
  /// throws, the place holds what it held.
  static func write(
    as kind: FileKind, to path: String, overwrites: Bool = false, in search: DataSearch,
    _ body: (_ write: FileWriter) throws -> Void
  ) throws {
    try writing(kind, to: path, overwrites: overwrites, in: search) { place in
      try Files.replace(place, by: body)
    }
  }

  /// Lets somebody write a file, whose whole path is handed on, as `write(_:as:to:overwrites:in:)` does.
  static func writing<Result>(
    _ kind: FileKind, to path: String, overwrites: Bool, in search: DataSearch,
    _ body: (_ place: String) throws -> Result
  ) throws -> Result {
    let place = try search.writable(path)
    guard overwrites || kind.mayReplace(place) else { throw SessionProblem.otherKind(path, kind) }
    do {
      return try body(place)
    } catch let error as FileError {
      throw refusal(path, error)
    }
  }

  /// Adds text at the end of a file, which comes into being if need be.
  static func append(_ text: String, to path: String, in search: DataSearch) throws {
    let place = try search.writable(path)
    do throws(FileError) {
      try Files.append(Array(text.utf8), to: place)
    } catch {
      throw refusal(path, error)
    }
  }

  /// Whether something is where a file is to be written.
  static func exists(_ path: String, in search: DataSearch) throws -> Bool {
    Files.exists(try search.writable(path))
  }

  private static func refusal(_ path: String, _ error: FileError) -> any Error {
    error.isInterrupted
      ? Problem.interrupted : SessionProblem.unwritable(path, error)
  }
}

extension Session {
  /// Writes a page to a file, whose path is relative to the working folder.
  ///
  /// - Throws: `cannot-write`, or `exists` if a file of another kind is there and is to stay.
  public static func write(
    _ text: String, as kind: FileKind, to path: String, overwrites: Bool = false
  ) throws(Diagnostic) {
    do {
      try FileText.write(
        Array(text.utf8), as: kind, to: path, overwrites: overwrites, in: .current())
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
    Files.entries(of: search.absolute(folder.isEmpty ? "." : folder))
  }
}
