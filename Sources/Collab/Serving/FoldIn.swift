import CollabLearning
import CollabTensors
import CollabThreading

/// How a model takes in somebody it was not trained with: their own numbers are found, and everything
/// else stays as it is.
///
/// A family that has a way of its own gives it in ``RatingModel/foldIn(for:)``.
public protocol FoldIn: AnyObject {
  /// Somebody by what they have rated.
  ///
  /// - Parameter ratings: one an item, each of an item that was rated in training; there may be none.
  /// - Returns: the rater, with these ratings.
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  func rater(of ratings: [ItemRating]) throws -> Rater

  /// Whether ``leavingOut(eachOf:predicting:)`` speaks of what ranks items, and not of stars.
  var explainsScores: Bool { get }

  /// What somebody would give an item, and what they would give it if they had not given one of the
  /// ratings: for each of them in turn.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  func leavingOut(
    eachOf ratings: [ItemRating], predicting item: Int
  ) throws -> (with: Float, without: [Float])

  /// By how much the variance of somebody's predictions is expected to fall if they rate an item, for
  /// each of some items; nil for a model that has no such variance.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  func expectedDrops(of items: [Int], after ratings: [ItemRating]) throws -> [Double]?
}

extension FoldIn {
  /// False, where stars rank.
  public var explainsScores: Bool { false }

  /// Folds in once for each of the ratings.
  public func leavingOut(
    eachOf ratings: [ItemRating], predicting item: Int
  ) throws -> (with: Float, without: [Float]) {
    func prediction(_ ratings: [ItemRating]) throws -> Float {
      try Interruption.check()
      return try rater(of: ratings).predictions(of: [item]).first ?? .nan
    }
    let without = try ratings.indices.map { place in
      var others = ratings
      others.remove(at: place)
      return try prediction(others)
    }
    return (try prediction(ratings), without)
  }

  /// None.
  public func expectedDrops(of items: [Int], after ratings: [ItemRating]) throws -> [Double]? {
    nil
  }
}

extension RatingModel {
  /// The numbers of a user are found by least squares: in closed form where a prediction is a dot
  /// product, else along the gradients of the user's rows.
  public func foldIn(for learner: Learner) throws -> any FoldIn {
    try foldIn(for: learner, penalty: nil)
  }

  /// As `foldIn(for:)`, for a family that draws its users towards zero by a penalty of its own.
  func foldIn(
    for learner: Learner, penalty: ((_ ratings: Int) -> Double)?
  ) throws -> any FoldIn {
    guard let numbers = FactorNumbers(roles, range: shape.options.range) else {
      return try LeastSquaresFoldIn(RowNumbers(learner), learner)
    }
    guard let penalty else { return try LeastSquaresFoldIn(numbers, learner) }
    return LeastSquaresFoldIn(numbers, penalty: penalty)
  }
}

// MARK: - Of a learner

extension Learner {
  /// Somebody the model was not trained with, by what they have rated.
  ///
  ///     let me = try learner.foldIn([ItemRating(item: fargo, stars: 5)])
  ///     try me.predictions(of: [kolya])
  ///
  /// Only numbers of their own are found; the model is as it was, to the last bit. Without ratings they
  /// are the mean user. Of several ratings of an item the last counts, and one of an item that nobody
  /// rated in training says nothing.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func foldIn(_ ratings: [ItemRating]) throws -> Rater {
    try folding().rater(of: telling(ratings))
  }

  /// How the model as it is now takes in somebody new; kept until the model changes.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  public func folding() throws -> any FoldIn {
    let state = model.state.map(\.tensor)
    for tensor in state { tensor.settle() }
    if let kept = foldInMemory, kept.isOf(state) { return kept.foldIn }
    model.train(false)
    let foldIn =
      try (model as? any RatingModel)?.foldIn(for: self)
      ?? LeastSquaresFoldIn(RowNumbers(self), self)
    foldInMemory = FoldInMemory(foldIn, of: state)
    return foldIn
  }

  /// The ratings from which something can be learned of a user, in the order of items.
  func telling(_ ratings: [ItemRating]) -> [ItemRating] {
    let last = Dictionary(ratings.map { ($0.item, $0) }, uniquingKeysWith: { $1 })
    return last.values.filter { rating in
      rating.item < loaders.items.count && loaders.isTrained(rating.item, of: .items)
    }.sorted { $0.item < $1.item }
  }
}

/// How a model took in somebody new last, and the numbers it had then.
struct FoldInMemory {
  let foldIn: any FoldIn
  private let versions: [(tensor: Tensor, version: Int)]

  init(_ foldIn: any FoldIn, of state: [Tensor]) {
    self.foldIn = foldIn
    versions = state.map { ($0, $0.version) }
  }

  /// Whether the numbers of the model are still those.
  func isOf(_ state: [Tensor]) -> Bool {
    state.count == versions.count
      && zip(state, versions).allSatisfy { $0 === $1.tensor && $0.version == $1.version }
  }
}
