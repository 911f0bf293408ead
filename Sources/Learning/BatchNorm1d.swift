import CKernels
public import Tensors

/// Normalises each column by its mean and variance over the batch.
///
/// While training by the batch's own, and afterwards by their running averages.
///
/// Source: Ioffe and Szegedy (2015); `torch.nn.BatchNorm1d`. Statistics are taken in double, as in
/// PyTorch. fastai starts the bias at 0.001.
public final class BatchNorm1d: Module {
  private static let epsilon = 1e-5
  private static let momentum = 0.1

  /// Scale, `[columns]`.
  public let weight: Tensor
  /// Shift, `[columns]`.
  public let bias: Tensor
  /// Average of batch means, `[columns]`.
  public let runningMean: Tensor
  /// Average of unbiased batch variances, `[columns]`.
  public let runningVariance: Tensor

  private var isTraining = true

  /// Scale 1, and a shift that fastai sets to 0.001 and PyTorch to 0.
  ///
  /// Takes no draws.
  public init(_ columns: Int, bias start: Float = 0) throws(TensorError) {
    weight = try Tensor(repeating: Float(1), shape: [columns]).asParameter()
    bias = try Tensor(repeating: start, shape: [columns]).asParameter()
    runningMean = try Tensor.zeros([columns])
    runningVariance = try Tensor(repeating: Float(1), shape: [columns])
  }

  /// `BatchNorm1d`.
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
    let statistics = isTraining ? BatchStatistics(of: input) : runningStatistics()
    if isTraining { updateAverages(statistics, rows: input.shape[0]) }
    let center = statistics.mean.map { Float($0) }
    let spread = statistics.variance.map { Float(1 / ($0 + Self.epsilon).squareRoot()) }
    let output = try Tensor.unset(input.shape)
    let (scale, shift) = (weight.elements, bias.elements)
    let factor = (0..<columns).map { spread[$0] * scale[$0] }
    let offset = (0..<columns).map { shift[$0] - center[$0] * factor[$0] }
    ck_scale_columns(
      output.elements, input.elements, factor, offset, Int64(input.shape[0]), Int64(columns))
    let usesBatch = isTraining
    return output.recording(input, weight, bias, as: "NativeBatchNormBackward0") {
      [self] gradient throws(TensorError) in
      try propagate(gradient, input, center, spread, usesBatch)
    }
  }

  private func runningStatistics() -> BatchStatistics {
    BatchStatistics(
      mean: runningMean.scalars(as: Float.self).map(Double.init),
      variance: runningVariance.scalars(as: Float.self).map(Double.init))
  }

  private func updateAverages(_ statistics: BatchStatistics, rows: Int) {
    let unbiased = Double(rows) / Double(max(rows - 1, 1))
    func mix(_ average: Tensor, _ value: (Int) -> Double) {
      average.withElements(as: Float.self) { average in
        for c in average.indices {
          average[c] = Float(
            Self.momentum * value(c) + (1 - Self.momentum) * Double(average[c]))
        }
      }
    }
    mix(runningMean) { statistics.mean[$0] }
    mix(runningVariance) { statistics.variance[$0] * unbiased }
  }

  private func propagate(
    _ gradient: Tensor, _ input: Tensor, _ center: [Float], _ spread: [Float], _ usesBatch: Bool
  ) throws(TensorError) {
    let (rows, columns) = (Int64(input.shape[0]), Int64(weight.count))
    let zeros = [Double](repeating: 0, count: weight.count)
    var (sum, dot) = (zeros, zeros)
    ck_normalization_sums(
      &sum, &dot, gradient.elements, input.elements, center, spread, rows, columns)
    // The batch's own mean and variance follow its elements; running ones do not.
    let meanSlope = usesBatch ? sum.map { $0 / Double(rows) } : zeros
    let meanDot = usesBatch ? dot.map { $0 / Double(rows) } : zeros
    let slopes = try Tensor.unset(input.shape)
    ck_normalization_slope(
      slopes.elements, gradient.elements, input.elements, center, spread, weight.elements,
      meanSlope, meanDot, rows, columns)
    try input.accumulate(slopes)
    try weight.accumulate(Tensor(dot.map { Float($0) }))
    try bias.accumulate(Tensor(sum.map { Float($0) }))
  }
}

/// Mean and biased variance of each column of a batch.
private struct BatchStatistics {
  var mean: [Double]
  var variance: [Double]

  init(mean: [Double], variance: [Double]) {
    (self.mean, self.variance) = (mean, variance)
  }

  init(of batch: Tensor) {
    mean = [Double](repeating: 0, count: batch.shape[1])
    variance = mean
    ck_column_statistics(
      &mean, &variance, batch.elements, Int64(batch.shape[0]), Int64(batch.shape[1]))
  }
}
