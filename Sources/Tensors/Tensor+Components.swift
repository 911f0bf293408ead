import CollabThreading

extension Tensor {
  /// The rows of this matrix along the directions in which they differ most: principal components.
  ///
  ///     let factors = try movieFactors.principalComponents(3)  // [movies, 3]
  ///
  /// The rows less their mean are projected on the first left singular vectors of the transpose.
  /// A direction and its opposite would do equally; here the component of a direction with the
  /// largest absolute value is positive, so that the result depends on the matrix alone.
  ///
  /// - Shape: `[n, m]` gives `[n, count]`, or fewer columns if `n` or `m` is smaller than `count`.
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` unless this is a matrix,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless it is floating-point,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` for a negative number of components.
  ///
  /// Source: fastai's `Tensor.pca`, `fastai/torch_core.py`. The result has no gradient.
  public func principalComponents(_ count: Int = 2) throws(TensorError) -> Tensor {
    try requireMatrixOfFloats()
    guard count >= 0 else {
      throw .unexpectedNumber(Double(count), expected: "a number of components")
    }
    let numbers = try detached().converted(to: .float64)
    let centered = try numbers - numbers.mean(over: [0], keepingDimensions: true)
    let directions = try centered.transposed().singularValueDecomposition().left
    let chosen = try directions.indexed(by: [.ellipsis, .slice(start: 0, stop: count)])
    return try centered.multiplied(by: chosen).converted(to: dtype)
  }

  /// This matrix as `left * diagonal(values) * right.transposed()`: PyTorch's `svd`.
  ///
  /// Values fall; `left` and `right` have a column for each, of length 1, or of zeros where a value
  /// is 0. The component of a column of `left` with the largest absolute value is positive.
  ///
  /// - Shape: `[n, m]` gives `[n, k]`, `[k]` and `[m, k]`, with `k` the smaller of `n` and `m`.
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` unless this is a matrix,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless it is floating-point.
  /// - Complexity: O(*n* *m* *k*), about ten times.
  public func singularValueDecomposition() throws(TensorError) -> (
    left: Tensor, values: Tensor, right: Tensor
  ) {
    try requireMatrixOfFloats()
    let smaller = min(shape[0], shape[1])
    try MemoryBudget.require(4 * count + 2 * smaller * smaller, of: 8)
    let isWide = shape[0] <= shape[1]
    let numbers = try detached().converted(to: .float64)
    let rows = try isWide ? numbers : numbers.transposed()
    let count = rows.shape[0]
    let rotation = try RowRotation(
      rows.scalars(as: Double.self), rowCount: count, width: rows.shape[1])

    var (left, values, right): ([Double], [Double], [Double]) = ([], [], [])
    for n in rotation.descendingOrder {
      let (length, direction) = rotation.direction(n)
      let mixture = rotation.mixture(n)
      let column = isWide ? mixture : direction
      let sign: Double = (column.max { $0.magnitude < $1.magnitude } ?? 0) < 0 ? -1 : 1
      values.append(length)
      left += column.map { $0 * sign }
      right += (isWide ? direction : mixture).map { $0 * sign }
    }
    return (
      try Tensor(left, shape: [count, shape[0]]).transposed().converted(to: dtype),
      try Tensor(values).converted(to: dtype),
      try Tensor(right, shape: [count, shape[1]]).transposed().converted(to: dtype)
    )
  }

  private func requireMatrixOfFloats() throws(TensorError) {
    guard shape.count == 2 else { throw .unexpectedShape(shape, expected: "a matrix") }
    guard dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "a matrix of floating-point numbers")
    }
  }
}

/// The rows of a matrix, rotated in pairs until each is at right angles to all others.
///
/// Source: the one-sided Jacobi method of Hestenes; Golub and Van Loan, "Matrix Computations"
/// (2013), section 8.6.3.
private struct RowRotation {
  private let rowCount: Int
  private let width: Int
  private var rows: [Double]
  /// How each row is made of the original ones: a row of its own, of length 1.
  private var mixtures: [Double]
  /// The squared lengths of the rows.
  private var squares: [Double]

  init(_ numbers: [Double], rowCount: Int, width: Int) throws(TensorError) {
    (self.rowCount, self.width) = (rowCount, width)
    rows = numbers
    mixtures = (0..<(rowCount * rowCount)).map { $0 / rowCount == $0 % rowCount ? 1 : 0 }
    squares = [Double](repeating: 0, count: rowCount)
    // Convergence is quadratic: about eight rounds for a hundred rows.
    for _ in 0..<40 {
      for n in 0..<rowCount { squares[n] = dot(n, n) }
      var isDone = true
      for p in 0..<rowCount {
        if rowCount > 100 { try Interruption.check() }
        for q in (p + 1)..<max(rowCount, p + 1) where rotate(p, q) { isDone = false }
      }
      if isDone { break }
    }
    for n in 0..<rowCount { squares[n] = dot(n, n) }
  }

  /// Rows by length, the longest first.
  var descendingOrder: [Int] {
    (0..<rowCount).sorted { (squares[$1], $0) < (squares[$0], $1) }
  }

  /// The length of a row, and the row made of length 1.
  func direction(_ n: Int) -> (length: Double, row: [Double]) {
    let length = squares[n].squareRoot()
    return (length, rows[(n * width)..<((n + 1) * width)].map { length == 0 ? 0 : $0 / length })
  }

  /// How a row is made of the original ones.
  func mixture(_ n: Int) -> [Double] {
    Array(mixtures[(n * rowCount)..<((n + 1) * rowCount)])
  }

  private func dot(_ p: Int, _ q: Int) -> Double {
    rows.withUnsafeBufferPointer { rows in
      // Eight sums at a time: a single one would wait for each addition.
      var sums = SIMD8<Double>.zero
      var sum = 0.0
      for k in stride(from: 0, to: width - width % 8, by: 8) {
        for lane in 0..<8 { sums[lane] += rows[p * width + k + lane] * rows[q * width + k + lane] }
      }
      for k in (width - width % 8)..<width { sum += rows[p * width + k] * rows[q * width + k] }
      return sums.sum() + sum
    }
  }

  /// Turns two rows to a right angle; whether they were at another one.
  private mutating func rotate(_ p: Int, _ q: Int) -> Bool {
    let product = dot(p, q)
    let isSkew = product.magnitude > 1e-15 * (squares[p] * squares[q]).squareRoot()
    // Also false if something is not a number.
    guard isSkew else { return false }
    let tau = (squares[q] - squares[p]) / (2 * product)
    let tangent = (tau < 0 ? -1 : 1) / (tau.magnitude + (1 + tau * tau).squareRoot())
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    squares[p] -= tangent * product
    squares[q] += tangent * product
    Self.turn(&rows, width, p, q, cosine, tangent * cosine)
    Self.turn(&mixtures, rowCount, p, q, cosine, tangent * cosine)
    return true
  }

  private static func turn(
    _ matrix: inout [Double], _ width: Int, _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double
  ) {
    matrix.withUnsafeMutableBufferPointer { a in
      for k in 0..<width {
        let (x, y) = (a[p * width + k], a[q * width + k])
        a[p * width + k] = cosine * x - sine * y
        a[q * width + k] = sine * x + cosine * y
      }
    }
  }
}
