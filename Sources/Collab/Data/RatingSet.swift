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
    self.users = rows.map { users[Int($0)] }
    self.items = rows.map { items[Int($0)] }
    self.ratings = rows.map { ratings[Int($0)] }
  }

  /// The ratings at some positions, as tensors.
  func batch(_ positions: some Collection<Int32>) throws(TensorError) -> RatingBatch {
    var inputs: [Int64] = []
    var targets: [Float] = []
    inputs.reserveCapacity(2 * positions.count)
    targets.reserveCapacity(positions.count)
    for position in positions {
      inputs.append(Int64(users[Int(position)]))
      inputs.append(Int64(items[Int(position)]))
      targets.append(ratings[Int(position)])
    }
    return RatingBatch(
      inputs: try Tensor(inputs, shape: [positions.count, 2]),
      targets: try Tensor(targets, shape: [positions.count, 1]))
  }
}

/// Some ratings as a model takes them.
public struct RatingBatch {
  /// User and item indices, int64 `[batch, 2]`.
  public let inputs: Tensor
  /// Stars, `[batch, 1]`.
  public let targets: Tensor
}
