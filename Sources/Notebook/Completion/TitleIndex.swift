import CollabLanguage
import Glibc

/// Titles to be found by the beginning of one, whatever its letter case and accents.
///
///     TitleIndex(titles).matches("amelie")  // Amélie (2001)
///
/// All titles are folded once and lie one after the other, so that a search reads two or three
/// megabytes for the 60,000 titles of the largest MovieLens set.
struct TitleIndex {
  /// What no folded title holds; it stands before each of them and behind the last.
  private static let boundary = UInt8(ascii: "\n")
  private let titles: [String]
  private let folded: [UInt8]
  /// Where each folded title begins.
  private let starts: [Int]

  init(_ titles: [String]) {
    self.titles = titles
    var (folded, starts): ([UInt8], [Int]) = ([Self.boundary], [])
    starts.reserveCapacity(titles.count)
    for title in titles {
      starts.append(folded.count)
      Self.fold(title, into: &folded)
      folded.append(Self.boundary)
    }
    (self.folded, self.starts) = (folded, starts)
  }

  /// The titles that begin with a text, then those with a word that does.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - limit: the most titles to give; the others are counted.
  /// - Returns: the titles, and how many more there are.
  func matches(_ text: String, limit: Int = .max) -> TitleMatches {
    var wanted: [UInt8] = []
    Self.fold(text, into: &wanted)
    guard !wanted.isEmpty else {
      return TitleMatches(
        Array(titles.prefix(limit)), omittedCount: max(0, titles.count - limit))
    }
    var (beginnings, words): ([Int], [Int]) = ([], [])
    forEachTitle(with: wanted) { title, isBeginning in
      if isBeginning { beginnings.append(title) } else { words.append(title) }
    }
    // A letter or two begin some word of nearly each title.
    let found = beginnings.isEmpty || wanted.count > 2 ? beginnings + words : beginnings
    return TitleMatches(
      found.prefix(limit).map { titles[$0] }, omittedCount: max(0, found.count - limit))
  }

  /// Goes through the titles that have a word beginning with some bytes, and says whether the first
  /// one does.
  private func forEachTitle(with wanted: [UInt8], _ body: (Int, Bool) -> Void) {
    folded.withUnsafeBytes { folded in
      guard let base = folded.baseAddress else { return }
      var (place, title) = (0, 0)
      while place < folded.count,
        let hit = memchr(base + place, Int32(wanted[0]), folded.count - place)
      {
        let found = base.distance(to: UnsafeRawPointer(hit))
        guard found + wanted.count <= folded.count else { return }
        guard memcmp(hit, wanted, wanted.count) == 0 else {
          place = found + 1
          continue
        }
        while title + 1 < starts.count, starts[title + 1] <= found { title += 1 }
        let isBeginning = found == starts[title]
        guard isBeginning || !Self.isLetter(folded[found - 1]) else {
          place = found + 1
          continue
        }
        body(title, isBeginning)
        guard title + 1 < starts.count else { return }
        title += 1
        place = starts[title]
      }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte >= 0x80
  }
}

// MARK: - Folding
extension TitleIndex {
  /// Adds a text in small letters without accents.
  private static func fold(_ text: String, into bytes: inout [UInt8]) {
    var text = text
    let isPlain = text.withUTF8 { utf8 in
      guard utf8.allSatisfy({ $0 < 0x80 }) else { return false }
      for byte in utf8 {
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        bytes.append(isCapital ? byte | 0x20 : byte)
      }
      return true
    }
    guard !isPlain else { return }
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        let isCapital = ("A"..."Z").contains(scalar)
        bytes.append(UInt8(scalar.value) | (isCapital ? 0x20 : 0))
      } else if let base = bases[scalar] {
        bytes += base.utf8
      } else if !(0x300...0x36F).contains(scalar.value) {
        let small = scalar.properties.lowercaseMapping
        for scalar in small.unicodeScalars {
          bytes += bases[scalar].map { Array($0.utf8) } ?? Array(String(scalar).utf8)
        }
      }
    }
  }

  /// Letters of European languages without their accents; combining ones are left out anyway.
  private static let bases: [Unicode.Scalar: String] = {
    let table = [
      "a": "àáâãäåāăą", "ae": "æ", "c": "çćĉċč", "d": "ðďđ", "e": "èéêëēĕėęě", "g": "ĝğġģ",
      "h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ",
      "o": "òóôõöøōŏő", "oe": "œ", "r": "ŕŗř", "s": "śŝşšș", "ss": "ß", "t": "ţťŧț", "th": "þ",
      "u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž", "'": "’‘", "\"": "“”", "-": "–—",
    ]
    var bases: [Unicode.Scalar: String] = [:]
    for (base, letters) in table {
      for scalar in letters.unicodeScalars { bases[scalar] = base }
    }
    return bases
  }()
}
