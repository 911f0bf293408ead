import CollabMemory
import Synchronization

/// How much memory there is for more tensors: what lies beyond it is refused with a message, since the
/// system would end the process.
///
/// The least of what the machine has available and of what the limits of the process and of its control
/// group leave.
public enum MemoryBudget {
  /// What is left to everything that does not ask.
  private static let reserve = 128 << 20
  /// Of what is small a part of the reserve may be used, so that a message can still be made.
  private static let smallReserve = 24 << 20
  private static let smallCount = 1 << 20
  /// So many bytes are taken without a look at the system, which costs some reads.
  private static let unmeasured = 64 << 20

  /// How many bytes may be taken before the next look at the system.
  private static let credit = Atomic<Int>(0)

  /// Checks that there is room for some bytes that are about to be asked for.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public static func require(_ byteCount: Int) throws(TensorError) {
    // What is more than there ever is to take is not subtracted: others subtract at the same time, and there
    // is a least number.
    guard byteCount <= unmeasured, credit.subtract(byteCount, ordering: .relaxed).newValue >= 0
    else { return try measure(for: byteCount) }
  }

  /// As `require(_:)`, for so many things of a size, whose product may be no number.
  public static func require(_ count: Int, of size: Int) throws(TensorError) {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
    try require(overflow || byteCount < 0 ? .max : byteCount)
  }

  @inline(never)
  private static func measure(for byteCount: Int) throws(TensorError) {
    let free = AvailableMemory.byteCount
    let kept = byteCount <= smallCount ? smallReserve : reserve
    guard byteCount <= free - kept else {
      credit.store(0, ordering: .relaxed)
      throw .noMemory(needed: byteCount, free: max(free - reserve, 0))
    }
    credit.store(min(unmeasured, (free - kept - byteCount) / 2), ordering: .relaxed)
  }
}
