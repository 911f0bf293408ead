public import CollabRandomness
public import CollabTables
import CollabTensors
import CollabThreading

/// Training and validation ratings, and the order in which they come.
///
/// Takes the draws of fastai's `CollabDataLoaders.from_df` and of the loaders it makes: the same
/// seed gives the same split, classes and batches.
///
/// Source: `fastai/collab.py`, `fastai/tabular/core.py`, `fastai/data/load.py`.
public final class DataLoaders {
  /// How the rows of an epoch are chosen.
  public enum Sampler: String, Sendable, CaseIterable {
    /// Each row once, in random order: fastai up to 2.7.14, and the book.
    case shuffle
    /// As many rows as there are, drawn with replacement: fastai since 2.7.15.
    case weighted
  }

  /// What can be chosen.
  public struct Options: Sendable {
    /// The column of users; `user` if there is one, else the first one, if nil.
    public var user: String?
    /// The column of items; `title` if there is one, else the second, if nil.
    public var item: String?
    /// The column of ratings; `rating` if there is one, else the third, if nil.
    public var rating: String?
    /// Ratings in a batch.
    public var batchSize = 64
    /// The share of rows held out; 0 to learn from all, or if others are given to test with.
    public var validFraction = 0.2
    /// Which ratings are held out.
    public var split = RatingSplit.random
    /// The column of times, for a split that goes by them; one with a usual name if nil.
    public var time: String?
    /// Seeds PyTorch's generator just before the split.
    public var seed: UInt32?
    /// How the rows of an epoch are chosen.
    public var sampler = Sampler.shuffle

    /// What the chapter has: batches of 64, a fifth held out, each row once in an epoch.
    public init() {}

    var columns: RatingColumnNames { RatingColumnNames(user: user, item: item, rating: rating) }
  }

  /// The users of the rows that are learned from; index 0 is `#na#`, for those that are not.
  public let users: Vocabulary
  /// The items of the rows that are learned from; index 0 is `#na#`, for those that are not.
  public let items: Vocabulary
  /// Ratings to learn from.
  public private(set) lazy var training = RatingSet(kept?.training)
  /// Ratings to test with.
  public private(set) lazy var validation = RatingSet(kept?.validation)
  /// The columns of user, item and rating as the table has them, of all rows.
  public private(set) lazy var trainingTable = keptTable()
  /// The name of the column of ratings.
  public let ratingName: String
  /// What was chosen when they were made, columns by the names that were given, if any.
  public let options: Options

  /// The rows of the table that were held out, in the order of validation.
  public private(set) lazy var validationRows = Array(
    (Int32(trainingCount)..<Int32(trainingCount + validationCount)))
  /// The rows of the table that are learned from.
  public private(set) lazy var trainingRows = Array(0..<Int32(trainingCount))
  /// What somebody should know about the rows.
  public private(set) var flaws = RatingFlaws()

  /// The scale of all ratings, those held out too; nil if there are none.
  public private(set) lazy var scale = RatingScale([training, validation].lazy.flatMap(\.stars))
  /// What each user has rated in training.
  public var trainingByUser: RatedItems { training(by: .users) }
  /// Who has rated each item in training.
  public var trainingByItem: RatedItems { training(by: .items) }
  /// The ratings to learn from by user and by item, where somebody has asked for them.
  private var sortedTraining: (users: RatedItems?, items: RatedItems?)
  /// What each user has rated in validation.
  public var validationByUser: RatedItems { validationByUser {} }
  private var sortedValidation: RatedItems?
  /// How many ratings to learn from each item has.
  public private(set) lazy var itemCounts = StoredNumbers(
    training.counts(by: .items, count: items.count))
  /// How many ratings to learn from each user has, where they are not sorted by user.
  private lazy var userCounts = training.counts(by: .users, count: users.count)

  /// What came from a file, from which the rest is made when it is asked for.
  let kept: KeptRatings?

  /// What is known of the items, a row each, if somebody has said so.
  public var itemTable: Table?

  /// What ratings owe to neither's taste, for those that a model knows nothing of.
  ///
  /// - Complexity: O(ratings) when it is first asked for.
  public var baseline: BiasEstimate { baseline {} }
  private var foundBaseline: BiasEstimate?

  let streams: RandomStreams
  private var trainingGenerator: PythonGenerator
  private var validationGenerator: PythonGenerator

