public import CollabTables

/// Why ratings cannot be made ready for training.
public indirect enum LoaderError: Error, Equatable {
  /// A column is missing or of the wrong kind.
  case table(TableError)
  /// The table has fewer than the three columns user, item and rating.
  case tooFewColumns([String])
  /// So many rows have no rating; the first of them.
  case missingRatings(Int, firstRow: Int)
  /// The column of ratings holds texts, such as this one, which is no number; nil if it is missing.
  case notNumbers(column: String, text: String?, row: Int)
  /// A rating is infinite.
  case infiniteRating(column: String, row: Int)
  /// What is wrong with the table to test with.
  case validation(LoaderError)
  /// The column of the table to test with is of another kind than that of the other table.
  case otherKind(column: String, found: Column.Kind, expected: Column.Kind)
  /// A batch size below 1.
  case batchSize(Int)
  /// A share outside 0…1.
  case validFraction(Double)
  /// The share of these ratings is less than one.
  case nothingHeldOut(Int, share: Double)
  /// The split finds no user to hold out, or none with ratings enough.
  case nobodyHeldOut(RatingSplit)
  /// What the share leaves to learn from does not fill a batch.
  case tooFewLeft(Int, of: Int, share: Double, batchSize: Int)
  /// A split by time, of a table whose columns have none of the usual names.
  case noTime([String])
  /// So many rows do not say when they were rated.
  case missingTimes(Int, column: String)
  /// There is not one batch to learn from.
  case tooFewRatings(Int, batchSize: Int)
}

extension LoaderError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .tooFewColumns(let names):
      "ratings need columns of users, items and ratings; there are only \(names.joined(separator: ", "))"
    case .missingRatings(1, let row): "1 rating is missing, in row \(row)"
    case .missingRatings(let count, let row):
      "\(count) ratings are missing, the first in row \(row)"
    case .notNumbers(let column, let text?, let row):
      "`\(column)` holds texts, such as `\(text)` in row \(row), and ratings are numbers"
    case .notNumbers(let column, nil, _): "`\(column)` holds texts, and ratings are numbers"
    case .infiniteRating(let column, let row): "`\(column)` is infinite in row \(row)"
    case .validation(let error): "the table to test with: \(error)"
    case .otherKind(let column, let found, let expected):
      "`\(column)` holds \(found) in the table to test with, and \(expected) in the other"
    case .batchSize(let size): "a batch of \(size) ratings is not possible"
    case .validFraction(let share): "the share held out must lie between 0 and 1, not be \(share)"
    case .nothingHeldOut(0, _), .tooFewRatings(0, _): "there are no ratings to learn from"
    case .nothingHeldOut(1, let share):
      "a share of \(share) of one rating is less than one rating to hold out"
    case .nothingHeldOut(let count, let share):
      "a share of \(share) of \(count) ratings is less than one rating to hold out"
    case .nobodyHeldOut(.last(let last)):
      "no user has more than \(last) ratings, of whom the last could be held out"
    case .nobodyHeldOut: "the share held out is less than one user"
    case .tooFewLeft(let left, let count, let share, let size):
      "a share of \(share) held out leaves \(left) of \(count) ratings to learn from, "
        + "fewer than a batch of \(size)"
    case .noTime(let names):
      "no column says when ratings were given; there are only \(names.joined(separator: ", "))"
    case .missingTimes(1, let column): "1 rating has no `\(column)`"
    case .missingTimes(let count, let column): "\(count) ratings have no `\(column)`"
    case .tooFewRatings(1, let size): "one rating does not fill a batch of \(size)"
    case .tooFewRatings(let count, let size):
      "\(count) ratings do not fill a batch of \(size)"
    }
  }
}

extension LoaderError {
  /// Runs work of the tables module, whose errors become those of loaders.
  ///
  /// - Throws: ``table(_:)``.
  static func wrapping<Value>(_ work: () throws(TableError) -> Value) throws(LoaderError) -> Value {
    do { return try work() } catch { throw .table(error) }
  }
}
