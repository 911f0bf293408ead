import CollabTables
import CollabTensors
import CollabThreading

/// Ratings by user, as a file keeps them.
struct KeptRatings {
  /// Those to learn from, or those to test with.
  struct Part {
    /// What each user has rated.
    let rated: RatedItems
    /// The place of each of these ratings in training or validation; the ratings are taken in the
    /// order in which they are kept if it does not say all places.
    let order: StoredNumbers<Int32>

    /// How many there are.
    var count: Int { rated.indices.count }
  }

  let training: Part
  let validation: Part
  /// The scale of both; nil if there are none.
  let scale: RatingScale?
  /// How many ratings to learn from each item has; nil if they must be counted.
  let itemCounts: StoredNumbers<Int32>?
  /// The name of the column of ratings.
  let ratingName: String
}

extension KeptRatings.Part {
  /// No ratings of so many users.
  init(users: Int) {
    rated = RatedItems(
      starts: StoredNumbers(repeatElement(0, count: users + 1)), indices: StoredNumbers([]),
      stars: StoredNumbers([]))
    order = StoredNumbers([])
  }
}

extension DataLoaders {
  /// How many ratings there are to learn from.
  public var trainingCount: Int { kept?.training.count ?? training.count }

  /// How many ratings there are to test with.
  public var validationCount: Int { kept?.validation.count ?? validation.count }

  /// All ratings as a file would keep them.
  ///
  /// - Throws: ``TensorError/interrupted``, unless they come from a file.
  func ratingsToKeep() throws(TensorError) -> KeptRatings {
    if let kept { return kept }
    try sortTraining(by: .users)
    try sortValidation()
    func part(_ ratings: RatingSet, _ rated: RatedItems) throws(TensorError) -> KeptRatings.Part {
      let order = try ratings.rows(by: .users, count: users.count, asking: Interruption.check).order
      return KeptRatings.Part(rated: rated, order: StoredNumbers(order))
    }
    return KeptRatings(
      training: try part(training, trainingByUser),
      validation: try part(validation, validationByUser),
      scale: scale, itemCounts: itemCounts, ratingName: ratingName)
  }

  /// The table of ratings that come from a file: those to learn from, then those to test with.
  func keptTable() -> Table {
    let sets = [training, validation]
    func ids(_ side: RatingSide, _ vocabulary: Vocabulary) -> Column {
      vocabulary.column(of: sets.lazy.flatMap { $0.indices(of: side) })
    }
    let columns = [
      ids(.users, users), ids(.items, items),
      Column(ratingName, doubles: sets.flatMap { $0.stars.lazy.map(Double.init) }),
    ]
    return Table(equallyLong: columns)
  }
}

extension Vocabulary {
  /// What some indices stand for.
  fileprivate func column(of indices: some Sequence<Int32>) -> Column {
    let places = indices.map { Int($0) - 1 }
    guard places.contains(-1) else { return values.rows(at: places).renamed(name) }
    if let numbers = try? values.doubles() {
      return Column(name, doubles: places.map { $0 < 0 ? .nan : numbers[$0] })
    }
    let texts = (try? values.texts()) ?? []
    return Column(name, texts: places.map { $0 < 0 ? nil : texts[$0] })
  }
}
