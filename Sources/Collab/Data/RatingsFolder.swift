internal import CollabTables

/// The files of a folder that hold ratings and items.
struct RatingsFolder {
  let path: String
  let shown: String
  let options: LoadOptions
  let unpacker: Unpacker

  /// Names of files of ratings, the likeliest first, in lower case and without `.gz`.
  private static let ratingNames = [
    "u.data", "ratings.csv", "ratings.dat", "rating.csv", "ratings.tsv", "ratings.txt",
    "ratings.data", "bx-book-ratings.csv",
  ]
  /// Names of files of items, without the end.
  private static let itemNames = [
    "movies", "movie", "items", "item", "books", "book", "bx-books", "bx_books", "films", "film",
    "anime", "animes", "products", "product", "songs", "tracks", "artists", "games", "titles",
    "movie_titles", "beers", "recipes", "jokes",
  ]
  private static let ends: Set = ["csv", "tsv", "dat", "txt", "data", "inter", "tab"]
  /// Enough bytes for a header and some rows.
  private static let headBytes = 1 << 16

  /// Whether a folder has a file of ratings that is known by its name.
  static func isPresent(in folder: String) -> Bool {
    FileSystem.names(in: folder).contains { ratingNames.contains(plain($0)) }
  }

  private static func plain(_ name: String) -> String {
    let lowered = name.lowercased()
    return lowered.hasSuffix(".gz") ? String(lowered.dropLast(3)) : lowered
  }

  private static func split(_ name: String) -> (stem: String, end: String) {
    let plain = plain(name)
    guard let dot = plain.lastIndex(of: ".") else { return (plain, "") }
    return (String(plain[..<dot]), String(plain[plain.index(after: dot)...]))
  }
}

// MARK: - Ratings
extension RatingsFolder {
  /// Reads the ratings, and the items if there is a file of them.
  func load(order: MergeOrder, _ observer: ReadObserver?) throws(DataError) -> RatingsData {
    let names = FileSystem.names(in: path)
    if let fold = options.fold { return try load(fold: fold, names, order: order, observer) }
    let ratingsName = try ratingsName(among: names)
    let ratingsFile = try open(ratingsName, observer)
    if Self.plain(ratingsName) == "u.data", ratingsFile.header == nil {
      return try join(ratingsFile, movieLens100K(names), order, isPlain: true, observer)
    }
    let items = try itemsFile(among: names.filter { $0 != ratingsName }, for: ratingsFile)
    // The files of MovieLens that have no header are known.
    let isPlain = ratingsFile.header == nil && Self.plain(ratingsName) == "ratings.dat"
    return try join(ratingsFile, items, order, isPlain: isPlain, observer)
  }

  /// The names of splits: of files that end in `.base` beside one that ends in `.test`.
  private static func folds(among names: [String]) -> [String] {
    names.filter { $0.hasSuffix(".base") && names.contains($0.dropLast(4) + "test") }
      .map { String($0.dropLast(5)) }
      .sorted { ($0.count, $0) < ($1.count, $1) }
  }

  /// Reads both files of a split, and the items if there is a file of them.
  private func load(
    fold: String, _ names: [String], order: MergeOrder, _ observer: ReadObserver?
  ) throws(DataError) -> RatingsData {
    let folds = Self.folds(among: names)
    guard folds.contains(fold) else { throw .noFold(fold, folder: shown, known: folds) }
    func part(_ end: String) throws(DataError) -> RatingsData {
      let file = try open("\(fold).\(end)", observer)
      let others = names.filter { !$0.hasPrefix("\(fold).") }
      let items =
        try file.header == nil ? movieLens100K(names) : itemsFile(among: others, for: file)
      return try join(file, items, order, isPlain: file.header == nil, observer)
    }
    let (base, test) = (try part("base"), try part("test"))
    return RatingsData(
      name: "\(base.name) \(fold)", ratings: base.ratings, validation: test.ratings,
      movies: base.movies, source: base.source,
      notes: base.notes + test.notes.filter { !base.notes.contains($0) })
  }

  private func open(_ name: String, _ observer: ReadObserver?) throws(DataError) -> RatingsFile {
    try RatingsFile(
      file(name, observer), shownAs: shown + "/" + name, options: options)
  }

  /// A file of the folder, unpacked.
  private func file(_ name: String, _ observer: ReadObserver? = nil) throws(DataError)
    -> DelimitedFile
  {
    try unpacker.withContent(of: path + "/" + name, takesFolder: false, observer: observer) {
      (content: Unpacker.Content) throws(DataError) in
      switch content {
      case .file(let file): return file
      case .folder: throw .table(.isFolder(name))
      }
    }
  }

  private func ratingsName(among names: [String]) throws(DataError) -> String {
    for wanted in Self.ratingNames {
      if let name = names.first(where: { Self.plain($0) == wanted }) { return name }
    }
    let found = names.filter { name in
      guard Self.ends.contains(Self.split(name).end), !name.hasSuffix(".gz"),
        let file = try? DelimitedFile(path + "/" + name, limit: Self.headBytes),
        let ratings = try? RatingsFile(file, shownAs: name, options: options)
      else { return false }
      return ratings.header != nil || name.lowercased().contains("rating")
    }
    let named = found.filter { $0.lowercased().contains("rating") }
    switch (found.count, named.count) {
    case (0, _): throw .noRatings(folder: shown)
    case (1, _): return found[0]
    case (_, 1): return named[0]
    default: throw .severalRatings(found.map { shown + "/" + $0 })
    }
  }

