/// How good some models are on the same held-out ratings.
public struct Evaluation: Sendable {
  /// One model's figures.
  public struct Row: Sendable {
    /// What the model is called.
    public let model: String
    /// One for each metric; `nan` where nobody was there to judge by.
    public let estimates: [Estimate]
  }

  /// What was measured, in the order of the columns.
  public let metrics: [Metric]
  /// A row a model, in the order they were given.
  public let rows: [Row]
  /// Users with held-out ratings.
  public let userCount: Int
  /// Those among them with a relevant one: the others have no part in measures of lists.
  public let judgedCount: Int
  /// Users without a rating to learn from, for whom no list is made.
  public let strangerCount: Int
  /// From how many units of the data on an item is relevant.
  public let relevant: Float
  /// How often users were drawn anew for the intervals.
  public let resamples: Int

  /// The figures of each resample, by model and metric, for comparing models on the same users.
  let resampled: [[[Double]]]

  /// How much one model's figures differ from another's, each with the interval of the difference.
  ///
  /// Both are taken from the same users, drawn anew together.
  ///
  /// - Parameters:
  ///   - row: the place of the model.
  ///   - other: the place of the one it is compared with.
  /// - Returns: one difference for each metric.
  public func differences(_ row: Int, from other: Int) -> [Estimate] {
    metrics.indices.map { metric in
      Estimate(
        rows[row].estimates[metric].value - rows[other].estimates[metric].value,
        resampled: zip(resampled[row][metric], resampled[other][metric]).map { $0 - $1 })
    }
  }
}

extension Estimate {
  /// Whether zero is outside the interval, so that the users tell a difference.
  public var isDifference: Bool { low > 0 || high < 0 }
}
