/// The gradient of a matrix that was read by rows: only the rows that were read.
///
/// Each row that is touched gets a slot in the order of its first touch; clearing costs as much as
/// was touched, however large the matrix is.
package final class RowGradient {
  /// Elements in a row.
  package let width: Int
  /// The rows with a gradient, in the order of their first touch.
  package private(set) var rows: [Int64] = []
  /// Their gradients, a row after the other.
  package private(set) var values: [Float] = []
  /// The slot of each row of the matrix, or −1.
  private var slots: [Int32]

  init(_ rowCount: Int, _ width: Int) {
    self.width = width
    slots = [Int32](repeating: -1, count: rowCount)
  }

  /// Whether no row has a gradient.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a row of `gradient` to each row that `indices` names; repeated ones add up in order.
  func add(_ gradient: UnsafePointer<Float>, at indices: UnsafeBufferPointer<Int64>) {
    values.reserveCapacity((rows.count + indices.count) * width)
    var source = gradient
    for index in indices {
      let row = Int(index)
      let slot = Int(slots[row])
      if slot < 0 {
        slots[row] = Int32(truncatingIfNeeded: rows.count)
        rows.append(index)
        values.append(contentsOf: UnsafeBufferPointer(start: source, count: width))
      } else {
        values.withUnsafeMutableBufferPointer { values in
          for k in 0..<width { values[slot * width + k] += source[k] }
        }
      }
      source += width
    }
  }

  /// Adds the rows to a whole matrix.
  func add(to matrix: UnsafeMutablePointer<Float>) {
    for (slot, row) in rows.enumerated() {
      let target = matrix + Int(row) * width
      for k in 0..<width { target[k] += values[slot * width + k] }
    }
  }

  /// Forgets all rows.
  func clear() {
    for row in rows { slots[Int(row)] = -1 }
    rows.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}

// MARK: - For optimisers

extension RowGradient {
  /// Rows with a gradient and their slots, in the order of rows.
  package func slotsByRow() -> [(row: Int, slot: Int)] {
    rows.sorted().map { (Int($0), Int(slots[Int($0)])) }
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
