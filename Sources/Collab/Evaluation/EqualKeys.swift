/// The places of equal keys, the groups in the order of their keys.
struct EqualKeys {
  private var starts: [Int] = []
  private var order: [Int32]

  /// - Complexity: O(keys + the largest difference of two).
  init(_ keys: [Int32]) {
    order = [Int32](repeating: 0, count: keys.count)
    guard let least = keys.min(), let most = keys.max() else { return }
    var ends = [Int](repeating: 0, count: Int(most) - Int(least) + 2)
    for key in keys { ends[Int(key) - Int(least) + 1] += 1 }
    for place in 1..<ends.count {
      if ends[place] > 0 { starts.append(ends[place - 1]) }
      ends[place] += ends[place - 1]
    }
    starts.append(keys.count)
    for (place, key) in keys.enumerated() {
      order[ends[Int(key) - Int(least)]] = Int32(clamping: place)
      ends[Int(key) - Int(least)] += 1
    }
  }

  /// How many different keys there are.
  var count: Int { max(starts.count - 1, 0) }
  /// Where the keys of a group stand, rising.
  subscript(_ group: Int) -> ArraySlice<Int32> { order[starts[group]..<starts[group + 1]] }
}
