public import Tensors

/// What training makes small.
public enum Loss: Sendable {
  /// The mean squared error of flattened predictions and targets: fastai's `MSELossFlat`.
  case meanSquaredError

  /// As fastai prints it.
  public var name: String { "MSELossFlat" }

  /// The loss of a batch, one number.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` if there is not one prediction a target.
  public func callAsFunction(
    _ predictions: Tensor, _ targets: Tensor
  ) throws(TensorError) -> Tensor {
    guard predictions.count == targets.count else {
      throw .cannotBroadcast(predictions.shape, targets.shape)
    }
    let errors = try predictions.detached().reshaped(to: [-1]) - targets.reshaped(to: [-1])
    let loss = try (errors * errors).mean()
    return loss.recording(predictions) { gradient throws(TensorError) in
      let slope = Float(2 / Double(errors.count))
      let weight = Float(try gradient.item())
      let slopes = try Tensor.zeros(predictions.shape)
      errors.withElements(as: Float.self) { errors in
        slopes.withElements(as: Float.self) { slopes in
          for i in errors.indices { slopes[i] = slope * errors[i] * weight }
        }
      }
      try predictions.accumulate(slopes)
    }
  }
}
