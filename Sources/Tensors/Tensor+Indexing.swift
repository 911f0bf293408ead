/// One of the things between the brackets of `x[…]`.
public enum Subscript {
  /// One index; the dimension is dropped.
  case index(Int)
  /// Indices from `start` to before `stop`; both may be left out and count from the end if negative.
  case slice(start: Int?, stop: Int?, step: Int = 1)
  /// A new dimension of size 1.
  case newAxis
  /// All dimensions that the other subscripts leave.
  case ellipsis
  /// Indices (`int64`), or a mask (`bool`) over as many dimensions as it has.
  case tensor(Tensor)

  /// The index of `x[:, index]`, which models pick users and items with; nil for other subscripts.
  fileprivate static func column(_ subscripts: [Subscript]) -> Int? {
    guard subscripts.count == 2, case .slice(start: nil, stop: nil, step: 1) = subscripts[0],
      case .index(let index) = subscripts[1]
    else { return nil }
    return index
  }

  /// How many dimensions it takes.
  fileprivate var dimensionCount: Int {
    switch self {
    case .index, .slice: 1
    case .newAxis, .ellipsis: 0
    case .tensor(let tensor):
      tensor.dtype == .bool ? tensor.shape.count : 1
    }
  }
}

extension Tensor {
  /// The elements that subscripts pick, as in PyTorch: `x[:, 0]`, `x[index]`, `x[mask]`, `x[None]`.
  ///
  ///     try batch.indexed(by: [.slice(start: nil, stop: nil), .index(0)])
  ///
  /// Several index tensors are broadcast together. Their dimensions stand where the first of them
  /// is if they are neighbours, else in front. Elements picked twice have both gradients; those of
  /// a leaf picked by a single index tensor stay by rows.
  ///
  /// - Parameters:
  ///   - subscripts: what stands between the brackets.
  ///   - allowsReversal: whether slices may go backwards, as those of numpy's arrays do.
  /// - Returns: the elements.
  /// - Throws: ``TensorError/tooManySubscripts(_:shape:)``,
  ///   ``TensorError/indexOutOfRange(_:size:dimension:)``,
  ///   ``TensorError/maskDoesNotFit(_:shape:)``, ``TensorError/cannotBroadcast(_:_:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for an index tensor of floats,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` for a step that is not positive.
  public func indexed(
    by subscripts: [Subscript], allowsReversal: Bool = false
  ) throws(TensorError) -> Tensor {
    if shape.count == 2, shape[1] != 1, let column = Subscript.column(subscripts) {
      return try selecting(column, along: 1)
    }
    let used = subscripts.reduce(0) { $0 + $1.dimensionCount }
    guard used <= shape.count else { throw .tooManySubscripts(used, shape: shape) }
    if subscripts.count == 1, case .tensor(let index) = subscripts[0], index.dtype.isWhole,
      !index.shape.isEmpty
    {
      return try rows(at: index)
    }
    var selection = Selection(
      of: shape, skippedByEllipsis: shape.count - used, isAlone: subscripts.count == 1,
      allowsReversal: allowsReversal)
    for part in subscripts { try selection.add(part) }
    guard !selection.picks.isEmpty else {
      return try elements(in: selection.layout, as: selection.name)
    }
    return try elements(at: selection.positions())
  }

  /// The indices of the elements that are not 0, a row for each.
  ///
  /// - Shape: `[found, dimensions]`.
  public func nonzero() throws(TensorError) -> Tensor {
    let mask = try detached().converted(to: .bool)
    try MemoryBudget.require(count, of: 8 * (1 + 2 * shape.count))
    let found = mask.withElements(as: Bool.self) { mask in mask.indices.filter { mask[$0] } }
    let strides = Shape.strides(shape)
    return try Tensor(
      found.flatMap { position in
        shape.indices.map { Int64(position / strides[$0] % shape[$0]) }
      }, shape: [found.count, shape.count])
  }

  /// Indices below `size`, the negative ones counted from the end.
  func wrapped(below size: Int, dimension: Int) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape, .int64)
    let (x, z) = (pointer(to: Int64.self), result.pointer(to: Int64.self))
    for i in 0..<count {
      guard x[i] >= -size, x[i] < size else {
        throw .indexOutOfRange(Int(x[i]), size: size, dimension: dimension)
      }
      z[i] = x[i] < 0 ? x[i] + Int64(size) : x[i]
    }
    return result
  }
}

/// What subscripts pick: a layout, some of whose dimensions are replaced by index tensors.
private struct Selection {
  private(set) var layout: Layout
  /// What PyTorch calls the gradient of the last part that is taken.
  private(set) var name: StaticString = "AliasBackward0"
  /// Dimensions of the layout, in order, and the indices to pick there.
  private(set) var picks: [(dimension: Int, index: Tensor)] = []
  /// The next dimension of the layout, and of the tensor.
  private var next = (layout: 0, tensor: 0)
  private var skippedByEllipsis: Int

  /// Whether there is a single subscript.
  private let isAlone: Bool
  /// Whether slices may go backwards, as those of arrays do.
  private let allowsReversal: Bool

