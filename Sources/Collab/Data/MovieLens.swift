public import Tables

/// The files of the MovieLens data sets, and files like them.
///
/// Rows of MovieLens must not be passed on, so this package has none; `DataSearch` finds or fetches
/// them.
///
/// Source: F. M. Harper and J. A. Konstan, "The MovieLens Datasets: History and Context", ACM
/// Transactions on Interactive Intelligent Systems 5(4), 2015; https://grouplens.org/datasets/movielens/.
public enum MovieLens {
  /// What the licence of MovieLens 100K asks for, in short, for whoever downloads it.
  public static let licenceNote = """
    MovieLens 100K was collected by GroupLens Research at the University of Minnesota. It may be used \
    for research and teaching with acknowledgement; it must not be passed on or used commercially \
    without their permission. Its README has the full terms. To cite: F. Maxwell Harper and Joseph A. \
    Konstan. 2015. The MovieLens Datasets: History and Context. ACM TiiS 5, 4, Article 19.
    """

  /// Where the official archive of MovieLens 100K is.
  public static let archiveAddress =
    "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
  /// The bytes of that archive.
  static let archiveSize = 4_924_029

  /// Loads a folder or file of ratings, whatever of the known shapes it has.
  ///
  /// | Path | Shape |
  /// | --- | --- |
  /// | folder with `u.data`, `u.item` | tabs, films by `\|` in Latin-1 (ML-100K) |
  /// | folder with `ratings.csv`, `movies.csv` | commas, quotes, header (ML-latest, ML-25M, …) |
  /// | folder with `ratings.dat`, `movies.dat` | `::` (ML-1M, ML-10M) |
  /// | a file | tab, comma, semicolon or `\|`; columns by their header, or user, item, rating |
  ///
  /// - Parameters:
  ///   - path: The folder or file.
  ///   - order: The order of rows after the titles are merged in.
  ///   - observer: is told how far reading the ratings has come, and may stop it.
  /// - Returns: The ratings, with titles if the folder has a file of films.
  /// - Throws: `DataError`.
  public static func load(
    _ path: String, order: MergeOrder = .grouped, observer: ReadObserver? = nil
  ) throws(DataError) -> RatingsData {
    guard FileSystem.exists(path) else { throw .noPath(path) }
    let name = FileSystem.lastComponent(path)
    guard FileSystem.isFolder(path) else {
      let ratings = try ratingsFile(path, observer)
      return RatingsData(name: name, ratings: ratings, movies: nil, source: path)
    }
    guard
      let shape = Shape.all.first(where: { FileSystem.exists(path + "/" + $0.ratings) })
    else { throw .noRatings(folder: path) }
    let ratings = try shape.readRatings(path, observer)
    guard FileSystem.exists(path + "/" + shape.movies) else {
      return RatingsData(name: name, ratings: ratings, movies: nil, source: path)
    }
    let movies = try shape.readMovies(path)
    let titled = try wrappingTableErrors { () throws(TableError) in
      try ratings.merge(movies.select(["movie", "title"]), order: order)
    }
    let lost = ratings.rowCount - titled.rowCount
    return RatingsData(
      name: name, ratings: titled, movies: movies, source: path,
      notes: lost > 0 ? ["ratings of movies without a title were left out: \(lost)"] : [])
  }

  /// Whether a folder has a file of ratings of a known shape.
  static func isPresent(in folder: String) -> Bool {
    Shape.all.contains { FileSystem.exists(folder + "/" + $0.ratings) }
  }

  /// Whether a folder has the files of MovieLens 100K.
  static func is100K(_ folder: String) -> Bool {
    FileSystem.exists(folder + "/u.data") && FileSystem.exists(folder + "/u.item")
  }
}

// MARK: - Folders
extension MovieLens {
  /// One way MovieLens has laid out its files.
  private struct Shape {
    let ratings: String
    let movies: String
    let delimiter: String
    let movieDelimiter: String
    let movieEncoding: DelimitedReader.Encoding
    let movieColumns: [String]
    let hasHeader: Bool

