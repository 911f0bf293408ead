import CCollabKernels
import CollabLearning
public import CollabTensors

/// Rows of an embedding that point the same way.
public enum Neighbors {
  /// A row and how similar it is.
  public struct Neighbor: Sendable, Equatable {
    /// The row of the table.
    public let index: Int
    /// The cosine of the angle between both rows.
    public let similarity: Float
  }

  /// PyTorch's bound for norms.
  private static let epsilon: Float = 1e-8

  /// The cosine of each row of a table and one of them.
  ///
  /// Source: `torch.nn.CosineSimilarity(dim=1)`, which divides rows by their norms first.
  ///
  /// - Precondition: `table` is a `float32` matrix that has the row.
  public static func similarities(to row: Int, in table: Tensor) throws(TensorError) -> [Float] {
    guard table.shape.count == 2 else {
      throw .unexpectedShape(table.shape, expected: "a matrix")
    }
    let (rows, width) = (table.shape[0], table.shape[1])
    guard (0..<rows).contains(row) else {
      throw .indexOutOfRange(row, size: rows, dimension: 0)
    }
    let elements = table.elements
    return [Float](unsafeUninitializedCapacity: rows) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      ck_cosine(base, elements, elements + row * width, Int64(rows), Int64(width), epsilon)
      count = rows
    }
  }

  /// The rows most similar to one, the most similar first, itself left out.
  ///
  ///     try Neighbors.nearest(10, to: silence, in: learner.model.state[2].tensor)
  ///
  /// - Complexity: O(elements of the table).
  public static func nearest(
    _ count: Int, to row: Int, in table: Tensor
  ) throws(TensorError) -> [Neighbor] {
    var similarities = try similarities(to: row, in: table)
    similarities[row] = -.infinity
    var best = BestScores(count)
    best.add(similarities, first: 0)
    return best.list.map { Neighbor(index: $0.index, similarity: $0.score) }
  }
}

/// The highest of many scores.
struct BestScores {
  private var scores: [Float]
  private var indices: [Int32]
  private var used = 0

  /// Room for `count` scores.
  init(_ count: Int) {
    scores = [Float](repeating: 0, count: max(count, 0))
    indices = [Int32](repeating: 0, count: max(count, 0))
  }

  /// Those found so far, the highest first.
  var list: [(index: Int, score: Float)] {
    (0..<used).map { (Int(indices[$0]), scores[$0]) }
  }

  /// Looks through more scores, the first of which has the number `first`.
  mutating func add(_ more: UnsafeBufferPointer<Float>, first: Int) {
    guard let base = more.baseAddress else { return }
    used = Int(
      ck_top(
        &scores, &indices, Int64(used), base, Int64(first), Int64(more.count),
        Int64(scores.count)))
  }

  mutating func add(_ more: [Float], first: Int) {
    more.withUnsafeBufferPointer { add($0, first: first) }
  }
}

extension Learner {
  /// The classes that are most like one of them, the nearest first: by a measure of the model's own, else
  /// by the angle between factors.
  ///
  /// - Parameters:
  ///   - index: the class to compare with; it is left out of the result.
  ///   - side: users or items.
  ///   - count: how many at most.
  /// - Returns: the nearest first.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``.
  /// Source: chapter cell on embedding distance, `nn.CosineSimilarity(dim=1)`.
  public func neighbors(
    of index: Int, among side: RatingSide = .items, count: Int = 5
  ) throws -> [ScoredClass] {
    let vocabulary = side == .users ? loaders.users : loaders.items
    let nearest: [Neighbors.Neighbor]
    if side == .items,
      let own = (model as? any RatingModel)?.similarItems(to: index, count: count)
    {
      nearest = own
    } else if let factors = roles.factors(of: side) {
      nearest = try Neighbors.nearest(count, to: index, in: factors)
    } else {
      throw InterpretationError.noFactors(of: side.rawValue, model: model.typeName)
    }
    return nearest.map {
      ScoredClass(index: $0.index, name: vocabulary[$0.index], score: $0.similarity)
    }
  }
}
