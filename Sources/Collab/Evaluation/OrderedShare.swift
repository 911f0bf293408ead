/// The share of pairs of a relevant and another item whose scores are in the right order; equal scores
/// count half.
///
/// Source: the area under the ROC curve, by ranks (Mann and Whitney 1947).
///
/// - Parameter items: the score of each candidate, and whether it is relevant.
/// - Returns: nil unless there are both kinds.
package func orderedShare(_ items: [(score: Float, isRelevant: Bool)]) -> Double? {
  let relevantCount = items.count(where: \.isRelevant)
  let otherCount = items.count - relevantCount
  guard relevantCount > 0, otherCount > 0 else { return nil }
  let sorted = items.sorted { $0.score < $1.score }
  var (right, below, first) = (0.0, 0, 0)
  while first < sorted.count {
    let end = sorted[first...].firstIndex { $0.score != sorted[first].score } ?? sorted.count
    let relevant = sorted[first..<end].count(where: \.isRelevant)
    let others = end - first - relevant
    right += Double(relevant) * (Double(below) + Double(others) / 2)
    below += others
    first = end
  }
  return right / (Double(relevantCount) * Double(otherCount))
}
