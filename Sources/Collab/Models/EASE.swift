import CCollabKernels
public import CollabLearning
public import CollabTensors

/// Ranks items by what those who liked the same have liked: one number for each pair of items, found in
/// closed form.
///
///     score of an item = Σ grade of a rated item × weight of both
///
/// The weights are those that give back all users' grades best, if none may speak for itself:
/// B = −P / diag(P) outside the diagonal and 0 on it, with P = (XᵀX + λ)⁻¹ and X the grades of users and
/// items, 0 where there is none. It ranks and does not predict ratings: the stars that it names are those of
/// a ``Baseline``. Memory grows with the square of the items.
///
/// What users have rated is not part of the model: it takes that from the loaders that it is attached to.
///
/// Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (2019).
public final class EASE: RatingModel, ListModel {
  let baseline: Baseline
  let scale: Tensor
  /// What a rated item, one a row, says for each other item, `[items, items]`.
  let weights: Tensor
  /// λ: how strongly weights are drawn to zero.
  public let strength: Double
  /// Whether ratings are graded by their stars, and do not all count alike.
  public let isGraded: Bool

  private var known: KnownUsers?

  /// Items there may be: those of more take too much memory, and hours.
  public static let mostItems = 20_000
  /// λ where none is given, as ratings of films choose it.
  public static let usualStrength = 200.0

  /// A model that knows no weights yet.
  ///
  /// - Parameters:
  ///   - users: how many there are, `#na#` among them.
  ///   - items: how many there are, `#na#` among them.
  ///   - strength: λ.
  ///   - isGraded: whether ratings are graded by their stars.
  /// - Throws: ``ListError/tooManyItems(_:)``, and ``TensorError`` if there is no memory.
  public init(
    users: Int, items: Int, strength: Double = EASE.usualStrength, isGraded: Bool = true
  ) throws {
    guard items <= Self.mostItems + 1 else { throw ListError.tooManyItems(items - 1) }
    baseline = try Baseline(users: users, items: items)
    scale = try Tensor.zeros([Grading.numberCount])
    weights = try Tensor.zeros([items, items])
    (self.strength, self.isGraded) = (strength, isGraded)
  }

  /// What listings of modules call it: `EASE`.
  public var typeName: String { "EASE" }
  /// The weights, how ratings are graded, and the baseline.
  public var members: [Member] {
    [.buffer("weights", weights), .buffer("scale", scale), .module("baseline", baseline)]
  }
  /// Those of the baseline, which do not rank the items.
  public var roles: ModelRoles { roles() }
  /// Its sizes and options.
  public var shape: ModelShape {
    var shape = ModelShape(
      .ease, users: EmbeddingSize(of: baseline.userBias), items: EmbeddingSize(of: weights),
      range: nil)
    (shape.options.ridge.strength, shape.options.isGraded) = (strength, isGraded)
    return shape
  }

  /// Ranks by what users of these loaders have rated, from now on.
  public func attach(to loaders: DataLoaders) { known = known(loaders) }

  /// The baseline's predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor { try baseline.forward(input) }

  /// What the rated items say for others; how often items were rated, for whoever has rated none.
  public func rankingScores(of user: Int, _ items: Range<Int>) -> [Float]? {
    guard let known else { return nil }
    return known.scores(of: user, items) {
      scores(known.rated.indices(of: user), grading.grades(known.rated, of: user), items)
    }
  }

  /// The items that one speaks for most.
  public func similarItems(to item: Int, count: Int) -> [Neighbors.Neighbor]? {
    let width = weights.shape[1]
    let row = weights.withElements(as: Float.self) { Array($0[item * width..<(item + 1) * width]) }
    var best = BestScores(count)
    best.add(row, first: 0)
    return best.list.prefix { $0.score > 0 }.map {
      Neighbors.Neighbor(index: $0.index, similarity: $0.score)
    }
  }

  /// Inverts a matrix.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { EASETrainer(self) }

  /// By what somebody new has rated, without any fitting.
  public func foldIn(for learner: Learner) -> any FoldIn {
    let grading = grading
    return ListFoldIn(baseline, known) { [self] ratings in
      let items = StoredNumbers(ratings.map { Int32(clamping: $0.item) })
      let grades = ratings.map { grading.grade($0.stars) }
      return (nil, { self.scores(items, grades, $0) })
    }
  }

  /// The sums of what some items of some grades say for others.
  private func scores(
    _ rated: StoredNumbers<Int32>, _ grades: [Float], _ items: Range<Int>
  ) -> [Float] {
    let itemCount = weights.shape[1]
    var scores = [Float](repeating: 0, count: items.count)
    rated.withUnsafeBufferPointer { rated in
      guard let first = rated.baseAddress else { return }
      ck_require_places(first, Int64(rated.count), Int64(weights.shape[0]))
      ck_add_weighted_rows(
        &scores, weights.elements + items.lowerBound, Int64(itemCount), first, grades,
        Int64(rated.count), Int64(items.count))
    }
    return scores
  }
}
