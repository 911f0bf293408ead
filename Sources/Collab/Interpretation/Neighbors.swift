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

extension Learner {
  /// The classes that are most like one of them, the nearest first: by a measure of the model's own, else
  /// by the angle between factors.
  ///
  /// - Parameters:
  ///   - index: the class to compare with; it is left out of the result.
  ///   - side: users or items.
  ///   - count: how many at most.
  ///   - minimum: how many ratings to learn from each of them has at least.
  /// - Returns: the nearest first.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``.
  /// Source: chapter cell on embedding distance, `nn.CosineSimilarity(dim=1)`.
  public func neighbors(
    of index: Int, among side: RatingSide = .items, count: Int = 5, minimum: Int = 0
  ) throws -> [ScoredClass] {
    let vocabulary = side == .users ? loaders.users : loaders.items
    func counts(_ index: Int) -> Bool {
      minimum == 0 || loaders.trainingCount(of: index, side) >= minimum
    }
    if side == .items,
      let own = (model as? any RatingModel)?.similarItems(
        to: index, count: minimum == 0 ? count : vocabulary.count)
    {
      return own.filter { counts($0.index) }.prefix(count).map {
        ScoredClass(index: $0.index, name: vocabulary[$0.index], score: $0.similarity)
      }
    }
    guard let factors = roles.factors(of: side) else {
      throw InterpretationError.noFactors(of: side.rawValue, model: model.typeName)
    }
    var similarities = try Neighbors.similarities(to: index, in: factors)
    similarities[index] = -.infinity
    for place in similarities.indices where !counts(place) { similarities[place] = -.infinity }
    var best = BestScores(count)
    best.add(similarities, first: 0)
    return best.list.map {
      ScoredClass(index: $0.index, name: vocabulary[$0.index], score: $0.score)
    }
  }
}
