/// Cuts a line of output into tokens, in linear time.
struct OutputLexer {
  private let bytes: [UInt8]
  private let hasWildcards: Bool
  private var place = 0

  init(_ bytes: [UInt8], hasWildcards: Bool) {
    (self.bytes, self.hasWildcards) = (bytes, hasWildcards)
  }

  /// All tokens of the line.
  mutating func tokens() -> [OutputLine.Token] {
    var tokens: [OutputLine.Token] = []
    var textStart: Int?
    var isAfterBlank = false
    var isAtStart = true
    func add(_ kind: OutputLine.Kind, _ range: Range<Int>) {
      tokens.append(.init(kind: kind, range: range, isAfterBlank: isAfterBlank))
      isAfterBlank = false
    }
    while place < bytes.count {
      let start = place
      if bytes[start].isBlankInOutput {
        if let begun = textStart { add(.text, begun..<start) }
        textStart = nil
        while place < bytes.count, bytes[place].isBlankInOutput { place += 1 }
        let isInBracket = start > 0 && "[(".utf8.contains(bytes[start - 1])
        isAfterBlank = !isAtStart && !isInBracket
        continue
      }
      isAtStart = false
      if let kind = special() {
        if let begun = textStart { add(.text, begun..<start) }
        textStart = nil
        add(kind, start..<place)
      } else {
        if textStart == nil { textStart = start }
        place = endOfText(from: start)
      }
    }
    if let begun = textStart { add(.text, begun..<bytes.count) }
    return tokens
  }

  /// Uses a wildcard, a time or a number at the present place; changes nothing if there is none.
  private mutating func special() -> OutputLine.Kind? {
    if hasWildcards, let end = endOfWildcard(from: place) {
      place = end
      return .wildcard
    }
    guard !bytes.isInWord(before: place) else { return nil }
    if let end = endOfClock(from: place) {
      place = end
      return .clock
    }
    if let end = endOfDuration(from: place) {
      place = end
      return .duration
    }
    guard let end = endOfNumber(from: place) else { return nil }
    place = end
    return .number
  }

  /// Behind the character or word at a place, in which nothing special can begin.
  private func endOfText(from start: Int) -> Int {
    var end = start + bytes.width(at: start)
    guard bytes.isInWord(at: start) else { return end }
    while bytes.isInWord(at: end) { end += bytes.width(at: end) }
    return end
  }

  private func byte(_ place: Int) -> UInt8 { bytes.indices.contains(place) ? bytes[place] : 0 }

  private func endOfDigits(from start: Int) -> Int {
    var end = start
    while byte(end).isDigitInOutput { end += 1 }
    return end
  }

  private func endOfWildcard(from start: Int) -> Int? {
    if byte(start) == 0xE2, byte(start + 1) == 0x80, byte(start + 2) == 0xA6 { return start + 3 }
    var end = start
    while byte(end) == UInt8(ascii: ".") { end += 1 }
    return end - start >= 3 ? end : nil
  }

  // MARK: Numbers

  /// `-?` digits with at most one point, and an exponent; not a part of a name.
  private func endOfNumber(from start: Int) -> Int? {
    let hasSign = byte(start) == UInt8(ascii: "-") || byte(start) == UInt8(ascii: "+")
    let first = hasSign ? start + 1 : start
    var end = endOfDigits(from: first)
    var count = end - first
    if byte(end) == UInt8(ascii: "."), byte(end + 1) != UInt8(ascii: ".") || count == 0 {
      let behind = endOfDigits(from: end + 1)
      if count > 0 || behind > end + 1 { (count, end) = (count + behind - end - 1, behind) }
    }
    guard count > 0 else { return nil }
    if byte(end) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(end + 1)
      let digits = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? end + 2 : end + 1
      let behind = endOfDigits(from: digits)
      if behind > digits { end = behind }
    }
    return bytes.isInWord(at: end) ? nil : end
  }

  // MARK: Times

  private func endOfClock(from start: Int) -> Int? {
    guard byte(start).isDigitInOutput, start == 0 || bytes[start - 1] != UInt8(ascii: ":") else {
      return nil
    }
    var end = endOfDigits(from: start)
    var parts = 1
    while parts < 4, byte(end) == UInt8(ascii: ":"), endOfDigits(from: end + 1) == end + 3 {
      end += 3
      parts += 1
    }
    let isEnd = !bytes.isInWord(at: end) && byte(end) != UInt8(ascii: ":")
    return parts == 2 || parts == 3 ? (isEnd ? end : nil) : nil
  }

  /// A number and a unit of time; minutes only with seconds behind them.
  private func endOfDuration(from start: Int) -> Int? {
    guard byte(start).isDigitInOutput, let number = endOfNumberBeforeUnit(from: start) else {
      return nil
    }
    let unit = byte(number) == UInt8(ascii: " ") ? number + 1 : number
    func ends(_ text: String) -> Int? {
      let end = unit + text.utf8.count
      guard end <= bytes.count, bytes[unit..<end].elementsEqual(text.utf8) else { return nil }
      return bytes.isInWord(at: end) ? nil : end
    }
    if let end = ends("s") ?? ends("ms") ?? ends("µs") ?? ends("us") { return end }
    guard let minutes = ends("min"), byte(minutes) == UInt8(ascii: " "),
      byte(minutes + 1).isDigitInOutput
    else { return nil }
    let seconds = endOfDigits(from: minutes + 1)
    guard byte(seconds) == UInt8(ascii: " "), byte(seconds + 1) == UInt8(ascii: "s") else {
      return nil
    }
    return bytes.isInWord(at: seconds + 2) ? nil : seconds + 2
  }

  private func endOfNumberBeforeUnit(from start: Int) -> Int? {
    var end = endOfDigits(from: start)
    if byte(end) == UInt8(ascii: "."), byte(end + 1).isDigitInOutput {
      end = endOfDigits(from: end + 1)
    }
    return end
  }
}
