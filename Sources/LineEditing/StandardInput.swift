internal import Glibc

/// What has been typed already.
enum StandardInput {
  /// Whether more is there to be read, or comes at once, as when several lines are pasted.
  static var isPending: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 30) > 0
  }
}
