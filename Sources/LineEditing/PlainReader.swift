private import CCollabLineEdit
internal import Glibc

/// Lines from a pipe, a file or a terminal that can only print.
///
///     let reader = PlainReader(openInput: { _ in nil })
///     while case .line(let text) = reader.read(Prompt("collab")) { … }
///
/// Both kinds of newline are accepted, a last line without one as well, and bytes that are not
/// UTF-8 are replaced. A prompt is written only when somebody is there to see it.
public final class PlainReader: LineReader {
  /// Whether somebody is typing at a terminal.
  public let isInteractive: Bool
  private let openInput: (String) -> OpenInput?
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// A line that was read to see whether it belongs to what stands above it.
  private var held: ReadResult?

  /// Makes a reader of a file descriptor, which it does not close.
  public init(
    openInput: @escaping (String) -> OpenInput?, isInteractive: Bool = false,
    descriptor: Int32 = 0
  ) {
    self.openInput = openInput
    self.isInteractive = isInteractive
    self.descriptor = descriptor
  }

  /// Reads lines until they are a complete statement, or until there are no more.
  ///
  /// An unfinished statement at the end of the input is given back as it is, for the parser to
  /// say what is missing.
  public func read(_ prompt: Prompt) -> ReadResult {
    var text: String?
    var lastOpen: OpenInput?
    var question = prompt.text
    while true {
      if isInteractive { show(question) }
      switch nextLine() {
      case .line(let line):
        let joined = text.map { $0 + "\n" + line } ?? line
        guard prompt.purpose == .statement else { return .line(joined) }
        guard let open = openInput(joined) ?? blockBelow(line, lastOpen) else {
          return .line(joined)
        }
        (text, lastOpen) = (joined, open)
        question = prompt.continued(open)
      case .endOfInput:
        if isInteractive { show("\n") }
        return text.map { .line($0) } ?? .endOfInput
      case .interrupted where isInteractive:
        _ = Interrupt.take()
        show("\n")
        (text, lastOpen) = (nil, nil)
        question = prompt.text
      case let other: return other
      }
    }
  }

  /// The block that an empty line seems to end, if the next line belongs to it too.
  private func blockBelow(_ line: String, _ open: OpenInput?) -> OpenInput? {
    guard let open, open.isBlock, line.allSatisfy(\.isWhitespace) else { return nil }
    // Somebody who types is not waited for.
    if isInteractive, start == bytes.count, !StandardInput.isPending { return nil }
    let next = nextLine()
    held = next
    guard case .line(let text) = next, OpenInput.continues(text) else { return nil }
    return open
  }

  private func nextLine() -> ReadResult {
    if let line = held.take() { return line }
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return .line(line(start..<end))
      }
      searched = bytes.count
      if isAtEnd {
        guard start < bytes.count else { return .endOfInput }
        defer { start = bytes.count }
        return .line(line(start..<bytes.count))
      }
      bytes.removeSubrange(..<start)
      searched -= start
      start = 0
      if let failure = fill() { return failure }
    }
  }

  private func line(_ range: Range<Int>) -> String {
    var range = range
    if let last = range.last, bytes[last] == UInt8(ascii: "\r") {
      range = range.lowerBound..<last
    }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  private func fill() -> ReadResult? {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      guard le_wait(descriptor) else {
        // A window that changes its size is nothing to a plain reader.
        if Interrupt.isPending { return .interrupted }
        continue
      }
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes += chunk[..<count]
        return nil
      }
      if count == 0 {
        // A terminal can go on after ^D; a pipe cannot.
        isAtEnd = true
        return nil
      }
      let error = errno
      if error != EINTR, error != EAGAIN { return .failed(error) }
    }
  }

  private func show(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
