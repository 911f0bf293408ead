import CollabThreading

/// An n-dimensional array, and what it was computed from.
///
/// Elements lie in row-major order. An operation makes a new tensor and never changes its operands;
/// if a parameter went into it, the result remembers how, so that `backward()` can follow the chain
/// rule back. Only `float32` tensors have gradients.
///
///     let x = try Tensor([1, 2, 3]).requiringGradient()
///     try (x * x).sum().backward()
///     x.gradient  // [2, 4, 6]
///
/// It has no views into another tensor's memory with other strides, no devices, and no gradients of
/// gradients: the chapter needs none of them.
///
/// What changes is not checked for exclusive access: a step would check hundreds of times.
public final class Tensor {
  /// Sizes of the dimensions; empty for a single number.
  public let shape: [Int]
  /// What the elements are.
  public let dtype: DType
  /// The number of elements.
  public let count: Int

  /// The memory of the elements.
  @exclusivity(unchecked)
  private(set) var storage: Storage

  /// Whether gradients arrive here: a leaf that asks for them, or a result of one.
  @exclusivity(unchecked)
  public internal(set) var requiresGradient = false
  /// Whether a model declared this as one of its parameters, which an optimiser then trains.
  @exclusivity(unchecked)
  public var isParameter = false
  /// How this was computed; nil for a leaf.
  @exclusivity(unchecked)
  var node: Node?
  /// How many operations one after the other this is the result of; 0 for a leaf.
  @exclusivity(unchecked)
  var level = 0
  /// Whether this is in the queue of `backward()`, and who is behind it there.
  @exclusivity(unchecked)
  var isQueued = false
  @exclusivity(unchecked)
  var nextInQueue: Tensor?
  /// The gradient that has arrived so far, where it is not by rows.
  ///
  /// Where ``Node/takesRowSlopes`` says so it may have one element a row, to be repeated.
  @exclusivity(unchecked)
  var denseGradient: Tensor?
  /// The gradient of a leaf that is read by rows.
  @exclusivity(unchecked)
  var rowGradient: RowGradient?

  deinit {
    // Each tensor would let go of the next within its own end, and take stack for it.
    if level > Node.deepestRecursion, let node = node.take() { Node.letGo(node) }
  }

  /// Memory for `shape` whose elements are not set yet.
  init(uninitialized shape: [Int], _ dtype: DType) throws(TensorError) {
    count = try Shape.count(shape)
    self.shape = shape
    self.dtype = dtype
    storage = try Storage(byteCount: count * dtype.byteCount)
  }

  /// Memory for `float32` elements of the same shape that are not set yet.
  private init(alike other: Tensor) throws(TensorError) {
    (shape, count, dtype) = (other.shape, other.count, .float32)
    storage = try Storage(byteCount: count * dtype.byteCount)
  }

  /// The same elements under another shape.
  init(sharing other: Tensor, shape: [Int]) {
    precondition(shape.reduce(1, *) == other.count, "\(other.shape) does not fill \(shape)")
    self.shape = shape
    dtype = other.dtype
    count = other.count
    storage = other.storage
  }

  /// A tensor whose elements lie in memory that somebody lends.
  ///
  /// - Precondition: the memory is writable, aligned, and as large as the elements are.
  package init(
    lent bytes: UnsafeMutableRawBufferPointer, by lender: AnyObject, shape: [Int], _ dtype: DType
  ) throws(TensorError) {
    count = try Shape.count(shape)
    precondition(bytes.count == count * dtype.byteCount, "\(bytes.count) bytes for \(shape)")
    self.shape = shape
    self.dtype = dtype
    storage = Storage(lent: bytes, by: lender)
  }

