import CollabThreading
import Glibc

// MARK: - Floating-point functions

extension Tensor {
  /// e to the power of each element.
  public func exp() throws(TensorError) -> Tensor {
    try mapping("ExpBackward0", needing: .second, Glibc.exp) { $1 }
  }

  /// The natural logarithm of each element.
  public func log() throws(TensorError) -> Tensor {
    try mapping("LogBackward0", Glibc.log) { x, _ in 1 / x }
  }

  /// The logarithm of each element to base 2 or 10.
  ///
  /// - Precondition: the base is one of these.
  public func logarithm(base: Int) throws(TensorError) -> Tensor {
    precondition(base == 2 || base == 10, "a logarithm to base \(base)")
    let scale = 1 / Glibc.log(Double(base))
    return base == 2
      ? try mapping("Log2Backward0", Glibc.log2) { x, _ in scale / x }
      : try mapping("Log10Backward0", Glibc.log10) { x, _ in scale / x }
  }

  /// The natural logarithm of 1 + each element, without the loss of digits for tiny ones.
  public static func log(onePlus x: Tensor) throws(TensorError) -> Tensor {
    try x.mapping("Log1PBackward0", Glibc.log1p) { x, _ in 1 / (1 + x) }
  }

  /// The square root of each element.
  public func squareRoot() throws(TensorError) -> Tensor {
    try mapping("SqrtBackward0", needing: .second) {
      $0.squareRoot()
    } slope: {
      0.5 / $1
    }
  }

  /// The sine of each element, an angle in radians.
  public func sin() throws(TensorError) -> Tensor {
    try mapping("SinBackward0", Glibc.sin) { x, _ in Glibc.cos(x) }
  }

  /// The cosine of each element, an angle in radians.
  public func cos() throws(TensorError) -> Tensor {
    try mapping("CosBackward0", Glibc.cos) { x, _ in -Glibc.sin(x) }
  }

  /// The hyperbolic tangent of each element.
  public func tanh() throws(TensorError) -> Tensor {
    try mapping("TanhBackward0", needing: .second, Glibc.tanh) { 1 - $1 * $1 }
  }
}

// MARK: - Functions that keep integers

extension Tensor {
  /// Each element without its sign.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func absolute() throws(TensorError) -> Tensor {
    guard !dtype.isWhole else { return try mapIntegers { $0 < 0 ? 0 &- $0 : $0 } }
    return try requiringNumbers("absolute values").mapping("AbsBackward0") {
      $0.magnitude
    } slope: { x, _ in
      signum(x)
    }
  }

  /// −1, 0 or 1 for each element; 0 where there is no number, as in PyTorch.
  public func sign() throws(TensorError) -> Tensor {
    switch dtype.stored {
    case .bool: self
    case .int64: try mapIntegers { $0.signum() }
    case .float32, .float64: try mapping("SignBackward0", needing: [], signum) { _, _ in 0 }
    }
  }

  /// The integer nearest to each element; the even one of two.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func rounded() throws(TensorError) -> Tensor {
    try rounded(.toNearestOrEven, "RoundBackward0")
  }

  /// The nearest number with so many decimals; negative ones stand for tens and hundreds.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func rounded(toDecimals decimals: Int) throws(TensorError) -> Tensor {
    if dtype.isWhole {
      return decimals < 0 ? try mapIntegers { $0.rounded(toZeros: decimals.magnitude) } : self
    }
    let scale = Glibc.pow(10, Double(decimals.magnitude))
    // Dividing by a power of ten is exact to the last bit, multiplying by its inverse is not.
    return try requiringNumbers("numbers to round").mapping("RoundBackward1", needing: []) {
      let rounded =
        decimals < 0
        ? ($0 / scale).rounded(.toNearestOrEven) * scale
        : ($0 * scale).rounded(.toNearestOrEven) / scale
      return rounded.isFinite ? rounded : $0
    } slope: { _, _ in
      0
    }
  }

  /// The largest integer that is not above each element.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func floor() throws(TensorError) -> Tensor {
    try rounded(.down, "FloorBackward0")
  }

  /// The smallest integer that is not below each element.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func ceil() throws(TensorError) -> Tensor {
    try rounded(.up, "CeilBackward0")
  }

  /// Each element without its fraction.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func truncated() throws(TensorError) -> Tensor {
    try rounded(.towardZero, "TruncBackward0")
  }

  private func rounded(
    _ rule: FloatingPointRoundingRule, _ name: StaticString
  ) throws(TensorError) -> Tensor {
    guard !dtype.isWhole else { return self }
    return try requiringNumbers("numbers to round").mapping(name, needing: []) {
      $0.rounded(rule)
    } slope: { _, _ in
      0
    }
  }

  /// Each element, or the bound that it lies beyond.
  ///
  /// The gradient is that of the element, and 0 beyond a bound; bounds have none.
  ///
  ///     try x.clamped(from: Tensor.operand(0, for: x))
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public func clamped(from low: Tensor? = nil, to high: Tensor? = nil) throws(TensorError) -> Tensor
  {
    var result = detached()
    var isInside = try Tensor(scalar: true)
    if let low {
      result = try Tensor.combine(result, low, .maximum)
      isInside = try isInside.and(compared(.greaterOrEqual, to: low))
    }
    if let high {
      result = try Tensor.combine(result, high, .minimum)
      isInside = try isInside.and(compared(.lessOrEqual, to: high))
    }
    return result.recording(self, isInside, as: "ClampBackward1", needing: []) {
      x, isInside, gradient throws(TensorError) in
      let slopes = try Tensor.combine(gradient, isInside, .multiply)
      try x.accumulate(slopes.summed(to: x.shape))
    }
  }

  /// This tensor, whose elements are numbers.
  func requiringNumbers(_ purpose: String) throws(TensorError) -> Tensor {
    guard dtype != .bool else { throw .unexpectedType(.bool, expected: "numbers for \(purpose)") }
    return self
  }

  private func mapIntegers(_ function: (Int64) -> Int64) throws(TensorError) -> Tensor {
    let result = try Tensor.unset(shape, dtype)
    let (x, y) = (pointer(to: Int64.self), result.pointer(to: Int64.self))
    for i in 0..<count { y[i] = function(x[i]) }
    result.wrapElements()
    return result
  }
}

