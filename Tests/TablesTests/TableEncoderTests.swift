import CollabTables
import Testing

struct TableEncoderTests {
  private static let table = Table(equallyLong: [
    Column("id", integers: [1, -20, 3]),
    Column("a \"title\"", texts: ["Kolya, Le (1996)", nil, ""]),
    Column("x", doubles: [0.1, .nan, 1e-7]),
  ])

  private func text(_ format: TableEncoder.Format, _ tables: [Table]) -> String {
    var encoder = TableEncoder(format)
    let bytes = tables.flatMap { encoder.bytes(of: $0) } + encoder.end()
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let delimited = [
    #"id,"a ""title""",x"#, #"1,"Kolya, Le (1996)",0.1"#, "-20,,", #"3,"",1e-07"#, "",
  ]
  private static let tabbed = [
    "id\t\"a \"\"title\"\"\"\tx", "1\tKolya, Le (1996)\t0.1", "-20\t\t", "3\t\"\"\t1e-07", "",
  ]
  private static let objects = [
    #"{"id":1,"a \"title\"":"Kolya, Le (1996)","x":0.1}"#,
    #"{"id":-20,"a \"title\"":null,"x":null}"#, #"{"id":3,"a \"title\"":"","x":1e-07}"#,
  ]
  private static let markdown = [
    #"| id | a "title" | x |"#, "|--:|---|--:|", "| 1 | Kolya, Le (1996) | 0.1 |", "| -20 |  |  |",
    "| 3 |  | 1e-07 |", "",
  ]
  private static let expected: [(TableEncoder.Format, [String])] = [
    (TableEncoder.Format.delimited(by: ","), delimited),
    (TableEncoder.Format.delimited(by: "\t"), tabbed),
    (TableEncoder.Format.json, ["[" + objects.joined(separator: ",") + "]", ""]),
    (TableEncoder.Format.jsonLines, objects + [""]),
    (TableEncoder.Format.markdown, markdown),
  ]

  @Test(arguments: expected)
  func `rows are written in each format, also in parts`(
    _ format: TableEncoder.Format, _ lines: [String]
  ) {
    let (table, expected) = (Self.table, lines.joined(separator: "\n"))
    #expect(text(format, [table]) == expected)
    #expect(
      text(format, [table.rows(at: [0]), table.rows(at: []), table.rows(at: [1, 2])]) == expected)
  }

  @Test func `a table without rows has its names`() {
    let empty = Self.table.rows(at: [])
    #expect(text(.delimited(by: ","), [empty]) == "id,\"a \"\"title\"\"\",x\n")
    #expect(text(.json, [empty]) == "[]\n")
    #expect(text(.jsonLines, [empty]).isEmpty)
  }

  @Test func `what is written is read again`() throws {
    let texts = [
      "plain", "a, b", "He said \"no\"", "two\nlines", "cr\rhere", " edge ", "Amélie 漢字 🎬", "", nil,
      "a;b\tc", "\"", "|",
    ]
    let numbers = [
      0.1, 1.0 / 3, 1e300, -.leastNonzeroMagnitude, .infinity, -.infinity, .nan, 3, 2.5, 1e21, 7,
      123456.789,
    ]
    let table = try Table([
      Column("n", integers: texts.indices.map { $0 * 1_000_003 - 5 }), Column("text", texts: texts),
      Column("number", doubles: numbers),
    ])
    for separator in [",", "\t", ";"] as [Unicode.Scalar] {
      var reader = DelimitedReader()
      reader.delimiter = String(separator)
      let read = try reader.read(
        text: text(.delimited(by: separator), [table]), named: "a.csv")
      #expect(read.columnNames == table.columnNames)
      #expect(try read.column("n") == table.column("n"))
      #expect(
        try read.column("number").doubles().map(\.bitPattern)
          == numbers.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern })
      // A reader takes an empty text for a missing one.
      #expect(try read.column("text").texts().map { $0 ?? "" } == texts.map { $0 ?? "" })
    }
  }

  @Test func `a missing value alone on its line is no empty line`() {
    let table = Table(equallyLong: [Column("x", doubles: [1, .nan])])
    #expect(text(.delimited(by: ","), [table]) == "x\n1.0\n\"\"\n")
  }

  @Test func `texts of JSON and Markdown are escaped`() {
    let table = Table(equallyLong: [Column("t", texts: ["a\"b\\c\n\t\u{1}é|"])])
    #expect(text(.jsonLines, [table]) == #"{"t":"a\"b\\c\n\t\u0001é|"}"# + "\n")
    #expect(text(.markdown, [table]) == "| t |\n|---|\n| a\"b\\\\c \t\u{1}é\\| |\n")
  }
}
