/// Ratings that lie where Spark reads them, and are never read here.
public struct StoredRatings: Sendable, Equatable {
  /// A folder, file or address: CSV with a header, or Parquet.
  public var place: String
  /// The name of the column of users.
  public var user = "user"
  /// The name of the column of items.
  public var item = "item"
  /// The name of the column of ratings.
  public var rating = "rating"
  /// The share of them that the job holds out.
  public var validFraction = 0.2

  /// Ratings at some place, with the usual columns, of which a fifth is held out.
  public init(_ place: String) { self.place = place }
}
