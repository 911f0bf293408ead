/// Users or items: the two sides of a rating.
public enum RatingSide: String, Sendable, CaseIterable {
  case users, items

  /// The side across.
  var other: RatingSide { self == .users ? .items : .users }
}
