import CollabTables
import Testing
import CollabThreading

/// Large files are read in pieces, one a thread, and nobody can tell.
struct PieceTests {
  private static let rowCount = 400_000

  /// Some megabytes of ratings; `change` may rewrite a line.
  private static func text(
    ending: String = "\n", _ change: (Int, String) -> String = { $1 }
  ) -> String {
    var text = "user,title,rating,time" + ending
    for row in 0..<rowCount {
      let line = "\(row % 997),film \(row % 613 * 7),\(Double(row % 11) / 2),\(row * 4001)"
      text += change(row, line) + ending
    }
    return text
  }

  private static func read(
    _ text: String, threads: Int, _ reader: DelimitedReader = DelimitedReader()
  ) throws -> Table {
    try Threads.$current.withValue(Threads(threads)) {
      try reader.read(text: text, named: "large.csv")
    }
  }

  /// The mistake that reading ends with.
  private static func mistake(_ text: String, threads: Int) -> TableError? {
    do {
      _ = try read(text, threads: threads)
      return nil
    } catch {
      return error as? TableError
    }
  }

  @Test(arguments: ["\n", "\r\n"])
  func `any number of threads reads the same table`(ending: String) throws {
    let text = Self.text(ending: ending)
    let one = try Self.read(text, threads: 1)
    #expect(one.rowCount == Self.rowCount)
    for threads in [2, 3, 5] { #expect(try Self.read(text, threads: threads) == one) }
  }

  @Test(arguments: [
    "1,film,2.25,5", "1,film,2.5,9000000000000", "x,film,2.5,7", "1,Émile,-3,7",
  ])
  func `an unusual row in a later piece counts for all`(line: String) throws {
    let text = Self.text { $0 == 390_000 ? line : $1 }
    #expect(try Self.read(text, threads: 3) == Self.read(text, threads: 1))
  }

  @Test func `more decimal numbers than a byte holds may come from several pieces`() throws {
    let text = Self.text { row, line in
      row % 1000 == 0 ? "1,film,\(Double(row / 1000) / 8),3" : line
    }
    let table = try Self.read(text, threads: 4)
    #expect(table == (try Self.read(text, threads: 1)))
    #expect(try table.column("rating").doubles()[399_000] == 399.0 / 8)
  }

  @Test func `the first mistake is the one that is told`() throws {
    let text = Self.text { [250_000, 390_000].contains($0) ? "1,2" : $1 }
    let one = try #require(Self.mistake(text, threads: 1))
    #expect(Self.mistake(text, threads: 3) == one)
    #expect("\(one)".contains("250002"))
  }

  @Test func `rows that are left out are counted over all pieces`() throws {
    let text = Self.text { $0 % 100_000 == 7 ? "1,2" : $1 }
    var reader = DelimitedReader()
    reader.skipsBadRows = true
    #expect(try Self.read(text, threads: 3, reader) == Self.read(text, threads: 1, reader))
    #expect(try Self.read(text, threads: 3, reader).rowCount == Self.rowCount - 4)
  }

  @Test func `a file with line breaks between quotation marks is read in one piece`() throws {
    let text = Self.text { $0 % 50_000 == 3 ? "1,\"two\nlines\",3,4" : $1 }
    #expect(try Self.read(text, threads: 4) == Self.read(text, threads: 1))
  }
}
