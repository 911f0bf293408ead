import FuzzCases
import Glibc
import TestSupport

/// A worker, and what it has said so far.
final class FuzzChild {
  let kind: FuzzKind
  let numbers: Range<Int>
  /// The number of the input that it tries.
  private(set) var current: Int
  /// What is wrong with that input.
  private(set) var problems: [String] = []
  private(set) var hasEnded = false
  private let process: pid_t
  private let output: Int32
  private var rest: [UInt8] = []
  private var isDone = false
  private var lastHeard = time(nil)

  /// After so many seconds of silence it waits for something that does not come.
  private static let patience = 120

  /// A worker for some inputs.
  convenience init?(_ kind: FuzzKind, seed: UInt64, _ numbers: Range<Int>) {
    self.init(
      kind, numbers, ["\(seed)", "\(numbers.lowerBound)", "\(numbers.upperBound)"])
  }

  /// A worker for a file.
  convenience init?(_ kind: FuzzKind, file: String) { self.init(kind, 0..<1, [file]) }

  private init?(_ kind: FuzzKind, _ numbers: Range<Int>, _ words: [String]) {
    (self.kind, self.numbers, current) = (kind, numbers, numbers.lowerBound)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    output = ends[0]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    if getenv("COLLAB_FUZZ_VERBOSE") == nil {
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    let arguments = (["fuzzer", "--worker", kind.rawValue] + words).map { strdup($0) }
    defer { for copy in arguments { free(copy) } }
    var child = pid_t()
    let failure = posix_spawn(&child, "/proc/self/exe", &actions, nil, arguments + [nil], environ)
    close(ends[1])
    process = child
    guard failure == 0 else {
      close(output)
      return nil
    }
  }

  /// Waits until one of some workers has something to say, or a second has passed.
  static func wait(for children: [FuzzChild]) {
    var descriptors = children.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    poll(&descriptors, nfds_t(descriptors.count), 1000)
  }

  /// Takes what it says.
  ///
  /// - Returns: whether it has ended with that.
  func read() -> Bool {
    var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0 else {
      if time(nil) - lastHeard > Self.patience { kill(process, SIGKILL) }
      return false
    }
    lastHeard = time(nil)
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    let count = Glibc.read(output, &chunk, chunk.count)
    guard count > 0 else {
      end()
      return true
    }
    rest += chunk[..<count]
    while let place = rest.firstIndex(of: UInt8(ascii: "\n")) {
      take(String(decoding: rest[..<place], as: UTF8.self))
      rest.removeSubrange(...place)
    }
    return false
  }

  /// Reads to its end.
  func finish() { while !read() { Self.wait(for: [self]) } }

  private func take(_ line: String) {
    if line == "done" { isDone = true }
    if line.hasPrefix("! ") { problems.append(String(line.dropFirst(2))) }
    if line.hasPrefix("+ "), let number = Int(line.dropFirst(2)) { current = number }
  }

  private func end() {
    close(output)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    hasEnded = true
    let signal = status & 0x7F
    switch signal {
    case 0:
      if !isDone, problems.isEmpty { problems = ["it leaves with \(status >> 8 & 0xFF)"] }
    case SIGPROF: problems = ["it takes more than 10 s"]
    case SIGKILL: problems = ["it waits for something"]
    default: problems = ["it ends by signal \(signal)"]
    }
  }

  /// What is wrong with an input, in a process of its own.
  static func problems(
    of kind: FuzzKind, _ bytes: [UInt8], in folder: TemporaryFolder?
  ) -> [String] {
    guard let folder, let file = fopen(folder.path + "/input", "w") else { return [] }
    bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
    guard let child = FuzzChild(kind, file: folder.path + "/input") else { return [] }
    child.finish()
    return child.problems
  }
}
