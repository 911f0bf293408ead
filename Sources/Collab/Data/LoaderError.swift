public import Tables

/// Why ratings cannot be made ready for training.
public enum LoaderError: Error, Equatable {
  /// A column is missing or of the wrong kind.
  case table(TableError)
  /// The table has fewer than the three columns user, item and rating.
  case tooFewColumns([String])
  /// A batch size below 1.
  case batchSize(Int)
  /// A share outside 0…1.
  case validFraction(Double)
  /// Nothing is left to hold out, or not one batch to learn from.
  case tooFewRatings(Int, batchSize: Int)
}

extension LoaderError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .tooFewColumns(let names):
      "ratings need columns of users, items and ratings; there are only \(names.joined(separator: ", "))"
    case .batchSize(let size): "a batch of \(size) ratings is not possible"
    case .validFraction(let share): "the share held out must lie between 0 and 1, not be \(share)"
    case .tooFewRatings(let count, let size):
      "\(count) ratings are too few to hold some out and fill a batch of \(size)"
    }
  }
}
