import CollabRandomness
import TestSupport

/// Where a kernel and its plain twin are run side by side.
///
/// Owns the memory that kernels work on: none of it is aligned to more than an element, and what
/// lies before and after is looked after.
public final class Workbench {
  /// Lengths of vectors and rows around those of registers.
  static let counts = [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100]

  private var blocks: [Block] = []
  private var random = TorchGenerator(seed: 17)
  private var bits: [Int32] = []
  /// Where the kernel and its twin do not agree.
  private(set) var differences: [String] = []

  private struct Block {
    let memory: UnsafeMutableRawBufferPointer
    let used: Range<Int>
  }

  private static let margin = 64
  private static let guardByte: UInt8 = 0xA7

  deinit {
    for block in blocks { block.memory.deallocate() }
  }

  /// A hash of all results of kernels so far.
  var digest: String { Digest.hex(of: bits) }
}

// MARK: - Memory

extension Workbench {
  /// Memory that holds some values, one element past an aligned address.
  func place<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let stride = MemoryLayout<Element>.stride
    let start = Self.margin + stride
    let used = start..<(start + values.count * stride)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: used.upperBound + Self.margin, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: Self.guardByte)
    blocks.append(Block(memory: memory, used: used))
    let place = memory[used.lowerBound...].withMemoryRebound(to: Element.self) { $0 }
    guard let base = place.baseAddress else { preconditionFailure("no memory") }
    for (n, value) in values.enumerated() { base[n] = value }
    return base
  }

  /// Memory for results, which are first something else.
  func room(_ count: Int) -> UnsafeMutablePointer<Float> {
    place([Float](repeating: -77, count: count))
  }

  /// What some memory holds.
  func values<Element>(_ place: UnsafeMutablePointer<Element>, _ count: Int) -> [Element] {
    Array(UnsafeBufferPointer(start: place, count: count))
  }

  /// Notes it if something was written beside the memory that was asked for.
  func checkMargins() {
    for block in blocks {
      let beside = block.memory.indices.filter { !block.used.contains($0) }
      if beside.contains(where: { block.memory[$0] != Self.guardByte }) {
        differences.append("memory beside \(block.used.count) bytes was written")
      }
    }
  }
}

// MARK: - Numbers

extension Workbench {
  /// Numbers that arithmetic treats in ways of its own.
  private static let special: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude * 9,
    .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, .leastNormalMagnitude, 1,
  ]

  /// Normal numbers.
  func normal(_ count: Int) -> [Float] { random.normal(count: count) }

  /// Numbers from 0 to below 1.
  func uniform(_ count: Int) -> [Float] { random.uniform(count: count) }

  /// Normal numbers with special ones among them.
  func mixed(_ count: Int) -> [Float] {
    let which = random.uniform(count: count)
    return zip(random.normal(count: count), which).map { number, draw in
      draw < 0.7 ? number : Self.special[Int((draw - 0.7) / 0.3 * 10.99)]
    }
  }

  /// Indices below a bound, many of which repeat.
  func indices(_ count: Int, below bound: Int) -> [Int64] {
    random.uniform(count: count).map { Int64($0 * $0 * Float(bound)) }
  }
}

// MARK: - Comparing

extension Workbench {
  /// Notes where bits differ; all that are not numbers are alike.
  func expect(_ found: [Float], _ expected: [Float], _ note: @autoclosure () -> String) {
    keep(found)
    guard found.count == expected.count else {
      differences.append("\(note()): \(found.count) numbers instead of \(expected.count)")
      return
    }
    for (n, (x, y)) in zip(found, expected).enumerated()
    where x.bitPattern != y.bitPattern && !(x.isNaN && y.isNaN) {
      differences.append("\(note()), element \(n): \(x) instead of \(y)")
      return
    }
  }

  /// Notes where doubles differ.
  func expect(_ found: [Double], _ expected: [Double], _ note: @autoclosure () -> String) {
    keep(found.map { Float($0) })
    for (n, (x, y)) in zip(found, expected).enumerated()
    where x.bitPattern != y.bitPattern && !(x.isNaN && y.isNaN) {
      differences.append("\(note()), element \(n): \(x) instead of \(y)")
      return
    }
  }

  /// Notes where numbers differ by more than a bound, relative to those above 1.
  func expect(
    _ found: [Float], near expected: [Double], within bound: Double,
    _ note: @autoclosure () -> String
  ) {
    keep(found)
    for (n, (x, y)) in zip(found, expected).enumerated()
    where !(abs(Double(x) - y) <= bound * max(1, abs(y))) {
      differences.append("\(note()), element \(n): \(x) instead of \(y)")
      return
    }
  }

  /// Notes it if whole numbers differ.
  func expect(_ found: [Int], _ expected: [Int], _ note: @autoclosure () -> String) {
    bits += found.map { Int32(truncatingIfNeeded: $0) }
    if found != expected { differences.append("\(note()): \(found) instead of \(expected)") }
  }

  private func keep(_ numbers: [Float]) {
    bits += numbers.map { Int32(bitPattern: ($0.isNaN ? .nan : $0).bitPattern) }
  }
}
