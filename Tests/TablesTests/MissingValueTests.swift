import Glibc
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

/// What is missing in a file, and what numbers become that a column cannot hold; as pandas 2.3.3
/// except where a digit would be lost.
struct MissingValueTests {
  @Test(arguments: DelimitedReader.usualMissingWords.sorted())
  func `a missing word leaves numbers numbers`(word: String) throws {
    let rating = try read("user,rating\n1,3\n2,\(word)\n3,5\n").column("rating")
    #expect(rating.kind == .doubles)
    #expect(rating.missingRows == [1])
    #expect(rating.value(at: 2) == .double(5))
  }

  @Test(arguments: DelimitedReader.usualMissingWords.sorted())
  func `a missing word is no text`(word: String) throws {
    let user = try read("user,rating\nana,3\n\(word),4\n\"\(word)\",2\n").column("user")
    #expect(try user.texts() == ["ana", nil, nil])
    #expect(user.coded().levels.count == 1)
  }

  @Test func `titles may be called Null`() throws {
    let title = try read("title,n\nNull,1\nNone,2\n,3\n") { $0.types = ["title": .verbatim] }
      .column("title")
    #expect(try title.texts() == ["Null", "None", nil])
  }

  @Test func `words can be added and left out`() throws {
    let added = try read("a\n1\n?\nNA\n") { $0.missingWords.insert("?") }.column("a")
    #expect(added.kind == .doubles)
    #expect(added.missingRows == [1, 2])
    let only = try read("a,b\n1,x\n?,NA\n") { $0.missingWords = ["?"] }
    #expect(try only.column("a").missingRows == [1])
    #expect(try only.column("b").texts() == ["x", "NA"])
  }

  @Test func `missing ids late in a file are noticed`() throws {
    let many = String(repeating: "1,2\n", count: 500)
    let table = try read("a,b\n" + many + ",3\n" + many)
    #expect(try table.column("a").missingRows == [500])
    #expect(try table.column("a").doubles()[1000] == 1)
  }

  @Test(arguments: ["76561198000000008", "-9007199254740993"])
  func `large ids beside missing ones keep their digits as text`(id: String) throws {
    for text in ["id,n\n\(id),1\n,2\n7,3\n", "id,n\n,1\n\(id),2\n7,3\n"] {
      let column = try read(text).column("id")
      #expect(Set(try column.texts()) == [id, nil, "7"])
    }
    let small = try read("id,n\n9007199254740992,1\n,2\n").column("id")
    #expect(small.value(at: 0) == .double(9_007_199_254_740_992))
  }

  @Test(arguments: ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
  func `ids beyond 64 bits are text as they are written`(id: String) throws {
    let column = try read("id,n\n1,3\n\(id),4\n007,1\n").column("id")
    #expect(try column.texts() == ["1", id, "007"])
  }

  @Test func `large numbers beside decimal ones are decimal`() throws {
    for text in ["x\n9007199254740993\n\"\"\n0.5\n", "x\n0.5\n\"\"\n9007199254740993\n"] {
      #expect(try read(text).column("x").kind == .doubles)
    }
  }

  @Test func `what made a column text is told by word and line`() throws {
    let many = String(repeating: "1,2\n", count: 150)
    let path = try temporaryFile("a,b\n" + many + "x,unknown\n\n2,n/a\n")
    defer { unlink(path) }
    let leaks = try DelimitedReader().reading(path).leaks
    #expect(
      leaks == [
        TextLeak(column: "a", reason: .word("x", line: 152)),
        TextLeak(column: "b", reason: .word("unknown", line: 152)),
      ])
  }

  @Test func `titles that are no numbers are no leak`() throws {
    let path = try temporaryFile("id,title\n1,1984\n2,Brazil\n3,Heat\n")
    defer { unlink(path) }
    #expect(try DelimitedReader().reading(path).leaks == [])
  }
}

struct HeaderTests {
  @Test(arguments: [
    ("a,,b,", ["a", "Unnamed: 1", "b", "Unnamed: 3"]), ("a,a,a", ["a", "a.1", "a.2"]),
    ("a,a,a.1", ["a", "a.2", "a.1"]),
  ])
  func `names that are empty or there already are called as in pandas`(
    header: String, names: [String]
  ) throws {
    let row = names.map { _ in "1" }.joined(separator: ",")
    #expect(try read(header + "\n" + row + "\n").columnNames == names)
  }

  @Test func `blanks of any number separate fields`() throws {
    let table = try read("    8   7   2.5\n   25\t3  1.5 \r\n\n 1 2 \"a b\"") {
      $0.delimiter = DelimitedReader.blanks
      $0.hasHeader = false
    }
    #expect(try table.column("0").integers() == [8, 25, 1])
    #expect(try table.column("2").texts() == ["2.5", "1.5", "a b"])
  }

  @Test func `a comma may stand before decimals`() throws {
    let table = try read("a;b\n1;3,5\n2;4\n3;-0,25\n") {
      $0.delimiter = ";"
      $0.usesDecimalComma = true
    }
    #expect(try table.column("b").doubles() == [3.5, 4, -0.25])
  }

  @Test func `the first rows may be enough`() throws {
    let table = try read("a\n1\n2\nx\n") { $0.rowLimit = 2 }
    #expect(try table.column("a").integers() == [1, 2])
    #expect(try read("a\n1\n") { $0.rowLimit = 0 }.rowCount == 0)
  }

  @Test(arguments: [
    ("1\t2\t3\n4\t5\t6\n", "\t"), ("1::a,b::3\n4::c::6\n", "::"), ("1;2,5;3\n4;5;6\n", ";"),
    ("1|2|3\n", "|"), ("1,2,3\n4,5\n4,5,6\n4,5,6\n4,5,6\n", ","),
    (" 1  2   3\n44  5   6\n", DelimitedReader.blanks), ("a b\n", DelimitedReader.blanks),
    ("one\ntwo\n", ","),
  ])
  func `the delimiter is found`(text: String, delimiter: String) throws {
    let path = try temporaryFile(text)
    defer { unlink(path) }
    #expect(try DelimitedReader.sniffDelimiter(of: DelimitedFile(path)) == delimiter)
  }
}
