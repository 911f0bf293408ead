import CollabThreading

extension Tensor {
  /// A whole number for each element, in the order of the elements.
  ///
  /// What is not a number comes last, or first. Can be interrupted.
  func orderKeys(nanFirst: Bool = false) throws(TensorError) -> [Int64] {
    let nan = nanFirst ? Int64.min : .max
    // The keys, and the doubles that they are made of.
    try MemoryBudget.require(count, of: 16)
    switch dtype.stored {
    case .int64: return scalars(as: Int64.self)
    case .bool: return scalars(as: Bool.self).map { $0 ? 1 : 0 }
    case .float32, .float64:
      let numbers = try detached().converted(to: .float64)
      var keys = [Int64](repeating: 0, count: count)
      let elements = numbers.pointer(to: Double.self)
      try Interruption.forEach(count) { n in
        // Adding 0 makes −0 the same as 0. Negative numbers have their bits in falling order.
        let bits = Int64(bitPattern: (elements[n] + 0).bitPattern)
        keys[n] = elements[n].isNaN ? nan : bits < 0 ? bits ^ .max : bits
      }
      return withExtendedLifetime(numbers) { keys }
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
      var row: [(key: Int64, index: Int)] = []
      row.reserveCapacity(width)
      try Interruption.forEach(width) { n in
        // The complement turns the order of keys round, and leaves that of indices.
        row.append((key: descending ? ~keys[r * width + n] : keys[r * width + n], index: n))
      }
      try Self.sort(&row)
      for n in 0..<kept { z[r * kept + n] = Int64(row[n].index) }
    }
    return result
  }

  /// Sorts by keys and then by indices; long rows can be interrupted.
  private static func sort(_ row: inout [(key: Int64, index: Int)]) throws(TensorError) {
    guard row.count > 1 << 20 else {
      row.sort { $0.key < $1.key || ($0.key == $1.key && $0.index < $1.index) }
      return
    }
    var comparisons = 0
    do {
      try row.sort { one, other in
        comparisons &+= 1
        if comparisons & 0xFFFFF == 0 { try Interruption.check() }
        return one.key < other.key || (one.key == other.key && one.index < other.index)
      }
    } catch {
      throw .interrupted
    }
  }

  /// The elements of each row of this matrix at indices within the row.
  func elementsOfRows(at indices: Tensor) throws(TensorError) -> Tensor {
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
      if let last = first.last, keys[Int(last)] == key, key != .max || dtype.isWhole {
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
      Tensor.indexOfExtreme($0, >)
    }
  }

  /// The smallest elements along a dimension, and where they first are.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``.
  public func minimum(
    along dimension: Int, keepingDimensions: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try picked(along: dimension, keepingDimensions, "minimum", as: "MinBackward0", nanFirst: true) {
      Tensor.indexOfExtreme($0, <)
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
    ) { keys in
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      let firstNaN = isFloatingPoint ? keys.firstIndex(of: .max) : nil
      return (firstNaN ?? order[(order.count - 1) / 2]) - keys.startIndex
    }
  }

  private func whole(unless dimension: Int?) throws(TensorError) -> Tensor {
    dimension == nil ? try reshaped(to: [count]) : self
  }

  private func restoringRank(of other: Tensor, if isNeeded: Bool) throws(TensorError) -> Tensor {
    isNeeded ? try reshaped(to: other.shape.map { _ in 1 }) : self
  }

  private static func indexOfExtreme(
    _ keys: ArraySlice<Int64>, _ isBetter: (Int64, Int64) -> Bool
  ) -> Int {
    var best = keys.startIndex
    for i in keys.indices where isBetter(keys[i], keys[best]) { best = i }
    return best - keys.startIndex
  }

  /// One element of each line, chosen by the order of the keys, and where it is.
  private func picked(
    along dimension: Int, _ keepingDimensions: Bool, _ operation: String, as name: StaticString,
    nanFirst: Bool = false,
    by choose: (ArraySlice<Int64>) -> Int
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let lines = try Lines(of: self, along: dimension)
    let (rows, width) = (lines.matrix.shape[0], lines.matrix.shape[1])
    guard width > 0 else { throw .noElements(operation: operation) }
    let keys = try lines.matrix.orderKeys(nanFirst: nanFirst)
    let chosen = (0..<rows).map { Int64(choose(keys[($0 * width)..<(($0 + 1) * width)])) }
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
