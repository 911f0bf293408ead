import Glibc

// MARK: - Numbers beside a tensor

extension Tensor {
  /// The integer added to each element, whose type stays.
  public static func + (a: Tensor, b: Int) throws(TensorError) -> Tensor {
    try a + Tensor(scalar: Int64(b))
  }

  /// The integer subtracted from each element, whose type stays.
  public static func - (a: Tensor, b: Int) throws(TensorError) -> Tensor {
    try a - Tensor(scalar: Int64(b))
  }

  /// Each element times the integer, of the same type.
  public static func * (a: Tensor, b: Int) throws(TensorError) -> Tensor {
    try a * Tensor(scalar: Int64(b))
  }

  /// Each element divided by the integer; integers divide as floats.
  public static func / (a: Tensor, b: Int) throws(TensorError) -> Tensor {
    try a / Tensor(scalar: Int64(b))
  }

  /// Each element to the power of an integer; integers stay integers.
  ///
  /// - Throws: ``TensorError/unexpectedNumber(_:expected:)`` for integers to a negative power.
  public func power(_ exponent: Int) throws(TensorError) -> Tensor {
    guard !dtype.isFloatingPoint else { return try power(Double(exponent)) }
    guard exponent >= 0 else {
      throw .unexpectedNumber(
        Double(exponent), expected: "a power of integers that is not negative")
    }
    return try power(Tensor(scalar: Int64(exponent)))
  }
}

// MARK: - Larger and smaller

extension Tensor {
  /// The larger of two elements, broadcasting.
  ///
  /// Of two equal ones, each has half of the gradient.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func maximum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try extreme(a, b, .maximum, .less)
  }

  /// The smaller of two elements, broadcasting.
  ///
  /// Of two equal ones, each has half of the gradient.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public static func minimum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try extreme(a, b, .minimum, .greater)
  }

  private static func extreme(
    _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation, _ loses: Relation
  ) throws(TensorError) -> Tensor {
    try combine(a, b, operation).recording(
      a, b, as: operation == .maximum ? "MaximumBackward0" : "MinimumBackward0"
    ) { a, b, gradient throws(TensorError) in
      let isTie = try a.compared(.equal, to: b)
      let share = try `where`(
        isTie, combine(gradient, Tensor(scalar: 0.5 as Float), .multiply), gradient)
      for (winner, other) in [(a, b), (b, a)] where winner.requiresGradient {
        let part = try combine(share, winner.compared(loses, to: other).not(), .multiply)
        try winner.accumulate(part.summed(to: winner.shape))
      }
    }
  }
}

// MARK: - Dividing without a rest

