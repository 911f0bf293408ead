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
}
