/// Some of the ratings that were held out, told apart by how much is known of users or of items.
///
///     for group in RatingGroup.byActivity(loaders) { … }
public struct RatingGroup: Sendable {
  /// Who or what it is: `users with 20 to 41 ratings`.
  public let name: String
  /// Whose members have a part in it.
  let side: RatingSide
  /// Whether each user or item of that side does.
  let isMember: [Bool]

  /// Users in three groups of about the same size by how much they have rated, then the fifth of the items
  /// that is rated most, and the others.
  ///
  /// Only ratings to learn from are counted.
  public static func byActivity(_ loaders: DataLoaders) -> [RatingGroup] {
    userGroups(loaders, 3) + itemGroups(loaders)
  }

  private static func userGroups(_ loaders: DataLoaders, _ groupCount: Int) -> [RatingGroup] {
    let counts = (0..<loaders.users.count).map { loaders.trainingCount(of: $0, .users) }
    let sorted = counts.filter { $0 > 0 }.sorted()
    guard !sorted.isEmpty else { return [] }
    // Users with equally many ratings stay together, so that there may be fewer groups.
    let ends = (1...groupCount).map { sorted[max(0, sorted.count * $0 / groupCount - 1)] }
    var (groups, low): ([RatingGroup], Int) = ([], 1)
    for high in ends where high >= low {
      groups.append(
        RatingGroup(
          name: low == high ? "users with \(low) ratings" : "users with \(low) to \(high) ratings",
          side: .users, isMember: counts.map { (low...high).contains($0) }))
      low = high + 1
    }
    return groups
  }

  private static func itemGroups(_ loaders: DataLoaders) -> [RatingGroup] {
    let counts = (0..<loaders.items.count).map { loaders.trainingCount(of: $0, .items) }
    let rated = counts.indices.filter { counts[$0] > 0 }
      .sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    guard rated.count >= 2 else { return [] }
    let head = Set(rated.prefix(max(1, rated.count / 5)))
    return [
      RatingGroup(
        name: "items rated most (\(head.count))", side: .items,
        isMember: counts.indices.map(head.contains)),
      RatingGroup(
        name: "other items (\(rated.count - head.count))", side: .items,
        isMember: counts.indices.map { counts[$0] > 0 && !head.contains($0) }),
    ]
  }
}
