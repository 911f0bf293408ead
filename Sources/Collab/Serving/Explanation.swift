public import CollabLearning
import CollabTensors

/// Why a model predicts what it does for somebody and an item.
public struct Explanation: Sendable {
  /// A factor of somebody times that of an item.
  public struct Product: Sendable, Equatable {
    /// The number of the factor, from 0.
    public let factor: Int
    /// How much of it the user wants.
    public let user: Float
    /// How much of it the item has.
    public let item: Float
    /// What that adds to the prediction, before the range is applied.
    public var value: Float { user * item }
  }

  /// The sum that a prediction is made of, for a model that adds up.
  ///
  /// What a model without factors predicts beyond mean and biases is taste too: what similar items say.
  public struct Sum: Sendable, Equatable {
    /// What every prediction begins with; nil if the model has no such number.
    public let mean: Float?
    /// How generous the user is; nil if the model does not say.
    public let userBias: Float?
    /// How good the item is apart from taste; nil if the model does not say.
    public let itemBias: Float?
    /// The products of all factors, or what similar items add; nil if the model has neither.
    public let taste: Float?
    /// All of that together.
    public var total: Float {
      [mean, userBias, itemBias, taste].compactMap(\.self).reduce(0, +)
    }
  }

  /// A rating and what it did to a prediction, or to the score of a model that ranks otherwise.
  public struct Influence: Sendable, Equatable {
    /// The rating.
    public let rating: ItemRating
    /// The prediction with this rating, minus the one without it.
    public let change: Float
  }

  /// The index of the item.
  public let item: Int
  /// What the model predicts, in the units of the data.
  public let prediction: Float
  /// What ranks the item for them, of which the influences are parts; nil if the prediction does.
  public let score: Float?
  /// What it adds up, before the range is applied; nil for a model that does not add up.
  public let sum: Sum?
  /// What the sum is squeezed into; nil if it is the prediction.
  public let range: RatingRange?
  /// The products of factors, those that count most first; empty without factors.
  public let products: [Product]
  /// What each of the user's ratings did, those that moved the prediction most first.
  public let influences: [Influence]
}

extension Learner {
  /// Why somebody would give an item what the model predicts.
  ///
  ///     let why = try learner.explanation(of: kolya, for: learner.rater(user))
  ///     why.influences.first  // the rating that moved the prediction most
  ///
  /// What a rating did is found by folding the user in without it.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func explanation(of item: Int, for rater: Rater) throws -> Explanation {
    let ratings = telling(rater.ratings)
    let folding = try folding()
    let (with, without) = try folding.leavingOut(eachOf: ratings, predicting: item)
    let influences = zip(ratings, without).map {
      Explanation.Influence(rating: $0, change: with - $1)
    }
    let products = products(of: item, for: rater)
    let prediction = try rater.predictions(of: [item]).first ?? .nan
    return Explanation(
      item: item, prediction: prediction, score: folding.explainsScores ? with : nil,
      sum: sum(products, prediction, of: item, for: rater),
      range: roles.combination == .dotProduct
        ? (model as? any RatingModel)?.shape.options.range : nil,
      products: products, influences: influences.sorted { abs($0.change) > abs($1.change) })
  }

  private func products(of item: Int, for rater: Rater) -> [Explanation.Product] {
    guard roles.combination == .dotProduct, let factors = rater.factors,
      let table = roles.itemFactors, table.rowWidth == factors.count
    else { return [] }
    let row = table.withElements(as: Float.self) {
      Array($0[(item * factors.count)..<((item + 1) * factors.count)])
    }
    return factors.indices.map {
      Explanation.Product(factor: $0, user: factors[$0], item: row[$0])
    }.sorted { abs($0.value) > abs($1.value) }
  }

  private func sum(
    _ products: [Explanation.Product], _ prediction: Float, of item: Int, for rater: Rater
  ) -> Explanation.Sum? {
    let isProduct = roles.combination == .dotProduct
    let mean = roles.mean.flatMap { try? Float($0.item()) }
    guard isProduct || mean != nil else { return nil }
    let itemBias = roles.itemBias?.withElements(as: Float.self) { $0[item] }
    func sum(_ taste: Float?) -> Explanation.Sum {
      Explanation.Sum(mean: mean, userBias: rater.bias, itemBias: itemBias, taste: taste)
    }
    guard !isProduct else {
      return sum(products.isEmpty ? nil : products.reduce(0) { $0 + $1.value })
    }
    let rest = prediction - sum(nil).total
    return sum(abs(rest) > 1e-5 ? rest : nil)
  }
}
