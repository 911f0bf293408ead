import CCollabKernels
import CollabThreading
import Glibc

// MARK: - Two tensors

extension Tensor {
  /// The sum, element by element, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try combine(a, b, .add).recording(a, b, as: "AddBackward0", needing: []) {
      a, b, gradient throws(TensorError) in
      try a.accumulate(gradient.summed(to: a.shape))
      try b.accumulate(gradient.summed(to: b.shape))
    }
  }

  /// The difference, element by element, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try combine(a, b, .subtract).recording(a, b, as: "SubBackward0", needing: []) {
      a, b, gradient throws(TensorError) in
      try a.accumulate(gradient.summed(to: a.shape))
      if b.requiresGradient { try b.accumulate(gradient.map { -$0 }.summed(to: b.shape)) }
    }
  }

  /// The product, element by element, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    let isPlain = a.dtype == .float32 && b.dtype == .float32 && a.shape == b.shape
    return try combine(a, b, .multiply).recording(
      a, b, as: "MulBackward0", needing: needed(a, b), takesRowSlopes: isPlain
    ) { a, b, gradient throws(TensorError) in
      if a.requiresGradient { try a.accumulate(factor: b, gradient) }
      if b.requiresGradient { try b.accumulate(factor: a, gradient) }
    }
  }

  /// Of the factors of a product, those that the gradient of the other one needs.
  static func needed(_ a: Tensor, _ b: Tensor) -> Node.Needed {
    switch (a.requiresGradient, b.requiresGradient) {
    case (true, true): .firstTwo
    case (true, false): .second
    case (false, true): .first
    case (false, false): []
    }
  }

  /// Adds the gradient of this factor of a product, given the other factor and the gradient of the
  /// product, which may have one element for each row.
  private func accumulate(factor other: Tensor, _ gradient: Tensor) throws(TensorError) {
    guard gradient.isOnePerRow(of: other) else {
      return try accumulate(Tensor.combine(gradient, other, .multiply).summed(to: shape))
    }
    if try accumulateInTable(rowsOf: other, times: gradient) { return }
    try accumulate(other.scaledRows(by: gradient))
  }

  /// Whether this has one element for each row of another tensor.
  private func isOnePerRow(of other: Tensor) -> Bool {
    guard count < other.count, dtype == .float32, let width = other.shape.last else { return false }
    return count * width == other.count
  }

  private func scaledRows(by gradient: Tensor) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape)
    ck_scale_rows(
      result.floats, floats, gradient.floats, Int64(gradient.count), Int64(count / gradient.count))
    return result
  }

  /// The quotient, element by element, broadcasting.
  ///
  /// Integers divide as floats.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try combine(a, b, .divide).recording(
      a, b, as: "DivBackward0", needing: b.requiresGradient ? .all : .second
    ) {
      a, b, gradient throws(TensorError) in
      let scaled = try combine(gradient, b, .divide)
      try a.accumulate(scaled.summed(to: a.shape))
      if b.requiresGradient {
        let quotient = try combine(a, b, .divide)
        try b.accumulate(combine(scaled, quotient, .multiply).map { -$0 }.summed(to: b.shape))
      }
    }
  }

  /// The negative of each element.
  public static prefix func - (a: Tensor) throws(TensorError) -> Tensor {
    try (a * -1).named("NegBackward0")
  }
}

// MARK: - A tensor and a number

extension Tensor {
  /// A number as an operand for `a`: of the same type if that is floating-point, else a float.
  public static func operand(_ number: Double, for a: Tensor) throws(TensorError) -> Tensor {
    try filled([], with: number, a.dtype == .float64 ? .float64 : .float32)
  }

