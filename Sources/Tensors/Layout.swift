import CollabThreading

/// Where the elements of a part, a permutation or a repetition of a tensor lie in its memory.
struct Layout {
  private(set) var shape: [Int]
  /// Elements from one index to the next, per dimension; 0 where elements are repeated.
  private(set) var strides: [Int]
  /// The position of the first element.
  private(set) var start = 0

  /// All of a tensor, in order.
  init(of shape: [Int]) {
    self.shape = shape
    strides = Shape.strides(shape)
  }

  /// A shape repeated to a larger one.
  ///
  /// - Precondition: `shape` broadcasts to `target`.
  init(of shape: [Int], broadcastTo target: [Int]) {
    self.shape = target
    strides = Shape.strides(of: shape, broadcastTo: target)
  }

  /// Dimension `order[d]` becomes dimension `d`.
  mutating func permute(_ order: [Int]) {
    (shape, strides) = (order.map { shape[$0] }, order.map { strides[$0] })
  }

  /// Keeps `count` indices of a dimension, from `first` in steps of `step`.
  mutating func narrow(_ dimension: Int, from first: Int, count: Int, step: Int = 1) {
    // Without elements there is no first one, and a step may be far larger than any tensor.
    if count > 0 { start += first * strides[dimension] }
    strides[dimension] = count > 1 ? strides[dimension] * step : 0
    shape[dimension] = count
  }

  /// Keeps one index of a dimension, and drops the dimension.
  mutating func select(_ dimension: Int, at index: Int) {
    start += index * strides[dimension]
    shape.remove(at: dimension)
    strides.remove(at: dimension)
  }

  /// Puts in a dimension of size 1.
  mutating func insert(at dimension: Int) {
    shape.insert(1, at: dimension)
    strides.insert(0, at: dimension)
  }

  /// Goes through a dimension from its end.
  mutating func reverse(_ dimension: Int) {
    start += max(shape[dimension] - 1, 0) * strides[dimension]
    strides[dimension] = -strides[dimension]
  }

  /// Whether elements follow each other without gaps.
  var isInOrder: Bool {
    let ordered = Shape.strides(shape)
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == ordered[$0] } && start == 0
  }
}

extension Tensor {
  /// The elements that lie where `layout` says; `name` is PyTorch's for the gradient of such a part.
  func elements(
    in layout: Layout, as name: StaticString
  ) throws(TensorError) -> Tensor {
    if try Shape.count(layout.shape) == count, layout.isInOrder {
      return layout.shape == shape && !requiresGradient
        ? self : try reshaped(to: layout.shape).named(name)
    }
    let result = try Tensor.unset(layout.shape, dtype)
    switch dtype.stored {
    case .float32: copy(layout, to: result, Float.self)
    case .float64: copy(layout, to: result, Double.self)
    case .int64: copy(layout, to: result, Int64.self)
    case .bool: copy(layout, to: result, Bool.self)
    }
    return result.recording(self, as: name, needing: []) { x, gradient throws(TensorError) in
      let whole = try Tensor.zeros(x.shape)
      let (g, z) = (gradient.floats, whole.floats + layout.start)
      forEachRun(of: layout.shape, layout.strides, layout.strides) { i, j, _, count, steps in
        for n in 0..<count { z[j + n * steps.0] += g[i + n] }
      }
      try x.accumulate(whole)
    }
  }

  private func copy<Scalar: TensorScalar>(
    _ layout: Layout, to result: Tensor, _ type: Scalar.Type
  ) {
    let (x, z) = (pointer(to: type) + layout.start, result.pointer(to: type))
    forEachRun(of: layout.shape, layout.strides, layout.strides) { i, j, _, count, steps in
      if steps.0 == 1 {
        (z + i).update(from: x + j, count: count)
      } else {
        for n in 0..<count { z[i + n] = x[j + n * steps.0] }
      }
    }
  }

  /// The elements at positions in row-major order, in the shape of the positions.
  ///
  /// - Precondition: each position is that of an element.
  func elements(at positions: Tensor) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(positions.shape, dtype)
    switch dtype.stored {
    case .float32: try copy(positions, to: result, Float.self)
    case .float64: try copy(positions, to: result, Double.self)
    case .int64: try copy(positions, to: result, Int64.self)
    case .bool: try copy(positions, to: result, Bool.self)
    }
    return result.recording(self, positions, as: "IndexBackward0", needing: .second) {
      x, positions, gradient throws(TensorError) in
      let whole = try Tensor.zeros(x.shape)
      let (g, p, z) = (gradient.floats, positions.pointer(to: Int64.self), whole.floats)
      for i in 0..<positions.count { z[Int(p[i])] += g[i] }
      try x.accumulate(whole)
    }
  }

  private func copy<Scalar: TensorScalar>(
    _ positions: Tensor, to result: Tensor, _ type: Scalar.Type
  ) throws(TensorError) {
    let (x, z) = (pointer(to: type), result.pointer(to: type))
    let p = positions.pointer(to: Int64.self)
    try Interruption.inParts(of: positions.count) { start, count in
      for i in start..<start + count { z[i] = x[Int(p[i])] }
    }
  }
}
