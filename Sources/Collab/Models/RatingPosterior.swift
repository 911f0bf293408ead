import CCollabKernels
public import CollabTensors
import CollabThreading

/// What some ratings say of everything that somebody new might rate.
///
///     let somebody = try model.posterior(of: [(item: 7, stars: 5), (item: 30, stars: 1)])
///     somebody.predictions[12]
///     somebody.distribution(of: 12)
public struct RatingPosterior {
  /// The expected stars, by item.
  public let predictions: [Float]
  /// The mean of the bias over the draws that are kept.
  public let bias: Float
  /// The means of the factors, as the model has them of users it was trained with.
  public let factors: [Float]
  private let means: PairPredictions
  private let kept: Bayes.Kept

  /// Takes the bias from the front of `row`, the means of somebody's numbers.
  init(
    _ means: PairPredictions, row: [Float], _ kept: Bayes.Kept, _ options: BayesOptions
  ) {
    (self.means, self.kept) = (means, kept)
    (bias, factors) = (row.first ?? 0, Array(row.dropFirst()))
    predictions = (0..<means.count).map { kept.prediction(.init(means, $0), options) }
  }

  /// How probable each star is for an item; without stars where the ratings have no steps.
  public func distribution(of item: Int) -> StarDistribution {
    kept.distribution(.init(means, item))
  }
}

extension Bayes {
  /// Draws of the user's own numbers for each draw that is kept of all others.
  private static let rounds = 4
  /// The mean of what items add is drawn to that of all, as by so many ratings.
  private static let pseudoCount: Float = 100

  /// What ratings of somebody who is not in the training ratings say; the model stays as it is.
  ///
  /// With none, the shrunk means of the items are the better prediction.
  ///
  /// - Parameter ratings: indices of items and the stars they were given.
  /// - Returns: predictions for all items, the same for the same ratings in the same order.
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``, ``TensorError/interrupted``.
  public func posterior(
    of ratings: [(item: Int, stars: Float)]
  ) throws(TensorError) -> RatingPosterior {
    let (means, row) = try means(of: Array(0..<chain.items.count), after: ratings)
    return RatingPosterior(means, row: row, kept, options)
  }

  /// What ratings of somebody say of some items, and the mean of their numbers, the bias first.
  private func means(
    of items: [Int], after ratings: [(item: Int, stars: Float)]
  ) throws(TensorError) -> (items: PairPredictions, row: [Float]) {
    let count = chain.items.count
    for item in items + ratings.map(\.item) where !(0..<count).contains(item) {
      throw .indexOutOfRange(item, size: count, dimension: 0)
    }
    let pairs = items.flatMap { [Int32(0), Int32(clamping: $0)] }
    let means = try PairPredictions(pairs, cuts: max(kept.scale.levels.count - 1, 0))
    var newcomer = Newcomer(ratings, kept.scale, lanes: chain.lanes)
    var mean = [Float](repeating: 0, count: 1 + (roles.userFactors?.shape[1] ?? 0))
    for (number, sample) in kept.samples.enumerated() {
      try Interruption.check()
      let sweep = GibbsStream.Sweep(seed: chain.seed, number: UInt32(clamping: number))
      newcomer.draw(
        sample, sweep, isOrdinal: options.likelihood == .ordinal, width: chain.width,
        rounds: Self.rounds, pseudoCount: Self.pseudoCount)
      // One on either side of the mean, so that positions are those of the mean.
      for (place, row) in [newcomer.row, newcomer.opposite].enumerated() {
        let weight = 1 / Float(2 * number + place + 1)
        for lane in mean.indices { mean[lane] += weight * (row[lane] - mean[lane]) }
        row.withUnsafeBufferPointer { row in
          withUnsafePointer(to: newcomer.noise) { noise in
            guard let start = row.baseAddress else { return }
            means.add(
              PairPredictions.Draw(
                users: start, items: sample.items.elements, usersNoise: noise,
                itemsNoise: sample.itemsNoise.elements, scale: sample.scale,
                cuts: sample.cuts + 1, lanes: sample.lanes),
              weight: weight)
          }
        }
      }
    }
    return (means, mean)
  }

  /// What ratings of somebody say of one item.
  ///
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``, ``TensorError/interrupted``.
  func prediction(
    of item: Int, after ratings: [(item: Int, stars: Float)]
  ) throws(TensorError) -> Float {
    kept.prediction(Prediction(try means(of: [item], after: ratings).items, 0), options)
  }
}

/// Somebody's numbers, drawn given those of the items.
private struct Newcomer {
  /// The numbers that were drawn last.
  private(set) var row: [Float]
  /// As far on the other side of their mean.
  private(set) var opposite: [Float]
  /// How precise the ratings are.
  private(set) var noise: Float = 1

