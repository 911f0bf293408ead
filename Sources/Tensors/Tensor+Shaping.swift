import CCollabKernels

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
    return shown(as: target).recording(self, as: "ViewBackward0", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient.shown(as: x.shape))
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
    if shape.count == 2 {
      return shownAsVector().recording(self, as: "SqueezeBackward1", needing: []) {
        x, gradient throws(TensorError) in
        try x.accumulate(gradient.shown(as: x.shape))
      }
    }
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
    return try transposedMatrix().recording(self, as: "TBackward0", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient.transposedMatrix())
    }
  }

  /// The transpose of a matrix; records nothing.
  func transposedMatrix() throws(TensorError) -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let result = try Tensor.unset([columns, rows], dtype)
    switch dtype.stored {
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
    var size = 0
    for part in parts {
      try first.requireJoinable(part, along: d)
      size += part.shape[d]
      dtype = DType.promoted(dtype, part.dtype)
    }
    var shape = first.shape
    shape[d] = size
    let result = try Tensor.unset(shape, dtype)
    var start = 0
    for part in parts { start = try result.setBlock(part, along: d, at: start) }
    return result.recording(parts, as: "CatBackward0") { parts, gradient throws(TensorError) in
      var start = 0
      for part in parts { start = try part.accumulateBlock(of: gradient, along: d, at: start) }
    }
  }

  /// The rows of two matrices side by side: ``concatenated(_:along:)`` for two, without a list.
  ///
  /// - Shape: `[n, a]` and `[n, b]` give `[n, a + b]`.
  /// - Throws: ``TensorError/cannotJoin(_:_:dimension:)`` if other sizes differ.
  public func beside(_ other: Tensor) throws(TensorError) -> Tensor {
    guard shape.count == 2, other.shape.count == 2 else {
      return try Tensor.concatenated([self, other], along: 1)
    }
    try requireJoinable(other, along: 1)
    let result = try Tensor.unset(
      shape[0], shape[1] + other.shape[1], DType.promoted(dtype, other.dtype))
    let start = try result.setBlock(self, along: 1, at: 0)
    _ = try result.setBlock(other, along: 1, at: start)
    return result.recording(self, other, as: "CatBackward0", needing: []) {
      a, b, gradient throws(TensorError) in
      let start = try a.accumulateBlock(of: gradient, along: 1, at: 0)
      _ = try b.accumulateBlock(of: gradient, along: 1, at: start)
    }
  }

  private func requireJoinable(_ other: Tensor, along d: Int) throws(TensorError) {
    let isFitting =
      other.shape.count == shape.count
      && shape.indices.allSatisfy { $0 == d || other.shape[$0] == shape[$0] }
    guard isFitting else { throw .cannotJoin(shape, other.shape, dimension: d) }
  }

  /// Copies a part into this result; returns where the next one begins.
  private func setBlock(_ part: Tensor, along d: Int, at start: Int) throws(TensorError) -> Int {
    copyBlock(try part.converted(to: dtype), along: d, at: start, intoResult: true)
    return start + part.shape[d]
  }

  /// Adds the gradient of a part; returns where that of the next one begins.
  private func accumulateBlock(
    of gradient: Tensor, along d: Int, at start: Int
  ) throws(TensorError) -> Int {
    let block = try Tensor.unset(shape)
    gradient.copyBlock(block, along: d, at: start, intoResult: false)
    try accumulate(block)
    return start + shape[d]
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
