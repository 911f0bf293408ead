internal import CollabTables
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What a program that unpacks a file says, while it runs.
///
/// It is ended when nobody wants to hear more.
final class ChildOutput: ByteSource {
  /// What messages call the file.
  private let name: String
  private let isInterrupted: @Sendable () -> Bool
  /// The folder of the log, which is this object's.
  private let folder: String
  private let descriptor: Int32
  private var child: pid_t?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: what it is told.
  ///   - name: of the file that it unpacks.
  ///   - unpacker: knows the environment, and whether to go on.
  ///   - folder: a new one, which is removed in the end.
  /// - Throws: `TableError.notUnpacked`.
  init(
    _ program: String, _ arguments: [String], named name: String, by unpacker: Unpacker,
    in folder: String
  ) throws(TableError) {
    (self.name, self.folder, isInterrupted) = (name, folder, unpacker.isInterrupted)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      FileSystem.removeFolder(folder)
      throw .notUnpacked(name, reason: String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    descriptor = ends[0]
    let process = ChildProcess(
      program: program, arguments: arguments, environment: unpacker.environment,
      log: folder + "/log", isInterrupted: isInterrupted)
    let start = process.start { posix_spawn_file_actions_adddup2($0, ends[1], STDOUT_FILENO) }
    close(ends[1])
    switch start {
    case .running(let child): self.child = child
    case .notStarted(let reason): throw .notUnpacked(name, reason: reason)
    }
  }

  deinit {
    close(descriptor)
    if let child {
      kill(child, SIGKILL)
      _ = Self.ending(of: child)
    }
    FileSystem.removeFolder(folder)
  }

  func read(into bytes: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
    guard !bytes.isEmpty, let child else { return 0 }
    while true {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 100)
      if isInterrupted() { throw .interrupted }
      if ready <= 0 { continue }
      let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      if count > 0 { return count }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(name, reason: String(cString: strerror(errno)))
      }
      break
    }
    self.child = nil
    let status = Self.ending(of: child)
    if status & 0x7F == SIGINT { throw .interrupted }
    guard status == 0 else {
      let said = FileSystem.text(of: folder + "/log")?.split(separator: "\n").last
      throw .notUnpacked(
        name, reason: said.map(String.init) ?? "it ended with status \(status >> 8)")
    }
    return 0
  }

  private static func ending(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
