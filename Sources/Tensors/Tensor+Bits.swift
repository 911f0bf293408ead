/// What is done with the bits of two whole numbers, or with two truth values.
public enum BitOperation: String, CaseIterable, Sendable {
  case and = "&"
  case or = "|"
  case exclusiveOr = "^"

  /// The operation on two whole numbers.
  public func apply<Number: FixedWidthInteger>(_ a: Number, _ b: Number) -> Number {
    switch self {
    case .and: a & b
    case .or: a | b
    case .exclusiveOr: a ^ b
    }
  }
}

// MARK: - Bits
extension Tensor {
  /// The operation on each pair of elements, broadcasting: of truth values one, else of whole numbers.
  ///
  ///     try isHigh.bitwise(.and, isMine)
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedType(_:expected:)``
  ///   for decimal numbers.
  public func bitwise(_ operation: BitOperation, _ other: Tensor) throws(TensorError) -> Tensor {
    try combiningBits(with: other, operation.apply)
  }

  /// Each truth value the other way round, or each whole number with all of its bits.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for decimal numbers.
  public func inverted() throws(TensorError) -> Tensor {
    try requireBits()
    guard dtype.isWhole else { return try not() }
    return try bitwise(.exclusiveOr, Tensor(scalar: -1 as Int64))
  }

  /// The bits of each element moved by as many places as another says, broadcasting.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedType(_:expected:)``
  ///   for decimal numbers.
  public func shifted(by other: Tensor, isLeft: Bool) throws(TensorError) -> Tensor {
    try combiningBits(with: other) { isLeft ? $0 << $1 : $0 >> $1 }
  }

  /// What is made of each pair of elements, broadcasting.
  private func combiningBits(
    with other: Tensor, _ combine: (Int64, Int64) -> Int64
  ) throws(TensorError) -> Tensor {
    try requireBits()
    try other.requireBits()
    let dtype = DType.promoted(self, other)
    let shape = try Shape.broadcast(shape, other.shape)
    let a = try converted(to: .int64).expanded(to: shape)
    let b = try other.converted(to: .int64).expanded(to: shape)
    let result = try Tensor.unset(shape, .int64)
    let (x, y) = (a.pointer(to: Int64.self), b.pointer(to: Int64.self))
    let z = result.pointer(to: Int64.self)
    for i in 0..<result.count { z[i] = combine(x[i], y[i]) }
    return try result.converted(to: dtype)
  }

  private func requireBits() throws(TensorError) {
    guard !dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "whole numbers or truth values")
    }
  }
}
