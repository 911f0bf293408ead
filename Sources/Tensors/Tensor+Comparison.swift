/// How two elements are compared.
public enum Relation: String, CaseIterable, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

// MARK: - Comparing

extension Tensor {
  /// Whether a relation holds between two elements, broadcasting: a `bool` tensor.
  ///
  ///     try ratings.compared(.greaterOrEqual, to: Tensor(scalar: 4 as Int64))
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public func compared(_ relation: Relation, to other: Tensor) throws(TensorError) -> Tensor {
    let common = DType.promoted(self, other)
    let dtype = common == .bool ? .int64 : common
    let (a, b) = (try converted(to: dtype), try other.converted(to: dtype))
    let result = try Tensor.unset(Shape.broadcast(shape, other.shape), .bool)
    switch dtype.stored {
    case .float32: try Tensor.compare(a, b, relation, into: result, Float.self)
    case .float64: try Tensor.compare(a, b, relation, into: result, Double.self)
    case .int64, .bool: try Tensor.compare(a, b, relation, into: result, Int64.self)
    }
    return result
  }

  private static func compare<Scalar: TensorScalar & Comparable>(
    _ a: Tensor, _ b: Tensor, _ relation: Relation, into result: Tensor, _ type: Scalar.Type
  ) throws(TensorError) {
    switch relation {
    case .equal: try zip(a, b, into: result, type) { $0 == $1 }
    case .notEqual: try zip(a, b, into: result, type) { $0 != $1 }
    case .less: try zip(a, b, into: result, type) { $0 < $1 }
    case .lessOrEqual: try zip(a, b, into: result, type) { $0 <= $1 }
    case .greater: try zip(a, b, into: result, type) { $0 > $1 }
    case .greaterOrEqual: try zip(a, b, into: result, type) { $0 >= $1 }
    }
  }

  /// Whether two elements differ by no more than `absolute + relative * |other|`, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedType(_:expected:)``
  ///   for different types.
  public func isClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8
  ) throws(TensorError) -> Tensor {
    try requireSameType(other)
    let (a, b) = (try converted(to: .float64), try other.converted(to: .float64))
    let result = try Tensor.unset(Shape.broadcast(shape, other.shape), .bool)
    try Tensor.zip(a, b, into: result, Double.self) { x, y in
      x == y || (y.isFinite && (x - y).magnitude <= absolute + relative * y.magnitude)
    }
    return result
  }

  /// Whether all elements are close to the other ones: PyTorch's `allclose`.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedType(_:expected:)``
  ///   for different types.
  public func isAllClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8
  ) throws(TensorError) -> Bool {
    let result = try isClose(to: other, relative: relative, absolute: absolute)
    return result.withElements(as: Bool.self) { $0.allSatisfy(\.self) }
  }

  func requireSameType(_ other: Tensor) throws(TensorError) {
    guard dtype == other.dtype else {
      throw .unexpectedType(other.dtype, expected: "\(dtype) elements, like those on the left")
    }
  }
}

// MARK: - Logic

extension Tensor {
  /// Whether both elements are true, or not 0, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public func and(_ other: Tensor) throws(TensorError) -> Tensor {
    try Tensor.combine(converted(to: .bool), other.converted(to: .bool), .multiply)
  }

  /// Whether one of two elements is true, or not 0, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public func or(_ other: Tensor) throws(TensorError) -> Tensor {
    try Tensor.combine(converted(to: .bool), other.converted(to: .bool), .add)
  }

  /// Whether each element is false, or 0.
  public func not() throws(TensorError) -> Tensor {
    try compared(.equal, to: Tensor(scalar: false))
  }

  /// Whether any element is true, or not 0; of all of them, or over some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func any(
    over dimensions: [Int]? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    let lines = try Lines(of: converted(to: .bool), over: dimensions)
    return try lines.reduced(keepingDimensions) { $0.contains { $0 } }
  }

  /// Whether all elements are true, or not 0; of all of them, or over some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func all(
    over dimensions: [Int]? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    let lines = try Lines(of: converted(to: .bool), over: dimensions)
    return try lines.reduced(keepingDimensions) { $0.allSatisfy { $0 } }
  }

  /// Elements of `a` where the condition holds, of `b` elsewhere, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless the condition is `bool`.
  public static func `where`(
    _ condition: Tensor, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Tensor {
    guard condition.dtype == .bool else {
      throw .unexpectedType(condition.dtype, expected: "a bool tensor to choose by")
    }
    return try choose(condition, a, b).recording(
      a, b, condition, as: "WhereBackward0", needing: .third
    ) { a, b, condition, gradient throws(TensorError) in
      let zero = try Tensor(scalar: 0 as Float)
      if a.requiresGradient {
        try a.accumulate(choose(condition, gradient, zero).summed(to: a.shape))
      }
      if b.requiresGradient {
        try b.accumulate(choose(condition, zero, gradient).summed(to: b.shape))
      }
    }
  }

  private static func choose(
    _ condition: Tensor, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Tensor {
    let dtype = DType.promoted(a, b)
    let shape = try Shape.broadcast(condition.shape, Shape.broadcast(a.shape, b.shape))
    let mask = try condition.expanded(to: shape)
    let x = try a.detached().converted(to: dtype).expanded(to: shape)
    let y = try b.detached().converted(to: dtype).expanded(to: shape)
    let result = try Tensor.unset(shape, dtype)
    switch dtype.stored {
    case .float32: choose(mask, x, y, into: result, Float.self)
    case .float64: choose(mask, x, y, into: result, Double.self)
    case .int64: choose(mask, x, y, into: result, Int64.self)
    case .bool: choose(mask, x, y, into: result, Bool.self)
    }
    return result
  }

  private static func choose<Scalar: TensorScalar>(
    _ mask: Tensor, _ a: Tensor, _ b: Tensor, into result: Tensor, _ type: Scalar.Type
  ) {
    let (m, x, y) = (mask.pointer(to: Bool.self), a.pointer(to: type), b.pointer(to: type))
    let z = result.pointer(to: type)
    for i in 0..<result.count { z[i] = m[i] ? x[i] : y[i] }
  }
}
