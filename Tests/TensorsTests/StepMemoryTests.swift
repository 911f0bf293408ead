import CollabTensors
import Testing
import CollabThreading

struct StepMemoryTests {
  private let weight: Tensor
  private let memory = StepMemory()

  init() throws {
    weight = try Tensor([[1, -2], [3, 4], [-5, 6]] as [[Float]]).requiringGradient()
  }

  /// A step that uses views, broadcasting, a scalar and rows that repeat.
  private func loss(_ rows: [Int64]) throws -> Tensor {
    let picked = try weight.rows(at: Tensor(rows))
    let hidden = try (picked * 0.5).relu().beside(picked.sigmoid())
    let sums = try hidden.sum(over: [1], keepingDimensions: true).squeezed(1)
    return try (sums * sums).mean()
  }

  private func gradient(of rows: [Int64]) throws -> [Float] {
    weight.clearGradient()
    try loss(rows).backward()
    return try #require(weight.gradient).scalars(as: Float.self)
  }

  @Test("a step gets the tensors of the step before")
  func reuse() throws {
    var tensors: [[UnsafeMutablePointer<Float>]] = []
    for _ in 0..<3 {
      let places = try memory.run {
        let sum = try weight + weight
        return [sum.elements, try (sum * sum).elements]
      }
      tensors.append(places)
    }
    #expect(tensors[1] == tensors[0])
    #expect(tensors[2] == tensors[0])
    #expect(tensors[0][0] != tensors[0][1])
  }

  @Test(
    "gradients are the same in tensors of a step before", arguments: [[0, 1], [2, 2, 1], [0, 0]])
  func gradients(rows: [Int64]) throws {
    let expected = try gradient(of: rows)
    for earlier in [[1, 2], rows, rows] {
      _ = try memory.run { try gradient(of: earlier) }
    }
    #expect(try memory.run { try gradient(of: rows) } == expected)
  }

  @Test(
    "gradients of products of rows are the same without the products",
    arguments: [[[0, 1], [1, 2]], [[2, 2, 1], [0, 1, 1]], [[0, 0], [0, 0]]])
  func products(rows: [[Int64]]) throws {
    let other = try Tensor([[0.3, 7], [-0.1, 0.2], [11, 13]] as [[Float]]).requiringGradient()
    let whole = try Tensor([0.7, -3] as [Float])
    func gradients() throws -> [[Float]] {
      for table in [weight, other] { table.clearGradient() }
      let picked = try weight.rows(at: Tensor(rows[0]))
      let dot = try (picked * other.rows(at: Tensor(rows[1]))).sum(over: [1])
      let squares = try (picked * picked).sum(over: [1])
      // A product with what is no row of a parameter, and a second use of one that is.
      let rest = try (picked * (picked + whole)).sum(over: [1])
      try (dot * dot + squares + rest).mean().backward()
      return try [weight, other].map { table in
        // Read twice: reading must not change it.
        let gradients = [table.gradient, table.gradient]
          .map { $0?.scalars(as: Float.self) ?? [] }
        #expect(gradients[0] == gradients[1])
        return try #require(gradients.first)
      }
    }
    let expected = try gradients()
    for _ in 0..<2 {
      for (found, expected) in try zip(memory.run(gradients), expected) {
        for (a, b) in zip(found, expected) { #expect(abs(a - b) <= abs(b) * 1e-6) }
        #expect(found.count == expected.count)
      }
    }
  }

  @Test("a tensor that someone has keeps its elements")
  func kept() throws {
    let sum = try memory.run { try weight + weight }
    let view = try memory.run { try (weight * weight).detached() }
    _ = try memory.run { try (weight - weight).detached() }
    _ = try memory.run { try (weight - weight).detached() }
    #expect(sum.scalars(as: Float.self) == [2, -4, 6, 8, -10, 12])
    #expect(view.scalars(as: Float.self) == [1, 4, 9, 16, 25, 36])
    #expect(sum.gradientName != nil)
  }

  @Test("a graph that someone has can be differentiated after other steps")
  func keptGraph() throws {
    let expected = try gradient(of: [0, 2])
    let kept = try memory.run { try loss([0, 2]) }
    for _ in 0..<2 { _ = try memory.run { try gradient(of: [1, 1]) } }
    weight.clearGradient()
    try kept.backward()
    #expect(weight.gradient?.scalars(as: Float.self) == expected)
  }

  @Test("a step that asks for other shapes or types gets other tensors")
  func otherShapes() throws {
    let numbers = try Tensor([1, 2, 3] as [Float])
    for _ in 0..<2 {
      let vector = try memory.run { try (numbers + numbers).scalars(as: Float.self) }
      let matrix = try memory.run { try (weight + weight).shape }
      let integers = try memory.run {
        try Tensor([1, 2] as [Int64]).multiplied(by: Tensor([3, 4] as [Int64])).scalars(
          as: Int64.self)
      }
      #expect(vector == [2, 4, 6])
      #expect(matrix == [3, 2])
      #expect(integers == [11])
    }
  }

  @Test("what was asked of a tensor is forgotten in the next step")
  func forgotten() throws {
    let plain = try Tensor([1, 2] as [Float])
    try memory.run { _ = try (plain + plain).asParameter() }
    let (asksForGradient, isParameter) = try memory.run {
      let sum = try plain + plain
      return (sum.requiresGradient, sum.isParameter)
    }
    #expect(!asksForGradient && !isParameter)
  }

  @Test("a step that fails does no harm to the next")
  func failure() throws {
    let expected = try gradient(of: [0, 1])
    #expect(throws: TensorError.self) {
      try memory.run {
        _ = try loss([0, 1])
        _ = try weight.rows(at: Tensor([3] as [Int64]))
      }
    }
    #expect(try memory.run { try gradient(of: [0, 1]) } == expected)
  }

  @Test("other threads and steps within a step have tensors of their own")
  func apart() throws {
    let inner = StepMemory()
    let places = try memory.run {
      let sum = try weight + weight
      let other = try inner.run { try weight + weight }
      let product = try weight * weight
      return [sum.elements, other.elements, product.elements]
    }
    #expect(Set(places).count == 3)
    var sums = [Tensor?](repeating: nil, count: 4)
    memory.run {
      sums.withUnsafeMutableBufferPointer { sums in
        Threads(4).forEach(4) { sums[$0] = try? Tensor.filled([2], with: Double($0)) }
      }
    }
    #expect(sums.map { $0?.scalars(as: Float.self) } == (0..<4).map { [Float($0), Float($0)] })
  }
}
