import Glibc
import CollabRandomness
import CollabTensors
import Testing
import CollabThreading

/// Kernels give what plain Swift gives, however the work is shared out.
struct KernelTests {
  @Test func `the logistic function rounds as that of the C library`() throws {
    let inputs = (-9000...9000).map { Float($0) / 100 } + [.infinity, -.infinity, 0, -0.0, 1e-30]
    let found = try Tensor(inputs).sigmoid().scalars(as: Float.self)
    for (x, y) in zip(inputs, found) {
      #expect(y == 1 / (1 + Float(exp(-Double(x)))), "at \(x)")
    }
    #expect(try Tensor([Float.nan]).sigmoid().scalars(as: Float.self)[0].isNaN)
  }

  @Test func `any number of threads multiplies to the same bits`() throws {
    var random = TorchGenerator(seed: 3)
    let a = try Tensor(random.uniform(count: 301 * 517), shape: [301, 517])
    let b = try Tensor(random.uniform(count: 517 * 130), shape: [517, 130])
    func product(_ threads: Int) throws -> [Float] {
      try Threads.$current.withValue(Threads(threads)) {
        try a.multiplied(by: b).scalars(as: Float.self)
      }
    }
    let one = try product(1)
    for threads in [2, 3, 7] { #expect(try product(threads) == one, "\(threads) threads") }
    let first = (0..<517).reduce(Float(0)) { sum, k in
      sum.addingProduct(a.scalars(as: Float.self)[k], b.scalars(as: Float.self)[130 * k])
    }
    #expect(one[0] == first)
  }

  @Test(arguments: [1, 3, 16, 50])
  func `gradients of products summed by rows`(width: Int) throws {
    var random = TorchGenerator(seed: 5)
    let shape = [6, width]
    let (x, y) = (random.uniform(count: 6 * width), random.uniform(count: 6 * width))
    let weights = random.uniform(count: 6)
    let a = try Tensor(x, shape: shape).requiringGradient()
    let b = try Tensor(y, shape: shape).requiringGradient()
    let product = try a * b
    // The product is used twice: once by rows, once whole.
    let loss = try (product.sum(over: [1]) * Tensor(weights)).sum() + (product * 2).sum()
    try loss.backward()
    let slopes = (0..<(6 * width)).map { weights[$0 / width] + 2 }
    #expect(a.gradient?.scalars(as: Float.self) == zip(slopes, y).map { $0 * $1 })
    #expect(b.gradient?.scalars(as: Float.self) == zip(slopes, x).map { $0 * $1 })
  }

  @Test func `sums by rows alone hand back one number a row`() throws {
    let a = try Tensor([[1, 2], [3, 4]] as [[Float]]).requiringGradient()
    let b = try Tensor([[5, 6], [7, 8]] as [[Float]]).requiringGradient()
    try ((a * b).sum(over: [1], keepingDimensions: true) * Tensor([[2], [3]] as [[Float]])).sum()
      .backward()
    #expect(a.gradient?.scalars(as: Float.self) == [10, 12, 21, 24])
    #expect(b.gradient?.scalars(as: Float.self) == [2, 4, 9, 12])
  }

  @Test func `rows that are read twice have one gradient`() throws {
    let table = try Tensor((0..<60).map { Float($0) }, shape: [3, 20]).requiringGradient()
    let rows = try Tensor([2, 0, 2, 2] as [Int64])
    let weights = try Tensor((0..<80).map { Float($0) }, shape: [4, 20])
    try (table.rows(at: rows) * weights).sum().backward()
    try (table.rows(at: Tensor([0] as [Int64])) * 3).sum().backward()
    let gradient = table.gradient?.scalars(as: Float.self) ?? []
    let once: [Float] = (0..<20).map { Float(23 + $0) }
    let thrice: [Float] = (0..<20).map { Float(100 + 3 * $0) }
    #expect(gradient == once + [Float](repeating: 0, count: 20) + thrice)
  }
}
