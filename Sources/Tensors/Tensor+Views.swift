import CollabThreading
import Synchronization

// MARK: - Moving dimensions

extension Tensor {
  /// The dimensions in another order: dimension `order[d]` becomes dimension `d`.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedShape(_:expected:)`` unless each dimension is named once.
  public func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    var dimensions: [Int] = []
    for d in order { dimensions.append(try Shape.dimension(d, of: shape)) }
    guard dimensions.sorted() == Array(shape.indices) else {
      throw .unexpectedShape(shape, expected: "each dimension once in the order \(order)")
    }
    var layout = Layout(of: shape)
    layout.permute(dimensions)
    return try elements(in: layout, as: "PermuteBackward0")
  }

  /// The same elements with two dimensions exchanged.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func transposed(_ first: Int, _ second: Int) throws(TensorError) -> Tensor {
    var order = Array(shape.indices)
    order.swapAt(try Shape.dimension(first, of: shape), try Shape.dimension(second, of: shape))
    return try permuted(order).named("TransposeBackward0")
  }

  /// The elements in the opposite order along some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func flipped(_ dimensions: [Int]) throws(TensorError) -> Tensor {
    var layout = Layout(of: shape)
    var isDone = Set<Int>()
    for dimension in dimensions {
      let d = try Shape.dimension(dimension, of: shape)
      guard isDone.insert(d).inserted else {
        throw .unexpectedShape(shape, expected: "each dimension to flip once in \(dimensions)")
      }
      layout.reverse(d)
    }
    return try elements(in: layout, as: "FlipBackward0")
  }

  /// The same elements with neighbouring dimensions made one.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedShape(_:expected:)`` if `last` comes before `first`.
  public func flattened(from first: Int = 0, through last: Int = -1) throws(TensorError) -> Tensor {
    guard !shape.isEmpty else { return try reshaped(to: [1]) }
    let (start, end) = (try Shape.dimension(first, of: shape), try Shape.dimension(last, of: shape))
    guard start <= end else {
      throw .unexpectedShape(shape, expected: "a first dimension to flatten before the last")
    }
    return try reshaped(
      to: shape[..<start] + [shape[start...end].reduce(1, *)] + shape[(end + 1)...])
  }
}

// MARK: - Copying

extension Tensor {
  /// How often elements of any tensor were replaced by ``replaceElements(by:)``: what was picked out
  /// of a tensor of whole numbers is still the same as long as this is.
  package static var replacementCount: Int { replacements.load(ordering: .relaxed) }
  private static let replacements = Atomic<Int>(0)

  /// The same elements in memory of their own.
  public func copied() throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape, dtype)
    let (source, target, size) = (bytes, result.bytes, dtype.byteCount)
    try Interruption.inParts(of: count) { start, count in
      (target + start * size).copyMemory(from: source + start * size, byteCount: count * size)
    }
    return result.recording(self, as: "CloneBackward0", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient)
    }
  }

  /// Gives this tensor, and all that share its memory, the elements of another one.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)`` unless shapes are the same,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless types are.
  public func replaceElements(by other: Tensor) throws(TensorError) {
    guard other.shape == shape else { throw .cannotBroadcast(shape, other.shape) }
    guard other.dtype == dtype else {
      throw .unexpectedType(other.dtype, expected: "elements of type \(dtype)")
    }
    Self.replacements.add(1, ordering: .relaxed)
    markChanged()
    bytes.copyMemory(from: other.bytes, byteCount: count * dtype.byteCount)
  }
}

// MARK: - Repeating

extension Tensor {
  /// The elements repeated along dimensions of size 1 and new first dimensions; −1 keeps a size.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/tooLarge(_:)``.
  public func expanded(to target: [Int]) throws(TensorError) -> Tensor {
    let missing = target.count - shape.count
    guard missing >= 0 else { throw .cannotBroadcast(shape, target) }
    let sizes = target.indices.map {
      target[$0] == -1 && $0 >= missing ? shape[$0 - missing] : target[$0]
    }
    _ = try Shape.count(sizes)
    guard try Shape.broadcast(shape, sizes) == sizes else { throw .cannotBroadcast(shape, target) }
    return try elements(in: Layout(of: shape, broadcastTo: sizes), as: "ExpandBackward0")
  }

  /// The whole tensor, a number of times along each dimension: PyTorch's `repeat`.
  ///
  /// More numbers than dimensions are for new dimensions, in front.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for fewer counts than dimensions,
  ///   ``TensorError/tooLarge(_:)``.
  public func repeated(_ counts: [Int]) throws(TensorError) -> Tensor {
    let missing = counts.count - shape.count
    guard missing >= 0 else {
      throw .unexpectedShape(shape, expected: "a number of repetitions for each dimension")
    }
    let own = [Int](repeating: 1, count: missing) + shape
    var target: [Int] = []
    for (count, size) in Swift.zip(counts, own) {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard count >= 0, !overflow else { throw .tooLarge(counts) }
      target.append(product)
    }
    _ = try Shape.count(target)
    let spread = try reshaped(to: own.flatMap { [1, $0] })
    return try spread.expanded(to: Swift.zip(counts, own).flatMap { [$0, $1] })
      .reshaped(to: target).named("RepeatBackward0")
  }
}

