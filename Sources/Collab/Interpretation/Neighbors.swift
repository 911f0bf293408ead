import Learning
import Tensors

extension Learner {
  /// The classes whose factors point the same way as those of one of them, the nearest first.
  ///
  /// - Parameters:
  ///   - index: the class to compare with; it is left out of the result.
  ///   - side: users or items.
  ///   - count: how many at most.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``.
  /// - Precondition: `index` is one of the vocabulary's.
  /// Source: chapter cell on embedding distance, `nn.CosineSimilarity(dim=1)`.
  public func neighbors(
    of index: Int, among side: RatingSide = .items, count: Int = 5
  ) throws(InterpretationError) -> [ScoredClass] {
    let parameters = RatingParameters(of: model, loaders)
    guard let factors = side == .users ? parameters.userFactors : parameters.itemFactors else {
      throw .noFactors(of: side.rawValue, model: model.typeName)
    }
    let similarities = factors.withElements(as: Float.self) { elements in
      Self.cosines(UnsafeBufferPointer(elements), width: factors.shape[1], to: index)
    }
    let vocabulary = side == .users ? loaders.users : loaders.items
    return similarities.indices.filter { $0 != index }
      .sorted { similarities[$0] > similarities[$1] }
      .prefix(count)
      .map { ScoredClass(index: $0, name: vocabulary[$0], score: similarities[$0]) }
  }

  /// The cosine of the angle between each row and one of them.
  private static func cosines(
    _ factors: UnsafeBufferPointer<Float>, width: Int, to index: Int
  ) -> [Float] {
    func dot(_ a: Int, _ b: Int) -> Double {
      (0..<width).reduce(0) {
        $0 + Double(factors[a * width + $1]) * Double(factors[b * width + $1])
      }
    }
    let length = dot(index, index).squareRoot()
    return (0..<(factors.count / width)).map { row in
      Float(dot(row, index) / max(length * dot(row, row).squareRoot(), 1e-8))
    }
  }
}