  private func join(
    _ file: RatingsFile, _ items: Items?, _ order: MergeOrder, isPlain: Bool,
    _ observer: ReadObserver?
  ) throws(DataError) -> RatingsData {
    var (ratings, skipped) = try file.read(observer)
    // Not before: the last letter may tell how they are stored.
    var notes = isPlain ? [] : [file.decisions].compactMap(\.self)
    if let skipped { notes.append(skipped) }
    let name = FileSystem.lastComponent(shown)
    guard let items, ratings.hasColumn("movie") else {
      return RatingsData(name: name, ratings: ratings, movies: nil, source: path, notes: notes)
    }
    if let note = items.note { notes.append(note) }
    var movies = try items.read(idsAreText: false)
    let kinds = try wrappingTableErrors { () throws(TableError) in
      (try ratings.column("movie").kind == .text, try movies.column("movie").kind == .text)
    }
    // Book numbers may be all digits in one file and not in the other.
    if kinds == (true, false) { movies = try items.read(idsAreText: true) }
    if kinds == (false, true) { (ratings, skipped) = try file.read(idsAreText: true, observer) }
    let distinct = movies.withDistinct("movie")
    if distinct.rowCount < movies.rowCount {
      notes.append(
        "\(items.file.name): \(movies.rowCount - distinct.rowCount) rows have no id, or one of before"
      )
    }
    let titled = try wrappingTableErrors { () throws(TableError) in
      let bare = ratings.dropping("title")
      return try bare.merge(distinct.select(["movie", "title"]), on: ["movie"], order: order)
    }
    let lost = ratings.rowCount - titled.rowCount
    if lost == ratings.rowCount, lost > 0 {
      notes.append("\(items.file.name) has none of the items: titles are left out")
      return RatingsData(name: name, ratings: ratings, movies: movies, source: path, notes: notes)
    }
    if lost > 0 { notes.append("ratings of movies without a title were left out: \(lost)") }
    return RatingsData(name: name, ratings: titled, movies: distinct, source: path, notes: notes)
  }
}

// MARK: - Items
extension RatingsFolder {
  /// A file with a row an item.
  fileprivate struct Items {
    let file: DelimitedFile
    let reader: DelimitedReader
    var note: String?

    func read(idsAreText: Bool) throws(DataError) -> Table {
      var reader = reader
      if idsAreText { reader.types["movie"] = .text }
      return try wrappingTableErrors { () throws(TableError) in
        try reader.reading(file).table
      }
    }
  }

  private func itemsFile(
    among names: [String], for ratings: RatingsFile
  ) throws(DataError) -> Items? {
    let candidates = names.filter { name in
      let (stem, end) = Self.split(name)
      return end == "item" || Self.ends.contains(end) && Self.itemNames.contains(stem)
    }.sorted { Self.rank($0) < Self.rank($1) }
    for name in candidates {
      if let items = try items(in: file(name), for: ratings) { return items }
    }
    return nil
  }

  private static func rank(_ name: String) -> Int {
    itemNames.firstIndex(of: split(name).stem) ?? itemNames.count
  }

  private func items(
    in file: DelimitedFile, for ratings: RatingsFile
  ) throws(DataError) -> Items? {
    var options = LoadOptions()
    options.skipsBadRows = self.options.skipsBadRows
    let (reader, header) = try wrappingTableErrors { () throws(TableError) in
      let reader = try options.reader(for: file)
      return (reader, try reader.firstRows(of: file, count: 1)[0])
    }
    let note = reader.encoding == .latin1 ? "\(file.name): Latin-1" : nil
    let ratingsName = ratings.header.flatMap { header in ratings.columns[.item].map { header[$0] } }
    if let (id, title) = ColumnRole.itemPositions(in: header, like: ratingsName) {
      var names = header.enumerated().map { position, name in
        ["movie", "title"].contains(name) && position != id && position != title
          ? name + ".1" : name
      }
      (names[id], names[title]) = ("movie", "title")
      return Items(file: file, reader: named(names, in: reader), note: note)
    }
    guard header.count >= 2, Int(header[0]) != nil else { return nil }
    var plain = reader
    plain.hasHeader = false
    plain.allowsQuotes = reader.delimiter == ","
    let names = ["movie", "title", "genres"].prefix(header.count)
    plain.columns = .positions(Array(names.indices))
    return Items(file: file, reader: named(Array(names), in: plain), note: note)
  }

  /// A reader of columns called like this; a second name or an empty one gets a number.
  private func named(_ names: [String], in reader: DelimitedReader) -> DelimitedReader {
    var reader = reader
    var seen: Set<String> = []
    reader.names = names.enumerated().map { position, name in
      var name = name.isEmpty ? "Unnamed: \(position)" : name
      while !seen.insert(name).inserted { name += ".1" }
      return name
    }
    reader.types = ["title": .verbatim, "genres": .verbatim]
    return reader
  }

  /// The films of MovieLens 100K, whose file has flags of genres too.
  private func movieLens100K(_ names: [String]) throws(DataError) -> Items? {
    guard names.contains("u.item") else { return nil }
    let file = try wrappingTableErrors { () throws(TableError) in
      try DelimitedFile(path + "/u.item")
    }
    var reader = DelimitedReader()
    reader.delimiter = "|"
    reader.hasHeader = false
    reader.encoding = .automatic
    reader.allowsQuotes = false
    reader.columns = .positions([0, 1])
    return Items(file: file, reader: named(["movie", "title"], in: reader), note: nil)
  }
}

extension Table {
  /// The first row of each value of a column; those without one are left out.
  fileprivate func withDistinct(_ name: String) -> Table {
    guard let coded = columns.first(where: { $0.name == name })?.coded() else { return self }
    var isSeen = [Bool](repeating: false, count: coded.levels.count)
    let first = coded.codes.indices.filter { row in
      let code = Int(coded.codes[row])
      guard code >= 0, !isSeen[code] else { return false }
      isSeen[code] = true
      return true
    }
    return first.count == rowCount ? self : rows(at: first)
  }
}
