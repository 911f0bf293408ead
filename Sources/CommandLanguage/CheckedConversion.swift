// This file is in every module that calculates, by a link: what it declares hides what the standard
// library has under the same names, in all files of that module.

extension FixedWidthInteger {
  /// A number without its fraction: the least or greatest integer where it lies beyond them, and 0 for
  /// what is not a number.
  init(clamping number: Double) {
    if let whole = Self(exactly: number.rounded(.towardZero)) {
      self = whole
    } else {
      self = number.isNaN ? 0 : number < 0 ? .min : .max
    }
  }
}

// The standard library ends the program where a floating-point number has no integer. A warning is an
// error here, so nobody converts in that way.

extension Int {
  @available(*, deprecated, message: "use Int(exactly:), or Int(clamping:), which cannot fail")
  init(_ number: Double) { self.init(clamping: number) }
  @available(*, deprecated, message: "use Int(exactly:), or Int(clamping:), which cannot fail")
  init(_ number: Float) { self.init(clamping: Double(number)) }
}

extension Int64 {
  @available(*, deprecated, message: "use Int64(exactly:), or Int64(clamping:), which cannot fail")
  init(_ number: Double) { self.init(clamping: number) }
  @available(*, deprecated, message: "use Int64(exactly:), or Int64(clamping:), which cannot fail")
  init(_ number: Float) { self.init(clamping: Double(number)) }
}

extension Int32 {
  @available(*, deprecated, message: "use Int32(exactly:), or Int32(clamping:), which cannot fail")
  init(_ number: Double) { self.init(clamping: number) }
}

extension UInt64 {
  @available(*, deprecated, message: "use UInt64(exactly:), or UInt64(clamping:)")
  init(_ number: Double) { self.init(clamping: number) }
}

extension UInt32 {
  @available(*, deprecated, message: "use UInt32(exactly:), or UInt32(clamping:)")
  init(_ number: Double) { self.init(clamping: number) }
}

extension UInt8 {
  @available(*, deprecated, message: "use UInt8(exactly:), or UInt8(clamping:)")
  init(_ number: Double) { self.init(clamping: number) }
}
