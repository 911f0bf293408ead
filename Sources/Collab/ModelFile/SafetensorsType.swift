import CollabTensors

/// What the elements of a tensor in a file are.
///
/// Source: the format of safetensors, <https://github.com/huggingface/safetensors>.
enum SafetensorsType: String {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case int64 = "I64"
  case uint64 = "U64"
  case float64 = "F64"

  /// The bytes of an element.
  var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// The type that tensors here have for it without a loss; nil for what they have none for.
  var dtype: DType? {
    switch self {
    case .bool: .bool
    case .float16, .bfloat16, .float32: .float32
    case .float64: .float64
    case .int64: .int64
    default: nil
    }
  }
}

extension DType {
  /// How files name it.
  var fileType: SafetensorsType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    // Whole numbers of narrow types lie in 64 bits.
    case .int64, .int32, .int16, .int8, .uint8: .int64
    case .bool: .bool
    }
  }
}
