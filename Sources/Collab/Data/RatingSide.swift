/// Users or items: the two sides of a rating.
public enum RatingSide: String, Sendable, CaseIterable {
  case users, items
}
