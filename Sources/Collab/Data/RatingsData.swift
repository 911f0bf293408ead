public import CollabTables

/// Ratings that were loaded, with the films they are about.
///
///     let data = try DataSearch.current().load("ml-100k")
///     data.ratings.columnNames  // user, movie, rating, timestamp, title
public struct RatingsData: Sendable {
  /// What to call them: the name of the folder or file, or `demo`.
  public let name: String
  /// One row a rating: `user`, `movie`, `rating`, and if known `timestamp` and `title`.
  ///
  /// `movie` is the id in the file. A file that knows films only by title has `user`, `title`,
  /// `rating`. Ratings are whole numbers if all of them are, as pandas would show them.
  public let ratings: Table
  /// Ratings to test with, with the columns of `ratings`, if a split was loaded.
  public let validation: Table?
  /// One row a film, with `movie`, `title` and what else is known of it; nil if there is no such file.
  public let movies: Table?
  /// Where they come from, for people: a path, or how they were made.
  public internal(set) var source: String
  /// What happened on the way that someone should know, each a sentence without a full stop.
  public internal(set) var notes: [String]

  /// Creates ratings from their parts.
  public init(
    name: String, ratings: Table, validation: Table? = nil, movies: Table?, source: String,
    notes: [String] = []
  ) {
    self.name = name
    self.ratings = ratings
    self.validation = validation
    self.movies = movies
    self.source = source
    self.notes = notes
  }
}
