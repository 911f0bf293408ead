internal import CollabTables

/// A table with a row a user and a column an item, which `melt` turns into ratings.
struct RatingsMatrix {
  /// What to type to get ratings.
  let lines: [String]

  /// The matrix of rows without a header, which lacks names for its items, if they are one: many
  /// columns of small numbers, of which the first may name users.
  init?(withoutHeader rows: [[String]], reader: DelimitedReader) {
    guard rows.count >= 2, rows[0].count >= 6, rows.allSatisfy({ $0.count == rows[0].count }),
      Self.holdsRatings(rows, reader)
    else { return nil }
    lines = ["write the names of users in the first column, and those of items in the first line"]
  }

  /// Recognises a matrix by its first rows: nobody occurs twice, every cell is empty or a small number,
  /// and no column but the first has a name that users, items or ratings have.
  init?(_ rows: [[String]], reader: DelimitedReader, shownAs shown: String) {
    guard rows.count >= 3, rows[0].count >= 4,
      ColumnRole.positions(in: Array(rows[0].dropFirst())).isEmpty
    else { return nil }
    let body = rows.dropFirst().filter { $0.count == rows[0].count }
    guard body.count >= 2, Set(body.map { $0[0] }).count == body.count else { return nil }
    // Few columns without a gap may be anything, unless their names are ids.
    let hasGap = body.joined().contains(where: reader.missingWords.contains)
    let namesAreIDs = rows[0].dropFirst().allSatisfy { reader.number($0) != nil }
    guard Self.holdsRatings(Array(body), reader), hasGap || namesAreIDs || rows[0].count >= 6 else {
      return nil
    }
    let user = rows[0][0].isEmpty ? "Unnamed: 0" : rows[0][0]
    var reading = "t = read_csv \(quoted(shown))"
    if reader.delimiter != "," { reading += " delimiter=\(quoted(reader.delimiter))" }
    if reader.encoding == .latin1 { reading += " encoding=latin-1" }
    if reader.usesDecimalComma { reading += " decimal=','" }
    lines = [
      reading,
      "t = t.melt(id_vars=\(quoted(user)), var_name='item', value_name='rating').dropna()",
      "dataloaders t user=\(quoted(user)) item='item' rating='rating'",
    ]
  }

  /// Whether every cell behind the first column is empty or one of a few small numbers.
  private static func holdsRatings(_ rows: [[String]], _ reader: DelimitedReader) -> Bool {
    var values: Set<Double> = []
    for cell in rows.joined().enumerated() where cell.offset % rows[0].count > 0 {
      if reader.missingWords.contains(cell.element) { continue }
      guard let value = reader.number(cell.element), abs(value) <= 100 else { return false }
      values.insert(value)
    }
    return (1...25).contains(values.count)
  }
}
