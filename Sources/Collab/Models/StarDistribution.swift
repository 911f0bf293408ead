/// How probable each rating is.
///
///     let sure = try model.starProbabilities(for: [(user: 42, item: 7)])[0]
///     sure.probabilities      // of each of sure.stars
///     sure.interval(0.8)      // where the rating lies in four of five cases
public struct StarDistribution: Sendable, Equatable {
  /// The ratings that there are, rising.
  public let stars: [Float]
  /// How probable each of them is.
  public let probabilities: [Float]

  /// A distribution over some ratings.
  public init(stars: [Float], probabilities: [Float]) {
    (self.stars, self.probabilities) = (stars, probabilities)
  }

  /// The mean.
  public var mean: Double {
    zip(stars, probabilities).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// Where the middle of the distribution lies.
  ///
  /// A rating stands for all that would be rounded to it, so that an interval may end between two.
  ///
  /// - Parameter share: how much of the distribution lies inside, from 0 to 1.
  /// - Returns: as much lies below it as above.
  public func interval(_ share: Double) -> ClosedRange<Double> {
    let tail = (1 - min(max(share, 0), 1)) / 2
    let low = quantile(tail)
    return low...max(low, quantile(1 - tail))
  }

  /// Which part of a rating lies inside an interval of the middle: 1 if all that would be rounded to it
  /// does, 0 if none.
  ///
  /// - Parameters:
  ///   - rating: one of ``stars``.
  ///   - share: how much of the distribution lies inside.
  /// - Returns: the mean of this over many ratings is `share`, if the distributions are right.
  public func coverage(of rating: Float, in share: Double) -> Double {
    guard let place = stars.firstIndex(of: rating) else { return 0 }
    let tail = (1 - share) / 2
    let low = probabilities[..<place].reduce(0) { $0 + Double($1) }
    let high = low + Double(probabilities[place])
    guard high > low else { return low >= tail && low <= 1 - tail ? 1 : 0 }
    return max(0, min(high, 1 - tail) - max(low, tail)) / (high - low)
  }

  /// Where so much of the distribution lies below.
  private func quantile(_ share: Double) -> Double {
    var below = 0.0
    for (place, probability) in probabilities.enumerated() {
      let mass = Double(probability)
      if below + mass >= share || place == probabilities.count - 1 {
        let cell = cell(place)
        guard mass > 0 else { return cell.lowerBound }
        let part = min(max((share - below) / mass, 0), 1)
        return cell.lowerBound + part * (cell.upperBound - cell.lowerBound)
      }
      below += mass
    }
    return .nan
  }

  /// What would be rounded to a rating; those at the ends are as long on either side.
  private func cell(_ place: Int) -> ClosedRange<Double> {
    let star = Double(stars[place])
    let before = place > 0 ? star - Double(stars[place - 1]) : nil
    let after = place + 1 < stars.count ? Double(stars[place + 1]) - star : nil
    let (left, right) = (before ?? after ?? 0, after ?? before ?? 0)
    return (star - left / 2)...(star + right / 2)
  }
}