    static let all = [
      Shape(
        ratings: "u.data", movies: "u.item", delimiter: "\t", movieDelimiter: "|",
        movieEncoding: .latin1, movieColumns: ["movie", "title"], hasHeader: false),
      Shape(
        ratings: "ratings.csv", movies: "movies.csv", delimiter: ",", movieDelimiter: ",",
        movieEncoding: .utf8, movieColumns: ["movie", "title", "genres"], hasHeader: true),
      Shape(
        ratings: "ratings.dat", movies: "movies.dat", delimiter: "::", movieDelimiter: "::",
        movieEncoding: .latin1, movieColumns: ["movie", "title", "genres"], hasHeader: false),
    ]

    func readRatings(
      _ folder: String, _ observer: ReadObserver?
    ) throws(DataError) -> Table {
      var reader = DelimitedReader()
      reader.delimiter = delimiter
      reader.hasHeader = hasHeader
      reader.names = ["user", "movie", "rating", "timestamp"]
      reader.types = [
        "user": .integers, "movie": .integers, "rating": .numbers, "timestamp": .integers,
      ]
      return try wrappingTableErrors { () throws(TableError) in
        try reader.read(folder + "/" + ratings, observer: observer)
      }
    }

    func readMovies(_ folder: String) throws(DataError) -> Table {
      var reader = DelimitedReader()
      reader.delimiter = movieDelimiter
      reader.hasHeader = hasHeader
      reader.encoding = movieEncoding
      reader.allowsQuotes = hasHeader
      reader.columns = .positions(Array(movieColumns.indices))
      reader.names = movieColumns
      reader.types = ["movie": .integers, "title": .text, "genres": .text]
      return try wrappingTableErrors { () throws(TableError) in
        try reader.read(folder + "/" + movies)
      }
    }
  }
}

// MARK: - Single files
extension MovieLens {
  /// The names a header may give the columns, in lower case, by the name they get here.
  private static let knownNames: [(name: String, words: Set<String>)] = [
    ("user", ["user", "userid", "user_id"]),
    ("movie", ["movie", "movieid", "movie_id", "item", "itemid", "item_id"]),
    ("rating", ["rating", "ratings", "stars"]),
    ("timestamp", ["timestamp"]),
    ("title", ["title"]),
  ]

  private static func ratingsFile(
    _ path: String, _ observer: ReadObserver?
  ) throws(DataError) -> Table {
    var reader = DelimitedReader()
    let first = try wrappingTableErrors { () throws(TableError) in
      reader.delimiter = try DelimitedReader.sniffDelimiter(of: path)
      return try reader.firstRow(of: path)
    }
    reader.types = ["rating": .numbers, "title": .text]
    // A number of stars cannot be a header.
    if first.count >= 3, Double(first[2]) != nil {
      let names = ["user", "movie", "rating", "timestamp"].prefix(first.count)
      reader.hasHeader = false
      reader.names = Array(names)
      reader.columns = .positions(Array(names.indices))
      return try wrappingTableErrors { () throws(TableError) in
        try reader.read(path, observer: observer)
      }
    }
    let lowered = first.map { $0.lowercased() }
    let found = knownNames.compactMap { known in
      lowered.firstIndex(where: known.words.contains).map { (name: known.name, position: $0) }
    }
    let known = Set(found.map(\.name))
    guard known.isSuperset(of: ["user", "rating"]),
      known.contains("movie") || known.contains("title")
    else { throw .noRatingColumns(file: FileSystem.lastComponent(path), found: first) }
    let inFileOrder = found.sorted { $0.position < $1.position }
    reader.columns = .positions(inFileOrder.map(\.position))
    reader.names = inFileOrder.map(\.name)
    let wanted =
      known.contains("movie")
      ? ["user", "movie", "rating", "timestamp", "title"]
      : ["user", "title", "rating", "timestamp"]
    return try wrappingTableErrors { () throws(TableError) in
      try reader.read(path, observer: observer).select(wanted.filter(known.contains))
    }
  }
}
