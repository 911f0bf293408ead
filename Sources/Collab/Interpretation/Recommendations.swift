import CCollabKernels
import CollabLearning
import CollabTensors
import CollabThreading

/// An item for a user, and the rating that is predicted.
public struct Recommendation: Sendable, Equatable {
  /// The index of the item.
  public let item: Int
  /// Stars, as the model predicts them.
  public let rating: Float
}

/// Finds the items with the highest predictions among those that a user has not rated.
///
///     let recommender = try Recommender(learner)
///     try recommender.recommendations(for: [user], count: 10)
///
/// Models that are a dot product of factors are ranked by matrix products; any other predicts each
/// pair. Memory is bounded by the ratings and one block of users a thread, however many users are
/// asked for.
public struct Recommender {
  private static let blockUsers = 64
  private static let blockItems = RankingFactors.blockItems
  /// From so many items on, the blocks of items of a few users are shared out among threads.
  private static let manyItems = 16_384

  private let model: any Module
  /// What is not recommended to a user again.
  private let seen: [RatedItems]
  /// Whether somebody new is not recommended what they have rated.
  private let hidesRated: Bool
  /// What is added to the scores of items: minus infinity leaves one out.
  private let penalties: [Float]
  /// The same for scores of known users, with what the model adds for everybody.
  private let additions: [Float]
  private let itemCount: Int
  private let threads: Threads
  private let factors: RankingFactors?
  private let diversity: Diversity?
  private let order: RecommendationOptions.Order?
  /// What ranks items where the model has nothing but predictions, and those are not to rank.
  private let relevance: LikelyRelevance?

  /// Reads the numbers of the model as they are now.
  ///
  /// - Parameters:
  ///   - learner: whose model predicts.
  ///   - options: which items may be recommended.
  /// - Throws: ``InterpretationError/noFactors(of:model:)`` if items are to be unlike each other and
  ///   neither factors nor ratings tell how alike they are.
  public init(
    _ learner: Learner, _ options: RecommendationOptions = RecommendationOptions()
  ) throws {
    model = learner.model
    itemCount = learner.loaders.items.count
    if options.seen != .show { try learner.loaders.sortTraining(by: .users) }
    if options.seen == .hide { try learner.loaders.sortValidation() }
    seen = options.seen(learner.loaders)
    hidesRated = options.seen != .show
    let penalties = options.penalties(learner.loaders)
    self.penalties = penalties
    learner.model.train(false)
    for part in learner.model.state { part.tensor.settle() }
    order = options.order
    relevance =
      options.order == .rank && !learner.ranksApart ? LikelyRelevance(learner.loaders) : nil
    factors = relevance == nil ? try RankingFactors.current(of: learner) : nil
    additions = factors?.itemBias.map { zip($0, penalties).map { $0 + $1 } } ?? penalties
    threads = factors != nil || learner.model.canPredictOnThreads ? learner.threads : .one
    diversity = try Diversity(options.diversity, learner)
  }

  /// The best items of each user, the best first.
  ///
  /// - Parameters:
  ///   - users: indices of users.
  ///   - count: items for each.
  /// - Returns: fewer than `count` where a user has rated almost all.
  /// - Throws: what the model throws.
  public func recommendations(for users: [Int], count: Int) throws -> [[Recommendation]] {
    var all: [[Recommendation]] = []
    try forEachUser(of: users, count: count) { _, list in all.append(list) }
    return all
  }

  /// As `recommendations(for:count:)`, but hands on each user's list as soon as it is there.
  ///
  /// - Parameters:
  ///   - users: indices of users.
  ///   - count: items for each.
  ///   - body: is called with each user and the list, in the order of `users`.
  /// - Throws: what the model or `body` throws.
  public func forEachUser(
    of users: [Int], count: Int, _ body: (Int, [Recommendation]) throws -> Void
  ) throws {
    try forEachUser(
      of: users, count: count, finding: { user, items in try rate(user, items) }, body)
  }

  /// As `forEachUser(of:count:_:)`, of items alone: nothing is predicted that does not rank.
  func forEachList(of users: [Int], count: Int, _ body: (Int, [Int]) throws -> Void) throws {
    try forEachUser(of: users, count: count, finding: { $1 }, body)
  }

