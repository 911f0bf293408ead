import CCollabKernels
import CollabFiles
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
  /// How strongly biases are drawn to zero when they are found first.
  public var shrinkage = Shrinkage()
  private let ratings: Ratings

  /// The ratings that are handed over.
  private enum Ratings {
    case here(DataLoaders)
    case stored(StoredRatings)
  }

  /// The ratings of loaders, to be factorised.
  public init(_ loaders: DataLoaders, factors: Int, strength: Double) {
    (ratings, self.factors, self.strength) = (.here(loaders), factors, strength)
  }

  /// Ratings that are not here, to be factorised where they are.
  public init(_ stored: StoredRatings, factors: Int, strength: Double) {
    (ratings, self.factors, self.strength) = (.stored(stored), factors, strength)
  }
}

// MARK: - Writing
extension SparkHandOff {
  static let settingsName = "handoff.json"
  static let version = 1
  /// What a job writes, and a hand-off of ratings that are here.
  private static let results = [
    "factors", "recommendations", "ratings", "validation", "checkpoint",
  ]

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
    for name in Self.results { FileSystem.removeFolder("\(folder)/\(name)") }
    try FileSystem.makeFolders(folder)
    if case .here(let loaders) = ratings {
      for (name, ratings) in [("ratings", loaders.training), ("validation", loaders.validation)] {
        try FileSystem.makeFolders("\(folder)/\(name)")
        try write(ratings, of: loaders, to: "\(folder)/\(name)/part-00000.csv")
      }
    }
    try Files.replace(folder + "/job.py", with: Array(SparkJob.text.utf8))
    try Files.replace(folder + "/README.md", with: Array(readme.utf8))
    try Files.replace("\(folder)/\(Self.settingsName)", with: Array(settings.utf8))
  }

  private func write(_ ratings: RatingSet, of loaders: DataLoaders, to path: String) throws {
    let columns = [loaders.users.name, loaders.items.name, loaders.ratingName]
    // Who is unknown has no id: `#na#` must not become one.
    func field(_ vocabulary: Vocabulary, _ index: Int32) -> String {
      index == 0 ? "" : TableEncoder.field(.text(vocabulary[Int(index)]))
    }
    try Files.replace(path) { write in
      var text = columns.map { TableEncoder.field(.text($0)) }.joined(separator: ",") + "\n"
      for rating in ratings.ratings {
        text +=
          "\(field(loaders.users, rating.user)),\(field(loaders.items, rating.item)),"
          + "\(rating.stars)\n"
        if text.utf8.count > 1 << 16 {
          try write(Array(text.utf8))
          text = ""
        }
      }
      try write(Array(text.utf8))
    }
  }

  private var settings: String {
    let own: [(name: String, json: String)] =
      switch ratings {
      case .here(let loaders): Self.settings(of: loaders)
      case .stored(let stored): Self.settings(of: stored)
      }
    let all: [(name: String, json: String)] =
      [("collab_handoff", "\(Self.version)")] + own
      + [
        ("factors", "\(factors)"), ("reg", "\(strength)"), ("iterations", "\(iterations)"),
        ("top", "\(top)"), ("reg_users", "\(shrinkage.users)"),
        ("reg_items", "\(shrinkage.items)"), ("seed", "\(seed)"),
      ]
    return "{\n" + all.map { " \(jsonText($0.name)): \($0.json)" }.joined(separator: ",\n")
      + "\n}\n"
  }

  private static func settings(of loaders: DataLoaders) -> [(name: String, json: String)] {
    let sides = [loaders.users, loaders.items]
    let texts = sides.filter { $0.values.kind == .text }
    let hasBreaks = texts.contains { side in
      (1..<side.count).contains { side[$0].utf8.contains { $0 == 10 || $0 == 13 } }
    }
    return [
      ("user", jsonText(sides[0].name)), ("item", jsonText(sides[1].name)),
      ("rating", jsonText(loaders.ratingName)),
      ("text", "[" + texts.map { jsonText($0.name) }.joined(separator: ", ") + "]"),
      ("multiline", hasBreaks ? "1" : "0"), ("batch_size", "\(loaders.options.batchSize)"),
      ("vocabulary", jsonText(checksum(of: sides))),
    ]
  }

  private static func settings(of stored: StoredRatings) -> [(name: String, json: String)] {
    let columns = [stored.user, stored.item, stored.rating]
    let identity = ([stored.place, "\(stored.validFraction)"] + columns).joined(separator: "\n")
    return [
      ("ratings", jsonText(stored.place)), ("validation", jsonText("")),
      ("valid_pct", "\(stored.validFraction)"), ("user", jsonText(stored.user)),
      ("item", jsonText(stored.item)), ("rating", jsonText(stored.rating)),
      ("vocabulary", jsonText(SHA256.hex(of: Array(identity.utf8)))),
    ]
  }

  /// What tells these users and items from others.
  private static func checksum(of sides: [Vocabulary]) -> String {
    var bytes: [UInt8] = []
    for side in sides {
      for index in 0..<side.count {
        bytes += side[index].utf8
        bytes.append(0)
      }
    }
    return SHA256.hex(of: bytes)
  }

  private var readme: String {
    let (reads, tests) =
      switch ratings {
      case .here: ("`ratings`", "`validation`")
      case .stored(let stored): ("`\(stored.place)`", "ratings that it holds out")
      }
    return """
      # Ratings to factorise with Spark

          spark-submit --driver-memory 4g job.py

      learns from \(reads), tests with \(tests), and writes `factors` and
      `metrics.json` here. On a cluster, say where it is and where the data lies, if not here:

          spark-submit --master spark://HOST:7077 job.py --ratings s3a://BUCKET/ratings.parquet --out s3a://BUCKET/films

      What `--out` names is copied back into this folder then, `metrics.json` last. `python3 job.py --help`
      lists all settings; `handoff.json` has those that were chosen. Nothing but Spark is needed:
      `pip install pyspark numpy`, and Java 17. A job that was stopped can be run again.

      Afterwards, at the prompt of Collab, in this folder:

          load_learner .

      """
  }
}
