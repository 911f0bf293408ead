/// Known names that a mistyped one may have meant.
///
///     Suggestion.nearest(to: "ftt", among: ["fit", "lr_find"])  // ["fit"]
public enum Suggestion {
  /// At most three of the candidates: those that begin with the word, then those one edit away, or
  /// two if one of both has six letters or more, or none if it has only one.
  ///
  /// More edits would make one word of any other: `model` is not like `del`.
  ///
  /// Letter case is ignored. An edit adds, drops or changes a letter or swaps two neighbours.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> [String] {
    // No known name is that long, and a whole file may have been pasted.
    guard !word.isEmpty, word.utf8.count <= 200 else { return [] }
    let word = word.lowercased()
    var found: [(rank: Int, name: String)] = []
    var seen: Set<String> = []
    for candidate in candidates where seen.insert(candidate).inserted {
      let name = candidate.lowercased()
      if word.count >= 2, name.hasPrefix(word) {
        found.append((name == word ? -1 : 0, candidate))
      } else if let distance = distance(word, name, limit: limit(word, name)) {
        found.append((distance + 1, candidate))
      }
    }
    found.sort { ($0.rank, $0.name.count, $0.name) < ($1.rank, $1.name.count, $1.name) }
    return found.prefix(3).map(\.name)
  }

  /// How many edits two words may be apart.
  private static func limit(_ word: String, _ name: String) -> Int {
    word.count == 1 ? 0 : max(word.count, name.count) < 6 ? 1 : 2
  }

  /// The number of edits between two words; nil if there are more than `limit`.
  ///
  /// Source: Damerau–Levenshtein distance, in the "optimal string alignment" form.
  public static func distance(_ first: String, _ second: String, limit: Int = Int.max) -> Int? {
    let (a, b) = (Array(first), Array(second))
    guard abs(a.count - b.count) <= limit else { return nil }
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var edits = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          edits = min(edits, before[j - 1] + 1)
        }
        row.append(edits)
      }
      (before, above) = (above, row)
    }
    return above[b.count] <= limit ? above[b.count] : nil
  }

  /// ``did you mean `a` or `b`?`` as help lines: one, or none without names.
  public static func help(for names: [String]) -> [String] {
    let quoted = names.prefix(3).map { "`\($0)`" }
    guard let last = quoted.last else { return [] }
    let others = quoted.dropLast().joined(separator: ", ")
    return ["did you mean \(others.isEmpty ? last : "\(others) or \(last)")?"]
  }
}
