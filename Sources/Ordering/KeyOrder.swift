import CollabMemory
import CollabThreading

/// The order of many keys: a radix sort, which takes as long for keys that all differ as for few.
///
/// Equal keys keep the order of their rows. Bits that all keys share cost nothing, and few keys are compared.
package struct KeyOrder {
  /// The rows, ascending with their keys.
  package let rows: [Int32]
  /// The keys, ascending.
  package let keys: [UInt64]

  /// Fewer keys are compared: digits take as long to count as so many.
  private static let manyKeys = 1 << 11
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
  package init<Failure>(
    _ keys: consuming [UInt64], asking ask: () throws(Failure) -> Void
  ) throws(Failure) {
    guard keys.count >= Self.manyKeys else {
      let keys = keys
      rows = keys.indices.map { Int32(truncatingIfNeeded: $0) }.sorted {
        (keys[Int($0)], $0) < (keys[Int($1)], $1)
      }
      self.keys = rows.map { keys[Int($0)] }
      return
    }
    var rows: [Int32] = Self.unset(keys.count)
    var counts = [Int](repeating: 0, count: Self.width * Self.digitCount)
    try Interruption.forEach(keys.count, asking: ask) { row in
      rows[row] = Int32(truncatingIfNeeded: row)
      for place in 0..<Self.width {
        counts[place * Self.digitCount + Self.digit(place, of: keys[row])] += 1
      }
    }
    var (sortedKeys, sortedRows): ([UInt64], [Int32]) = (
      Self.unset(keys.count), Self.unset(keys.count)
    )
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

  /// An array in large pages, since a pass writes all over it; its numbers are to be set.
  private static func unset<Number: FixedWidthInteger>(_ count: Int) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      LargePages.request(for: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  private static func digit(_ place: Int, of key: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> UInt64(place * digitBits)) & (digitCount - 1)
  }
}
