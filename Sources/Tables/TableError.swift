/// Where in a file something was found.
public struct SourcePlace: Sendable, Equatable {
  /// The file as the user knows it: its last path component.
  public let file: String
  /// The line, counted from 1.
  public let line: Int
  /// The text of that line, cut at about 80 characters.
  public let text: String

  /// Creates a place from its parts.
  public init(file: String, line: Int, text: String) {
    self.file = file
    self.line = line
    self.text = text
  }
}

/// What can be wrong with a table, or with the file it is read from.
///
/// `description` is the whole sentence; `place` has the offending line to show below it, `help` what
/// to do about it, and `code` the stable word of the message.
public enum TableError: Error, Equatable {
  /// A column was asked for that is not there.
  case noColumn(String, available: [String])
  /// A column was asked for by a position that is not there.
  case noColumnAt(Int, count: Int)
  /// Two columns would have the same name.
  case duplicateColumn(String)
  /// Columns of one table must have equally many rows.
  case unequalLengths(column: String, rows: Int, expected: Int)
  /// A column holds another kind of values than the caller needs.
  case wrongKind(column: String, found: Column.Kind, expected: Column.Kind)
  /// Two tables to be merged have no column name in common.
  case noSharedColumn(left: [String], right: [String])
  /// A key column holds text in one table and numbers in the other.
  case unlikeKeys(column: String, left: Column.Kind, right: Column.Kind)
  /// A sum of whole numbers does not fit in 64 bits.
  case sumTooLarge(column: String)
  /// Whole numbers would have to become decimal ones that are not equal to them.
  case wouldRound(column: String)
  /// The result would have more rows than can be kept.
  case tooManyRows(Int)
  /// A column holds text in one table and numbers in another.
  case unlikeColumns(String, one: Column.Kind, other: Column.Kind)
  /// The number of given names fits neither the columns of the file nor those kept.
  case wrongNameCount(file: String, names: Int, columns: Int)

  /// The text between fields must be one or two ASCII characters that cannot begin a field.
  case badDelimiter(String)
  /// There is no such file.
  case noFile(String)
  /// The path leads to a folder.
  case isFolder(String)
  /// The system refused to read; `reason` is its own wording.
  case unreadable(String, reason: String)
  /// What a packed file holds did not come out of it whole.
  case notUnpacked(String, reason: String)
  /// The file has become shorter since it was opened.
  case changed(String)
  /// There is not enough memory for so many bytes and what comes out of them.
  case tooLarge(String, bytes: Int)
  /// The file holds no rows and no header.
  case emptyFile(String)
  /// The file holds bytes that no text has; `hint` says what it looks like.
  case notText(String, hint: String?)

  /// Whoever waited for a long operation, or the observer of a long reading, wanted it to stop.
  case interrupted

  /// A row has too few or too many fields.
  case fieldCount(SourcePlace, expected: Int, found: Int, delimiter: String)
  /// A field is not a value of its column's declared kind.
  case badField(SourcePlace, column: String, found: String, expected: Column.Kind)
  /// A whole number needs more than 64 bits.
  case overflow(SourcePlace, column: String, found: String)
  /// A field is not valid UTF-8.
  case badEncoding(SourcePlace, column: String)
  /// A quoted field is never closed.
  case unclosedQuote(SourcePlace)
}

