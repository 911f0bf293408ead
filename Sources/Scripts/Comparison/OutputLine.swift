/// A line of output cut into what is compared: numbers, times, and the text between them.
///
/// Cutting also makes equal what two dialects write differently: `True`, `False` and `None` are read
/// as `true`, `false` and `none`, `torch.Size([64, 2])` as `[64, 2]`, and a line that is one text
/// in quotes as the text.
struct OutputLine {
  /// What a token is compared as.
  enum Kind: UInt8 {
    /// Characters that have to be the same.
    case text
    /// A decimal number.
    case number
    /// `MM:SS` or `H:MM:SS`.
    case clock
    /// The same below the title `time`.
    case clockOfColumn
    /// `1.2 s`, `12 ms`, `1 min 5 s`.
    case duration
    /// `…` or `...`, in recorded output.
    case wildcard
  }

  /// A stretch of the line.
  struct Token {
    var kind: Kind
    /// Bytes of `OutputLine.bytes`.
    let range: Range<Int>
    /// Whether blanks in front of it count: not at the start of the line nor behind an opening
    /// bracket, where PyTorch leaves room for signs.
    let isAfterBlank: Bool
  }

  /// The line after the dialects were made equal.
  let bytes: [UInt8]
  /// The pieces from left to right.
  private(set) var tokens: [Token] = []
  /// The number of bytes that were left out before a place of `bytes`, in ascending order.
  private let omissions: [(place: Int, count: Int)]

  /// A line as it was printed, or as it was recorded if `…` means anything.
  init(_ text: String, isExpected: Bool) {
    var normalizer = DialectNormalizer()
    normalizer.read(Array(text.utf8))
    (bytes, omissions) = (normalizer.bytes, normalizer.omissions)
    var lexer = OutputLexer(bytes, hasWildcards: isExpected)
    tokens = lexer.tokens()
  }

  /// Whether there is `…` in it.
  var hasWildcard: Bool { tokens.contains { $0.kind == .wildcard } }

  /// Whether it stands for any number of lines.
  var isWildcard: Bool { tokens.count == 1 && tokens[0].kind == .wildcard }

  /// The bytes of a token.
  func content(_ token: Token) -> ArraySlice<UInt8> { bytes[token.range] }

  /// A range of the text that was given, for a range of `bytes`.
  func original(_ range: Range<Int>) -> Range<Int> {
    func shifted(_ place: Int, isEnd: Bool) -> Int {
      omissions.reduce(place) {
        $1.place < place || !isEnd && $1.place == place ? $0 + $1.count : $0
      }
    }
    let start = shifted(range.lowerBound, isEnd: false)
    return start..<max(start, shifted(range.upperBound, isEnd: true))
  }
}

// MARK: - Columns of times

extension OutputLine {
  /// The words between blanks.
  private var words: [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for (place, byte) in bytes.enumerated() {
      if byte.isBlankInOutput {
        if let begun = start { words.append(begun..<place) }
        start = nil
      } else if start == nil {
        start = place
      }
    }
    if let start { words.append(start..<bytes.count) }
    return words
  }

  /// Where the title `time` stands: its first byte, and how many words follow it.
  var timeTitle: (place: Int, following: Int)? {
    let words = words
    guard let index = words.lastIndex(where: { bytes[$0].elementsEqual("time".utf8) }) else {
      return nil
    }
    return (words[index].lowerBound, words.count - 1 - index)
  }

  /// Marks the times that stand below a title: in its column, or as far from the end of the line, as
  /// a long cell pushes the rest of its row aside.
  mutating func markTimes(below title: (place: Int, following: Int)) {
    let words = words
    var next = 0
    for index in tokens.indices where tokens[index].kind == .clock {
      let range = tokens[index].range
      while next < words.count, words[next].lowerBound < range.upperBound { next += 1 }
      if words.count - next == title.following || range.lowerBound == title.place {
        tokens[index].kind = .clockOfColumn
      }
    }
  }
}

// MARK: - Dialects

/// Writes a line in one dialect.
private struct DialectNormalizer {
  private(set) var bytes: [UInt8] = []
  private(set) var omissions: [(place: Int, count: Int)] = []

  private static let words: [[UInt8]] = ["True", "False", "None"].map { Array($0.utf8) }
  private static let size = Array("torch.Size([".utf8)

  mutating func read(_ text: [UInt8]) {
    bytes.reserveCapacity(text.count)
    var place = 0
    var closing: Int?
    let quotes = Self.quotes(around: text)
    while place < text.count {
      let byte = text[place]
      let isAtWord = !text.isInWord(before: place)
      if place == closing || place == quotes?.first || place == quotes?.last {
        omissions.append((bytes.count, 1))
      } else if byte == Self.size[0], isAtWord, let end = Self.endOfSize(text, from: place) {
        omissions.append((bytes.count, Self.size.count - 1))
        place += Self.size.count - 1
        bytes.append(text[place])
        closing = end
      } else if isAtWord, Self.beginsWord(text, at: place) {
        bytes.append(byte | 0x20)
      } else {
        bytes.append(byte)
      }
      place += 1
    }
    while bytes.last?.isBlankInOutput == true { bytes.removeLast() }
  }

  /// The places of the quotes of a line that is one quoted text.
  private static func quotes(around text: [UInt8]) -> (first: Int, last: Int)? {
    guard let last = text.lastIndex(where: { !$0.isBlankInOutput }), last > 0,
      text[0] == UInt8(ascii: "'") || text[0] == UInt8(ascii: "\""), text[last] == text[0],
      !text[1..<last].contains(text[0])
    else { return nil }
    return (0, last)
  }

  private static func beginsWord(_ text: [UInt8], at place: Int) -> Bool {
    words.contains { word in
      let end = place + word.count
      return text[place...].starts(with: word) && !text.isInWord(at: end)
    }
  }

  /// The place of the `)` of a `torch.Size([…])`.
  private static func endOfSize(_ text: [UInt8], from place: Int) -> Int? {
    guard text[place...].starts(with: size) else { return nil }
    var end = place + size.count
    while end < text.count, text[end].isDigitInOutput || ", ".utf8.contains(text[end]) { end += 1 }
    guard end + 1 < text.count, text[end] == UInt8(ascii: "]"), text[end + 1] == UInt8(ascii: ")")
    else { return nil }
    return end + 1
  }
}

extension UInt8 {
  /// White space within a line of output.
  var isBlankInOutput: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == 13
  }

  var isDigitInOutput: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  /// Whether this is a letter, a digit or `_` of ASCII.
  fileprivate var isInWord: Bool {
    switch self | 0x20 {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: isDigitInOutput || self == UInt8(ascii: "_")
    }
  }
}

extension [UInt8] {
  /// Whether a letter, a digit or `_` begins at a place; no other sign is part of a word, such as
  /// the `±` of `±0.5`.
  func isInWord(at place: Int) -> Bool {
    guard place < count else { return false }
    guard self[place] >= 0x80 else { return self[place].isInWord }
    return scalar(at: place).map { $0.properties.isAlphabetic } ?? false
  }

  /// Whether a letter, a digit or `_` ends in front of a place.
  func isInWord(before place: Int) -> Bool {
    var start = place - 1
    while start > 0, start > place - 4, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start >= 0 && isInWord(at: start)
  }

  /// The number of bytes of the character at a place.
  func width(at place: Int) -> Int {
    self[place] < 0x80 ? 1 : scalar(at: place).map { UTF8.width($0) } ?? 1
  }

  private func scalar(at place: Int) -> Unicode.Scalar? {
    var bytes = self[place..<Swift.min(place + 4, count)].makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return scalar
  }
}
