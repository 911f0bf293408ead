internal import Glibc

/// A program at a pseudo-terminal, typed at and read by a test.
///
///     let terminal = try PseudoTerminal(running: .product("LineEditingProbe"))
///     terminal.type("fit 5\r")
///     #expect(terminal.shows("line <fit 5>"))
///
/// Every wait is for something to appear, and gives up after `patience`.
public final class PseudoTerminal {
  /// What is run, and in which surroundings.
  public struct Program {
    /// The path of the program, then what it is given.
    public var arguments: [String]
    /// All its environment variables.
    public var environment = [
      "TERM": "xterm", "LANG": "C.UTF-8", "HOME": "/proc/nonexistent",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    /// The size of the window.
    public var (columns, rows): (UInt16, UInt16) = (80, 24)

    /// A program with some arguments.
    public init(arguments: [String]) { self.arguments = arguments }

    /// A program of this package, with some of its surroundings changed; an empty text unsets one.
    public static func product(
      _ name: String, _ arguments: [String] = [], setting changes: [String: String] = [:]
    ) -> Program {
      var program = Program(arguments: [PseudoTerminal.path(ofProduct: name)] + arguments)
      for (name, value) in changes {
        program.environment[name] = value.isEmpty ? nil : value
      }
      return program
    }

    /// Commands for a shell with job control.
    public static func shell(_ script: String) -> Program {
      Program(arguments: ["/bin/sh", "-c", "set -m\n" + script])
    }
  }

  /// Why a program did not run.
  public enum Failure: Error {
    /// The system gives no pseudo-terminal.
    case noTerminal
    /// It could not be started; the number is that of `errno`.
    case cannotRun(Int32)
  }

  /// How long a test waits before it fails, in seconds.
  static let patience = 60.0

  private let master: Int32
  private let process: pid_t
  private var status: Int32?
  /// All that was written, and what of it no test has looked at yet.
  public private(set) var output: [UInt8] = []
  /// What the terminal shows of it.
  public private(set) var screen: TerminalScreen
  private var unread = ""
  private var isClosed = false

