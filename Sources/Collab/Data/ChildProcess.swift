#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Runs a program of the system and waits for it.
///
/// The child stays in the process group of the terminal, so that Ctrl-C reaches it directly, unless it leads
/// one of its own: then what it has started is ended with it.
package struct ChildProcess {
  enum Ending: Equatable {
    case exited(Int32)
    case interrupted
    case killed(signal: Int32)
    /// The program could not be started.
    case notStarted(reason: String)
  }

  /// The path of the program.
  let program: String
  let arguments: [String]
  let environment: [String: String]
  /// The file that takes what the program says on standard error.
  let log: String
  /// The file that takes what it says on standard output.
  var output = "/dev/null"
  /// Asked while the program runs: whether to interrupt it.
  let isInterrupted: @Sendable () -> Bool
  /// Whether it leads a process group of its own.
  var leadsGroup = false
  /// Microseconds between two looks at the program.
  private static let pause: UInt32 = 50_000
  /// So many looks after it was interrupted a program is killed.
  private static let patience = 200

  /// The first executable of this name in the folders of a search path.
  package static func find(_ name: String, in searchPath: String?) -> String? {
    (searchPath ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").lazy
      .map { $0 + "/" + name }.first(where: FileSystem.isExecutableFile)
  }

  /// Runs the program to its end; its input is empty.
  ///
  /// - Parameter isRunning: is called now and then while it runs.
  /// - Returns: how it ended.
  func run(isRunning: () -> Void = {}) -> Ending {
    let start = start { actions in
      posix_spawn_file_actions_addopen(
        actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    switch start {
    case .running(let child): return wait(for: child, isRunning)
    case .notStarted(let reason): return .notStarted(reason: reason)
    }
  }

  /// What came of starting a program.
  enum Start {
    case running(pid_t)
    case notStarted(reason: String)
  }

  /// Starts the program; its input is empty.
  ///
  /// - Parameter output: says where its standard output goes.
  /// - Returns: its number, or why it does not run.
  func start(
    output: (UnsafeMutablePointer<posix_spawn_file_actions_t>) -> Void
  ) -> Start {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    output(&actions)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

    // A handler or a mask of ours must not make the child deaf to Ctrl-C.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let group = leadsGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | group)

    var child = pid_t()
    let failure = Self.withCStrings([program] + arguments) { words in
      Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&child, program, &actions, &attributes, words, variables)
      }
    }
    return failure == 0 ? .running(child) : .notStarted(reason: String(cString: strerror(failure)))
  }

  private func wait(for child: pid_t, _ isRunning: () -> Void) -> Ending {
    var status: Int32 = 0
    let target = leadsGroup ? -child : child
    var looks = 0
    // What it has started may live on for a moment.
    defer { if leadsGroup { kill(target, SIGKILL) } }
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { break }
      guard ended == 0 || errno == EINTR else {
        return .notStarted(reason: String(cString: strerror(errno)))
      }
      if looks > 0 || isInterrupted() {
        if looks == 0 { kill(target, SIGINT) }
        looks += 1
        if looks > Self.patience { kill(target, SIGKILL) }
      }
      isRunning()
      usleep(Self.pause)
    }
    let signal = status & 0x7F
    if signal == 0 { return .exited((status >> 8) & 0xFF) }
    return signal == SIGINT ? .interrupted : .killed(signal: signal)
  }

  /// Calls `body` with an array of C strings that ends in a null pointer.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
