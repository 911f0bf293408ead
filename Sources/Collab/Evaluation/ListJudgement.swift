import Glibc

/// A list held against the items that turned out to be relevant.
///
/// Source: the definitions of trec_eval, with binary relevance.
package struct ListJudgement {
  /// Ranks, from 1, of the relevant items in the list.
  private let ranks: [Int]
  /// How many relevant items there are, listed or not.
  private let relevantCount: Int
  /// How long lists are.
  package let k: Int

  /// - Parameters:
  ///   - list: items, the best first; what follows the first `k` does not count.
  ///   - k: how long lists are; this one may be shorter.
  ///   - relevantCount: how many items are relevant, at least 1; some may be impossible to list.
  ///   - isRelevant: whether an item is.
  package init(
    _ list: some Collection<Int32>, k: Int, relevantCount: Int, isRelevant: (Int32) -> Bool
  ) {
    ranks = list.prefix(k).enumerated().filter { isRelevant($0.element) }.map { $0.offset + 1 }
    (self.relevantCount, self.k) = (relevantCount, k)
  }

  /// The measure of this list; nil for what is not found from a list alone.
  package func value(of kind: Metric.Kind) -> Double? {
    let hits = Double(ranks.count)
    return switch kind {
    case .ndcg: gain(ranks) / gain(1...max(1, min(k, relevantCount)))
    case .recall: hits / Double(relevantCount)
    case .precision: hits / Double(k)
    case .hit: ranks.isEmpty ? 0 : 1
    case .map:
      ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element) }
        / Double(relevantCount)
    case .mrr: ranks.first.map { 1 / Double($0) } ?? 0
    case .rmse, .mae, .auc, .coverage, .novelty: nil
    }
  }

  private func gain(_ ranks: some Sequence<Int>) -> Double {
    ranks.reduce(0) { $0 + 1 / log2(Double($1 + 1)) }
  }
}
