import CKernels

extension Tensor {
  /// The same elements under another shape; one size may be −1.
  ///
  /// - Throws: ``TensorError/cannotReshape(from:to:)``.
  public func reshaped(to target: [Int]) throws(TensorError) -> Tensor {
    var target = target
    if let open = target.firstIndex(of: -1) {
      let known = try? Shape.count(Array(target[..<open] + target[(open + 1)...]))
      guard let known, known > 0, count % known == 0 else {
        throw .cannotReshape(from: shape, to: target)
      }
      target[open] = count / known
    }
    guard (try? Shape.count(target)) == count else {
      throw .cannotReshape(from: shape, to: target)
    }
    return Tensor(sharing: self, shape: target).recording(self, as: "ViewBackward0") {
      [self] gradient throws(TensorError) in
      try accumulate(Tensor(sharing: gradient, shape: shape))
    }
  }

  /// The same elements without the dimensions of size 1, or without one of them.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func squeezed(_ dimension: Int? = nil) throws(TensorError) -> Tensor {
    guard let dimension else {
      return try reshaped(to: shape.filter { $0 != 1 }).named("SqueezeBackward0")
    }
    guard let d = try Shape.lineDimension(dimension, of: shape), shape[d] == 1 else { return self }
    var target = shape
    target.remove(at: d)
    return try reshaped(to: target).named("SqueezeBackward1")
  }

  /// The same elements with a dimension of size 1 put in.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func unsqueezed(_ dimension: Int) throws(TensorError) -> Tensor {
    var target = shape
    target.insert(1, at: try Shape.dimension(dimension, of: shape + [1]))
    return try reshaped(to: target).named("UnsqueezeBackward0")
  }

  /// The transpose of a matrix; itself for a vector.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for more than two dimensions.
  public func transposed() throws(TensorError) -> Tensor {
    guard shape.count <= 2 else { throw .unexpectedShape(shape, expected: "a matrix to transpose") }
    guard shape.count == 2 else { return self }
    return try transposedMatrix().recording(self, as: "TBackward0") {
      [self] gradient throws(TensorError) in
      try accumulate(gradient.transposedMatrix())
    }
  }

  /// The transpose of a matrix; records nothing.
  func transposedMatrix() throws(TensorError) -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let result = try Tensor(uninitialized: [columns, rows], dtype)
    switch dtype {
    case .float32: ck_transpose(result.floats, floats, Int64(rows), Int64(columns))
    case .float64: transpose(into: result, Double.self)
    case .int64: transpose(into: result, Int64.self)
    case .bool: transpose(into: result, Bool.self)
    }
    return result
  }

  private func transpose<Scalar: TensorScalar>(into result: Tensor, _ type: Scalar.Type) {
    let (x, z) = (pointer(to: type), result.pointer(to: type))
    for i in 0..<shape[0] {
      for j in 0..<shape[1] { z[j * shape[0] + i] = x[i * shape[1] + j] }
    }
  }

  /// Tensors one after the other along a dimension that exists.
  ///
  /// - Throws: ``TensorError/cannotJoin(_:_:dimension:)`` if other sizes differ.
  public static func concatenated(
    _ parts: [Tensor], along dimension: Int = 0
  ) throws(TensorError) -> Tensor {
    guard let first = parts.first else { throw .unexpectedShape([0], expected: "tensors to join") }
    let d = try Shape.dimension(dimension, of: first.shape)
    var dtype = first.dtype
    var shape = first.shape
    shape[d] = 0
    for part in parts {
      var expected = part.shape
      if part.shape.count == shape.count { expected[d] = first.shape[d] }
      guard expected == first.shape else {
        throw .cannotJoin(first.shape, part.shape, dimension: d)
      }
      shape[d] += part.shape[d]
      dtype = DType.promoted(dtype, part.dtype)
    }
    let result = try Tensor(uninitialized: shape, dtype)
    var start = 0
    for part in parts {
      let block = try part.converted(to: dtype)
      result.copyBlock(block, along: d, at: start, intoResult: true)
      start += part.shape[d]
    }
    return result.recording(parts, as: "CatBackward0") { gradient throws(TensorError) in
      var start = 0
      for part in parts {
        let block = try Tensor(uninitialized: part.shape, .float32)
        gradient.copyBlock(block, along: d, at: start, intoResult: false)
        try part.accumulate(block)
        start += part.shape[d]
      }
    }
  }

  /// Copies `block` into this tensor, or the other way round, from index `start` of dimension `d`.
  private func copyBlock(_ block: Tensor, along d: Int, at start: Int, intoResult: Bool) {
    let inner = shape[(d + 1)...].reduce(dtype.byteCount, *)
    let outer = shape[..<d].reduce(1, *)
    let run = block.shape[d] * inner
    for o in 0..<outer {
      let here = bytes + o * shape[d] * inner + start * inner
      let there = block.bytes + o * run
      if intoResult {
        here.copyMemory(from: there, byteCount: run)
      } else {
        there.copyMemory(from: here, byteCount: run)
      }
    }
  }
}
