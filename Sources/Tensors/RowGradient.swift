import CCollabKernels

/// The gradient of a matrix that was read by rows: only the rows that were read.
///
/// Each row that is touched gets a slot in the order of its first touch; clearing costs as much as
/// was touched, however large the matrix is.
///
/// Its properties are not checked for exclusive access: a step would check some dozens of times.
package final class RowGradient {
  /// Elements in a row.
  package let width: Int
  /// Rows of the matrix.
  private let rowCount: Int
  /// How many rows have a gradient.
  @exclusivity(unchecked)
  private var count = 0
  /// The rows with a gradient, in the order of their first touch.
  @exclusivity(unchecked)
  private var rows = UnsafeMutablePointer<Int64>.allocate(capacity: 0)
  /// Where the gradient of each of them lies, yet to be multiplied by its factor.
  @exclusivity(unchecked)
  private var sources = UnsafeMutablePointer<UnsafePointer<Float>?>.allocate(
    capacity: 0)
  @exclusivity(unchecked)
  private var factors = UnsafeMutablePointer<Float>.allocate(capacity: 0)

  /// The gradients that rows point into: most rows are read once in a batch, and are not copied.
  @exclusivity(unchecked)
  private var parts: [Tensor] = []
  /// Sums for the others, by slot.
  @exclusivity(unchecked)
  private var sums = UnsafeMutablePointer<Float>.allocate(capacity: 0)
  @exclusivity(unchecked)
  private var capacity = 0
  /// The slot of each row of the matrix, or −1.
  private let slots: UnsafeMutablePointer<Int32>

  init(_ rowCount: Int, _ width: Int) {
    (self.rowCount, self.width) = (rowCount, width)
    slots = .allocate(capacity: rowCount)
    slots.initialize(repeating: -1, count: rowCount)
  }

  deinit {
    rows.deallocate()
    sources.deallocate()
    factors.deallocate()
    sums.deallocate()
    slots.deallocate()
  }

  /// The rows with a gradient, in the order of their first touch, where each one's lies, and what that
  /// is yet to be multiplied by.
  package var touched:
    (
      rows: UnsafePointer<Int64>, sources: UnsafePointer<UnsafePointer<Float>?>,
      factors: UnsafePointer<Float>, count: Int
    )
  {
    (UnsafePointer(rows), UnsafePointer(sources), UnsafePointer(factors), count)
  }

  /// Whether no row has a gradient.
  package var isEmpty: Bool { count == 0 }

  /// Adds a row of `gradient`, times its factor if there are factors, to each row that `indices`
  /// names; repeated ones add up in order.
  ///
  /// The rows of `gradient` must stay as they are until this is cleared.
  func add(
    _ gradient: Tensor, times factors: Tensor? = nil, at indices: UnsafeBufferPointer<Int64>
  ) {
    guard let index = indices.baseAddress else { return }
    var (low, high) = (Int64(0), Int64(0))
    ck_index_range(&low, &high, index, Int64(indices.count))
    precondition(low >= 0 && high < rowCount, "a gradient of row \(low) to \(high) of \(rowCount)")
    reserve(count + indices.count)
    parts.append(gradient)
    count = Int(
      ck_scatter_rows(
        sums, rows, sources, self.factors, slots, Int64(count), gradient.floats, factors?.floats,
        index, Int64(indices.count), Int64(width)))
  }

  private func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    capacity = max(needed, 2 * capacity)
    let (newRows, newSources, newFactors, newSums) = (
      UnsafeMutablePointer<Int64>.allocate(capacity: capacity),
      UnsafeMutablePointer<UnsafePointer<Float>?>.allocate(capacity: capacity),
      UnsafeMutablePointer<Float>.allocate(capacity: capacity),
      UnsafeMutablePointer<Float>.allocate(capacity: capacity * width)
    )
    newRows.moveInitialize(from: rows, count: count)
    newFactors.moveInitialize(from: factors, count: count)
    for slot in 0..<count {
      let isSum = sources[slot] == UnsafePointer(sums + slot * width)
      if isSum { (newSums + slot * width).update(from: sums + slot * width, count: width) }
      newSources[slot] = isSum ? UnsafePointer(newSums + slot * width) : sources[slot]
    }
    rows.deallocate()
    sources.deallocate()
    factors.deallocate()
    sums.deallocate()
    (rows, sources, factors, sums) = (newRows, newSources, newFactors, newSums)
  }

  /// Adds the rows to a whole matrix.
  func add(to matrix: UnsafeMutablePointer<Float>) {
    for slot in 0..<count {
      guard let source = sources[slot] else { continue }
      let target = matrix + Int(rows[slot]) * width
      for k in 0..<width { target[k] += source[k] * factors[slot] }
    }
  }

  /// Forgets all rows.
  func clear() {
    for slot in 0..<count { slots[Int(rows[slot])] = -1 }
    count = 0
    parts.removeAll(keepingCapacity: true)
  }
}

// MARK: - For optimisers

extension RowGradient {
  /// Rows with a gradient and where it lies, in the order of rows.
  package func gradientsByRow() -> [(row: Int, gradient: UnsafePointer<Float>?)] {
    multiplyOut()
    return UnsafeBufferPointer(start: rows, count: count).sorted().map { row in
      (Int(row), sources[Int(slots[Int(row)])])
    }
  }

  /// Leaves no factors but 1.
  private func multiplyOut() {
    for slot in 0..<count where factors[slot] != 1 {
      guard let source = sources[slot] else { continue }
      let product = sums + slot * width
      for k in 0..<width { product[k] = source[k] * factors[slot] }
      (sources[slot], factors[slot]) = (UnsafePointer(product), 1)
    }
  }
}

extension Tensor {
  /// The gradient that has arrived, if all of it is kept by rows.
  package var onlyRowGradient: RowGradient? {
    guard denseGradient == nil, let rowGradient, !rowGradient.isEmpty else { return nil }
    return rowGradient
  }

  /// Whether no gradient has arrived.
  package var gradientIsMissing: Bool {
    denseGradient == nil && rowGradient?.isEmpty ?? true
  }
}
