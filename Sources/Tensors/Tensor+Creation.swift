public import CollabRandomness
import CollabThreading

// MARK: - The same number

extension Tensor {
  /// A tensor whose elements are all a number, converted to the type.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func filled(
    _ shape: [Int], with number: Double, _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape, dtype)
    switch dtype.stored {
    case .float32: result.fill(with: Float(number: number))
    case .float64: result.fill(with: number)
    case .int64: result.fill(with: dtype.wrapped(Int64(number: number)))
    case .bool: result.fill(with: Bool(number: number))
    }
    return result
  }

  /// A tensor whose elements are all the only element of another one, converted to a type, or else of its
  /// own: whole numbers stay exact.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``, ``TensorError/unexpectedShape(_:expected:)`` if there is not
  ///   exactly one.
  public static func filled(
    _ shape: [Int], withElementOf other: Tensor, _ dtype: DType? = nil
  ) throws(TensorError) -> Tensor {
    let number = try other.item()
    let dtype = dtype ?? other.dtype
    guard dtype.isWhole, case .integer(let whole) = try other.element() else {
      return try filled(shape, with: number, dtype)
    }
    let result = try Tensor.unset(shape, dtype)
    result.fill(with: dtype.wrapped(Int64(whole)))
    return result
  }

  private func fill<Scalar: TensorScalar>(with value: Scalar) {
    pointer(to: Scalar.self).initialize(repeating: value, count: count)
  }

  /// Zeros.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func zeros(
    _ shape: [Int], _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    try filled(shape, with: 0, dtype)
  }

  /// Ones.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func ones(
    _ shape: [Int], _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    try filled(shape, with: 1, dtype)
  }

  /// A matrix with ones on the diagonal and zeros elsewhere.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func identity(_ rows: Int, _ columns: Int? = nil) throws(TensorError) -> Tensor {
    let columns = columns ?? rows
    let result = try Tensor.zeros([rows, columns])
    for n in 0..<min(rows, columns) { result.floats[n * columns + n] = 1 }
    return result
  }

  /// A vector with ones at some indices and zeros elsewhere.
  ///
  ///     try Tensor.oneHot([3], classes: 944)
  ///
  /// Source: fastai's `one_hot`, `fastai/torch_core.py`.
  ///
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``, ``TensorError/tooLarge(_:)``.
  public static func oneHot(_ indices: [Int], classes: Int) throws(TensorError) -> Tensor {
    let result = try Tensor.zeros([classes], .uint8)
    let places = try Tensor(indices.map(Int64.init)).wrapped(below: classes, dimension: 0)
    let (p, z) = (places.pointer(to: Int64.self), result.pointer(to: Int64.self))
    for n in indices.indices { z[Int(p[n])] = 1 }
    return result
  }
}

// MARK: - Steps

extension Tensor {
  /// Integers from `start` to before `end`.
  ///
  /// - Throws: ``TensorError/unexpectedNumber(_:expected:)`` for a step of 0 or one that leads away
  ///   from the end, ``TensorError/tooLarge(_:)``.
  public static func range(
    from start: Int = 0, to end: Int, by step: Int = 1
  ) throws(TensorError) -> Tensor {
    let (span, overflow) = end.subtractingReportingOverflow(start)
    try requireStep(Double(step), toward: overflow ? Double(end) - Double(start) : Double(span))
    guard !overflow else { throw .tooLarge([.max]) }
    let (whole, rest) = step == -1 ? (0 &- span, 0) : span.quotientAndRemainder(dividingBy: step)
    let result = try Tensor.unset([whole + (rest == 0 ? 0 : 1)], .int64)
    let z = result.pointer(to: Int64.self)
    for n in 0..<result.count { z[n] = Int64(start &+ n &* step) }
    return result
  }

  /// Numbers from `start` to before `end`.
  ///
  /// - Throws: ``TensorError/unexpectedNumber(_:expected:)`` for a step of 0 or one that leads away
  ///   from the end, or a bound that is not finite, ``TensorError/tooLarge(_:)``.
  public static func range(
    from start: Double, to end: Double, by step: Double = 1, _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    for number in [start, end, step] where !number.isFinite {
      throw .unexpectedNumber(number, expected: "finite bounds of a range")
    }
    try requireStep(step, toward: end - start)
    let size = ((end - start) / step).rounded(.up)
    let numbers = try Tensor.unset([Int(exactly: size) ?? .max], .float64)
    let z = numbers.pointer(to: Double.self)
    for n in 0..<numbers.count { z[n] = start + Double(n) * step }
    return try numbers.converted(to: dtype)
  }

  private static func requireStep(_ step: Double, toward span: Double) throws(TensorError) {
    guard step != 0 else { throw .unexpectedNumber(0, expected: "a step other than 0") }
    guard span == 0 || (span > 0) == (step > 0) else {
      throw .unexpectedNumber(step, expected: "a step that leads from the start to the end")
    }
  }

  /// Numbers at equal distances, both ends included.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``, also for a negative number of them.
  public static func evenlySpaced(
    from start: Double, through end: Double, count: Int, _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    let result = try Tensor.unset([count], dtype == .float32 ? .float32 : .float64)
    // In the precision of the result, and from both ends, as in PyTorch.
    if dtype == .float32 {
      result.space(from: Float(start), through: Float(end))
    } else {
      result.space(from: start, through: end)
    }
    return try result.converted(to: dtype)
  }

