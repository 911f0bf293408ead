import CCollabKernels
import CollabTensors
import CollabThreading

/// Draws users' and items' numbers again and again, each time given all others: after some sweeps they
/// are draws from what the ratings say about them.
///
///     position = bias of the user + bias of the item + product of their factors
///     row of a user ~ N(mean + Σ implicit of the items they rated / √count, 1 / precision)
///     rating ~ N(position, 1 / (scale · noise of the user · noise of the item))
///
/// Items' rows are drawn like users', and the ordinal likelihood cuts the last distribution into stars. All
/// means and precisions are drawn too. Work is cut into pieces whose random numbers depend on their
/// place alone: any number of threads gives the same bits.
///
/// Source: Salakhutdinov and Mnih, "Bayesian probabilistic matrix factorization" (2008); implicit feedback
/// as in Rendle, Zhang and Koren (2019); Albert and Chib (1993) for cuts.
final class GibbsSampler {
  /// Rows tend to be drawn on the other side of their mean: half as many sweeps suffice.
  private static let relaxation: Float = -0.8
  private static let blockRows = 64
  private static let blockRatings = 4096
  /// Ratings on which the loss of a draw is measured, at most.
  private static let lossRatings = 1 << 17

  private let chain: GibbsChain
  private let likelihood: BayesOptions.Likelihood
  private let scale: StarScale
  private let ratings: GibbsRatings
  private let threads: Threads

  /// By rating, in the order of users: its position, and what it is away from the one that was seen.
  private let positions: GibbsMemory<Float>
  private let residuals: GibbsMemory<Float>
  /// By row: sums of squares; and what rows have beyond their means.
  private let squares: GibbsMemory<Double>
  private let rowResiduals: GibbsMemory<Float>

  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(
    _ chain: GibbsChain, _ likelihood: BayesOptions.Likelihood, _ scale: StarScale,
    _ ratings: GibbsRatings, _ threads: Threads
  ) throws(TensorError) {
    (self.chain, self.likelihood, self.scale) = (chain, likelihood, scale)
    (self.ratings, self.threads) = (ratings, threads)
    positions = try GibbsMemory(0, count: ratings.count)
    residuals = try GibbsMemory(0, count: ratings.count)
    let rows = max(chain.users.count, chain.items.count)
    squares = try GibbsMemory(0, count: rows)
    rowResiduals = try GibbsMemory(0, count: rows * chain.lanes)
    if likelihood == .gaussian { seeRatings() }
  }

  /// What each rating was away from its position in the last sweep, by user.
  var lastResiduals: UnsafePointer<Float> { UnsafePointer(residuals.base) }

  /// Gives the chain its first rows and cuts.
  func start() {
    let sweep = GibbsStream.Sweep(seed: chain.seed, number: 0)
    for side in [RatingSide.users, .items] {
      let rows = chain.side(side).rows.elements
      forEachBlock(of: chain.side(side).count, Self.blockRows) { block in
        self.withNormals(sweep, .start, side, block) { normals in
          for n in 0..<(block.count * self.chain.lanes) {
            rows[block.lowerBound * self.chain.lanes + n] = 0.1 * normals[n]
          }
        }
      }
    }
    startCuts()
  }

  /// Draws everything once.
  ///
  /// - Parameter adapts: whether cuts may learn how far to move; not once draws count.
  /// - Returns: the mean squared error of what the sweep began with.
  func sweep(adapts: Bool) -> Float {
    let sweep = GibbsStream.Sweep(
      seed: chain.seed, number: UInt32(truncatingIfNeeded: chain.sweeps + 1))
    findPositions()
    let loss = loss()
    if likelihood == .ordinal {
      drawCuts(sweep, adapts: adapts)
      drawLatent(sweep)
    }
    findResiduals()
    sumSquares(of: .users)
    if likelihood == .gaussian { drawScale(sweep) }
    drawNoise(sweep, of: .users)
    sumSquares(of: .items)
    drawNoise(sweep, of: .items)
    for side in [RatingSide.users, .items] {
      drawRows(sweep, of: side)
      drawMeans(sweep, of: side)
    }
    chain[.sweeps] += 1
    chain.markChanged()
    return loss
  }
}

