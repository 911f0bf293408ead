internal import CollabTables

/// A file of ratings, and which of its columns are which.
struct RatingsFile {
  /// The path as the user wrote it, or as one would.
  let shown: String
  let file: DelimitedFile
  let columns: [ColumnRole: Int]
  /// The names in the first line; nil if there are none.
  let header: [String]?
  private let reader: DelimitedReader
  private let options: LoadOptions

  /// Looks at the first lines of a file.
  ///
  /// - Throws: `DataError.noRatingColumns` or `.matrix` if they do not tell user, item and rating.
  init(
    _ file: DelimitedFile, shownAs shown: String, options: LoadOptions
  ) throws(DataError) {
    self.shown = shown
    self.file = file
    self.options = options
    let (reader, rows) = try wrappingTableErrors { () throws(TableError) in
      let reader = try options.reader(for: file)
      return (reader, try reader.firstRows(of: file, count: 20))
    }
    self.reader = reader
    let first = rows[0]
    var columns = ColumnRole.positions(in: first)
    for (role, name) in [
      (ColumnRole.user, options.user), (.item, options.item), (.rating, options.rating),
    ] {
      guard let name else { continue }
      columns = columns.filter { first[$0.value] != name }
      guard let position = first.firstIndex(of: name) else {
        throw .table(.noColumn(name, available: first))
      }
      columns[role] = position
    }
    if columns[.user] != nil, columns[.rating] != nil,
      columns[.item] != nil || columns[.title] != nil
    {
      (self.columns, header) = (columns, first)
    } else if let matrix = RatingsMatrix(rows, reader: reader, shownAs: shown) {
      throw .matrix(file: file.name, lines: matrix.lines)
    } else if let matrix = RatingsMatrix(withoutHeader: rows, reader: reader) {
      throw .matrix(file: file.name, lines: matrix.lines)
    } else if let columns = Self.positions(rows, reader) {
      (self.columns, header) = (columns, nil)
    } else {
      throw .noRatingColumns(file: file.name, found: first, line: Self.proposal(rows, shown))
    }
  }

  /// User, item and rating by their places, in rows without a header.
  private static func positions(
    _ rows: [[String]], _ reader: DelimitedReader
  ) -> [ColumnRole: Int]? {
    // A number of stars cannot be a header.
    guard rows[0].count >= 3,
      reader.number(rows[0][2]) != nil
        || reader.missingWords.contains(rows[0][2])
          && rows[0].prefix(2).allSatisfy({ reader.number($0) != nil })
    else { return nil }
    var columns: [ColumnRole: Int] = [.user: 0, .item: 1, .rating: 2]
    if rows[0].count > 3 {
      columns[.timestamp] = 3
      // Seconds since 1970 are not stars.
      let isTime = { (position: Int) in
        rows.allSatisfy { $0.count > position && (reader.number($0[position]) ?? 0) > 1e8 }
      }
      if isTime(2), !isTime(3) { (columns[.rating], columns[.timestamp]) = (3, 2) }
    }
    return columns
  }

  /// A line to type that names the columns which are likely.
  private static func proposal(_ rows: [[String]], _ shown: String) -> String? {
    let header = rows[0]
    if header.count == 2, header.allSatisfy({ Double($0) == nil }) {
      // Who met what, and no more: a rating of 1 stands for that.
      return """
        met = read_csv \(quoted(shown)); met['rating'] = 1; \
        dataloaders met user=\(quoted(header[0])) item=\(quoted(header[1]))
        """
    }
    guard let guess = ColumnRole.guess(in: header, above: rows.dropFirst()),
      let user = guess[.user],
      let item = guess[.item], let rating = guess[.rating]
    else { return nil }
    return """
      load \(quoted(shown)) user=\(quoted(header[user])) item=\(quoted(header[item])) \
      rating=\(quoted(header[rating]))
      """
  }
}

// MARK: - Reading
extension RatingsFile {
  /// Reads the columns that are known, in the usual order and under the usual names.
  ///
  /// - Parameters:
  ///   - idsAreText: Whether items have ids of text, though they look like numbers.
  ///   - observer: is told how far reading has come, and may stop it.
  /// - Returns: one row a rating, and a sentence about rows that were left out.
  /// - Throws: `DataError.table` for a malformed row, even if such rows are to be left out and there
  ///   are no others.
  func read(
    idsAreText: Bool = false, _ observer: ReadObserver? = nil
  ) throws(DataError) -> (table: Table, skipped: String?) {
    var reader = reader
    let inFileOrder = columns.sorted { $0.value < $1.value }
    reader.hasHeader = header != nil
    reader.columns = .positions(inFileOrder.map(\.value))
    reader.names = inFileOrder.map(\.key.rawValue)
    reader.rowLimit = options.rowLimit
    for (role, position) in columns {
      let own = header.flatMap { options.types[$0[position]] }
      reader.types[role.rawValue] = own ?? options.types[role.rawValue]
    }
    reader.types[ColumnRole.rating.rawValue] = .numbers
    if columns[.title] != nil { reader.types[ColumnRole.title.rawValue] = .verbatim }
    if idsAreText { reader.types[ColumnRole.item.rawValue] = .text }
    let order: [ColumnRole] =
      columns[.item] == nil
      ? [.user, .title, .rating, .timestamp] : [.user, .item, .rating, .timestamp, .title]
    let wanted = order.filter { columns[$0] != nil }.map(\.rawValue)
    return try wrappingTableErrors { () throws(TableError) in
      let reading = try reader.reading(file, observer: observer)
      if reading.table.rowCount == 0, let first = reading.firstSkipped { throw first }
      return (try reading.table.select(wanted), reading.skippedSentence)
    }
  }

  /// What was decided about the file, unless it goes without saying.
  var decisions: String? {
    var parts: [String] = []
    let names = [(ColumnRole.user, "user"), (.item, "item"), (.rating, "rating")]
    if let header {
      let usual: Set = ["user", "userid", "item", "itemid", "movie", "movieid", "rating", "title"]
      let unusual = names.compactMap { role, name in
        columns[role].map { (name, header[$0]) }
      }.filter { !usual.contains(ColumnRole.plain($0.1)) || $0.1.contains(":") }
      if !unusual.isEmpty {
        parts.append(unusual.map { "\($0) is `\($1)`" }.joined(separator: ", "))
      }
    } else {
      let order = names.compactMap { role, name in columns[role].map { (name, $0) } }
        .sorted { $0.1 < $1.1 }.map(\.0)
      parts.append("no header: the columns are taken for \(order.joined(separator: ", "))")
    }
    switch reader.delimiter {
    case ",", "\t", "::": break
    case DelimitedReader.blanks: parts.append("separated by blanks")
    default: parts.append("separated by `\(reader.delimiter)`")
    }
    if reader.encoding == .latin1 || reader.encoding == .automatic && !file.isUTF8 {
      parts.append("Latin-1")
    }
    return parts.isEmpty ? nil : "\(file.name): \(parts.joined(separator: " · "))"
  }
}

extension DelimitedReader {
  /// The number that a field holds, if it is one.
  func number(_ field: String) -> Double? {
    Double(usesDecimalComma ? String(field.map { $0 == "," ? "." : $0 }) : field)
  }
}

/// A text between quotation marks, as it is typed.
func quoted(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "\t": result += "\\t"
    case "\n": result += "\\n"
    case "\\": result += "\\\\"
    case "'": result += "\\'"
    default: result.append(character)
    }
  }
  return "'\(result)'"
}
