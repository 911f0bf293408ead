import CollabThreading

/// The order of many keys: a radix sort, which takes as long for keys that all differ as for few.
///
/// Equal keys keep the order of their rows. Bits that all keys share cost nothing.
struct KeyOrder {
  /// The rows, ascending with their keys.
  let rows: [Int32]
  /// The keys, ascending.
  let keys: [UInt64]

  private static let digitBits = 11
  private static let digitCount = 1 << digitBits
  /// How many digits a key has.
  private static let width = (UInt64.bitWidth + digitBits - 1) / digitBits

  /// Sorts keys.
  ///
  /// - Parameters:
  ///   - keys: no more than 2³¹ − 1.
  ///   - ask: throws to stop.
  /// - Throws: what `ask` throws.
  init<Failure>(_ keys: [UInt64], asking ask: () throws(Failure) -> Void) throws(Failure) {
    var keys = keys
    var rows = [Int32](unsafeUninitializedCapacity: keys.count) { buffer, count in
      count = keys.count
      for row in 0..<count { buffer[row] = Int32(truncatingIfNeeded: row) }
    }
    var counts = [Int](repeating: 0, count: Self.width * Self.digitCount)
    try Interruption.forEach(keys.count, asking: ask) { row in
      for place in 0..<Self.width {
        counts[place * Self.digitCount + Self.digit(place, of: keys[row])] += 1
      }
    }
    var (sortedKeys, sortedRows) = (keys, rows)
    for place in 0..<Self.width {
      let first = place * Self.digitCount
      guard let key = keys.first, counts[first + Self.digit(place, of: key)] < keys.count else {
        continue
      }
      var start = 0
      for digit in first..<first + Self.digitCount {
        (counts[digit], start) = (start, start + counts[digit])
      }
      try Interruption.forEach(keys.count, asking: ask) { row in
        let digit = first + Self.digit(place, of: keys[row])
        let next = counts[digit]
        counts[digit] = next + 1
        sortedKeys[next] = keys[row]
        sortedRows[next] = rows[row]
      }
      swap(&keys, &sortedKeys)
      swap(&rows, &sortedRows)
    }
    (self.rows, self.keys) = (rows, keys)
  }

  private static func digit(_ place: Int, of key: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> UInt64(place * digitBits)) & (digitCount - 1)
  }

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

// MARK: - Numbers as keys

extension UInt64 {
  /// The key of what is not a number; it follows all others.
  static let keyOfNone = UInt64.max

  /// A key that ascends with numbers; both zeros have the same.
  init(ordering number: Double) {
    guard !number.isNaN else {
      self = .keyOfNone
      return
    }
    let bits = (number + 0).bitPattern
    self = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// A key that ascends with whole numbers.
  init(ordering number: Int) { self = UInt64(bitPattern: Int64(number)) ^ 1 << 63 }

  /// The number with this key.
  var orderedDouble: Double {
    Double(bitPattern: self >> 63 == 1 ? self & ~(1 << 63) : ~self)
  }

  /// The whole number with this key.
  var orderedInteger: Int { Int(Int64(bitPattern: self ^ 1 << 63)) }
}
