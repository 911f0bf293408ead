import CollabLearning
import CollabTensors
import Glibc

/// Ranks items by how probable it is that somebody likes them, times the root of how many have rated
/// them: what a model of ratings has to say about lists.
///
/// An item that few have met is seldom met by the next one, however well it is rated. A model that says
/// how probable each rating is is asked; of any other the rating is taken to lie around the prediction.
struct LikelyRelevance {
  /// From where on a rating means that somebody liked it; half a step before that for predictions.
  private let threshold, cut: Float
  /// How far ratings lie around predictions: a quarter of the scale.
  private let spread: Float
  private let roots: [Float]

  /// Nil where nothing is known of the ratings, as after a file of fastai's.
  init?(_ loaders: DataLoaders) {
    guard let scale = loaders.scale else { return nil }
    threshold = Float(scale.relevant)
    cut = threshold - Float(scale.step / 2)
    spread = Float(max((scale.highest - scale.lowest) / 4, 1e-6))
    // Where no counts are known, liking alone ranks.
    roots =
      loaders.knowsCounts(of: .items)
      ? loaders.itemCounts.map { Float($0).squareRoot() }
      : [Float](repeating: 1, count: loaders.items.count)
  }

  /// What ranks the items of a range that begin with one, by their predictions.
  func scores(_ predictions: some Collection<Float>, from first: Int) -> [Float] {
    predictions.enumerated().map { place, prediction in
      roots[first + place] * erfc((cut - prediction) / (spread * Float(2).squareRoot())) / 2
    }
  }

  /// What ranks the items of a range for a user.
  ///
  /// - Throws: what the model throws.
  func scores(of user: Int, _ items: Range<Int>, by model: any Module) throws -> [Float] {
    let known = try (model as? any RatingModel)?.starProbabilities(
      for: items.map { (user: user, item: $0) })
    guard let known else {
      return scores(try model.predictions(of: Array(items), by: user), from: items.lowerBound)
    }
    return zip(items, known).map { item, distribution in
      let likely = zip(distribution.stars, distribution.probabilities)
        .reduce(Float(0)) { $1.0 >= threshold ? $0 + $1.1 : $0 }
      return roots[item] * likely
    }
  }
}
