import Foundation
import Glibc

// MARK: - Beside Apache Spark

extension Bench {
  /// Of what both found for some ratings: seconds, and megabytes at the peak.
  private struct Pair {
    let ratings: Int
    let own: (seconds: Double, megabytes: Double)
    let spark: (seconds: Double, megabytes: Double)
  }

  /// Iterations of both: enough for losses that change little, few enough for 25 million ratings.
  private static let sparkIterations = 5

  /// Iterations with 50 factors, from a file to factors: this program, and a job of Spark on two cores of the
  /// same machine.
  func spark() throws {
    guard let python else {
      print("spark: skipped; --python or COLLAB_PYTHON names a Python that has PySpark")
      return
    }
    let submit = URL(filePath: python).deletingLastPathComponent().path + "/spark-submit"
    guard access(submit, X_OK) == 0 else {
      print("spark: skipped; there is no \(submit)")
      return
    }
    setenv("PYSPARK_PYTHON", python, 1)
    let sizes = [1_000_000, 5_000_000] + (isFull ? [SyntheticRatings.movieLens25M.ratings] : [])
    var pairs: [Pair] = []
    for size in sizes {
      let pair = try pair(ratings: size, submit)
      pairs.append(pair)
      let name = "\(pair.ratings / 1_000_000)M ratings"
      report(
        "als, \(name)", "s", [(wall: pair.own.seconds, processor: 0)], goal: pair.spark.seconds,
        floor: nil)
      report(
        "als in Spark, \(name)", "s", [(wall: pair.spark.seconds, processor: 0)], goal: nil,
        floor: nil)
    }
    let overtakes = pairs.first { $0.spark.seconds < $0.own.seconds }
    let verdict =
      overtakes.map { "Spark overtakes at \($0.ratings / 1_000_000) million ratings." }
      ?? "Spark does not overtake up to \((sizes.last ?? 0) / 1_000_000) million ratings."
    print(verdict)
    guard fillsPage else { return }
    let head = [
      Machine.line + ".", "", "| million ratings | als, s | als, MB | Spark, s | Spark, MB |",
      "| --- | --- | --- | --- | --- |",
    ]
    let rows = pairs.map { pair in
      let cells = [pair.own.seconds, pair.own.megabytes, pair.spark.seconds, pair.spark.megabytes]
      let numbers = cells.map { "\(Int(exactly: $0.rounded()) ?? 0)" }
      return "| \(pair.ratings / 1_000_000) | " + numbers.joined(separator: " | ") + " |"
    }
    try replace("spark", by: head + rows + ["", verdict], in: "Documentation/spark.md")
  }

  /// Both, for so many ratings of MovieLens' shape.
  private func pair(ratings: Int, _ submit: String) throws -> Pair {
    let folder = FileManager.default.temporaryDirectory.path + "/collab-spark-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = SyntheticRatings.movieLens25M
    let shape = SyntheticRatings(
      users: whole.users * (ratings / 1000) / (whole.ratings / 1000),
      items: whole.items * (ratings / 1000) / (whole.ratings / 1000), ratings: ratings)
    let path = folder + "/ratings.csv"
    _ = try shape.write(to: path)
    let own = try finished(
      ChildProgram.collab([
        "-c",
        "load '\(path)'; dataloaders valid_pct=0.1 bs=4096; learner als reg=0.1 nu=1; fit \(Self.sparkIterations)",
      ]))
    _ = try finished(
      ChildProgram.collab([
        "-c",
        "handoff spark '\(folder)/job' data='\(path)' user=userId item=movieId valid_pct=0.1 "
          + "factors=50 reg=0.1 epochs=\(Self.sparkIterations)",
      ]))
    let job = try finished(
      ChildProgram(
        path: submit,
        arguments: [
          "--master", "local[2]", "--driver-memory", "8g", "--conf", "spark.ui.enabled=false",
          folder + "/job/job.py",
        ]))
    return Pair(
      ratings: ratings, own: (own.wall, own.peakMegabytes), spark: (job.wall, job.peakMegabytes))
  }

  private func finished(_ program: ChildProgram) throws -> ChildProgram.Result {
    let result = try program.run()
    guard result.status == 0 else {
      throw ChildProgram.Failure(description: "\(program.path) left with \(result.status)")
    }
    return result
  }
}
