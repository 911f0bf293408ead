/// Which items may be recommended, and how unlike each other they are to be.
///
///     var options = RecommendationOptions()
///     options.diversity = 0.3
///     try Recommender(learner, options).recommendations(for: [user], count: 10)
public struct RecommendationOptions: Sendable {
  /// Which of a user's rated items are left out.
  public enum Seen: String, Sendable, CaseIterable {
    /// All of them, whether they are learned from or held out.
    case hide
    /// Those that are learned from: what is held out may be found, and judged by.
    case hideTrain = "hide_train"
    /// None.
    case show
  }

  /// What puts items in order.
  public enum Order: String, Sendable, CaseIterable {
    /// What the model predicts.
    case rating
    /// What the model ranks by; for a model of ratings how probable it is that the item is liked, times
    /// the root of how many have rated it.
    case rank
  }

  /// What puts items in order; nil for what the model ranks by, which is what it predicts for models of
  /// ratings.
  public var order: Order?
  /// Which of a user's rated items are left out.
  public var seen = Seen.hide
  /// Indices of items that are left out for everybody.
  public var excluded: Set<Int> = []
  /// Indices of the only items that may be recommended; nil for all.
  public var allowed: Set<Int>?
  /// Whether items may be recommended that have no rating to learn from.
  public var includesUnrated = false
  /// How much an item's likeness to those above it counts against its prediction, from 0 for not at
  /// all to 1 for nothing else.
  ///
  /// Alike are items whose factors point the same way, or for a model without factors those that the same
  /// users have rated.
  public var diversity = 0.0

  /// All items with a rating to learn from, but those that the user has rated.
  public init() {}

  /// What is added to the scores of items: nothing, or minus infinity to leave one out.
  func penalties(_ loaders: DataLoaders) -> [Float] {
    let counts = loaders.itemCounts
    var penalties = [Float](repeating: 0, count: counts.count)
    // Where no counts are known, as in a file of fastai's, they say nothing of any item.
    if !includesUnrated, loaders.knowsCounts(of: .items) {
      for item in penalties.indices where counts[item] == 0 { penalties[item] = -.infinity }
    }
    if let allowed {
      for item in penalties.indices where !allowed.contains(item) { penalties[item] = -.infinity }
    }
    for item in excluded.union([0]) { penalties[item] = -.infinity }
    return penalties
  }

  /// What a user has rated and is not recommended again.
  func seen(_ loaders: DataLoaders) -> [RatedItems] {
    switch seen {
    case .hide: [loaders.trainingByUser, loaders.validationByUser]
    case .hideTrain: [loaders.trainingByUser]
    case .show: []
    }
  }
}
