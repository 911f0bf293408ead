/// A hash of bytes that is the same in every run and on every machine.
///
///     StableHash.of("a".utf8)  // 0xaf63dc4c8601ec8c
///
/// What is kept in files is told apart by it: workspaces, ids of cells, the progress in a lesson. It
/// is no protection against people who want two texts to be the same.
///
/// Source: Fowler, Noll and Vo; the 64-bit FNV-1a hash.
package struct StableHash {
  /// The hash of what was added so far.
  package private(set) var value: UInt64

  /// A hash of nothing, or one that is gone on with.
  package init(from start: UInt64 = 0xCBF2_9CE4_8422_2325) { value = start }

  /// The hash of some bytes.
  package static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = StableHash()
    hash.add(bytes)
    return hash.value
  }

  /// Adds bytes behind those that were added before.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    let isAdded: Void? = bytes.withContiguousStorageIfAvailable { add($0) }
    if isAdded == nil { for byte in bytes { add(byte) } }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes { add(byte) }
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
