/// What can be chosen of factors that rank.
public struct IALSOptions: Sendable, Equatable {
  /// How strongly factors are drawn to zero.
  public var ridge = Self.usualRidge
  /// How much a pair without a rating counts beside one with a rating.
  public var unobserved = Self.usualUnobserved
  /// Whether ratings are graded by their stars, and do not all count alike.
  public var isGraded = true

  /// Values that ratings of films choose, held out of those to learn from.
  public init() {}

  /// The ridge where none is given.
  static let usualRidge = Ridge(strength: 0.35, exponent: 0.5)
  /// The weight of pairs without a rating where none is given.
  static let usualUnobserved = 0.25
  /// Factors where none are asked for.
  public static let usualFactors = 64
}