  /// A tensor of elements in row-major order.
  ///
  /// - Throws: ``TensorError/cannotReshape(from:to:)`` if they do not fill `shape`.
  public convenience init<Scalar: TensorScalar>(
    _ scalars: [Scalar], shape: [Int]
  ) throws(TensorError) {
    try self.init(uninitialized: shape, Scalar.dtype)
    guard scalars.count == count else { throw .cannotReshape(from: [scalars.count], to: shape) }
    let start = pointer(to: Scalar.self)
    scalars.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { start.initialize(from: base, count: source.count) }
    }
  }

  /// A tensor of one dimension.
  public convenience init<Scalar: TensorScalar>(_ scalars: [Scalar]) throws(TensorError) {
    try self.init(scalars, shape: [scalars.count])
  }

  /// A matrix, row by row.
  ///
  /// - Throws: ``TensorError/ragged`` if the rows differ in length.
  public convenience init<Scalar: TensorScalar>(_ rows: [[Scalar]]) throws(TensorError) {
    let width = rows.first?.count ?? 0
    for row in rows where row.count != width { throw .ragged }
    try self.init(rows.flatMap(\.self), shape: [rows.count, width])
  }

  /// A single number: a tensor of shape `[]`.
  public convenience init<Scalar: TensorScalar>(scalar: Scalar) throws(TensorError) {
    try self.init([scalar], shape: [])
  }

  /// A tensor whose elements are all `value`.
  public convenience init<Scalar: TensorScalar>(
    repeating value: Scalar, shape: [Int]
  ) throws(TensorError) {
    try self.init(uninitialized: shape, Scalar.dtype)
    pointer(to: Scalar.self).initialize(repeating: value, count: count)
  }
}

// MARK: - For another step

extension Tensor {
  /// Whether no other tensor shows these elements.
  var hasStorageAlone: Bool { isKnownUniquelyReferenced(&storage) }

  /// Forgets what this was computed from, and whatever was asked of it.
  func forgetOrigin() {
    // Most have none of these, and giving up nothing costs a call too.
    if level > 0 { node = nil }
    if denseGradient != nil { denseGradient = nil }
    if rowGradient != nil { rowGradient = nil }
    (level, requiresGradient, isParameter) = (0, false, false)
  }

  /// Takes over the elements of another tensor: shows them where they lie if their memory is lent, as
  /// that of a file is, else copies them.
  ///
  /// - Precondition: that one has the same shape and type; nothing keeps the address of the elements
  ///   that were there, unless those of the other are not lent.
  package func takeElements(of other: Tensor) {
    precondition(other.shape == shape && other.dtype == dtype, "\(other.shape) for \(shape)")
    other.settle()
    if other.storage.isLent {
      storage = other.storage
    } else {
      settle()
      markChanged()
      bytes.copyMemory(from: other.bytes, byteCount: count * dtype.byteCount)
    }
  }

  /// Lets go of the elements of another tensor, until it shows some again.
  func showNothing() { storage = .none }

  /// From now on shows the elements of another tensor.
  ///
  /// - Precondition: that one has as many elements, of the same type.
  func show(_ other: Tensor) {
    precondition(other.count == count && other.dtype == dtype, "\(other.shape) shown as \(shape)")
    storage = other.storage
  }
}

// MARK: - Elements

