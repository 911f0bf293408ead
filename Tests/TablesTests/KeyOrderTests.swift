import CollabTables
import CollabThreading
import Testing

struct KeyOrderTests {
  @Test func `numbers are in order, whatever their signs and sizes`() throws {
    let least = Double.leastNonzeroMagnitude
    let numbers = [3, -0.5, .infinity, 0, -1e300, .nan, least, -0.0, -.infinity, 3]
    let coded = Column("x", doubles: numbers).coded()
    #expect(
      try coded.levels.doubles() == [-.infinity, -1e300, -0.5, 0, least, 3, .infinity])
    #expect(coded.codes == [5, 2, 6, 3, 1, -1, 4, 3, 0, 5])
  }

  @Test func `whole numbers that lie far apart are in order`() throws {
    let numbers = [7, .max, -1, .min, 0, 7, 1 << 40, -(1 << 40)]
    let coded = Column("x", integers: numbers).coded()
    #expect(try coded.levels.integers() == [.min, -(1 << 40), -1, 0, 7, 1 << 40, .max])
    #expect(coded.codes == [4, 6, 2, 0, 3, 4, 5, 1])
  }

  @Test func `many numbers are sorted as the standard library does`() throws {
    var generator = SystemRandomNumberGenerator()
    let numbers = (0..<300_000).map { _ in
      Double.random(in: -1...1, using: &generator) * Double.random(in: 0...1e9, using: &generator)
    }
    let column = Column("x", doubles: numbers)
    #expect(try column.coded().levels.doubles() == Set(numbers).sorted())
    #expect(try column.sortedRows().map { numbers[$0] } == numbers.sorted())
    #expect(try column.quantiles([0, 1]) == [numbers.min(), numbers.max()])
  }

  @Test func `equal rows keep their order in either direction`() throws {
    let column = Column("x", doubles: [2, 1, 2, .nan, 1])
    #expect(try column.sortedRows() == [1, 4, 0, 2, 3])
    #expect(try column.sortedRows(descending: true) == [0, 2, 1, 4, 3])
  }

  @Test func `sorting, grouping and merging stop when they are asked to`() throws {
    let count = 1 << 19
    let table = try Table([
      Column("a", integers: (0..<count).map { $0 % 1000 }),
      Column("b", doubles: (0..<count).map { Double($0 * 7919 % count) }),
    ])
    let works: [() throws -> Void] = [
      { _ = try table.sorted(by: ["b"], descending: [false]) },
      { _ = try table.grouped(by: ["a", "b"]) },
      { _ = try table.column("b").valueCounts() },
      { _ = try table.merge(table.rows(at: Array(0..<1000)), on: ["a"]) },
      { _ = try table.pivoted(rows: ["b"], columns: "a", values: nil, .size) },
      { _ = try table.droppingDuplicates() },
      { _ = try table.column("b").quantile(0.5) },
    ]
    for work in works {
      var asked = 0
      let error = #expect(throws: TableError.self) {
        try Interruption.observed(by: {
          asked += 1
          return asked == 2
        }) { try work() }
      }
      guard case .interrupted = error else {
        Issue.record("it ends with \(String(describing: error))")
        continue
      }
    }
  }
}