// MARK: - Taking apart and putting together

extension Tensor {
  /// Tensors of the same shape, along a new dimension.
  ///
  /// - Throws: ``TensorError/cannotJoin(_:_:dimension:)`` if shapes differ.
  public static func stacked(
    _ parts: [Tensor], along dimension: Int = 0
  ) throws(TensorError) -> Tensor {
    var layers: [Tensor] = []
    for part in parts {
      guard part.shape == parts[0].shape else {
        throw .cannotJoin(parts[0].shape, part.shape, dimension: dimension)
      }
      layers.append(try part.unsqueezed(dimension))
    }
    return try concatenated(layers, along: dimension).named("StackBackward0")
  }

  /// Parts of given sizes along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedShape(_:expected:)`` unless the sizes add up to that of the dimension.
  public func split(into sizes: [Int], along dimension: Int = 0) throws(TensorError) -> [Tensor] {
    let d = try Shape.dimension(dimension, of: shape)
    var rest = shape[d]
    for size in sizes {
      guard (0...rest).contains(size) else { rest = -1; break }
      rest -= size
    }
    guard rest == 0 else {
      throw .unexpectedShape(shape, expected: "sizes that add up to \(shape[d]), not \(sizes)")
    }
    var parts: [Tensor] = []
    var start = 0
    for size in sizes {
      var layout = Layout(of: shape)
      layout.narrow(d, from: start, count: size)
      parts.append(try elements(in: layout, as: "SplitBackward0"))
      start += size
    }
    return parts
  }

  /// Parts of one size along a dimension; the last may be smaller.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` unless the size is positive.
  public func split(every size: Int, along dimension: Int = 0) throws(TensorError) -> [Tensor] {
    let length = shape[try Shape.dimension(dimension, of: shape)]
    guard size > 0 || (size == 0 && length == 0) else {
      throw .unexpectedNumber(Double(size), expected: "a positive size of the parts")
    }
    guard length > 0 else { return [self] }
    let starts = stride(from: 0, to: length, by: min(size, length))
    return try split(into: starts.map { min(size, length - $0) }, along: dimension)
  }

  /// At most so many parts of equal size along a dimension; the last may be smaller.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` unless the number is positive.
  public func chunked(into count: Int, along dimension: Int = 0) throws(TensorError) -> [Tensor] {
    guard count > 0 else {
      throw .unexpectedNumber(Double(count), expected: "a positive number of chunks")
    }
    let length = shape[try Shape.dimension(dimension, of: shape)]
    guard length > 0 else {
      return try split(into: [Int](repeating: 0, count: min(count, 1 << 20)), along: dimension)
    }
    return try split(every: (length - 1) / count + 1, along: dimension)
  }

  /// The parts at each index of a dimension, which is dropped.
  ///
  ///     let factors = try components.transposed().unbound()
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func unbound(along dimension: Int = 0) throws(TensorError) -> [Tensor] {
    let d = try Shape.dimension(dimension, of: shape)
    var parts: [Tensor] = []
    for index in 0..<shape[d] {
      var layout = Layout(of: shape)
      layout.select(d, at: index)
      parts.append(try elements(in: layout, as: "UnbindBackward0"))
    }
    return parts
  }

  /// The elements of matrices on and below a diagonal; 0 elsewhere.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for fewer than two dimensions.
  public func lowerTriangle(diagonal: Int = 0) throws(TensorError) -> Tensor {
    try masked("TrilBackward0") { column, row in column - row <= diagonal }
  }

  /// The elements of matrices on and above a diagonal; 0 elsewhere.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for fewer than two dimensions.
  public func upperTriangle(diagonal: Int = 0) throws(TensorError) -> Tensor {
    try masked("TriuBackward0") { column, row in column - row >= diagonal }
  }

  private func masked(
    _ name: StaticString, _ isKept: (Int, Int) -> Bool
  ) throws(TensorError) -> Tensor {
    guard shape.count >= 2 else { throw .unexpectedShape(shape, expected: "a matrix") }
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    try MemoryBudget.require(rows * columns, of: 1)
    let mask = try Tensor(
      (0..<(rows * columns)).map { isKept($0 % columns, $0 / columns) }, shape: [rows, columns])
    return try Tensor.where(mask, self, Tensor(scalar: false)).named(name)
  }
}
