public import CollabTables

/// The built-in set: 100,000 ratings of invented films, generated, the same on every machine.
///
///     let demo = DemoRatings.generate()
///     demo.ratings.rowCount  // 100_000
///
/// It stands in for MovieLens 100K, whose rows must not be passed on, and has its sizes and its shape:
/// 943 users with at least 20 ratings each, 1,682 films of which 18 titles occur twice, few films with
/// many ratings and many with few, stars spread as they are there. As the ratings are made by a known
/// process, what a model finds can be held against the `truth`.
///
/// The process, in the order in which random numbers are drawn:
///
/// 1. A film has one to three genres, a year, and five `factorNames` that follow from both plus some
///    of its own. Its bias is quality, in part shared with its popularity.
/// 2. A user has a taste for each factor and a bias (a generous or stern hand). All are normal.
/// 3. The number of ratings of a user has a long tail, and so has the popularity of films: the weight
///    of the film in place *r* is `1 / (r + popularityOffset)³`. Users pick films by weight, and pass
///    over some that are not to their taste.
/// 4. The score of a pick is user bias + film bias + taste × factors + noise; the lowest 6.11 % of all
///    scores become one star, the next 11.37 % two stars, and so on, as in MovieLens 100K.
///
/// Only additions, multiplications, divisions and square roots are used, which IEEE 754 rounds alike
/// on every machine.
public struct DemoRatings: Sendable {
  /// One row a rating, in no order: `user`, `movie`, `rating`, `timestamp` (seconds since 1970).
  public let ratings: Table
  /// One row a film, by id: `movie`, `title`, `year`, `genres` (between `|`).
  public let movies: Table
  /// What the ratings were made from.
  public let truth: Truth

  /// The hidden values behind the ratings; the row of an id is the id less 1.
  public struct Truth: Sendable {
    /// What the factors of a film stand for: more of it is a larger value.
    public let factorNames: [String]
    /// The taste of users.
    ///
    /// - Shape: `[943, 5]`, row by row.
    public let userFactors: [Float]
    /// The factors of films, on the scale on which their products with tastes are in stars or so.
    ///
    /// - Shape: `[1682, 5]`, row by row.
    public let itemFactors: [Float]
    /// How much higher than others a user rates, in stars or so.
    ///
    /// - Shape: `[943]`
    public let userBias: [Float]
    /// How much higher than others a film is rated, in stars or so.
    ///
    /// - Shape: `[1682]`
    public let itemBias: [Float]
  }

  /// The number of users.
  public static let userCount = 943
  /// The number of films; 18 of them have the title of another.
  public static let movieCount = 1682
  /// The number of ratings.
  public static let ratingCount = 100_000

  /// Makes the set, which is the same every time: once, and kept.
  ///
  /// - Complexity: O(`ratingCount` × log `ratingCount`) the first time, for the sorting of scores.
  public static func generate() -> DemoRatings { generated }

  private static let generated = generate(DemoProcess())

  /// Makes a set by a process with other numbers.
  package static func generate(_ process: DemoProcess) -> DemoRatings {
    let films = DemoFilms(process)
    let audience = DemoAudience(process, films)
    let ratings = Table(equallyLong: [
      Column("user", integers: audience.users), Column("movie", integers: audience.movies),
      Column("rating", integers: audience.stars), Column("timestamp", integers: audience.times),
    ])
    let movies = Table(equallyLong: [
      Column("movie", integers: Array(1...movieCount)), Column("title", texts: films.titles),
      Column("year", integers: films.years), Column("genres", texts: films.genres),
    ])
    return DemoRatings(
      ratings: ratings, movies: movies,
      truth: Truth(
        factorNames: DemoFilms.factorNames,
        userFactors: audience.factors.map(Float.init), itemFactors: films.factors.map(Float.init),
        userBias: audience.biases.map(Float.init), itemBias: films.biases.map(Float.init)))
  }

  /// The set in the form in which other ratings are loaded.
  ///
  /// - Parameter order: The order of rows after the titles are merged in.
  /// - Returns: Ratings with titles, and the films.
  /// - Throws: `DataError`, though a merge of these tables has no reason to fail.
  public func data(order: MergeOrder = .grouped) throws(DataError) -> RatingsData {
    let titled = try wrappingTableErrors { () throws(TableError) in
      try ratings.merge(movies.select(["movie", "title"]), order: order)
    }
    return RatingsData(
      name: "demo", ratings: titled, movies: movies, source: "the built-in set, generated")
  }
}

/// The numbers of the process behind the built-in set.
package struct DemoProcess: Sendable {
  /// Where the random numbers start.
  package var seed: UInt64 = 1943
  /// The standard deviation of user biases.
  package var userBias = 0.5
  /// The standard deviation of film biases that popularity does not explain.
  package var itemBias = 0.45
  /// How much better than the average the most popular film is, and worse the least popular.
  package var popularityBias = 0.6
  /// The standard deviation that each factor lends to scores.
  package var strengths = [0.36, 0.30, 0.24, 0.18, 0.14]
  /// The standard deviation of the noise in a score.
  package var noise = 0.84
  /// The share of a film's own in its factors, against that of its genres.
  package var ownShare = 0.5
  /// How much later the power law of popularity begins.
  package var popularityOffset = 500.0
  /// How strongly users pick what is to their taste.
  package var selectivity = 0.25

  package init() {}
}
