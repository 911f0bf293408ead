import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import Foundation
import TestSupport
import Testing

/// The `spark-submit` of this machine, if there is one.
private enum SparkHere {
  static let program: String? = {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["COLLAB_SPARK"].map { [$0] }
    let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/spark-submit" }
    return (named ?? onPath).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  static let note: Comment = "no spark-submit: pip install pyspark numpy, and COLLAB_SPARK"
}

/// The real job, where there is a `spark-submit` on the search path or COLLAB_SPARK names one.
///
/// It takes a minute or more.
struct SparkJobTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func loaders() throws -> DataLoaders {
    try DataLoaders(DataSearch().load("demo").ratings, using: RandomStreams(seed: 42))
  }

  private func als(_ loaders: DataLoaders, factors: Int) throws -> ALS {
    let streams = RandomStreams(seed: 42)
    return try ALS(
      users: loaders.users.count, items: loaders.items.count, factors: factors,
      ridge: Ridge(strength: 0.1, exponent: 1), using: &streams.torch)
  }

  @Test(.enabled(if: SparkHere.program != nil, SparkHere.note))
  func `Spark reaches the validation loss of the local factors`() throws {
    let loaders = try loaders()
    let local = Learner(loaders, try als(loaders, factors: 4))
    try local.fit(FitPlan(epochs: 10))
    let model = try als(loaders, factors: 4)
    var settings = SparkSettings.current()
    settings.program = SparkHere.program
    model.spark = settings
    let learner = Learner(loaders, model)
    #expect(try learner.fit(FitPlan(epochs: 10)) == .finished)
    #expect(abs(try learner.validate() - local.validate()) < 0.01)
    let row = try #require(learner.recorder.epochs.last)
    // What the job has measured is what the model says here.
    #expect(abs(row.trainLoss - (try trainingLoss(of: learner))) < 1e-4)
  }

  private func trainingLoss(of learner: Learner) throws -> Float {
    let set = learner.loaders.training
    let pairs = zip(set.users, set.items).map { (user: Int($0), item: Int($1)) }
    let ratings = try learner.predictions(of: pairs).ratings
    let errors = zip(ratings, set.stars).map { Double($0 - $1) * Double($0 - $1) }
    return Float(errors.reduce(0, +) / Double(errors.count))
  }

  @Test(.enabled(if: SparkHere.program != nil, SparkHere.note))
  func `a hand-off trained by hand evaluates and recommends as its job says`() throws {
    let path = folder.path + "/films"
    var handOff = SparkHandOff(try loaders(), factors: 4, strength: 0.1)
    (handOff.iterations, handOff.top) = (3, 3)
    try handOff.write(to: path)
    try submit(path)
    let learner = try SparkHandOff.learner(of: path)
    let text = try Data(contentsOf: URL(filePath: path + "/metrics.json"))
    let metrics = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    let loss = try #require(metrics["validation_loss"] as? Double)
    #expect(abs(Double(try learner.validate()) - loss) < 1e-4)
    var options = ModelEvaluator.Options()
    (options.metrics, options.resamples) = ([Metric(.rmse), Metric(.mae)], 10)
    let evaluation = try #require(
      try ModelEvaluator(learner.loaders, options).evaluation(of: [("als", learner)]))
    for (name, estimate) in zip(["rmse", "mae"], evaluation.rows[0].estimates) {
      let measured = try #require(metrics["validation_\(name)"] as? Double)
      #expect(abs(estimate.value - measured) < 1e-4)
    }
    // The lists of the job, a row a recommendation, are those made here.
    let lists = try table(of: path + "/recommendations")
    #expect(lists.rowCount == 3 * (learner.loaders.users.count - 1))
    let users = try lists.column("user").integers()
    let items = try lists.column("item").texts()
    let ranks = try lists.column("rank").integers()
    let recommender = try Recommender(learner)
    for row in stride(from: 0, to: lists.rowCount, by: 97) {
      let user = try #require(learner.loaders.users.index(of: "\(users[row])"))
      let own = try recommender.recommendations(for: [user], count: 3)[0]
      #expect(learner.loaders.items[own[ranks[row] - 1].item] == items[row])
    }
  }

  @Test(.enabled(if: SparkHere.program != nil, SparkHere.note))
  func `ratings that only the job reads are taken back by their factors`() throws {
    let text = try loaders().trainingTable
    folder.write("data/ratings.csv", csv(of: text))
    let path = folder.path + "/films"
    var stored = StoredRatings(folder.path + "/data/ratings.csv")
    (stored.item, stored.validFraction) = ("title", 0.1)
    var handOff = SparkHandOff(stored, factors: 2, strength: 0.1)
    handOff.iterations = 2
    try handOff.write(to: path)
    #expect(!FileManager.default.fileExists(atPath: path + "/ratings"))
    try submit(path)
    let learner = try SparkHandOff.learner(of: path)
    #expect(learner.loaders.trainingCount == 0)
    let share = Double(learner.loaders.validationCount) / Double(text.rowCount)
    #expect(abs(share - 0.1) < 0.01)
    let metrics = try String(contentsOfFile: path + "/metrics.json", encoding: .utf8)
    let loss = try learner.validate()
    #expect(metrics.contains("\"validation_loss\": \(String(Double(loss)).prefix(5))"))
  }

  private func csv(of table: Table) -> String {
    let columns = (0..<3).map { table.columns[$0] }
    let rows = (0..<table.rowCount).map { row in
      columns.map { column in
        switch column.value(at: row) {
        case .text(let text): "\"" + text.replacing("\"", with: "\"\"") + "\""
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .missing: ""
        }
      }.joined(separator: ",")
    }
    return (["user,title,rating"] + rows).joined(separator: "\n") + "\n"
  }

  private func table(of folder: String) throws -> Table {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Table.concatenated(
      names.filter { $0.hasPrefix("part-") }.sorted().map {
        try DelimitedReader().read("\(folder)/\($0)")
      })
  }

  /// Runs the job by hand.
  private func submit(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(SparkHere.program))
    process.arguments = ["--master", "local[2]", path + "/job.py"]
    let python = (try #require(SparkHere.program)).replacing("spark-submit", with: "python3")
    var environment = ProcessInfo.processInfo.environment
    if FileManager.default.isExecutableFile(atPath: python) {
      environment["PYSPARK_PYTHON"] = environment["PYSPARK_PYTHON"] ?? python
    }
    process.environment = environment
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
