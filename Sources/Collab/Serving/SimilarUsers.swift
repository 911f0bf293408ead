import CollabLearning
import CollabTensors

extension Learner {
  /// The users whose factors point the same way as somebody's, the nearest first.
  ///
  /// - Parameters:
  ///   - rater: a user that the model was trained with, or somebody new.
  ///   - index: a user who is not listed: the rater.
  ///   - count: how many at most.
  /// - Returns: users with ratings to learn from; anybody, where nothing is known of who has rated what.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``.
  public func similarUsers(
    to rater: Rater, leavingOut index: Int? = nil, count: Int = 5
  ) throws(InterpretationError) -> [ScoredClass] {
    guard let factors = rater.factors, let table = roles.userFactors else {
      throw .noFactors(of: RatingSide.users.rawValue, model: model.typeName)
    }
    let width = factors.count
    func length(_ row: some Sequence<Float>) -> Float {
      row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let own = max(length(factors), .leastNormalMagnitude)
    var similarities = [Float](repeating: -.infinity, count: loaders.users.count)
    table.withElements(as: Float.self) { elements in
      for user in similarities.indices.dropFirst()
      where user != index && loaders.isTrained(user, of: .users) {
        let row = elements[(user * width)..<((user + 1) * width)]
        var product: Float = 0
        for k in 0..<width { product += row[row.startIndex + k] * factors[k] }
        similarities[user] = product / (own * max(length(row), .leastNormalMagnitude))
      }
    }
    var best = BestScores(count)
    best.add(similarities, first: 0)
    return best.list.filter { $0.score.isFinite }.map {
      ScoredClass(index: $0.index, name: loaders.users[$0.index], score: $0.score)
    }
  }
}