  private func forEachUser<Found>(
    of users: [Int], count: Int, finding: (Int, [Int]) throws -> Found,
    _ body: (Int, Found) throws -> Void
  ) throws {
    let blocks = (users.count + Self.blockUsers - 1) / Self.blockUsers
    func found(_ users: [Int], in ranking: [RankedItem]?, _ threads: Threads) throws -> [Found] {
      try GradientMode.withoutRecording {
        try zip(users, lists(of: users, count, in: ranking, threads)).map(finding)
      }
    }
    guard blocks > 1 else {
      guard !users.isEmpty else { return }
      for (user, list) in zip(users, try found(users, in: nil, threads)) { try body(user, list) }
      return
    }
    let ranking = try commonRanking()
    for first in stride(from: 0, to: blocks, by: threads.count) {
      let lists = try threads.results(of: min(threads.count, blocks - first)) { piece in
        let start = (first + piece) * Self.blockUsers
        return try found(
          Array(users[start..<min(start + Self.blockUsers, users.count)]), in: ranking, .one)
      }
      for (user, list) in zip(users[(first * Self.blockUsers)...], lists.joined()) {
        try body(user, list)
      }
    }
  }
}

// MARK: - Somebody new

extension Recommender {
  /// The best items of somebody who was folded in, the best first.
  ///
  /// - Parameters:
  ///   - rater: whom the learner's model predicts for.
  ///   - count: how many items.
  /// - Returns: fewer than `count` if they have rated almost all.
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func recommendations(for rater: Rater, count: Int) throws -> [Recommendation] {
    let ratings = try rater.predictions(of: Array(0..<itemCount))
    let ranks =
      relevance?.scores(ratings, from: 0)
      ?? (order == .rating ? nil : ownRanking(of: rater))
    var scores = zip(ranks ?? ratings, penalties).map { $0 + $1 }
    if hidesRated { for rating in rater.ratings { scores[rating.item] = -.infinity } }
    var best = BestScores(diversity.map { _ in Diversity.depth(for: count) } ?? count)
    best.add(scores, first: 0)
    let items = diversity.map { $0.picks(count, of: best.list) } ?? best.list.map(\.index)
    return items.map { Recommendation(item: $0, rating: ratings[$0]) }
  }

  /// What the model ranks by if that is not what it predicts: for somebody new, or for everybody alike.
  private func ownRanking(of rater: Rater) -> [Float]? {
    rater.rankingScores(0..<itemCount)
      ?? (model as? any RatingModel)?.rankingScores(of: 0, 0..<itemCount)
  }
}

extension Learner {
  /// Whether the model has learned nothing, and says the same of everything: it finds its numbers in a fit
  /// that it has not had.
  public var isBlank: Bool {
    func isZero(_ tensor: Tensor?) -> Bool {
      tensor?.withElements(as: Float.self) { $0.allSatisfy { $0 == 0 } } ?? true
    }
    return recorder.epochs.isEmpty && roles.itemBias != nil && isZero(roles.itemBias)
      && isZero(roles.userBias) && isZero(roles.mean)
  }

  /// Whether the model ranks items by something else than the ratings that it predicts.
  public var ranksApart: Bool {
    (model as? any RatingModel)?.rankingScores(of: 0, 0..<1) != nil
  }
}

// MARK: - One block of users

extension Recommender {
  /// The lists of some users, whose items may be shared out among threads; in the order of a ranking if
  /// there is one.
  private func lists(
    of users: [Int], _ count: Int, in ranking: [RankedItem]?, _ threads: Threads
  ) throws -> [[Int]] {
    let depth = diversity.map { _ in Diversity.depth(for: count) } ?? count
    let candidates =
      if let ranking {
        unseen(depth, of: users, in: ranking)
      } else {
        try best(depth, of: users, threads)
      }
    return candidates.map { candidates in
      diversity.map { $0.picks(count, of: candidates) } ?? candidates.map(\.index)
    }
  }

  /// The items with the highest scores for each of some users.
  private func best(
    _ count: Int, of users: [Int], _ threads: Threads
  ) throws -> [[RankedItem]] {
    // Stretches of items that follow each other, one a thread.
    let stretches = itemCount < Self.manyItems ? 1 : threads.count
    let blocks = (itemCount + Self.blockItems - 1) / Self.blockItems
    let length = (blocks + stretches - 1) / stretches * Self.blockItems
    let parts = try threads.results(of: stretches) { part in
      try best(
        count, of: users, min(part * length, itemCount)..<min((part + 1) * length, itemCount))
    }
    return users.indices.map { n in
      var found = parts[0][n]
      for part in parts.dropFirst() { found.add(part[n]) }
      return found.list
    }
  }

