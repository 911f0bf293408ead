#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Gives equal runs of bytes equal codes: 0 for the first it meets, 1 for the next new one, and so on.
///
/// Bytes that outlive the interner (those of a mapped file) are referred to in place; others are
/// copied once. Latin-1 and UTF-8 are both fine, as long as it is one of them.
struct TextInterner {
  private struct Entry {
    let start: UnsafePointer<UInt8>
    let count: Int
    let hash: UInt64
  }

  private var entries: [Entry] = []
  /// Open addressing in a power of two of slots: 0 is free, otherwise a code plus 1.
  private var slots = [Int32](repeating: 0, count: 64)
  private let copies = ByteArena()

  /// The number of different texts so far.
  var count: Int { entries.count }

  /// The code of bytes that stay where they are for as long as this interner is used.
  mutating func code(staying bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    code(bytes, copied: false)
  }

  /// The code of bytes that may go away.
  mutating func code(copying bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    code(bytes, copied: true)
  }

  private mutating func code(_ bytes: UnsafeBufferPointer<UInt8>, copied: Bool) -> Int32 {
    let hash = Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, entry.count == bytes.count, Self.equal(entry.start, bytes) {
        return slots[slot] - 1
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let start = copied ? copies.copy(bytes) : (bytes.baseAddress ?? copies.copy(bytes))
    entries.append(Entry(start: start, count: bytes.count, hash: hash))
    slots[slot] = Int32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return Int32(entries.count - 1)
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (code, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code + 1)
    }
  }

  /// All texts ascending by their bytes, and for each code its place among them.
  ///
  /// - Complexity: O(n × log n) for n texts.
  func sortedLevels(latin1: Bool = false) -> (levels: [String], placeOfCode: [Int32]) {
    let order = entries.indices.sorted { one, other in
      let left = entries[one]
      let right = entries[other]
      let common = memcmp(left.start, right.start, min(left.count, right.count))
      return common == 0 ? left.count < right.count : common < 0
    }
    var places = [Int32](repeating: 0, count: entries.count)
    for (place, code) in order.enumerated() { places[code] = Int32(place) }
    let levels = order.map { code in
      let entry = entries[code]
      let bytes = UnsafeBufferPointer(start: entry.start, count: entry.count)
      // Latin-1 bytes are the first 256 code points, so their order is that of the UTF-8 texts.
      return latin1
        ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        : String(decoding: bytes, as: UTF8.self)
    }
    return (levels, places)
  }

  private static func equal(
    _ start: UnsafePointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let other = bytes.baseAddress else { return true }
    return memcmp(start, other, bytes.count) == 0
  }

  /// Multiplies and folds eight bytes at a time; only the spread matters, not the values.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    let raw = UnsafeRawBufferPointer(bytes)
    while index + 8 <= raw.count {
      hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var rest: UInt64 = 0
    while index < raw.count {
      rest = rest << 8 | UInt64(raw[index])
      index += 1
    }
    return mix(hash ^ rest)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}

/// Keeps copies of byte runs until it goes away.
final class ByteArena {
  private var blocks: [UnsafeMutablePointer<UInt8>] = []
  private var used = 0
  private var capacity = 0

  func copy(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafePointer<UInt8> {
    if blocks.isEmpty || used + bytes.count > capacity {
      capacity = max(1 << 16, bytes.count)
      used = 0
      blocks.append(.allocate(capacity: capacity))
    }
    let start = blocks[blocks.count - 1] + used
    if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
    used += bytes.count
    return UnsafePointer(start)
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