// MARK: - Pieces

extension GibbsSampler {
  private func forEachBlock(of count: Int, _ size: Int, _ body: (Range<Int>) -> Void) {
    threads.forEachInTurn((count + size - 1) / size) { piece in
      body(piece * size..<min((piece + 1) * size, count))
    }
  }

  /// Normal numbers for the lanes of some rows that begin a block; zeros for those that are not used.
  private func withNormals(
    _ sweep: GibbsStream.Sweep, _ purpose: GibbsStream.Purpose, _ side: RatingSide,
    _ rows: Range<Int>, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let lanes = chain.lanes
    let group = Int(CK_NORMAL_GROUP)
    let groups = (rows.count * lanes + group - 1) / group
    withUnsafeTemporaryAllocation(of: Float.self, capacity: groups * group) { buffer in
      guard let base = buffer.baseAddress else { return }
      ck_philox_uniforms(
        base, Int64(groups * group / 4),
        sweep.start(purpose, of: side, block: rows.lowerBound * lanes / 4))
      ck_box_muller(base, Int64(groups), 0, 1)
      if chain.width < lanes {
        for row in 0..<rows.count {
          (base + row * lanes + chain.width).update(repeating: 0, count: lanes - chain.width)
        }
      }
      body(base)
    }
  }
}

// MARK: - Ratings

extension GibbsSampler {
  private func findPositions() {
    let (users, items) = (chain.users.rows.elements, chain.items.rows.elements)
    forEachBlock(of: ratings.count, Self.blockRatings) { block in
      ck_positions(
        positions.base + block.lowerBound, ratings.pairs.base + 2 * block.lowerBound,
        Int64(block.count), users, items, Int64(chain.lanes))
    }
  }

  /// With a normal likelihood the position that was seen is the rating.
  private func seeRatings() {
    for n in 0..<ratings.count {
      ratings.users.targets.base[n] = ratings.stars.base[n] - scale.mean
    }
    tellItems()
  }

  /// Gives the targets of users' ratings to items too.
  private func tellItems() {
    let (users, items) = (ratings.users.targets.base, ratings.items.targets.base)
    let places = ratings.places.base
    forEachBlock(of: ratings.count, Self.blockRatings) { block in
      for n in block { items[n] = users[Int(places[n])] }
    }
  }

  private func findResiduals() {
    forEachBlock(of: ratings.count, Self.blockRatings) { block in
      let first = block.lowerBound
      ck_binary(
        CK_SUBTRACT, residuals.base + first, ratings.users.targets.base + first, 1,
        positions.base + first, 1, Int64(block.count))
    }
  }

  /// The mean squared error of the present rows, on some blocks of the ratings.
  private func loss() -> Float {
    let blocks = (ratings.count + Self.blockRatings - 1) / Self.blockRatings
    let step = max(1, ratings.count / Self.lossRatings)
    let chosen = Array(stride(from: 0, to: blocks, by: step))
    var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: chosen.count)
    sums.withUnsafeMutableBufferPointer { sums in
      threads.forEachInTurn(chosen.count) { piece in
        let first = chosen[piece] * Self.blockRatings
        let block = first..<min(first + Self.blockRatings, ratings.count)
        sums[piece] = (squaredError(block), block.count)
      }
    }
    let total = sums.reduce((0, 0)) { ($0.0 + $1.sum, $0.1 + $1.count) }
    return total.1 == 0 ? .nan : Float(total.0 / Double(total.1))
  }

  private func squaredError(_ block: Range<Int>) -> Double {
    let (stars, positions) = (ratings.stars.base, positions.base)
    var sum = 0.0
    guard likelihood == .ordinal else {
      for n in block {
        let error = scale.clipped(scale.mean + positions[n]) - stars[n]
        sum += Double(error * error)
      }
      return sum
    }
    let cuts = max(scale.levels.count - 1, 0)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: cuts * block.count) { below in
      below.initialize(repeating: 0)
      guard let base = below.baseAddress else { return }
      ck_star_shares(
        base, positions + block.lowerBound, ratings.pairs.base + 2 * block.lowerBound,
        chain.users.noise.elements, chain.items.noise.elements, chain[.scale], chain.cuts + 1,
        Int64(cuts), 1, Int64(block.count), Int64(block.count))
      for n in block {
        let mean = scale.mean { below[$0 * block.count + n - block.lowerBound] }
        sum += Double((mean - stars[n]) * (mean - stars[n]))
      }
    }
    return sum
  }
}

