internal import Collab
internal import CollabLanguage

/// The names that `load` and `needs=` know, and those that a mistyped one may have meant.
public enum DataSetNames {
  /// All there are.
  public static let all = KnownDataSet.all.map(\.name) + ["demo"]

  /// The names that are most like one: `ml100k` and `MovieLens-100K` are `ml-100k`.
  public static func near(_ name: String) -> [String] {
    var plain = letters(name)
    if plain.hasPrefix("movielens") { plain = "ml" + plain.dropFirst("movielens".count) }
    if let same = all.first(where: { letters($0) == plain }) { return [same] }
    if plain == "ml" || Suggestion.distance(plain, "movielens", limit: 2) != nil {
      return [KnownDataSet.movieLens100K.name]
    }
    return Suggestion.nearest(to: name, among: all)
  }

  private static func letters(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