  /// The number added to each element.
  public static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a + operand(b, for: a)
  }

  /// The number subtracted from each element.
  public static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a - operand(b, for: a)
  }

  /// Each element times the number.
  public static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a * operand(b, for: a)
  }

  /// Each element divided by the number.
  public static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a / operand(b, for: a)
  }

  /// Each element to the power of a number.
  public func power(_ exponent: Double) throws(TensorError) -> Tensor {
    let result = try Tensor.combine(self, Tensor.operand(exponent, for: self), .power)
    return result.recording(self, as: "PowBackward0") { x, gradient throws(TensorError) in
      let slope = try exponent == 0 ? Tensor.zeros(x.shape) : x.power(exponent - 1) * exponent
      try x.accumulate(Tensor.combine(gradient, slope.detached(), .multiply))
    }
  }
}

// MARK: - Without gradients

/// What a binary operation does with two elements.
enum BinaryOperation {
  case add, subtract, multiply, divide, maximum, minimum, power

  /// The vectorised loop for floats, if there is one.
  fileprivate var kernel: ck_operation? {
    switch self {
    case .add: CK_ADD
    case .subtract: CK_SUBTRACT
    case .multiply: CK_MULTIPLY
    case .divide: CK_DIVIDE
    case .maximum, .minimum, .power: nil
    }
  }
}

extension Tensor {
  /// A binary operation on broadcast elements of a common type; records nothing.
  static func combine(
    _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation
  ) throws(TensorError) -> Tensor {
    if a.dtype == .float32, b.dtype == .float32, let kernel = operation.kernel, a.shape == b.shape {
      // Nothing to promote or to broadcast.
      let result = try Tensor.unset(a.shape)
      let (x, y, z) = (a.floats, b.floats, result.floats)
      try Interruption.inParts(of: a.count) { start, count in
        ck_binary(kernel, z + start, x + start, 1, y + start, 1, Int64(count))
      }
      return result
    }
    let common = DType.promoted(a, b)
    guard operation != .subtract || (a.dtype != .bool && b.dtype != .bool) else {
      throw .unexpectedType(.bool, expected: "numbers to subtract")
    }
    var dtype = common == .bool ? .int64 : common
    if dtype.isWhole && (operation == .divide || operation == .power) { dtype = .float32 }
    let (a, b) = (try a.converted(to: dtype), try b.converted(to: dtype))
    let result = try Tensor.unset(Shape.broadcast(a.shape, b.shape), dtype)
    if dtype == .float32, let kernel = operation.kernel, try result.combine(a, b, kernel) {
      return result
    }
    switch dtype.stored {
    case .float32: try combineFloating(a, b, operation, into: result, Float.self, powf)
    case .float64: try combineFloating(a, b, operation, into: result, Double.self, pow)
    case .int64, .bool: try combineIntegers(a, b, operation, into: result)
    }
    result.wrapElements()
    return common == .bool && dtype == .int64 ? try result.converted(to: .bool) : result
  }

  /// Sets the elements by a kernel where both operands are whole or a single number; returns
  /// whether they are.
  private func combine(
    _ a: Tensor, _ b: Tensor, _ kernel: ck_operation
  ) throws(TensorError) -> Bool {
    let (wholeA, wholeB) = (a.count == count, b.count == count)
    guard wholeA || a.count == 1, wholeB || b.count == 1, wholeA || wholeB else { return false }
    let (x, y, z) = (a.floats, b.floats, floats)
    let (stepA, stepB) = (wholeA ? 1 : 0, wholeB ? 1 : 0)
    try Interruption.inParts(of: count) { start, count in
      ck_binary(
        kernel, z + start, x + start * stepA, Int64(stepA), y + start * stepB, Int64(stepB),
        Int64(count))
    }
    return true
  }

  @inline(__always)
  private static func combineFloating<Scalar: TensorScalar & BinaryFloatingPoint>(
    _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation, into result: Tensor,
    _ type: Scalar.Type, _ power: (Scalar, Scalar) -> Scalar
  ) throws(TensorError) {
    switch operation {
    case .add: try zip(a, b, into: result, type) { $0 + $1 }
    case .subtract: try zip(a, b, into: result, type) { $0 - $1 }
    case .multiply: try zip(a, b, into: result, type) { $0 * $1 }
    case .divide: try zip(a, b, into: result, type) { $0 / $1 }
    case .maximum: try zip(a, b, into: result, type) { $0 < $1 || $1.isNaN ? $1 : $0 }
    case .minimum: try zip(a, b, into: result, type) { $0 > $1 || $1.isNaN ? $1 : $0 }
    case .power: try zip(a, b, into: result, type, power)
    }
  }