extension Tensor {
  /// The elements in row-major order.
  ///
  /// - Precondition: `Scalar` is the type of the elements.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
    Array(UnsafeBufferPointer(start: pointer(to: type), count: count))
  }

  /// The only element.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` if there is not exactly one.
  public func item() throws(TensorError) -> Double {
    guard count == 1 else { throw .unexpectedShape(shape, expected: "one element") }
    return switch dtype.stored {
    case .float32: Double(pointer(to: Float.self)[0])
    case .float64: pointer(to: Double.self)[0]
    case .int64: Double(pointer(to: Int64.self)[0])
    case .bool: pointer(to: Bool.self)[0] ? 1 : 0
    }
  }

  /// The only element as what it is: doubles do not have all whole numbers.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` if there is not exactly one.
  public func element() throws(TensorError) -> NestedValue {
    switch dtype.stored {
    case .float32, .float64: return .number(try item())
    case .bool: return .truth(try item() != 0)
    case .int64:
      guard count == 1 else { throw .unexpectedShape(shape, expected: "one element") }
      return .integer(Int(pointer(to: Int64.self)[0]))
    }
  }

  /// Calls `body` with the elements, which it may change.
  ///
  /// - Precondition: `Scalar` is the type of the elements.
  public func withElements<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) -> Result
  ) -> Result {
    body(UnsafeMutableBufferPointer(start: pointer(to: type), count: count))
  }

  func pointer<Scalar: TensorScalar>(to type: Scalar.Type) -> UnsafeMutablePointer<Scalar> {
    precondition(
      Scalar.dtype == dtype || (dtype.isNarrow && Scalar.dtype == .int64),
      "\(dtype) elements read as \(Scalar.dtype)")
    return bytes.assumingMemoryBound(to: type)
  }

  /// Where the elements of a `float32` tensor begin, for kernels.
  ///
  /// The tensor must be kept alive while they are used.
  package var elements: UnsafeMutablePointer<Float> { floats }

  /// Where the elements of an `int64` tensor begin, for kernels.
  package var integers: UnsafeMutablePointer<Int64> { pointer(to: Int64.self) }

  /// Where the elements of a `float64` tensor begin, for kernels.
  package var doubles: UnsafeMutablePointer<Double> { pointer(to: Double.self) }

  /// Zeros of the same shape, as `float32`.
  package func zerosAlike() throws(TensorError) -> Tensor {
    let zeros = try Tensor(alike: self)
    zeros.floats.initialize(repeating: 0, count: count)
    return zeros
  }

  var floats: UnsafeMutablePointer<Float> { pointer(to: Float.self) }

  /// The same numbers as another type; itself if it is of that type already.
  ///
  /// Gradients pass from one floating-point type to another.
  public func converted(to target: DType) throws(TensorError) -> Tensor {
    guard target != dtype else { return self }
    let result = try Tensor.unset(shape, target)
    switch dtype.stored {
    case .float32: try result.convert(from: pointer(to: Float.self))
    case .float64: try result.convert(from: pointer(to: Double.self))
    case .int64: try result.convert(fromWhole: pointer(to: Int64.self))
    case .bool: try result.convert(from: pointer(to: Bool.self))
    }
    result.wrapElements()
    guard requiresGradient, target.isFloatingPoint else { return result }
    return result.recording(self, as: "ToCopyBackward0", needing: []) {
      x, gradient throws(TensorError) in
      try x.accumulate(gradient)
    }
  }

  /// Brings what was computed in 64 bits into the range of a narrow type.
  func wrapElements() {
    guard dtype.isNarrow else { return }
    let z = pointer(to: Int64.self)
    for i in 0..<count { z[i] = dtype.wrapped(z[i]) }
  }

  private func convert<Source: TensorScalar>(
    from source: UnsafePointer<Source>
  ) throws(TensorError) {
    switch dtype.stored {
    case .float32: try convert(from: source, to: floats)
    case .float64: try convert(from: source, to: pointer(to: Double.self))
    case .int64: try convert(from: source, to: pointer(to: Int64.self))
    case .bool: try convert(from: source, to: pointer(to: Bool.self))
    }
  }

  private func convert(fromWhole source: UnsafePointer<Int64>) throws(TensorError) {
    switch dtype.stored {
    case .float32: try convert(fromWhole: source, to: floats)
    case .float64: try convert(fromWhole: source, to: pointer(to: Double.self))
    case .int64: try convert(fromWhole: source, to: pointer(to: Int64.self))
    case .bool: try convert(fromWhole: source, to: pointer(to: Bool.self))
    }
  }

  @inline(__always)
  private func convert<Target: TensorScalar>(
    fromWhole source: UnsafePointer<Int64>, to target: UnsafeMutablePointer<Target>
  ) throws(TensorError) {
    try Interruption.inParts(of: count) { start, count in
      for i in start..<start + count { target[i] = Target(whole: source[i]) }
    }
  }

  @inline(__always)
  private func convert<Source: TensorScalar, Target: TensorScalar>(
    from source: UnsafePointer<Source>, to target: UnsafeMutablePointer<Target>
  ) throws(TensorError) {
    try Interruption.inParts(of: count) { start, count in
      for i in start..<start + count { target[i] = Target(number: source[i].number) }
    }
  }
}
