import CollabTables
import Testing

/// Files whose bytes come one after the other, of which a few are kept at a time.
struct BlockReadingTests {
  /// Bytes that come in small parts.
  private final class Bytes: ByteSource {
    private var rest: ArraySlice<UInt8>
    /// What is thrown instead of the end.
    private let failure: TableError?

    init(_ bytes: [UInt8], _ failure: TableError? = nil) {
      (rest, self.failure) = (bytes[...], failure)
    }

    func read(into bytes: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
      if rest.isEmpty, let failure { throw failure }
      let part = rest.prefix(min(bytes.count, 37))
      bytes.copyBytes(from: part)
      rest = rest.dropFirst(part.count)
      return part.count
    }
  }

  private func file(
    _ bytes: [UInt8], blockBytes: Int, failure: TableError? = nil
  ) throws(TableError) -> DelimitedFile {
    try DelimitedFile(named: "x.csv", blockBytes: blockBytes) { Bytes(bytes, failure) }
  }

  /// Whether a text reads the same block by block as in one piece, for blocks of several sizes.
  private func readsAlike(_ text: String, _ reader: DelimitedReader = DelimitedReader()) throws
    -> Bool
  {
    let whole = try reader.reading(file(Array(text.utf8), blockBytes: 1 << 20))
    return try [64, 101, 256, 1000].allSatisfy { size in
      let file = try file(Array(text.utf8), blockBytes: size)
      guard file.isStreamed else { return false }
      return try shown(reader.reading(file)) == shown(whole)
    }
  }

  /// All of a reading as text: a number that is missing is not equal to itself.
  private func shown(_ reading: DelimitedReading) -> String {
    let table = reading.table
    let rows = (0..<table.rowCount).map { "\(table.row($0))" }
    let kinds = table.columns.map { "\($0.name) \($0.kind)" }
    return "\(kinds) \(reading.leaks) \(reading.skippedRowCount) \(rows)"
  }

  private func rows(_ count: Int, _ row: (Int) -> String) -> String {
    "user,item,rating\n" + (0..<count).map { row($0) + "\n" }.joined()
  }

  @Test func `blocks give what the whole text gives`() throws {
    #expect(try readsAlike(rows(500) { "\($0 % 60),\($0 % 7),\(Double($0 % 9) / 2)" }))
    #expect(try readsAlike(rows(500) { "\($0 * 70_000),t\($0 % 7),\($0 % 9)" }))
    #expect(try readsAlike("\u{FEFF}" + rows(300) { "\($0),\($0),\($0)" }))
    #expect(try readsAlike(rows(300) { "\($0),\($0),\($0)" }.replacing("\n", with: "\r\n")))
    // The last line has no end, and some are blank.
    #expect(try readsAlike(rows(300) { $0 % 5 == 0 ? "" : "\($0),a,1" } + "7,b,2"))
  }

  @Test func `rows whose fields hold line breaks are not cut`() throws {
    #expect(try readsAlike(rows(200) { "\($0),\"a\nb \"\"\($0 % 3)\"\" \",\($0 % 5)" }))
    // One is longer than a block.
    let long = String(repeating: "long\n", count: 400)
    #expect(try readsAlike(rows(100) { "\($0),\"\($0 == 50 ? long : "x")\",1" }))
  }

  @Test func `a late word, gap or fraction changes the kind of the whole column`() throws {
    #expect(try readsAlike(rows(400) { "\($0 == 390 ? "x" : "\($0)"),2,\($0 == 370 ? "" : "3")" }))
    #expect(
      try readsAlike(
        rows(400) { "00\($0 % 9),\($0 == 380 ? "a" : "007"),\($0 == 370 ? "0.5" : "3")" }))
    // 2⁵³ + 1 is no decimal number, and there are gaps and words: text, as it is written.
    #expect(
      try readsAlike(
        rows(400) { "\($0 == 10 ? "9007199254740993" : "1"),\($0 == 390 ? "" : "1"),2" }))
    #expect(
      try readsAlike(
        rows(400) { "\($0 == 10 ? "9007199254740993" : $0 == 390 ? "" : "1"),5000000000,2" }))
    // More than 256 different numbers.
    #expect(try readsAlike(rows(700) { "\(Double($0) / 8),\($0 < 600 ? 1 : 300),2" }))
  }

  @Test func `rows that are left out and rows that are wanted are counted over all blocks`() throws
  {
    var reader = DelimitedReader()
    reader.skipsBadRows = true
    let text = rows(400) { $0 % 90 == 89 ? "\($0)" : "\($0),1,2" }
    #expect(try readsAlike(text, reader))
    #expect(try reader.reading(file(Array(text.utf8), blockBytes: 128)).skippedRowCount == 4)
    reader.rowLimit = 150
    #expect(try readsAlike(text, reader))
  }

  @Test func `a mistake is told by its line in the whole file`() throws {
    let text = rows(400) { $0 == 333 ? "1,2" : "\($0),1,2" }
    do {
      _ = try DelimitedReader().reading(file(Array(text.utf8), blockBytes: 100))
      Issue.record("the row has two fields")
    } catch {
      #expect(error.place?.line == 335)
    }
  }

  @Test func `a late byte that is no UTF-8 makes all of it Latin-1`() throws {
    var bytes = Array(rows(200) { "\($0),caf,1" }.utf8)
    bytes += Array("1,caf".utf8) + [0xE9] + Array(",2\n".utf8)
    var reader = DelimitedReader()
    reader.encoding = .automatic
    let streamed = try file(bytes, blockBytes: 128)
    #expect(streamed.isUTF8)
    let reading = try reader.reading(streamed)
    #expect(!streamed.isUTF8)
    #expect(try reading.table.column("item").texts().last == "café")
    #expect(try reading == reader.reading(file(bytes, blockBytes: 1 << 20)))
  }

  @Test func `what has two bytes a letter or other ends of lines is kept as a whole`() throws {
    let text = rows(100) { "\($0),1,2" }
    var wide: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let old = Array(text.replacing("\n", with: "\r").utf8)
    let whole = try DelimitedReader().read(text: text)
    for bytes in [wide, old] {
      let file = try file(bytes, blockBytes: 64)
      #expect(!file.isStreamed)
      #expect(try DelimitedReader().reading(file).table == whole)
    }
  }

  @Test func `a source that fails in the middle gives nothing`() throws {
    let failure = TableError.notUnpacked("x.csv.gz", reason: "unexpected end")
    let bytes = Array(rows(400) { "\($0),1,2" }.utf8)
    #expect(throws: failure) {
      try DelimitedReader().reading(file(bytes, blockBytes: 128, failure: failure))
    }
    #expect(throws: TableError.interrupted) {
      try DelimitedReader().reading(file(bytes, blockBytes: 128)) { _, _ in false }
    }
  }
}