// MARK: - Cuts between stars

extension GibbsSampler {
  /// Half-way between stars; or for an ordinal likelihood where the shares of the stars would put them.
  private func startCuts() {
    let cuts = chain.cuts
    let between =
      likelihood == .gaussian
      ? scale.middles
      : {
        var counts = [Int](repeating: 0, count: scale.levels.count)
        for n in 0..<ratings.count { counts[Int(ratings.levels.base[n])] += 1 }
        var below = 0
        return counts.dropLast().map { count in
          below += count
          let share = Double(below) / Double(ratings.count)
          // Almost the normal quantile.
          return Float(1.3 / 1.7 * (GibbsMath.log(share) - GibbsMath.log(1 - share)))
        }
      }()
    cuts[0] = -GibbsChain.far
    for (n, cut) in between.enumerated() { cuts[n + 1] = cut }
    cuts[between.count + 1] = GibbsChain.far
    chain.steps.update(repeating: 0.02, count: GibbsChain.cutCount)
  }

  /// Tries to move every second cut: these share no rating.
  private func drawCuts(_ sweep: GibbsStream.Sweep, adapts: Bool) {
    let (cuts, steps) = (chain.cuts, chain.steps)
    let last = scale.levels.count
    let moving = stride(from: 1 + chain.sweeps % 2, to: last, by: 2)
    var moved = Array(UnsafeBufferPointer(start: cuts, count: GibbsChain.cutCount))
    var streams: [Int: GibbsStream] = [:]
    for cut in moving {
      var stream = sweep.stream(.cuts, at: cut)
      let place = cuts[cut] + steps[cut] * Float(stream.normal())
      if place > cuts[cut - 1], place < cuts[cut + 1] { moved[cut] = place }
      streams[cut] = stream
    }
    let gains = cutGains(moved)
    for cut in moving {
      let gain = gains[cut - 1] + gains[cut]
      let chance = GibbsMath.log(streams[cut]?.uniform() ?? 1)
      let isTaken = moved[cut] != cuts[cut] && chance < gain
      if isTaken { cuts[cut] = moved[cut] }
      if adapts { steps[cut] *= isTaken ? 1.12 : 0.94 }
    }
  }

  /// What the logarithm of the likelihood of each star's ratings gains where cuts move.
  private func cutGains(_ moved: [Float]) -> [Double] {
    let count = GibbsChain.cutCount
    let blocks = (ratings.count + Self.blockRatings - 1) / Self.blockRatings
    var gains = [Double](repeating: 0, count: blocks * count)
    gains.withUnsafeMutableBufferPointer { gains in
      guard let base = gains.baseAddress else { return }
      forEachBlock(of: ratings.count, Self.blockRatings) { block in
        ck_cut_gains(
          base + block.lowerBound / Self.blockRatings * count, positions.base + block.lowerBound,
          ratings.pairs.base + 2 * block.lowerBound, ratings.levels.base + block.lowerBound,
          chain.users.noise.elements, chain.items.noise.elements, chain.cuts, moved,
          Int64(block.count))
      }
    }
    return (0..<count).map { star in
      stride(from: star, to: gains.count, by: count).reduce(0) { $0 + gains[$1] }
    }
  }

