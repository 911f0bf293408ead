import CCollabKernels
import CollabFiles
public import CollabRandomness
import CollabTables

/// A folder with all that Spark needs to factorise ratings: they, the program and what it is told.
///
///     try SparkHandOff(loaders, factors: 50, strength: 0.1).write(to: "films")
///     // spark-submit films/job.py, wherever Spark is
///     let learner = try SparkHandOff.learner(of: "films")
public struct SparkHandOff {
  /// Factors of each user and item.
  public var factors: Int
  /// λ, which is multiplied by the number of ratings.
  public var strength: Double
  /// Iterations of alternating least squares.
  public var iterations = 10
  /// How many recommendations the job writes for each user.
  public var top = 0
  /// What random factors begin with.
  public var seed: UInt32 = 42
  /// How strongly biases are drawn to zero.
  public var shrinkage = Shrinkage()
  private let loaders: DataLoaders

  /// The ratings of loaders, to be factorised.
  public init(_ loaders: DataLoaders, factors: Int, strength: Double) {
    (self.loaders, self.factors, self.strength) = (loaders, factors, strength)
  }
}

// MARK: - Writing
extension SparkHandOff {
  static let settingsName = "handoff.json"
  private static let version = 1

  /// Writes the folder, which must be new, empty, or a hand-off that is written anew.
  ///
  /// - Throws: ``SparkError/folderInUse(_:)``, ``DataError``, and why a file cannot be written.
  public func write(to folder: String) throws {
    let names = FileSystem.names(in: folder)
    guard names.isEmpty || names.contains(Self.settingsName) else {
      throw SparkError.folderInUse(folder)
    }
    // Whoever finds the old end of a job would take it for that of the new one.
    try Files.remove(folder + "/metrics.json")
    FileSystem.removeFolder(folder + "/factors")
    for (name, ratings) in [("ratings", loaders.training), ("validation", loaders.validation)] {
      try FileSystem.makeFolders("\(folder)/\(name)")
      try write(ratings, to: "\(folder)/\(name)/part-00000.csv")
    }
    try Files.replace(folder + "/job.py", with: Array(SparkJob.text.utf8))
    try Files.replace(folder + "/README.md", with: Array(readme.utf8))
    try Files.replace("\(folder)/\(Self.settingsName)", with: Array(settings.utf8))
  }

  private var columns: [String] { [loaders.users.name, loaders.items.name, loaders.ratingName] }

  private func write(_ ratings: RatingSet, to path: String) throws {
    try Files.replace(path) { write in
      var text = columns.map { TableEncoder.field(.text($0)) }.joined(separator: ",") + "\n"
      for rating in ratings.ratings {
        let (user, item) = (loaders.users[Int(rating.user)], loaders.items[Int(rating.item)])
        text +=
          "\(TableEncoder.field(.text(user))),\(TableEncoder.field(.text(item))),\(rating.stars)\n"
        if text.utf8.count > 1 << 16 {
          try write(Array(text.utf8))
          text = ""
        }
      }
      try write(Array(text.utf8))
    }
  }

  private var settings: String {
    let texts = [loaders.users, loaders.items].filter { $0.values.kind == .text }.map {
      jsonText($0.name)
    }
    return """
      {
       "collab_handoff": \(Self.version),
       "user": \(jsonText(columns[0])), "item": \(jsonText(columns[1])), \
      "rating": \(jsonText(columns[2])),
       "text": [\(texts.joined(separator: ", "))],
       "batch_size": \(loaders.options.batchSize),
       "factors": \(factors), "reg": \(strength), "iterations": \(iterations), "top": \(top),
       "reg_users": \(shrinkage.users), "reg_items": \(shrinkage.items), "seed": \(seed)
      }

      """
  }

  private var readme: String {
    """
    # Ratings to factorise with Spark

        spark-submit job.py

    learns from `ratings`, tests with `validation`, and writes `factors` and `metrics.json` here. On a
    cluster, say where it is and where the data lies, if not here:

        spark-submit --master spark://HOST:7077 job.py --ratings s3a://BUCKET/ratings.parquet --out s3a://BUCKET/films

    `python3 job.py --help` lists all settings; `handoff.json` has those that were chosen. Nothing but
    Spark is needed: `pip install pyspark`, and Java 17. A job that was stopped can be run again.

    Afterwards, at the prompt of Collab, in this folder:

        load_learner .

    """
  }
}

// MARK: - Taking factors back
extension SparkHandOff {
  /// Whether a folder is a hand-off.
  public static func isHandOff(_ folder: String) -> Bool {
    FileSystem.exists("\(folder)/\(settingsName)")
  }

  /// The learner of a hand-off whose job has come to its end.
  ///
  /// - Parameters:
  ///   - folder: as `write(to:)` has made it, with what the job has written.
  ///   - streams: where the order of batches is drawn from.
  /// - Returns: a learner whose model has the factors and biases of Spark.
  /// - Throws: ``SparkError``, ``DataError``, ``LoaderError``, and why a file cannot be read.
  public static func learner(
    of folder: String, using streams: RandomStreams = RandomStreams(seed: 42)
  ) throws -> Learner {
    let settings = try Settings(of: folder)
    let factors = try SparkFactors(of: folder)
    func ratings(_ name: String) throws -> Table {
      var reader = DelimitedReader()
      for (name, isText) in zip(settings.names, settings.isText) where isText {
        reader.types[name] = .verbatim
      }
      return try wrappingTableErrors { () throws(TableError) in
        try reader.read("\(folder)/\(name)/part-00000.csv")
      }
    }
    var options = DataLoaders.Options()
    (options.user, options.item, options.rating) =
      (settings.names[0], settings.names[1], settings.names[2])
    options.batchSize = settings.batchSize
    let loaders = try DataLoaders(
      ratings("ratings"), validation: ratings("validation"), options: options, using: streams)
    let model = try ALS(
      users: loaders.users.count, items: loaders.items.count, factors: factors.width,
      ridge: Ridge(strength: settings.strength, exponent: 1), using: &streams.torch)
    try factors.store(
      in: model, of: folder, user: loaders.users.index, item: loaders.items.index)
    return Learner(loaders, model)
  }

  /// What the settings of a hand-off say.
  private struct Settings {
    var names = ["", "", ""]
    var isText: [Bool] = []
    var strength = 0.1
    var batchSize = 64

    init(of folder: String) throws {
      let path = "\(folder)/\(settingsName)"
      guard FileSystem.exists(path) else { throw SparkError.noHandOff(folder) }
      var (names, numbers, kinds): ([String: String], [String: Double], [String]) = ([:], [:], [])
      do {
        var json = JSONReader(try Files.read(path, limit: 1 << 20)[...])
        try json.object { (name, json) throws(ModelFileError) in
          if name == "text" {
            try json.array { (json) throws(ModelFileError) in kinds.append(try json.string()) }
          } else if json.isAtString() {
            names[name] = try json.string()
          } else {
            numbers[name] = try json.number()
          }
        }
      } catch is ModelFileError {
        throw SparkError.misfit(path, reason: "it is damaged")
      }
      guard let user = names["user"], let item = names["item"], let rating = names["rating"],
        let version = numbers["collab_handoff"]
      else { throw SparkError.misfit(path, reason: "it does not say what its columns are called") }
      guard version <= Double(SparkHandOff.version) else {
        throw SparkError.misfit(path, reason: "it was written by a later version")
      }
      self.names = [user, item, rating]
      isText = [user, item].map(kinds.contains)
      strength = numbers["reg"] ?? strength
      batchSize = numbers["batch_size"].flatMap { Int(exactly: $0) } ?? batchSize
    }
  }
}
