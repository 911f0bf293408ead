import CollabOrdering
import CollabThreading

extension Tensor {
  /// A whole number for each element, in the order of the elements.
  ///
  /// What is not a number comes last, or first. Can be interrupted.
  func orderKeys(nanFirst: Bool = false) throws(TensorError) -> [UInt64] {
    let nan = nanFirst ? UInt64.min : .keyOfNone
    try MemoryBudget.require(count, of: 8)
    switch dtype.stored {
    case .int64:
      let elements = pointer(to: Int64.self)
      return try Interruption.map(count) { UInt64(ordering: Int(elements[$0])) }
    case .bool: return scalars(as: Bool.self).map { $0 ? 1 : 0 }
    case .float32: return try orderKeys(Float.self, nan)
    case .float64: return try orderKeys(Double.self, nan)
    }
  }

  private func orderKeys<Scalar: TensorScalar & BinaryFloatingPoint>(
    _ type: Scalar.Type, _ nan: UInt64
  ) throws(TensorError) -> [UInt64] {
    let elements = pointer(to: type)
    return try Interruption.map(count) {
      elements[$0].isNaN ? nan : UInt64(ordering: Double(elements[$0]))
    }
  }

  /// Indices within each row of this matrix that sort it.
  ///
  /// Equal elements stay in order.
  fileprivate func sortedRowIndices(
    descending: Bool, limit: Int? = nil
  ) throws(TensorError) -> Tensor {
    let (rows, width) = (shape[0], shape[1])
    let kept = limit ?? width
    let result = try Tensor.unset([rows, kept], .int64)
    let z = result.pointer(to: Int64.self)
    try MemoryBudget.require(width, of: 32)
    let keys = try orderKeys()
    for r in 0..<rows {
      let order = try Self.order(
        // The complement turns the order of keys round, and leaves that of indices.
        of: Interruption.map(width) { descending ? ~keys[r * width + $0] : keys[r * width + $0] })
      try Interruption.forEach(kept) { z[r * kept + $0] = Int64(order[$0]) }
    }
    return result
  }

  /// The places of keys, ascending with them; those of equal ones stay in order.
  private static func order(of keys: consuming [UInt64]) throws(TensorError) -> [Int32] {
    guard keys.count <= Int32.max else { throw .tooLarge([keys.count]) }
    return try KeyOrder(keys) { () throws(TensorError) in try Interruption.check() }.rows
  }

  /// The elements of each row of this matrix, sorted; what is not a number comes last.
  func sortedRows() throws(TensorError) -> Tensor {
    try mappingRows { row, sorted throws(TensorError) in
      let order = try KeyOrder(Interruption.map(row.count) { UInt64(ordering: row[$0]) }) {
        () throws(TensorError) in try Interruption.check()
      }
      try Interruption.forEach(row.count) { sorted[$0] = order.keys[$0].orderedDouble }
    }
  }

  /// The elements of each row of this matrix at indices within the row.
  func elementsOfRows(at indices: Tensor) throws(TensorError) -> Tensor {
    guard shape[0] != 1 else { return try elements(at: indices) }
    let starts = try Tensor((0..<shape[0]).map { Int64($0 * shape[1]) }).unsqueezed(1)
    return try elements(at: indices + starts)
  }
}

// MARK: - Sorting

extension Tensor {
  /// The indices that sort this tensor along a dimension; equal elements stay in order.
  ///
  ///     try movieBias.argsorted(descending: true)
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func argsorted(along dimension: Int = -1, descending: Bool = false) throws(TensorError)
    -> Tensor
  {
    let lines = try Lines(of: detached(), along: dimension)
    return try lines.restored(lines.matrix.sortedRowIndices(descending: descending))
  }

