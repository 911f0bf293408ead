import CollabLanguage

/// Titles to be found by the beginning of one, whatever its letter case and accents.
///
///     TitleIndex(titles).matches("amelie")  // Amélie (2001)
///
/// All titles are folded once and lie one after the other, so that a search reads two or three
/// megabytes for the 60,000 titles of the largest MovieLens set.
struct TitleIndex {
  /// What no folded title holds; it stands before each of them and behind the last.
  private static let boundary = UInt8(ascii: "\n")
  /// More are not listed.
  static let limit = 500

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

  /// The titles that begin with a text; those with a word that does, if there are none.
  func matches(_ text: String) -> TitleMatches {
    var wanted: [UInt8] = []
    Self.fold(text, into: &wanted)
    var found = beginnings(of: wanted)
    if found.isEmpty, wanted.count > 1 { found = words(wanted) }
    return TitleMatches(
      found.prefix(Self.limit).map { titles[$0] },
      omittedCount: max(0, found.count - Self.limit))
  }

  private func beginnings(of wanted: [UInt8]) -> [Int] {
    folded.withUnsafeBufferPointer { folded in
      starts.indices.filter { title in
        let start = starts[title]
        guard start + wanted.count < folded.count else { return false }
        return wanted.indices.allSatisfy { folded[start + $0] == wanted[$0] }
      }
    }
  }

  private func words(_ wanted: [UInt8]) -> [Int] {
    folded.withUnsafeBufferPointer { folded in
      var found: [Int] = []
      for title in starts.indices {
        let start = starts[title]
        let end = title + 1 < starts.count ? starts[title + 1] : folded.count
        var place = start + 1
        while place + wanted.count < end {
          if folded[place] == wanted[0], !Self.isLetter(folded[place - 1]),
            wanted.indices.allSatisfy({ folded[place + $0] == wanted[$0] })
          {
            found.append(title)
            break
          }
          place += 1
        }
      }
      return found
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