  init(of shape: [Int], skippedByEllipsis: Int, isAlone: Bool, allowsReversal: Bool) {
    layout = Layout(of: shape)
    (self.isAlone, self.allowsReversal) = (isAlone, allowsReversal)
    self.skippedByEllipsis = skippedByEllipsis
  }

  mutating func add(_ part: Subscript) throws(TensorError) {
    switch part {
    case .index(let index): try select(index)
    case .slice(let start, let stop, let step): try slice(start, stop, step)
    case .newAxis:
      layout.insert(at: next.layout)
      next.layout += 1
      name = "UnsqueezeBackward0"
    case .ellipsis:
      advance(by: skippedByEllipsis)
      skippedByEllipsis = 0
    case .tensor(let tensor):
      switch tensor.dtype.stored {
      case .bool: try mask(tensor)
      case .int64 where tensor.shape.isEmpty: try select(Int(tensor.pointer(to: Int64.self)[0]))
      case .int64:
        let size = layout.shape[next.layout]
        picks.append((next.layout, try tensor.wrapped(below: size, dimension: next.tensor)))
        advance(by: 1)
      case .float32, .float64:
        throw .unexpectedType(tensor.dtype, expected: "int64 indices or a bool mask")
      }
    }
  }

  private mutating func advance(by count: Int) {
    next.layout += count
    next.tensor += count
  }

  private mutating func select(_ index: Int) throws(TensorError) {
    let size = layout.shape[next.layout]
    guard (-size..<size).contains(index) else {
      throw .indexOutOfRange(index, size: size, dimension: next.tensor)
    }
    layout.select(next.layout, at: index < 0 ? index + size : index)
    name = "SelectBackward0"
    next.tensor += 1
  }

  private mutating func slice(_ start: Int?, _ stop: Int?, _ step: Int) throws(TensorError) {
    let size = layout.shape[next.layout]
    if allowsReversal, step < 0 { return sliceBackwards(start, stop, step, size) }
    guard step > 0 else {
      throw .unexpectedNumber(
        Double(step), expected: "a positive step, since a tensor is reversed by flip")
    }
    func bound(_ index: Int) -> Int { min(max(index < 0 ? index + size : index, 0), size) }
    let (first, end) = (bound(start ?? 0), bound(stop ?? size))
    let count = first < end ? (end - first - 1) / step + 1 : 0
    // A whole dimension is left as it is beside other subscripts.
    if count != size || isAlone { name = "SliceBackward0" }
    layout.narrow(next.layout, from: first, count: count, step: step)
    advance(by: 1)
  }

  private mutating func sliceBackwards(_ start: Int?, _ stop: Int?, _ step: Int, _ size: Int) {
    func bound(_ index: Int) -> Int { min(max(index < 0 ? index + size : index, -1), size - 1) }
    let (first, end) = (start.map(bound) ?? size - 1, stop.map(bound) ?? -1)
    // The quotient of negative numbers cannot overflow here, even for the smallest step.
    let count = first > end ? (end - first + 1) / step + 1 : 0
    name = "SliceBackward0"
    layout.narrow(next.layout, from: first, count: count, step: step)
    advance(by: 1)
  }

  private mutating func mask(_ mask: Tensor) throws(TensorError) {
    let dimensions = next.layout..<(next.layout + mask.shape.count)
    guard Array(layout.shape[dimensions]) == mask.shape else {
      throw .maskDoesNotFit(mask.shape, shape: Array(layout.shape[dimensions]))
    }
    if mask.shape.isEmpty {
      // A single truth value keeps all or nothing, along a new dimension.
      layout.insert(at: next.layout)
      let isKept = mask.pointer(to: Bool.self)[0]
      picks.append((next.layout, try Tensor(isKept ? [0] : [] as [Int64])))
      next.layout += 1
    } else {
      let columns = try mask.nonzero().unbound(along: 1)
      picks += Swift.zip(dimensions, columns).map { (dimension: $0, index: $1) }
      advance(by: mask.shape.count)
    }
  }

  /// The position of each element that is picked.
  func positions() throws(TensorError) -> Tensor {
    var picked: [Int] = []
    for pick in picks { picked = try Shape.broadcast(picked, pick.index.shape) }
    let dimensions = picks.map(\.dimension)
    let areNeighbours = dimensions == Array(dimensions[0]..<(dimensions[0] + dimensions.count))
    let place = areNeighbours ? dimensions[0] : 0
    let others = layout.shape.indices.filter { !dimensions.contains($0) }
    let rank = others.count + picked.count

    var result = try Tensor(scalar: Int64(layout.start))
    /// Adds the part of one dimension, whose indices stand at `axis` of the result.
    func add(_ index: Tensor, _ dimension: Int, before end: Int) throws(TensorError) {
      let offsets = try index * layout.strides[dimension]
      let spread = try offsets.reshaped(to: index.shape + [Int](repeating: 1, count: rank - end))
      result = try Tensor.combine(result, spread, .add)
    }
    for pick in picks { try add(pick.index, pick.dimension, before: place + picked.count) }
    for (n, dimension) in others.enumerated() {
      let range = try Tensor((0..<layout.shape[dimension]).map(Int64.init))
      try add(range, dimension, before: n < place ? n + 1 : n + picked.count + 1)
    }
    return result
  }
}
