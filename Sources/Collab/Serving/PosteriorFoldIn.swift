/// Takes somebody new into a model whose numbers are drawn: their own are drawn too, for each draw that is
/// kept of everything else.
///
/// Their factors and their bias are means, as those of users are: what is predicted is the mean over all
/// draws, and not the product of these.
final class PosteriorFoldIn: FoldIn {
  private let model: Bayes

  init(_ model: Bayes) { self.model = model }

  func rater(of ratings: [ItemRating]) throws -> Rater {
    let posterior = try model.posterior(of: pairs(ratings))
    return Rater(
      ratings: ratings, factors: posterior.factors, bias: posterior.bias,
      distribution: { item in
        let found = posterior.distribution(of: item)
        return found.stars.isEmpty ? nil : found
      }
    ) { items in items.map { posterior.predictions[$0] } }
  }

  /// Predicts nothing but the item.
  func leavingOut(
    eachOf ratings: [ItemRating], predicting item: Int
  ) throws -> (with: Float, without: [Float]) {
    let pairs = pairs(ratings)
    let without = try pairs.indices.map { place in
      var others = pairs
      others.remove(at: place)
      return try model.prediction(of: item, after: others)
    }
    return (try model.prediction(of: item, after: pairs), without)
  }

  private func pairs(_ ratings: [ItemRating]) -> [(item: Int, stars: Float)] {
    ratings.map { ($0.item, $0.stars) }
  }
}
