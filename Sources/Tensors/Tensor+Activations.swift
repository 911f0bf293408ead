import CKernels
import Glibc

extension Tensor {
  /// 1 / (1 + e⁻ˣ) of each element.
  public func sigmoid() throws(TensorError) -> Tensor {
    guard dtype != .float64 else {
      return try mapping("SigmoidBackward0") {
        1 / (1 + Glibc.exp(-$0))
      } slope: {
        $1 * (1 - $1)
      }
    }
    let result = try logistic()
    let memory = result.detached()
    return result.recording(self, as: "SigmoidBackward0") { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      ck_logistic_slope(slopes.floats, gradient.floats, memory.floats, 1, Int64(count))
      try accumulate(slopes)
    }
  }

  /// A sigmoid stretched to `low..<high`.
  ///
  ///     sigmoid(x) * (high - low) + low
  ///
  /// Source: fastai's `sigmoid_range`, `fastai/layers.py`.
  public func sigmoidRange(_ low: Double, _ high: Double) throws(TensorError) -> Tensor {
    guard dtype != .float64 else { return try sigmoid() * (high - low) + low }
    let (low, width) = (Float(low), Float(high - low))
    let squashed = try logistic()
    let result = try Tensor(uninitialized: shape, .float32)
    ck_scale(result.floats, squashed.floats, width, low, Int64(count))
    return result.recording(self, as: "AddBackward0") { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      ck_logistic_slope(slopes.floats, gradient.floats, squashed.floats, width, Int64(count))
      try accumulate(slopes)
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
    let result = try Tensor(uninitialized: shape, .float32)
    ck_relu(result.floats, floats, Int64(count))
    let memory = result.detached()
    return result.recording(self, as: "ReluBackward0") { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      ck_relu_slope(slopes.floats, gradient.floats, memory.floats, Int64(count))
      try accumulate(slopes)
    }
  }

  /// The logistic function of each element; records nothing.
  private func logistic() throws(TensorError) -> Tensor {
    let source = try converted(to: .float32)
    let result = try Tensor(uninitialized: shape, .float32)
    ck_logistic(result.floats, source.floats, Int64(count))
    return result
  }
}
