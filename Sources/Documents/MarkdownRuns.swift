/// Where the marks of a text stand: runs of equal characters, and single ones.
///
/// A mark that opens something is looked up here instead of searching what follows it, so that a
/// text of nothing but opening marks is read in the time of any other.
package struct MarkdownRuns {
  /// A character and how often it stands there in a row.
  private struct Run: Hashable {
    let mark: Character
    let count: Int
  }

  private let text: [Character]
  private var starts: [Run: [Int]] = [:]

  /// Finds the marks of a text.
  package init(_ text: [Character], marks: Set<Character>) {
    self.text = text
    var place = 0
    while place < text.count {
      let mark = text[place]
      var end = place + 1
      guard marks.contains(mark) else {
        place = end
        continue
      }
      while end < text.count, text[end] == mark { end += 1 }
      starts[Run(mark: mark, count: end - place), default: []].append(place)
      place = end
    }
  }

  /// Where the next run of exactly so many marks begins, if it ends within a range.
  package func next(_ mark: Character, count: Int, in range: Range<Int>) -> Int? {
    guard let starts = starts[Run(mark: mark, count: count)] else { return nil }
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    guard low < starts.count, starts[low] + count <= range.upperBound else { return nil }
    return starts[low]
  }
}

/// Where the next of a character stands, for each place of a text.
struct MarkdownPlaces {
  private var places: [Int] = []

  init(of mark: Character, in text: [Character]) {
    for (place, character) in text.enumerated() where character == mark { places.append(place) }
  }

  /// The first place within a range.
  func next(in range: Range<Int>) -> Int? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low] < range.upperBound ? places[low] : nil
  }
}
