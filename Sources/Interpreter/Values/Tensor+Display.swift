package import Tensors

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
}
