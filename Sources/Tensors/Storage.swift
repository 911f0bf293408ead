/// The memory of a tensor's elements, which several tensors may have: those that differ in shape
/// alone.
final class Storage {
  /// The elements as they lie there, rows that are due included.
  let unsettledBytes: UnsafeMutableRawPointer
  private let byteCount: Int
  /// Whose memory it is, if not of this storage alone.
  private let lender: AnyObject?
  /// Who owes changes to some rows; nil if all are up to date.
  @exclusivity(unchecked)
  var deferred: (any DeferredRows)?
  /// How often the elements were changed after they were computed.
  @exclusivity(unchecked)
  var version = 0

  /// Memory of no elements, for a tensor that waits for some to show.
  nonisolated(unsafe) static let none = Storage()

  private init() {
    (byteCount, lender) = (0, nil)
    unsettledBytes = .allocate(byteCount: 1, alignment: 1)
  }

  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(byteCount: Int) throws(TensorError) {
    (self.byteCount, lender) = (byteCount, nil)
    unsettledBytes = try MemoryPool.allocate(byteCount)
  }

  /// Memory that somebody lends as long as it is used.
  init(lent bytes: UnsafeMutableRawBufferPointer, by lender: AnyObject) {
    (byteCount, self.lender) = (bytes.count, lender)
    unsettledBytes = bytes.baseAddress ?? Self.none.unsettledBytes
  }

  /// Whether the memory is somebody else's.
  var isLent: Bool { lender != nil }

  deinit {
    if lender == nil { MemoryPool.release(unsettledBytes, byteCount) }
  }

  /// Brings all rows up to date.
  @inline(__always)
  func settle() {
    if deferred != nil { settleDeferred() }
  }

  @inline(never)
  private func settleDeferred() {
    let owing = deferred
    deferred = nil
    owing?.settleAll()
  }
}

/// Changes to the rows of a matrix that are made only when the rows are needed.
///
/// Whoever reads elements need not know: the rows that `Tensor.rows(at:)` picks are brought up to
/// date first, and all rows when anything else asks where the elements lie.
package protocol DeferredRows: AnyObject {
  /// Rows of the matrix.
  var rowCount: Int { get }
  /// Brings some rows up to date and copies them; they may repeat.
  func gather(_ rows: UnsafeBufferPointer<Int64>, into target: UnsafeMutablePointer<Float>)
  /// Brings all rows up to date.
  func settleAll()
}

extension Tensor {
  /// How often the elements, which other tensors may share, were changed in place.
  package var version: Int { storage.version }

  /// Says that elements were changed in place, so that gradients that need the old ones are refused.
  package func markChanged() { storage.version &+= 1 }

  /// Says that the elements are again those that there were at a version.
  func restore(version: Int) { storage.version = version }

  /// Calls `body` with the elements, which it changes in place.
  ///
  /// - Precondition: `Scalar` is the type of the elements.
  package func changeElements<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) -> Result
  ) -> Result {
    markChanged()
    return withElements(as: type, body)
  }

  /// The elements, all of them up to date.
  var bytes: UnsafeMutableRawPointer {
    storage.settle()
    return storage.unsettledBytes
  }

  /// Calls `body` with the memory of the elements, whatever they are.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(storage) { () throws(Failure) in
      try body(UnsafeMutableRawBufferPointer(start: bytes, count: count * dtype.byteCount))
    }
  }

  /// Who owes changes to some rows of this tensor; nil if all are up to date.
  package var deferredRows: (any DeferredRows)? {
    get { storage.deferred }
    set { storage.deferred = newValue }
  }

  /// Whether it is this one who owes changes to some rows.
  package func isDeferred(to owner: any DeferredRows) -> Bool { storage.deferred === owner }

  /// Brings all rows up to date.
  package func settle() {
    storage.settle()
  }

  /// Calls `body` with the elements as they lie in memory, rows that are due included.
  ///
  /// - Precondition: the elements are `float32`.
  package func withUnsettledElements<Result>(
    _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    precondition(dtype == .float32, "\(dtype) elements read as float32")
    return body(storage.unsettledBytes.assumingMemoryBound(to: Float.self))
  }
}
