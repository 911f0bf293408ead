// MARK: - Looking before reading
extension DelimitedReader {
  /// The fields of the first line that is not blank, be it a header or not.
  ///
  /// - Throws: `TableError`.
  public func firstRow(of path: String) throws(TableError) -> [String] {
    let bytes = try FileBytes(path: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let source = try DelimitedSource(bytes.buffer, file: name, reader: self)
    let splitter = RowSplitter(source)
    guard let row = splitter.firstRow() else { throw .emptyFile(name) }
    guard row.end == .complete else { throw .unclosedQuote(source.place(row.start)) }
    let fields = splitter.fields.map(source.text)
    return withExtendedLifetime(bytes) { fields }
  }

  /// The delimiter that splits the first lines of a file into equally many fields, the most of all.
  ///
  /// It tries tab, `::`, `;`, `|` and comma, and falls back to the comma.
  ///
  /// - Throws: `TableError` if the file cannot be read or is no text.
  public static func sniffDelimiter(of path: String) throws(TableError) -> String {
    let bytes = try FileBytes(path: path)
    var best = (delimiter: ",", fieldCount: 1)
    for delimiter in ["\t", "::", ";", "|", ","] {
      var reader = DelimitedReader()
      reader.delimiter = delimiter
      reader.encoding = .latin1
      let source = try DelimitedSource(bytes.buffer, file: path, reader: reader)
      if let fieldCount = steadyFieldCount(RowSplitter(source)), fieldCount > best.fieldCount {
        best = (delimiter, fieldCount)
      }
    }
    return withExtendedLifetime(bytes) { best.delimiter }
  }

  /// The number of fields of each of the first rows, or nil if it varies.
  private static func steadyFieldCount(_ splitter: RowSplitter) -> Int? {
    guard let first = splitter.firstRow() else { return nil }
    let fieldCount = splitter.fields.count
    var next = first.next
    for _ in 0..<20 where next < splitter.source.end {
      let row = splitter.split(next)
      if !row.isBlank, splitter.fields.count != fieldCount { return nil }
      next = row.next
    }
    return fieldCount
  }
}
