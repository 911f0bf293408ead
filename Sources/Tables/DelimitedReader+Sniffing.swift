// MARK: - Looking before reading
extension DelimitedReader {
  /// The fields of the first lines that are not blank, be the first one a header or not.
  ///
  /// - Throws: `TableError` if the file is no text, or a quoted field of its first line never ends.
  public func firstRows(
    of file: DelimitedFile, count: Int
  ) throws(TableError) -> [[String]] {
    let source = try DelimitedSource(file.bytes.buffer, file: file.name, reader: self)
    let splitter = RowSplitter(source)
    var rows: [[String]] = []
    var next = source.base
    while next < source.end, rows.count < count {
      let row = splitter.split(next)
      next = row.next
      if row.isBlank { continue }
      guard row.end == .complete else {
        if rows.isEmpty { throw .unclosedQuote(source.place(row.start)) }
        continue
      }
      rows.append(splitter.fields.map(source.text))
    }
    if rows.isEmpty { throw .emptyFile(file.name) }
    return rows
  }

  /// The delimiter that splits the first lines of a file into equally many fields, the most of all.
  ///
  /// It tries tab, `::`, `;`, `|` and comma, then blanks, which also stand in texts. One line in five
  /// may be malformed; if there are more, the first line decides.
  ///
  /// - Throws: `TableError` if the file is no text.
  public static func sniffDelimiter(of file: DelimitedFile) throws(TableError) -> String {
    let marks = ["\t", "::", ";", "|", ","]
    for (delimiters, rowCount) in [(marks, 20), ([blanks], 20), (marks, 1)] {
      if let found = try sniffed(delimiters, file, rowCount: rowCount) { return found }
    }
    return ","
  }

  /// The best of some delimiters for the first rows, or nil if none splits them.
  private static func sniffed(
    _ delimiters: [String], _ file: DelimitedFile, rowCount: Int
  ) throws(TableError) -> String? {
    var best: (delimiter: String?, fieldCount: Int) = (nil, 1)
    for delimiter in delimiters {
      var reader = DelimitedReader()
      reader.delimiter = delimiter
      reader.encoding = .latin1
      let source = try DelimitedSource(file.bytes.buffer, file: file.name, reader: reader)
      if let fieldCount = steadyFieldCount(RowSplitter(source), rowCount),
        fieldCount > best.fieldCount
      {
        best = (delimiter, fieldCount)
      }
    }
    return best.delimiter
  }

  /// The number of fields of the first row, or nil if most others have another.
  private static func steadyFieldCount(_ splitter: RowSplitter, _ rowCount: Int) -> Int? {
    guard let first = splitter.firstRow() else { return nil }
    let fieldCount = splitter.fields.count
    var next = first.next
    var (same, different) = (1, 0)
    while same + different < rowCount, next < splitter.source.end {
      let row = splitter.split(next)
      // The last line may be cut.
      if row.next == splitter.source.end, same + different > 2 { break }
      if !row.isBlank {
        if splitter.fields.count == fieldCount { same += 1 } else { different += 1 }
      }
      next = row.next
    }
    return different * 4 <= same ? fieldCount : nil
  }
}
