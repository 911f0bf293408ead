extension Tensor {
  /// The product of matrices in the last two dimensions, for each index of the others, broadcasting.
  ///
  /// - Precondition: one of the two has more than two dimensions.
  func batchProduct(_ other: Tensor) throws(TensorError) -> Tensor {
    guard let inner = shape.last, !other.shape.isEmpty,
      inner == other.shape[max(other.shape.count - 2, 0)]
    else { throw .cannotMultiply(shape, other.shape) }
    if other.shape.count <= 2 {
      // One matrix for all: the rows of the left one are one long matrix.
      let rows = shape.dropLast().reduce(1, *)
      let product = try reshaped(to: [rows, inner]).multiplied(by: other)
      return try product.reshaped(to: shape.dropLast() + other.shape.dropFirst())
        .named("UnsafeViewBackward0")
    }
    let left = shape.count == 1 ? try unsqueezed(0) : self
    let batch = try Shape.broadcast(Array(left.shape.dropLast(2)), Array(other.shape.dropLast(2)))
    guard !batch.contains(0) else {
      return try Tensor.zeros(
        batch + shape.suffix(2).dropLast() + other.shape.suffix(1),
        DType.promoted(dtype, other.dtype))
    }
    let products = try Tensor.stacked(
      zipped(left.batches(batch), other.batches(batch)) { a, b throws(TensorError) in
        try a.multiplied(by: b)
      })
    return try products.reshaped(to: batch + shape.suffix(2).dropLast() + other.shape.suffix(1))
      .named("UnsafeViewBackward0")
  }

  private func batches(_ batch: [Int]) throws(TensorError) -> [Tensor] {
    let matrix = Array(shape.suffix(2))
    return try expanded(to: batch + matrix).reshaped(to: [batch.reduce(1, *)] + matrix).unbound()
  }

  private func zipped(
    _ a: [Tensor], _ b: [Tensor], _ body: (Tensor, Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> [Tensor] {
    var results: [Tensor] = []
    for (left, right) in Swift.zip(a, b) { results.append(try body(left, right)) }
    return results
  }

  /// The sum of the products of the elements of two vectors.
  ///
  /// - Throws: ``TensorError/cannotMultiply(_:_:)`` unless both have one dimension, of one size,
  ///   ``TensorError/unexpectedType(_:expected:)`` for different types.
  public func dot(_ other: Tensor) throws(TensorError) -> Tensor {
    guard shape.count == 1, other.shape == shape else { throw .cannotMultiply(shape, other.shape) }
    return try multiplied(by: other)
  }

  /// Each element of a vector times each of another: `[n]` and `[m]` give `[n, m]`.
  ///
  /// - Throws: ``TensorError/cannotMultiply(_:_:)`` unless both have one dimension.
  public func outer(_ other: Tensor) throws(TensorError) -> Tensor {
    guard shape.count == 1, other.shape.count == 1 else {
      throw .cannotMultiply(shape, other.shape)
    }
    return try unsqueezed(1) * other
  }

  /// The cosine of the angle between the lines of two tensors along a dimension, broadcasting.
  ///
  ///     try Tensor.cosineSimilarity(factors, factors.selecting(7).unsqueezed(0))  // [n]
  ///
  /// Lengths are raised to `epsilon` before dividing by them.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless one is floating-point.
  ///
  /// Source: `cosine_similarity`, `aten/src/ATen/native/Distance.cpp` of PyTorch 2.
  public static func cosineSimilarity(
    _ a: Tensor, _ b: Tensor, along dimension: Int = 1, epsilon: Double = 1e-8
  ) throws(TensorError) -> Tensor {
    let dtype = DType.promoted(a, b)
    guard dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "floating-point numbers to compare directions of")
    }
    let shape = try Shape.broadcast(a.shape, b.shape)
    let d = try Shape.dimension(dimension, of: shape)
    // Before repeating, so that the length of a repeated line is computed once.
    func directions(_ x: Tensor) throws(TensorError) -> Tensor {
      let padded = try (x.dtype.isFloatingPoint ? x : x.converted(to: dtype)).reshaped(
        to: [Int](repeating: 1, count: shape.count - x.shape.count) + x.shape)
      let line =
        padded.shape[d] == shape[d]
        ? padded
        : try padded.expanded(
          to: padded.shape.indices.map { $0 == d ? shape[d] : padded.shape[$0] })
      let length = try line.norm(over: [d], keepingDimensions: true)
      return try line / length.raised(to: epsilon)
    }
    return try (directions(a) * directions(b)).sum(over: [d])
  }

  /// The larger of each element and a number; the gradient is passed as if nothing had changed.
  private func raised(to least: Double) throws(TensorError) -> Tensor {
    try Tensor.combine(self, Tensor.operand(least, for: self), .maximum).recording(
      self, as: "ClampMinBackward0", needing: []
    ) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient)
    }
  }
}
