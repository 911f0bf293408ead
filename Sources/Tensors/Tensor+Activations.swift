import CCollabKernels
import Glibc

extension Tensor {
  /// 1 / (1 + e⁻ˣ) of each element.
  public func sigmoid() throws(TensorError) -> Tensor {
    guard dtype != .float64 else {
      return try mapping("SigmoidBackward0", needing: .second) {
        1 / (1 + Glibc.exp(-$0))
      } slope: {
        $1 * (1 - $1)
      }
    }
    let result = try logistic()
    let memory = result.detached()
    return result.recording(self, memory, as: "SigmoidBackward0", needing: .second) {
      x, memory, gradient throws(TensorError) in
      let slopes = try Tensor.unset(x.shape)
      ck_logistic_slope(slopes.floats, gradient.floats, memory.floats, 1, Int64(x.count))
      try x.accumulate(slopes)
    }
  }

  /// A sigmoid stretched to `low..<high`.
  ///
  ///     sigmoid(x) * (high - low) + low
  ///
  /// Source: fastai's `sigmoid_range`, `fastai/layers.py`.
  public func sigmoidRange(_ low: Double, _ high: Double) throws(TensorError) -> Tensor {
    guard dtype != .float64 else { return try sigmoid() * (high - low) + low }
    // As a tensor, so that the gradient needs nothing but tensors.
    let width = try Tensor.filled([], with: high - low)
    let squashed = try logistic()
    let result = try Tensor.unset(shape)
    ck_scale(result.floats, squashed.floats, width.floats[0], Float(low), Int64(count))
    return result.recording(self, squashed, width, as: "AddBackward0", needing: []) {
      x, squashed, width, gradient throws(TensorError) in
      let slopes = try Tensor.unset(x.shape)
      ck_logistic_slope(
        slopes.floats, gradient.floats, squashed.floats, width.floats[0], Int64(x.count))
      try x.accumulate(slopes)
    }
  }

  /// The larger of each element and 0.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func relu() throws(TensorError) -> Tensor {
    guard dtype == .float32 else {
      return try Tensor.maximum(requiringNumbers("relu"), Tensor(scalar: 0 as Int64))
        .named("ReluBackward0")
    }
    let result = try Tensor.unset(shape)
    ck_relu(result.floats, floats, Int64(count))
    let memory = result.detached()
    return result.recording(self, memory, as: "ReluBackward0", needing: .second) {
      x, memory, gradient throws(TensorError) in
      let slopes = try Tensor.unset(x.shape)
      ck_relu_slope(slopes.floats, gradient.floats, memory.floats, Int64(x.count))
      try x.accumulate(slopes)
    }
  }

  /// The logistic function of each element; records nothing.
  private func logistic() throws(TensorError) -> Tensor {
    let source = try converted(to: .float32)
    let result = try Tensor.unset(shape)
    ck_logistic(result.floats, source.floats, Int64(count))
    return result
  }
}
