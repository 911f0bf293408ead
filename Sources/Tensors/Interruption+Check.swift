import CollabThreading

extension Interruption {
  /// Asks.
  ///
  /// - Throws: ``TensorError/interrupted``.
  package static func check() throws(TensorError) { try check(TensorError.interrupted) }

  /// Goes through the numbers below `count`, and asks on the way.
  ///
  /// - Throws: ``TensorError/interrupted``.
  @inline(__always)
  static func forEach(_ count: Int, _ body: (Int) -> Void) throws(TensorError) {
    try forEach(count, asking: { () throws(TensorError) in try check() }, body)
  }

  /// What is made of each of the numbers below `count`, and asks on the way.
  ///
  /// - Throws: ``TensorError/interrupted``.
  @inline(__always)
  static func map<Result>(_ count: Int, _ body: (Int) -> Result) throws(TensorError) -> [Result] {
    try map(count, asking: { () throws(TensorError) in try check() }, body)
  }

  /// Elements that an operation handles before it asks: what has no more, as in a step of a fit, never
  /// asks.
  private static let part = 1 << 20

  /// Goes through the numbers below `count` in parts, and asks between them.
  ///
  /// - Throws: ``TensorError/interrupted``.
  @inline(__always)
  static func inParts(
    of count: Int, _ body: (_ start: Int, _ count: Int) -> Void
  ) throws(TensorError) {
    guard count > part else { return body(0, count) }
    for start in stride(from: 0, to: count, by: part) {
      try check()
      body(start, min(part, count - start))
    }
  }
}
