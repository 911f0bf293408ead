import CCollabKernels
import Glibc

/// PyTorch's generator on the CPU: what `torch.manual_seed` seeds.
///
/// The same seed gives the same bits as PyTorch for every draw below.
///
///     var torch = TorchGenerator(seed: 42)
///     torch.normal(count: 3)  // 0.33669037, 0.12880941, 0.23446237
///
/// Source: `aten/src/ATen/core/DistributionsHelper.h` and
/// `aten/src/ATen/native/cpu/DistributionTemplates.h` of PyTorch 2.
public struct TorchGenerator: Sendable {
  private var words: MersenneTwister

  /// The second value of the last scalar Box–Muller pair.
  ///
  /// Only seeding clears it.
  private var spareNormal: Double?

  /// Whether nothing is drawn into buffers: they are for numbers that are known already.
  public private(set) var isBlank = false

  /// A generator that leaves buffers as they are, for making what is then given its numbers.
  public static var blank: TorchGenerator {
    var generator = TorchGenerator(seed: 0)
    generator.isBlank = true
    return generator
  }

  /// Seeds as `torch.manual_seed`.
  public init(seed: UInt32) {
    words = MersenneTwister(seed: seed)
  }

  /// A non-negative 64-bit integer, as `Tensor.random_()` draws it for int64.
  ///
  /// Two words.
  @discardableResult
  public mutating func randomInteger() -> Int64 {
    Int64(next64() & UInt64(Int64.max))
  }

  /// An integer in `0..<bound`, as `torch.randint(bound)` draws it.
  ///
  /// One word.
  ///
  /// - Precondition: `bound` is positive and fits 32 bits.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "no integer below \(bound)")
    return Int(words.next()) % bound
  }

  /// A random order of `0..<count`, as `torch.randperm` draws it.
  ///
  /// `count - 1` words.
  ///
  /// - Precondition: `count` is not negative and fits an Int32.
  public mutating func permutation(of count: Int) -> [Int32] { permutation(of: count) {} }

  /// A random order of `0..<count`; long ones ask on the way whether to stop.
  ///
  /// - Parameters:
  ///   - count: how many there are.
  ///   - ask: throws to stop.
  /// - Returns: the numbers in another order.
  /// - Throws: what `ask` throws.
  package mutating func permutation<Failure>(
    of count: Int, asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> [Int32] {
    precondition(count >= 0 && count <= Int(Int32.max), "no permutation of \(count) rows")
    var order: [Int32] = []
    order.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: 1 << 20) {
      try ask()
      order +=
        Int32(truncatingIfNeeded: start)..<Int32(truncatingIfNeeded: min(start + (1 << 20), count))
    }
    // Parts that take some milliseconds.
    for start in stride(from: 0, to: count - 1, by: 1 << 17) {
      try ask()
      order.withUnsafeMutableBufferPointer { order in
        for i in start..<min(start + (1 << 17), count - 1) {
          order.swapAt(i, i + Int(words.next() % UInt32(truncatingIfNeeded: count - i)))
        }
      }
    }
    return order
  }

  private mutating func next64() -> UInt64 {
    let high = UInt64(words.next())
    return high << 32 | UInt64(words.next())
  }
}

// MARK: - Uniform

extension TorchGenerator {
  /// Values in `low..<high`, as `Tensor.uniform_(low, high)` draws them.
  ///
  /// One word each.
  public mutating func uniform(count: Int, from low: Float = 0, to high: Float = 1) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      fillUniform(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: low, to: high)
      initialized = count
    }
  }

  /// Fills `buffer` with values in `low..<high`, in the order of memory.
  ///
  /// One word each.
  public mutating func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Float>, from low: Float = 0, to high: Float = 1
  ) {
    guard !isBlank else { return }
    for i in buffer.indices {
      buffer[i] = low.addingProduct(nextFloat(), high - low)
    }
  }

  private mutating func nextFloat() -> Float {
    Float(words.next() & 0xff_ffff) * 0x1p-24
  }
}

// MARK: - Normal

extension TorchGenerator {
  /// Normal values, as `Tensor.normal_(mean, std)` draws them.
  public mutating func normal(count: Int, mean: Double = 0, std: Double = 1) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      fillNormal(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), mean: mean, std: std)
      initialized = count
    }
  }

  /// Fills `buffer` with normal values, in the order of memory.
  ///
  /// Fewer than 16 values come from a scalar Box–Muller transform in doubles, which keeps a spare;
  /// 16 or more from a vectorised one in floats, whose last 16 places are drawn anew when the
  /// count is not a multiple of 16.
  public mutating func fillNormal(
    _ buffer: UnsafeMutableBufferPointer<Float>, mean: Double = 0, std: Double = 1
  ) {
    guard !isBlank, let start = buffer.baseAddress else { return }
    let count = buffer.count
    let group = Int(CK_NORMAL_GROUP)
    guard count >= group else {
      for i in buffer.indices { buffer[i] = Float(nextNormal() * std + mean) }
      return
    }
    for i in buffer.indices { buffer[i] = nextFloat() }
    ck_box_muller(start, Int64(count / group), Float(mean), Float(std))
    guard count % group != 0 else { return }
    let tail = start + (count - group)
    for i in 0..<group { tail[i] = nextFloat() }
    ck_box_muller(tail, 1, Float(mean), Float(std))
  }

  private mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let mask = UInt64(1) << 53 - 1
    let angle = 2 * Double.pi * (Double(next64() & mask) * 0x1p-53)
    let radius = (-2 * log1p(-(Double(next64() & mask) * 0x1p-53))).squareRoot()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}
