import FuzzCases
import Glibc
import TestSupport

/// Starts workers, and collects what they find.
final class FuzzDriver {
  private let options: FuzzOptions
  private let start = FuzzDriver.now
  private var counts: [FuzzKind: Int] = [:]
  private var nextNumbers: [FuzzKind: Int] = [:]
  /// What workers left when they ended early.
  private var left: [(kind: FuzzKind, numbers: Range<Int>)] = []
  /// The kinds of the batches to come.
  private var order: [FuzzKind] = []
  /// What was found, by what is wrong: one input of each sort is enough.
  private var findings: [String: Finding] = [:]
  private lazy var scratch = try? TemporaryFolder()

  private struct Finding {
    let kind: FuzzKind
    let number: Int
    var bytes: [UInt8]
  }

  /// How many inputs a process tries; fewer where a sanitizer makes them slow, so that there are some of
  /// each kind.
  private static let batch = getenv("COLLAB_FUZZ_UNLIMITED") == nil ? 400 : 40
  /// No more sorts than this are looked for: then something basic is wrong.
  private static let mostFindings = 40

  /// A driver.
  init(_ options: FuzzOptions) { self.options = options }

  /// The seconds of a clock that only goes forward.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Tries inputs until the time is over.
  ///
  /// - Returns: whether nothing was found.
  func run() -> Bool {
    guard options.files.isEmpty else { return tryFiles() }
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var running: [FuzzChild] = []
    let end = start + options.minutes * 60
    while true {
      while running.count < cores, Self.now < end, findings.count < Self.mostFindings {
        let next = left.popLast() ?? nextBatch()
        if let child = FuzzChild(next.kind, seed: options.seed, next.numbers) {
          running.append(child)
        }
      }
      guard !running.isEmpty else { break }
      FuzzChild.wait(for: running)
      for child in running where child.read() { note(child) }
      running.removeAll(where: \.hasEnded)
    }
    return report()
  }

  /// The inputs that come next: of each kind in turn, as many batches as it has weight.
  private func nextBatch() -> (kind: FuzzKind, numbers: Range<Int>) {
    if order.isEmpty {
      let most = options.kinds.map(\.weight).max() ?? 0
      for turn in (0..<most).reversed() { order += options.kinds.filter { $0.weight > turn } }
    }
    let kind = order.removeLast()
    let first = nextNumbers[kind, default: 0]
    let end = first + (kind == .arguments ? Self.batch / 20 : Self.batch)
    nextNumbers[kind] = end
    return (kind, first..<end)
  }

  /// Counts what a worker has tried, keeps what it left, and notes what it found.
  private func note(_ child: FuzzChild) {
    let tried = child.numbers.lowerBound..<min(child.current + 1, child.numbers.upperBound)
    counts[child.kind, default: 0] += tried.count
    guard !child.problems.isEmpty else { return }
    if tried.upperBound < child.numbers.upperBound {
      left.append((child.kind, tried.upperBound..<child.numbers.upperBound))
    }
    let problem = "\(child.kind.rawValue): \(child.problems[0])"
    if findings[problem] == nil {
      say("found in \(child.kind.rawValue) \(child.current): \(child.problems[0])")
      let bytes = input(child.kind, child.current)
      let isAlone = FuzzChild.problems(of: child.kind, bytes, in: scratch) == child.problems
      let least = isAlone ? Minimizer(child.kind, child.problems, scratch).least(bytes) : bytes
      findings[problem] = Finding(kind: child.kind, number: child.current, bytes: least)
      say("  " + String(decoding: least.prefix(400), as: UTF8.self).debugDescription)
    }
  }

  private func input(_ kind: FuzzKind, _ number: Int) -> [UInt8] {
    maker.input(kind, seed: options.seed, number: number)
  }

  private lazy var maker = FuzzTrial(folder: scratch?.path ?? "/proc/nonexistent")

  private func tryFiles() -> Bool {
    var isGood = true
    for path in options.files {
      guard let kind = FuzzKind(file: path), let child = FuzzChild(kind, file: path) else {
        say("\(path): the ending says no kind")
        isGood = false
        continue
      }
      child.finish()
      for problem in child.problems { say("\(path): \(problem)") }
      isGood = isGood && child.problems.isEmpty
    }
    return isGood
  }

  private func report() -> Bool {
    let seconds = Self.now - start
    for kind in FuzzKind.allCases {
      if let count = counts[kind] { say("\(kind.rawValue): \(count) inputs") }
    }
    let total = counts.values.reduce(0, +)
    say(
      "\(total) inputs in \(Int(exactly: seconds.rounded()) ?? 0) s, seed \(options.seed): "
        + "\(findings.count) found")
    for (problem, finding) in findings.sorted(by: { $0.key < $1.key }) {
      say("  \(problem) (number \(finding.number), \(finding.bytes.count) bytes)")
      guard let folder = options.folder else { continue }
      let name =
        "\(folder)/\(finding.kind)-\(options.seed)-\(finding.number).\(finding.kind.rawValue)"
      guard let file = fopen(name, "w") else {
        say("  cannot write \(name)")
        continue
      }
      finding.bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
      fclose(file)
    }
    return findings.isEmpty
  }
}
