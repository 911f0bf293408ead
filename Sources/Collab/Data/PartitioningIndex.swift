extension RandomAccessCollection {
  /// The first place at which a condition holds that holds from somewhere on; the end if it never does.
  ///
  ///     sorted.partitioningIndex { $0 >= 4 }  // where 4 is, or would be
  ///
  /// - Complexity: O(log `count`).
  func partitioningIndex(where belongsInSecondPartition: (Element) -> Bool) -> Index {
    var (low, count) = (startIndex, self.count)
    while count > 0 {
      let middle = index(low, offsetBy: count / 2)
      if belongsInSecondPartition(self[middle]) {
        count /= 2
      } else {
        low = index(after: middle)
        count -= count / 2 + 1
      }
    }
    return low
  }
}
