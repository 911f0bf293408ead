import CCollabKernels

/// The highest of many scores.
struct BestScores {
  private var scores: [Float]
  private var indices: [Int32]
  private var used = 0

  /// Room for `count` scores.
  init(_ count: Int) {
    scores = [Float](repeating: 0, count: max(count, 0))
    indices = [Int32](repeating: 0, count: max(count, 0))
  }

  /// Those found so far, the highest first.
  var list: [(index: Int, score: Float)] {
    (0..<used).map { (Int(indices[$0]), scores[$0]) }
  }

  /// Looks through more scores, the first of which has the number `first`.
  mutating func add(_ more: UnsafeBufferPointer<Float>, first: Int) {
    guard let base = more.baseAddress else { return }
    used = Int(
      ck_top(
        &scores, &indices, Int64(used), base, Int64(first), Int64(more.count),
        Int64(scores.count)))
  }

  mutating func add(_ more: [Float], first: Int) {
    more.withUnsafeBufferPointer { add($0, first: first) }
  }

  /// Looks through the highest of scores whose numbers are larger than those so far.
  mutating func add(_ other: BestScores) {
    for (index, score) in other.list {
      withUnsafePointer(to: score) {
        add(UnsafeBufferPointer(start: $0, count: 1), first: index)
      }
    }
  }
}
