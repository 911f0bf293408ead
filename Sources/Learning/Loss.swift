import CKernels
public import Tensors

/// What training makes small.
public enum Loss: Sendable, CaseIterable {
  /// The mean squared error of flattened predictions and targets: fastai's `MSELossFlat`.
  case meanSquaredError
  /// The mean distance of flattened predictions from targets: fastai's `L1LossFlat`.
  case meanAbsoluteError

  /// As fastai prints it.
  public var name: String {
    switch self {
    case .meanSquaredError: "MSELossFlat"
    case .meanAbsoluteError: "L1LossFlat"
    }
  }

  /// The loss of each of some batches whose ratings follow each other; records nothing.
  ///
  /// - Parameters:
  ///   - predictions: of all batches.
  ///   - targets: as many.
  ///   - batchSize: how many belong to a batch; the last may be smaller.
  /// - Returns: the losses, in order.
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` if there is not one prediction a target.
  public func ofBatches(
    _ predictions: Tensor, _ targets: Tensor, batchSize: Int
  ) throws(TensorError) -> [Float] {
    let losses =
      self == .meanSquaredError
      ? try errors(of: predictions, targets).squares : try absoluteErrors(of: predictions, targets)
    return stride(from: 0, to: losses.count, by: batchSize).map { start in
      let count = min(batchSize, losses.count - start)
      var sum: Float = 0
      ck_sum_rows(&sum, losses.elements + start, 1, Int64(count))
      return sum / Float(count)
    }
  }

  /// The loss of a batch, one number.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` if there is not one prediction a target.
  public func callAsFunction(
    _ predictions: Tensor, _ targets: Tensor
  ) throws(TensorError) -> Tensor {
    guard self == .meanSquaredError else {
      return try absoluteErrors(of: predictions, targets).mean()
    }
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
  }

  private func absoluteErrors(
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

  private func errors(
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