  /// The items of a range with the highest scores for each of some users.
  private func best(_ count: Int, of users: [Int], _ range: Range<Int>) throws -> [BestScores] {
    try GradientMode.withoutRecording {
      var best = [BestScores](repeating: BestScores(count), count: users.count)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockItems) {
        let items = first..<min(first + Self.blockItems, range.upperBound)
        try listingScores(users, items).withElements(as: Float.self) { scores in
          for n in users.indices {
            best[n].add(
              UnsafeBufferPointer(rebasing: scores[(n * items.count)..<((n + 1) * items.count)]),
              first: first)
          }
        }
      }
      return best
    }
  }

  /// What items are ranked by, `[users, items]`: minus infinity for those that are not listed.
  private func listingScores(_ users: [Int], _ items: Range<Int>) throws -> Tensor {
    let scores = try commonScores(users, items)
    scores.withElements(as: Float.self) { scores in
      for (n, user) in users.enumerated() {
        for item in seen.lazy.flatMap({ $0.indices(of: user, in: items) }) {
          scores[n * items.count + Int(item) - items.lowerBound] = -.infinity
        }
      }
    }
    return scores
  }

  /// As ``listingScores(_:_:)``, with what each user has rated.
  private func commonScores(_ users: [Int], _ items: Range<Int>) throws -> Tensor {
    let scores = try factors?.products(users, items) ?? predictions(users, items)
    additions.withUnsafeBufferPointer { additions in
      guard let base = additions.baseAddress else { return }
      ck_add_to_rows(
        scores.elements, base + items.lowerBound, Int64(users.count), Int64(items.count))
    }
    return scores
  }

  /// What all items are ranked by for a user; minus infinity for those that are not listed.
  ///
  /// - Throws: what the model throws.
  func scores(of user: Int) throws -> [Float] {
    try GradientMode.withoutRecording {
      try listingScores([user], 0..<itemCount).scalars(as: Float.self)
    }
  }

  /// What the model predicts for the items that were chosen.
  private func rate(_ user: Int, _ items: [Int]) throws -> [Recommendation] {
    guard !items.isEmpty else { return [] }
    let pairs = items.flatMap { [Int64(user), Int64($0)] }
    let ratings = try model.forward(Tensor(pairs, shape: [items.count, 2]))
      .scalars(as: Float.self)
    return zip(items, ratings).map { Recommendation(item: $0, rating: $1) }
  }

  private func predictions(_ users: [Int], _ items: Range<Int>) throws -> Tensor {
    let rows = try users.map { user in
      if let relevance {
        return try Tensor(
          relevance.scores(of: user, items, by: model), shape: [1, items.count])
      }
      if order != .rating, let scores = (model as? any RatingModel)?.rankingScores(of: user, items)
      {
        return try Tensor(scores, shape: [1, items.count])
      }
      let pairs = items.flatMap { [Int64(user), Int64($0)] }
      return try model.forward(Tensor(pairs, shape: [items.count, 2])).reshaped(to: [1, -1])
    }
    return try Tensor.concatenated(rows)
  }
}

// MARK: - One ranking for everybody

extension Recommender {
  /// All items that may be listed, the best first, where they are ranked alike for everybody; else nil.
  private func commonRanking() throws -> [RankedItem]? {
    let isCommon =
      factors.map { !$0.haveUsers }
      ?? (relevance == nil && order != .rating
        && (model as? any RatingModel)?.ranksForAllAlike ?? false)
    guard isCommon else { return nil }
    let scores = try GradientMode.withoutRecording {
      try commonScores([0], 0..<itemCount).scalars(as: Float.self)
    }
    return scores.enumerated().filter { $0.element > -.infinity }
      .map { (index: $0.offset, score: $0.element) }
      .sorted { $0.score > $1.score || $0.score == $1.score && $0.index < $1.index }
  }

  /// The first items of a ranking that each of some users has not rated.
  private func unseen(
    _ count: Int, of users: [Int], in ranking: [RankedItem]
  ) -> [[RankedItem]] {
    var isSeen = [Bool](repeating: false, count: itemCount)
    return users.map { user in
      func mark(_ value: Bool) {
        for rated in seen { for item in rated.indices(of: user) { isSeen[Int(item)] = value } }
      }
      mark(true)
      defer { mark(false) }
      return Array(ranking.lazy.filter { !isSeen[$0.index] }.prefix(count))
    }
  }
}

/// An item, and what it is ranked by.
typealias RankedItem = (index: Int, score: Float)

extension RatedItems {
  /// The indices of a row that lie in a range, rising.
  ///
  /// - Complexity: O(log of the row's count).
  func indices(
    of row: Int, in range: Range<Int>
  ) -> some RandomAccessCollection<Int32> {
    let row = indices[places(of: row)]
    let start = row.partitioningIndex { Int($0) >= range.lowerBound }
    return row[start..<row[start...].partitioningIndex { Int($0) >= range.upperBound }]
  }
}
