import CCollabKernels
public import CollabTensors

/// Normalises each column by its mean and variance over the batch.
///
/// While training by the batch's own, and afterwards by their running averages.
///
/// Source: Ioffe and Szegedy (2015); `torch.nn.BatchNorm1d`. Statistics are taken in double, as in
/// PyTorch. fastai starts the bias at 0.001.
public final class BatchNorm1d: Module {
  private static let epsilon = 1e-5
  private static let momentum = 0.1

  /// What each normalised column is multiplied by, `[columns]`; 1 before training.
  public let weight: Tensor
  /// What is added to each column then, `[columns]`.
  public let bias: Tensor
  /// Average of batch means, `[columns]`.
  public let runningMean: Tensor
  /// Average of unbiased batch variances, `[columns]`.
  public let runningVariance: Tensor

  private var isTraining = true

  /// Scale 1, and a shift that fastai sets to 0.001 and PyTorch to 0.
  ///
  /// It takes no random numbers, so that it does not change what is drawn for other layers.
  public init(_ columns: Int, bias start: Float = 0) throws(TensorError) {
    weight = try Tensor(repeating: Float(1), shape: [columns]).asParameter()
    bias = try Tensor(repeating: start, shape: [columns]).asParameter()
    runningMean = try Tensor.zeros([columns])
    runningVariance = try Tensor(repeating: Float(1), shape: [columns])
  }

  /// What listings of modules call it: `BatchNorm1d`.
  public var typeName: String { "BatchNorm1d" }
  /// As PyTorch prints them.
  public var settings: String {
    "\(weight.count), eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True"
  }
  /// Scale and shift, and the running averages.
  public var members: [Member] {
    [
      .parameter("weight", weight), .parameter("bias", bias),
      .buffer("running_mean", runningMean), .buffer("running_var", runningVariance),
    ]
  }
  /// True: weight decay would pull the scale to 0.
  public var isNormalization: Bool { true }

  /// Whether batch statistics are used.
  public func setTraining(_ isTraining: Bool) { self.isTraining = isTraining }

  /// Each column normalised.
  ///
  /// - Shape: `[batch, columns]` gives the same.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let columns = weight.count
    guard input.shape.count == 2, input.shape[1] == columns else {
      throw .unexpectedShape(input.shape, expected: "a batch of \(columns) columns")
    }
    let statistics = try isTraining ? statistics(of: input) : runningStatistics()
    if isTraining { updateAverages(statistics, rows: input.shape[0]) }
    let (mean, variance) = (statistics.mean.doubles, statistics.variance.doubles)
    let (scale, shift) = (weight.elements, bias.elements)
    // Rows: what is subtracted from each column, what it is multiplied by then, and both with the
    // parameters as a factor and what is added.
    let scaling = try Tensor.unset(4, columns)
    let center = scaling.elements
    let (spread, factor, offset) = (
      center + columns, center + 2 * columns, center + 3 * columns
    )
    for c in 0..<columns {
      center[c] = Float(mean[c])
      spread[c] = Float(1 / (variance[c] + Self.epsilon).squareRoot())
      factor[c] = spread[c] * scale[c]
      offset[c] = shift[c] - center[c] * factor[c]
    }
    let output = try Tensor.unset(input.shape)
    ck_scale_columns(
      output.elements, input.elements, factor, offset, Int64(input.shape[0]), Int64(columns))
    let name: StaticString = "NativeBatchNormBackward0"
    // The batch's own mean and variance follow its elements; running ones do not.
    return isTraining
      ? output.recording(
        input, weight, bias, scaling, as: name, needing: .allButThird
      ) {
        input, weight, bias, scaling, gradient throws(TensorError) in
        try gradient.sendBack(to: input, weight, bias, scaling, usesBatch: true)
      }
      : output.recording(
        input, weight, bias, scaling, as: name, needing: .allButThird
      ) {
        input, weight, bias, scaling, gradient throws(TensorError) in
        try gradient.sendBack(to: input, weight, bias, scaling, usesBatch: false)
      }
  }

  /// Mean and biased variance of each column of a batch, in double.
  private func statistics(
    of batch: Tensor
  ) throws(TensorError) -> (mean: Tensor, variance: Tensor) {
    let (rows, columns) = (batch.shape[0], batch.shape[1])
    let mean = try Tensor.unset(columns, .float64)
    let variance = try Tensor.unset(columns, .float64)
    ck_column_statistics(
      mean.doubles, variance.doubles, batch.elements, Int64(rows), Int64(columns))
    return (mean, variance)
  }

  private func runningStatistics() throws(TensorError) -> (mean: Tensor, variance: Tensor) {
    (try runningMean.converted(to: .float64), try runningVariance.converted(to: .float64))
  }

  private func updateAverages(_ statistics: (mean: Tensor, variance: Tensor), rows: Int) {
    let unbiased = Double(rows) / Double(max(rows - 1, 1))
    func mix(_ average: Tensor, _ values: Tensor, times factor: Double) {
      average.markChanged()
      let (average, values) = (average.elements, values.doubles)
      for c in 0..<weight.count {
        average[c] = Float(
          Self.momentum * (values[c] * factor) + (1 - Self.momentum) * Double(average[c]))
      }
    }
    mix(runningMean, statistics.mean, times: 1)
    mix(runningVariance, statistics.variance, times: unbiased)
  }
}

extension Tensor {
  /// Adds this gradient of normalised columns to what they were made of.
  fileprivate func sendBack(
    to input: Tensor, _ weight: Tensor, _ bias: Tensor, _ scaling: Tensor, usesBatch: Bool
  ) throws(TensorError) {
    let (rows, columns) = (input.shape[0], weight.count)
    let (center, spread) = (scaling.elements, scaling.elements + columns)
    let (sum, dot) = (try Tensor.unset(columns, .float64), try Tensor.unset(columns, .float64))
    let (sums, dots) = (sum.doubles, dot.doubles)
    ck_normalization_sums(
      sums, dots, elements, input.elements, center, spread, Int64(rows), Int64(columns))
    // Rows: the averages over the batch of both.
    let means = try Tensor.unset(2, columns, .float64)
    let (meanSlope, meanDot) = (means.doubles, means.doubles + columns)
    for c in 0..<columns {
      meanSlope[c] = usesBatch ? sums[c] / Double(rows) : 0
      meanDot[c] = usesBatch ? dots[c] / Double(rows) : 0
    }
    let slopes = try Tensor.unset(input.shape)
    ck_normalization_slope(
      slopes.elements, elements, input.elements, center, spread, weight.elements, meanSlope,
      meanDot, Int64(rows), Int64(columns))
    try input.accumulate(slopes)
    try weight.accumulate(dot.converted(to: .float32))
    try bias.accumulate(sum.converted(to: .float32))
  }
}
