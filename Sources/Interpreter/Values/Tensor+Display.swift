import CollabPythonText
package import CollabTensors

extension Tensor {
  /// The tensor as PyTorch prints it.
  package var description: String {
    guard !isParameter else { return TensorFormat.parameterText(shownElements, shape: shape) }
    let gradient: TensorFormat.Gradient =
      if let gradientName { .function("\(gradientName)") } else {
        requiresGradient ? .required : .none
      }
    return TensorFormat.text(shownElements, shape: shape, gradient: gradient)
  }

  /// The elements as numpy prints an array of them.
  package var arrayDescription: String { ArrayFormat.text(shownElements, shape: shape) }

  /// The elements as `print` shows an array of them.
  package var arrayText: String { ArrayFormat.plainText(shownElements, shape: shape) }
}

extension Tensor {
  /// The elements that are printed: of a large tensor those at the ends of each dimension.
  ///
  /// A copy of all would take as much memory as the tensor.
  fileprivate var shownElements: PrintedElements {
    let part = ShownPart(of: shape)
    func values<Scalar: TensorScalar>(_ type: Scalar.Type) -> [Scalar] {
      guard part.isCut else { return scalars(as: type) }
      return withElements(as: type) { elements in part.places.map { elements[$0] } }
    }
    return switch dtype {
    case .float32: .float32(values(Float.self))
    case .float64: .float64(values(Double.self))
    case .int64: .int64(values(Int64.self))
    case .int32, .int16, .int8, .uint8: .narrow(values(Int64.self), type: dtype.rawValue)
    case .bool: .bool(values(Bool.self))
    }
  }
}
