import CCollabKernels

/// What each user has rated, or who has rated each item: the rows of the matrix of ratings.
///
/// Within a row the other side's indices rise.
public final class RatedItems: Sendable {
  /// Where the ratings of each row begin; one more than there are rows.
  public let starts: StoredNumbers<Int>
  /// Indices of the other side: items of a user, users of an item.
  public let indices: StoredNumbers<Int32>
  /// The ratings, in the units of the data.
  public let stars: StoredNumbers<Float>

  /// The ratings of a set by user or by item.
  ///
  /// - Parameters:
  ///   - ratings: what is put in rows; ratings of the same pair stay beside each other, in their order.
  ///   - side: whose rows they are.
  ///   - rows: how many of them there are: the classes of that side.
  public convenience init(_ ratings: RatingSet, by side: RatingSide, rows: Int) {
    self.init(ratings, by: side, rows: rows) {}
  }

  /// As `init(_:by:rows:)`, which stops where it is asked to.
  ///
  /// - Throws: what `ask` throws.
  convenience init<Failure>(
    _ ratings: RatingSet, by side: RatingSide, rows: Int, asking ask: () throws(Failure) -> Void
  ) throws(Failure) {
    let (starts, order) = try ratings.rows(by: side, count: rows, asking: ask)
    try ask()
    let (other, all) = (side == .users ? RatingSide.items : .users, ratings.ratings)
    self.init(
      starts: StoredNumbers(starts),
      indices: StoredNumbers(order.lazy.map { all[Int($0)][other] }),
      stars: StoredNumbers(order.lazy.map { all[Int($0)].stars }))
  }

  /// Rows that were kept.
  ///
  /// - Precondition: the starts rise from 0 to the number of ratings, of which there are as many of
  ///   both kinds.
  init(
    starts: StoredNumbers<Int>, indices: StoredNumbers<Int32>, stars: StoredNumbers<Float>
  ) {
    (self.starts, self.indices, self.stars) = (starts, indices, stars)
  }

  /// How many rows there are.
  public var rowCount: Int { starts.count - 1 }

  /// Where the ratings of a row lie in ``indices`` and ``stars``.
  public func places(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// The other side's indices in a row, rising.
  public func indices(of row: Int) -> StoredNumbers<Int32> { indices[places(of: row)] }

  /// The ratings of a row, in the order of ``indices(of:)``.
  public func stars(of row: Int) -> StoredNumbers<Float> { stars[places(of: row)] }
}
