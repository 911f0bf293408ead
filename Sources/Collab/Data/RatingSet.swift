import CCollabKernels
public import CollabTensors

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
    ratings.lazy.map { side == .users ? $0.user : $0.item }
  }

  /// How many ratings each of so many items has.
  func itemCounts(_ itemCount: Int) -> [Int32] {
    var counts = [Int32](repeating: 0, count: itemCount)
    for item in items { counts[Int(item)] += 1 }
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
