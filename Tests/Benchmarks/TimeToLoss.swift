import Collab
import CollabLearning
import CollabTensors
import FoundationEssentials
import Glibc

/// How far a learner has come after some seconds of training.
struct LossCurve: Codable {
  let name: String
  /// What it takes before it trains: indices, blocks, tables of names.
  let before: Double
  let points: [Point]
  /// The largest memory, with the ratings.
  let megabytes: Double

  /// A validation loss, and after how many seconds it was reached.
  struct Point: Codable {
    let seconds: Double
    let loss: Double
  }

  /// The first of the seconds at which a loss is reached.
  func seconds(to loss: Double) -> Double? { points.first { $0.loss <= loss }?.seconds }
}

extension Bench {
  private static let picture = "Documentation/time-to-loss.svg"

  /// Learners of this package that are compared, with settings that do well where as many steps lie between
  /// two ratings of a user as in the whole set.
  private struct Contender {
    let name: String
    let architecture: Architecture
    var batchSize = 4096
    let epochs: Int
    var rate = 0.0
    /// By how much the factors of a user shrink from one of his ratings to the next, on average: decay acts
    /// at every step, and a large set has more steps between them.
    var shrinkage = 0.0

    func plan(for loaders: DataLoaders) -> FitPlan {
      guard architecture != .als else { return FitPlan(epochs: epochs, annealing: 3) }
      let ratings = Double(loaders.training.count) / Double(loaders.users.count)
      let stepsBetween = Double(loaders.trainingBatchCount) / ratings
      return FitPlan(
        epochs: epochs, .oneCycle(maximum: rate), weightDecay: shrinkage / (rate * stepsBetween))
    }
  }

  private static let contenders = [
    Contender(
      name: "dotbias bs=64", architecture: .dotBias, batchSize: 64, epochs: 4, rate: 1e-3,
      shrinkage: 0.001),
    Contender(
      name: "dotbias bs=1024", architecture: .dotBias, batchSize: 1024, epochs: 4, rate: 1.5e-3,
      shrinkage: 0.0015),
    Contender(
      name: "dotbias bs=4096", architecture: .dotBias, epochs: 4, rate: 2e-3, shrinkage: 0.002),
    Contender(
      name: "dotbias bs=32768", architecture: .dotBias, batchSize: 32_768, epochs: 3, rate: 8e-3,
      shrinkage: 0.003),
    Contender(name: "als", architecture: .als, epochs: 5),
  ]

  /// Validation loss over seconds of training, on ratings whose truth is known, beside other programs.
  func scale() throws {
    let shape = SyntheticRatings.likeMovieLens25M(ratings: ratingCount, factors: 8)
    let folder = FileManager.default.temporaryDirectory.path + "/collab-scale-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (table, positions) = try shape.tableAndPositions()
    var (best, curves) = (0.0, [LossCurve]())
    for contender in Self.contenders {
      Machine.forgetPeak()
      let watch = Stopwatch()
      let learner = try learner(
        table, contender.architecture, batchSize: contender.batchSize, validFraction: 0.1,
        ridge: Ridge(strength: 0.09, exponent: 0.9))
      let before = watch.elapsed.wall
      if curves.isEmpty {
        best = leastLoss(learner.loaders, shape, positions)
        try write(learner.loaders.training, to: "\(folder)/train")
        try write(learner.loaders.validation, to: "\(folder)/valid")
      }
      let losses = LossWatch(learner)
      try learner.fit(contender.plan(for: learner.loaders), observer: losses)
      if let failure = losses.failure { throw failure }
      add(
        LossCurve(
          name: contender.name, before: before, points: losses.points,
          megabytes: Machine.peakMegabytes), to: &curves)
    }
    if python == nil {
      print("peers: skipped; --python or COLLAB_PYTHON names a Python that has libmf and cornac")
    }
    for (name, script) in [("libmf", "scale_libmf.py"), ("cornac", "scale_cornac.py")] {
      if let curve = try peerCurve(name, script, folder) { add(curve, to: &curves) }
    }
    reportGoals(curves)
    print(row(["least possible loss", number(best)]))
    if fillsPage { try replace("scale", by: lines(curves, shape, best)) }
    try Data(drawing(curves, best).utf8).write(to: URL(filePath: Self.picture))
    print("drawn in \(Self.picture)")
  }

