import CCollabKernels

/// What each user has rated, or who has rated each item: the rows of the matrix of ratings.
///
/// Within a row the other side's indices rise.
public final class RatedItems: Sendable {
  /// Where the ratings of each row begin; one more than there are rows.
  public let starts: [Int]
  /// Indices of the other side: items of a user, users of an item.
  public let indices: [Int32]
  /// The ratings, in the units of the data.
  public let stars: [Float]

  /// The ratings of a set by user or by item.
  ///
  /// - Parameters:
  ///   - ratings: what is put in rows; ratings of the same pair stay beside each other, in their order.
  ///   - side: whose rows they are.
  ///   - rows: how many of them there are: the classes of that side.
  public init(_ ratings: RatingSet, by side: RatingSide, rows: Int) {
    var ends = [Int](repeating: 0, count: rows + 1)
    for row in ratings.indices(of: side) { ends[Int(row) + 1] += 1 }
    for row in 1..<ends.count { ends[row] += ends[row - 1] }
    starts = ends
    var entries = [(index: Int32, stars: Float)](repeating: (0, 0), count: ratings.count)
    for rating in ratings.ratings {
      let (row, index) = side == .users ? (rating.user, rating.item) : (rating.item, rating.user)
      entries[ends[Int(row)]] = (index, rating.stars)
      ends[Int(row)] += 1
    }
    for row in 0..<rows { entries[starts[row]..<starts[row + 1]].sort { $0.index < $1.index } }
    (indices, stars) = (entries.map(\.index), entries.map(\.stars))
  }

  /// How many rows there are.
  public var rowCount: Int { starts.count - 1 }

  /// Where the ratings of a row lie in ``indices`` and ``stars``.
  public func places(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// The other side's indices in a row, rising.
  public func indices(of row: Int) -> ArraySlice<Int32> { indices[places(of: row)] }

  /// The ratings of a row, in the order of ``indices(of:)``.
  public func stars(of row: Int) -> ArraySlice<Float> { stars[places(of: row)] }
}
