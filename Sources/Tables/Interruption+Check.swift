import CollabThreading

extension Interruption {
  /// Asks.
  ///
  /// - Throws: ``TableError/interrupted``.
  static func check() throws(TableError) { try check(TableError.interrupted) }

  /// Goes through the numbers below `count`, and asks on the way.
  ///
  /// - Throws: ``TableError/interrupted``.
  @inline(__always)
  static func forEach(_ count: Int, _ body: (Int) -> Void) throws(TableError) {
    try forEach(count, asking: { () throws(TableError) in try check() }, body)
  }

  /// What is made of each of the numbers below `count`, and asks on the way.
  ///
  /// - Throws: ``TableError/interrupted``.
  @inline(__always)
  static func map<Result>(_ count: Int, _ body: (Int) -> Result) throws(TableError) -> [Result] {
    try map(count, asking: { () throws(TableError) in try check() }, body)
  }
}
