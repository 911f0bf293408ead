import CollabTensors

/// Asks somebody about items until their taste is known.
///
///     var interview = TasteInterview(learner)
///     while let item = try interview.next() { interview.answer(item, stars(item)) }
///     let me = try learner.foldIn(interview.ratings)
///
/// Items are those that many have an opinion on: at first the most rated; after a few answers the one
/// that is expected to tell most, which is how much the variance of predictions would fall, times the
/// share of users that could say something about it.
public struct TasteInterview {
  /// Items that are asked about at most: the most rated ones.
  public static let itemLimit = 200
  /// Answers before the model is asked what would tell most.
  private static let firstAnswers = 3

  private let learner: Learner
  /// The items that may be asked about, the most rated first.
  private let items: [Int]
  /// What was answered, in order; nil for items that are not known.
  public private(set) var answers: [(item: Int, stars: Float?)] = []

  /// An interview that has asked nothing yet.
  public init(_ learner: Learner) {
    self.learner = learner
    let loaders = learner.loaders
    let counts = loaders.itemCounts
    items = Array(
      counts.indices.filter { loaders.isTrained($0, of: .items) }
        .sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
        .prefix(Self.itemLimit))
  }

  /// The ratings among the answers.
  public var ratings: [ItemRating] {
    answers.compactMap { answer in answer.stars.map { ItemRating(item: answer.item, stars: $0) } }
  }

  /// The item to ask about; nil when there is none left.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func next() throws -> Int? {
    let asked = Set(answers.map(\.item))
    let left = items.filter { !asked.contains($0) }
    guard ratings.count >= Self.firstAnswers,
      let drops = try learner.folding().expectedDrops(of: left, after: learner.telling(ratings))
    else { return left.first }
    let counts = learner.loaders.itemCounts
    let worth = zip(left, drops).map { Double(counts[$0]) * $1 }
    return worth.indices.max { worth[$0] < worth[$1] }.map { left[$0] }
  }

  /// Takes an answer.
  ///
  /// - Parameters:
  ///   - item: what was asked about.
  ///   - stars: the rating; nil if the item is not known.
  public mutating func answer(_ item: Int, _ stars: Float?) { answers.append((item, stars)) }

  /// Takes the last answer back.
  ///
  /// - Returns: the item it was about; nil if there was none.
  @discardableResult
  public mutating func takeBack() -> Int? { answers.popLast()?.item }
}
