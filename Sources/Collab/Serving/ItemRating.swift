/// What somebody gave an item.
public struct ItemRating: Sendable, Equatable {
  /// The index of the item.
  public let item: Int
  /// The rating, in the units of the data.
  public let stars: Float

  /// A rating of the item with an index.
  public init(item: Int, stars: Float) { (self.item, self.stars) = (item, stars) }
}
