public import CollabTables

/// What a user says about a file of ratings that it does not say itself.
public struct LoadOptions: Sendable, Equatable {
  /// The name of the column of users; nil to find it.
  public var user: String?
  /// The name of the column of items; nil to find it.
  public var item: String?
  /// The name of the column of ratings; nil to find it.
  public var rating: String?
  /// What stands between fields; nil to find out.
  public var delimiter: String?
  /// How letters are stored.
  public var encoding = DelimitedReader.Encoding.automatic
  /// Types of columns, by their name in the file or the one they get, such as `user`.
  public var types: [String: DelimitedReader.ColumnType] = [:]
  /// The type of the other columns.
  public var usualType = DelimitedReader.ColumnType.automatic
  /// Fields that are no value.
  public var missingWords = DelimitedReader.usualMissingWords
  /// How many ratings to read, at most.
  public var rowLimit: Int?
  /// The name of a split that lies in the folder, as two files: `u1` for `u1.base` to learn from and
  /// `u1.test` to test with; nil for all ratings.
  public var fold: String?
  /// Whether malformed rows are left out.
  public var skipsBadRows = false

  /// Options under which everything is found out.
  public init() {}

  /// A reader that follows them.
  func reader(for file: DelimitedFile) throws(TableError) -> DelimitedReader {
    var reader = DelimitedReader()
    // Of a file that is read block by block, reading finds out.
    reader.encoding =
      encoding == .automatic && !file.isStreamed ? (file.isUTF8 ? .utf8 : .latin1) : encoding
    if let delimiter {
      reader.delimiter = delimiter
    } else {
      reader.delimiter = try DelimitedReader.sniffDelimiter(of: file)
    }
    reader.usesDecimalComma = reader.delimiter == ";"
    reader.missingWords = missingWords
    reader.skipsBadRows = skipsBadRows
    reader.usualType = usualType
    return reader
  }
}
