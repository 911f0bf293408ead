import Glibc

// MARK: - Angles and exponentials

extension Tensor {
  /// The tangent of each element, an angle in radians.
  public func tan() throws(TensorError) -> Tensor {
    try mapping("TanBackward0", needing: .second, Glibc.tan) { 1 + $1 * $1 }
  }

  /// The angle whose sine each element is.
  public func arcsine() throws(TensorError) -> Tensor {
    try mapping("AsinBackward0", Glibc.asin) { x, _ in 1 / (1 - x * x).squareRoot() }
  }

  /// The angle whose cosine each element is.
  public func arccosine() throws(TensorError) -> Tensor {
    try mapping("AcosBackward0", Glibc.acos) { x, _ in -1 / (1 - x * x).squareRoot() }
  }

  /// The angle whose tangent each element is.
  public func arctangent() throws(TensorError) -> Tensor {
    try mapping("AtanBackward0", Glibc.atan) { x, _ in 1 / (1 + x * x) }
  }

  /// The hyperbolic sine of each element.
  public func sinh() throws(TensorError) -> Tensor {
    try mapping("SinhBackward0", Glibc.sinh) { x, _ in Glibc.cosh(x) }
  }

  /// The hyperbolic cosine of each element.
  public func cosh() throws(TensorError) -> Tensor {
    try mapping("CoshBackward0", Glibc.cosh) { x, _ in Glibc.sinh(x) }
  }

  /// e to the power of each element, less 1, without the loss of digits for tiny ones.
  public func expMinusOne() throws(TensorError) -> Tensor {
    try mapping("Expm1Backward0", needing: .second, Glibc.expm1) { $1 + 1 }
  }

  /// The error function of each element.
  public func errorFunction() throws(TensorError) -> Tensor {
    try mapping("ErfBackward0", Glibc.erf) { x, _ in
      2 / Double.pi.squareRoot() * Glibc.exp(-x * x)
    }
  }

  /// 1 over each element.
  public func reciprocal() throws(TensorError) -> Tensor {
    try mapping("ReciprocalBackward0", needing: .second) {
      1 / $0
    } slope: {
      -$1 * $1
    }
  }

  /// 1 over the square root of each element.
  public func reciprocalRoot() throws(TensorError) -> Tensor {
    try mapping("RsqrtBackward0", needing: .second) {
      1 / $0.squareRoot()
    } slope: {
      -0.5 * $1 * $1 * $1
    }
  }

  /// The logarithm of 1 + e to the power of each element: a smooth `relu`.
  public func softplus() throws(TensorError) -> Tensor {
    try mapping("SoftplusBackward0") {
      $0 > 20 ? $0 : Glibc.log1p(Glibc.exp($0))
    } slope: { x, _ in
      1 / (1 + Glibc.exp(-x))
    }
  }
}

// MARK: - What is no ordinary number

extension Tensor {
  /// Whether something holds for each element as a double.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public func elementsSatisfying(_ holds: (Double) -> Bool) throws(TensorError) -> Tensor {
    let source = try detached().converted(to: .float64)
    let result = try Tensor.unset(shape, .bool)
    let (x, z) = (source.pointer(to: Double.self), result.pointer(to: Bool.self))
    for i in 0..<count { z[i] = holds(x[i]) }
    return result
  }

  /// The elements, with others in place of what is not a number and of infinities.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public func withoutInfinities(
    nan: Double = 0, positive: Double? = nil, negative: Double? = nil
  ) throws(TensorError) -> Tensor {
    guard dtype.isFloatingPoint else { return self }
    let limit =
      dtype == .float32
      ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
    return try mapping("NanToNumBackward0") {
      $0.isNaN
        ? nan : $0 == .infinity ? positive ?? limit : $0 == -.infinity ? negative ?? -limit : $0
    } slope: { x, _ in
      x.isFinite ? 1 : 0
    }
  }
}
