import Glibc

/// A program that is run to see how long it takes.
struct ChildProgram {
  /// What went wrong.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// How long it took, what it printed, and how it left.
  struct Result {
    let wall: Double
    let processor: Double
    let peakMegabytes: Double
    let output: String
    let status: Int32
  }

  let path: String
  let arguments: [String]

  /// The program `collab` that was built beside this one.
  static func collab(_ arguments: [String]) throws -> ChildProgram {
    let own = CommandLine.arguments[0]
    let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? "./"
    guard access(folder + "collab", X_OK) == 0 else {
      throw Failure(description: "\(folder)collab is not there: swift build -c release")
    }
    return ChildProgram(path: folder + "collab", arguments: arguments)
  }

  /// Runs it to its end, without input; what it says of mistakes is dropped.
  func run() throws -> Result {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    let watch = Stopwatch()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let child = try start(input: null, output: ends[1], error: null)
    close(ends[1])
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      text += buffer[..<count]
    }
    close(ends[0])
    var (status, usage) = (Int32(0), rusage())
    wait4(child, &status, 0, &usage)
    return Result(
      wall: watch.elapsed.wall,
      processor: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime),
      peakMegabytes: Double(usage.ru_maxrss) / 1024, output: String(decoding: text, as: UTF8.self),
      status: status & 0x7f == 0 ? status >> 8 & 0xff : -1)
  }

  private func start(input: Int32, output: Int32, error: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO)
    posix_spawn_file_actions_addclose(&actions, output)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, path, &actions, nil, &words, environ)
    guard code == 0 else {
      throw Failure(description: "\(path): \(String(cString: strerror(code)))")
    }
    return child
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }
}
