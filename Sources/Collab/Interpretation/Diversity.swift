import CollabLearning
import CollabTensors

/// Picks items that are liked and unlike each other.
///
/// One after the other, the item is taken whose score, less its likeness to the most similar one above
/// it, is highest. Scores are brought to the range from 0 to 1 among the candidates, likeness is the
/// cosine of the angle between factors.
///
/// Source: Carbonell and Goldstein, "The Use of MMR" (1998): maximal marginal relevance, with `weight`
/// for their 1 − λ.
struct Diversity {
  private let weight: Float
  private let factors: Tensor

  /// Nil if likeness does not count.
  ///
  /// - Throws: ``InterpretationError/noFactors(of:model:)``.
  init?(_ weight: Double, _ learner: Learner) throws {
    guard weight > 0 else { return nil }
    guard let factors = learner.roles.itemFactors else {
      throw InterpretationError.noFactors(of: "items", model: learner.model.typeName)
    }
    (self.weight, self.factors) = (Float(weight), factors.detached())
  }

  /// How many candidates there are for so many places.
  static func depth(for count: Int) -> Int { max(100, count.multipliedReportingOverflow(by: 5).0) }

  /// So many of the candidates, which are ordered by their scores.
  func picks(_ count: Int, of candidates: [(index: Int, score: Float)]) -> [Int] {
    guard let highest = candidates.first?.score, let lowest = candidates.last?.score else {
      return []
    }
    let width = factors.shape[1]
    let directions = candidates.map { direction(of: $0.index) }
    let span = highest > lowest ? highest - lowest : 1
    let relevance = candidates.map { (1 - weight) * ($0.score - lowest) / span }
    // The likeness of each candidate to the most similar one that was picked.
    var likeness = [Float](repeating: 0, count: candidates.count)
    var left = Array(candidates.indices)
    var picks: [Int] = []
    while picks.count < count, let first = left.first {
      var best = first
      for place in left
      where relevance[place] - weight * likeness[place] > relevance[best] - weight * likeness[best]
      {
        best = place
      }
      left.removeAll { $0 == best }
      for place in left {
        var cosine: Float = 0
        for k in 0..<width { cosine += directions[place][k] * directions[best][k] }
        likeness[place] = picks.isEmpty ? cosine : max(likeness[place], cosine)
      }
      picks.append(candidates[best].index)
    }
    return picks
  }

  /// The factors of an item as a vector of length 1.
  private func direction(of item: Int) -> [Float] {
    let width = factors.shape[1]
    return factors.withElements(as: Float.self) { elements in
      let row = elements[(item * width)..<((item + 1) * width)]
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { length > 0 ? $0 / length : 0 }
    }
  }
}