  private let items: [Int32]
  private let pairs: [Int32]
  private let stars: [Int32]
  private var targets: [Float]
  private var positions: [Float]
  private var isFirst = true

  init(_ ratings: [(item: Int, stars: Float)], _ scale: StarScale, lanes: Int) {
    items = ratings.map { Int32(truncatingIfNeeded: $0.item) }
    pairs = items.flatMap { [0, $0] }
    stars = ratings.map { Int32(truncatingIfNeeded: scale.number(of: $0.stars)) }
    targets = ratings.map { $0.stars - scale.mean }
    positions = [Float](repeating: 0, count: ratings.count)
    row = [Float](repeating: 0, count: lanes)
    opposite = row
  }

  /// Some rounds, which begin where those of the draw before ended.
  mutating func draw(
    _ sample: BayesSample, _ sweep: GibbsStream.Sweep, isOrdinal: Bool, width: Int, rounds: Int,
    pseudoCount: Float
  ) {
    let (lanes, count) = (sample.lanes, Float(items.count))
    // These ratings are the first of as many as users typically give.
    let all = max(count, sample.typicalCount)
    var (offsets, precision) = (
      [Float](repeating: 0, count: lanes), [Float](repeating: 1, count: lanes)
    )
    for lane in 0..<width {
      let sum = items.reduce(pseudoCount * sample.implicitMean[lane]) {
        $0 + sample.implicit.elements[Int($1) * lanes + lane]
      }
      offsets[lane] = all.squareRoot() / (count + pseudoCount) * sum
      precision[lane] =
        1
        / (1 / sample.precision[lane] + all * sample.implicitVariance[lane] / (count + pseudoCount))
    }
    if isFirst {
      for lane in 0..<width { row[lane] = sample.mean[lane] + offsets[lane] }
      isFirst = false
    }
    var stream = sweep.stream(.newcomer, at: 0)
    for round in 0..<rounds {
      if isOrdinal { drawTargets(sample, &stream) }
      var normals = [Float](repeating: 0, count: lanes)
      if round == rounds - 1 {
        // Without noise the mean is drawn.
        opposite = row
        drawRow(&opposite, sample, offsets, precision, normals)
      }
      for lane in 0..<width { normals[lane] = Float(stream.normal()) }
      drawRow(&row, sample, offsets, precision, normals)
      drawNoise(sample, &stream)
    }
    for lane in 0..<lanes { opposite[lane] = 2 * opposite[lane] - row[lane] }
  }

  private mutating func findPositions(_ sample: BayesSample) {
    ck_positions(
      &positions, pairs, Int64(items.count), row, sample.items.elements, Int64(sample.lanes))
  }

  private mutating func drawTargets(_ sample: BayesSample, _ stream: inout GibbsStream) {
    findPositions(sample)
    let uniforms = items.map { _ in Float(stream.uniform()) }
    ck_sample_latent(
      &targets, positions, pairs, stars, [noise], sample.itemsNoise.elements, sample.cuts,
      uniforms, Int64(items.count))
  }

  private func drawRow(
    _ row: inout [Float], _ sample: BayesSample, _ offsets: [Float], _ precision: [Float],
    _ normals: [Float]
  ) {
    let starts = [0, Int64(items.count)]
    row.withUnsafeMutableBufferPointer { row in
      offsets.withUnsafeBufferPointer { offsets in
        precision.withUnsafeBufferPointer { precision in
          targets.withUnsafeBufferPointer { targets in
            items.withUnsafeBufferPointer { items in
              starts.withUnsafeBufferPointer { starts in
                withUnsafePointer(to: noise) { noise in
                  var side = ck_side(
                    D: Int64(sample.lanes), rows: row.baseAddress, offsets: offsets.baseAddress,
                    noise: noise, mean: sample.mean, precision: precision.baseAddress,
                    starts: starts.baseAddress, others: items.baseAddress,
                    targets: targets.baseAddress)
                  ck_sample_rows(
                    &side, sample.items.elements, sample.itemsNoise.elements, sample.scale, 0,
                    normals, 0, 1)
                }
              }
            }
          }
        }
      }
    }
  }

  private mutating func drawNoise(_ sample: BayesSample, _ stream: inout GibbsStream) {
    findPositions(sample)
    var sum = 0.0
    for (n, item) in items.enumerated() {
      let error = targets[n] - positions[n]
      sum += Double(error * error * sample.itemsNoise.elements[Int(item)])
    }
    let (freedom, scale) = (Double(sample.freedom), Double(sample.scale))
    noise = Float(
      stream.gamma(
        shape: 0.5 * (freedom + Double(items.count)), rate: 0.5 * (freedom + scale * sum)))
  }
}
