/// The share of pairs of a relevant and another item whose scores are in the right order; equal scores
/// count half.
///
/// Source: the area under the ROC curve, by ranks (Mann and Whitney 1947).
///
/// - Parameter items: the score of each candidate, and whether it is relevant.
/// - Returns: nil unless there are both kinds.
package func orderedShare(_ items: [(score: Float, isRelevant: Bool)]) -> Double? {
  let relevant = items.filter(\.isRelevant).map(\.score).sorted()
  let otherCount = items.count - relevant.count
  guard !relevant.isEmpty, otherCount > 0 else { return nil }
  var right = 0.0
  for item in items where !item.isRelevant {
    let notBelow = relevant.partitioningIndex { $0 >= item.score }
    let above = relevant.partitioningIndex { $0 > item.score }
    right += Double(relevant.count - above) + Double(above - notBelow) / 2
  }
  return right / (Double(relevant.count) * Double(otherCount))
}
