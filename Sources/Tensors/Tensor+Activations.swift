import CKernels
import Glibc

extension Tensor {
  /// 1 / (1 + e⁻ˣ) of each element.
  public func sigmoid() throws(TensorError) -> Tensor {
    let result = try logistic()
    let memory = result.detached()
    return result.recording(self) { [self] gradient throws(TensorError) in
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
    let (low, width) = (Float(low), Float(high - low))
    let squashed = try logistic()
    let result = try Tensor(uninitialized: shape, .float32)
    ck_scale(result.floats, squashed.floats, width, low, Int64(count))
    return result.recording(self) { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      ck_logistic_slope(slopes.floats, gradient.floats, squashed.floats, width, Int64(count))
      try accumulate(slopes)
    }
  }

  /// The larger of each element and 0.
  public func relu() throws(TensorError) -> Tensor {
    let source = try converted(to: .float32)
    let result = try Tensor(uninitialized: shape, .float32)
    ck_relu(result.floats, source.floats, Int64(count))
    let memory = result.detached()
    return result.recording(self) { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      ck_relu_slope(slopes.floats, gradient.floats, memory.floats, Int64(count))
      try accumulate(slopes)
    }
  }

  /// e to the power of each element.
  public func exp() throws(TensorError) -> Tensor {
    let result = try map { Glibc.expf($0) }
    let memory = result.detached()
    return result.recording(self) { [self] gradient throws(TensorError) in
      try accumulate(Tensor.combine(gradient, memory, .multiply))
    }
  }

  /// The natural logarithm of each element.
  public func log() throws(TensorError) -> Tensor {
    try map { Glibc.logf($0) }.recording(self) { [self] gradient throws(TensorError) in
      try accumulate(Tensor.combine(gradient, self, .divide))
    }
  }

  /// The square root of each element.
  public func squareRoot() throws(TensorError) -> Tensor {
    try power(0.5)
  }

  /// The logistic function of each element; records nothing.
  private func logistic() throws(TensorError) -> Tensor {
    let source = try converted(to: .float32)
    let result = try Tensor(uninitialized: shape, .float32)
    ck_logistic(result.floats, source.floats, Int64(count))
    return result
  }
}
