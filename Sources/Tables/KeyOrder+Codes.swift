import CollabOrdering
import CollabThreading

extension KeyOrder {
  /// For each row the place of its key among the different ones, and those.
  ///
  /// - Parameters:
  ///   - missing: a key that stands for no value: its rows are ``CodedColumn/missing``.
  ///   - ask: throws to stop.
  /// - Returns: a code a row, and the different keys, ascending.
  /// - Throws: what `ask` throws.
  func codes<Failure>(
    missing: UInt64?, asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> (codes: [Int32], levels: [UInt64]) {
    var codes = [Int32](repeating: CodedColumn.missing, count: rows.count)
    var levels: [UInt64] = []
    try Interruption.forEach(rows.count, asking: ask) { place in
      let key = keys[place]
      guard key != missing else { return }
      if levels.last != key { levels.append(key) }
      codes[Int(rows[place])] = Int32(truncatingIfNeeded: levels.count - 1)
    }
    return (codes, levels)
  }
}
