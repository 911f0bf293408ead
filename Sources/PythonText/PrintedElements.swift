/// The elements of a tensor or an array in row-major order, of one of the types that are printed.
public enum PrintedElements: Equatable, Sendable {
  /// Single precision, the default.
  case float32([Float])
  /// Double precision.
  case float64([Double])
  /// Integers.
  case int64([Int64])
  /// Integers of fewer bits, with the name of their type.
  case narrow([Int64], type: String)
  /// Truth values.
  case bool([Bool])

  /// How many there are.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int64(let values), .narrow(let values, _): values.count
    case .bool(let values): values.count
    }
  }
}
