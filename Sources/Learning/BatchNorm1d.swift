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

  /// Scale 1, and a shift that fastai sets to 0.001 and PyTorch to 0. Takes no draws.
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
    "\(weight.count), eps=1e-05, momentum=0.1, affine=True, track_running_stats=True"
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
    let inverse = statistics.variance.map { 1 / ($0 + Self.epsilon).squareRoot() }
    let output = try Tensor.zeros(input.shape)
    input.withElements(as: Float.self) { x in
      output.withElements(as: Float.self) { y in
        weight.withElements(as: Float.self) { scale in
          bias.withElements(as: Float.self) { shift in
            for c in 0..<columns {
              let factor = Float(inverse[c]) * scale[c]
              let offset = shift[c] - Float(statistics.mean[c]) * factor
              for i in stride(from: c, to: x.count, by: columns) {
                y[i] = offset.addingProduct(x[i], factor)
              }
            }
          }
        }
      }
    }
    let usesBatch = isTraining
    return output.recording(input, weight, bias) { [self] gradient throws(TensorError) in
      try propagate(gradient, input, statistics.mean, inverse, usesBatch)
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
    _ gradient: Tensor, _ input: Tensor, _ mean: [Double], _ inverse: [Double], _ usesBatch: Bool
  ) throws(TensorError) {
    let columns = weight.count
    let rows = Double(input.shape[0])
    let (x, g) = (input.scalars(as: Float.self), gradient.scalars(as: Float.self))
    let scale = weight.scalars(as: Float.self)
    var (slopes, scaleSlopes) = (
      [Float](repeating: 0, count: x.count), [Float](repeating: 0, count: columns)
    )
    var shiftSlopes = scaleSlopes
    for c in 0..<columns {
      let column = stride(from: c, to: x.count, by: columns)
      let center = Double(Float(mean[c]))
      let spread = Double(Float(inverse[c]))
      var (sum, dot) = (0.0, 0.0)
      for i in column {
        sum += Double(g[i])
        dot += Double(g[i]) * ((Double(x[i]) - center) * spread)
      }
      scaleSlopes[c] = Float(dot)
      shiftSlopes[c] = Float(sum)
      let (meanSlope, meanDot) = usesBatch ? (sum / rows, dot / rows) : (0, 0)
      for i in column {
        let normal = (Double(x[i]) - center) * spread
        slopes[i] = Float((Double(g[i]) - meanSlope - normal * meanDot) * spread * Double(scale[c]))
      }
    }
    try input.accumulate(Tensor(slopes, shape: input.shape))
    try weight.accumulate(Tensor(scaleSlopes))
    try bias.accumulate(Tensor(shiftSlopes))
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
    let (rows, columns) = (batch.shape[0], batch.shape[1])
    var mean = [Double](repeating: 0, count: columns)
    var variance = mean
    batch.withElements(as: Float.self) { x in
      for r in 0..<rows {
        for c in 0..<columns { mean[c] += Double(x[r * columns + c]) }
      }
      for c in 0..<columns { mean[c] /= Double(rows) }
      for r in 0..<rows {
        for c in 0..<columns {
          let distance = Double(x[r * columns + c]) - mean[c]
          variance[c] += distance * distance
        }
      }
    }
    self.mean = mean
    self.variance = variance.map { $0 / Double(rows) }
  }
}
