import CollabRandomness
import CollabTensors
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

  @Test(
    arguments: [
      { try Tensor.range(to: 1_000_000_000_000) },
      { try Tensor.range(from: 0, to: 1e300) },
      { try Tensor.range(from: .min, to: .max, by: 1) },
      { try Tensor.evenlySpaced(from: 0, through: 1, count: .max) },
      { try Tensor.identity(1_000_000_000) },
      { try Tensor.zeros([0, .max, .max]) },
      { try Tensor.ones([.max, 2], .bool) },
      { try Tensor.ones([3]).repeated([1_000_000_000, 1_000_000_000]) },
      { try Tensor.ones([3]).repeated([.max]) },
      { try Tensor.ones([1]).expanded(to: [1_000_000_000, 1_000_000_000]) },
      { try Tensor([.max] as [Int64]).binCounts() },
      { try Tensor([0] as [Int64]).binCounts(minimumLength: .max) },
      { try Tensor.oneHot([1], classes: .max) },
      { try Tensor.ones([50_000, 1]).compared(.less, to: Tensor.ones([1_000_000])) },
    ] as [@Sendable () throws -> Tensor])
  func `huge requests are refused at once`(_ request: @Sendable () throws -> Tensor) {
    let error = #expect(throws: TensorError.self) { try request() }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `sizes beyond all bounds are refused`() throws {
    let x = try Tensor.ones([3])
    let shape = [Int.max, .max, -1]
    #expect(throws: TensorError.cannotReshape(from: [3], to: shape)) { try x.reshaped(to: shape) }
    #expect(throws: TensorError.self) { try x.split(into: [.max, .max]) }
    #expect(try x.split(every: .max).count == 1)
    #expect(try x.chunked(into: .max).count == 3)
    let slice = Subscript.slice(start: .min, stop: .max, step: .max)
    #expect(try x.indexed(by: [slice]).shape == [1])
    #expect(throws: TensorError.indexOutOfRange(.min, size: 3, dimension: 0)) {
      try x.indexed(by: [.index(.min)])
    }
    #expect(throws: TensorError.indexOutOfRange(.min, size: 3, dimension: 0)) {
      try x.indexed(by: [.tensor(Tensor([.min] as [Int64]))])
    }
    #expect(try Tensor.ones([2, 2]).lowerTriangle(diagonal: .min).sum().item() == 0)
    #expect(try Tensor([.min, 7] as [Int64]).absolute().scalars(as: Int64.self) == [.min, 7])
    let least = try Tensor([.min] as [Int64])
    let minusOne = try Tensor([-1] as [Int64])
    #expect(try least.floorDivided(by: minusOne).scalars(as: Int64.self) == [.min])
    #expect(try least.remainder(dividingBy: minusOne).scalars(as: Int64.self) == [0])
  }

  @Test func `a step backwards says what to do instead`() throws {
    #expect(throws: TensorError.self) {
      try Tensor.ones([3]).indexed(by: [.slice(start: nil, stop: nil, step: -1)])
    }
    #expect(
      TensorError.unexpectedNumber(
        -1, expected: "a positive step, since a tensor is reversed by flip"
      )
      .description == "expected a positive step, since a tensor is reversed by flip, got -1")
  }

  @Test func `nested lists become tensors of the type of their elements`() throws {
    #expect(try Tensor(nested: [[1, 2.5], [3, 4]]).scalars(as: Float.self) == [1, 2.5, 3, 4])
    #expect(try Tensor(nested: [0.98, 0.9], floatingType: .float64).dtype == .float64)
    #expect(try Tensor(nested: [[1], [2]]).shape == [2, 1])
    #expect(try Tensor(nested: [1, true]).scalars(as: Int64.self) == [1, 1])
    #expect(try Tensor(nested: [true, false]).dtype == .bool)
    #expect(try Tensor(nested: 3).shape == [])
    #expect(try Tensor(nested: [[], []]).shape == [2, 0])
    #expect(try Tensor(nested: []).dtype == .float32)
    #expect(throws: TensorError.ragged) { try Tensor(nested: [[1, 2], [3]]) }
    #expect(throws: TensorError.ragged) { try Tensor(nested: [[1, 2], 3]) }
  }

  @Test(arguments: [[300, 50], [50, 300], [40, 40]])
  func `singular vectors give the matrix back`(_ shape: [Int]) throws {
    var torch = TorchGenerator(seed: 1)
    let matrix = try Tensor.normal(shape, using: &torch).converted(to: .float64)
    let (left, values, right) = try matrix.singularValueDecomposition()
    let product = try (left * values).multiplied(by: right.transposed())
    #expect(try product.isAllClose(to: matrix, absolute: 1e-12))
    for vectors in [left, right] {
      let products = try vectors.transposed().multiplied(by: vectors)
      let identity = try Tensor.identity(products.shape[0]).converted(to: .float64)
      #expect(try products.isAllClose(to: identity, absolute: 1e-12))
    }
    #expect(try values.isAllClose(to: values.sorted(descending: true).values))
  }

  @Test func `components of fewer rows than columns have no more variance than the rows`() throws {
    // The rows less their mean depend on each other: the last component is nothing but rounding.
    var torch = TorchGenerator(seed: 1)
    let matrix = try Tensor.normal([5, 40], using: &torch)
    let components = try matrix.principalComponents(9)
    #expect(components.shape == [5, 5])
    #expect(try components.selecting(4, along: 1).norm().item() < 1e-12)
    #expect(
      try components.variance(over: [0]).sum()
        .isAllClose(to: matrix.variance(over: [0]).sum()))
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
