/// What the elements of a tensor are.
public enum DType: String, Sendable {
  case float32, float64, int64, int32, int16, int8, uint8, bool

  /// How elements lie in memory: whole numbers of all types in 64 bits, so that there is one loop for
  /// all of them; those of a narrow type are brought into its range where they arise.
  enum Stored: Sendable {
    case float32, float64, int64, bool
  }

  /// How the elements lie in memory.
  var stored: Stored {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int64, .int32, .int16, .int8, .uint8: .int64
    case .bool: .bool
    }
  }

  /// Bytes of one element.
  var byteCount: Int {
    switch stored {
    case .float32: 4
    case .float64, .int64: 8
    case .bool: 1
    }
  }

  /// Whether elements are whole numbers.
  public var isWhole: Bool { stored == .int64 }

  /// Whether elements are whole numbers of fewer than 64 bits.
  var isNarrow: Bool { isWhole && self != .int64 }

  /// The whole number of this type that has the same lowest bits.
  func wrapped(_ whole: Int64) -> Int64 {
    switch self {
    case .int32: Int64(Int32(truncatingIfNeeded: whole))
    case .int16: Int64(Int16(truncatingIfNeeded: whole))
    case .int8: Int64(Int8(truncatingIfNeeded: whole))
    case .uint8: Int64(UInt8(truncatingIfNeeded: whole))
    case .float32, .float64, .int64, .bool: whole
    }
  }

  /// The type that a binary operation on two tensors works in: PyTorch's promotion.
  static func promoted(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    // Neither has room for the other's numbers.
    if (a, b) == (.uint8, .int8) || (a, b) == (.int8, .uint8) { return .int16 }
    let rising: [DType] = [.bool, .uint8, .int8, .int16, .int32, .int64, .float32, .float64]
    return rising.last { $0 == a || $0 == b } ?? a
  }

  /// The type that an operation on two tensors works in: PyTorch's promotion, in which a single
  /// number of the same kind (integer or floating-point) does not widen a tensor with dimensions.
  static func promoted(_ a: Tensor, _ b: Tensor) -> DType {
    if a.dtype == b.dtype || a.shape.isEmpty == b.shape.isEmpty {
      return promoted(a.dtype, b.dtype)
    }
    let (whole, number) = a.shape.isEmpty ? (b.dtype, a.dtype) : (a.dtype, b.dtype)
    let isOfOneKind = whole.isWhole && number.isWhole
    return isOfOneKind || (whole == .float32 && number == .float64)
      ? whole : promoted(whole, number)
  }

  /// Whether elements are floating-point numbers.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// A Swift type that can be an element.
public protocol TensorScalar: Sendable {
  /// The element type that this Swift type stands for.
  static var dtype: DType { get }
  /// The element nearest to a whole number.
  init(whole: Int64)
  /// The element nearest to a number; toward zero for integers, and whether it is not 0 for `Bool`.
  init(number: Double)
  /// The element as a number.
  var number: Double { get }
}

extension Float: TensorScalar {
  /// `float32`.
  public static var dtype: DType { .float32 }
  /// The nearest float, halves to even.
  public init(whole: Int64) { self = Float(whole) }
  /// The nearest float, halves to even; infinite beyond the largest.
  public init(number: Double) { self = Float(number) }
  /// The same number.
  public var number: Double { Double(self) }
}

extension Double: TensorScalar {
  /// `float64`.
  public static var dtype: DType { .float64 }
  /// The nearest double, exact up to 2⁵³.
  public init(whole: Int64) { self = Double(whole) }
  /// The number itself.
  public init(number: Double) { self = number }
  /// The number itself.
  public var number: Double { self }
}

extension Int64: TensorScalar {
  /// `int64`.
  public static var dtype: DType { .int64 }
  /// The number itself.
  public init(whole: Int64) { self = whole }
  /// The number without its fraction; what has no integer becomes the smallest one, as in PyTorch.
  public init(number: Double) { self = Int64(exactly: number.rounded(.towardZero)) ?? .min }
  /// The nearest double, exact up to 2⁵³.
  public var number: Double { Double(self) }
}

extension Bool: TensorScalar {
  /// `bool`.
  public static var dtype: DType { .bool }
  /// Whether the number is not 0.
  public init(whole: Int64) { self = whole != 0 }
  /// Whether the number is not 0.
  public init(number: Double) { self = number != 0 }
  /// 1 for true, 0 for false.
  public var number: Double { self ? 1 : 0 }
}