  /// The elements sorted along a dimension, and the indices where they were.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func sorted(
    along dimension: Int = -1, descending: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let lines = try Lines(of: self, along: dimension)
    let indices = try lines.matrix.sortedRowIndices(descending: descending)
    return (
      try lines.restored(lines.matrix.elementsOfRows(at: indices)).named("SortBackward0"),
      try lines.restored(indices)
    )
  }

  /// The largest, or smallest, elements along a dimension, in order, and their indices.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` for more elements than there are.
  public func top(
    _ limit: Int, along dimension: Int = -1, largest: Bool = true
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let lines = try Lines(of: self, along: dimension)
    let width = lines.matrix.shape[1]
    guard (0...width).contains(limit) else {
      throw .unexpectedNumber(Double(limit), expected: "a number of elements from 0 to \(width)")
    }
    let indices = try lines.matrix.sortedRowIndices(descending: largest, limit: limit)
    return (
      try lines.restored(lines.matrix.elementsOfRows(at: indices)).named("TopkBackward0"),
      try lines.restored(indices)
    )
  }
}

// MARK: - Counting

extension Tensor {
  /// The different elements, sorted, and how often each of them is there.
  public func unique() throws(TensorError) -> (values: Tensor, counts: Tensor) {
    let row = try detached().reshaped(to: [1, count])
    let order = try row.sortedRowIndices(descending: false)
    let keys = try orderKeys()
    var (first, counts): ([Int64], [Int64]) = ([], [])
    for position in order.scalars(as: Int64.self) {
      // Two that are not numbers are not the same one.
      let key = keys[Int(position)]
      if let last = first.last, keys[Int(last)] == key, key != .keyOfNone || dtype.isWhole {
        counts[counts.count - 1] += 1
      } else {
        first.append(position)
        counts.append(1)
      }
    }
    return (try row.elements(at: Tensor(first)), try Tensor(counts))
  }

  /// How often each integer is there, from 0 to the largest, and at least `minimumLength` of them.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` for more than one dimension,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless the elements are `int64`,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` for negative ones,
  ///   ``TensorError/tooLarge(_:)``.
  public func binCounts(minimumLength: Int = 0) throws(TensorError) -> Tensor {
    guard dtype.isWhole else { throw .unexpectedType(dtype, expected: "whole numbers to count") }
    guard shape.count == 1 else { throw .unexpectedShape(shape, expected: "one dimension") }
    try MemoryBudget.require(count, of: 8)
    let numbers = scalars(as: Int64.self)
    if let least = numbers.min(), least < 0 {
      throw .unexpectedNumber(Double(least), expected: "elements to count that are not negative")
    }
    guard minimumLength >= 0 else {
      throw .unexpectedNumber(Double(minimumLength), expected: "a length that is not negative")
    }
    // The largest integer has no successor.
    let length = max(numbers.max().map { $0 == .max ? .max : Int($0) + 1 } ?? 0, minimumLength)
    let result = try Tensor.filled([length], with: 0, .int64)
    let z = result.pointer(to: Int64.self)
    for number in numbers { z[Int(number)] += 1 }
    return result
  }
}

// MARK: - Extremes

extension Tensor {
  /// The largest element.
  ///
  /// Equal ones share the gradient.
  ///
  /// - Throws: ``TensorError/noElements(operation:)``.
  public func maximum() throws(TensorError) -> Tensor {
    try extreme(largest: true)
  }

  /// The smallest element.
  ///
  /// Equal ones share the gradient.
  ///
  /// - Throws: ``TensorError/noElements(operation:)``.
  public func minimum() throws(TensorError) -> Tensor {
    try extreme(largest: false)
  }

  /// The largest elements along a dimension, and where they first are.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``.
  public func maximum(
    along dimension: Int, keepingDimensions: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try picked(along: dimension, keepingDimensions, "maximum", as: "MaxBackward0") {
      keys throws(TensorError) in try Tensor.indexOfExtreme(keys, >)
    }
  }

  /// The smallest elements along a dimension, and where they first are.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``.
  public func minimum(
    along dimension: Int, keepingDimensions: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try picked(along: dimension, keepingDimensions, "minimum", as: "MinBackward0", nanFirst: true) {
      keys throws(TensorError) in try Tensor.indexOfExtreme(keys, <)
    }
  }

