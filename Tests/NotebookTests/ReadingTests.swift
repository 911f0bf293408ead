import Collab
import TestSupport
import Testing

/// `load` and `read_csv` with what people have.
struct ReadingTests {
  /// What the last input prints, in a folder with files.
  private func answer(_ files: [String: String], _ inputs: String...) throws -> [String] {
    let folder = try TemporaryFolder()
    for (name, text) in files { folder.write(name, text) }
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    return withExtendedLifetime(folder) { inputs.map(conversation.type).last ?? [] }
  }

  private static let zeros = ["z.csv": "user,item,rating\n007,3,4\n7,4,?\n"]

  @Test(arguments: [
    "read_csv z.csv dtype={'user': str}", "read_csv z.csv dtype={'user':'str'}",
    "read_csv('z.csv', dtype={'user': str})", "t = read_csv z.csv dtype=str; t",
    "read_csv('z.csv', dtype=str)", "read_csv('z.csv', sep=',', dtype=str)",
    "read_csv z.csv dtype=str sep=','",
  ])
  func `leading zeros stay if columns are to be text`(statement: String) throws {
    let lines = try answer(Self.zeros, statement)
    #expect(lines[1].hasPrefix("0  007 "))
  }

  @Test(arguments: [
    "read_csv z.csv na_values=['?']", "read_csv z.csv na_values='?'",
    "load z.csv na_values=['?']; ratings",
  ])
  func `missing words can be added`(statement: String) throws {
    let lines = try answer(Self.zeros, statement)
    #expect(lines.contains { $0.hasPrefix("1     7") && $0.hasSuffix("NaN") })
  }

  @Test func `rows that load leaves out are counted, and are not all`() throws {
    let mixed = ["m.csv": "user,item,rating\n1,2,3\n1,3,bad\n2,2,4,5\n"]
    let lines = try answer(mixed, "load m.csv skip_bad=true")
    #expect(lines.first == "m.csv · 1 rating · 1 user · 1 movie")
    #expect(
      lines.dropFirst().first?.hasPrefix("malformed rows were left out: 2; the first: m.csv:3")
        == true)
    let none = ["m.csv": "user,item,rating\n1,2,True\n1,3,False\n"]
    #expect(
      try answer(none, "load m.csv skip_bad=true").contains(
        "error[bad-row]: m.csv:2: expected a number in column `rating`, found `True`"))
  }

  @Test func `columns with a colon in their names need no quotes`() throws {
    let header = "user_id:token\titem_id:token\trating:float\n"
    let rows = (0..<10).map { "\($0 % 3)\t\($0)\t4\n" }.joined()
    let lines = try answer(
      ["r.inter": header + rows], "t = read_csv r.inter sep='\\t'",
      "dataloaders t user=user_id:token item=item_id:token rating=rating:float bs=4")
    #expect(lines.first?.hasSuffix("item_ids · batches of 4") == true)
  }

  @Test func `rows and words are limited`() throws {
    #expect(try answer(Self.zeros, "t = read_csv z.csv nrows=1; t.shape") == ["(1, 3)"])
    let kept = ["k.csv": "a,b\nNA,1\nx,2\n"]
    #expect(
      try answer(kept, "t = read_csv k.csv keep_default_na=false; t.a.tolist()") == ["['NA', 'x']"])
  }

  @Test func `what proposals say can be typed`() throws {
    let folder = try TemporaryFolder()
    folder.write("sub/mine.csv", "when;what;who;how:float\nx;3;1;3,5\ny;4;1;2\n")
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    let help = conversation.mistake(["load sub/mine.csv"]).last ?? ""
    #expect(
      help == "help: load 'sub/mine.csv' user='who' item='what' rating='how:float'")
    let lines = conversation.type(String(help.dropFirst("help: ".count)))
    #expect(lines.first == "mine.csv · 2 ratings · 1 user · 2 movies")
  }

  @Test func `a matrix melts`() throws {
    let lines = try answer(
      ["m.csv": "user,a,b\n1,5,\n2,4,3\n"], "t = read_csv m.csv",
      "t.melt(id_vars='user', var_name='item', value_name='rating')")
    #expect(
      lines == [
        "   user  item  rating", "0     1  a        5.0", "1     2  a        4.0",
        "2     1  b        NaN", "3     2  b        3.0", "4 rows × 3 columns",
      ])
  }

  @Test func `fields in one column get a hint`() throws {
    let lines = try answer(["s.csv": "a;b\n1;2\n"], "read_csv s.csv")
    #expect(lines.first == "there is one column; delimiter=';' would give more")
    let blanks = try answer(
      ["b.txt": "  1   2\n 10  20\n"], "read_csv b.txt delimiter='\\s+' header=none")
    #expect(blanks.last == "2 rows × 2 columns")
  }

  @Test func `ids beyond any number are said to be text`() throws {
    let lines = try answer(["l.csv": "id,n\n18446744073709551616,1\n2,2\n"], "read_csv l.csv")
    #expect(lines.joined(separator: " ").hasPrefix("column `id` holds text: as numbers, some"))
    #expect(lines.contains { $0.contains("18446744073709551616") })
  }
}
