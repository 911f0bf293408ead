import CollabThreading
import Glibc

// MARK: - Along a dimension

extension Tensor {
  /// The product of each element and those before it along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func cumulativeProduct(along dimension: Int) throws(TensorError) -> Tensor {
    try cumulated(along: dimension, *, &*)
  }

  /// The largest, or smallest, of each element and those before it along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func cumulativeExtreme(
    largest: Bool, along dimension: Int
  ) throws(TensorError) -> Tensor {
    largest
      ? try cumulated(along: dimension, { Swift.max($0, $1) }, { Swift.max($0, $1) })
      : try cumulated(along: dimension, { Swift.min($0, $1) }, { Swift.min($0, $1) })
  }

  private func cumulated(
    along dimension: Int, _ floating: (Double, Double) -> Double, _ whole: (Int64, Int64) -> Int64
  ) throws(TensorError) -> Tensor {
    let lines = try Lines(of: detached(), along: dimension)
    guard dtype.isFloatingPoint else {
      let width = lines.matrix.shape[1]
      let result = try lines.matrix.converted(to: .int64).copied()
      let z = result.pointer(to: Int64.self)
      try Interruption.forEach(result.count) { i in
        if i % width != 0 { z[i] = whole(z[i - 1], z[i]) }
      }
      return try lines.restored(result)
    }
    return try lines.restored(
      lines.matrix.mappingRows { row, result throws(TensorError) in
        try Interruption.forEach(row.count) { i in
          result[i] = i == 0 ? row[i] : floating(result[i - 1], row[i])
        }
      })
  }

  /// Each element less the one before it along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``.
  public func differences(along dimension: Int = -1, times: Int = 1) throws(TensorError) -> Tensor {
    let d = try Shape.dimension(dimension, of: shape)
    var result = self
    for _ in 0..<max(times, 0) where result.shape[d] > 0 {
      let count = result.shape[d] - 1
      let later = try result.split(into: [1, count], along: d)[1]
      let earlier = try result.split(into: [count, 1], along: d)[0]
      result =
        dtype == .bool ? try later.compared(.notEqual, to: earlier) : try later - earlier
    }
    return result
  }

  /// The numbers below which shares of the elements lie, between neighbours in proportion.
  ///
  /// - Parameters:
  ///   - shares: one between 0 and 1, or several, which come first in the shape of the result.
  ///   - dimension: along which; nil for all elements.
  ///   - keepingDimensions: whether the dimension stays, with size 1.
  ///   - rule: what lies between two elements.
  /// - Returns: the quantiles.
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/noElements(operation:)``,
  ///   ``TensorError/unexpectedNumber(_:expected:)`` for a share that is none,
  ///   ``TensorError/unexpectedType(_:expected:)`` unless elements are floating-point.
  public func quantile(
    _ shares: Tensor, along dimension: Int? = nil, keepingDimensions: Bool = false,
    between rule: QuantileRule = .linear
  ) throws(TensorError) -> Tensor {
    guard dtype.isFloatingPoint else {
      throw .unexpectedType(dtype, expected: "float or double elements for quantiles")
    }
    let lines =
      if let dimension { try Lines(of: detached(), along: dimension) } else {
        try Lines(of: detached(), over: nil)
      }
    guard lines.matrix.shape[1] > 0 else { throw .noElements(operation: "quantile") }
    let sorted = try lines.matrix.sortedRows()
    var results: [Tensor] = []
    for share in try shares.converted(to: .float64).scalars(as: Double.self) {
      guard share >= 0, share <= 1 else {
        throw .unexpectedNumber(share, expected: "shares between 0 and 1")
      }
      let numbers = try sorted.reducingRows { row in
        // What is not a number lies behind all others.
        guard row.last?.isNaN == false else { return .nan }
        let place = share * Double(row.count - 1)
        let low = Int(exactly: place.rounded(.down)) ?? 0
        let high = Swift.min(low + 1, row.count - 1)
        return rule.value(row[low], row[high], at: place)
      }
      results.append(try lines.reduced(numbers, keepingDimensions: keepingDimensions))
    }
    return shares.shape.isEmpty ? results[0] : try .stacked(results)
  }

  /// How many elements lie in each of some equal stretches.
  ///
  /// - Throws: ``TensorError/unexpectedNumber(_:expected:)`` for no stretches or bounds in the wrong order.
  public func histogram(
    _ bins: Int, from low: Double, through high: Double
  ) throws(TensorError) -> Tensor {
    guard bins > 0 else { throw .unexpectedNumber(Double(bins), expected: "at least one stretch") }
    let elements = try detached().converted(to: .float64)
    let numbers = UnsafeBufferPointer(start: elements.pointer(to: Double.self), count: count)
    defer { withExtendedLifetime(elements) {} }
    var (start, end) = (low, high)
    if low == high { (start, end) = (numbers.min() ?? 0, numbers.max() ?? 1) }
    if start == end { (start, end) = (start - 1, end + 1) }
    guard start < end, (end - start).isFinite else {
      throw .unexpectedNumber(end, expected: "an upper bound above the lower one")
    }
    try MemoryBudget.require(bins, of: 8)
    var counts = [Double](repeating: 0, count: bins)
    try Interruption.forEach(numbers.count) { n in
      guard numbers[n] >= start, numbers[n] <= end else { return }
      let place = ((numbers[n] - start) / (end - start) * Double(bins)).rounded(.down)
      counts[Swift.min(Int(exactly: place) ?? 0, bins - 1)] += 1
    }
    return try Tensor(counts).converted(to: dtype.isFloatingPoint ? dtype : .float32)
  }

  /// Which elements are among those of another tensor.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public func isIn(_ others: Tensor) throws(TensorError) -> Tensor {
    let type = DType.promoted(dtype, others.dtype)
    let wanted = Set(try others.detached().converted(to: type).orderKeys())
    let keys = try detached().converted(to: type).orderKeys()
    return try Tensor(Interruption.map(keys.count) { wanted.contains(keys[$0]) }, shape: shape)
  }
}

