import PythonText
import Tensors

extension Tensor {
  /// The elements, for printing.
  private var printed: PrintedElements {
    switch dtype {
    case .float32: .float32(scalars(as: Float.self))
    case .float64: .float64(scalars(as: Double.self))
    case .int64: .int64(scalars(as: Int64.self))
    case .bool: .bool(scalars(as: Bool.self))
    }
  }

  /// The tensor as PyTorch prints it.
  var description: String {
    guard !isParameter else { return TensorFormat.parameterText(printed, shape: shape) }
    let gradient: TensorFormat.Gradient =
      if let gradientName { .function("\(gradientName)") } else {
        requiresGradient ? .required : .none
      }
    return TensorFormat.text(printed, shape: shape, gradient: gradient)
  }

  /// The elements as numpy prints an array of them.
  var arrayDescription: String { ArrayFormat.text(printed, shape: shape) }
}
