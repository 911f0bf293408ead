import CollabLearning
import CollabTensors
import CollabThreading

/// What users would give to items, and where that is not the model's answer.
public struct RatingPredictions: Sendable {
  /// Stars, one number a pair.
  public internal(set) var ratings: [Float]
  /// The places of users that have no rating to learn from.
  public internal(set) var unknownUsers: [Int] = []
  /// The places of items that have no rating to learn from.
  public internal(set) var unknownItems: [Int] = []
}

extension Learner {
  /// Pairs that are predicted together.
  private static let blockPairs = 4096

  /// What users would give to items.
  ///
  /// A model knows nothing of those without a rating to learn from: what is predicted for them is the
  /// mean of the ratings and the bias of whoever has some, as ``DataLoaders/baseline`` finds them.
  ///
  /// - Parameters:
  ///   - pairs: indices of users and items; 0 for those that are nowhere in the data.
  ///   - goesOn: is told now and then how many are done, and may throw to stop.
  /// - Returns: a rating for each pair.
  /// - Throws: what the model or `goesOn` throws.
  public func predictions(
    of pairs: [(user: Int, item: Int)], goesOn: (_ done: Int) throws -> Void = { _ in }
  ) throws -> RatingPredictions {
    var predictions = RatingPredictions(ratings: [])
    predictions.ratings.reserveCapacity(pairs.count)
    model.train(false)
    for part in model.state { part.tensor.settle() }
    let threads = model.canPredictOnThreads ? threads : .one
    let blocks = (pairs.count + Self.blockPairs - 1) / Self.blockPairs
    for first in stride(from: 0, to: blocks, by: threads.count) {
      let parts = try threads.results(of: min(threads.count, blocks - first)) { piece in
        let start = (first + piece) * Self.blockPairs
        let block = pairs[start..<min(start + Self.blockPairs, pairs.count)]
        return try GradientMode.withoutRecording {
          try model.forward(
            Tensor(block.flatMap { [Int64($0.user), Int64($0.item)] }, shape: [block.count, 2])
          ).scalars(as: Float.self)
        }
      }
      for part in parts { predictions.ratings += part }
      try goesOn(predictions.ratings.count)
    }
    for (place, pair) in pairs.enumerated() {
      let isUserKnown = loaders.isTrained(pair.user, of: .users)
      let isItemKnown = loaders.isTrained(pair.item, of: .items)
      guard !isUserKnown || !isItemKnown else { continue }
      if !isUserKnown { predictions.unknownUsers.append(place) }
      if !isItemKnown { predictions.unknownItems.append(place) }
      try loaders.findBaseline()
      predictions.ratings[place] = Float(loaders.baseline[pair.user, pair.item])
    }
    return predictions
  }
}
