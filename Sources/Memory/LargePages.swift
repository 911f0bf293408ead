import Glibc

/// Pages of two megabytes, where the system has them.
///
/// Rows are read all over a table; with pages of four kilobytes each costs a walk of page tables.
package enum LargePages {
  private static let byteCount = 2 << 20

  /// Asks for large pages for the part of some memory that consists of whole ones.
  package static func request(for memory: UnsafeMutableRawBufferPointer) {
    guard let base = memory.baseAddress, memory.count >= 2 * byteCount else { return }
    let first = base.alignedUp(toMultipleOf: byteCount)
    let whole = (memory.count - (first - base)) / byteCount
    madvise(first, whole * byteCount, MADV_HUGEPAGE)
  }
}
