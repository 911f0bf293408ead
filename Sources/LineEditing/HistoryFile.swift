internal import CollabFiles
internal import Glibc
internal import CollabText

/// The statements of earlier sessions, one to a line, shared by every prompt that is open.
///
///     let history = HistoryFile.standard
///     history?.append("fit 5 5e-3")
///
/// Each statement is added when it is entered, so that nothing is lost and two prompts do not
/// overwrite each other. Newlines and backslashes are escaped. What cannot be read or written is
/// passed over: history is a convenience, and no reason to stop.
public struct HistoryFile: Sendable {
  /// Where the file is.
  public let path: String
  /// How many statements are kept.
  public let limit: Int

  /// Names a file; it and its folders come into being with the first statement.
  public init(path: String, limit: Int = 5000) {
    self.path = path
    self.limit = limit
  }

  /// `$XDG_STATE_HOME/collab/history`, or `~/.local/state/collab/history`.
  public static var standard: HistoryFile? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard
      let state = variable("XDG_STATE_HOME") ?? variable("HOME").map({ $0 + "/.local/state" })
    else { return nil }
    return HistoryFile(path: state + "/collab/history")
  }

  /// Reads the newest statements, oldest first, each once; a file that is too long is cut.
  public func load() -> [String] {
    locked(O_RDONLY) { descriptor in
      let lines = Self.lines((try? Files.read(descriptor)) ?? [])
      let kept = newest(lines)
      if lines.count > limit { replace(with: kept) }
      return kept.map { Self.harmless(Self.unescaped($0)) }
    } ?? []
  }

  /// Adds a statement at the end, unless it begins with a blank or says nothing.
  public func append(_ statement: String) {
    guard let first = statement.first, !first.isWhitespace else { return }
    try? Files.makePrivateFolders(for: path)
    locked(O_WRONLY | O_APPEND | O_CREAT) { descriptor in
      try? Files.write(Array((Self.escaped(statement) + "\n").utf8), to: descriptor)
    }
  }

  /// A statement in which nothing acts on a terminal; in a text in quotes it means the same.
  ///
  /// The file may have been written by others, and statements may have been pasted.
  private static func harmless(_ statement: String) -> String {
    var harmless = ""
    for scalar in statement.unicodeScalars {
      if VisibleText.isActive(scalar), !"\n\r\t".unicodeScalars.contains(scalar) {
        harmless += VisibleText.escape(of: scalar)
      } else {
        harmless.unicodeScalars.append(scalar)
      }
    }
    return harmless
  }

  /// The last occurrences of the lines, in their order, as many as are kept.
  private func newest(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    var kept: [String] = []
    for line in lines.reversed() where kept.count < limit {
      if seen.insert(line).inserted { kept.append(line) }
    }
    return kept.reversed()
  }
}

// MARK: - Escaping
extension HistoryFile {
  /// A statement as one line.
  package static func escaped(_ statement: String) -> String {
    var line = ""
    for scalar in statement.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The statement a line stands for.
  package static func unescaped(_ line: String) -> String {
    var statement = ""
    var scalars = line.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\\", let next = scalars.next() else {
        statement.unicodeScalars.append(scalar)
        continue
      }
      switch next {
      case "n": statement.unicodeScalars.append("\n")
      case "r": statement.unicodeScalars.append("\r")
      default: statement.unicodeScalars.append(next)
      }
    }
    return statement
  }
}

// MARK: - The file
extension HistoryFile {
  /// Opens the file under a lock that other prompts respect.
  ///
  /// Another prompt may have put a shorter file in its place while this one waited; then the lock
  /// is on a file nobody reads any more, and the new one is opened.
  /// Only a regular file is a history: a pipe would keep the prompt waiting for somebody to write.
  @discardableResult
  private func locked<Result>(_ flags: Int32, _ body: (Int32) -> Result) -> Result? {
    while true {
      let descriptor = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var own = stat()
      guard fstat(descriptor, &own) == 0, own.st_mode & S_IFMT == S_IFREG else { return nil }
      guard flock(descriptor, LOCK_EX) == 0 else {
        if errno == EINTR { continue }
        return nil
      }
      var current = stat()
      if stat(path, &current) == 0, own.st_ino == current.st_ino, own.st_dev == current.st_dev {
        return body(descriptor)
      }
      // The file was taken away: adding makes a new one, reading finds none.
    }
  }

  private func replace(with lines: [String]) {
    try? Files.replace(path, with: Array(lines.map { $0 + "\n" }.joined().utf8), mode: 0o600)
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}
