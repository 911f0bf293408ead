import CollabFiles
public import CollabRandomness
import CollabTables
import CollabTensors

// Taking factors back.
extension SparkHandOff {
  /// Whether a folder is a hand-off.
  public static func isHandOff(_ folder: String) -> Bool {
    FileSystem.exists("\(folder)/\(settingsName)")
  }

  /// The learner of a hand-off whose job has come to its end.
  ///
  /// Where the ratings are not here, or only some users are wanted, it has what is here: the users and
  /// items that have factors, and the ratings of those.
  ///
  /// - Parameters:
  ///   - folder: as `write(to:)` has made it, with what the job has written.
  ///   - users: ids of those who are wanted; nil for all.
  ///   - streams: where the order of batches is drawn from.
  /// - Returns: a learner whose model has the factors and biases of Spark.
  /// - Throws: ``SparkError``, ``DataError``, ``LoaderError``, and why a file cannot be read.
  public static func learner(
    of folder: String, users: Set<String>? = nil,
    using streams: RandomStreams = RandomStreams(seed: 42)
  ) throws -> Learner {
    let settings = try SparkHandOffSettings(of: folder)
    do {
      let factors = try SparkFactors(of: folder, users: users)
      if let own = settings.vocabulary, let theirs = factors.vocabulary, own != theirs {
        throw SparkError.misfit(
          folder, reason: "its factors were learned from the ratings of another hand-off")
      }
      let hasAll = users == nil && FileSystem.exists(folder + "/ratings")
      let loaders =
        hasAll
        ? try settings.loaders(in: folder, using: streams)
        : try settings.loaders(in: folder, of: factors, using: streams)
      let model = try ALS(
        users: loaders.users.count, items: loaders.items.count, factors: factors.width,
        ridge: Ridge(strength: settings.strength, exponent: 1), using: &streams.torch)
      try factors.store(
        in: model, of: folder, user: loaders.users.index, item: loaders.items.index)
      return Learner(loaders, model)
    } catch TensorError.noMemory {
      throw SparkError.tooLarge(folder)
    }
  }
}

/// What the settings of a hand-off say.
private struct SparkHandOffSettings {
  let names: [String]
  let isText: [Bool]
  let vocabulary: String?
  var strength = 0.1
  var options = DataLoaders.Options()

  init(of folder: String) throws {
    let path = "\(folder)/\(SparkHandOff.settingsName)"
    guard FileSystem.exists(path) else { throw SparkError.noHandOff(folder) }
    let found = try SparkNotes(path)
    guard let user = found.texts["user"], let item = found.texts["item"],
      let rating = found.texts["rating"], let version = found.numbers["collab_handoff"]
    else { throw SparkError.misfit(path, reason: "it does not say what its columns are called") }
    guard version <= Double(SparkHandOff.version) else {
      throw SparkError.misfit(path, reason: "it was written by a later version")
    }
    names = [user, item, rating]
    isText = [user, item].map { found.lists["text"]?.contains($0) ?? false }
    vocabulary = found.texts["vocabulary"]
    strength = found.numbers["reg"] ?? strength
    (options.user, options.item, options.rating) = (user, item, rating)
    if let size = found.numbers["batch_size"].flatMap({ Int(exactly: $0) }) {
      options.batchSize = size
    }
  }

  /// The ratings of a part, of which there may be several files; nil if there are none.
  private func ratings(in folder: String) throws -> Table? {
    var reader = DelimitedReader()
    for (name, isText) in zip(names, isText) where isText { reader.types[name] = .verbatim }
    let tables = try FileSystem.names(in: folder).filter {
      $0.hasPrefix("part-") && (FileSystem.size(of: "\(folder)/\($0)") ?? 0) > 0
    }.map { name in
      try wrappingTableErrors { () throws(TableError) in try reader.read("\(folder)/\(name)") }
    }
    let filled = tables.filter { $0.rowCount > 0 }
    return filled.isEmpty
      ? tables.first
      : try wrappingTableErrors { () throws(TableError) in try .concatenated(filled) }
  }

  /// Loaders of ratings that are here, as they were.
  func loaders(in folder: String, using streams: RandomStreams) throws -> DataLoaders {
    guard let training = try ratings(in: folder + "/ratings") else {
      throw SparkError.misfit(folder, reason: "its ratings are gone")
    }
    guard let validation = try ratings(in: folder + "/validation"), validation.rowCount > 0 else {
      var options = options
      options.validFraction = 0
      return try DataLoaders(training, options: options, using: streams)
    }
    return try DataLoaders(training, validation: validation, options: options, using: streams)
  }

  /// Loaders of those who have factors, with what there is of their ratings.
  func loaders(
    in folder: String, of factors: SparkFactors, using streams: RandomStreams
  ) throws -> DataLoaders {
    let users = Vocabulary(named: names[0], ids: factors.users.ids, isText: isText[0])
    let items = Vocabulary(named: names[1], ids: factors.items.ids, isText: isText[1])
    var stars: [Float] = []
    // An item counts that others than the wanted users have rated.
    var itemCounts: [Int32]?
    func part(_ name: String) throws -> KeptRatings.Part {
      guard let table = try ratings(in: "\(folder)/\(name)") else {
        return KeptRatings.Part(users: users.count)
      }
      let columns = try RatingColumns(of: table, options.columns)
      let (userRows, itemRows) = (users.indices(of: columns.user), items.indices(of: columns.item))
      if name == "ratings" {
        itemCounts = itemRows.reduce(into: [Int32](repeating: 0, count: items.count)) {
          $0[Int($1)] += 1
        }
      }
      let wanted = userRows.indices.filter { userRows[$0] > 0 }.map { Int32(clamping: $0) }
      let set = RatingSet(
        users: userRows, items: itemRows, ratings: try columns.stars(), rows: wanted[...])
      stars += set.stars
      return KeptRatings.Part(
        rated: RatedItems(set, by: .users, rows: users.count),
        order: StoredNumbers(set.rows(by: .users, count: users.count).order))
    }
    let (training, validation) = (try part("ratings"), try part("validation"))
    let kept = KeptRatings(
      training: training, validation: validation, scale: RatingScale(stars),
      itemCounts: itemCounts.map { StoredNumbers($0) }, ratingName: names[2])
    return DataLoaders(users: users, items: items, kept, options: options, using: streams)
  }
}

extension Vocabulary {
  /// The ids of a table of factors: whole numbers if all of them are, and not known to be text.
  fileprivate init(named name: String, ids: [String], isText: Bool) {
    let numbers =
      isText ? [] : ids.compactMap { id in Int(id).flatMap { "\($0)" == id ? $0 : nil } }
    if !ids.isEmpty, numbers.count == ids.count {
      self.init(name: name, values: Column(name, integers: numbers.sorted()))
    } else {
      let texts = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      self.init(name: name, values: Column(name, texts: texts))
    }
  }

  /// The indices of the values of a column.
  fileprivate func indices(of column: Column) -> [Int32] {
    let coded = column.coded()
    let levels = Vocabulary(name: name, values: coded.levels)
    let places = (1..<levels.count).map { Int32(clamping: index(of: levels[$0]) ?? 0) }
    return coded.codes.map { $0 < 0 ? 0 : places[Int($0)] }
  }
}