  /// Splits the ratings and finds the classes.
  ///
  /// - Throws: ``LoaderError`` if a column is missing, ratings are not numbers, or a part of the split
  ///   is too small.
  public convenience init(
    _ table: Table, options: Options = Options(), using streams: RandomStreams
  ) throws(LoaderError) {
    let columns = try RatingColumns(of: table, options.columns)
    let stars = try columns.stars()
    try Self.check(options, rowCount: table.rowCount)
    if let seed = options.seed { streams.torch = TorchGenerator(seed: seed) }
    let users = options.split == .random ? [] : try Self.coded(columns.user).codes
    try Self.ask()
    let (held, learned) = try options.split.rows(
      of: table, users: users, options, using: &streams.torch)
    guard !held.isEmpty || options.validFraction == 0 else { throw .nobodyHeldOut(options.split) }
    guard learned.count >= options.batchSize else {
      throw .tooFewLeft(
        learned.count, of: table.rowCount, share: options.validFraction,
        batchSize: options.batchSize)
    }
    try self.init(
      columns, stars, options, holding: held, learning: learned, streams, findsFlaws: true)
  }

  /// Ratings to learn from, and others to test with.
  ///
  /// Users and items that only the others have are `#na#`. Nothing is drawn for a split.
  ///
  /// - Throws: ``LoaderError`` as for a table that is split.
  public convenience init(
    _ table: Table, validation: Table, options: Options = Options(), using streams: RandomStreams
  ) throws(LoaderError) {
    let columns = try RatingColumns(of: table, options.columns)
    let others: RatingColumns
    let stars: [Float]
    do throws(LoaderError) {
      others = try RatingColumns(of: validation, columns.names)
      stars = try others.stars()
    } catch {
      throw .validation(error)
    }
    var options = options
    options.validFraction = 0
    let count = table.rowCount
    try Self.check(options, rowCount: count)
    let rows = Array(0..<Int32(clamping: count + validation.rowCount))
    try self.init(
      columns.appending(others), columns.stars() + stars, options, holding: rows[count...],
      learning: rows[..<count], streams, findsFlaws: true)
  }

  /// Loaders of a split that was made before, as their properties have it.
  ///
  /// The order of batches is drawn anew.
  ///
  /// - Throws: ``LoaderError`` if the table, the options and the split do not belong together.
  public convenience init(
    restoring table: Table, options: Options, validationRows: [Int32], trainingRows: [Int32],
    using streams: RandomStreams
  ) throws(LoaderError) {
    let columns = try RatingColumns(of: table, options.columns)
    let stars = try columns.stars()
    guard options.batchSize > 0 else { throw .batchSize(options.batchSize) }
    let rows = 0..<Int32(clamping: table.rowCount)
    guard validationRows.allSatisfy(rows.contains), trainingRows.allSatisfy(rows.contains),
      trainingRows.count >= options.batchSize
    else { throw .tooFewRatings(trainingRows.count, batchSize: options.batchSize) }
    try self.init(
      columns, stars, options, holding: validationRows[...], learning: trainingRows[...], streams,
      findsFlaws: false)
  }

  /// Loaders of ratings that were kept by user, which are put in their order when that is needed.
  ///
  /// The order of batches is drawn anew.
  init(
    users: Vocabulary, items: Vocabulary, _ kept: KeptRatings, options: Options,
    using streams: RandomStreams
  ) {
    (self.users, self.items, self.kept, self.options) = (users, items, kept, options)
    self.streams = streams
    ratingName = kept.ratingName
    trainingGenerator = PythonGenerator(seed: streams.python.seed32())
    if options.sampler == .weighted, kept.training.count > 0 {
      _ = streams.numpy.choice(of: kept.training.count)
    }
    validationGenerator = PythonGenerator(seed: streams.python.seed32())
    scale = kept.scale
    sortedTraining.users = kept.training.rated
    sortedValidation = kept.validation.rated
    if let counts = kept.itemCounts { itemCounts = counts }
  }

