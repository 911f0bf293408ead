import CKernels

/// The gradient of a matrix that was read by rows: only the rows that were read.
///
/// Each row that is touched gets a slot in the order of its first touch; clearing costs as much as
/// was touched, however large the matrix is.
package final class RowGradient {
  /// Elements in a row.
  package let width: Int
  /// How many rows have a gradient.
  package private(set) var count = 0
  /// The rows with a gradient, in the order of their first touch.
  package private(set) var rows = UnsafeMutablePointer<Int64>.allocate(capacity: 0)
  /// Their gradients, a row after the other.
  package private(set) var values = UnsafeMutablePointer<Float>.allocate(capacity: 0)

  private var capacity = 0
  /// The slot of each row of the matrix, or −1.
  private let slots: UnsafeMutablePointer<Int32>

  init(_ rowCount: Int, _ width: Int) {
    self.width = width
    slots = .allocate(capacity: rowCount)
    slots.initialize(repeating: -1, count: rowCount)
  }

  deinit {
    rows.deallocate()
    values.deallocate()
    slots.deallocate()
  }

  /// Whether no row has a gradient.
  package var isEmpty: Bool { count == 0 }

  /// Adds a row of `gradient` to each row that `indices` names; repeated ones add up in order.
  func add(_ gradient: UnsafePointer<Float>, at indices: UnsafeBufferPointer<Int64>) {
    guard let index = indices.baseAddress else { return }
    reserve(count + indices.count)
    count = Int(
      ck_scatter_rows(
        values, rows, slots, Int64(count), gradient, index, Int64(indices.count), Int64(width)))
  }

  private func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    capacity = max(needed, 2 * capacity)
    let (newRows, newValues) = (
      UnsafeMutablePointer<Int64>.allocate(capacity: capacity),
      UnsafeMutablePointer<Float>.allocate(capacity: capacity * width)
    )
    newRows.moveInitialize(from: rows, count: count)
    newValues.moveInitialize(from: values, count: count * width)
    rows.deallocate()
    values.deallocate()
    (rows, values) = (newRows, newValues)
  }

  /// Adds the rows to a whole matrix.
  func add(to matrix: UnsafeMutablePointer<Float>) {
    for slot in 0..<count {
      let (target, source) = (matrix + Int(rows[slot]) * width, values + slot * width)
      for k in 0..<width { target[k] += source[k] }
    }
  }

  /// Forgets all rows.
  func clear() {
    for slot in 0..<count { slots[Int(rows[slot])] = -1 }
    count = 0
  }
}

// MARK: - For optimisers

extension RowGradient {
  /// Rows with a gradient and their slots, in the order of rows.
  package func slotsByRow() -> [(row: Int, slot: Int)] {
    UnsafeBufferPointer(start: rows, count: count).sorted()
      .map { (Int($0), Int(slots[Int($0)])) }
  }
}

extension Tensor {
  /// Whether all gradient that has arrived is kept by rows.
  package var hasOnlyRowGradient: Bool {
    denseGradient == nil && rowGradient?.isEmpty == false
  }

  /// Whether no gradient has arrived.
  package var gradientIsMissing: Bool {
    denseGradient == nil && rowGradient?.isEmpty ?? true
  }
}