  /// Starts a program in a terminal of its own.
  public init(running program: Program) throws {
    guard let (master, slave) = PseudoTerminal.pair() else { throw Failure.noTerminal }
    self.master = master
    screen = TerminalScreen(columns: Int(program.columns), rows: Int(program.rows))
    var size = winsize(
      ws_row: program.rows, ws_col: program.columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opening it in a new session makes it the terminal of that session.
    posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes,
      Int16(PseudoTerminal.newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var process = pid_t()
    let environment = program.environment.map { "\($0.key)=\($0.value)" }
    let error = PseudoTerminal.withCStrings(program.arguments) { arguments in
      PseudoTerminal.withCStrings(environment) { environment in
        posix_spawn(&process, program.arguments[0], &actions, &attributes, arguments, environment)
      }
    }
    guard error == 0 else {
      close(master)
      throw Failure.cannotRun(error)
    }
    self.process = process
  }

  deinit {
    if status == nil {
      kill(-process, SIGKILL)
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
  }
}

// MARK: - Typing and reading
extension PseudoTerminal {
  /// Types text; `\r` is Enter.
  public func type(_ text: String) { type(bytes: Array(text.utf8)) }

  /// Types bytes that need not be text.
  public func type(bytes: [UInt8]) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Whether a text appears, escape sequences left out; what stands before it is passed over.
  public func shows(_ text: String) -> Bool {
    wait {
      guard let range = self.unread.firstRange(of: text) else { return false }
      self.unread = String(self.unread[range.upperBound...])
      return true
    }
  }

  /// Whether the screen comes to look as wanted.
  public func looks(_ isWanted: (TerminalScreen) -> Bool) -> Bool {
    wait { isWanted(self.screen) }
  }

  /// Waits until nothing more is written for a moment; what goes on writing is given a second.
  public func settle() {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(1)
    var count = -1
    while count != output.count, clock.now < deadline {
      count = output.count
      _ = wait(seconds: 0.2) { false }
    }
  }

  /// Waits for the program's end and returns its exit status; nil when it does not end.
  ///
  /// A key is pressed again and again meanwhile, as a person does who wants to leave.
  public func exitStatus(pressing key: String = "") -> Int32? {
    _ = wait {
      if !self.isClosed { self.type(key) }
      return self.isClosed
    }
    guard isClosed else { return nil }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    self.status = status
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  /// What appeared since the last wait.
  public var rest: String { unread }

  /// Sends a signal to the program.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// Changes the size of the window, which the program is told by a signal.
  public func resize(columns: UInt16, rows: UInt16 = 24) {
    settle()
    screen.resize(columns: Int(columns))
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Whether the terminal echoes and reads whole lines, as it does outside the editor.
  public var isInOrder: Bool {
    let flags = tcflag_t(ECHO | ICANON | ISIG)
    return localFlags & flags == flags
  }

  /// Waits until a mode of the terminal is on or off.
  public func waits(untilMode mode: Int32, is isOn: Bool) -> Bool {
    wait { (self.localFlags & tcflag_t(mode) != 0) == isOn }
  }

  private var localFlags: tcflag_t {
    var attributes = termios()
    return tcgetattr(master, &attributes) == 0 ? attributes.c_lflag : 0
  }

  private func wait(seconds: Double = PseudoTerminal.patience, until isDone: () -> Bool) -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var rest: [UInt8] = []
    while true {
      if isDone() { return true }
      guard !isClosed, clock.now < deadline else { return false }
      var input = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, 50) > 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = chunk.withUnsafeMutableBytes { read(master, $0.baseAddress, $0.count) }
      guard count > 0 else {
        isClosed = true
        continue
      }
      output += chunk[..<count]
      screen.write(chunk[..<count])
      rest += chunk[..<count]
      // A sequence that is not complete waits for the next chunk.
      let (text, used) = Self.withoutSequences(rest)
      unread += text
      rest.removeFirst(used)
    }
  }

  /// The text of some bytes without escape sequences, and how many bytes were understood.
  private static func withoutSequences(_ bytes: [UInt8]) -> (text: String, used: Int) {
    var kept: [UInt8] = []
    var position = 0
    while position < bytes.count {
      guard bytes[position] == 0x1B else {
        // A return in front of another one, which a terminal may put before a line feed, says nothing.
        if bytes[position] == 0x0D {
          guard position + 1 < bytes.count else { break }
          if bytes[position + 1] == 0x0D {
            position += 1
            continue
          }
        }
        if bytes[position] != 0x07 { kept.append(bytes[position]) }
        position += 1
        continue
      }
      guard position + 1 < bytes.count else { break }
      guard bytes[position + 1] == UInt8(ascii: "[") else {
        position += bytes[position + 1] == UInt8(ascii: "(") ? 3 : 2
        continue
      }
      let parameters = bytes[(position + 2)...]
      guard let end = parameters.firstIndex(where: { (0x40...0x7E).contains($0) }) else { break }
      position = end + 1
    }
    return (String(decoding: kept, as: UTF8.self), min(position, bytes.count))
  }
}

extension PseudoTerminal: CustomStringConvertible {
  /// What no test has looked at yet; a failed expectation shows it.
  public var description: String { unread.debugDescription }
}

// MARK: - The system
extension PseudoTerminal {
  /// Whether this system has pseudo-terminals to give away.
  public static let isAvailable: Bool = {
    guard let (master, _) = pair() else { return false }
    close(master)
    return true
  }()

  /// Programs of the package stand beside the one that runs the tests.
  public static func path(ofProduct name: String) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer[..<max(count, 0)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return "\(folder)/\(name)"
  }

  /// `POSIX_SPAWN_SETSID`, which the module of the C library hides, like `posix_openpt`.
  private static let newSession: Int32 = 0x80

  private static func pair() -> (master: Int32, slave: String)? {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard master >= 0 else { return nil }
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard
      ioctl(master, 0x4004_5431 /* TIOCSPTLCK */, &lock) == 0,
      ioctl(master, 0x8004_5430 /* TIOCGPTN */, &number) == 0
    else {
      close(master)
      return nil
    }
    return (master, "/dev/pts/\(number)")
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
