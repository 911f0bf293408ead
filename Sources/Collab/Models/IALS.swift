import CCollabKernels
public import CollabLearning
public import CollabRandomness
public import CollabTensors

/// Ranks items by the product of factors that are to be the grade of what a user has rated, and zero for
/// everything else.
///
///     Σ over ratings of weight × (grade − score)² + unobserved × Σ over all pairs of score² + ridge
///
/// is made smallest: that a user has not rated an item says little, but there are so many of these pairs
/// that they count together. With one side fixed the best factors of the other are the solution of linear
/// equations, in which the pairs without a rating take no time. It ranks and does not predict ratings: the
/// stars that it names are those of a ``Baseline``.
///
/// Source: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets" (2008); the
/// objective as in Rendle, Krichene, Zhang and Koren, "Revisiting the Performance of iALS on Item
/// Recommendation Benchmarks" (2022).
public final class IALS: RatingModel, ListModel {
  let baseline: Baseline
  let scale: Tensor
  /// `[users, factors]`.
  let userFactors: Tensor
  /// `[items, factors]`.
  let itemFactors: Tensor
  /// What else was chosen.
  public let options: IALSOptions

  private var known: KnownUsers?

  /// The standard deviation of the score that the factors give which a fit begins with.
  private static let spread = 0.1

  /// Draws factors of items, from which a fit begins; all else is zero.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, factors: Int, options: IALSOptions = IALSOptions(),
    using generator: inout TorchGenerator
  ) throws(TensorError) {
    baseline = try Baseline(users: users, items: items)
    scale = try Tensor.zeros([Grading.numberCount])
    userFactors = try Tensor.zeros([users, factors]).asParameter()
    itemFactors = try Tensor.zeros([items, factors]).asParameter()
      .fillNormal(std: Self.spread / Double(factors).squareRoot(), using: &generator)
    self.options = options
  }

  /// What listings of modules call it: `IALS`.
  public var typeName: String { "IALS" }
  /// Factors, `[users, factors]` and `[items, factors]`, how ratings are graded, and the baseline.
  public var members: [Member] {
    [
      .parameter("user_factors", userFactors), .parameter("item_factors", itemFactors),
      .buffer("scale", scale), .module("baseline", baseline),
    ]
  }
  /// Factors that rank, beside the biases of the baseline, which do not.
  public var roles: ModelRoles { roles(users: userFactors, items: itemFactors) }
  /// Its sizes and options.
  public var shape: ModelShape {
    var shape = ModelShape(
      .ials, users: EmbeddingSize(of: userFactors), items: EmbeddingSize(of: itemFactors),
      range: nil)
    (shape.options.ridge, shape.options.isGraded) = (options.ridge, options.isGraded)
    shape.options.unobserved = options.unobserved
    return shape
  }

  /// Ranks for those whom these loaders know, from now on.
  public func attach(to loaders: DataLoaders) { known = known(loaders) }

  /// The baseline's predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor { try baseline.forward(input) }

  /// Products of factors; how often items were rated, for whoever has rated none.
  public func rankingScores(of user: Int, _ items: Range<Int>) -> [Float]? {
    known?.scores(of: user, items) {
      let width = itemFactors.shape[1]
      return scores(userFactors.elements + user * width, items)
    }
  }

  /// One side after the other.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { IALSTrainer(self) }

  /// The factors of somebody new as an iteration finds them.
  public func foldIn(for learner: Learner) throws -> any FoldIn {
    let grading = grading
    let equations = try ImplicitSquares(over: itemFactors, options, learner.threads)
    let work = try equations.workspace()
    return ListFoldIn(baseline, known) { [self] ratings in
      var factors = [Float](repeating: 0, count: itemFactors.shape[1])
      equations.solve(
        into: &factors, StoredNumbers(ratings.map { Int32(clamping: $0.item) }),
        weights: ratings.map { grading.weight($0.stars) }[...],
        grades: ratings.map { grading.grade($0.stars) }[...], work)
      return (factors, { [factors] in self.scores(factors, $0) })
    }
  }

  /// The products of somebody's factors with those of some items.
  private func scores(_ factors: UnsafePointer<Float>, _ items: Range<Int>) -> [Float] {
    let width = itemFactors.shape[1]
    var scores = [Float](repeating: 0, count: items.count)
    ck_multiply(
      &scores, factors, Int64(width), 1, itemFactors.elements + items.lowerBound * width, 1,
      Int64(width), 1, Int64(width), Int64(items.count))
    return scores
  }
}

extension IALSOptions {
  /// Those among the options of all models.
  init(_ options: ModelOptions) {
    (ridge, unobserved, isGraded) = (options.ridge, options.unobserved, options.isGraded)
  }
}
