import Glibc
import CollabTables
import Testing

/// The error of reading text, or nothing if it is read.
private func failure(
  _ text: String, _ change: (inout DelimitedReader) -> Void = { _ in }
) -> TableError? {
  var reader = DelimitedReader()
  change(&reader)
  do {
    _ = try reader.read(text: text, named: "u.data")
    return nil
  } catch {
    return error
  }
}

private func ratings(_ reader: inout DelimitedReader) {
  reader.delimiter = "\t"
  reader.hasHeader = false
  reader.names = ["user", "movie", "rating", "timestamp"]
}

struct ReaderErrorTests {
  @Test func `a short row is named by file, line and counts`() {
    let good = String(repeating: "196\t242\t3\t900000001\n", count: 1040)
    let error = failure(good + "186\t302\t3\n" + good, ratings)
    #expect(error?.description == "u.data:1041: expected 4 tab-separated fields, found 3")
    #expect(error?.code == "bad-row")
    #expect(error?.place?.text == "186\t302\t3")
    #expect(error?.help == "skip_bad=true leaves such rows out")
  }

  @Test(arguments: ["a,b\n1,2,\n3,4\n", "a,b\n1,2,,,\n3,4,\"\"\n", "a,b\n1,2\n3,4,"])
  func `empty fields behind the last column are nothing`(text: String) throws {
    let table = try DelimitedReader().read(text: text, named: "u.data")
    #expect(table.columnNames == ["a", "b"])
    #expect(table.row(0) == [.integer(1), .integer(2)])
    #expect(table.row(1) == [.integer(3), .integer(4)])
    #expect(failure("a,b\n1,2,,3\n")?.description.hasSuffix("found 4") == true)
  }

  @Test func `a wrong delimiter shows in the first line`() {
    let error = failure("196\t242\t3\t900000001\n") {
      ratings(&$0)
      $0.delimiter = ","
    }
    #expect(error?.description == "u.data:1: expected 4 comma-separated fields, found 1")
  }

  @Test func `blank lines count as lines`() {
    let error = failure("a,b\n\n\n1,2\n\n1,2,3\n")
    #expect(error?.description == "u.data:6: expected 2 comma-separated fields, found 3")
  }

  @Test func `a word in a column of numbers is named`() {
    let error = failure("user,rating\n1,3\n2,three\n") { $0.types = ["rating": .numbers] }
    #expect(
      error?.description == "u.data:3: expected a number in column `rating`, found `three`")
    let other = failure("user,rating\n1,3\n2,3.5\n") { $0.types = ["rating": .integers] }
    #expect(
      other?.description == "u.data:3: expected a whole number in column `rating`, found `3.5`")
    let missing = failure("user,rating\n1,3\n2,\n") { $0.types = ["rating": .integers] }
    #expect(
      missing?.description == "u.data:3: expected a whole number in column `rating`, found ``")
  }

  @Test func `a number beyond 64 bits is no whole number`() {
    let error = failure("user,rating\n1,3\n9223372036854775808,4\n") {
      $0.types = ["user": .integers]
    }
    #expect(
      error?.description
        == "u.data:3: the number 9223372036854775808 in column `user` does not fit in 64 bits")
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    let bytes = Array("movie,title\n1,Caf".utf8) + [0xE9] + Array("\n".utf8)
    #expect(
      throws: TableError.badEncoding(
        SourcePlace(file: "x", line: 2, text: "1,Caf\u{FFFD}"), column: "title")
    ) {
      try DelimitedReader().read(bytes: bytes, named: "x")
    }
  }

  @Test func `a quotation that never ends is named by its line`() {
    let error = failure("a,b\n1,x\n2,\"y\n3,z\n")
    #expect(error?.description == "u.data:3: a quoted field is never closed")
  }

  @Test func `a long line is cut`() {
    let error = failure("a,b\n" + String(repeating: "x", count: 200) + "\n")
    #expect(error?.place?.text == String(repeating: "x", count: 79) + "…")
  }

  @Test(arguments: ["", "\n\n", "  \n", "\u{FEFF}"])
  func `an empty file is refused`(_ text: String) {
    #expect(failure(text)?.description == "u.data: the file is empty")
  }

  @Test func `binary files are refused`() {
    #expect(failure("a,b\n1,\0\n")?.description == "u.data: not a text file")
    #expect(
      failure("PK\u{3}\u{4}rest")?.description
        == "u.data: not a text file (it looks like a zip archive; unpack it first)")
    let late = "a,b\n" + String(repeating: "1,x\n", count: 2000)
    #expect(
      failure(late + "1,\0\n" + late)?.description
        == "u.data:2002: expected text in column `b`, found `\0`")
  }

  @Test func `bad rows are left out and counted if asked`() throws {
    var reader = DelimitedReader()
    reader.skipsBadRows = true
    reader.types = ["user": .integers, "rating": .numbers]
    let path = try temporaryFile("user,rating\n1,3\n2\n3,x\n4,5\n5,4,3\n6,\"1\n7,2\n")
    defer { unlink(path) }
    let reading = try reader.reading(path)
    #expect(try reading.table.column("user").integers() == [1, 4, 7])
    #expect(try reading.table.column("rating").integers() == [3, 5, 2])
    #expect(reading.skippedRowCount == 4)
    #expect(
      reading.firstSkipped?.description.hasSuffix(":3: expected 2 comma-separated fields, found 1")
        == true)
  }

  @Test(arguments: ["", "abc", "\"", "\n", "é"])
  func `not everything can separate fields`(_ delimiter: String) {
    #expect(failure("a,b\n1,2\n") { $0.delimiter = delimiter } == .badDelimiter(delimiter))
  }

  @Test func `a missing file, a folder and a missing column are named`() {
    let reader = DelimitedReader()
    #expect(throws: TableError.noFile("/nowhere/u.data")) { try reader.read("/nowhere/u.data") }
    #expect(throws: TableError.isFolder("/")) { try reader.read("/") }
    #expect(TableError.noFile("a/u.data").description == "no file `a/u.data`")
    #expect(TableError.isFolder("a").description == "`a` is a folder, not a file")
    #expect(
      failure("a,b\n1,2\n") { $0.columns = .named(["c"]) }?.description
        == "there is no column `c`; the columns are a, b")
    #expect(
      failure("a,b\n1,2\n") { $0.columns = .positions([2]) }?.description
        == "there is no column at position 2; the rows have 2 fields, counted from 0")
    #expect(
      failure("a,b\n1,2\n") { $0.names = ["x"] }?.description
        == "u.data: 1 names for 2 columns")
    #expect(
      failure("a,b\n1,2\n") { $0.names = ["a", "a"] }?.description
        == "two columns are named `a`")
    #expect(
      failure("1,2\n") {
        $0.hasHeader = false
        $0.names = []
      }?.description == "u.data: 0 names for 2 columns")
  }
}
