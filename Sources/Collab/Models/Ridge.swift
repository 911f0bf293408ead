import Glibc

/// How strongly the factors and biases of a user or item are drawn to zero.
///
/// The penalty is `strength` × n^`exponent` times the sum of their squares, where n is how many ratings
/// there are of this one.
///
/// Source: Zhou, Wilkinson, Schreiber and Pan, "Large-Scale Parallel Collaborative Filtering for the
/// Netflix Prize" (2008), whose weighted λ is an exponent of 1; 0 is the plain ridge.
public struct Ridge: Sendable, Equatable {
  /// λ.
  public var strength: Double
  /// ν: 1 draws those with many ratings as strongly, rating by rating, as those with few.
  public var exponent: Double

  /// Values that ratings of films choose, held out of those to learn from, unless others are given:
  /// between both ends, so that those with few ratings are drawn to zero the more, rating by rating.
  public init(strength: Double = 1.3, exponent: Double = 0.5) {
    (self.strength, self.exponent) = (strength, exponent)
  }

  /// The strength for the weights of `ease` where none is given, as ratings of films choose it.
  public static let usualOfWeights = 200.0
}

extension Ridge {
  /// What a square costs of one who has so many ratings.
  func strength(ratings count: Int) -> Float {
    strength(of: Double(max(count, 1)))
  }

  /// As `strength(ratings:)`, for what counts as so many.
  func strength(of count: Double) -> Float { Float(strength * pow(count, exponent)) }
}
