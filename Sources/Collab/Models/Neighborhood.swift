/// Which items count as neighbours of an item, and how many of them.
public struct Neighborhood: Sendable, Equatable {
  /// How many of the items that a user has rated go into a prediction: the most similar ones.
  public var count: Int
  /// How many neighbours of each item are kept; a user has rated few of them.
  public var kept: Int
  /// Draws similarities to zero that few users speak for: as by so many users who do not agree.
  public var shrinkage: Double

  /// Koren's values, unless others are given.
  ///
  /// Source: Koren, "Factor in the Neighbors" (2010), section 2.2.
  public init(count: Int = 40, kept: Int = 300, shrinkage: Double = 100) {
    (self.count, self.kept, self.shrinkage) = (count, kept, shrinkage)
  }
}
