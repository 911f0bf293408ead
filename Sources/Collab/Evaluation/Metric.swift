/// A measure of how good predictions or lists are.
///
/// Each is a mean over users, or a ratio of sums over users, so that drawing users anew says how much it
/// depends on who happened to be there.
public struct Metric: Sendable, Hashable {
  /// What is measured.
  public enum Kind: String, CaseIterable, Sendable {
    case rmse
    case mae
    case ndcg
    case recall
    case precision
    case hit
    case map
    case mrr
    case auc
    case coverage
    case novelty
  }

  /// What is measured.
  public let kind: Kind
  /// The length of the lists, for what is measured on lists.
  public let k: Int

  /// A measure, on lists of `k` items if it is about lists.
  public init(_ kind: Kind, k: Int = 10) { (self.kind, self.k) = (kind, k) }

  /// A measure by its name: `rmse`, `ndcg@20`, `ndcg` for lists of `k`.
  ///
  /// Nil if there is none of that name, or the length of lists is below 1.
  public init?(name: String, k: Int = 10) {
    let parts = name.lowercased().split(separator: "@", omittingEmptySubsequences: false)
    guard let kind = parts.first.flatMap({ Kind(rawValue: String($0)) }), parts.count <= 2
    else { return nil }
    if parts.count == 1 {
      self.init(kind, k: k)
    } else {
      guard kind.isOfLists, let own = Int(parts[1]), own >= 1 else { return nil }
      self.init(kind, k: own)
    }
  }

  /// How tables call it: `ndcg@10`.
  public var name: String { kind.namesLength ? "\(kind.rawValue)@\(k)" : kind.rawValue }

  /// What an evaluation shows where nothing is chosen.
  public static func usual(k: Int = 10) -> [Metric] {
    [.rmse, .mae, .ndcg, .recall, .precision, .hit, .mrr, .coverage].map { Metric($0, k: k) }
  }
}

extension Metric.Kind {
  /// Whether it looks at lists of items, and not at predicted ratings.
  public var isOfLists: Bool { ![.rmse, .mae, .auc].contains(self) }
  /// Whether its name says how long the lists are.
  var namesLength: Bool { isOfLists && self != .mrr }
  /// Whether it is found from the first items of a list.
  var needsLists: Bool { isOfLists }
  /// Whether a smaller number is better.
  public var isBetterSmall: Bool { [.rmse, .mae].contains(self) }

  /// How it is found, in a line.
  public var definition: String {
    switch self {
    case .rmse: "root of the mean squared difference of prediction and rating"
    case .mae: "mean absolute difference of prediction and rating"
    case .ndcg:
      "sum of 1/log2(rank + 1) over relevant items in the list, divided by that of the best list of min(k, relevant) items"
    case .recall: "relevant items in the list / relevant items"
    case .precision: "relevant items in the list / k"
    case .hit: "1 if a relevant item is in the list, else 0"
    case .map: "sum of the precision at each relevant item in the list / relevant items"
    case .mrr: "1 / rank of the first relevant item in the list of k, 0 if there is none"
    case .auc:
      "share of pairs of a relevant and another candidate whose order is right; equal scores count half"
    case .coverage: "items that are in any list / all items of the loaders"
    case .novelty:
      "mean of -log2(share of users who rated the item in training) over the listed items"
    }
  }
}