  /// Where the largest element first is: along a dimension, or in row-major order.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func argmax(
    along dimension: Int? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    try requiringNumbers("argmax").whole(unless: dimension)
      .maximum(along: dimension ?? 0, keepingDimensions: keepingDimensions).indices
      .restoringRank(of: self, if: dimension == nil && keepingDimensions)
  }

  /// Where the smallest element first is: along a dimension, or in row-major order.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func argmin(
    along dimension: Int? = nil, keepingDimensions: Bool = false
  ) throws(TensorError) -> Tensor {
    try requiringNumbers("argmin").whole(unless: dimension)
      .minimum(along: dimension ?? 0, keepingDimensions: keepingDimensions).indices
      .restoringRank(of: self, if: dimension == nil && keepingDimensions)
  }

  /// The middle element in order, the lower of two; of no floating-point numbers, not a number.
  ///
  /// - Throws: ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func median() throws(TensorError) -> Tensor {
    guard count > 0 || !dtype.isFloatingPoint else {
      return try Tensor.filled([], with: .nan, dtype)
    }
    return try whole(unless: nil).median(along: 0).values.named("MedianBackward0")
  }

  /// The middle elements in order along a dimension, the lower of two, and where they are.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedType(_:expected:)`` for `bool`.
  public func median(
    along dimension: Int, keepingDimensions: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let isFloatingPoint = dtype.isFloatingPoint
    return try requiringNumbers("medians").picked(
      along: dimension, keepingDimensions, "median", as: "MedianBackward1"
    ) { keys throws(TensorError) in
      let firstNaN = isFloatingPoint ? keys.firstIndex(of: .keyOfNone) : nil
      if let firstNaN { return firstNaN - keys.startIndex }
      return Int(try Self.order(of: Array(keys))[(keys.count - 1) / 2])
    }
  }

  private func whole(unless dimension: Int?) throws(TensorError) -> Tensor {
    dimension == nil ? try reshaped(to: [count]) : self
  }

  private func restoringRank(of other: Tensor, if isNeeded: Bool) throws(TensorError) -> Tensor {
    isNeeded ? try reshaped(to: other.shape.map { _ in 1 }) : self
  }

  private static func indexOfExtreme(
    _ keys: ArraySlice<UInt64>, _ isBetter: (UInt64, UInt64) -> Bool
  ) throws(TensorError) -> Int {
    let start = keys.startIndex
    var best = 0
    try Interruption.forEach(keys.count) {
      if isBetter(keys[start + $0], keys[start + best]) { best = $0 }
    }
    return best
  }

  /// One element of each line, chosen by the order of the keys, and where it is.
  private func picked(
    along dimension: Int, _ keepingDimensions: Bool, _ operation: String, as name: StaticString,
    nanFirst: Bool = false,
    by choose: (ArraySlice<UInt64>) throws(TensorError) -> Int
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let lines = try Lines(of: self, along: dimension)
    let (rows, width) = (lines.matrix.shape[0], lines.matrix.shape[1])
    guard width > 0 else { throw .noElements(operation: operation) }
    let keys = try lines.matrix.orderKeys(nanFirst: nanFirst)
    var chosen: [Int64] = []
    for row in 0..<rows { chosen.append(Int64(try choose(keys[row * width..<(row + 1) * width]))) }
    let indices = try Tensor(chosen, shape: [rows, 1])
    return (
      try lines.reduced(
        lines.matrix.elementsOfRows(at: indices), keepingDimensions: keepingDimensions
      ).named(name),
      try lines.reduced(indices, keepingDimensions: keepingDimensions)
    )
  }

  private func extreme(largest: Bool) throws(TensorError) -> Tensor {
    let row = try detached().reshaped(to: [count])
    let value = try largest ? row.maximum(along: 0).values : row.minimum(along: 0).values
    let memory = value.detached()
    return value.recording(self, memory, as: largest ? "MaxBackward1" : "MinBackward1") {
      x, memory, gradient throws(TensorError) in
      let isNaN = try memory.compared(.notEqual, to: memory)
      let isHere = try Tensor.where(
        isNaN, x.compared(.notEqual, to: x), x.compared(.equal, to: memory))
      let share = try Tensor.combine(gradient, isHere.sum(), .divide)
      try x.accumulate(Tensor.combine(share, isHere, .multiply))
    }
  }
}
