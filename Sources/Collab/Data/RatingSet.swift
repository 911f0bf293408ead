import CKernels
public import Tensors

/// Ratings by index: what a model is trained on or tested with.
public struct RatingSet: Sendable {
  /// Rows of the user embedding.
  public private(set) var users: [Int32]
  /// Rows of the item embedding.
  public private(set) var items: [Int32]
  /// Stars.
  public private(set) var ratings: [Float]

  /// The number of ratings.
  public var count: Int { ratings.count }

  /// The ratings of some rows, in the order asked for.
  init(users: [Int32], items: [Int32], ratings: [Float], rows: ArraySlice<Int32>) {
    self.users = Self.elements(of: users, at: rows)
    self.items = Self.elements(of: items, at: rows)
    self.ratings = Self.elements(of: ratings, at: rows)
  }

  /// Elements in the order asked for, in large pages: epochs read them in random order.
  private static func elements<Element>(of array: [Element], at rows: ArraySlice<Int32>)
    -> [Element]
  {
    Array(unsafeUninitializedCapacity: rows.count) { buffer, count in
      LargePages.request(for: UnsafeMutableRawBufferPointer(buffer))
      array.withUnsafeBufferPointer { array in
        for row in rows {
          buffer.initializeElement(at: count, to: array[Int(row)])
          count += 1
        }
      }
    }
  }

  /// The ratings at `count` of the positions, from `start` on, as tensors.
  ///
  /// Those that follow are fetched into the cache for the next batch.
  func batch(
    _ positions: [Int32], from start: Int, count: Int
  ) throws(TensorError) -> RatingBatch {
    precondition(start >= 0 && start + count <= positions.count, "\(start) + \(count) ratings")
    let inputs = try Tensor.unset([count, 2], .int64)
    let targets = try Tensor.unset([count, 1])
    positions.withUnsafeBufferPointer { positions in
      guard let first = positions.baseAddress else { return }
      ck_gather_ratings(
        inputs.integers, targets.elements, users, items, ratings, first + start, Int64(count),
        Int64(min(count, positions.count - start - count)))
    }
    return RatingBatch(inputs: inputs, targets: targets)
  }
}

/// Some ratings as a model takes them.
public struct RatingBatch {
  /// User and item indices, int64 `[batch, 2]`.
  public let inputs: Tensor
  /// Stars, `[batch, 1]`.
  public let targets: Tensor
}
