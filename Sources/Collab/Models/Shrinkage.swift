/// How strongly biases are drawn to zero: as by so many ratings equal to the mean.
public struct Shrinkage: Sendable, Equatable {
  /// For users.
  public var users: Double
  /// For items.
  public var items: Double

  /// Koren's values, unless others are given.
  ///
  /// Source: Koren, "Factor in the Neighbors" (2010), section 2.1.
  public init(users: Double = 15, items: Double = 10) {
    (self.users, self.items) = (users, items)
  }
}
