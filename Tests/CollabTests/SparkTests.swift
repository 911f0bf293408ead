import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import Foundation
import TestSupport
import Testing

/// Spark is a shell script here: it writes what a job would write.
struct SparkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Three users and two items; the second user and an item with a quotation mark have no factors.
  private func loaders() throws -> DataLoaders {
    let ratings = try DelimitedReader().read(
      text: "user,title,rating\n1,\"A \"\"b\"\"\",5\n2,C,3\n3,C,1\n1,C,2\n")
    let held = try DelimitedReader().read(text: "user,title,rating\n3,\"A \"\"b\"\"\",4\n")
    var options = DataLoaders.Options()
    options.batchSize = 2
    return try DataLoaders(
      ratings, validation: held, options: options, using: RandomStreams(seed: 1))
  }

  private static let metrics =
    #"{"mean": 2.75, "factors": 2, "training_loss": 0.25, "validation_rmse": 1.25}"#

  /// Writes what a finished job leaves.
  private func finish(_ name: String, metrics: String = Self.metrics) {
    for (side, rows) in [
      ("users", "\"1\",\"0.5\",\"1.0 2.0\"\n\"3\",\"-0.25\",\"0.5 -1.0\"\n"),
      ("items", "\"C\",\"0.125\",\"3.0 0.25\"\n"),
    ] {
      folder.write("\(name)/factors/\(side)/part-0.csv", "\"id\",\"bias\",\"factors\"\n" + rows)
      folder.write("\(name)/factors/\(side)/_SUCCESS", "")
    }
    folder.write("\(name)/metrics.json", metrics)
  }

  private func error(_ work: () throws -> Void) -> SparkError? {
    do {
      try work()
      return nil
    } catch { return error as? SparkError }
  }

  @Test func `a hand-off comes back as a learner of the same ratings`() throws {
    let path = folder.path + "/films"
    try SparkHandOff(loaders(), factors: 2, strength: 0.1).write(to: path)
    #expect(
      error { _ = try SparkHandOff.learner(of: path) } == .unfinished(path, missing: "metrics.json")
    )
    finish("films")
    let learner = try SparkHandOff.learner(of: path)
    #expect(learner.loaders.trainingCount == 4)
    #expect(learner.loaders.validationCount == 1)
    let items = learner.loaders.items
    let place = try #require(items.index(of: "A \"b\""))
    let other = try #require(items.index(of: "C"))
    let pairs = try Tensor(
      [1, other, 3, place, 2, other].map(Int64.init), shape: [3, 2])
    // 2.75 + 0.5 + 0.125 + (1·3 + 2·0.25), and so on; who has no factors has the mean and a bias.
    let found = try learner.model.forward(pairs).scalars(as: Float.self)
    #expect(found == [6.875, 2.5, 2.875])
  }

  @Test func `what is not a finished hand-off is refused by its reason`() throws {
    let path = folder.path + "/films"
    #expect(error { _ = try SparkHandOff.learner(of: path) } == .noHandOff(path))
    folder.write("mine/notes.txt", "")
    let hand = SparkHandOff(try loaders(), factors: 2, strength: 0.1)
    let mine = folder.path + "/mine"
    #expect(error { try hand.write(to: mine) } == .folderInUse(mine))
    try hand.write(to: path)
    finish("films", metrics: #"{"mean": 1}"#)
    #expect(error { _ = try SparkHandOff.learner(of: path) }?.code == "bad-file")
    finish("films", metrics: #"{"mean": 1, "factors": 3}"#)
    #expect(error { _ = try SparkHandOff.learner(of: path) }?.code == "bad-file")
    finish("films")
    folder.write("films/factors/users/part-0.csv", "id,bias,factors\n7,0.5,1.0 2.0\n")
    #expect(
      error { _ = try SparkHandOff.learner(of: path) }
        == .misfit(path, reason: "its factors are of others: `7` is not known"))
    // Written anew, it waits for its job again.
    try hand.write(to: path)
    #expect(
      error { _ = try SparkHandOff.learner(of: path) } == .unfinished(path, missing: "metrics.json")
    )
  }

  // MARK: Running it

  private func learner(running script: String, master: String = "local[2]") throws -> Learner {
    try folder.writeProgram("spark-submit", "#!/bin/sh\n" + script)
    let loaders = try loaders()
    let streams = RandomStreams(seed: 1)
    let model = try ALS(
      users: loaders.users.count, items: loaders.items.count, factors: 2,
      ridge: Ridge(strength: 0.1, exponent: 1), using: &streams.torch)
    var settings = SparkSettings(environment: [
      "PATH": "/usr/bin:/bin", "TMPDIR": folder.path,
    ])
    settings.program = folder.path + "/spark-submit"
    settings.master = master
    model.spark = settings
    return Learner(loaders, model)
  }

  private var leftOver: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasPrefix("collab-spark") }
  }

  @Test func `a fit is a job whose factors the model takes`() throws {
    finish("done")
    let learner = try learner(
      running: """
        for word; do case $word in *.py) job=$word;; esac; done
        to=$(dirname "$job")
        test -f "$to/ratings/part-00000.csv" || exit 3
        cp -r "\(folder.path)/done/factors" "\(folder.path)/done/metrics.json" "$to"
        """)
    #expect(try learner.fit(FitPlan(epochs: 4)) == .finished)
    #expect(learner.recorder.epochs.count == 1)
    #expect(learner.recorder.epochs.last?.trainLoss == 0.25)
    #expect(leftOver.isEmpty)
  }

  @Test func `a job that fails says so, and keeps what it said`() throws {
    let learner = try learner(
      running: "echo 'no such thing' >&2; echo '26/01/01 INFO Hook: bye' >&2; exit 1")
    let failure = error { _ = try learner.fit(FitPlan(epochs: 1)) }
    let folder = try #require(leftOver.first)
    #expect(
      failure == .jobFailed(saying: ["no such thing"], folder: "\(self.folder.path)/\(folder)"))
    #expect(failure?.notes == ["what it said is in \(self.folder.path)/\(folder)/log"])
    let noJava = try self.learner(running: "echo 'JAVA_HOME is not set' >&2; exit 1")
    #expect(error { _ = try noJava.fit(FitPlan(epochs: 1)) } == .noJava)
    let noModule = try self.learner(
      running: "echo \"ModuleNotFoundError: No module named 'numpy'\" >&2; exit 1")
    #expect(error { _ = try noModule.fit(FitPlan(epochs: 1)) } == .noModule("numpy"))
  }

  @Test func `a cluster that does not answer is told at once`() throws {
    for (master, expected) in [
      ("spark://127.0.0.1:1", SparkError.noMaster("spark://127.0.0.1:1")),
      ("spark://127.0.0.1:1,127.0.0.1:2", .noMaster("spark://127.0.0.1:1,127.0.0.1:2")),
      ("k8s://https://127.0.0.1:1", .noMaster("k8s://https://127.0.0.1:1")),
      ("spark://127.0.0.1", .badMaster("spark://127.0.0.1")), ("nowhere", .badMaster("nowhere")),
      ("local[2", .badMaster("local[2")),
    ] {
      let learner = try learner(running: "exec sleep 60", master: master)
      let start = ContinuousClock.now
      #expect(error { _ = try learner.fit(FitPlan(epochs: 1)) } == expected)
      #expect(ContinuousClock.now - start < .seconds(20))
    }
    #expect(leftOver.isEmpty)
  }

  /// Stops at once.
  private final class Impatient: FitObserver {
    func batchDidFinish(_ progress: FitProgress) -> Bool { true }
    func partDidFinish(_ progress: FitProgress) -> Bool { false }
    func epochDidFinish(_ epoch: Recorder.Epoch) {}
  }

  @Test func `a fit that is stopped stops the job and leaves nothing`() throws {
    let learner = try learner(running: "exec sleep 60")
    let before = learner.model.state.map { $0.tensor.scalars(as: Float.self) }
    #expect(try !learner.fit(FitPlan(epochs: 1), observer: Impatient()).isComplete)
    #expect(learner.model.state.map { $0.tensor.scalars(as: Float.self) } == before)
    #expect(leftOver.isEmpty)
  }

  @Test func `what a job has started is stopped with it`() throws {
    let note = folder.path + "/child"
    let learner = try learner(running: "sleep 60 & echo $! >'\(note)'; wait")
    // Not before the child is there.
    final class Patient: FitObserver {
      let note: String
      init(_ note: String) { self.note = note }
      func batchDidFinish(_ progress: FitProgress) -> Bool { true }
      func partDidFinish(_ progress: FitProgress) -> Bool {
        ((try? String(contentsOfFile: note, encoding: .utf8)) ?? "").isEmpty
      }
      func epochDidFinish(_ epoch: Recorder.Epoch) {}
    }
    #expect(try !learner.fit(FitPlan(epochs: 1), observer: Patient(note)).isComplete)
    let text = try String(contentsOfFile: note, encoding: .utf8)
    let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // Nobody may have taken note of its end yet: then it is a zombie.
    var isGone = false
    for _ in 0..<100 where !isGone {
      let state = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
      isGone = kill(child, 0) != 0 || state.contains(") Z ")
      if !isGone { usleep(20_000) }
    }
    #expect(isGone)
  }

  // MARK: Other ways to hand over and to take back

  @Test func `factors of another hand-off are refused`() throws {
    let path = folder.path + "/films"
    try SparkHandOff(loaders(), factors: 2, strength: 0.1).write(to: path)
    let settings = try String(contentsOfFile: path + "/handoff.json", encoding: .utf8)
    let start = try #require(settings.firstRange(of: "\"vocabulary\": \"")).upperBound
    let own = settings[start...].prefix { $0 != "\"" }
    #expect(own.count == 64)
    func metrics(_ vocabulary: String) -> String {
      #"{"mean": 2.75, "factors": 2, "vocabulary": "\#(vocabulary)"}"#
    }
    finish("films", metrics: metrics("other"))
    #expect(
      error { _ = try SparkHandOff.learner(of: path) }
        == .misfit(path, reason: "its factors were learned from the ratings of another hand-off"))
    finish("films", metrics: metrics(String(own)))
    #expect(try SparkHandOff.learner(of: path).loaders.trainingCount == 4)
  }

  @Test func `some users are taken back with all items`() throws {
    let path = folder.path + "/films"
    try SparkHandOff(loaders(), factors: 2, strength: 0.1).write(to: path)
    finish("films")
    let learner = try SparkHandOff.learner(of: path, users: ["3", "8"])
    let loaders = learner.loaders
    #expect((1..<loaders.users.count).map { loaders.users[$0] } == ["3"])
    #expect((1..<loaders.items.count).map { loaders.items[$0] } == ["C"])
    #expect(loaders.trainingCount == 1)
    #expect(loaders.validationCount == 1)
    // Three have rated the item, two of whom are not wanted.
    #expect(loaders.trainingCount(of: 1, .items) == 3)
    #expect(
      error { _ = try SparkHandOff.learner(of: path, users: ["8"]) }
        == .misfit(path, reason: "it has factors of none of the 1 users"))
  }

  @Test func `ratings that are not here are named, and not copied`() throws {
    let path = folder.path + "/films"
    try SparkHandOff(loaders(), factors: 2, strength: 0.1).write(to: path)
    var stored = StoredRatings("s3a://films/*.parquet")
    (stored.item, stored.validFraction) = ("title", 0.25)
    try SparkHandOff(stored, factors: 2, strength: 0.1).write(to: path)
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ["README.md", "handoff.json", "job.py"])
    let settings = try String(contentsOfFile: path + "/handoff.json", encoding: .utf8)
    for line in [
      #""ratings": "s3a://films/*.parquet""#, #""valid_pct": 0.25"#, #""item": "title""#,
    ] {
      #expect(settings.contains(line))
    }
    finish("films")
    let learner = try SparkHandOff.learner(of: path)
    #expect(learner.loaders.users.count == 3)
    #expect(learner.loaders.items.count == 2)
    #expect(learner.loaders.trainingCount == 0)
    // 2.75 + 0.5 + 0.125 + (1·3 + 2·0.25)
    let pair = try Tensor([Int64(1), 1], shape: [1, 2])
    #expect(try learner.model.forward(pair).scalars(as: Float.self) == [6.875])
  }

  @Test func `who is unknown has no id in a hand-off`() throws {
    let ratings = try DelimitedReader().read(text: "user,title,rating\n1,A,5\n2,A,3\n")
    let held = try DelimitedReader().read(text: "user,title,rating\n3,B,4\n")
    var options = DataLoaders.Options()
    options.batchSize = 2
    let loaders = try DataLoaders(
      ratings, validation: held, options: options, using: RandomStreams(seed: 1))
    let path = folder.path + "/films"
    try SparkHandOff(loaders, factors: 2, strength: 0.1).write(to: path)
    let text = try String(contentsOfFile: path + "/validation/part-00000.csv", encoding: .utf8)
    #expect(text == "user,title,rating\n,,4.0\n")
  }

  @Test func `a table that Spark has not finished is waited for`() throws {
    let path = folder.path + "/films"
    try SparkHandOff(loaders(), factors: 2, strength: 0.1).write(to: path)
    finish("films")
    try FileManager.default.removeItem(atPath: path + "/factors/items/_SUCCESS")
    #expect(
      error { _ = try SparkHandOff.learner(of: path) }
        == .unfinished(path, missing: "factors/items/_SUCCESS"))
  }
}
