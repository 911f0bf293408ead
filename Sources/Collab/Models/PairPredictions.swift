import CCollabKernels
import CollabTensors
import CollabThreading

/// Running means of what draws say of some pairs.
final class PairPredictions {
  /// Users and items, two numbers a pair.
  let pairs: [Int32]
  /// The mean of the positions, `[pairs]`.
  let positions: Tensor
  /// The mean share of the distributions below each cut, `[cuts, pairs]`.
  let below: Tensor
  private let latest: Tensor

  /// Means of nothing yet.
  init(_ pairs: [Int32], cuts: Int) throws(TensorError) {
    self.pairs = pairs
    positions = try .zeros([pairs.count / 2])
    below = try .zeros([cuts, pairs.count / 2])
    latest = try .zeros([pairs.count / 2])
  }

  /// Means that were kept.
  init(_ pairs: [Int32], positions: Tensor, below: Tensor) throws(TensorError) {
    (self.pairs, self.positions, self.below) = (pairs, positions, below)
    latest = try .zeros([pairs.count / 2])
  }

  /// One that can go on while this stays as it is.
  func copy() throws(TensorError) -> PairPredictions {
    try PairPredictions(
      pairs, positions: Tensor(positions.scalars(as: Float.self)),
      below: Tensor(below.scalars(as: Float.self), shape: below.shape))
  }

  var count: Int { positions.count }

  /// What a draw is taken from.
  struct Draw {
    let users, items, usersNoise, itemsNoise: UnsafePointer<Float>
    let scale: Float
    let cuts: UnsafePointer<Float>
    let lanes: Int
  }

  /// Moves by `weight` towards what a draw says, and the neighbours with their residuals.
  func add(
    _ draw: Draw, weight: Float, _ threads: Threads = .one,
    _ neighbors: (of: RatedNeighbors, residuals: UnsafePointer<Float>)? = nil
  ) {
    let (mean, latest, below) = (positions.elements, latest.elements, below.elements)
    let (cuts, blockSize) = (self.below.shape[0], Self.blockSize)
    // What was there before leaves no trace, not even in the last bit.
    if weight == 1 {
      mean.update(repeating: 0, count: count)
      below.update(repeating: 0, count: self.below.count)
    }
    threads.forEach((count + blockSize - 1) / blockSize) { piece in
      let block = piece * blockSize..<min((piece + 1) * blockSize, count)
      let first = block.lowerBound
      pairs.withUnsafeBufferPointer { pairs in
        guard let start = pairs.baseAddress else { return }
        ck_positions(
          latest + first, start + 2 * first, Int64(block.count), draw.users, draw.items,
          Int64(draw.lanes))
        if let neighbors { neighbors.of.add(to: latest, of: block, neighbors.residuals) }
        for n in block { mean[n] += weight * (latest[n] - mean[n]) }
        ck_star_shares(
          below + first, latest + first, start + 2 * first, draw.usersNoise, draw.itemsNoise,
          draw.scale, draw.cuts, Int64(cuts), weight, Int64(block.count), Int64(count))
      }
    }
  }

  private static let blockSize = 4096
}