  private init(
    _ columns: RatingColumns, _ stars: [Float], _ options: Options,
    holding held: ArraySlice<Int32>, learning learned: ArraySlice<Int32>,
    _ streams: RandomStreams, findsFlaws: Bool
  ) throws(LoaderError) {
    let table = try columns.table()
    let (userCodes, itemCodes) = (try Self.coded(columns.user), try Self.coded(columns.item))
    // Titles of the whole table are known, unless those held out are of another one.
    let isSplit = options.validFraction > 0
    let users = IndexedColumn(columns.user, userCodes, trainingRows: learned, knowsAll: isSplit)
    try Self.ask()
    let items = IndexedColumn(columns.item, itemCodes, trainingRows: learned, knowsAll: isSplit)
    func ratings(_ rows: ArraySlice<Int32>) throws(LoaderError) -> RatingSet {
      try Self.ask()
      return RatingSet(users: users.indices, items: items.indices, ratings: stars, rows: rows)
    }
    (self.users, self.items) = (users.vocabulary, items.vocabulary)
    self.options = options
    self.streams = streams
    (kept, ratingName) = (nil, columns.rating.name)
    trainingGenerator = PythonGenerator(seed: streams.python.seed32())
    if options.sampler == .weighted {
      // The weighted loader's constructor draws an epoch and throws it away.
      _ = streams.numpy.choice(of: learned.count)
    }
    validationGenerator = PythonGenerator(seed: streams.python.seed32())
    (training, validation) = (try ratings(learned), try ratings(held))
    (validationRows, trainingRows) = (Array(held), Array(learned))
    trainingTable = table
    guard findsFlaws else { return }
    flaws.gaps = [columns.user, columns.item].compactMap(RatingFlaws.Gaps.init)
    let idCodes = try columns.itemID.map(Self.coded) ?? itemCodes
    try Self.ask()
    flaws.repeatedCount = try Self.repeatedCount(userCodes, idCodes)
    if !isSplit, !held.isEmpty {
      let alone = try Self.repeatedCount(
        userCodes.prefix(learned.count), idCodes.prefix(learned.count))
      flaws.repeatedTestCount = flaws.repeatedCount - alone
      flaws.repeatedCount = alone
    }
    flaws.pair = [columns.user.name, (columns.itemID ?? columns.item).name]
  }

  /// Stops if somebody wants it: tens of millions of ratings take some seconds.
  private static func ask() throws(LoaderError) {
    try Interruption.check(LoaderError.table(.interrupted))
  }

  private static func repeatedCount(
    _ users: CodedColumn, _ items: CodedColumn
  ) throws(LoaderError) -> Int {
    try LoaderError.wrapping { () throws(TableError) in try RatingPairs(users, items).repeatedCount
    }
  }

  private static func coded(_ column: Column) throws(LoaderError) -> CodedColumn {
    try LoaderError.wrapping { () throws(TableError) in try column.codedInterruptibly() }
  }

  private static func check(_ options: Options, rowCount: Int) throws(LoaderError) {
    guard options.batchSize > 0 else { throw .batchSize(options.batchSize) }
    let share = options.validFraction
    guard share >= 0, share <= 1 else { throw .validFraction(share) }
    // Other splits hold out users, or ratings of each of them: how many is found when it is done.
    let held =
      [.random, .time].contains(options.split) ? Int(clamping: share * Double(rowCount)) : 0
    guard share == 0 || held > 0 || options.split.isByUser else {
      throw .nothingHeldOut(rowCount, share: share)
    }
    guard rowCount - held >= options.batchSize else {
      throw held == 0
        ? .tooFewRatings(rowCount, batchSize: options.batchSize)
        : .tooFewLeft(
          rowCount - held, of: rowCount, share: share, batchSize: options.batchSize)
    }
  }
}

// MARK: - Iterating

extension DataLoaders {
  /// Full batches in an epoch: what does not fill the last one is left out.
  public var trainingBatchCount: Int { trainingCount / options.batchSize }

  /// Batches of the validation set, the last of which may be smaller.
  public var validationBatchCount: Int {
    (validationCount + options.batchSize - 1) / options.batchSize
  }

  /// Draws the order of an epoch: positions in `training`.
  public func startTraining() -> [Int32] {
    trainingGenerator = PythonGenerator(seed: trainingGenerator.seed32())
    let order =
      switch options.sampler {
      case .shuffle: trainingGenerator.sample(of: training.count)
      case .weighted: streams.numpy.choice(of: training.count)
      }
    // The seed of PyTorch's iterator: unused, but later weights are drawn after it.
    streams.torch.randomInteger()
    return order
  }

  /// Takes the draws of an iteration over the validation set, which is not shuffled.
  public func startValidation() {
    validationGenerator = PythonGenerator(seed: validationGenerator.seed32())
    streams.torch.randomInteger()
  }

  /// A batch of an epoch.
  ///
  /// - Precondition: `number` is in `0..<trainingBatchCount`.
  public func trainingBatch(_ number: Int, of order: [Int32]) throws -> RatingBatch {
    let start = number * options.batchSize
    return try training.batch(order, from: start, count: options.batchSize)
  }

  /// A batch of the validation set.
  ///
  /// - Precondition: `number` is in `0..<validationBatchCount`.
  public func validationBatch(_ number: Int) throws -> RatingBatch {
    try validation.batches(number..<(number + 1), of: options.batchSize)
  }

  /// The first batch of a new epoch.
  public func oneBatch() throws -> RatingBatch {
    guard trainingCount > 0 else { throw FitError.nothingToLearnFrom }
    return try trainingBatch(0, of: startTraining())
  }

