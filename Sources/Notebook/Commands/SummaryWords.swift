import CollabInterpreter
import CollabText
import Collab
import CollabDocuments
import CollabTables

// What a summary of ratings says.
extension RatingsSummary {
  /// What items are called: films, unless they have another name in the table.
  private var itemWord: String {
    let name = columns.item ?? "item"
    return ["movie", "title"].contains(name) ? "movie" : name
  }

  private var article: String {
    itemWord.lowercased().first.map { "aeiou".contains($0) } ?? false ? "an" : "a"
  }

  /// Counts in one line.
  var headline: String {
    let titles = titleCount.map { $0 == itemCount ? "" : " (\(grouped($0)) titles)" } ?? ""
    func counted(_ count: Int, _ word: String) -> String {
      "\(grouped(count)) \(word)\(count == 1 ? "" : "s")"
    }
    return "\(counted(ratingCount, "rating")) · \(counted(userCount, "user")) · "
      + "\(counted(itemCount, itemWord))\(titles)"
  }

  /// Counts, what is odd, and how full the table is.
  var facts: [Fact] {
    func spread(_ spread: Spread) -> String {
      let median = spread.median.rounded() == spread.median ? 0 : 1
      return "\(grouped(spread.minimum)) to \(grouped(spread.maximum)), "
        + "half of them at most \(fixed(spread.median, median))"
    }
    var facts = [
      Fact("ratings", grouped(ratingCount)), Fact("users", grouped(userCount)),
      Fact("\(itemWord)s", grouped(itemCount)),
    ]
    if let titleCount {
      let why =
        sharedTitleCount == 0
        ? ""
        : ": \(sharedTitleCount) titles are carried by more than one id, "
          + "and are one item when items are told apart by title"
      facts.append(Fact("titles", grouped(titleCount) + why))
    }
    let missing = [
      Self.count(missingCounts.ratings, "rating"), Self.count(missingCounts.users, "user"),
      Self.count(missingCounts.items, itemWord),
    ].compactMap(\.self)
    if !missing.isEmpty { facts.append(Fact("missing", missing.joined(separator: ", "))) }
    if let text = Self.count(repeatedCount, "rating") {
      let verb = repeatedCount == 1 ? "is" : "are"
      facts.append(Fact("repeated", "\(text) \(verb) of a pair rated before"))
    }
    return facts + [
      Fact("filled", "\(fixed(100 * density, 2)) % of the user × \(itemWord) table"),
      Fact("ratings a user", spread(ratingsPerUser)),
      Fact("ratings \(article) \(itemWord)", spread(ratingsPerItem)),
      Fact("mean", "\(fixed(mean, 3))" + (isInStars ? " stars" : "")),
    ]
  }

  /// So many of something; nil for none.
  private static func count(_ count: Int, _ word: String) -> String? {
    count == 0 ? nil : counted(count, word)
  }

  /// Whether ratings are what people call stars: above none, at most five, in halves.
  private var isInStars: Bool {
    scale.map { $0.lowest > 0 && $0.highest <= 5 && (2 * $0.step).rounded() == 2 * $0.step } ?? true
  }

  // MARK: How ratings are spread

  /// More different ratings than these are counted in intervals.
  private static let mostBars = 21

  /// How many ratings there are of each value, or in each tenth of the scale.
  var chart: BarChart {
    BarChart(
      bars.map { label, count in
        let share = fixed(100 * Double(count) / Double(max(total, 1)), 1)
        return .init(label, value: Double(count), text: "\(grouped(count))  \(share) %")
      }, isRanked: false)
  }

  private var total: Int { histogram.reduce(0) { $0 + $1.count } }

  private var bars: [(label: String, count: Int)] {
    guard histogram.count > Self.mostBars, let first = histogram.first, let last = histogram.last
    else { return histogram.map { (label($0.stars), $0.count) } }
    let width = (last.stars - first.stars) / 10
    var counts = [Int](repeating: 0, count: 10)
    for bar in histogram {
      let place = Int(exactly: ((bar.stars - first.stars) / width).rounded(.down)) ?? 0
      counts[min(max(place, 0), 9)] += bar.count
    }
    return counts.indices.map { place in
      let low = first.stars + Double(place) * width
      return ("\(Self.text(low, width)) to \(Self.text(low + width, width))", counts[place])
    }
  }

  private func label(_ rating: Double) -> String {
    let text = Column.Value.double(rating).display
    let number = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    return number + (isInStars ? rating == 1 ? " star" : " stars" : "")
  }

  /// An end of an interval, with as many digits as tell it from the next.
  private static func text(_ end: Double, _ width: Double) -> String {
    fixed(end, width >= 10 ? 0 : width >= 1 ? 1 : width >= 0.1 ? 2 : 4)
  }
}
