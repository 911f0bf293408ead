import Foundation
import CollabTables
import Testing

/// A merge that pandas has done in both orders; see `make_merges.py` next to the file.
struct RecordedMerge: Decodable, CustomTestStringConvertible {
  struct RecordedColumn: Decodable {
    let name: String
    let values: [RecordedValue]
  }

  enum RecordedValue: Decodable {
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .number(try container.decode(Double.self))
      }
    }
  }

  let name: String
  let left: [RecordedColumn]
  let right: [RecordedColumn]
  let on: [String]?
  let grouped: [RecordedColumn]
  let left_order: [RecordedColumn]

  var testDescription: String { name }

  static func all() throws -> [RecordedMerge] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/tables/merges.json")
    return try JSONDecoder().decode([RecordedMerge].self, from: Data(contentsOf: file))
  }

  /// Numbers become whole ones where all of a column are, as in `Column.integers`.
  static func table(_ columns: [RecordedColumn]) throws -> Table {
    try Table(
      columns.map { column in
        let texts = column.values.compactMap { value in
          if case .text(let text) = value { text } else { nil }
        }
        let numbers = column.values.compactMap { value in
          if case .number(let number) = value { number } else { nil }
        }
        if !texts.isEmpty { return Column(column.name, texts: texts) }
        return numbers.allSatisfy { $0 == $0.rounded() }
          ? Column(column.name, integers: numbers.map { Int($0) })
          : Column(column.name, doubles: numbers)
      })
  }
}

struct MergeTests {
  @Test(arguments: try RecordedMerge.all())
  func `rows come in the order of pandas`(_ recorded: RecordedMerge) throws {
    let left = try RecordedMerge.table(recorded.left)
    let right = try RecordedMerge.table(recorded.right)
    for (order, columns) in [(MergeOrder.grouped, recorded.grouped), (.left, recorded.left_order)] {
      let merged = try left.merge(right, on: recorded.on, order: order)
      let expected = try RecordedMerge.table(columns)
      #expect(merged.columnNames == expected.columnNames)
      #expect(merged.rowCount == columns.first?.values.count)
      for name in expected.columnNames where merged.rowCount > 0 {
        let column = try merged.column(name)
        if column.kind == .text {
          #expect(try column == expected.column(name))
        } else {
          #expect(try column.doubles() == expected.column(name).doubles())
        }
      }
    }
  }

  @Test func `tables that share no column cannot be merged`() throws {
    let left = try Table([Column("user", integers: [1]), Column("movie", integers: [1])])
    let right = try Table([Column("item", integers: [1]), Column("title", texts: ["Aria"])])
    let error = #expect(throws: TableError.self) { try left.merge(right) }
    #expect(
      error?.description
        == "the tables share no column: left has user, movie, right has item, title")
    #expect(throws: TableError.noColumn("movie", available: ["item", "title"])) {
      try left.merge(right, on: ["movie"])
    }
  }

  @Test func `numbers and text are no common key`() throws {
    let left = try Table([Column("movie", integers: [1])])
    let right = try Table([Column("movie", texts: ["1"])])
    let error = #expect(throws: TableError.self) { try left.merge(right) }
    #expect(
      error?.description
        == "cannot merge on `movie`: it holds whole numbers on the left and text on the right")
  }

  @Test func `tables of the same columns can be put below each other`() throws {
    let one = try Table([Column("n", integers: [1]), Column("t", texts: ["b"])])
    let other = try Table([Column("t", texts: ["a"]), Column("n", doubles: [0.5])])
    let both = try one.appending(other)
    #expect(try both.column("n").doubles() == [1, 0.5])
    #expect(try both.column("t").texts() == ["b", "a"])
  }
}