  private static func combineIntegers(
    _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation, into result: Tensor
  ) throws(TensorError) {
    switch operation {
    case .add: try zip(a, b, into: result, Int64.self) { $0 &+ $1 }
    case .subtract: try zip(a, b, into: result, Int64.self) { $0 &- $1 }
    case .multiply: try zip(a, b, into: result, Int64.self) { $0 &* $1 }
    case .maximum: try zip(a, b, into: result, Int64.self) { max($0, $1) }
    case .minimum: try zip(a, b, into: result, Int64.self) { min($0, $1) }
    case .divide, .power: preconditionFailure("integers are made floats before \(operation)")
    }
  }

  @inline(__always)
  static func zip<Operand: TensorScalar, Result: TensorScalar>(
    _ a: Tensor, _ b: Tensor, into result: Tensor, _ type: Operand.Type,
    _ operation: (Operand, Operand) -> Result
  ) throws(TensorError) {
    let (x, y, z) = (
      a.pointer(to: type), b.pointer(to: type), result.pointer(to: Result.self)
    )
    // Each case of its own, so that its loop can be vectorised.
    @inline(__always) func run(_ i: Int, _ j: Int, _ k: Int, _ count: Int, _ steps: (Int, Int)) {
      switch steps {
      case (1, 1): for n in 0..<count { z[i + n] = operation(x[j + n], y[k + n]) }
      case (1, 0): for n in 0..<count { z[i + n] = operation(x[j + n], y[k]) }
      case (0, 1): for n in 0..<count { z[i + n] = operation(x[j], y[k + n]) }
      default:
        for n in 0..<count { z[i + n] = operation(x[j + n * steps.0], y[k + n * steps.1]) }
      }
    }
    if a.shape == b.shape {
      return try Interruption.inParts(of: result.count) { run($0, $0, $0, $1, (1, 1)) }
    }
    if b.count == 1 && a.shape == result.shape {
      return try Interruption.inParts(of: result.count) { run($0, $0, 0, $1, (1, 0)) }
    }
    if a.count == 1 && b.shape == result.shape {
      return try Interruption.inParts(of: result.count) { run($0, 0, $0, $1, (0, 1)) }
    }
    forEachRun(
      of: result.shape, Shape.strides(of: a.shape, broadcastTo: result.shape),
      Shape.strides(of: b.shape, broadcastTo: result.shape), run)
  }

  /// A function of each element of a `float32` tensor; records nothing.
  @inline(__always)
  func map(_ function: (Float) -> Float) throws(TensorError) -> Tensor {
    let source = try converted(to: .float32)
    let result = try Tensor.unset(shape)
    let (x, y) = (source.floats, result.floats)
    try Interruption.inParts(of: count) { start, count in
      for i in start..<start + count { y[i] = function(x[i]) }
    }
    return result
  }

  /// This gradient of a broadcast operand, summed over the dimensions that were repeated.
  func summed(to target: [Int]) throws(TensorError) -> Tensor {
    guard shape != target else { return self }
    let result = try Tensor.zeros(target)
    let source = try converted(to: .float32)
    let (x, z) = (source.floats, result.floats)
    if shape.count == 2, shape[1] == result.count, target.last == shape[1] {
      ck_add_rows(z, x, Int64(shape[0]), Int64(shape[1]))
      return result
    }
    let strides = Shape.strides(of: target, broadcastTo: shape)
    forEachRun(of: shape, strides, strides) { i, j, _, count, steps in
      if steps.0 == 1 {
        for n in 0..<count { z[j + n] += x[i + n] }
      } else {
        for n in 0..<count { z[j] += x[i + n] }
      }
    }
    return result
  }
}
