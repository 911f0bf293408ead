import Glibc
import CollabTables
import Testing

/// Files that are large, odd, or change.
struct FileReadingTests {
  @Test func `UTF-8 is told from Latin-1 by all bytes of a file`() throws {
    var reader = DelimitedReader()
    reader.encoding = .automatic
    let plain = Array(String(repeating: "abc\n", count: 100).utf8)
    let utf8 = try reader.read(bytes: Array("t\n".utf8) + plain + Array("Café\n".utf8))
    #expect(try utf8.column("t").texts().last == "Café")
    let latin = try reader.read(bytes: Array("t\n".utf8) + plain + Array("Caf".utf8) + [0xE9, 10])
    #expect(try latin.column("t").texts().last == "Café")
  }

  @Test func `UTF-16 and lines that end in a carriage return are read`() throws {
    let units = Array("\u{FEFF}a\tb\né\t2\n".utf16)
    let bytes = units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let path = try temporaryFile(bytes: bytes)
    defer { unlink(path) }
    var reader = DelimitedReader()
    reader.delimiter = "\t"
    let table = try reader.read(path)
    #expect(table.row(0) == [.text("é"), .integer(2)])
    let old = try temporaryFile("a,b\r1,2\r3,4\r")
    defer { unlink(old) }
    #expect(try DelimitedReader().read(old).column("b").integers() == [2, 4])
  }

  @Test func `devices are refused, and so are files beyond memory`() throws {
    #expect(
      throws: TableError.unreadable("/dev/zero", reason: "it is a device, not a file")
    ) { try DelimitedReader().read("/dev/zero") }
    let path = try temporaryFile("a\n")
    defer { unlink(path) }
    let size = 1 << 43
    try #require(truncate(path, size) == 0)
    #expect(throws: TableError.tooLarge(path, bytes: size)) { try DelimitedReader().read(path) }
  }

  @Test func `a pipe that nobody writes to can be given up`() throws {
    let path = try temporaryFile("")
    unlink(path)
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(throws: TableError.interrupted) {
      try DelimitedReader().read(path) { _, _ in false }
    }
  }

  @Test func `a file that becomes shorter meanwhile is an error`() throws {
    let path = try temporaryFile(String(repeating: "1234567\n", count: 6 << 20))
    defer { unlink(path) }
    #expect(throws: TableError.changed(path)) {
      try DelimitedReader().read(path) { _, _ in
        truncate(path, 1 << 20)
        return true
      }
    }
  }

  @Test func `thousands of malformed rows are left out in one pass`() throws {
    var reader = DelimitedReader()
    reader.skipsBadRows = true
    let path = try temporaryFile("a,b\n" + String(repeating: "1,2,3\n", count: 100_000))
    defer { unlink(path) }
    let reading = try reader.reading(path)
    #expect(reading.skippedRowCount == 100_000)
    #expect(reading.firstSkipped?.place?.line == 2)
  }

  @Test func `an observer is asked by bytes, though no row is good`() throws {
    var reader = DelimitedReader()
    reader.skipsBadRows = true
    let path = try temporaryFile("a,b\n" + String(repeating: "1,2,3\n", count: 500_000))
    defer { unlink(path) }
    #expect(throws: TableError.interrupted) { try reader.read(path) { done, _ in done == 0 } }
  }

  @Test func `many columns become text at once`() throws {
    let count = 1000
    func row(_ field: String) -> String {
      Array(repeating: field, count: count).joined(separator: ",") + "\n"
    }
    let names = (0..<count).map { "c\($0)" }.joined(separator: ",") + "\n"
    let text = names + String(repeating: row("1"), count: 101) + row("x") + row("2.5")
    let table = try DelimitedReader().read(text: text)
    #expect(table.columns.allSatisfy { $0.kind == .text })
    #expect(table.row(102).first == .text("2.5"))
  }

  @Test func `blank lines take no memory however many columns there are`() throws {
    let names = (0..<4000).map { "c\($0)" }.joined(separator: ",")
    let text = names + String(repeating: "\n", count: 1_000_000)
    #expect(try DelimitedReader().read(text: text).rowCount == 0)
  }
}

struct MeltTests {
  private static let matrix = try? Table([
    Column("user", texts: ["ana", "bo"]), Column("m1", integers: [5, 4]),
    Column("m2", doubles: [.nan, 2.5]),
  ])

  @Test func `a matrix becomes one row a cell, column by column`() throws {
    let long = try #require(Self.matrix).melted(
      keeping: ["user"], variable: "item", value: "rating")
    #expect(long.columnNames == ["user", "item", "rating"])
    #expect(try long.column("user").texts() == ["ana", "bo", "ana", "bo"])
    #expect(try long.column("item").texts() == ["m1", "m1", "m2", "m2"])
    #expect(try long.column("rating").missingRows == [2])
    #expect(try long.column("rating").doubles()[3] == 2.5)
  }

  @Test func `whole numbers stay whole, and other columns are left out`() throws {
    let long = try #require(Self.matrix).melted(keeping: [], values: ["m1"])
    #expect(long.columnNames == ["variable", "value"])
    #expect(try long.column("value").integers() == [5, 4])
    #expect(throws: TableError.self) { try Self.matrix?.melted(keeping: ["who"]) }
  }
}