  /// Draws the position that was seen of each rating, between the cuts of its star.
  private func drawLatent(_ sweep: GibbsStream.Sweep) {
    forEachBlock(of: ratings.count, Self.blockRatings) { block in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockRatings) { uniforms in
        guard let base = uniforms.baseAddress else { return }
        ck_philox_uniforms(
          base, Int64((block.count + 3) / 4), sweep.start(.latent, block: block.lowerBound / 4))
        ck_sample_latent(
          ratings.users.targets.base + block.lowerBound, positions.base + block.lowerBound,
          ratings.pairs.base + 2 * block.lowerBound, ratings.levels.base + block.lowerBound,
          chain.users.noise.elements, chain.items.noise.elements, chain.cuts, base,
          Int64(block.count))
      }
    }
    tellItems()
  }
}

// MARK: - Noise

extension GibbsSampler {
  /// Sums of squared residuals of each row, times the noise of the other side.
  private func sumSquares(of side: RatingSide) {
    let own = ratings.side(side)
    let others = chain.side(side.other).noise.elements
    forEachBlock(of: own.rowCount, Self.blockRows) { block in
      ck_noise_sums(
        squares.base, own.starts.base, own.others.base,
        side == .users ? nil : ratings.places.base, residuals.base, others,
        Int64(block.lowerBound), Int64(block.upperBound))
    }
  }

  /// Draws the precision of all ratings; needs the squares of users.
  private func drawScale(_ sweep: GibbsStream.Sweep) {
    let noise = chain.users.noise.elements
    let sum = (0..<chain.users.count).reduce(0.0) { $0 + Double(noise[$1]) * squares.base[$1] }
    var stream = sweep.stream(.scale, at: 0)
    chain[.scale] = Float(
      stream.gamma(shape: 0.5 + 0.5 * Double(ratings.count), rate: 0.5 + 0.5 * sum))
  }

  /// Draws the precision of each row's ratings, then how much these differ; needs the side's squares.
  private func drawNoise(_ sweep: GibbsStream.Sweep, of side: RatingSide) {
    let (own, rows) = (ratings.side(side), chain.side(side))
    let noise = rows.noise.elements
    let freedom = Double(rows.freedom.elements[0])
    let scale = Double(chain[.scale])
    forEachBlock(of: own.rowCount, Self.blockRows) { block in
      for row in block {
        var stream = sweep.stream(.noise, of: side, at: row)
        noise[row] = Float(
          stream.gamma(
            shape: 0.5 * (freedom + Double(own.count(of: row))),
            rate: 0.5 * (freedom + scale * squares.base[row])))
      }
    }
    drawFreedom(sweep, of: side)
  }

  /// Five steps of Metropolis on the logarithm of the degrees of freedom.
  private func drawFreedom(_ sweep: GibbsStream.Sweep, of side: RatingSide) {
    let rows = chain.side(side)
    let (noise, count) = (rows.noise.elements, Double(rows.count))
    var (logs, sum) = (0.0, 0.0)
    for row in 0..<rows.count {
      logs += GibbsMath.log(Double(noise[row]))
      sum += Double(noise[row])
    }
    func logDensity(_ v: Double) -> Double {
      let half = 0.5 * v
      return count * (half * GibbsMath.log(half) - GibbsMath.logGamma(half)) + (half - 1) * logs
        - half * sum - v / 50 + GibbsMath.log(v)
    }
    var stream = sweep.stream(.freedom, of: side, at: 0)
    var freedom = Double(rows.freedom.elements[0])
    var density = logDensity(freedom)
    for _ in 0..<5 {
      let tried = freedom * GibbsMath.exp(0.2 * stream.normal())
      let triedDensity = logDensity(tried)
      if GibbsMath.log(stream.uniform()) < triedDensity - density {
        (freedom, density) = (tried, triedDensity)
      }
    }
    rows.freedom.elements[0] = Float(freedom)
  }
}

// MARK: - Rows

