import CCollabKernels

extension Tensor {
  /// The part of this tensor at one index of a dimension: `x[:, 0]` is `x.selecting(0, along: 1)`.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/indexOutOfRange(_:size:dimension:)``.
  public func selecting(_ index: Int, along dimension: Int = 0) throws(TensorError) -> Tensor {
    let d = try Shape.dimension(dimension, of: shape)
    let row = index < 0 ? index + shape[d] : index
    guard (0..<shape[d]).contains(row) else {
      throw .indexOutOfRange(index, size: shape[d], dimension: d)
    }
    if dtype.isWhole, shape.count == 2, d == 1, !requiresGradient {
      let result = try Tensor.unset(shape[0], dtype)
      ck_pick_column(
        result.pointer(to: Int64.self), pointer(to: Int64.self) + row, Int64(shape[0]),
        Int64(shape[1]))
      return result
    }
    var target = shape
    target.remove(at: d)
    let result = try Tensor.unset(target, dtype)
    let slice = Slice(of: self, along: d, at: row)
    slice.copy(from: self, to: result)
    return result.recording(self, as: "SelectBackward0", needing: []) {
      x, gradient throws(TensorError) in
      let whole = try Tensor.zeros(x.shape)
      slice.copyBack(from: gradient, to: whole)
      try x.accumulate(whole)
    }
  }

  /// Picks one row of this tensor for each index, in order.
  ///
  ///     try userFactors.rows(at: batch.selecting(0, along: 1))  // [batch, factors]
  ///
  /// Indices may repeat; their gradients add up. A leaf keeps that gradient by rows, so its cost
  /// depends on the batch and not on the size of the table.
  ///
  /// - Shape: `[rows, …]` with indices of shape `[n]` gives `[n, …]`.
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless the indices are `int64`.
  /// - Complexity: O(elements picked).
  public func rows(at indices: Tensor) throws(TensorError) -> Tensor {
    guard indices.dtype.isWhole else {
      throw .unexpectedType(indices.dtype, expected: "int64 indices")
    }
    guard let rowCount = shape.first else {
      throw .unexpectedShape(shape, expected: "at least one dimension to index")
    }
    let positions = try indices.rowPositions(below: rowCount)
    let width = shape[1...].reduce(1, *)
    let result =
      switch (shape.count, indices.shape.count) {
      case (2, 1): try Tensor.unset(indices.count, width, dtype)
      case (1, 1): try Tensor.unset(indices.count, dtype)
      default: try Tensor.unset(indices.shape + shape[1...], dtype)
      }
    let index = positions.pointer(to: Int64.self)
    if dtype == .float32 {
      gather(UnsafeBufferPointer(start: index, count: positions.count), width, into: result.floats)
    } else {
      let run = width * dtype.byteCount
      for n in 0..<positions.count {
        (result.bytes + n * run).copyMemory(from: bytes + Int(index[n]) * run, byteCount: run)
      }
    }
    return result.recording(rowsOf: self, at: positions)
  }

  /// Adds the gradient of some rows of this tensor, times their factors if there are any: by rows, if it
  /// is a leaf.
  func accumulate(
    _ gradient: Tensor, times factors: Tensor? = nil, ofRowsAt positions: Tensor
  ) throws(TensorError) {
    let width = shape[1...].reduce(1, *)
    let rows = isLeaf ? persistentRowGradient(width) : RowGradient(shape[0], width)
    positions.withElements(as: Int64.self) { positions in
      rows.add(gradient, times: factors, at: UnsafeBufferPointer(positions))
    }
    guard !isLeaf else { return }
    let whole = try Tensor.zeros(shape)
    rows.add(to: whole.floats)
    try accumulate(whole)
  }

  /// Copies some rows of floats, which are brought up to date first.
  private func gather(
    _ rows: UnsafeBufferPointer<Int64>, _ width: Int, into target: UnsafeMutablePointer<Float>
  ) {
    // Memory may be shared with a tensor of another shape, whose rows these are not.
    if let deferred = deferredRows, deferred.rowCount == shape[0] {
      deferred.gather(rows, into: target)
    } else {
      ck_require_rows(rows.baseAddress, Int64(rows.count), Int64(count / max(width, 1)))
      ck_gather_rows(target, floats, rows.baseAddress, Int64(rows.count), Int64(width))
    }
  }

  private func persistentRowGradient(_ width: Int) -> RowGradient {
    if let rows = rowGradient { return rows }
    let rows = RowGradient(shape[0], width)
    rowGradient = rows
    return rows
  }

  /// These indices, the negative ones counted from the end.
  private func rowPositions(below rowCount: Int) throws(TensorError) -> Tensor {
    let index = pointer(to: Int64.self)
    var (low, high) = (Int64(0), Int64(0))
    ck_index_range(&low, &high, index, Int64(count))
    if high >= rowCount || low < -rowCount || rowCount == 0 {
      for n in 0..<count where index[n] >= rowCount || index[n] < -rowCount {
        throw .indexOutOfRange(Int(index[n]), size: rowCount, dimension: 0)
      }
    }
    guard low < 0 else { return self }
    return try Tensor(
      (0..<count).map { index[$0] < 0 ? index[$0] + Int64(rowCount) : index[$0] }, shape: shape)
  }
}

/// The elements at one index of a dimension.
private struct Slice {
  let outer: Int
  let step: Int
  let start: Int
  let byteCount: Int

  init(of tensor: Tensor, along d: Int, at index: Int) {
    byteCount = tensor.shape[(d + 1)...].reduce(tensor.dtype.byteCount, *)
    outer = tensor.shape[..<d].reduce(1, *)
    step = tensor.shape[d] * byteCount
    start = index * byteCount
  }

  func copy(from whole: Tensor, to part: Tensor) {
    for o in 0..<outer {
      (part.bytes + o * byteCount)
        .copyMemory(from: whole.bytes + o * step + start, byteCount: byteCount)
    }
  }

  func copyBack(from part: Tensor, to whole: Tensor) {
    for o in 0..<outer {
      (whole.bytes + o * step + start)
        .copyMemory(from: part.bytes + o * byteCount, byteCount: byteCount)
    }
  }
}
