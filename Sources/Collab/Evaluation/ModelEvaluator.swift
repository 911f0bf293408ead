import CollabTensors
public import CollabThreading
import Glibc

/// Judges models by the ratings that were held out.
///
///     let evaluation = try ModelEvaluator(learner.loaders).evaluation(of: [("dotbias", learner)])
///     evaluation.rows[0].estimates[0]  // the root of the mean squared error, with its interval
public struct ModelEvaluator {
  /// What can be chosen.
  public struct Options: Sendable {
    /// What is measured.
    public var metrics = Metric.usual()
    /// From where on a rating means that somebody liked an item; nil for the upper quarter of the scale.
    public var relevant: Double?
    /// How often users are drawn anew for the intervals.
    public var resamples = 1000
    /// Seeds those draws.
    public var seed: UInt64 = 0

    /// The usual measures on lists of ten.
    public init() {}
  }

  private let loaders: DataLoaders
  private let options: Options
  private var heldOut: HeldOut
  private let scale: RatingScale
  private let threads: Threads

  /// Reads the ratings that were held out.
  ///
  /// - Throws: ``EvaluationError/nothingHeldOut``, ``EvaluationError/interrupted``.
  public init(
    _ loaders: DataLoaders, _ options: Options = Options(), threads: Threads = .current
  ) throws(EvaluationError) {
    try self.init(loaders, options, threads, userKeys: nil)
  }

  /// As above; `userKeys` tells apart the users of all rows of the table, if several of its splits are judged.
  ///
  /// - Throws: ``EvaluationError/nothingHeldOut``, ``EvaluationError/interrupted``.
  init(
    _ loaders: DataLoaders, _ options: Options, _ threads: Threads, userKeys: [Int32]?
  ) throws(EvaluationError) {
    guard !loaders.validation.isEmpty, let scale = loaders.scale else { throw .nothingHeldOut }
    (self.loaders, self.options, self.scale, self.threads) = (loaders, options, scale, threads)
    heldOut = try HeldOut(
      loaders, relevant: Float(options.relevant ?? scale.relevant), keys: userKeys, threads)
  }

  /// The same, of a part of the ratings alone.
  ///
  /// - Parameter group: whose ratings, or ratings of what.
  /// - Returns: an evaluator of those.
  public func part(_ group: RatingGroup) -> ModelEvaluator {
    var part = self
    part.heldOut = heldOut.part(group)
    return part
  }

  /// How many ratings are held out.
  public var ratingCount: Int { heldOut.users.reduce(0) { $0 + $1.places.count } }

  /// The figures of some models, each with its interval.
  ///
  /// - Parameters:
  ///   - learners: what to call them, and what learned from the ratings of the loaders.
  ///   - goesOn: is told how much of the whole is done, from 0 to 1, and says whether to go on.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``EvaluationError/otherRatings(_:)``, and what the models throw.
  public func evaluation(
    of learners: [(name: String, learner: Learner)], while goesOn: (Double) -> Bool = { _ in true }
  ) throws -> Evaluation? {
    guard let split = try judgedSplit(learners, while: goesOn) else { return nil }
    return try Self.evaluation(of: learners.map(\.name), [split], options, threads)
  }

  /// What some models make of the ratings that were held out; nil if it was stopped.
  func judgedSplit(
    _ learners: [(name: String, learner: Learner)], while goesOn: (Double) -> Bool
  ) throws -> JudgedSplit? {
    var judgements: [Judgement] = []
    do {
      for (place, (name, learner)) in learners.enumerated() {
        guard learner.loaders.judgesAlike(loaders) else { throw EvaluationError.otherRatings(name) }
        judgements.append(
          try judgement(of: learner) { part in
            guard goesOn((Double(place) + part) / Double(learners.count)) else { throw Stopped() }
          })
      }
    } catch is Stopped {
      return nil
    }
    return JudgedSplit(
      heldOut: heldOut, judgements: judgements, itemCount: max(loaders.items.count - 1, 1))
  }

  /// The figures of models that were judged by one split, or by several of the same ratings.
  static func evaluation(
    of models: [String], _ splits: [JudgedSplit], _ options: Options, _ threads: Threads
  ) throws(TensorError) -> Evaluation {
    try Evaluation(
      models, splits, options.metrics, Bootstrap(resamples: options.resamples, seed: options.seed),
      threads)
  }

  private struct Stopped: Error {}
}

// MARK: - One model

extension ModelEvaluator {
  /// How far the work on one model has come, from 0 to 1.
  private typealias Report = (Double) throws -> Void

  private func judgement(of learner: Learner, _ report: Report) throws -> Judgement {
    var judgement = Judgement(
      parts: [Double](repeating: 0, count: heldOut.users.count * options.metrics.count),
      lists: [[Int32]](repeating: [], count: heldOut.users.count))
    let kinds = Set(options.metrics.map(\.kind))
    // Predicting what was held out takes a small part of the time that lists take.
    let share = kinds.contains(where: \.isOfLists) ? 0.1 : 1
    if kinds.contains(.rmse) || kinds.contains(.mae) {
      try addErrors(of: learner, to: &judgement) { try report(share * $0) }
    }
    if kinds.contains(where: \.isOfLists) {
      try addLists(of: learner, to: &judgement) { try report(share + (1 - share) * $0) }
    }
    if kinds.contains(.auc) { try addOrder(of: learner, to: &judgement) { try report($0) } }
    return judgement
  }