extension GibbsSampler {
  /// Draws the rows of one side; meanwhile what they add to the other side's, which reads nothing that
  /// changes.
  private func drawRows(_ sweep: GibbsStream.Sweep, of side: RatingSide) {
    let (own, rows, others) = (ratings.side(side), chain.side(side), chain.side(side.other))
    var kernelSide = ck_side(
      D: Int64(chain.lanes), rows: rows.rows.elements, offsets: rows.offsets.elements,
      noise: rows.noise.elements, mean: rows.mean, precision: rows.precision,
      starts: own.starts.base, others: own.others.base, targets: own.targets.base)
    let (otherRows, otherNoise) = (others.rows.elements, others.noise.elements)
    let blocks = (own.rowCount + Self.blockRows - 1) / Self.blockRows
    withUnsafePointer(to: &kernelSide) { kernelSide in
      threads.forEachInTurn(1 + blocks) { piece in
        // The longest piece begins first.
        guard piece > 0 else { return self.drawImplicit(sweep, of: side.other) }
        let first = (piece - 1) * Self.blockRows
        let block = first..<min(first + Self.blockRows, own.rowCount)
        self.withNormals(sweep, .rows, side, block) { normals in
          ck_sample_rows(
            kernelSide, otherRows, otherNoise, self.chain[.scale], Self.relaxation, normals,
            Int64(block.lowerBound), Int64(block.upperBound))
        }
      }
    }
  }

  /// Draws what the other side's rows add to the means of one side's, one after the other.
  private func drawImplicit(_ sweep: GibbsStream.Sweep, of side: RatingSide) {
    let (rows, others) = (chain.side(side), ratings.side(side.other))
    let lanes = Int64(chain.lanes)
    let (vectors, offsets) = (rows.rows.elements, rows.offsets.elements)
    ck_row_residuals(rowResiduals.base, vectors, offsets, rows.mean, Int64(rows.count), lanes)
    for first in stride(from: 0, to: others.rowCount, by: Self.blockRows) {
      let block = first..<min(first + Self.blockRows, others.rowCount)
      withNormals(sweep, .implicit, side, block) { normals in
        ck_sample_implicit(
          rows.implicit.elements, rowResiduals.base, ratings.side(side).weights.base,
          others.starts.base, others.others.base, rows.precision, rows.implicitPrecision,
          Self.relaxation, normals, Int64(block.lowerBound), Int64(block.upperBound), lanes)
      }
    }
    ck_row_residuals(offsets, vectors, rowResiduals.base, rows.mean, Int64(rows.count), lanes)
    let moments = moments(rows.implicit.elements, nil, count: others.rowCount)
    for lane in 0..<chain.width {
      var stream = sweep.stream(.implicitPrecision, of: side, at: lane)
      rows.implicitPrecision[lane] = Float(
        stream.gamma(
          shape: 0.5 + 0.5 * Double(others.ratedCount), rate: 0.5 + 0.5 * moments.squares[lane]))
    }
  }

  /// Draws the means and precisions of a side's rows, lane by lane, with one pseudo-observation.
  private func drawMeans(_ sweep: GibbsStream.Sweep, of side: RatingSide) {
    let rows = chain.side(side)
    let count = Double(rows.count)
    let moments = moments(rows.rows.elements, rows.offsets.elements, count: rows.count)
    for lane in 0..<chain.width {
      var stream = sweep.stream(.mean, of: side, at: lane)
      let sum = moments.sums[lane]
      let precision = Double(rows.precision[lane]) * (count + 1)
      let mean = sum / (count + 1) + stream.normal() / precision.squareRoot()
      let squares = moments.squares[lane] - 2 * mean * sum + count * mean * mean
      rows.mean[lane] = Float(mean)
      rows.precision[lane] = Float(
        stream.gamma(shape: 0.5 + 0.5 * count, rate: 0.5 + 0.5 * squares))
    }
  }

  private func moments(
    _ rows: UnsafePointer<Float>, _ offsets: UnsafePointer<Float>?, count: Int
  ) -> (sums: [Double], squares: [Double]) {
    var sums = [Double](repeating: 0, count: chain.lanes)
    var squares = sums
    ck_lane_moments(&sums, &squares, rows, offsets, Int64(count), Int64(chain.lanes))
    return (sums, squares)
  }
}
