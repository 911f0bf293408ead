import Randomness
import Tensors
import Testing

struct OperationTests {
  @Test func `elements of different types meet in the wider one`() throws {
    let integers = try Tensor([1, 2] as [Int64])
    let floats = try Tensor([0.5, 0.25] as [Float])
    let doubles = try Tensor([0.5, 0.25] as [Double])
    #expect(try (integers * floats).dtype == .float32)
    #expect(try (integers * doubles).dtype == .float64)
    #expect(try (floats + doubles).dtype == .float64)
    #expect(try (integers / integers).scalars(as: Float.self) == [1, 1])
    #expect(try (integers + integers).scalars(as: Int64.self) == [2, 4])
    #expect(try (doubles * 2).scalars(as: Double.self) == [1, 0.5])
  }

  @Test func `a float64 product sums in the order of numpy`() throws {
    let user = try Tensor([0.90, 0.80, -0.60] as [Double])
    let film = try Tensor([0.98, 0.90, -0.90] as [Double])
    #expect(try (user * film).sum().item() == 2.1420000000000003)
  }

  @Test func `shapes that do not fit are named`() throws {
    let a = try Tensor.zeros([944, 5])
    let b = try Tensor.zeros([944])
    #expect(throws: TensorError.cannotBroadcast([944, 5], [944])) { try a + b }
    #expect(throws: TensorError.cannotMultiply([944, 5], [944])) { try a.multiplied(by: b) }
    #expect(
      TensorError.cannotMultiply([944, 5], [944]).description
        == "cannot multiply [944, 5] by [944]: the inner sizes differ (5 and 944)")
    #expect(throws: TensorError.cannotReshape(from: [944, 5], to: [7, -1])) {
      try a.reshaped(to: [7, -1])
    }
    #expect(throws: TensorError.noDimension(2, shape: [944, 5])) { try a.sum(over: [2]) }
    #expect(throws: TensorError.indexOutOfRange(944, size: 944, dimension: 0)) {
      try a.rows(at: Tensor([944] as [Int64]))
    }
    #expect(throws: TensorError.unexpectedType(.float32, expected: "int64 indices")) {
      try a.rows(at: b)
    }
  }

  @Test func `more elements than memory holds are refused`() {
    #expect(throws: TensorError.tooLarge([1_000_000_000, 1_000_000_000])) {
      try Tensor.zeros([1_000_000_000, 1_000_000_000])
    }
    #expect(throws: TensorError.tooLarge([-1])) { try Tensor.zeros([-1]) }
  }

  @Test func `empty tensors and single numbers are ordinary ones`() throws {
    #expect(try Tensor.zeros([0]).sum().item() == 0)
    #expect(try (Tensor.zeros([0, 3]) + Tensor.zeros([3])).shape == [0, 3])
    #expect(try (Tensor(scalar: 2 as Float) * Tensor(scalar: 3 as Float)).item() == 6)
    #expect(try Tensor(scalar: 2 as Float).unsqueezed(0).shape == [1])
  }

  @Test func `negative rows count from the end`() throws {
    let table = try Tensor([[1, 2], [3, 4], [5, 6]] as [[Float]])
    #expect(
      try table.rows(at: Tensor([-1, 0] as [Int64])).scalars(as: Float.self) == [5, 6, 1, 2])
    #expect(try table.selecting(-2).scalars(as: Float.self) == [3, 4])
  }

  @Test func `products add fused terms in order, whatever the processor`() throws {
    var torch = TorchGenerator(seed: 2)
    for (m, k, n) in [(1, 1, 1), (7, 300, 19), (6, 5, 16), (13, 50, 33)] {
      let (a, b) = (torch.normal(count: m * k), torch.normal(count: k * n))
      let expected = (0..<(m * n)).map { i in
        (0..<k).reduce(Float(0)) { $0.addingProduct(a[i / n * k + $1], b[$1 * n + i % n]) }
      }
      let (left, right) = (try Tensor(a, shape: [m, k]), try Tensor(b, shape: [k, n]))
      #expect(try left.multiplied(by: right).scalars(as: Float.self) == expected)
      #expect(
        try left.linear(weight: right.transposed(), bias: nil).scalars(as: Float.self) == expected)
    }
  }

  @Test func `sums over rows have one order of addition, whatever the processor`() throws {
    var torch = TorchGenerator(seed: 4)
    for width in [1, 7, 8, 31, 32, 50, 64, 100] {
      let x = torch.normal(count: 3 * width)
      let sums = try Tensor(x, shape: [3, width]).sum(over: [1]).scalars(as: Float.self)
      #expect(sums == (0..<3).map { plainSum(x[($0 * width)..<(($0 + 1) * width)]) })
    }
  }

  /// Four accumulators of eight lanes, as the kernel has them.
  private func plainSum(_ row: ArraySlice<Float>) -> Float {
    let x = Array(row)
    var lanes = [Float](repeating: 0, count: 32)
    var k = 0
    while k + 32 <= x.count {
      for l in 0..<32 { lanes[l] += x[k + l] }
      k += 32
    }
    while k + 8 <= x.count {
      for l in 0..<8 { lanes[l] += x[k + l] }
      k += 8
    }
    for a in 1..<4 { for l in 0..<8 { lanes[l] += lanes[8 * a + l] } }
    let rest = x[k...].reduce(Float(0), +)
    return lanes[..<8].reduce(rest, +)
  }

  @Test func `products of every size agree with plain sums`() throws {
    for (m, k, n) in [(1, 1, 1), (4, 7, 32), (5, 3, 33), (9, 64, 100), (64, 176, 100)] {
      let a = (0..<(m * k)).map { Float(($0 * 7) % 11) - 5 }
      let b = (0..<(k * n)).map { Float(($0 * 5) % 13) - 6 }
      let product = try Tensor(a, shape: [m, k]).multiplied(by: Tensor(b, shape: [k, n]))
      let expected = (0..<(m * n)).map { i in
        (0..<k).reduce(Float(0)) { $0 + a[i / n * k + $1] * b[$1 * n + i % n] }
      }
      #expect(product.scalars(as: Float.self) == expected)
    }
  }
}
