public import CollabRandomness

extension Tensor {
  /// Replaces the elements by normal ones, as PyTorch's `normal_`.
  ///
  /// - Throws: ``TensorError/interrupted``; then some elements are new.
  /// - Precondition: the elements are `float32`.
  @discardableResult
  public func fillNormal(
    mean: Double = 0, std: Double = 1, using generator: inout TorchGenerator
  ) throws(TensorError) -> Tensor {
    markChanged()
    try inParts { generator.fillNormal($0, mean: mean, std: std) }
    return self
  }

  /// Replaces the elements by ones in `low..<high`, as PyTorch's `uniform_`.
  ///
  /// - Precondition: the elements are `float32`.
  @discardableResult
  public func fillUniform(
    from low: Double = 0, to high: Double = 1, using generator: inout TorchGenerator
  ) -> Tensor {
    markChanged()
    generator.fillUniform(
      UnsafeMutableBufferPointer(start: floats, count: count), from: Float(low), to: Float(high))
    return self
  }
}