  private func add(_ curve: LossCurve, to curves: inout [LossCurve]) {
    curves.append(curve)
    let points = curve.points.map { "\(number($0.seconds)) s: \(number($0.loss))" }
    print(row([curve.name] + points))
    fflush(nil)
  }

  /// Seconds until the losses that each of the others ends with and that are its least: the first of ours,
  /// beside when it is there itself.
  private func reportGoals(_ curves: [LossCurve]) {
    let ours = curves.prefix(Self.contenders.count)
    for other in curves.dropFirst(Self.contenders.count) {
      for (name, loss) in [
        ("last", other.points.last?.loss), ("least", other.points.map(\.loss).min()),
      ] {
        guard let loss else { continue }
        let first = ours.compactMap { $0.seconds(to: loss) }.min() ?? .infinity
        report(
          "scale to \(other.name)'s \(name)", "s", [(wall: first, processor: 0)],
          goal: other.seconds(to: loss), floor: nil)
      }
    }
  }

  /// The squared error of whoever knows the truth of the ratings held out, and not the noise.
  private func leastLoss(
    _ loaders: DataLoaders, _ shape: SyntheticRatings, _ positions: [Float]
  ) -> Double {
    let errors = zip(loaders.validationRows, loaders.validation.stars).map { row, stars in
      Double(stars - shape.meanStars(at: positions[Int(row)]))
    }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))
  }

  /// Ratings as other programs read them.
  private func write(_ ratings: RatingSet, to path: String) throws {
    func bytes<Element>(_ values: [Element]) -> Data { values.withUnsafeBytes { Data($0) } }
    for (name, data) in [
      ("users", bytes(Array(ratings.users))), ("items", bytes(Array(ratings.items))),
      ("stars", bytes(Array(ratings.stars))),
    ] {
      try data.write(to: URL(filePath: "\(path).\(name)"))
    }
  }

  /// The curve of another program, in a process of its own; nil where there is none, which is said.
  private func peerCurve(_ name: String, _ script: String, _ folder: String) throws -> LossCurve? {
    struct Found: Decodable {
      let before: Double
      let points: [[Double]]
      let memory: Double
    }
    guard let line = try peerLine(script, [folder, "\(Machine.coreCount)"]) else { return nil }
    let found = try JSONDecoder().decode(Found.self, from: Data(line.utf8))
    return LossCurve(
      name: name, before: found.before,
      points: found.points.map { LossCurve.Point(seconds: $0[0], loss: $0[1]) },
      megabytes: found.memory)
  }
}

// MARK: - The page

extension Bench {
  private func lines(
    _ curves: [LossCurve], _ shape: SyntheticRatings, _ best: Double
  ) -> [String] {
    let goals = measurements.filter { $0.name.hasPrefix("scale to") }.map { found in
      let goal = found.goal ?? 0
      let ours = found.median.isFinite ? "after \(number(found.median)) s" : "never"
      return
        "- \(found.name.dropFirst("scale ".count)) loss: ours \(ours), it after \(number(goal)) s"
        + (found.median <= goal ? "" : " (missed)")
    }
    return [
      Machine.line + ".", "",
      "\(shape.ratings) ratings, \(shape.users) users, \(shape.items) items; the least possible loss "
        + "is \(number(best)).", "",
      "| | before, s | seconds: validation loss | memory, MB |", "| --- | --- | --- | --- |",
    ]
      + curves.map { curve in
        let points = curve.points.map { "\(number($0.seconds)): \(number($0.loss))" }
        return "| \(curve.name) | \(number(curve.before)) | \(points.joined(separator: ", ")) "
          + "| \(number(curve.megabytes)) |"
      } + [""] + goals
  }