  /// Writes the part of a user in a metric.
  private func set(_ part: Double, _ user: Int, _ metric: Int, in judgement: inout Judgement) {
    judgement.parts[user * options.metrics.count + metric] = part
  }

  /// Errors of predictions within the scale of the ratings.
  private func addErrors(
    of learner: Learner, to judgement: inout Judgement, _ report: Report
  ) throws {
    let set = loaders.validation
    let pairs = zip(set.users, set.items).map { (user: Int($0), item: Int($1)) }
    let ratings = try learner.predictions(of: pairs) {
      try report(Double($0) / Double(pairs.count))
    }.ratings
    let errors = zip(ratings, set.stars).map { rating, stars in
      min(max(Double(rating), scale.lowest), scale.highest) - Double(stars)
    }
    for (metric, chosen) in options.metrics.enumerated() {
      for (row, user) in heldOut.users.enumerated() {
        switch chosen.kind {
        case .rmse:
          self.set(
            user.places.reduce(0) { $0 + errors[Int($1)] * errors[Int($1)] }, row, metric,
            in: &judgement)
        case .mae:
          self.set(user.places.reduce(0) { $0 + abs(errors[Int($1)]) }, row, metric, in: &judgement)
        default: break
        }
      }
    }
  }

  /// What lists the candidates of users: all items but those that they have rated in training.
  private func recommender(of learner: Learner) throws -> Recommender {
    var options = RecommendationOptions()
    options.seen = .hideTrain
    return try Recommender(learner, options)
  }

  /// Lists for users who can be judged, and what they are worth.
  private func addLists(
    of learner: Learner, to judgement: inout Judgement, _ report: Report
  ) throws {
    let recommender = try recommender(of: learner)
    let rows = heldOut.users.indices.filter { heldOut.users[$0].isJudged }
    let longest = options.metrics.filter(\.kind.isOfLists).map(\.k).max() ?? 0
    var lists: [[Int32]] = []
    lists.reserveCapacity(rows.count)
    try recommender.forEachList(of: rows.map { heldOut.users[$0].index }, count: longest) {
      _, list in
      lists.append(list.map { Int32(clamping: $0) })
      try report(Double(lists.count) / Double(rows.count))
    }
    let surprises = surprises()
    let parts = threads.results(of: rows.count, inBlocksOf: 1024) { [lists] place in
      worth(of: lists[place], for: heldOut.users[rows[place]], surprises)
    }
    for (place, row) in rows.enumerated() {
      judgement.lists[row] = lists[place]
      for (metric, part) in parts[place].enumerated() {
        if let part { set(part, row, metric, in: &judgement) }
      }
    }
  }

  /// What a list is worth in each metric; nil for what is not found from a list alone.
  private func worth(
    of list: [Int32], for user: HeldOut.User, _ surprises: [Double]
  ) -> [Double?] {
    var judged: ListJudgement?
    return options.metrics.map { metric in
      if metric.kind == .novelty {
        let sum = list.prefix(metric.k).reduce(0) { $0 + surprises[Int($1)] }
        return list.isEmpty ? 0 : sum / Double(min(list.count, metric.k))
      }
      guard metric.kind.isOfLists else { return nil }
      // Neighbouring columns are mostly of lists of the same length.
      let own =
        judged.flatMap { $0.k == metric.k ? $0 : nil }
        ?? ListJudgement(
          list, k: metric.k, relevantCount: user.relevantCount, isRelevant: user.isRelevant)
      judged = own
      return own.value(of: metric.kind)
    }
  }

  /// For each item minus the binary logarithm of the share of users who have rated it in training; empty
  /// if nobody asks.
  private func surprises() -> [Double] {
    guard options.metrics.contains(where: { $0.kind == .novelty }) else { return [] }
    let raters = (0..<loaders.users.count).count { loaders.isTrained($0, of: .users) }
    return (0..<loaders.items.count).map { item in
      -log2(Double(loaders.trainingCount(of: item, .items)) / Double(max(raters, 1)))
    }
  }

  /// Whether relevant candidates are scored above others.
  private func addOrder(
    of learner: Learner, to judgement: inout Judgement, _ report: Report
  ) throws {
    let recommender = try recommender(of: learner)
    let columns = options.metrics.indices.filter { options.metrics[$0].kind == .auc }
    let rows = heldOut.users.indices.filter { heldOut.users[$0].isOrdered }
    for (done, row) in rows.enumerated() {
      let user = heldOut.users[row]
      let scores = try recommender.scores(of: user.index)
      let share = orderedShare(
        scores.enumerated().filter { $0.element > -.infinity }.map {
          ($0.element, user.isRelevant(Int32(clamping: $0.offset)))
        })
      for column in columns { set(share ?? 0, row, column, in: &judgement) }
      try report(Double(done + 1) / Double(rows.count))
    }
  }
}

extension DataLoaders {
  /// Whether models of both are tested with the same ratings and may list the same items.
  fileprivate func judgesAlike(_ other: DataLoaders) -> Bool {
    self === other
      || users.count == other.users.count && items.count == other.items.count
        && validation.count == other.validation.count && training.count == other.training.count
        && validation.users.elementsEqual(other.validation.users)
        && validation.items.elementsEqual(other.validation.items)
        && validation.stars.elementsEqual(other.validation.stars)
  }
}
