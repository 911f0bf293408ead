import CollabLearning
import CollabTensors

/// Picks items that are liked and unlike each other.
///
/// One after the other, the item is taken whose score, less its likeness to the most similar one above
/// it, is highest. Scores are brought to the range from 0 to 1 among the candidates.
///
/// Source: Carbonell and Goldstein, "The Use of MMR" (1998): maximal marginal relevance, with `weight`
/// for their 1 − λ.
struct Diversity {
  private let weight: Float
  private let likeness: ItemLikeness

  /// Nil if likeness does not count.
  ///
  /// - Throws: ``InterpretationError/noFactors(of:model:)`` if nothing says how alike items are.
  init?(_ weight: Double, _ learner: Learner) throws {
    guard weight > 0 else { return nil }
    (self.weight, likeness) = (Float(weight), try ItemLikeness(learner))
  }

  /// How many candidates there are for so many places.
  static func depth(for count: Int) -> Int { max(100, count.multipliedReportingOverflow(by: 5).0) }

  /// So many of the candidates, which are ordered by their scores.
  func picks(_ count: Int, of candidates: [RankedItem]) -> [Int] {
    guard let highest = candidates.first?.score, let lowest = candidates.last?.score else {
      return []
    }
    let cosine = likeness.cosines(among: candidates.map(\.index))
    let span = highest > lowest ? highest - lowest : 1
    let relevance = candidates.map { (1 - weight) * ($0.score - lowest) / span }
    // The likeness of each candidate to the most similar one that was picked.
    var nearest = [Float](repeating: 0, count: candidates.count)
    var left = Array(candidates.indices)
    var picks: [Int] = []
    while picks.count < count, let first = left.first {
      var best = first
      for place in left
      where relevance[place] - weight * nearest[place] > relevance[best] - weight * nearest[best] {
        best = place
      }
      left.removeAll { $0 == best }
      for place in left {
        let cosine = cosine(place, best)
        nearest[place] = picks.isEmpty ? cosine : max(nearest[place], cosine)
      }
      picks.append(candidates[best].index)
    }
    return picks
  }
}

/// How alike two items are, as a cosine.
private enum ItemLikeness {
  /// By the angle between their factors.
  case factors(Tensor)
  /// By who has rated them: users of both / √(users of one × users of the other).
  case raters(RatedItems)

  /// By factors where the model has some, else by the ratings that were learned from.
  ///
  /// - Throws: ``InterpretationError/noFactors(of:model:)`` if there are neither.
  init(_ learner: Learner) throws {
    if let factors = learner.roles.itemFactors {
      self = .factors(factors.detached())
    } else if !learner.loaders.training.isEmpty {
      self = .raters(learner.loaders.trainingByItem)
    } else {
      throw InterpretationError.noFactors(of: "items", model: learner.model.typeName)
    }
  }

  /// Tells how alike two of some items are, by their places.
  func cosines(among items: [Int]) -> (Int, Int) -> Float {
    switch self {
    case .factors(let factors):
      let directions = items.map { direction(of: $0, factors) }
      return { one, other in
        var cosine: Float = 0
        for (x, y) in zip(directions[one], directions[other]) { cosine += x * y }
        return cosine
      }
    case .raters(let rated):
      return { one, other in shareOfRaters(items[one], items[other], rated) }
    }
  }

  /// The factors of an item as a vector of length 1.
  private func direction(of item: Int, _ factors: Tensor) -> [Float] {
    let width = factors.shape[1]
    return factors.withElements(as: Float.self) { elements in
      let row = elements[(item * width)..<((item + 1) * width)]
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { length > 0 ? $0 / length : 0 }
    }
  }

  private func shareOfRaters(_ one: Int, _ other: Int, _ rated: RatedItems) -> Float {
    let (one, other) = (rated.indices(of: one), rated.indices(of: other))
    guard !one.isEmpty, !other.isEmpty else { return 0 }
    var (i, j, both) = (one.startIndex, other.startIndex, 0)
    while i < one.endIndex, j < other.endIndex {
      if one[i] == other[j] { both += 1 }
      (i, j) = (i + (one[i] <= other[j] ? 1 : 0), j + (other[j] <= one[i] ? 1 : 0))
    }
    return Float(both) / (Float(one.count) * Float(other.count)).squareRoot()
  }
}