  /// Losses over the logarithm of seconds, and the least that there can be.
  private func drawing(_ curves: [LossCurve], _ best: Double) -> String {
    let (width, height, left, bottom) = (720.0, 360.0, 50.0, 40.0)
    let colors = ["#2563a8", "#5b93cc", "#93bbe4", "#0f766e", "#b45309", "#9d174d"]
    let points = curves.flatMap(\.points)
    let times = points.map(\.seconds)
    let (first, last) = ((times.min() ?? 1) / 1.2, (times.max() ?? 1) * 1.2)
    // Losses far above the others' would leave no room for these.
    let highest = min(points.map(\.loss).max() ?? 1, best * 1.8)
    func x(_ seconds: Double) -> Double {
      let share = (Self.log(seconds) - Self.log(first)) / (Self.log(last) - Self.log(first))
      return left + (width - left - 130) * share
    }
    func y(_ loss: Double) -> Double {
      let share = (min(loss, highest) - best) / max(highest - best, 1e-9)
      return height - bottom - (height - bottom - 30) * share
    }
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(height))" \
      font-family="sans-serif" font-size="11">
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(Int(left))" y="16">validation loss over seconds of training, both as measured</text>
      <line x1="\(Int(left))" x2="\(number(width - 130))" y1="\(number(y(best)))" \
      y2="\(number(y(best)))" stroke="#888" stroke-dasharray="4 3"/>
      <text x="\(number(width - 125))" y="\(number(y(best) + 4))">least possible</text>

      """
    for share in stride(from: 0.0, through: 1, by: 0.25) {
      let loss = best + (highest - best) * share
      svg += "<text x=\"8\" y=\"\(number(y(loss) + 4))\">\(number(loss))</text>\n"
    }
    for power in -2...4 {
      let seconds = (0..<abs(power)).reduce(1.0) { value, _ in power < 0 ? value / 10 : value * 10 }
      guard (first...last).contains(seconds) else { continue }
      svg +=
        "<text x=\"\(number(x(seconds)))\" y=\"\(Int(height) - 20)\">\(number(seconds)) s</text>\n"
    }
    for (n, curve) in curves.enumerated() {
      let color = colors[n % colors.count]
      let line = curve.points.map { "\(number(x($0.seconds))),\(number(y($0.loss)))" }
      svg +=
        "<polyline points=\"\(line.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\"/>\n"
      for point in curve.points {
        svg += "<circle cx=\"\(number(x(point.seconds)))\" cy=\"\(number(y(point.loss)))\" r=\"3\" "
        svg += "fill=\"\(color)\"/>\n"
      }
      svg += "<text x=\"\(number(width - 125))\" y=\"\(40 + 16 * n)\" fill=\"\(color)\">"
      svg += "\(curve.name)</text>\n"
    }
    return svg + "</svg>\n"
  }
}

/// Notes the validation loss after each epoch, of predictions within the stars, and the seconds of training
/// until then: those of validation do not count.
private final class LossWatch: FitObserver {
  private(set) var points: [LossCurve.Point] = []
  /// What kept it from a loss.
  private(set) var failure: (any Error)?
  private let learner: Learner
  private var watch = Stopwatch()
  private var spent = 0.0
  private var last = 0.0

  init(_ learner: Learner) { self.learner = learner }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    last = watch.elapsed.wall
    return failure == nil
  }

  func epochDidFinish(_ epoch: Recorder.Epoch) {
    spent += last
    do {
      points.append(LossCurve.Point(seconds: spent, loss: try loss()))
    } catch {
      failure = error
    }
    watch = Stopwatch()
  }

  private func loss() throws -> Double {
    let loaders = learner.loaders
    var sum = 0.0
    for number in 0..<loaders.validationBatchCount {
      let batch = try loaders.validationBatch(number)
      let predictions = try learner.model.forward(batch.inputs).scalars(as: Float.self)
      for (prediction, stars) in zip(predictions, batch.targets.scalars(as: Float.self)) {
        let error = Double(min(max(prediction, 0.5), 5) - stars)
        sum += error * error
      }
    }
    return sum / Double(max(loaders.validation.count, 1))
  }
}
