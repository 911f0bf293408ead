/// The ratings that there are, from the lowest to the highest, and their mean.
package struct StarScale: Equatable {
  /// Ratings of more kinds than this are taken for numbers without steps.
  package static let mostLevels = 20

  /// The different ratings, rising; empty if they are too many, or none.
  package let levels: [Float]
  /// The lowest and the highest rating; nil if there is none.
  package let ends: ClosedRange<Float>?
  /// The mean rating.
  package let mean: Float

  init(levels: [Float], ends: ClosedRange<Float>?, mean: Float) {
    (self.levels, self.ends, self.mean) = (levels, ends, mean)
  }

  /// The scale of some ratings.
  package init(_ stars: some Collection<Float>) {
    var levels: [Float] = []
    var (low, high, sum) = (Float.infinity, -Float.infinity, 0.0)
    for rating in stars {
      (low, high, sum) = (min(low, rating), max(high, rating), sum + Double(rating))
      if levels.count <= Self.mostLevels, !levels.contains(rating) { levels.append(rating) }
    }
    self.levels = levels.count > Self.mostLevels ? [] : levels.sorted()
    ends = low <= high ? low...high : nil
    mean = stars.isEmpty ? 0 : Float(sum / Double(stars.count))
  }

  /// Half-way between neighbouring ratings, from the mean on.
  var middles: [Float] {
    zip(levels, levels.dropFirst()).map { 0.5 * ($0 + $1) - mean }
  }

  /// The number of a rating among the levels; the nearest, if it is none of them.
  package func number(of rating: Float) -> Int {
    let above = levels.firstIndex { $0 >= rating } ?? max(levels.count - 1, 0)
    guard above > 0, rating - levels[above - 1] < levels[above] - rating else { return above }
    return above - 1
  }

  /// A rating that is not beyond the ends.
  package func clipped(_ rating: Float) -> Float {
    guard let ends else { return rating }
    return min(max(rating, ends.lowerBound), ends.upperBound)
  }

  /// The mean of a distribution, of which the share `below(c)` lies up to level number c.
  func mean(below: (Int) -> Float) -> Float {
    guard var mean = levels.last else { return self.mean }
    for c in 0..<(levels.count - 1) { mean -= below(c) * (levels[c + 1] - levels[c]) }
    return mean
  }
}