extension Tensor {
  /// The quotient rounded down, broadcasting: Python's `//`.
  ///
  /// It has no gradient.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedNumber(_:expected:)``
  ///   for integers divided by 0.
  public func floorDivided(by other: Tensor) throws(TensorError) -> Tensor {
    try combineNumbers(other, purpose: "//", floatingQuotient) { a, b throws(TensorError) in
      try Tensor.requireNotZero(b)
      let (quotient, rest) = quotientAndRemainder(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? quotient &- 1 : quotient
    }
  }

  /// What is left after `floorDivided(by:)`, with the sign of the divisor: Python's `%`.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedNumber(_:expected:)``
  ///   for integers divided by 0.
  public func remainder(dividingBy other: Tensor) throws(TensorError) -> Tensor {
    let result = try combineNumbers(other, purpose: "%", floatingRemainder) {
      a, b throws(TensorError) in
      try Tensor.requireNotZero(b)
      let rest = quotientAndRemainder(a, b).remainder
      return rest != 0 && (rest < 0) != (b < 0) ? rest &+ b : rest
    }
    return result.recording(
      self, other, as: "RemainderBackward0", needing: other.requiresGradient ? .all : []
    ) {
      x, other, gradient throws(TensorError) in
      try x.accumulate(gradient.summed(to: x.shape))
      if other.requiresGradient {
        let quotient = try x.floorDivided(by: other)
        try other.accumulate(
          Tensor.combine(gradient, quotient, .multiply).map { -$0 }.summed(to: other.shape))
      }
    }
  }

  /// Elements to the power of others, broadcasting; integers to integers stay integers.
  ///
  /// As in PyTorch, an integer to a negative power is 0 unless it is 1 or −1.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``.
  public func power(_ exponent: Tensor) throws(TensorError) -> Tensor {
    let result = try combineNumbers(exponent, purpose: "**", Glibc.pow) { a, b in integerPower(a, b)
    }
    return result.recording(self, exponent, as: "PowBackward1") {
      x, exponent, gradient throws(TensorError) in
      let zero = try Tensor(scalar: 0 as Float)
      if x.requiresGradient {
        let slope = try Tensor.combine(
          exponent, x.power(exponent - 1).detached(), .multiply)
        let kept = try Tensor.where(exponent.compared(.equal, to: zero), zero, slope.detached())
        try x.accumulate(Tensor.combine(gradient, kept, .multiply).summed(to: x.shape))
      }
      if exponent.requiresGradient {
        let slope = try Tensor.combine(
          x.detached().power(exponent.detached()), x.log().detached(), .multiply)
        let isZero = try x.compared(.equal, to: zero).and(
          exponent.compared(.greaterOrEqual, to: zero))
        let kept = try Tensor.where(isZero, zero, slope)
        try exponent.accumulate(
          Tensor.combine(gradient, kept, .multiply).summed(to: exponent.shape))
      }
    }
  }

  private static func requireNotZero(_ divisor: Int64) throws(TensorError) {
    guard divisor != 0 else {
      throw .unexpectedNumber(0, expected: "a divisor of integers other than 0")
    }
  }

  /// A function of two numbers, broadcasting: taken in double and rounded once, or in integers.
  private func combineNumbers(
    _ other: Tensor, purpose: String, _ floating: (Double, Double) -> Double,
    _ integer: (Int64, Int64) throws(TensorError) -> Int64
  ) throws(TensorError) -> Tensor {
    let dtype = DType.promoted(self, other)
    guard dtype != .bool else { throw .unexpectedType(.bool, expected: "numbers for \(purpose)") }
    let (a, b) = (try detached().converted(to: dtype), try other.detached().converted(to: dtype))
    let result = try Tensor.unset(Shape.broadcast(shape, other.shape), dtype)
    switch dtype.stored {
    case .float32:
      try Tensor.zip(a, b, into: result, Float.self) { Float(floating(Double($0), Double($1))) }
    case .float64: try Tensor.zip(a, b, into: result, Double.self, floating)
    case .int64, .bool:
      var failure: TensorError?
      try Tensor.zip(a, b, into: result, Int64.self) { (x: Int64, y: Int64) -> Int64 in
        do throws(TensorError) { return try integer(x, y) } catch { failure = error }
        return 0
      }
      if let failure { throw failure }
    }
    result.wrapElements()
    return result
  }
}

/// Source: `c10::div_floor_floating`, `c10/util/generic_math.h`.
private func floatingQuotient(_ a: Double, _ b: Double) -> Double {
  guard b != 0 else { return a / b }
  let rest = fmod(a, b)
  var quotient = (a - rest) / b
  if rest != 0 && (b < 0) != (rest < 0) { quotient -= 1 }
  guard quotient != 0 else { return Double(signOf: a / b, magnitudeOf: 0) }
  let floor = quotient.rounded(.down)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

private func floatingRemainder(_ a: Double, _ b: Double) -> Double {
  let rest = fmod(a, b)
  return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest
}

/// Both, wrapping where the quotient does not fit.
private func quotientAndRemainder(
  _ a: Int64, _ b: Int64
) -> (quotient: Int64, remainder: Int64) {
  b == -1 ? (0 &- a, 0) : a.quotientAndRemainder(dividingBy: b)
}

private func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
  guard exponent >= 0 else { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
  var (result, square, rest) = (Int64(1), base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return result
}
