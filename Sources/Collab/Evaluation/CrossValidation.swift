public import CollabRandomness
public import CollabTables
public import CollabTensors
import CollabThreading

/// Holds out every rating once, a part of them at a time.
///
///     var validation = try CrossValidation(table, folds: 5, using: streams)
///     for loaders in validation.folds { … train … try validation.judge([("dot", learner)], …) }
///     try validation.evaluation()
public struct CrossValidation {
  /// Loaders of all ratings but a part, for each part.
  public let folds: [DataLoaders]
  private let options: ModelEvaluator.Options
  private let threads: Threads
  /// Tells apart the users of all rows of the table.
  private let userKeys: [Int32]
  private var models: [String] = []
  private var splits: [JudgedSplit] = []

  /// Parts the ratings by chance.
  ///
  /// - Parameters:
  ///   - table: the ratings.
  ///   - count: how many parts there are, at least 2.
  ///   - loading: how each split is served; its share of ratings held out does not count.
  ///   - options: what is measured.
  ///   - streams: draws the parts, and what the loaders draw.
  /// - Throws: ``LoaderError``.
  public init(
    _ table: Table, folds count: Int, _ loading: DataLoaders.Options,
    _ options: ModelEvaluator.Options,
    using streams: RandomStreams
  ) throws(LoaderError) {
    let order = streams.torch.permutation(of: table.rowCount)
    var folds: [DataLoaders] = []
    for fold in 0..<count {
      let part = order.count * fold / count..<order.count * (fold + 1) / count
      guard !part.isEmpty else { throw .nothingHeldOut(table.rowCount, share: 1 / Double(count)) }
      var loading = loading
      loading.validFraction = 1 / Double(count)
      folds.append(
        try DataLoaders(
          restoring: table, options: loading, validationRows: Array(order[part]).sorted(),
          trainingRows: (order[..<part.lowerBound] + order[part.upperBound...]).sorted(),
          using: streams))
    }
    (self.folds, self.options, threads) = (folds, options, .current)
    userKeys = folds.first?.trainingTable.columns[0].coded().codes ?? []
  }

  /// Judges what was trained on one of the folds.
  ///
  /// - Parameters:
  ///   - learners: the same names each time, in the same order.
  ///   - goesOn: is told how much of this is done, from 0 to 1, and says whether to go on.
  /// - Returns: the figures of this fold; nil if it was stopped.
  /// - Throws: ``EvaluationError``, and what the models throw.
  public mutating func judge(
    _ learners: [(name: String, learner: Learner)], while goesOn: (Double) -> Bool = { _ in true }
  ) throws -> Evaluation? {
    guard let loaders = learners.first?.learner.loaders,
      let split = try ModelEvaluator(loaders, options, threads, userKeys: userKeys)
        .judgedSplit(learners, while: goesOn)
    else { return nil }
    models = learners.map(\.name)
    splits.append(split)
    var once = options
    once.resamples = 0
    return try ModelEvaluator.evaluation(of: models, [split], once, threads)
  }

  /// The figures of all folds together.
  ///
  /// - Throws: ``TensorError/interrupted``.
  public func evaluation() throws(TensorError) -> Evaluation {
    try ModelEvaluator.evaluation(of: models, splits, options, threads)
  }
}
