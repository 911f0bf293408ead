import Glibc

/// The program itself, started with words that make no sense in the working folder, where all it keeps
/// goes too.
struct FuzzProgram {
  let path: String
  private let folder: String
  /// After so many seconds it has come to a standstill.
  private static let patience = 60.0
  /// What it may leave with.
  private static let codes: Set<Int32> = [0, 1, 2, 4, 74, 77, 130]

  /// The program beside this one; nil if it was not built.
  init?(folder: String) {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    guard count > 0 else { return nil }
    let own = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    path =
      own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/collab"
    self.folder = folder
    guard access(path, X_OK) == 0 else { return nil }
  }

  /// What is wrong with how it takes arguments, one a line.
  func problems(with bytes: [UInt8]) -> [String] {
    write(
      "x = [1, 2]\nx\n#> [1, 2]\n%% md\n# A\n%% q id=a kind=number\nWhat?\nright: 1\n",
      to: "x.collab")
    let words = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.filter { $0 != 0 } }
    guard let status = run(words) else { return ["it comes to no end"] }
    let signal = status & 0x7F
    let code = status >> 8 & 0xFF
    if signal != 0 { return ["it ends by signal \(signal)"] }
    return Self.codes.contains(code) ? [] : ["it leaves with \(code)"]
  }

  /// Runs it in the working folder.
  ///
  /// - Parameters:
  ///   - words: its arguments.
  ///   - patience: after so many seconds it is killed.
  ///   - fileSize: the most bytes that it may write to a file.
  /// - Returns: the status it ended with; nil if it was killed.
  func run(
    _ words: [[UInt8]], patience: Double = Self.patience, fileSize: Int? = nil
  ) -> Int32? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let arguments =
      [strdup(path)]
      + words.map { word in
        strdup((word + [0]).map(CChar.init(bitPattern:)))
      }
    let variables = [strdup("HOME=\(folder)"), strdup("PATH=/proc/nonexistent")]
    defer { for copy in arguments + variables { free(copy) } }
    var child = pid_t()
    let failure = Self.limited(fileSize) {
      posix_spawn(&child, path, &actions, nil, arguments + [nil], variables + [nil])
    }
    guard failure == 0 else { return 127 << 8 }
    var status: Int32 = 0
    let end = FuzzDriver.now + patience
    while FuzzDriver.now < end {
      if waitpid(child, &status, WNOHANG) == child { return status }
      usleep(500)
    }
    kill(child, SIGKILL)
    waitpid(child, &status, 0)
    return nil
  }

  /// Starts a process with a limit that it inherits.
  private static func limited(_ fileSize: Int?, _ start: () -> Int32) -> Int32 {
    guard let fileSize else { return start() }
    var old = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
    var new = rlimit(rlim_cur: rlim_t(fileSize), rlim_max: old.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &new)
    defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old) }
    return start()
  }

  private func write(_ text: String, to name: String) {
    guard let file = fopen("\(folder)/\(name)", "w") else { return }
    fputs(text, file)
    fclose(file)
  }
}
