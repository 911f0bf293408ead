import CollabThreading
import Glibc

// MARK: - Spread

extension Tensor {
  /// The variance of all elements, or over some dimensions.
  ///
  /// The sum of squared deviations is divided by the number of elements less `correction`: 1 for an
  /// estimate without bias, 0 for the variance of these very numbers.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func variance(
    over dimensions: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    try reducing(over: dimensions, keepingDimensions, to: "the variance", as: "VarBackward0") {
      row in
      squaredDeviations(row).sum / max(Double(row.count) - correction, 0)
    } slopes: { row, result in
      let mean = squaredDeviations(row).mean
      for i in row.indices { result[i] = 2 * (row[i] - mean) / (Double(row.count) - correction) }
    }
  }

  /// The standard deviation of all elements, or over some dimensions: the root of the variance.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func standardDeviation(
    over dimensions: [Int]? = nil, correction: Double = 1, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    try reducing(
      over: dimensions, keepingDimensions, to: "the standard deviation", as: "StdBackward0"
    ) { row in
      (squaredDeviations(row).sum / max(Double(row.count) - correction, 0)).squareRoot()
    } slopes: { row, result in
      let (mean, sum) = squaredDeviations(row)
      let divisor = (sum * (Double(row.count) - correction)).squareRoot()
      for i in row.indices { result[i] = divisor == 0 ? 0 : (row[i] - mean) / divisor }
    }
  }

  /// The `order`-norm of all elements, or over some dimensions: the root of the sum of their
  /// powers; the largest absolute value if `order` is infinite.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func norm(
    _ order: Double = 2, over dimensions: [Int]? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    guard count > 0 || order.isFinite else {
      throw .noElements(operation: "largest absolute value")
    }
    return try reducing(
      over: dimensions, keepingDimensions, to: "a norm", as: "LinalgVectorNormBackward0"
    ) { row in
      vectorNorm(row, order)
    } slopes: { row, result in
      let norm = vectorNorm(row, order)
      let ties = Double(row.count { $0.magnitude == norm })
      for i in row.indices {
        let sign: Double = row[i] > 0 ? 1 : row[i] < 0 ? -1 : 0
        result[i] =
          if norm == 0 || order == 0 { 0 } else if order.isInfinite {
            row[i].magnitude == norm ? sign / ties : 0
          } else if sign == 0 { 0 } else { sign * pow(row[i].magnitude / norm, order - 1) }
      }
    }
  }

  /// A number for each line of floating-point numbers, and how it changes with each of them.
  private func reducing(
    over dimensions: [Int]?, _ keepingDimensions: Bool, to purpose: String,
    as name: StaticString,
    _ function: (UnsafeBufferPointer<Double>) -> Double,
    slopes: @escaping (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(TensorError) -> Tensor {
    let lines = try Lines(of: requiringFloats(purpose), over: dimensions)
    let matrix = lines.matrix
    let result = try matrix.reducingRows(function).recordingRows(of: matrix, slopes: slopes)
    return try lines.reduced(result, keepingDimensions: keepingDimensions).named(name)
  }

  /// This tensor, whose elements are floating-point numbers.
  private func requiringFloats(_ purpose: String) throws(TensorError) -> Tensor {
    guard dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "floating-point numbers for \(purpose)")
    }
    return self
  }
}

private func squaredDeviations(_ row: UnsafeBufferPointer<Double>) -> (mean: Double, sum: Double) {
  let mean = row.reduce(0, +) / Double(row.count)
  return (mean, row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
}

private func vectorNorm(_ row: UnsafeBufferPointer<Double>, _ order: Double) -> Double {
  switch order {
  case 0: Double(row.count { $0 != 0 })
  case 1: row.reduce(0) { $0 + $1.magnitude }
  case 2: row.reduce(0) { $0 + $1 * $1 }.squareRoot()
  case .infinity: row.reduce(0) { $1.isNaN ? $1 : max($0, $1.magnitude) }
  case -.infinity: row.reduce(.infinity) { $1.isNaN ? $1 : min($0, $1.magnitude) }
  default: pow(row.reduce(0) { $0 + pow($1.magnitude, order) }, 1 / order)
  }
}

// MARK: - Products and running sums

extension Tensor {
  /// The product of all elements, or over some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func product(
    over dimensions: [Int]? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    let lines = try Lines(of: self, over: dimensions)
    let matrix = lines.matrix
    guard dtype.isFloatingPoint else {
      let (rows, width) = (matrix.shape[0], matrix.shape[1])
      let numbers = try matrix.converted(to: .int64).scalars(as: Int64.self)
      let products = (0..<rows).map { r in
        numbers[(r * width)..<((r + 1) * width)].reduce(Int64(1), &*)
      }
      return try lines.reduced(Tensor(products), keepingDimensions: keepingDimensions)
    }
    let result = try matrix.reducingRows { $0.reduce(1, *) }.recordingRows(of: matrix) {
      row, slopes in
      // The product of all others, without dividing: one of them may be 0.
      var (before, after) = (1.0, 1.0)
      for i in row.indices { (slopes[i], before) = (before, before * row[i]) }
      for i in row.indices.reversed() { (slopes[i], after) = (slopes[i] * after, after * row[i]) }
    }
    return try lines.reduced(result, keepingDimensions: keepingDimensions)
      .named(dimensions == nil ? "ProdBackward0" : "ProdBackward1")
  }

  /// The sum of each element and those before it along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func cumulativeSum(along dimension: Int) throws(TensorError) -> Tensor {
    let lines = try Lines(of: self, along: dimension)
    let matrix = lines.matrix
    guard dtype.isFloatingPoint else {
      let whole = try matrix.converted(to: .int64)
      let width = matrix.shape[1]
      let result = try Tensor.unset(matrix.shape, .int64)
      let (x, z) = (whole.pointer(to: Int64.self), result.pointer(to: Int64.self))
      try Interruption.forEach(result.count) { i in
        z[i] = i % width == 0 ? x[i] : z[i - 1] &+ x[i]
      }
      return try lines.restored(result)
    }
    let result = try matrix.mappingRows { row, result throws(TensorError) in
      var sum = 0.0
      try Interruption.forEach(row.count) { i in
        sum += row[i]
        result[i] = sum
      }
    }
    return try lines.restored(
      result.recording(matrix, as: "CumsumBackward0", needing: []) {
        matrix, gradient throws(TensorError) in
        try matrix.accumulate(gradient.flipped([1]).cumulativeSum(along: 1).flipped([1]))
      }
    ).named("CumsumBackward0")
  }
}