// MARK: - Products

extension Tensor {
  /// The cross product of vectors of three along a dimension.
  ///
  /// - Throws: ``TensorError/noDimension(_:shape:)``, ``TensorError/unexpectedShape(_:expected:)`` unless
  ///   there are three elements along the dimension.
  public func cross(_ other: Tensor, along dimension: Int = -1) throws(TensorError) -> Tensor {
    let d = try Shape.dimension(dimension, of: shape)
    guard shape[d] == 3, other.shape == shape else {
      throw .unexpectedShape(other.shape, expected: "vectors of three, as many as in \(shape)")
    }
    let (a, b) = (try unbound(along: d), try other.unbound(along: d))
    return try .stacked(
      [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], along: d)
  }

  /// The distance of each row of this matrix from each of another.
  ///
  /// - Throws: ``TensorError/cannotBroadcast(_:_:)``, ``TensorError/unexpectedShape(_:expected:)`` unless
  ///   both are matrices.
  public func distances(to other: Tensor, power: Double = 2) throws(TensorError) -> Tensor {
    for matrix in [self, other] where matrix.shape.count != 2 {
      throw .unexpectedShape(matrix.shape, expected: "a matrix")
    }
    let gap = try unsqueezed(1) - other.unsqueezed(0)
    switch power {
    case 2: return try (gap * gap).sum(over: [2]).squareRoot()
    case 1: return try gap.absolute().sum(over: [2])
    case .infinity: return try gap.absolute().extreme(largest: true, over: [2])
    default:
      return try gap.absolute().power(power).sum(over: [2]).power(1 / power)
    }
  }

  /// Sums of products of elements whose indices have the same letter.
  ///
  ///     try Tensor.einsum("ij,jk->ik", [a, b])  // the matrix product
  ///
  /// - Parameters:
  ///   - equation: letters for the dimensions of each tensor, with commas between, and behind `->` those of
  ///     the result; without them, letters that occur once, in the order of the alphabet.
  ///   - operands: the tensors.
  /// - Returns: the sums.
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` if a tensor does not have the dimensions that the
  ///   equation names, ``TensorError/cannotBroadcast(_:_:)`` if sizes of one letter differ.
  public static func einsum(
    _ equation: String, _ operands: [Tensor]
  ) throws(TensorError) -> Tensor {
    let text = equation.filter { !$0.isWhitespace }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard inputs.count == operands.count else {
      throw .unexpectedNumber(Double(operands.count), expected: "\(inputs.count) tensors")
    }
    let letters = inputs.joined().sorted()
    let once = letters.filter { letter in letters.count { $0 == letter } == 1 }
    let output = sides.count > 1 ? Array(sides[1]) : once
    var order = output
    for letter in letters where !order.contains(letter) { order.append(letter) }
    var product: Tensor?
    for (input, operand) in Swift.zip(inputs, operands) {
      let placed = try operand.placed(input, among: order)
      product = if let product { try product * placed } else { placed }
    }
    guard let product else { throw .unexpectedNumber(0, expected: "at least one tensor") }
    let summed = Array(output.count..<order.count)
    return summed.isEmpty ? product : try product.sum(over: summed)
  }

  /// This tensor with its dimensions where their letters are among others, and ones between.
  private func placed(
    _ letters: [Character], among order: [Character]
  ) throws(TensorError) -> Tensor {
    guard letters.count == shape.count else {
      throw .unexpectedShape(shape, expected: "\(letters.count) dimensions: \(String(letters))")
    }
    var (result, names) = (self, letters)
    // A letter that occurs twice takes the diagonal.
    while let first = names.firstIndex(where: { name in names.count { $0 == name } > 1 }),
      let second = names.lastIndex(of: names[first])
    {
      let others = names.indices.filter { $0 != first && $0 != second }
      let moved = try result.permuted(others + [first, second])
      let size = result.shape[first]
      guard size == result.shape[second] else {
        throw .cannotBroadcast([size], [result.shape[second]])
      }
      let places = try Tensor((0..<size).map { Int64($0 * size + $0) })
      let flat = try moved.reshaped(to: others.map { result.shape[$0] } + [size * size])
      result = try flat.transposed(0, others.count).rows(at: places).transposed(0, others.count)
      names = others.map { names[$0] } + [names[first]]
    }
    let known = order.compactMap { names.firstIndex(of: $0) }
    let permuted = try result.permuted(known)
    let sizes = order.map { letter in names.firstIndex(of: letter).map { result.shape[$0] } ?? 1 }
    return try permuted.reshaped(to: sizes)
  }
}

/// What a quantile is that lies between two elements, under PyTorch's names.
public enum QuantileRule: String, CaseIterable, Sendable {
  case linear, lower, higher, nearest, midpoint

  /// The number at a place between two elements, of which one stands below it and one above.
  func value(_ low: Double, _ high: Double, at place: Double) -> Double {
    let share = place - place.rounded(.down)
    return switch self {
    case .linear: low + (high - low) * share
    case .lower: low
    case .higher: share > 0 ? high : low
    // In the middle it is the one whose place is even.
    case .nearest: place.rounded(.toNearestOrEven) > place.rounded(.down) ? high : low
    case .midpoint: share > 0 ? (low + high) / 2 : low
    }
  }
}
