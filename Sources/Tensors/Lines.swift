/// The lines of a tensor along one or more dimensions, as the rows of a matrix.
///
/// What an operation makes of each row is put back in the shape of the tensor; gradients follow.
struct Lines {
  /// The lines: `[lines, elements in each]`.
  let matrix: Tensor
  /// The shape with size 1 where lines were.
  private let kept: [Int]
  /// The shape without the dimensions of the lines.
  private let squeezed: [Int]
  /// The last of the dimensions of the lines.
  private let last: Int

  /// Lines over some dimensions, or over all.
  init(of tensor: Tensor, over dimensions: [Int]?) throws(TensorError) {
    let shape = tensor.shape
    var taken = Set(dimensions == nil ? Array(shape.indices) : [])
    for dimension in dimensions ?? [] {
      if let d = try Shape.lineDimension(dimension, of: shape) { taken.insert(d) }
    }
    let others = shape.indices.filter { !taken.contains($0) }
    let length = taken.reduce(1) { $0 * shape[$1] }
    kept = shape.indices.map { taken.contains($0) ? 1 : shape[$0] }
    squeezed = others.map { shape[$0] }
    last = taken.max() ?? 0
    matrix = try tensor.permuted(others + taken.sorted())
      .reshaped(to: [squeezed.reduce(1, *), length])
  }

  /// Lines along one dimension.
  init(of tensor: Tensor, along dimension: Int) throws(TensorError) {
    try self.init(of: tensor, over: [dimension])
  }

  /// One number for each line, in the shape of the tensor without the dimensions of the lines.
  func reduced(_ numbers: Tensor, keepingDimensions: Bool) throws(TensorError) -> Tensor {
    try numbers.reshaped(to: keepingDimensions ? kept : squeezed)
  }

  /// Whether something holds for each line of a `bool` tensor.
  func reduced(
    _ keepingDimensions: Bool, _ holds: (UnsafeBufferPointer<Bool>) -> Bool
  ) throws(TensorError) -> Tensor {
    let result = try Tensor.unset([matrix.shape[0]], .bool)
    let (x, z) = (matrix.pointer(to: Bool.self), result.pointer(to: Bool.self))
    let length = matrix.shape[1]
    for r in 0..<result.count {
      z[r] = holds(UnsafeBufferPointer(start: x + r * length, count: length))
    }
    return try reduced(result, keepingDimensions: keepingDimensions)
  }

  /// A row for each line, of any length, along the dimension that the lines came from.
  ///
  /// - Precondition: the lines are those along one dimension.
  func restored(_ rows: Tensor) throws(TensorError) -> Tensor {
    guard !kept.isEmpty else { return try rows.reshaped(to: []) }
    let moved = try rows.reshaped(to: squeezed + [rows.shape[1]])
    return try moved.permuted(
      kept.indices.map { $0 < last ? $0 : $0 == last ? kept.count - 1 : $0 - 1 })
  }
}

// MARK: - Rows in double

extension Tensor {
  /// One number for each row of this matrix, computed in double; records nothing.
  func reducingRows(
    _ function: (UnsafeBufferPointer<Double>) throws(TensorError) -> Double
  ) throws(TensorError) -> Tensor {
    let source = try detached().converted(to: .float64)
    let result = try Tensor.unset([shape[0]], .float64)
    let (x, z) = (source.pointer(to: Double.self), result.pointer(to: Double.self))
    for r in 0..<shape[0] {
      z[r] = try function(UnsafeBufferPointer(start: x + r * shape[1], count: shape[1]))
    }
    return try result.converted(to: dtype)
  }

  /// A row of the same length for each row of this matrix, computed in double; records nothing.
  func mappingRows(
    _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>)
      throws(TensorError) -> Void
  ) throws(TensorError) -> Tensor {
    let source = try detached().converted(to: .float64)
    let result = try Tensor.unset(shape, .float64)
    let (x, z) = (source.pointer(to: Double.self), result.pointer(to: Double.self))
    let width = shape[1]
    for r in 0..<shape[0] {
      try function(
        UnsafeBufferPointer(start: x + r * width, count: width),
        UnsafeMutableBufferPointer(start: z + r * width, count: width))
    }
    return try result.converted(to: dtype)
  }

  /// This result of a function of each row of `matrix`, with its derivative: `slopes` of the row.
  func recordingRows(
    of matrix: Tensor,
    slopes: @escaping (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> Tensor {
    recording(matrix, as: "ReshapeBackward0") { matrix, gradient throws(TensorError) in
      let slopes = try matrix.converted(to: .float32).mappingRows(slopes)
      try matrix.accumulate(Tensor.combine(slopes, gradient.unsqueezed(1), .multiply))
    }
  }
}
