internal import Glibc

/// Why the system did not read or write a file.
///
///     error.reason  // "Permission denied"
public struct FileError: Error, Equatable, Sendable {
  /// The number of the reason, one of `errno`.
  public let code: Int32

  /// Keeps a reason.
  public init(code: Int32) { self.code = code }

  /// The user wants to stop.
  static let interrupted = FileError(code: EINTR)

  /// The reason of the call that failed last on this thread.
  static var last: FileError { FileError(code: errno) }

  /// The reason in the words of the system.
  public var reason: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
  /// Whether nothing has this name.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Whether a signal ended the call, because the user wants to stop.
  public var isInterrupted: Bool { code == EINTR }
  /// Whether there is no room for what was written.
  public var isFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }
  /// Whether nobody reads what was written any more.
  public var isClosedPipe: Bool { code == EPIPE }
}
