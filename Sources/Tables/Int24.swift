/// A whole number in three bytes, as ids of users and items mostly are: kept, not calculated with.
struct Int24: Sendable {
  /// The numbers that fit.
  static let range: ClosedRange<Int32> = -0x80_0000...0x7F_FFFF

  private let low: UInt8
  private let middle: UInt8
  private let high: Int8

  /// The lower three bytes of a number; all of it if it is in `range`.
  init(truncatingIfNeeded value: Int32) {
    low = UInt8(truncatingIfNeeded: value)
    middle = UInt8(truncatingIfNeeded: value >> 8)
    high = Int8(truncatingIfNeeded: value >> 16)
  }

  /// The number.
  var value: Int32 { Int32(high) << 16 | Int32(middle) << 8 | Int32(low) }
}
