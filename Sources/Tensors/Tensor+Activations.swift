import Glibc

extension Tensor {
  /// 1 / (1 + e⁻ˣ) of each element.
  public func sigmoid() throws(TensorError) -> Tensor {
    guard dtype != .float64 else {
      return try mapping {
        1 / (1 + Glibc.exp(-$0))
      } slope: {
        $1 * (1 - $1)
      }
    }
    let result = try map(logistic)
    let memory = result.detached()
    return result.recording(self) { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      let (g, s, z) = (gradient.floats, memory.floats, slopes.floats)
      for i in 0..<count { z[i] = (g[i] * (1 - s[i])) * s[i] }
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
    let squashed = try map(logistic)
    return try squashed.map { $0 * width + low }.recording(self) {
      [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      let (g, s, z) = (gradient.floats, squashed.floats, slopes.floats)
      for i in 0..<count { z[i] = (g[i] * width * (1 - s[i])) * s[i] }
      try accumulate(slopes)
    }
  }

  /// The larger of each element and 0.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func relu() throws(TensorError) -> Tensor {
    guard dtype == .float32 else {
      return try Tensor.maximum(requiringNumbers("relu"), Tensor(scalar: 0 as Int64))
    }
    let result = try map { $0 > 0 || $0.isNaN ? $0 : 0 }
    let memory = result.detached()
    return result.recording(self) { [self] gradient throws(TensorError) in
      let slopes = try Tensor(uninitialized: shape, .float32)
      let (g, y, z) = (gradient.floats, memory.floats, slopes.floats)
      for i in 0..<count { z[i] = y[i] > 0 ? g[i] : 0 }
      try accumulate(slopes)
    }
  }
}

/// The logistic function, rounded once: the exponential is taken in double, so that its last bit
/// does not depend on the C library.
@inline(__always)
private func logistic(_ x: Float) -> Float {
  1 / (1 + Float(Glibc.exp(Double(-x))))
}
