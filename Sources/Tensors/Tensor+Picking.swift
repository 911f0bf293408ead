// MARK: - Picking along a dimension

extension Tensor {
  /// One element along a dimension for each index: PyTorch's `gather`.
  ///
  ///     try x.gathered(along: 1, at: best)  // x[i, best[i, j]]
  ///
  /// - Shape: the result has the shape of the indices, which may be smaller in other dimensions.
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/indexOutOfRange(_:size:dimension:)``,
  ///   ``TensorError/unexpectedShape(_:expected:)`` unless the indices have as many dimensions,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless they are `int64`.
  public func gathered(along dimension: Int, at indices: Tensor) throws(TensorError) -> Tensor {
    let d = try Shape.dimension(dimension, of: shape)
    guard indices.dtype.isWhole else {
      throw .unexpectedType(indices.dtype, expected: "int64 indices")
    }
    let others = shape.indices.filter { $0 != d }
    guard indices.shape.count == shape.count,
      others.allSatisfy({ indices.shape[$0] <= shape[$0] })
    else { throw .unexpectedShape(indices.shape, expected: "indices that fit into \(shape)") }
    let strides = Shape.strides(shape)
    var positions = try indices.wrapped(below: shape[d], dimension: d) * strides[d]
    for other in others {
      var offsets = [Int](repeating: 1, count: shape.count)
      offsets[other] = indices.shape[other]
      let steps = (0..<indices.shape[other]).map { Int64($0 * strides[other]) }
      positions = try positions + Tensor(steps).reshaped(to: offsets)
    }
    return try elements(at: positions).named("GatherBackward0")
  }

  /// The diagonal of a matrix; of a vector the matrix that has it as its diagonal.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for other numbers of dimensions.
  public func diagonal() throws(TensorError) -> Tensor {
    switch shape.count {
    case 1:
      return try (unsqueezed(1) * Tensor.identity(count).converted(to: dtype))
        .named("DiagEmbedBackward0")
    case 2:
      let positions = (0..<min(shape[0], shape[1])).map { Int64($0 * (shape[1] + 1)) }
      return try elements(at: Tensor(positions)).named("DiagonalBackward0_copy")
    default: throw .unexpectedShape(shape, expected: "a matrix or a vector")
    }
  }

  /// The elements moved along a dimension, those beyond the end to the beginning.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func rolled(by shift: Int, along dimension: Int) throws(TensorError) -> Tensor {
    let d = try Shape.dimension(dimension, of: shape)
    guard shape[d] > 0 else { return self }
    // The remainder first: the smallest integer has no opposite.
    let first = (shape[d] - shift % shape[d]) % shape[d]
    let parts = try split(into: [first, shape[d] - first], along: d)
    return try Tensor.concatenated([parts[1], parts[0]], along: d).named("RollBackward0")
  }
}
