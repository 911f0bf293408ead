import CCollabKernels
import CollabMemory
public import CollabTensors
import CollabThreading

/// Ratings by index: what a model is trained on or tested with.
public struct RatingSet: Sendable {
  let ratings: [ck_rating]

  /// The number of ratings.
  public var count: Int { ratings.count }
  /// Whether there are none.
  public var isEmpty: Bool { ratings.isEmpty }
  /// Rows of the user embedding.
  public var users: some RandomAccessCollection<Int32> { indices(of: .users) }
  /// Rows of the item embedding.
  public var items: some RandomAccessCollection<Int32> { indices(of: .items) }

  /// The ratings in the units of the data, in the order of the rows.
  public var stars: some RandomAccessCollection<Float> { ratings.lazy.map(\.stars) }

  /// Rows of the embedding of one side.
  func indices(of side: RatingSide) -> some RandomAccessCollection<Int32> {
    ratings.lazy.map { $0[side] }
  }

  /// How many ratings each row of a side has, of so many.
  func counts(by side: RatingSide, count: Int) -> [Int32] {
    var counts = [Int32](repeating: 0, count: count)
    for index in indices(of: side) { counts[Int(index)] += 1 }
    return counts
  }

  /// The ratings of some rows, in the order asked for.
  ///
  /// They lie in large pages: epochs read them in random order.
  init(users: [Int32], items: [Int32], ratings: [Float], rows: ArraySlice<Int32>) {
    self.ratings = Array(unsafeUninitializedCapacity: rows.count) { buffer, count in
      LargePages.request(for: UnsafeMutableRawBufferPointer(buffer))
      for row in rows.lazy.map({ Int($0) }) {
        buffer.initializeElement(
          at: count, to: ck_rating(user: users[row], item: items[row], stars: ratings[row]))
        count += 1
      }
    }
  }

  /// Batches of a size that all ratings fill, the last of which may be smaller.
  func batchCount(of size: Int) -> Int { (count + size - 1) / size }

  /// Some neighbouring batches of a size, in the order of the rows, as a single one.
  ///
  /// - Precondition: `numbers` is in `0..<batchCount(of: size)`.
  func batches(_ numbers: Range<Int>, of size: Int) throws(TensorError) -> RatingBatch {
    let start = numbers.lowerBound * size
    let end = min(numbers.upperBound * size, count)
    return try batch(Array(Int32(start)..<Int32(end)), from: 0, count: end - start)
  }

  /// The ratings that are kept by user, in the order that they had; none if nothing is kept.
  init(_ kept: KeptRatings.Part?) {
    guard let kept else {
      ratings = []
      return
    }
    let (rated, count) = (kept.rated, kept.count)
    let order = kept.order.isPermutation(of: count) ? kept.order : nil
    ratings = Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      LargePages.request(for: UnsafeMutableRawBufferPointer(buffer))
      for row in 0..<rated.rowCount {
        for place in rated.places(of: row) {
          buffer.initializeElement(
            at: order.map { Int($0[place]) } ?? place,
            to: ck_rating(
              user: Int32(truncatingIfNeeded: row), item: rated.indices[place],
              stars: rated.stars[place]))
        }
      }
      initialized = count
    }
  }

  /// How the ratings lie by user or by item: where each row begins, and the places in the set of those
  /// that are in it, row after row.
  ///
  /// Within a row the other side's indices rise; ratings of the same pair keep their order.
  func rows(by side: RatingSide, count rows: Int) -> (starts: [Int], order: [Int32]) {
    self.rows(by: side, count: rows) {}
  }

  /// As `rows(by:count:)`, which stops where it is asked to.
  ///
  /// - Throws: what `ask` throws.
  func rows<Failure>(
    by side: RatingSide, count rows: Int, asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> (starts: [Int], order: [Int32]) {
    let other: RatingSide = side == .users ? .items : .users
    var starts = [Int](repeating: 0, count: rows + 1)
    try Interruption.forEach(count, asking: ask) { starts[Int(ratings[$0][side]) + 1] += 1 }
    for row in 1..<starts.count { starts[row] += starts[row - 1] }
    var ends = starts
    var entries = [(index: Int32, place: Int32)](repeating: (0, 0), count: count)
    try Interruption.forEach(count, asking: ask) { place in
      let rating = ratings[place]
      let row = Int(rating[side])
      entries[ends[row]] = (rating[other], Int32(truncatingIfNeeded: place))
      ends[row] += 1
    }
    let (bounds, block, stretch) = (starts, 256, 64)
    let blocks = (rows + block - 1) / block
    for first in stride(from: 0, to: blocks, by: stretch) {
      try ask()
      entries.withUnsafeMutableBufferPointer { entries in
        // Each row has its own part of them.
        nonisolated(unsafe) let entries = entries
        Threads.current.forEachInTurn(min(stretch, blocks - first)) { piece in
          let start = (first + piece) * block
          for row in start..<min(start + block, rows) {
            entries[bounds[row]..<bounds[row + 1]].sort {
              ($0.index, $0.place) < ($1.index, $1.place)
            }
          }
        }
      }
    }
    return (starts, try Interruption.map(count, asking: ask) { entries[$0].place })
  }

  /// The ratings at `count` of the positions, from `start` on, as tensors.
  ///
  /// Some that follow are fetched into the cache.
  func batch(
    _ positions: [Int32], from start: Int, count: Int
  ) throws(TensorError) -> RatingBatch {
    precondition(start >= 0 && start + count <= positions.count, "\(start) + \(count) ratings")
    let inputs = try Tensor.unset(count, 2, .int64)
    let targets = try Tensor.unset(count, 1)
    positions.withUnsafeBufferPointer { positions in
      guard let first = positions.baseAddress else { return }
      ck_require_places(first + start, Int64(count), Int64(self.count))
      ck_gather_ratings(
        inputs.integers, targets.elements, ratings, first + start, Int64(count),
        Int64(positions.count - start))
    }
    return RatingBatch(inputs: inputs, targets: targets)
  }
}

/// Some ratings as a model takes them.
public struct RatingBatch {
  /// User and item indices, int64 `[batch, 2]`.
  public let inputs: Tensor
  /// Ratings in the units of the data, float32 `[batch, 1]`.
  public let targets: Tensor
}

extension ck_rating {
  /// The index of one side.
  subscript(side: RatingSide) -> Int32 { side == .users ? user : item }
}

extension StoredNumbers<Int32> {
  /// Whether each number below `count` occurs once.
  fileprivate func isPermutation(of count: Int) -> Bool {
    guard self.count == count else { return false }
    var isThere = [Bool](repeating: false, count: count)
    for number in self {
      guard number >= 0, number < count, !isThere[Int(number)] else { return false }
      isThere[Int(number)] = true
    }
    return true
  }
}
