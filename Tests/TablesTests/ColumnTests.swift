import CollabTables
import Testing

/// What is asked of columns, with the answers of pandas 2.3.3 where it has one.
struct ColumnTests {
  private let stars = Column("stars", doubles: [4, .nan, 5, 4, .nan, -1])
  private let teas = Column("tea", texts: ["mint", nil, "assam", "mint"])
  private let ids = Column("id", integers: [9_007_199_254_740_993, 9_007_199_254_740_992, 7])

  @Test func `missing values come last whichever way a column is sorted`() throws {
    #expect(try stars.sortedRows() == [5, 0, 3, 2, 1, 4])
    #expect(try stars.sortedRows(descending: true) == [2, 0, 3, 5, 1, 4])
    #expect(try teas.sortedRows() == [2, 0, 3, 1])
    #expect(try teas.sortedRows(descending: true) == [0, 3, 2, 1])
    #expect(try ids.sortedRows() == [2, 1, 0])
    #expect(try Column("none", doubles: []).sortedRows().isEmpty)
  }

  @Test func `a table is sorted by several columns, each in its own direction`() throws {
    let table = try Table([
      Column("a", integers: [1, 2, 1, 2]), Column("b", doubles: [.nan, 1, 3, 2]),
    ])
    #expect(
      try table.sorted(by: ["a", "b"], descending: [true, false]).column("b").doubles().prefix(3)
        == [1, 2, 3])
    #expect(
      try table.sorted(by: ["a"], descending: [false]).column("a").integers() == [1, 1, 2, 2])
  }

  @Test func `different values keep the order of their first rows`() throws {
    #expect(try teas.unique().texts() == ["mint", nil, "assam"])
    #expect(try ids.unique() == ids)
  }

  @Test(arguments: [
    (Aggregate.size, Column.Value.integer(6)), (.count, .integer(4)), (.nunique, .integer(3)),
    (.sum, .double(12)), (.mean, .double(3)), (.median, .double(4)), (.min, .double(-1)),
    (.max, .double(5)), (.first, .double(4)), (.last, .double(-1)),
    (.variance, .double(22.0 / 3)),
  ])
  func `numbers of a column leave missing values out`(
    _ aggregate: Aggregate, _ value: Column.Value
  ) throws {
    #expect(try stars.aggregated(aggregate) == value)
  }

  @Test(arguments: [
    Column("n", integers: []), Column("n", doubles: []), Column("n", doubles: [.nan, .nan]),
  ])
  func `a column without values has a sum and no mean`(_ column: Column) throws {
    #expect(try column.aggregated(.count) == .integer(0))
    for aggregate in [Aggregate.mean, .median, .min, .max, .std, .variance, .first, .last] {
      guard case .double(let number) = try column.aggregated(aggregate) else {
        Issue.record("\(aggregate) is no decimal number")
        continue
      }
      #expect(number.isNaN, "\(aggregate)")
    }
    let sum = try column.aggregated(.sum)
    #expect(sum == .integer(0) || sum == .double(0))
    #expect(column.firstRow(ofLargest: true) == nil)
  }

  @Test func `whole numbers stay exact`() throws {
    #expect(try ids.aggregated(.max) == .integer(9_007_199_254_740_993))
    #expect(try ids.aggregated(.sum) == .integer(18_014_398_509_481_992))
    let huge = Column("id", integers: [.max, 1, -1])
    #expect(try huge.aggregated(.sum) == .integer(.max))
    #expect(throws: TableError.sumTooLarge(column: "id")) {
      try Column("id", integers: [.max, 1]).aggregated(.sum)
    }
    #expect(try Column("id", integers: [.min, .max]).aggregated(.min) == .integer(.min))
  }

  @Test(arguments: ColumnRelation.allCases)
  func `whole and decimal numbers are compared as they are`(_ relation: ColumnRelation) {
    let edge = 9_007_199_254_740_992.0
    let holds = ids.compared(relation, to: .double(edge))
    let expected: [ColumnRelation: [Bool]] = [
      .equal: [false, true, false], .notEqual: [true, false, true], .less: [false, false, true],
      .lessOrEqual: [false, true, true], .greater: [true, false, false],
      .greaterOrEqual: [true, true, false],
    ]
    #expect(holds == expected[relation])
    #expect(ids.compared(relation, to: Column("d", doubles: [edge, edge, edge])) == holds)
    #expect(
      Column("d", doubles: [edge]).compared(relation, to: .integer(9_007_199_254_740_993))
        == [[.less, .lessOrEqual, .notEqual].contains(relation)])
  }

  @Test(arguments: [
    (0, -0.5, ValueOrder.descending), (0, 0.5, .ascending), (-1, -0.5, .ascending),
    (Int.max, 0x1p63, .ascending), (Int.min, -0x1p63, .same), (Int.min, -.infinity, .descending),
    (3, 3, .same), (Int.max, .infinity, .ascending), (0, -0.0, .same),
  ])
  func `a whole number has its place among decimal ones`(
    _ whole: Int, _ number: Double, _ order: ValueOrder
  ) {
    #expect(ValueOrder(whole, number) == order)
    #expect(ValueOrder(whole, .nan) == nil)
  }

  @Test func `a missing value differs from all and is in a list with a missing one`() {
    #expect(teas.compared(.equal, to: .text("mint")) == [true, false, false, true])
    #expect(teas.compared(.notEqual, to: .text("mint")) == [false, true, true, false])
    #expect(teas.compared(.less, to: .text("b")) == [false, false, true, false])
    #expect(stars.compared(.notEqual, to: stars) == [false, true, false, false, true, false])
    #expect(stars.isIn([.integer(4), .double(.nan)]) == [true, true, false, true, true, false])
    #expect(teas.isIn([.text("assam")]) == [false, false, true, false])
    #expect(ids.isIn([.integer(9_007_199_254_740_993)]) == [true, false, false])
    // Equal for Swift, different in a file.
    #expect(Column("t", texts: ["\u{E9}", "e\u{301}"]).isIn([.text("\u{E9}")]) == [true, false])
  }

  @Test func `gaps can be left out and filled`() throws {
    #expect(try stars.droppingMissing().doubles() == [4, 5, 4, -1])
    #expect(try teas.fillingMissing(with: .text("?")).texts() == ["mint", "?", "assam", "mint"])
    #expect(try stars.fillingMissing(with: .integer(0)).doubles() == [4, 0, 5, 4, 0, -1])
    #expect(throws: TableError.wrongKind(column: "tea", found: .text, expected: .doubles)) {
      try teas.fillingMissing(with: .integer(0))
    }
    #expect(teas.isMissing() == [false, true, false, false])
  }

  @Test func `sums of decimal numbers are added up in the order of numpy`() throws {
    let tenths = Column("x", doubles: [Double](repeating: 0.1, count: 1000))
    #expect(try tenths.aggregated(.sum) == .double(100.00000000000001))
    #expect(
      try Column("x", doubles: [0.1, 0.2, 0.3]).aggregated(.sum) == .double(0.6000000000000001))
  }
}