  /// The first ratings to train on, as many as a batch holds, in the order of the split: nothing is
  /// drawn.
  public func firstRatings() throws -> RatingBatch {
    let count = min(options.batchSize, training.count)
    return try training.batch(Array(0..<Int32(count)), from: 0, count: count)
  }

  /// The first ratings of a new epoch, as the table has them: fastai's `show_batch`.
  public func sampleBatch(count: Int = 10) -> Table {
    let rows = startTraining().prefix(min(count, options.batchSize))
    return trainingTable.rows(at: rows.map { Int(trainingRows[Int($0)]) })
  }
}

// MARK: - Who is known

extension DataLoaders {
  /// Whether a user or item has a rating that is learned from; others only lend their name to an index,
  /// and `#na#` is nobody.
  ///
  /// - Complexity: O(1) once ratings were counted.
  public func isTrained(_ index: Int, of side: RatingSide) -> Bool {
    // A file that does not say who has rated what was written after training.
    index > 0 && (trainingCount == 0 || trainingCount(of: index, side) > 0)
  }

  /// How many ratings to learn from a user or item has.
  ///
  /// - Complexity: O(1) once ratings were counted.
  public func trainingCount(of index: Int, _ side: RatingSide) -> Int {
    guard side == .users else { return Int(itemCounts[index]) }
    return sortedTraining.users?.places(of: index).count ?? Int(userCounts[index])
  }

  /// Whether it is known how many ratings to learn from there are of each: not after a file that does
  /// not say who has rated what.
  ///
  /// - Complexity: O(items) once ratings were counted.
  public func knowsCounts(of side: RatingSide) -> Bool {
    side == .users ? trainingCount > 0 : itemCounts.contains { $0 > 0 }
  }

  /// How many ratings of somebody are held out, who has none to learn from; nil for strangers.
  ///
  /// - Parameter user: the id or name as a vocabulary would show it.
  /// - Returns: at least 1.
  /// - Complexity: O(ratings).
  public func heldOutCount(of user: String) -> Int? {
    // Of those whom the training ratings do not know a file keeps no names.
    guard kept == nil, users.index(of: user) == nil else { return nil }
    let column = trainingTable.columns[0].coded()
    let everybody = Vocabulary(name: users.name, values: column.levels)
    guard let code = everybody.index(of: user).map({ Int32(truncatingIfNeeded: $0 - 1) }) else {
      return nil
    }
    let count = validationRows.count { column.codes[Int($0)] == code }
    return count == 0 ? nil : count
  }
}

// MARK: - Ratings by user and by item
extension DataLoaders {
  /// The ratings to learn from by a side, sorted when they are first asked for.
  func training(by side: RatingSide) -> RatedItems { training(by: side) {} }

  /// Sorts the ratings to learn from by some sides, as far as that is not done: who needs them next has
  /// them at once, and not after seconds in which nobody could stop it.
  ///
  /// - Throws: ``TensorError/interrupted``.
  func sortTraining(by sides: RatingSide...) throws(TensorError) {
    for side in sides { _ = try training(by: side, asking: Interruption.check) }
  }

  /// Sorts the ratings to test with by user, as far as that is not done.
  ///
  /// - Throws: ``TensorError/interrupted``.
  func sortValidation() throws(TensorError) {
    _ = try validationByUser(asking: Interruption.check)
  }

  private func validationByUser<Failure>(
    asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> RatedItems {
    if let sortedValidation { return sortedValidation }
    let sorted = try RatedItems(validation, by: .users, rows: users.count, asking: ask)
    sortedValidation = sorted
    return sorted
  }

  private func training<Failure>(
    by side: RatingSide, asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> RatedItems {
    if let sorted = side == .users ? sortedTraining.users : sortedTraining.items { return sorted }
    let rows = side == .users ? users.count : items.count
    let sorted = try RatedItems(training, by: side, rows: rows, asking: ask)
    if side == .users { sortedTraining.users = sorted } else { sortedTraining.items = sorted }
    return sorted
  }

  /// Finds ``baseline`` as far as that is not done, and can be stopped.
  ///
  /// - Throws: ``TensorError/interrupted``.
  func findBaseline() throws(TensorError) { _ = try baseline(asking: Interruption.check) }

  private func baseline<Failure>(
    asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> BiasEstimate {
    if let foundBaseline { return foundBaseline }
    let found = try BiasEstimate(training, users.count, items.count, asking: ask)
    foundBaseline = found
    return found
  }

  /// How many bytes it takes until ratings lie by user and by item, as far as they do not yet.
  var bytesToSort: Int {
    (sortedTraining.users == nil ? FitMemory.sorting(trainingCount, rows: users.count) : 0)
      + (sortedTraining.items == nil ? FitMemory.sorting(trainingCount, rows: items.count) : 0)
  }
}
