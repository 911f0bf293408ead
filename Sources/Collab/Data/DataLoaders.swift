public import Randomness
public import Tables
import Tensors

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
    /// The column of users; the first one if nil.
    public var user: String?
    /// The column of items; `title` if there is one, else the second, if nil.
    public var item: String?
    /// The column of ratings; `rating` if there is one, else the third, if nil.
    public var rating: String?
    /// Ratings in a batch.
    public var batchSize = 64
    /// The share of rows held out.
    public var validFraction = 0.2
    /// Seeds PyTorch's generator just before the split.
    public var seed: UInt32?
    /// How the rows of an epoch are chosen.
    public var sampler = Sampler.shuffle

    /// The chapter's choices.
    public init() {}
  }

  /// Indices of users.
  public let users: Vocabulary
  /// Indices of items.
  public let items: Vocabulary
  /// Ratings to learn from.
  public let training: RatingSet
  /// Ratings to test with.
  public let validation: RatingSet
  /// The columns of user, item and rating as the table has them, of the rows of `training`.
  public let trainingTable: Table
  /// What was chosen.
  public let options: Options

  /// The rows of the table that were held out, in the order of validation.
  public let validationRows: [Int32]
  /// The rows of the table that are learned from.
  public let trainingRows: [Int32]

  let streams: RandomStreams
  private var trainingGenerator: PythonGenerator
  private var validationGenerator: PythonGenerator

  /// Splits the ratings and finds the classes.
  ///
  /// - Throws: ``LoaderError`` if a column is missing, ratings are not numbers, or a part of the split
  ///   is too small for a batch.
  public convenience init(
    _ table: Table, options: Options = Options(), using streams: RandomStreams
  ) throws(LoaderError) {
    let columns = try RatingColumns(of: table, options)
    try Self.check(options, rowCount: table.rowCount)
    if let seed = options.seed { streams.torch = TorchGenerator(seed: seed) }
    let order = streams.torch.permutation(of: table.rowCount)
    let cut = Int(clamping: options.validFraction * Double(table.rowCount))
    self.init(columns, options, holding: order[..<cut], learning: order[cut...], streams)
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
    let columns = try RatingColumns(of: table, options)
    try Self.check(options, rowCount: table.rowCount)
    let rows = 0..<Int32(clamping: table.rowCount)
    guard validationRows.allSatisfy(rows.contains), trainingRows.allSatisfy(rows.contains),
      trainingRows.count >= options.batchSize, !validationRows.isEmpty
    else { throw .tooFewRatings(trainingRows.count, batchSize: options.batchSize) }
    self.init(columns, options, holding: validationRows[...], learning: trainingRows[...], streams)
  }

  private init(
    _ columns: RatingColumns, _ options: Options, holding held: ArraySlice<Int32>,
    learning learned: ArraySlice<Int32>, _ streams: RandomStreams
  ) {
    let users = IndexedColumn(columns.user, trainingRows: learned)
    let items = IndexedColumn(columns.item, trainingRows: learned)
    func ratings(_ rows: ArraySlice<Int32>) -> RatingSet {
      RatingSet(
        users: users.indices, items: items.indices, ratings: columns.ratings, rows: rows)
    }
    (self.users, self.items) = (users.vocabulary, items.vocabulary)
    (training, validation) = (ratings(learned), ratings(held))
    (validationRows, trainingRows) = (Array(held), Array(learned))
    trainingTable = columns.table
    self.options = options
    self.streams = streams
    trainingGenerator = PythonGenerator(seed: streams.python.seed32())
    if options.sampler == .weighted {
      // The weighted loader's constructor draws an epoch and throws it away.
      _ = streams.numpy.choice(of: learned.count)
    }
    validationGenerator = PythonGenerator(seed: streams.python.seed32())
  }

  private static func check(_ options: Options, rowCount: Int) throws(LoaderError) {
    guard options.batchSize > 0 else { throw .batchSize(options.batchSize) }
    guard options.validFraction > 0, options.validFraction < 1 else {
      throw .validFraction(options.validFraction)
    }
    let held = Int(clamping: options.validFraction * Double(rowCount))
    guard held > 0, rowCount - held >= options.batchSize else {
      throw .tooFewRatings(rowCount, batchSize: options.batchSize)
    }
  }
}

// MARK: - Iterating

extension DataLoaders {
  /// Full batches in an epoch: what does not fill the last one is left out.
  public var trainingBatchCount: Int { training.count / options.batchSize }

  /// Batches of the validation set, the last of which may be smaller.
  public var validationBatchCount: Int {
    (validation.count + options.batchSize - 1) / options.batchSize
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
    try validationBatches(number..<(number + 1))
  }

  /// Some batches of the validation set as a single one.
  ///
  /// - Precondition: `numbers` is in `0..<validationBatchCount`.
  func validationBatches(_ numbers: Range<Int>) throws -> RatingBatch {
    let start = numbers.lowerBound * options.batchSize
    let end = min(numbers.upperBound * options.batchSize, validation.count)
    return try validation.batch(Array(Int32(start)..<Int32(end)), from: 0, count: end - start)
  }

  /// The first batch of a new epoch.
  public func oneBatch() throws -> RatingBatch {
    try trainingBatch(0, of: startTraining())
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

/// The three columns that matter.
private struct RatingColumns {
  let user: Column
  let item: Column
  let ratings: [Float]
  let table: Table

  init(of table: Table, _ options: DataLoaders.Options) throws(LoaderError) {
    func column(_ name: String?, _ usual: String?, _ position: Int) throws(LoaderError) -> Column {
      do throws(TableError) {
        if let name { return try table.column(name) }
        if let usual, table.hasColumn(usual) { return try table.column(usual) }
      } catch {
        throw .table(error)
      }
      guard table.columns.indices.contains(position) else {
        throw .tooFewColumns(table.columnNames)
      }
      return table.columns[position]
    }
    user = try column(options.user, nil, 0)
    item = try column(options.item, "title", 1)
    let rating = try column(options.rating, "rating", 2)
    do throws(TableError) {
      ratings = try rating.floats()
      self.table = try table.select([user.name, item.name, rating.name])
    } catch {
      throw .table(error)
    }
  }
}
