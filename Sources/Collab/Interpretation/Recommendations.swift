import CCollabKernels
import CollabLearning
public import CollabTensors
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
///     let recommender = Recommender(learner)
///     try recommender.recommendations(for: [user], count: 10)
///
/// Models that are a dot product of factors are ranked by matrix products; any other predicts each
/// pair. Memory is bounded by the ratings and one block of users a thread, however many users are
/// asked for.
public struct Recommender {
  private static let blockUsers = 32
  private static let blockItems = 8192

  private let model: any Module
  /// What is not recommended to a user again.
  private let seen: [RatedItems]
  private let itemCount: Int
  private let threads: Threads
  private let factors: Factors?

  /// Reads the factors of the model as they are now.
  public init(_ learner: Learner) throws(TensorError) {
    model = learner.model
    itemCount = learner.loaders.items.count
    threads = learner.threads
    seen = [learner.loaders.trainingByUser, learner.loaders.validationByUser]
    learner.model.train(false)
    for part in learner.model.state { part.tensor.settle() }
    factors = try Factors(learner.roles)
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
    let blocks = (users.count + Self.blockUsers - 1) / Self.blockUsers
    let threads = factors != nil || model.canPredictOnThreads ? threads : .one
    for first in stride(from: 0, to: blocks, by: threads.count) {
      let group = min(threads.count, blocks - first)
      var lists = [[[Recommendation]]](repeating: [], count: group)
      var failures = [(any Error)?](repeating: nil, count: group)
      lists.withUnsafeMutableBufferPointer { lists in
        failures.withUnsafeMutableBufferPointer { failures in
          threads.forEach(group) { piece in
            let start = (first + piece) * Self.blockUsers
            let block = users[start..<min(start + Self.blockUsers, users.count)]
            do { lists[piece] = try rank(Array(block), count) } catch { failures[piece] = error }
          }
        }
      }
      for case let failure? in failures { throw failure }
      for (user, list) in zip(users[(first * Self.blockUsers)...], lists.joined()) {
        try body(user, list)
      }
    }
  }
}

// MARK: - One block of users

extension Recommender {
  private func rank(_ users: [Int], _ count: Int) throws -> [[Recommendation]] {
    try GradientMode.withoutRecording {
      var best = [BestScores](repeating: BestScores(count), count: users.count)
      for first in stride(from: 0, to: itemCount, by: Self.blockItems) {
        let items = first..<min(first + Self.blockItems, itemCount)
        let scores = try factors?.scores(users, items) ?? predictions(users, items)
        scores.withElements(as: Float.self) { scores in
          for (n, user) in users.enumerated() {
            let row = UnsafeMutableBufferPointer(
              rebasing: scores[(n * items.count)..<((n + 1) * items.count)])
            if first == 0 { row[0] = -.infinity }
            for item in seen.lazy.flatMap({ $0.indices(of: user) }) where items.contains(Int(item))
            {
              row[Int(item) - first] = -.infinity
            }
            best[n].add(UnsafeBufferPointer(row), first: first)
          }
        }
      }
      return try zip(users, best).map { try rate($0, $1.list.map(\.index)) }
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
      if let scores = (model as? any RatingModel)?.rankingScores(of: user, items) {
        return try Tensor(scores, shape: [1, items.count])
      }
      let pairs = items.flatMap { [Int64(user), Int64($0)] }
      return try model.forward(Tensor(pairs, shape: [items.count, 2])).reshaped(to: [1, -1])
    }
    return try Tensor.concatenated(rows)
  }
}

/// The factors of a dot product, laid out for ranking.
private struct Factors {
  private let users: Tensor
  /// `[factors, items]`: the products of a user and neighbouring items are computed together.
  private let items: Tensor
  private let itemBias: Tensor?

  /// Nil unless the factors' products rank the items.
  ///
  /// The bias of the user and the sigmoid leave the order of items as it is.
  init?(_ roles: ModelRoles) throws(TensorError) {
    guard roles.combination == .dotProduct, let users = roles.userFactors,
      let items = roles.itemFactors
    else { return nil }
    self.users = users.detached()
    self.items = try items.detached().transposed()
    itemBias = roles.itemBias?.detached()
  }

  /// Scores of users and items, `[users, items]`.
  func scores(_ chosen: [Int], _ range: Range<Int>) throws(TensorError) -> Tensor {
    let rows = try users.rows(at: Tensor(chosen.map { Int64($0) }))
    let scores = try Tensor.unset(chosen.count, range.count)
    let (width, itemCount) = (users.shape[1], items.shape[1])
    ck_multiply(
      scores.elements, rows.elements, Int64(width), 1, items.elements + range.lowerBound,
      Int64(itemCount), 1, Int64(chosen.count), Int64(width), Int64(range.count))
    if let itemBias {
      ck_add_to_rows(
        scores.elements, itemBias.elements + range.lowerBound, Int64(chosen.count),
        Int64(range.count))
    }
    return scores
  }
}
