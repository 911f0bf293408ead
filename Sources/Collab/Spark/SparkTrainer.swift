import CollabTensors

/// Has Spark factorise the ratings: baseline biases first, then factors of what they leave.
///
/// A job cannot go on from what was learned before: each fit begins anew, and has one row of losses.
final class SparkTrainer: Trainer {
  private let model: ALS
  private let spark: SparkSettings

  init(_ model: ALS, _ spark: SparkSettings) { (self.model, self.spark) = (model, spark) }

  var settings: FitSettings { [.epochs] }
  var usualEpochs: Int? { 10 }
  var summary: String {
    "alternating least squares by Spark · \(spark.master) · reg \(model.ridge.strength) · nu 1"
  }

  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome {
    guard model.ridge.exponent == 1 else { throw SparkError.otherExponent(model.ridge.exponent) }
    let loaders = run.loaders
    try loaders.training.requirePlaces(
      users: model.userBias.count, items: model.itemBias.count)
    var handOff = SparkHandOff(
      loaders, factors: model.itemFactors.shape[1], strength: model.ridge.strength)
    handOff.iterations = plan.epochs
    let base = spark.environment["TMPDIR"] ?? "/tmp"
    let folder = try FileSystem.makeTemporaryFolder(like: base + "/collab-spark")
    var isKept = false
    defer { if !isKept { FileSystem.removeFolder(folder) } }
    try handOff.write(to: folder)
    do {
      let parts = 1000
      let isDone = try SparkRun(settings: spark, folder: folder).run { done in
        run.finishPart(Int(clamping: done * Double(parts)), of: parts, epochs: plan.epochs)
      }
      guard isDone else { return .stopped(epoch: 0, batch: 0) }
    } catch {
      if case SparkError.jobFailed = error { isKept = true }
      throw error
    }
    let factors = try SparkFactors(of: folder)
    try factors.store(
      in: model, of: folder, user: loaders.users.index, item: loaders.items.index)
    guard
      try run.finishEpoch(
        squaredError: factors.metrics["training_loss"], epochs: plan.epochs)
    else {
      return .stopped(epoch: run.epoch, batch: 1)
    }
    return .finished
  }

  /// Nothing: all it knows is in the model.
  func checkpoint() -> () -> Void { {} }
}
