internal import Glibc

/// The lines of a descriptor, read as they come.
final class LineSource {
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  /// How much of `bytes` is known to hold no end of a line.
  private var searched = 0
  private var isAtEnd = false

  /// The most bytes of a line; more of them are no request.
  static let limit = 1 << 26

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Waits for the next line.
  ///
  /// - Parameter isStopped: is asked where a signal came; whether nobody waits any longer.
  /// - Returns: the line without its end; nil at the end of the input.
  func next(isStopped: () -> Bool) -> [UInt8]? {
    while true {
      if let line = takeLine() { return line }
      guard !isAtEnd else { return nil }
      if !read(), isStopped() { return nil }
    }
  }

  /// The next line if it has come already.
  func nextWithoutWaiting() -> [UInt8]? {
    while true {
      if let line = takeLine() { return line }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard !isAtEnd, poll(&waiting, 1, 0) == 1 else { return nil }
      read()
    }
  }

  /// Reads what is there; false if a signal came instead.
  @discardableResult
  private func read() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR { return false }
    if count > 0, bytes.count <= Self.limit {
      bytes += chunk[..<count]
    } else {
      isAtEnd = true
    }
    return true
  }

  private func takeLine() -> [UInt8]? {
    if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      defer {
        bytes.removeFirst(end + 1)
        searched = 0
      }
      return Array(bytes[..<end])
    }
    searched = bytes.count
    guard isAtEnd, !bytes.isEmpty else { return nil }
    defer { (bytes, searched) = ([], 0) }
    return bytes
  }
}
