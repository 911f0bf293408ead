import CollabThreading
import FuzzCases
import Glibc
import TestSupport

/// Tries a batch of inputs in this process, one after the other, and says on standard output where it is.
///
/// A line `+ NUMBER` comes before each input, and `! PROBLEM` behind it for all that is wrong.
struct FuzzWorker {
  private let kind: FuzzKind
  private let source: Source

  private enum Source {
    case numbers(seed: UInt64, Range<Int>)
    case file(String)
  }

  /// The processor's time that one input may take, in seconds.
  private static let longest = 10
  /// Memory that the process may ask for; what the program itself counts on is less.
  private static let addressSpace: rlim_t = 3 << 30
  /// Memory that may be in use at any time.
  private static let mostMemory = 2 << 30
  private static let mostWritten: rlim_t = 64 << 20

  /// `KIND SEED FIRST END`, or `KIND FILE`.
  init(_ words: ArraySlice<String>) throws {
    let words = Array(words)
    guard let name = words.first, let kind = FuzzKind(rawValue: name) else {
      throw FuzzOptions.Mistake(description: "no kind")
    }
    self.kind = kind
    if words.count == 4, let seed = UInt64(words[1]), let first = Int(words[2]),
      let end = Int(words[3])
    {
      source = .numbers(seed: seed, first..<end)
    } else {
      source = .file(words[1])
    }
  }

  /// Tries them all.
  ///
  /// - Throws: why there is no place to try them in.
  func run() throws {
    limit()
    // In memory where that is possible: files are written all the time.
    let folder = try (try? TemporaryFolder(in: "/dev/shm")) ?? TemporaryFolder()
    chdir(folder.path)
    let trial = FuzzTrial(folder: folder.path)
    let program = FuzzProgram(folder: folder.path)
    Threads.$current.withValue(Threads(1)) {
      switch source {
      case .file(let path): attempt(Self.bytes(of: path), 0, trial, program)
      case .numbers(let seed, let numbers):
        for number in numbers {
          attempt(trial.input(kind, seed: seed, number: number), number, trial, program)
        }
      }
    }
    say("done")
  }

  private func attempt(
    _ bytes: [UInt8], _ number: Int, _ trial: FuzzTrial, _ program: FuzzProgram?
  ) {
    say("+ \(number)")
    // Of the processor's time, so that it does not matter what else the machine does.
    var time = itimerval()
    time.it_value.tv_sec = Self.longest
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &time, nil)
    var problems = trial.problems(of: kind, bytes)
    if kind == .arguments, let program { problems += program.problems(with: bytes) }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    if usage.ru_maxrss << 10 > Self.mostMemory { problems.append("it takes more than 2 GB") }
    for problem in problems { say("! \(problem)") }
    // The memory that was once in use is not given back to the count: the next input has a fresh process.
    if !problems.isEmpty { exit(3) }
  }

  private func limit() {
    func set(_ resource: __rlimit_resource, _ count: rlim_t) {
      var limit = rlimit(rlim_cur: count, rlim_max: count)
      setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
    if getenv("COLLAB_FUZZ_UNLIMITED") == nil { set(RLIMIT_AS, Self.addressSpace) }
    set(RLIMIT_FSIZE, Self.mostWritten)
    set(RLIMIT_CORE, 0)
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  /// The bytes of a file; none if it cannot be read.
  static func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}
