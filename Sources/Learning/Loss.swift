import CCollabKernels
public import CollabTensors

/// What training makes small.
///
///     let huber = Loss(named: "Huber") { predictions, targets in … }  // one number of two tensors
///     let learner = Learner(loaders, model, loss: huber)
public struct Loss: Sendable {
  /// As fastai prints it.
  public let name: String
  private let ofBatch: @Sendable (_ predictions: Tensor, _ targets: Tensor) throws -> Tensor
  /// The losses of single ratings, of which that of a batch is the mean; nil if it is no mean.
  private let ofRatings: (@Sendable (Tensor, Tensor) throws(TensorError) -> Tensor)?

  /// A loss of one's own.
  ///
  /// - Parameters:
  ///   - name: what summaries call it.
  ///   - ofBatch: gives one number with a gradient, of predictions and as many targets `[batch, 1]`.
  public init(
    named name: String,
    _ ofBatch: @escaping @Sendable (_ predictions: Tensor, _ targets: Tensor) throws -> Tensor
  ) {
    (self.name, self.ofBatch, ofRatings) = (name, ofBatch, nil)
  }

  private init(
    _ name: String, ofRatings: @escaping @Sendable (Tensor, Tensor) throws(TensorError) -> Tensor,
    ofBatch: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) {
    (self.name, self.ofRatings, self.ofBatch) = (name, ofRatings, ofBatch)
  }

  /// The loss of a batch, one number.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` if there is not one prediction a target, and what
  ///   a loss of one's own throws.
  public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
    try ofBatch(predictions, targets)
  }

  /// The loss of each of some batches whose ratings follow each other; records nothing.
  ///
  /// - Parameters:
  ///   - predictions: of all batches.
  ///   - targets: as many.
  ///   - batchSize: how many belong to a batch; the last may be smaller.
  /// - Returns: the losses, in order.
  /// - Throws: as a call does.
  public func ofBatches(
    _ predictions: Tensor, _ targets: Tensor, batchSize: Int
  ) throws -> [Float] {
    let losses = try ofRatings?(predictions, targets)
    return try stride(from: 0, to: targets.count, by: batchSize).map { start in
      let count = min(batchSize, targets.count - start)
      if let losses {
        var sum: Float = 0
        ck_sum_rows(&sum, losses.elements + start, 1, Int64(count))
        return sum / Float(count)
      }
      let rows = try Tensor((start..<(start + count)).map(Int64.init))
      let loss = try ofBatch(predictions.rows(at: rows), targets.rows(at: rows))
      return Float(try loss.item())
    }
  }
}

// MARK: - The usual ones

extension Loss {
  /// The losses that have names in fastai.
  public static let usual = [meanSquaredError, meanAbsoluteError]

  /// The mean squared error of flattened predictions and targets: fastai's `MSELossFlat`.
  public static let meanSquaredError = Loss(
    "MSELossFlat",
    ofRatings: { predictions, targets throws(TensorError) in
      try errors(of: predictions, targets).squares
    },
    ofBatch: { predictions, targets in
      let (errors, squares) = try errors(of: predictions, targets)
      let loss = try Tensor.unset([])
      let count = Int64(errors.count)
      ck_sum_rows(loss.elements, squares.elements, 1, count)
      loss.elements[0] /= Float(count)
      return loss.recording(predictions, errors, as: "MseLossBackward0", needing: .second) {
        predictions, errors, gradient throws(TensorError) in
        let slope = Float(2 / Double(errors.count))
        let weight = Float(try gradient.item())
        let slopes = try Tensor.unset(predictions.shape)
        ck_scale_twice(slopes.elements, errors.elements, slope, weight, Int64(errors.count))
        try predictions.accumulate(slopes)
      }
    })

  /// The mean distance of flattened predictions from targets: fastai's `L1LossFlat`.
  public static let meanAbsoluteError = Loss(
    "L1LossFlat",
    ofRatings: { predictions, targets throws(TensorError) in
      try absoluteErrors(of: predictions, targets)
    },
    ofBatch: { predictions, targets in try absoluteErrors(of: predictions, targets).mean() })

  private static func absoluteErrors(
    of predictions: Tensor, _ targets: Tensor
  ) throws(TensorError) -> Tensor {
    guard predictions.count == targets.count else {
      throw .cannotBroadcast(predictions.shape, targets.shape)
    }
    let flat = (
      predictions: try predictions.reshaped(to: [predictions.count]),
      targets: try targets.reshaped(to: [targets.count])
    )
    return try (flat.predictions - flat.targets).absolute()
  }

  private static func errors(
    of predictions: Tensor, _ targets: Tensor
  ) throws(TensorError) -> (errors: Tensor, squares: Tensor) {
    guard predictions.count == targets.count else {
      throw .cannotBroadcast(predictions.shape, targets.shape)
    }
    let predicted = try predictions.converted(to: .float32)
    let target = try targets.converted(to: .float32)
    let errors = try Tensor.unset(predictions.count)
    let squares = try Tensor.unset(predictions.count)
    ck_squared_errors(
      errors.elements, squares.elements, predicted.elements, target.elements, Int64(errors.count))
    return (errors, squares)
  }
}
