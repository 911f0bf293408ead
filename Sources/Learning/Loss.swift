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

  /// The loss of a batch, one number.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` if there is not one prediction a target.
  public func callAsFunction(
    _ predictions: Tensor, _ targets: Tensor
  ) throws(TensorError) -> Tensor {
    guard predictions.count == targets.count else {
      throw .cannotBroadcast(predictions.shape, targets.shape)
    }
    guard self == .meanSquaredError else {
      let errors =
        try predictions.reshaped(to: [predictions.count])
        - targets.reshaped(
          to: [targets.count])
      return try errors.absolute().mean()
    }
    let predicted = try predictions.converted(to: .float32)
    let target = try targets.converted(to: .float32)
    let errors = try Tensor.unset([predictions.count])
    let squares = try Tensor.unset([predictions.count])
    let (e, q) = (errors.elements, squares.elements)
    ck_squared_errors(e, q, predicted.elements, target.elements, Int64(errors.count))
    let loss = try squares.mean()
    return loss.recording(predictions, as: "MseLossBackward0") { gradient throws(TensorError) in
      let slope = Float(2 / Double(errors.count))
      let weight = Float(try gradient.item())
      let slopes = try Tensor.unset(predictions.shape)
      ck_scale_twice(slopes.elements, e, slope, weight, Int64(errors.count))
      try predictions.accumulate(slopes)
    }
  }
}
