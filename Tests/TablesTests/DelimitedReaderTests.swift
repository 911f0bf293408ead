import CollabTables
import Testing

/// Reads text with a reader set up by `change`.
private func read(
  _ text: String, _ change: (inout DelimitedReader) -> Void = { _ in }
) throws -> Table {
  var reader = DelimitedReader()
  change(&reader)
  return try reader.read(text: text, named: "test.csv")
}

/// A line longer than any look-ahead, so that the rows before it go the fast way.
private let padding = "900,900,9\n" + String(repeating: "900,900,9\n", count: 20)

struct DelimitedReaderTests {
  @Test func `a column of whole numbers stays whole`() throws {
    let table = try read("user,movie,rating\n196,242,3\n186,302,3\n")
    #expect(table.columnNames == ["user", "movie", "rating"])
    #expect(try table.column("user").integers() == [196, 186])
    #expect(try table.column("rating").kind == .integers)
  }

  @Test func `one half star makes a column decimal`() throws {
    let rating = try read("user,rating\n1,4\n2,3.5\n").column("rating")
    #expect(rating.kind == .doubles)
    #expect(try rating.doubles() == [4, 3.5])
  }

  @Test func `a late change of kind is noticed`() throws {
    let many = String(repeating: "1,2\n", count: 500)
    let halves = try read("a,b\n" + many + "1,2.5\n").column("b")
    #expect(halves.kind == .doubles)
    #expect(halves.value(at: 500) == .double(2.5))
    let words = try read("a,b\n" + many + "1,2.5\n007,two\n")
    #expect(try words.column("a").kind == .integers)
    #expect(try words.column("b").texts().suffix(3) == ["2", "2.5", "two"])
  }

  @Test func `text keeps what looks like a number`() throws {
    let table = try read("id\n007\n8\n") { $0.types = ["id": .text] }
    #expect(try table.column("id").texts() == ["007", "8"])
  }

  @Test(arguments: [
    "\"Quiet Harbour, The (1951)\"": "Quiet Harbour, The (1951)",
    "\"He said \"\"no\"\"\"": "He said \"no\"",
    "\"two\nlines\"": "two\nlines",
    "\"open\" end": "open end",
    "\"The \\\"Big\\\" Freeze\"": "The \"Big\" Freeze",
    "\"ends in \\\"Big\\\"\"": "ends in \"Big\"",
    "\"C:\\films\\\"": "C:\\films\\",
    "in \"the\" middle": "in \"the\" middle",
  ])
  func `a quoted field is read as pandas reads it`(_ field: String, _ expected: String) throws {
    let table = try read("movie,title,n\n1,\(field),2\n" + "3,plain,4\n")
    #expect(try table.column("title").texts() == [expected, "plain"])
    #expect(try table.column("n").integers() == [2, 4])
  }

  @Test func `without quoting a quotation mark is a character`() throws {
    let table = try read("title\n\"a\"\n") { $0.allowsQuotes = false }
    #expect(try table.column("title").texts() == ["\"a\""])
  }

  @Test func `Windows lines, blank lines and a byte order mark are passed over`() throws {
    let table = try read("\u{FEFF}a,b\r\n1,x\r\n\r\n\n  \n2,y\r\n" + "3,z")
    #expect(table.columnNames == ["a", "b"])
    #expect(try table.column("a").integers() == [1, 2, 3])
    #expect(try table.column("b").texts() == ["x", "y", "z"])
  }

  @Test func `Windows lines are read the fast way too`() throws {
    let rows = String(repeating: "1,x\r\n", count: 100)
    let table = try read("a,b\r\n" + rows)
    #expect(try table.column("b").texts() == Array(repeating: "x", count: 100))
  }

  @Test func `the last line needs no newline`() throws {
    #expect(try read("a\n1\n2").column("a").integers() == [1, 2])
    #expect(try read("a,b\n1,").column("b").doubles()[0].isNaN)
  }

  @Test func `Latin-1 becomes UTF-8`() throws {
    var reader = DelimitedReader()
    reader.encoding = .latin1
    let bytes =
      Array("title\nCaf".utf8) + [0xE9] + Array(" Lumi".utf8) + [0xE8] + Array("re\n".utf8)
    let table = try reader.read(bytes: bytes)
    #expect(try table.column("title").texts() == ["Café Lumière"])
  }