// MARK: - Saying it
extension TableError: CustomStringConvertible {
  /// The error as one sentence without a full stop.
  public var description: String {
    switch self {
    case .noColumn(let name, let available):
      "there is no column `\(name)`; the columns are \(Self.list(available))"
    case .noColumnAt(let position, let count):
      "there is no column at position \(position); the rows have \(count) fields, counted from 0"
    case .duplicateColumn(let name):
      "two columns are named `\(name)`"
    case .unequalLengths(let column, let rows, let expected):
      "column `\(column)` has \(rows) rows, the others have \(expected)"
    case .wrongKind(let column, let found, let expected):
      "column `\(column)` holds \(found), expected \(expected)"
    case .noSharedColumn(let left, let right):
      "the tables share no column: left has \(Self.list(left)), right has \(Self.list(right))"
    case .unlikeKeys(let column, let left, let right):
      "cannot merge on `\(column)`: it holds \(left) on the left and \(right) on the right"
    case .sumTooLarge(let column):
      "the sum of column `\(column)` does not fit in 64 bits"
    case .wouldRound(let column):
      "column `\(column)` holds whole numbers too large to stand beside decimal numbers or gaps"
    case .tooManyRows(let count):
      "the result would have \(count) rows, too many to keep"
    case .unlikeColumns(let name, let one, let other):
      "column `\(name)` holds \(one) in one table and \(other) in another"
    case .wrongNameCount(let file, let names, let columns):
      "\(file): \(names) names for \(columns) columns"
    case .badDelimiter(let delimiter):
      "fields cannot be separated by `\(delimiter)`: one or two ASCII characters are expected"
    case .noFile(let path):
      "no file `\(path)`"
    case .isFolder(let path):
      "`\(path)` is a folder, not a file"
    case .unreadable(let path, let reason):
      "cannot read `\(path)`: \(reason)"
    case .notUnpacked(let file, let reason):
      "\(file): cannot be unpacked: \(reason)"
    case .changed(let path):
      "`\(path)` was changed while it was read"
    case .tooLarge(let path, let bytes):
      "`\(path)` has \(max(bytes / 1_000_000, 1)) MB, which is more than there is memory for"
    case .emptyFile(let file):
      "\(file): the file is empty"
    case .notText(let file, let hint):
      hint.map { "\(file): not a text file (\($0))" } ?? "\(file): not a text file"
    case .interrupted:
      "interrupted"
    case .fieldCount(let place, let expected, let found, let delimiter):
      "\(Self.at(place)): expected \(expected) \(delimiter)-separated "
        + "field\(expected == 1 ? "" : "s"), found \(found)"
    case .badField(let place, let column, let found, let expected):
      "\(Self.at(place)): expected \(Self.one(expected)) in column `\(column)`, found `\(found)`"
    case .overflow(let place, let column, let found):
      "\(Self.at(place)): the number \(found) in column `\(column)` does not fit in 64 bits"
    case .badEncoding(let place, let column):
      "\(Self.at(place)): column `\(column)` is not valid UTF-8"
    case .unclosedQuote(let place):
      "\(Self.at(place)): a quoted field is never closed"
    }
  }

  /// The stable word that names this kind of error.
  public var code: String {
    switch self {
    case .noColumn, .noColumnAt, .duplicateColumn, .unequalLengths, .wrongNameCount: "bad-column"
    case .wrongKind, .unlikeKeys, .unlikeColumns: "wrong-kind"
    case .sumTooLarge, .wouldRound, .tooManyRows: "too-large"
    case .badDelimiter: "bad-value"
    case .noSharedColumn: "no-shared-column"
    case .noFile: "no-file"
    case .isFolder, .unreadable, .notUnpacked, .changed, .tooLarge, .emptyFile, .notText: "bad-file"
    case .interrupted: "interrupted"
    case .fieldCount, .badField, .overflow, .badEncoding, .unclosedQuote: "bad-row"
    }
  }

  /// The line of the file that is to blame, for errors about one.
  public var place: SourcePlace? {
    switch self {
    case .fieldCount(let place, _, _, _), .badField(let place, _, _, _),
      .overflow(let place, _, _), .badEncoding(let place, _), .unclosedQuote(let place):
      place
    default: nil
    }
  }

  /// What to do about it, if there is something to be said.
  public var help: String? {
    switch self {
    case .badEncoding: "encoding=latin-1 reads older files"
    case .changed: "read it again once nobody writes to it"
    case .unclosedQuote: "quoting=off reads quotation marks as ordinary characters"
    case .fieldCount, .badField, .overflow: "skip_bad=true leaves such rows out"
    default: nil
    }
  }

  private static func at(_ place: SourcePlace) -> String { "\(place.file):\(place.line)" }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private static func one(_ kind: Column.Kind) -> String {
    switch kind {
    case .integers: "a whole number"
    case .doubles: "a number"
    case .text: "text"
    }
  }
}
