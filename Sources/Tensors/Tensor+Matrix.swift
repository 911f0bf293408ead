import CCollabKernels
import CollabThreading

extension Tensor {
  /// The matrix product: PyTorch's `@` for vectors and matrices.
  ///
  /// - Shape: `[m, k]` by `[k, n]` gives `[m, n]`; a vector stands for one row on the left, for one
  ///   column on the right, and that dimension is dropped from the result.
  /// - Throws: ``TensorError/cannotMultiply(_:_:)``.
  public func multiplied(by other: Tensor) throws(TensorError) -> Tensor {
    try requireSameType(other)
    guard dtype != .bool else { throw .unexpectedType(.bool, expected: "numbers to multiply") }
    if max(shape.count, other.shape.count) > 2 { return try batchProduct(other) }
    guard (1...2).contains(shape.count), (1...2).contains(other.shape.count),
      shape.last == other.shape.first
    else { throw .cannotMultiply(shape, other.shape) }
    let left = shape.count == 1 ? try unsqueezed(0) : self
    let right = other.shape.count == 1 ? try other.unsqueezed(1) : other
    let product = try left.matrixProduct(right)
    if shape.count == 2 && other.shape.count == 2 { return product }
    let name: StaticString =
      shape.count == 2
      ? "MvBackward0" : other.shape.count == 2 ? "SqueezeBackward4" : "DotBackward0"
    return try product.reshaped(to: shape.dropLast() + other.shape.dropFirst()).named(name)
  }

  private func matrixProduct(_ other: Tensor) throws(TensorError) -> Tensor {
    let dtype = DType.promoted(dtype, other.dtype)
    guard dtype == .float32 else { return try generalProduct(other, dtype) }
    let (a, b) = (try converted(to: dtype), try other.converted(to: dtype))
    return try Tensor.product(a, b).recording(
      a, b, as: "MmBackward0", needing: Tensor.needed(a, b)
    ) {
      a, b, gradient throws(TensorError) in
      if a.requiresGradient {
        try a.accumulate(Tensor.product(gradient, b, transposing: .right))
      }
      if b.requiresGradient {
        try b.accumulate(Tensor.product(a, gradient, transposing: .left))
      }
    }
  }

  /// This matrix times the transpose of `weight`, plus `bias`: a linear layer.
  ///
  /// - Shape: `[batch, in]` with a weight `[out, in]` and a bias `[out]` gives `[batch, out]`.
  /// - Throws: ``TensorError/cannotMultiply(_:_:)``.
  public func linear(weight: Tensor, bias: Tensor?) throws(TensorError) -> Tensor {
    guard shape.count == 2, weight.shape.count == 2, shape[1] == weight.shape[1] else {
      throw .cannotMultiply(shape, weight.shape.reversed())
    }
    guard dtype == .float32, weight.dtype == .float32 else {
      throw .unexpectedType(dtype == .float32 ? weight.dtype : dtype, expected: "float32 elements")
    }
    let result = try Tensor.product(self, weight, transposing: .right)
    if let bias {
      ck_add_to_rows(result.floats, bias.floats, Int64(shape[0]), Int64(weight.shape[0]))
    }
    guard let bias else {
      return result.recording(
        self, weight, as: "MmBackward0", needing: Tensor.needed(self, weight)
      ) {
        x, weight, gradient throws(TensorError) in
        try gradient.sendBackThroughProduct(of: x, weight)
      }
    }
    return result.recording(
      self, weight, bias, as: "AddmmBackward0", needing: Tensor.needed(self, weight)
    ) {
      x, weight, bias, gradient throws(TensorError) in
      try gradient.sendBackThroughProduct(of: x, weight)
      try bias.accumulate(gradient.summed(to: bias.shape))
    }
  }

  /// Adds this gradient of `x` times the transpose of `weight` to those of both.
  private func sendBackThroughProduct(of x: Tensor, _ weight: Tensor) throws(TensorError) {
    if x.requiresGradient { try x.accumulate(Tensor.product(self, weight)) }
    if weight.requiresGradient {
      try weight.accumulate(Tensor.product(self, x, transposing: .left))
    }
  }

