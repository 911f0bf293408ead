/// What held-out ratings say of one model, user by user.
struct Judgement {
  /// A row a user with held-out ratings, a number for each metric: the part of the user in its sum.
  ///
  /// The root of `rmse` is taken last: the part is a sum of squares.
  var parts: [Double]
  /// Items in the list of each judged user, the best first; none for others.
  var lists: [[Int32]]
}

/// The held-out ratings that models are judged by.
///
/// Users without a relevant item among them have no part in measures of lists. Relevant items that no
/// model could list, since nobody rated them in training, count all the same; those that a user has rated
/// in training, too, do not.
struct HeldOut {
  /// One user's held-out ratings.
  struct User {
    /// The row of the user in the embedding.
    let index: Int
    /// Where the ratings lie in the validation set.
    let places: [Int]
    /// Relevant items that have a training rating, rising.
    let relevant: [Int32]
    /// Relevant items, those that nobody rated in training included.
    let relevantCount: Int
    /// Items that may be listed for this user.
    let candidateCount: Int
    /// Whether lists for this user can be judged: somebody known to the model, with a relevant item.
    var isJudged: Bool { index > 0 && relevantCount > 0 }
    /// Whether an item is relevant that could be listed.
    func isRelevant(_ item: Int32) -> Bool {
      relevant.contains(item)
    }
    /// Whether there are both relevant and other items to put in order.
    var isOrdered: Bool {
      isJudged && !relevant.isEmpty && relevant.count < candidateCount
    }
  }

  /// In the order of their rows.
  let users: [User]
  /// From where on an item is relevant.
  let threshold: Float

  init(_ loaders: DataLoaders, relevant threshold: Float) {
    self.threshold = threshold
    var places: [Int32: [Int]] = [:]
    let (indices, items) = (Array(loaders.validation.users), Array(loaders.validation.items))
    let stars = Array(loaders.validation.stars)
    for (place, user) in indices.enumerated() { places[user, default: []].append(place) }
    let rated = (0..<loaders.items.count).count {
      $0 > 0 && !loaders.trainingByItem.places(of: $0).isEmpty
    }
    users = places.sorted { $0.key < $1.key }.map { user, places in
      let relevant = places.filter { stars[$0] >= threshold }.map { items[$0] }
      let seen = loaders.trainingByUser.indices(of: Int(user))
      let known = Set(relevant).filter { item in
        item > 0 && !loaders.trainingByItem.places(of: Int(item)).isEmpty && !seen.contains(item)
      }
      let unlisted = Set(relevant).subtracting(known).filter { !seen.contains($0) }
      return User(
        index: Int(user), places: places, relevant: known.sorted(),
        relevantCount: known.count + unlisted.count, candidateCount: rated - seen.count)
    }
  }
}

extension RatingScale {
  /// From where on a rating means that somebody liked it: the upper quarter of the scale, 4 of 1 to 5.
  public var relevant: Double { lowest + 0.75 * (highest - lowest) }
}