  private func space<Scalar: TensorScalar & BinaryFloatingPoint>(
    from start: Scalar, through end: Scalar
  ) {
    let z = pointer(to: Scalar.self)
    let step = count > 1 ? (end - start) / Scalar(count - 1) : 0
    for n in 0..<count {
      z[n] =
        n < count / 2 || count == 1 ? start + step * Scalar(n) : end - step * Scalar(count - n - 1)
    }
  }
}

// MARK: - Random numbers

extension Tensor {
  /// Numbers in 0..<1, as PyTorch's `rand` draws them.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func uniform(
    _ shape: [Int], using generator: inout TorchGenerator
  ) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape)
    try result.inParts { generator.fillUniform($0) }
    return result
  }

  /// Normal numbers, as PyTorch's `randn` draws them.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func normal(
    _ shape: [Int], using generator: inout TorchGenerator
  ) throws(TensorError) -> Tensor {
    try Tensor.unset(shape).fillNormal(using: &generator)
  }

  /// Fills this tensor in parts, so that what takes seconds can be stopped: parts of a number of elements
  /// that all orders of drawing divide, but for the last, which is no shorter.
  package func inParts(
    _ fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(TensorError) {
    let (part, elements) = (1 << 20, elements)
    var start = 0
    repeat {
      if count > part { try Interruption.check() }
      let length = count - start < 2 * part ? count - start : part
      fill(UnsafeMutableBufferPointer(start: elements + start, count: length))
      start += length
    } while start < count
  }

  /// Integers in `low..<high`, as PyTorch's `randint` draws them.
  ///
  /// - Throws: ``TensorError/unexpectedNumber(_:expected:)`` unless `high` is above `low`, by less
  ///   than 2³², ``TensorError/tooLarge(_:)``.
  public static func integers(
    from low: Int = 0, to high: Int, _ shape: [Int], using generator: inout TorchGenerator
  ) throws(TensorError) -> Tensor {
    let (span, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, span > 0, span <= Int(UInt32.max) else {
      throw .unexpectedNumber(Double(high), expected: "an end of the range above \(low)")
    }
    let result = try Tensor.unset(shape, .int64)
    let z = result.pointer(to: Int64.self)
    try Interruption.forEach(result.count) { n in
      z[n] = Int64(low + generator.integer(below: span))
    }
    return result
  }

  /// The integers below `count` in a random order, as PyTorch's `randperm` draws it.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public static func permutation(
    of count: Int, using generator: inout TorchGenerator
  ) throws(TensorError) -> Tensor {
    guard try Shape.count([count]) <= Int(Int32.max) else { throw .tooLarge([count]) }
    try MemoryBudget.require(count, of: 32)
    let order = try generator.permutation(of: count) { () throws(TensorError) in
      try Interruption.check()
    }
    let result = try Tensor.unset([count], .int64)
    let z = result.pointer(to: Int64.self)
    try Interruption.forEach(count) { n in z[n] = Int64(order[n]) }
    return result
  }
}

// MARK: - Nested lists

/// A number, a truth value, or a list of such.
public enum NestedValue: Sendable {
  case integer(Int)
  case number(Double)
  case truth(Bool)
  case list([NestedValue])
}

extension Tensor {
  /// A tensor of the elements of nested lists: PyTorch's `tensor`, or NumPy's `array`.
  ///
  ///     try Tensor(nested: [[1, 2.5], [3, 4]])  // [2, 2], float32
  ///
  /// Truth values give `bool`, integers `int64`; one number with a fraction makes all of them
  /// floating-point, of `floatingType`, which is also the type of no elements.
  ///
  /// - Throws: ``TensorError/ragged`` if lists of one depth differ in length.
  public convenience init(
    nested value: NestedValue, floatingType: DType = .float32
  ) throws(TensorError) {
    var elements: [NestedValue] = []
    let shape = try value.flatten(into: &elements)
    switch elements.map(\.rank).max() {
    case 0: try self.init(elements.map { $0.integer != 0 }, shape: shape)
    case 1: try self.init(elements.map { Int64($0.integer) }, shape: shape)
    default:
      if floatingType == .float64 {
        try self.init(elements.map(\.double), shape: shape)
      } else {
        try self.init(elements.map { Float($0.double) }, shape: shape)
      }
    }
  }
}

extension NestedValue {
  /// How much an element can express: truth values 0, integers 1, numbers 2.
  fileprivate var rank: Int {
    switch self {
    case .truth: 0
    case .integer: 1
    case .number, .list: 2
    }
  }

  fileprivate var integer: Int {
    switch self {
    case .truth(let value): value ? 1 : 0
    case .integer(let value): value
    case .number, .list: 0
    }
  }

  fileprivate var double: Double {
    if case .number(let value) = self { value } else { Double(integer) }
  }

  /// Appends the elements in order, and returns the shape of this list.
  fileprivate func flatten(into elements: inout [NestedValue]) throws(TensorError) -> [Int] {
    guard case .list(let values) = self else {
      elements.append(self)
      return []
    }
    var inner: [Int]?
    for value in values {
      let shape = try value.flatten(into: &elements)
      guard inner == nil || inner == shape else { throw .ragged }
      inner = shape
    }
    return [values.count] + (inner ?? [])
  }
}

extension NestedValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .truth(value) }
  /// A list.
  public init(arrayLiteral elements: NestedValue...) { self = .list(elements) }
}