extension Int64 {
  /// The nearest multiple of a power of ten, the even one of two; wrapping where that does not fit.
  fileprivate func rounded(toZeros count: UInt) -> Int64 {
    guard count < 19 else { return 0 }
    let unit = (0..<count).reduce(Int64(1)) { unit, _ in unit * 10 }
    let (quotient, rest) = quotientAndRemainder(dividingBy: unit)
    let (twice, half) = (rest.magnitude * 2, unit.magnitude)
    let isUp = twice > half || (twice == half && quotient % 2 != 0)
    return (quotient + (isUp ? signum() : 0)) &* unit
  }
}

// MARK: - Mapping

/// The sign of a number, 0 for what is not a number.
private func signum(_ x: Double) -> Double {
  x > 0 ? 1 : x < 0 ? -1 : 0
}

extension Tensor {
  /// A function of each element and its derivative, `slope` of the element and the result, of which it
  /// is `needing` the first or the second.
  ///
  /// Integers count as floats. The function is taken in double and rounded once, so that the last
  /// bit of a float does not depend on the C library.
  @inline(__always)
  func mapping(
    _ name: StaticString, needing needed: Node.Needed = .first, _ function: (Double) -> Double,
    slope: @escaping (Double, Double) -> Double
  ) throws(TensorError) -> Tensor {
    let source = dtype.isFloatingPoint ? self : try converted(to: .float32)
    let result = try Tensor.unset(shape, source.dtype)
    if source.dtype == .float64 {
      try source.map(into: result, Double.self, function)
    } else {
      try source.map(into: result, Float.self, function)
    }
    guard requiresGradient else { return result }
    let memory = result.detached()
    return result.recording(self, memory, as: name, needing: needed) {
      operand, memory, gradient throws(TensorError) in
      let (before, after) = (
        try operand.converted(to: .float32), try memory.converted(to: .float32)
      )
      let slopes = try Tensor.unset(operand.shape)
      let (g, x, y, z) = (gradient.floats, before.floats, after.floats, slopes.floats)
      for i in 0..<slopes.count { z[i] = g[i] * Float(slope(Double(x[i]), Double(y[i]))) }
      try operand.accumulate(slopes)
    }
  }

  @inline(__always)
  private func map<Scalar: TensorScalar>(
    into result: Tensor, _ type: Scalar.Type, _ function: (Double) -> Double
  ) throws(TensorError) {
    let (x, y) = (pointer(to: type), result.pointer(to: type))
    try Interruption.forEach(count) { i in y[i] = Scalar(number: function(x[i].number)) }
  }
}
