import CollabMemory
import Glibc
import Synchronization

/// Memory for tensors: every training step asks for the blocks that the step before gave back.
///
/// Blocks up to a megabyte come in sizes that are powers of two and are kept in a list for each
/// size, 64 megabytes in all at most. Larger ones are the system's, in pages as large as it has.
enum MemoryPool {
  /// One cache line, and one AVX-512 register.
  private static let alignment = 64
  private static let smallestShift = 6
  private static let largestShift = 20
  private static let keptBytes = 64 << 20
  /// Blocks of at least this many bytes lie on boundaries of large pages.
  private static let pageBytes = 2 << 20

  /// The addresses of the free blocks of each size, or 0; the first word of each block is the next.
  ///
  /// There are `largestShift` + 1 lists. A fixed number of them needs no initialiser at run time.
  private struct FreeLists: ~Copyable {
    var heads = InlineArray<21, UInt>(repeating: 0)
    var bytes = 0
  }

  private static let lists = Mutex(FreeLists())

  private static func shift(_ byteCount: Int) -> Int {
    max(smallestShift, Int.bitWidth - (byteCount - 1).leadingZeroBitCount)
  }

  /// Memory for so many bytes.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  static func allocate(_ byteCount: Int) throws(TensorError) -> UnsafeMutableRawPointer {
    let shift = shift(byteCount)
    guard shift <= largestShift else { return try allocateLarge(byteCount) }
    #if SANITIZED
    // What watches memory must see each block come and go, and knows nothing of a Mutex.
    return try system(1 << shift, alignment)
    #else
    let free = lists.withLock { lists -> UInt in
      let head = lists.heads[shift]
      guard let block = UnsafeRawPointer(bitPattern: head) else { return 0 }
      lists.heads[shift] = block.load(as: UInt.self)
      lists.bytes -= 1 << shift
      return head
    }
    guard let block = UnsafeMutableRawPointer(bitPattern: free) else {
      return try system(1 << shift, alignment)
    }
    return block
    #endif
  }

  static func release(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let shift = shift(byteCount)
    guard shift <= largestShift else { return free(block) }
    #if SANITIZED
    free(block)
    #else
    let address = UInt(bitPattern: block)
    let isKept = lists.withLock { lists -> Bool in
      guard lists.bytes < keptBytes else { return false }
      let next = lists.heads[shift]
      UnsafeMutableRawPointer(bitPattern: address)?.storeBytes(of: next, as: UInt.self)
      lists.heads[shift] = address
      lists.bytes += 1 << shift
      return true
    }
    if !isKept { free(block) }
    #endif
  }

  /// New memory of the system, which is asked in a way that can fail.
  private static func system(
    _ byteCount: Int, _ alignment: Int
  ) throws(TensorError) -> UnsafeMutableRawPointer {
    try MemoryBudget.require(byteCount)
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, alignment, byteCount) == 0, let block else {
      throw .noMemory(needed: byteCount, free: 0)
    }
    return block
  }

  private static func allocateLarge(
    _ byteCount: Int
  ) throws(TensorError) -> UnsafeMutableRawPointer {
    guard byteCount >= pageBytes else { return try system(byteCount, alignment) }
    let block = try system(byteCount, pageBytes)
    LargePages.request(for: UnsafeMutableRawBufferPointer(start: block, count: byteCount))
    return block
  }
}
