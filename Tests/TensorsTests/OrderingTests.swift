import CollabTensors
import CollabThreading
import Testing

/// The order of many elements, held against the sort of the standard library, which is stable.
struct OrderingTests {
  /// Numbers with repetitions, both zeros, infinities and what is no number.
  private func numbers(_ count: Int) -> [Float] {
    var generator = SystemRandomNumberGenerator()
    let special: [Float] = [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
    return (0..<count).map { place in
      place % 97 == 0
        ? special[place / 97 % special.count]
        : (Float.random(in: -50...50, using: &generator) * 8).rounded() / 8
    }
  }

  private func precedes(_ one: Float, _ other: Float) -> Bool {
    one.isNaN ? false : other.isNaN || one < other
  }

  @Test(arguments: [1, 5, 2047, 2048, 20_000])
  func `elements are sorted, and equal ones stay in order`(_ count: Int) throws {
    let numbers = numbers(count)
    let tensor = try Tensor(numbers)
    let rising = numbers.indices.sorted { precedes(numbers[$0], numbers[$1]) }
    #expect(try tensor.argsorted().scalars(as: Int64.self) == rising.map { Int64($0) })
    let falling = numbers.indices.sorted { precedes(numbers[$1], numbers[$0]) }
    #expect(
      try tensor.argsorted(descending: true).scalars(as: Int64.self) == falling.map { Int64($0) })
    let (values, indices) = try tensor.top(min(3, count))
    #expect(indices.scalars(as: Int64.self) == falling.prefix(3).map { Int64($0) })
    #expect(
      values.scalars(as: Float.self).map(\.bitPattern)
        == falling.prefix(3).map { numbers[$0].bitPattern })
  }

  @Test(arguments: [3, 4001]) func `the median is the lower one in the middle`(_ count: Int) throws
  {
    let numbers = numbers(count).map { $0.isNaN ? 1 : $0 }
    let sorted = numbers.sorted()
    #expect(try Tensor(numbers).median().item() == Double(sorted[(count - 1) / 2]))
    #expect(try Tensor(numbers + [.nan]).median().item().isNaN)
  }

  @Test(arguments: [3, 4001]) func `a quantile lies between two neighbours`(_ count: Int) throws {
    let numbers = numbers(count).filter(\.isFinite)
    let sorted = numbers.sorted()
    let quantiles = try Tensor(numbers).quantile(Tensor([Float(0), 0.5, 1]))
      .scalars(as: Float.self)
    #expect(quantiles.first == sorted.first && quantiles.last == sorted.last)
    let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    #expect(quantiles[1] == middle)
    #expect(try Tensor(numbers + [.nan]).quantile(Tensor(scalar: Float(0.5))).item().isNaN)
  }

  @Test func `whole numbers of any size are sorted`() throws {
    let numbers: [Int64] = [7, .max, -1, .min, 0, 7, 1 << 40, -(1 << 40)]
    #expect(try Tensor(numbers).sorted().values.scalars(as: Int64.self) == numbers.sorted())
    let many = (0..<5000).map { Int64($0 * 7919 % 5000) << 40 }
    #expect(try Tensor(many).sorted().values.scalars(as: Int64.self) == many.sorted())
  }

  @Test func `what takes long with many elements stops when it is asked to`() throws {
    let tensor = try Tensor((0..<1 << 19).map { Float($0 * 7919 % (1 << 19)) })
    let works: [() throws -> Void] = [
      { _ = try tensor.sorted() }, { _ = try tensor.top(3) }, { _ = try tensor.unique() },
      { _ = try tensor.median() }, { _ = try tensor.quantile(Tensor(scalar: Float(0.5))) },
      { _ = try tensor.maximum() }, { _ = try tensor.cumulativeProduct(along: 0) },
      { _ = try tensor.histogram(10, from: 0, through: 100) },
    ]
    for (place, work) in works.enumerated() {
      var asked = 0
      #expect(throws: TensorError.interrupted, "\(place)") {
        try Interruption.observed(by: {
          asked += 1
          return asked == 2
        }) { try work() }
      }
    }
  }
}
