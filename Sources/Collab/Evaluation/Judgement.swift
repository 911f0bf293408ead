import CollabTables
import CollabThreading

/// What held-out ratings say of one model, user by user.
struct Judgement {
  /// A row a user with held-out ratings, a number for each metric: the part of the user in its sum.
  ///
  /// The root of `rmse` is taken last: the part is a sum of squares.
  var parts: [Double]
  /// Items in the list of each judged user, the best first; none for others.
  var lists: [[Int32]]
}

/// Ratings that were held out, and what models made of them.
struct JudgedSplit {
  let heldOut: HeldOut
  /// One a model.
  let judgements: [Judgement]
  /// How many items there are to list.
  let itemCount: Int
}

/// The held-out ratings that models are judged by.
///
/// Users without a relevant item among them have no part in measures of lists. Relevant items that no
/// model could list, since nobody rated them in training, count all the same; those that a user has rated
/// in training, too, do not.
struct HeldOut {
  /// One user's held-out ratings.
  struct User {
    /// Tells users apart, strangers included, in all splits of one table.
    let key: Int32
    /// The row of the user in the embedding.
    let index: Int
    /// Where the ratings lie in the validation set, rising.
    let places: [Int32]
    /// Relevant items that have a training rating, rising.
    let relevant: [Int32]
    /// Relevant items, those that nobody rated in training included.
    let relevantCount: Int
    /// Whether there are ratings of theirs to learn from.
    let isKnown: Bool
    /// Items that may be listed for this user.
    let candidateCount: Int
    /// Whether lists for this user can be judged: somebody known to the model, with a relevant item.
    var isJudged: Bool { isKnown && relevantCount > 0 }
    /// Whether an item is relevant that could be listed.
    func isRelevant(_ item: Int32) -> Bool {
      let place = relevant.partitioningIndex { $0 >= item }
      return place < relevant.count && relevant[place] == item
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
  /// The item of each rating in the validation set.
  private let items: [Int32]

  /// - Parameters:
  ///   - loaders: what was held out, and what may be listed.
  ///   - threshold: from where on an item is relevant.
  ///   - keys: tells apart the users of all rows of the table, where several of its splits are judged.
  ///   - threads: how many may be used.
  /// - Throws: ``EvaluationError/interrupted``.
  init(
    _ loaders: DataLoaders, relevant threshold: Float, keys: [Int32]? = nil,
    _ threads: Threads = .current
  ) throws(EvaluationError) {
    func ask() throws(EvaluationError) { try Interruption.check(EvaluationError.interrupted) }
    do { try loaders.sortTraining(by: .users) } catch { throw .interrupted }
    self.threshold = threshold
    let (users, items) = (Array(loaders.validation.users), Array(loaders.validation.items))
    let itemKeys = loaders.heldOutKeys(of: .items, items)
    try ask()
    let userKeys =
      keys.map { keys in loaders.validationRows.map { keys[Int($0)] } }
      ?? loaders.heldOutKeys(of: .users, users)
    self.items = items
    let stars = Array(loaders.validation.stars)
    try ask()
    let groups = EqualKeys(userKeys)
    let rated = (0..<loaders.items.count).count { loaders.isTrained($0, of: .items) }
    let seen = loaders.trainingByUser
    func user(_ group: Int) -> User {
      let places = Array(groups[group])
      let user = Int(users[Int(places[0])])
      let seenCount = seen.places(of: user).count
      var relevant = places.filter { stars[Int($0)] >= threshold }.map { itemKeys[Int($0)] }
        .filter { $0 < 1 || seen.indices(of: user, in: Int($0)..<Int($0) + 1).isEmpty }
      relevant.sort()
      relevant = relevant.indices.filter { $0 == 0 || relevant[$0] != relevant[$0 - 1] }
        .map { relevant[$0] }
      return User(
        key: userKeys[Int(places[0])], index: user, places: places,
        relevant: relevant.filter { $0 > 0 && loaders.isTrained(Int($0), of: .items) },
        relevantCount: relevant.count, isKnown: user > 0 && seenCount > 0,
        candidateCount: rated - seenCount)
    }
    let stretch = 4096
    var found: [User] = []
    for first in stride(from: 0, to: groups.count, by: stretch) {
      try ask()
      found += threads.results(of: min(stretch, groups.count - first), inBlocksOf: 1024) {
        user(first + $0)
      }
    }
    self.users = found
  }
}

extension HeldOut {
  /// The users of a group, or what users rated of its items.
  ///
  /// What may be listed stays the same.
  func part(_ group: RatingGroup) -> HeldOut {
    switch group.side {
    case .users:
      return HeldOut(users: users.filter { group.isMember[$0.index] }, threshold, items)
    case .items:
      let part = users.compactMap { user -> User? in
        let places = user.places.filter { group.isMember[Int(items[Int($0)])] }
        guard !places.isEmpty else { return nil }
        let relevant = user.relevant.filter { group.isMember[Int($0)] }
        return User(
          key: user.key, index: user.index, places: places, relevant: relevant,
          relevantCount: relevant.count,
          isKnown: user.isKnown, candidateCount: user.candidateCount)
      }
      return HeldOut(users: part, threshold, items)
    }
  }

  private init(users: [User], _ threshold: Float, _ items: [Int32]) {
    (self.users, self.threshold, self.items) = (users, threshold, items)
  }
}

extension RatingScale {
  /// From where on a rating means that somebody liked it: the upper quarter of the scale, 4 of 1 to 5.
  public var relevant: Double { lowest + 0.75 * (highest - lowest) }
}

extension DataLoaders {
  /// A number for the user or item of each rating that is held out: the index, or for those that training
  /// does not know a negative number that tells them apart by what the table calls them.
  fileprivate func heldOutKeys(of side: RatingSide, _ indices: [Int32]) -> [Int32] {
    let places = indices.indices.filter { indices[$0] == 0 }
    guard !places.isEmpty else { return indices }
    let column = trainingTable.columns[side == .users ? 0 : 1]
    let strangers = column.rows(at: places.map { Int(validationRows[$0]) }).coded().codes
    var keys = indices
    for (place, code) in zip(places, strangers) { keys[place] = -2 - code }
    return keys
  }
}