  @Test func `columns are picked and named as in the chapter`() throws {
    let text = "1|Harbour (1951)|01-Jan-1951|0|1\n2|Lantern (1952)|01-Jan-1952|1|0\n"
    let table = try read(text) {
      $0.delimiter = "|"
      $0.hasHeader = false
      $0.columns = .positions([0, 1])
      $0.names = ["movie", "title"]
    }
    #expect(table.columnNames == ["movie", "title"])
    #expect(try table.column("title").texts() == ["Harbour (1951)", "Lantern (1952)"])
  }

  @Test func `columns are picked by name`() throws {
    let table = try read("a,b,c\n1,2,3\n") { $0.columns = .named(["c", "a"]) }
    #expect(table.columnNames == ["a", "c"])
  }

  @Test func `columns without names are called by position`() throws {
    let table = try read("1,2\n") { $0.hasHeader = false }
    #expect(table.columnNames == ["0", "1"])
  }

  @Test func `two characters can stand between fields`() throws {
    let rows = String(repeating: "1::Night: A Tale::3.5\n", count: 50)
    let table = try read(rows) {
      $0.delimiter = "::"
      $0.hasHeader = false
      $0.names = ["movie", "title", "x"]
    }
    #expect(table.rowCount == 50)
    #expect(try table.column("title").distinct().texts() == ["Night: A Tale"])
    #expect(try table.column("x").floats() == Array(repeating: 3.5, count: 50))
  }

  @Test(arguments: [
    "0", "7", "-7", "12345678", "123456789", "-123456789", "2147483647", "2147483648",
    "-2147483648", "999999999999999999", "9223372036854775807", "-9223372036854775808",
  ])
  func `whole numbers of every length survive`(_ number: String) throws {
    let text = "x,y,z\n\(number),2,3\n4,\(number),6\n7,8,\(number)\n" + padding
    let table = try read(text)
    let value = try #require(Int(number))
    for (row, column) in ["x", "y", "z"].enumerated() {
      #expect(try table.column(column).integers()[row] == value)
    }
  }

  @Test(arguments: [
    "0.5", "-0.5", "3.", ".5", "+2.5", "1e3", "-1.25E-2", "1234567.7654321", "0.1", "4.35",
    "12345678.5", "3.14159265358979", " 2.5 ", "100000000000000000000.0",
  ])
  func `decimal numbers are rounded as Swift rounds them`(_ number: String) throws {
    let table = try read("x,y,z\n\(number),2,3\n4,\(number),6\n" + padding) {
      $0.types = ["x": .doubles, "y": .doubles]
    }
    let trimmed = number.filter { $0 != " " }
    let value = try #require(Double(trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed))
    #expect(try table.column("x").doubles()[0] == value)
    #expect(try table.column("y").doubles()[1] == value)
  }

  @Test func `more than 256 different decimal numbers are kept`() throws {
    let values = (0..<1000).map { Double($0) / 8 }
    let column = try read("x\n" + values.map { "\($0)\n" }.joined()).column("x")
    #expect(try column.doubles() == values)
  }

  @Test func `a missing number makes a column decimal with nan`() throws {
    let column = try read("x,y\n1,1\n2,\n3,NA\n").column("y")
    #expect(try column.doubles().map(\.isNaN) == [false, true, true])
  }

  @Test func `words for infinity are numbers, as for pandas`() throws {
    let column = try read("x,y\n1,inf\n2,-Infinity\n3,+inf\n4,2.5\n").column("y")
    #expect(try column.doubles() == [.infinity, -.infinity, .infinity, 2.5])
    #expect(try read("x,y\n1,infix\n2,2\n").column("y").kind == .text)
  }

  @Test func `a header alone is a table without rows`() throws {
    let table = try read("a,b\n")
    #expect(table.rowCount == 0)
    #expect(table.columnNames == ["a", "b"])
  }

  @Test func `three numbers of a rating take seven bytes`() throws {
    let rows = (0..<1000).map { "\($0 + 1000),\($0 * 7),\(Double($0 % 10) / 2 + 0.5)\n" }
    let table = try read("user,movie,rating\n" + rows.joined())
    let byteCount = table.columns.map(\.byteCount).reduce(0, +)
    #expect(byteCount == 7080)
  }
}
