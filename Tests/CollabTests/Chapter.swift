import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import TestSupport

/// A model of the golden files, as the chapter trains it.
struct ChapterModel {
  let architecture: Architecture
  let options: ModelOptions

  /// Models that rounding alone drives apart, in fastai too.
  var isChaotic: Bool { architecture == .nn || architecture == .collabNN }

  init?(_ name: String) {
    var range: RatingRange?? = .none
    switch name {
    case "dot": architecture = .dot
    case "dot_range": (architecture, range) = (.dot, .stars)
    case "dotbias_plain": (architecture, range) = (.dotBias, .some(nil))
    case "dotbias": architecture = .dotBias
    case "dotbias_raw": architecture = .dotBiasRaw
    case "collab": architecture = .collab
    case "collab_nn": architecture = .collabNN
    case "nn": architecture = .nn
    default: return nil
    }
    var options = ModelOptions(for: architecture)
    if let range { options.range = range }
    self.options = options
  }
}

/// A session as the golden scripts run it: one seeding, loaders, a model, a learner.
struct ChapterSession {
  let streams: RandomStreams
  let loaders: DataLoaders

  init(_ table: Table, seed: Int, sampler: String, batchSize: Int = 64) throws {
    streams = RandomStreams(seed: UInt32(seed))
    var options = DataLoaders.Options()
    options.sampler = DataLoaders.Sampler(rawValue: sampler) ?? .shuffle
    options.batchSize = batchSize
    loaders = try DataLoaders(table, options: options, using: streams)
  }

  func learner(_ model: ChapterModel) throws -> Learner {
    Learner(
      loaders, try model.architecture.model(for: loaders, model.options, using: streams))
  }

  static func small() throws -> Table {
    try DelimitedReader().read(Fixture.path("golden/small.csv"))
  }
}

extension Learner {
  /// The one-cycle fit of the golden files, and its table.
  func chapterFit(
    epochs: Int = 5, wd: String, rowUpdate: RowUpdate? = nil
  ) throws -> [[Double]] {
    try fit(
      epochs: epochs, .oneCycle(maximum: 5e-3), weightDecay: Double(wd), rowUpdate: rowUpdate)
    return recorder.table
  }
}

extension Recorder {
  var table: [[Double]] { epochs.map { [Double($0.trainLoss), Double($0.validLoss)] } }
}

/// The largest difference of two tables.
func largestDifference(_ left: [[Double]], _ right: [[Double]]) -> Double {
  guard left.map(\.count) == right.map(\.count) else { return .infinity }
  return zip(left.joined(), right.joined()).map { abs($0 - $1) }.max() ?? 0
}
