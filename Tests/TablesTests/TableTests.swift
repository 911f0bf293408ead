import CollabTables
import Testing

private let ratings = Result { () throws(TableError) in
  try Table([
    Column("user", integers: [196, 186, 22]),
    Column("rating", doubles: [3, 3.5, 1]),
    Column("title", texts: ["Kelp (1996)", "Aria (1997)", "Kelp (1996)"]),
  ])
}

struct TableTests {
  @Test func `a missing column is answered with those there are`() throws {
    let table = try ratings.get()
    let error = #expect(throws: TableError.self) { try table.column("titel") }
    #expect(
      error?.description == "there is no column `titel`; the columns are user, rating, title")
  }

  @Test func `columns must be equally long and differently named`() {
    let user = Column("user", integers: [1, 2])
    #expect(throws: TableError.unequalLengths(column: "x", rows: 1, expected: 2)) {
      try Table([user, Column("x", integers: [1])])
    }
    #expect(throws: TableError.duplicateColumn("user")) { try Table([user, user]) }
  }

  @Test func `rows and columns can be picked`() throws {
    let table = try ratings.get()
    let picked = try table.select(["title", "user"]).rows(at: [2, 0, 2])
    #expect(picked.columnNames == ["title", "user"])
    #expect(try picked.column("user").integers() == [22, 196, 22])
    #expect(table.head(2).rowCount == 2)
    #expect(table.head(9).rowCount == 3)
    #expect(table.row(1) == [.integer(186), .double(3.5), .text("Aria (1997)")])
    #expect(table.dropping("rating").columnNames == ["user", "title"])
    #expect(try table.renaming("title", to: "item").columnNames == ["user", "rating", "item"])
  }

  @Test func `a column of the wrong kind is refused`() throws {
    let title = try ratings.get().column("title")
    let error = #expect(throws: TableError.self) { try title.floats() }
    #expect(error?.description == "column `title` holds text, expected decimal numbers")
  }

  @Test func `texts are sorted by code points`() throws {
    let texts = ["étude", "zoo", "Zoo", "'71", "2 Days", "Ácido", "apple", "Apple", "#", ""]
    let sorted = ["", "#", "'71", "2 Days", "Apple", "Zoo", "apple", "zoo", "Ácido", "étude"]
    #expect(try Column("t", texts: texts).distinct().texts() == sorted)
  }

  @Test func `texts that only look alike stay apart`() throws {
    let column = Column("t", texts: ["Caf\u{E9}", "Cafe\u{301}", "Caf\u{E9}"])
    #expect(column.distinct().count == 2)
    #expect(column.coded().codes == [1, 0, 1])
    #expect(column != Column("t", texts: ["Caf\u{E9}", "Caf\u{E9}", "Caf\u{E9}"]))
  }

  @Test(arguments: [[5, 3, 5, -1], [1_000_000_000_000, 3, 1_000_000_000_000], [.min, .max, 0]])
  func `codes are places among the sorted values`(_ values: [Int]) throws {
    let coded = Column("x", integers: values).coded()
    let levels = try coded.levels.integers()
    #expect(levels == Set(values).sorted())
    #expect(coded.codes.map { levels[Int($0)] } == values)
  }

  @Test func `levels that no row has are left out`() throws {
    let column = Column("t", texts: ["a", "b", "c"]).rows(at: [2, 0])
    #expect(try column.coded().levels.texts() == ["a", "c"])
    #expect(column.coded().codes == [1, 0])
  }

  @Test func `missing values are no level`() throws {
    let halves = Column("x", doubles: [2.5, 0.5, .nan])
    #expect(halves.coded().codes == [1, 0, CodedColumn.missing])
    #expect(try halves.coded().levels.doubles() == [0.5, 2.5])
    let texts = Column("t", texts: ["b", nil, "a", nil])
    #expect(texts.coded().codes == [1, -1, 0, -1])
    #expect(try texts.distinct().texts() == ["a", "b"])
    #expect(texts.missingRows == [1, 3])
    #expect(try texts.rows(at: [1, 0]).texts() == [nil, "b"])
    #expect(try texts.valueCounts().column("count").integers() == [1, 1])
    #expect(try Table([texts]).merge(Table([texts])).rowCount == 6)
  }

  @Test func `value counts start with the commonest`() throws {
    let counts = try Column("t", texts: ["b", "a", "c", "a", "c", "d"]).valueCounts()
    #expect(try counts.column("t").texts() == ["a", "c", "b", "d"])
    #expect(try counts.column("count").integers() == [2, 2, 1, 1])
  }

  @Test(arguments: [
    ([-128, 127], 2), ([-129, 0], 6), ([0, 0x7F_FFFF], 6), ([-0x80_0000, 5], 6),
    ([0, 0x80_0000], 8), ([-0x80_0001, 0], 8), ([0, 1 << 40], 16),
  ])
  func `whole numbers take as few bytes as they allow`(_ numbers: [Int], _ bytes: Int) throws {
    let column = Column("id", integers: numbers)
    #expect(column.byteCount == bytes)
    #expect(try column.integers() == numbers)
    #expect(try column.doubles() == numbers.map(Double.init))
    #expect(column.value(at: 1) == .integer(numbers[1]))
    #expect(try column.rows(at: [1, 0]).integers() == numbers.reversed())
    #expect(try column.coded().levels.integers() == numbers.sorted())
  }
}
