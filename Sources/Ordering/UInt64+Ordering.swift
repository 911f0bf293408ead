extension UInt64 {
  /// The key of what is not a number; it follows all others.
  package static let keyOfNone = UInt64.max

  /// A key that ascends with numbers; both zeros have the same.
  @inlinable
  package init(ordering number: Double) {
    guard !number.isNaN else {
      self = .max
      return
    }
    let bits = (number + 0).bitPattern
    self = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// A key that ascends with whole numbers.
  @inlinable
  package init(ordering number: Int) { self = UInt64(bitPattern: Int64(number)) ^ 1 << 63 }

  /// The number with this key.
  @inlinable
  package var orderedDouble: Double {
    Double(bitPattern: self >> 63 == 1 ? self & ~(1 << 63) : ~self)
  }

  /// The whole number with this key.
  @inlinable
  package var orderedInteger: Int { Int(Int64(bitPattern: self ^ 1 << 63)) }
}
