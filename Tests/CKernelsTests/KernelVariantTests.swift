import Glibc
import KernelCases
import TestSupport
import Testing

/// A processor that kernels may be run for.
struct Processor: Sendable, CustomTestStringConvertible {
  /// As the probe knows it.
  let name: String
  /// What the loader chooses for it, in three kernels: see `ChosenProcessor.h`.
  let instructions: [String]
  /// What it needs, as the system calls it.
  let features: [String]

  var testDescription: String { name }

  private static let v3 = ["avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
  private static let v4 = v3 + ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]

  static let all = [
    Processor(name: "baseline", instructions: ["sse", "sse", "sse"], features: []),
    Processor(name: "v3", instructions: ["avx", "avx", "avx"], features: v3),
    Processor(name: "v4-intel", instructions: ["avx", "avx", "avx512"], features: v4),
    Processor(name: "v4-amd", instructions: ["avx", "avx512", "avx512"], features: v4),
  ]

  /// Those whose instructions this one has.
  static let present: [Processor] = {
    #if arch(x86_64) && os(Linux)
    let features = Set(Self.text(of: fopen("/proc/cpuinfo", "r")).split { " \n\t".contains($0) })
    return all.filter { $0.features.allSatisfy { features.contains(Substring($0)) } }
    #else
    return []
    #endif
  }()

  /// What the probe prints when it is run for this processor.
  func probed() -> [Substring] {
    let program = PseudoTerminal.path(ofProduct: "KernelProbe")
    return Self.text(of: popen("'\(program)' \(name)", "r"), pclose)
      .split(separator: "\n")
  }

  private static func text(
    of file: UnsafeMutablePointer<FILE>?, _ close: (UnsafeMutablePointer<FILE>) -> Int32 = fclose
  ) -> String {
    guard let file else { return "" }
    defer { _ = close(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte >= 0 { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Kernels are compiled for several processors, and give the same bits on all of them.
struct KernelVariantTests {
  @Test(
    .enabled(if: !Processor.present.isEmpty, "kernels have one form on this system"),
    arguments: Processor.present)
  func `kernels of another processor give the same bits`(_ processor: Processor) throws {
    let lines = processor.probed()
    // That other kernels ran, and not those of this processor again, is seen from their instructions.
    let instructions = lines.first?.split(separator: " ").dropFirst().map(String.init) ?? []
    #expect(instructions.prefix(Self.telling) == processor.instructions.prefix(Self.telling))
    #expect(lines.filter { $0.hasPrefix("difference") } == [])
    let digests = lines.filter { $0.hasPrefix("case") }.map(String.init)
    #expect(digests == Self.own)
  }

  /// How many of the instructions tell something: where nothing is optimised, the last kernel leaves
  /// copying to the C library, which knows the processor.
  #if DEBUG
  private static let telling = 2
  #else
  private static let telling = 3
  #endif

  /// What kernels give in this program.
  private static let own = KernelCase.all.map { "case \($0.name) \($0.run().digest)" }
}