// MARK: - Softmax

extension Tensor {
  /// The natural logarithm of the sum of e to the power of all elements, or over some dimensions.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func logarithmOfSum(
    over dimensions: [Int]? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    try reducing(
      over: dimensions, keepingDimensions, to: "logsumexp", as: "LogsumexpBackward0"
    ) { row in
      rowLogarithmOfSum(row)
    } slopes: { row, result in
      let logarithm = rowLogarithmOfSum(row)
      for i in row.indices { result[i] = Glibc.exp(row[i] - logarithm) }
    }
  }

  /// The largest or smallest of all elements, or over some dimensions; equal ones share the gradient.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func extreme(
    largest: Bool, over dimensions: [Int]?, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    func best(_ row: UnsafeBufferPointer<Double>) -> Double {
      row.first { $0.isNaN } ?? (largest ? row.max() : row.min()) ?? .nan
    }
    return try reducing(
      over: dimensions, keepingDimensions, to: largest ? "amax" : "amin",
      as: largest ? "AmaxBackward0" : "AminBackward0"
    ) { row in
      best(row)
    } slopes: { row, result in
      let value = best(row)
      let ties = Double(row.count { $0 == value })
      for i in row.indices { result[i] = row[i] == value ? 1 / ties : 0 }
    }
  }
}

extension Tensor {
  /// e to the power of each element, over the sum of them along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func softmax(along dimension: Int) throws(TensorError) -> Tensor {
    let lines = try Lines(of: requiringFloats("softmax"), along: dimension)
    let matrix = lines.matrix
    let result = try matrix.mappingRows { row, result in
      let logarithm = rowLogarithmOfSum(row)
      for i in row.indices { result[i] = Glibc.exp(row[i] - logarithm) }
    }
    let memory = result.detached()
    return try lines.restored(
      result.recording(matrix, memory, as: "SoftmaxBackward0", needing: .second) {
        matrix, memory, gradient throws(TensorError) in
        let product = try Tensor.combine(gradient, memory, .multiply)
        let sums = try product.sum(over: [1], keepingDimensions: true)
        try matrix.accumulate(
          Tensor.combine(product, Tensor.combine(memory, sums, .multiply), .subtract))
      }
    ).named("SoftmaxBackward0")
  }

  /// The natural logarithm of the softmax along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func logSoftmax(along dimension: Int) throws(TensorError) -> Tensor {
    let lines = try Lines(of: requiringFloats("log_softmax"), along: dimension)
    let matrix = lines.matrix
    let result = try matrix.mappingRows { row, result in
      let logarithm = rowLogarithmOfSum(row)
      for i in row.indices { result[i] = row[i] - logarithm }
    }
    let memory = result.detached()
    return try lines.restored(
      result.recording(matrix, memory, as: "LogSoftmaxBackward0", needing: .second) {
        matrix, memory, gradient throws(TensorError) in
        let sums = try gradient.sum(over: [1], keepingDimensions: true)
        try matrix.accumulate(
          Tensor.combine(gradient, Tensor.combine(memory.exp(), sums, .multiply), .subtract))
      }
    ).named("LogSoftmaxBackward0")
  }
}

/// The natural logarithm of the sum of e to the power of each number, which need not fit a double.
private func rowLogarithmOfSum(_ row: UnsafeBufferPointer<Double>) -> Double {
  let largest = row.max() ?? 0
  let shift = largest.isFinite ? largest : 0
  return shift + Glibc.log(row.reduce(0) { $0 + Glibc.exp($1 - shift) })
}
