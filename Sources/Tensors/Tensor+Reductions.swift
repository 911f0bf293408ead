import CCollabKernels

extension Tensor {
  /// The sum of all elements.
  public func sum() throws(TensorError) -> Tensor {
    try sum(over: Array(shape.indices)).named("SumBackward0")
  }

  /// The sum over some dimensions.
  ///
  ///     try (users * movies).sum(over: [1])  // [batch, factors] gives [batch]
  ///
  /// Sums along the last dimension add in PyTorch's order.
  ///
  /// - Parameters:
  ///   - dimensions: which ones; negative ones count from the end.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the sums.
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func sum(
    over dimensions: [Int], keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    if dtype == .float32, shape.count > 1, dimensions.count == 1,
      dimensions[0] == -1 || dimensions[0] == shape.count - 1
    {
      return try sumOfRows(keepingDimensions)
    }
    let reduction = try Reduction(dimensions, of: shape)
    let source = dtype.isFloatingPoint ? self : try converted(to: .int64)
    let kept = try Tensor.unset(reduction.kept, source.dtype)
    switch source.dtype.stored {
    case .float32: source.sumFloats(into: kept, reduction)
    case .float64: source.sum(into: kept, Double.self) { $0 + $1 }
    case .int64, .bool: source.sum(into: kept, Int64.self) { $0 &+ $1 }
    }
    let result = keepingDimensions ? kept : kept.shown(as: reduction.squeezed)
    return result.recording(self, as: "SumBackward1", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient.shown(as: reduction.kept).repeated(to: x.shape))
    }
  }

  /// The sums along the last dimension.
  private func sumOfRows(_ keepingDimension: Bool) throws(TensorError) -> Tensor {
    let last = shape.count - 1
    let result: Tensor
    if last == 1 {
      result = try keepingDimension ? Tensor.unset(shape[0], 1) : Tensor.unset(shape[0])
    } else {
      result = try Tensor.unset(shape.dropLast() + (keepingDimension ? [1] : []))
    }
    ck_sum_rows(result.floats, floats, Int64(result.count), Int64(shape[last]))
    return result.recording(self, as: "SumBackward1", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(rowSlopes: gradient)
    }
  }

  /// The mean of all elements.
  public func mean() throws(TensorError) -> Tensor {
    try mean(over: Array(shape.indices)).named("MeanBackward0")
  }

  /// The mean over some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for integers.
  public func mean(
    over dimensions: [Int], keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    guard dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "floating-point numbers to take the mean of")
    }
    let sum = try sum(over: dimensions, keepingDimensions: keepingDimensions)
    return try (sum / (Double(count) / Double(sum.count))).named("MeanBackward1")
  }

  private func sumFloats(into kept: Tensor, _ reduction: Reduction) {
    if let width = reduction.trailingCount(of: shape) {
      ck_sum_rows(kept.floats, floats, Int64(kept.count), Int64(width))
    } else {
      sum(into: kept, Float.self) { $0 + $1 }
    }
  }

  private func sum<Scalar: TensorScalar & Numeric>(
    into kept: Tensor, _ type: Scalar.Type, _ add: (Scalar, Scalar) -> Scalar
  ) {
    let (x, z) = (pointer(to: type), kept.pointer(to: type))
    z.initialize(repeating: 0, count: kept.count)
    let strides = Shape.strides(of: kept.shape, broadcastTo: shape)
    forEachRun(of: shape, strides, strides) { i, j, _, count, steps in
      for n in 0..<count { z[j + n * steps.0] = add(z[j + n * steps.0], x[i + n]) }
    }
  }

  /// The elements repeated to a shape that this one broadcasts to; records nothing.
  func repeated(to target: [Int]) throws(TensorError) -> Tensor {
    if shape == target { return self }
    let last = target.last ?? 1
    if dtype == .float32, last > 0, shape.last == 1, shape.dropLast() == target.dropLast() {
      let result = try Tensor.unset(target)
      ck_repeat_columns(result.floats, floats, Int64(count), Int64(last))
      return result
    }
    return try Tensor.combine(self, Tensor.zeros(target), .add)
  }
}

/// Which dimensions go, and the shapes that remain.
struct Reduction {
  /// The shape with size 1 where elements are combined.
  let kept: [Int]
  /// The shape without those dimensions.
  let squeezed: [Int]
  private let isReduced: [Bool]

  init(_ dimensions: [Int], of shape: [Int]) throws(TensorError) {
    var isReduced = [Bool](repeating: false, count: shape.count)
    for dimension in dimensions {
      if let d = try Shape.lineDimension(dimension, of: shape) { isReduced[d] = true }
    }
    self.isReduced = isReduced
    kept = shape.indices.map { isReduced[$0] ? 1 : shape[$0] }
    squeezed = shape.indices.filter { !isReduced[$0] }.map { shape[$0] }
  }

  /// The number of neighbouring elements that are combined, if the reduced dimensions are the last
  /// ones.
  func trailingCount(of shape: [Int]) -> Int? {
    let first = isReduced.firstIndex(of: true) ?? isReduced.count
    guard isReduced[first...].allSatisfy(\.self) else { return nil }
    return shape[first...].reduce(1, *)
  }
}
