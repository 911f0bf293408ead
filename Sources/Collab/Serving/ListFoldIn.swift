import CollabTensors
import CollabThreading

/// Takes somebody new into a model that ranks: by what they have rated, graded as in training.
///
/// Their bias, which is for the stars alone, is what the baseline's training would find.
final class ListFoldIn: FoldIn {
  /// Somebody's factors, if the model has any, and what ranks the items of a range for them.
  typealias Taste = (factors: [Float]?, scores: (_ items: Range<Int>) -> [Float])

  private let baseline: Baseline
  private let known: KnownUsers?
  private let taste: (_ ratings: [ItemRating]) -> Taste

  /// - Parameters:
  ///   - baseline: what predicts stars.
  ///   - known: whom the model knows, and what ranks items where somebody has rated none.
  ///   - taste: what ranks items for somebody by their ratings alone, one an item.
  init(
    _ baseline: Baseline, _ known: KnownUsers?, taste: @escaping (_ ratings: [ItemRating]) -> Taste
  ) {
    (self.baseline, self.known, self.taste) = (baseline, known, taste)
  }

  var explainsScores: Bool { true }

  func rater(of ratings: [ItemRating]) -> Rater {
    let taste = taste(ratings)
    let bias = baseline.bias(of: ratings)
    let (mean, biases) = (
      baseline.mean.scalars(as: Float.self)[0], baseline.itemBias.scalars(as: Float.self)
    )
    let scores = ratings.isEmpty ? known.map { $0.popularity } : nil
    return Rater(
      ratings: ratings, factors: taste.factors, bias: bias, rank: scores ?? taste.scores
    ) { items in items.map { mean + bias + biases[$0] } }
  }

  /// Of scores, and not of the stars of the baseline.
  func leavingOut(
    eachOf ratings: [ItemRating], predicting item: Int
  ) throws -> (with: Float, without: [Float]) {
    func score(_ ratings: [ItemRating]) throws -> Float {
      try Interruption.check()
      return taste(ratings).scores(item..<item + 1)[0]
    }
    let without = try ratings.indices.map { place in
      try score(Array(ratings[..<place] + ratings[(place + 1)...]))
    }
    return (try score(ratings), without)
  }
}

extension Baseline {
  /// The bias of somebody who gave some ratings, one an item.
  func bias(of ratings: [ItemRating]) -> Float {
    let mean = mean.scalars(as: Float.self)[0]
    let sum = itemBias.withElements(as: Float.self) { biases in
      ratings.reduce(0) { $0 + Double($1.stars - mean - biases[$1.item]) }
    }
    return Float(sum / max(shrinkage.users + Double(ratings.count), 1e-9))
  }
}