  /// The product of two `float32` matrices that fit; records nothing.
  private static func product(
    _ a: Tensor, _ b: Tensor, transposing side: Side = .neither
  ) throws(TensorError) -> Tensor {
    let (left, right) = (Layout(a, side == .left), Layout(b, side == .right))
    let result = try Tensor.unset(left.rows, right.columns)
    // Each element is summed in the same order, whoever does it.
    let isLarge = left.rows * left.columns * right.columns >= parallelProducts
    let threads = isLarge ? Threads.current : .one
    let (x, y, z) = (a.floats, b.floats, result.floats)
    func multiply(_ rows: Range<Int>) {
      let pieces = max(1, min(threads.count, rows.count))
      threads.forEach(pieces) { piece in
        let start = rows.lowerBound + rows.count * piece / pieces
        let end = rows.lowerBound + rows.count * (piece + 1) / pieces
        ck_multiply(
          z + start * right.columns, x + start * Int(left.down), left.down, left.along, y,
          right.down, right.along, Int64(end - start), Int64(left.columns), Int64(right.columns))
      }
    }
    // In parts, so that what takes seconds can be stopped.
    let products = max(left.columns, 1).multipliedReportingOverflow(by: max(right.columns, 1))
    let part = max(products.overflow ? 1 : interruptibleProducts / products.partialValue, 1)
    guard part < left.rows else {
      multiply(0..<left.rows)
      return result
    }
    for start in stride(from: 0, to: left.rows, by: part) {
      try Interruption.check()
      multiply(start..<min(start + part, left.rows))
    }
    return result
  }

  /// Products of elements from which on threads are worth the handing over.
  private static let parallelProducts = 1 << 24

  /// Products of elements after which whoever waits is asked: some hundredths of a second.
  private static let interruptibleProducts = 1 << 30

  /// The operand of a product that is transposed first.
  private enum Side {
    case neither, left, right
  }

  /// How a matrix or its transpose lies in memory.
  private struct Layout {
    let rows: Int
    let columns: Int
    /// Elements from row to row.
    let down: Int64
    /// Elements from column to column.
    let along: Int64

    init(_ matrix: Tensor, _ isTransposed: Bool) {
      let (rows, columns) = (matrix.shape[0], matrix.shape[1])
      (self.rows, self.columns) = isTransposed ? (columns, rows) : (rows, columns)
      (down, along) = isTransposed ? (1, Int64(columns)) : (Int64(columns), 1)
    }
  }

  /// The product of two matrices of another type, in the plain order.
  private func generalProduct(_ other: Tensor, _ dtype: DType) throws(TensorError) -> Tensor {
    let exact: DType = dtype == .float64 ? .float64 : .int64
    let (a, b) = (try converted(to: exact), try other.converted(to: exact))
    let result = try Tensor.unset([shape[0], other.shape[1]], exact)
    if exact == .float64 {
      Tensor.product(a, b, into: result, Double.self) { $0 + $1 * $2 }
    } else {
      Tensor.product(a, b, into: result, Int64.self) { $0 &+ $1 &* $2 }
    }
    return result
  }

  private static func product<Scalar: TensorScalar & Numeric>(
    _ a: Tensor, _ b: Tensor, into result: Tensor, _ type: Scalar.Type,
    _ addProduct: (Scalar, Scalar, Scalar) -> Scalar
  ) {
    let (x, y, z) = (a.pointer(to: type), b.pointer(to: type), result.pointer(to: type))
    let (inner, columns) = (a.shape[1], b.shape[1])
    for i in 0..<a.shape[0] {
      for j in 0..<columns {
        var sum: Scalar = 0
        for k in 0..<inner { sum = addProduct(sum, x[i * inner + k], y[k * columns + j]) }
        z[i * columns + j] = sum
      }
    }
  }
}
