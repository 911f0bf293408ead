import CCollabKernels
import Glibc

/// One figure: how long something took, several times over.
struct Measurement: Codable {
  let name: String
  /// What a sample counts: `s/epoch`, `ms`.
  let unit: String
  /// Wall time.
  let samples: [Double]
  /// Processor time of all threads.
  let processor: [Double]
  /// What it should not exceed.
  let goal: Double?
  /// What bytes or arithmetic alone would take on this machine.
  let floor: Double?
  /// The largest memory of the process so far, in megabytes.
  let peakMegabytes: Double

  var median: Double { Self.middle(samples) }
  var fastest: Double { samples.min() ?? 0 }
  var slowest: Double { samples.max() ?? 0 }
  var processorMedian: Double { Self.middle(processor) }

  private static func middle(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}

/// Wall and processor time of a stretch of work.
struct Stopwatch {
  private let wall = Self.seconds(CLOCK_MONOTONIC)
  private let processor = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)

  /// Seconds since it was made.
  var elapsed: (wall: Double, processor: Double) {
    (
      Self.seconds(CLOCK_MONOTONIC) - wall,
      Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - processor
    )
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// What the process and the machine are like.
enum Machine {
  /// The largest resident memory so far, in megabytes.
  static var peakMegabytes: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }

  /// Begins anew to look for the largest memory.
  ///
  /// - Returns: the resident memory now, in megabytes.
  @discardableResult
  static func forgetPeak() -> Double {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return peakMegabytes }
    fputs("5", file)
    fclose(file)
    return peakMegabytes
  }

  static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Processor, cores and load in one line.
  static var line: String {
    let model = lines(of: "/proc/cpuinfo").first { $0.hasPrefix("model name") }
    let name = model.flatMap { $0.split(separator: ":").last.map(String.init) } ?? " unknown"
    var loads = [0.0]
    getloadavg(&loads, 1)
    return "machine:\(name), \(coreCount) cores, load \((loads[0] * 100).rounded() / 100)"
  }

  private static func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while lines.count < 64, fgets(&buffer, Int32(buffer.count), file) != nil {
      let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
      lines.append(String(decoding: bytes, as: UTF8.self))
    }
    return lines
  }
}

// MARK: - What the machine can do

extension Machine {
  /// Is busy for two seconds: a processor that had nothing to do takes a while to reach its speed.
  static func wake() {
    let watch = Stopwatch()
    while watch.elapsed.wall < 2 {}
  }

  /// One root and two divisions of a float, in vectors: the least of some passes over few elements.
  static let secondsOfRootAndDivisions: Double = {
    let count = 1024
    var (p, m, v) = (
      [Float](repeating: 0.5, count: count), [Float](repeating: 0.1, count: count),
      [Float](repeating: 0.2, count: count)
    )
    var step = ck_adam_step(
      decay: 1, beta1: 0.9, one_beta1: 0.1, beta2: 0.99, one_beta2: 0.01, step: -1e-9,
      debias2: 0.5, epsilon: 1e-5)
    return least(count) { ck_adam(&p, &m, &v, nil, Int64(count), &step) }
  }()

  /// One fused multiplication and addition, in a product whose operands are in the cache.
  static let secondsOfProduct: Double = {
    let (m, k, n) = (96, 128, 128)
    let (a, b) = ([Float](repeating: 0.5, count: m * k), [Float](repeating: 0.5, count: k * n))
    var c = [Float](repeating: 0, count: m * n)
    return least(m * k * n) {
      ck_multiply(&c, a, Int64(k), 1, b, Int64(n), 1, Int64(m), Int64(k), Int64(n))
    }
  }()

  private static func least(_ operations: Int, _ body: () -> Void) -> Double {
    let samples = (0..<200).map { _ in
      let watch = Stopwatch()
      for _ in 0..<4 { body() }
      return watch.elapsed.processor / 4
    }
    return (samples.min() ?? 0) / Double(operations)
  }
}
