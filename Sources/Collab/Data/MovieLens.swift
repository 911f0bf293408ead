public import CollabTables

/// The files of the MovieLens data sets, and files like them; `DataSearch` finds or fetches them.
public enum MovieLens {
  /// Loads a folder or file of ratings, whatever of the known shapes it has.
  ///
  /// | Path | Shape |
  /// | --- | --- |
  /// | folder with `u.data`, `u.item` | tabs, films by `\|` (ML-100K) |
  /// | folder with `ratings.csv`, `movies.csv` | columns by their headers (ML-latest, ML-25M, …) |
  /// | folder with `ratings.dat`, `movies.dat` | `::` (ML-1M, ML-10M) |
  /// | another folder | the file whose header has users, items and ratings, and one of items |
  /// | a file | any usual delimiter; columns by their header, or user, item, rating |
  ///
  /// Letters are UTF-8 if all bytes of a file are, else Latin-1.
  ///
  /// - Parameters:
  ///   - path: The folder or file.
  ///   - shown: The path as the user wrote it; nil if that is the same.
  ///   - order: The order of rows after the titles are merged in.
  ///   - options: What is known about the file of ratings.
  ///   - unpacker: opens packed files.
  ///   - observer: is told how far reading the ratings has come, and may stop it.
  /// - Returns: The ratings, with titles if the folder has a file of films.
  /// - Throws: `DataError`.
  public static func load(
    _ path: String, shownAs shown: String? = nil, order: MergeOrder = .grouped,
    options: LoadOptions = LoadOptions(), unpacker: Unpacker = Unpacker(),
    observer: ReadObserver? = nil
  ) throws(DataError) -> RatingsData {
    let shown = shown ?? path
    guard FileSystem.exists(path) else {
      if let reason = FileSystem.refusalToLook(at: path) {
        throw .table(.unreadable(shown, reason: reason))
      }
      throw .noPath(shown)
    }
    var data = try unpacker.withContent(of: path, observer: observer) {
      (content: Unpacker.Content) throws(DataError) in
      let file: DelimitedFile
      switch content {
      case .folder(let plain):
        let folder = RatingsFolder(path: plain, shown: shown, options: options, unpacker: unpacker)
        return try folder.load(order: order, observer)
      case .file(let plain): file = plain
      }
      if let fold = options.fold { throw .noFold(fold, folder: shown, known: []) }
      let ratings = try RatingsFile(file, shownAs: shown, options: options)
      let (table, note) = try ratings.read(observer)
      return RatingsData(
        name: FileSystem.lastComponent(shown), ratings: table, movies: nil, source: path,
        notes: [ratings.decisions, note].compactMap(\.self))
    }
    data.source = path
    data.notes += [data.ratings.unratedNote].compactMap(\.self)
    return data
  }

  /// Whether a folder has a file of ratings of a known shape.
  static func isPresent(in folder: String) -> Bool { RatingsFolder.isPresent(in: folder) }
}

extension Table {
  /// What to say about ratings that probably stand for none: −1, or 0 below whole stars.
  fileprivate var unratedNote: String? {
    guard let stars = try? column("rating").coded(), let levels = try? stars.levels.doubles(),
      let lowest = levels.first, levels.count > 2, lowest == -1 || lowest == 0,
      levels[1] >= 1, levels.allSatisfy({ $0 == $0.rounded() }),
      let count = stars.counts.first,
      lowest == -1 || count * 5 > rowCount
    else { return nil }
    return """
      rating \(Int(clamping: lowest)) occurs \(count) times, which often means `not rated`: \
      ratings = ratings.filter(ratings.rating > \(Int(clamping: lowest))) leaves them out
      """
  }
}
