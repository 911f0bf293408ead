public import CollabLearning

/// From where to where ratings go, and in which steps.
///
///     RatingScale([0.5, 3, 4.5, 5]).range  // 0.25 to 5.25
public struct RatingScale: Sendable, Equatable {
  /// The lowest rating that occurs.
  public let lowest: Double
  /// The highest rating that occurs; not below ``lowest``.
  public let highest: Double
  /// The smallest difference of two ratings; a thousandth of the way from the lowest to the highest
  /// if that is more, as for ratings that may be any number.
  public let step: Double

  /// The scale of some ratings, one of each kind or all of them; nil if there are none.
  public init?(_ ratings: some Sequence<Float>) {
    // Few different ratings are the rule: comparing with those is faster than hashing.
    var common: [Float] = []
    var others: Set<Float> = []
    for rating in ratings where !common.contains(rating) {
      if common.count < 16 { common.append(rating) } else { others.insert(rating) }
    }
    let values = (common + others).sorted()
    guard let first = values.first, let last = values.last else { return nil }
    (lowest, highest) = (Self.decimal(first), Self.decimal(last))
    let least = (highest - lowest) / 1000
    let gaps = zip(values.dropFirst(), values).map { Self.decimal($0) - Self.decimal($1) }
    step = gaps.isEmpty ? 1 : max(gaps.min() ?? 1, least)
  }

  /// Whether these are the chapter's whole stars, one to five.
  public var isStars: Bool {
    lowest >= 1 && highest == 5 && step == step.rounded() && lowest == lowest.rounded()
  }

  /// What predictions are squeezed into: half a step more than the ratings at both ends, which a
  /// sigmoid never reaches; for the chapter's stars the chapter's range.
  public var range: RatingRange {
    if isStars { return .stars }
    func end(_ value: Double) -> Double { Self.decimal(Float(value)) }
    return RatingRange(end(lowest - step / 2), end(highest + step / 2))
  }

  /// The decimal number that a rating was written as: 0.1 and not 0.10000000149.
  private static func decimal(_ rating: Float) -> Double {
    Double("\(rating)") ?? Double(rating)
  }
}

extension RatingScale {
  /// A scale that was found before; nil if there can be no such scale.
  init?(lowest: Double, highest: Double, step: Double) {
    guard lowest.isFinite, highest.isFinite, lowest <= highest, step > 0, step.isFinite else {
      return nil
    }
    (self.lowest, self.highest, self.step) = (lowest, highest, step)
  }
}
