import Glibc

/// Arithmetic on shapes.
enum Shape {
  /// As many elements are allowed on any machine.
  private static let smallCount = 1 << 20
  /// More elements than this are refused: as doubles they would fill half of the memory.
  private static let maximumCount =
    sysconf(Int32(_SC_PHYS_PAGES)) / 16 * sysconf(Int32(_SC_PAGESIZE))

  /// The number of elements.
  static func count(_ shape: [Int]) throws(TensorError) -> Int {
    var (count, hasZero) = (1, false)
    for size in shape {
      hasZero = hasZero || size == 0
      // A size of 0 does not excuse the others, since strides are products of them.
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflow, product <= smallCount || product <= maximumCount else {
        throw .tooLarge(shape)
      }
      count = product
    }
    return hasZero ? 0 : count
  }

  /// Elements from one index to the next, per dimension.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for d in shape.indices.reversed() {
      strides[d] = step
      step *= shape[d]
    }
    return strides
  }

  /// A dimension counted from the end if negative, as in Python.
  static func dimension(_ d: Int, of shape: [Int]) throws(TensorError) -> Int {
    let dimension = d < 0 ? d + shape.count : d
    guard shape.indices.contains(dimension) else { throw .noDimension(d, shape: shape) }
    return dimension
  }

  /// As `dimension(_:of:)`, but nil for the 0 or −1 that stands for a single number as a whole.
  static func lineDimension(_ d: Int, of shape: [Int]) throws(TensorError) -> Int? {
    shape.isEmpty && (d == 0 || d == -1) ? nil : try dimension(d, of: shape)
  }

  /// The shape that both broadcast to.
  static func broadcast(_ a: [Int], _ b: [Int]) throws(TensorError) -> [Int] {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var shape = [Int](repeating: 1, count: rank)
    for d in 1...max(rank, 1) where rank > 0 {
      let left = d <= a.count ? a[a.count - d] : 1
      let right = d <= b.count ? b[b.count - d] : 1
      guard left == right || left == 1 || right == 1 else { throw .cannotBroadcast(a, b) }
      shape[rank - d] = left == 1 ? right : left
    }
    return shape
  }

  /// Strides that read `shape` as if it had the shape `target`: 0 where it is repeated.
  ///
  /// - Precondition: `shape` broadcasts to `target`.
  static func strides(of shape: [Int], broadcastTo target: [Int]) -> [Int] {
    let own = strides(shape)
    let missing = target.count - shape.count
    return target.indices.map { d in
      d < missing || shape[d - missing] == 1 ? 0 : own[d - missing]
    }
  }
}

/// Calls `body` for each run of the last dimension of `shape`, with the offset of its first element
/// in the result and in each of two operands, its length, and the operands' steps within it.
@inline(__always)
func forEachRun(
  of shape: [Int], _ left: [Int], _ right: [Int],
  _ body: (_ result: Int, _ left: Int, _ right: Int, _ count: Int, _ steps: (Int, Int)) -> Void
) {
  guard let count = shape.last else { return body(0, 0, 0, 1, (0, 0)) }
  guard !shape.contains(0) else { return }
  let outer = shape.count - 1
  var index = [Int](repeating: 0, count: outer)
  var (result, l, r) = (0, 0, 0)
  while true {
    body(result, l, r, count, (left[outer], right[outer]))
    result += count
    var d = outer - 1
    while d >= 0 {
      index[d] += 1
      l += left[d]
      r += right[d]
      if index[d] < shape[d] { break }
      l -= left[d] * shape[d]
      r -= right[d] * shape[d]
      index[d] = 0
      d -= 1
    }
    if d < 0 { return }
  }
}
