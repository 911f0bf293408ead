/// A stretch of a line of markdown.
package indirect enum MarkdownSpan: Equatable {
  case text(String)
  /// `` `code` ``, without the backquotes.
  case code(String)
  /// `**strong**`.
  case strong([MarkdownSpan])
  /// `*emphasis*`.
  case emphasis([MarkdownSpan])
  /// `[text](address)`.
  case link([MarkdownSpan], address: String)
  /// `![text](address)`, a picture.
  case image(String, address: String)
  /// `$formula$`, or `$$formula$$` for one that stands alone.
  case formula(String, isBlock: Bool)
}

/// Reads the marks inside a line of markdown: `**strong**`, `*emphasis*`, `` `code` ``, `$formulas$` and links.
///
/// Time grows with the length of the line, whatever stands in it: ends are looked up, and what stands
/// between two marks is read again at most once for each kind of mark.
package struct MarkdownInline {
  private let line: Line
  private var place: Int
  private let end: Int
  private var spans: [MarkdownSpan] = []
  /// The text behind the last span.
  private var text = ""
  private var previous: Character = " "

  /// A line with the places of its marks.
  private struct Line {
    let characters: [Character]
    let runs: MarkdownRuns
    let brackets: MarkdownPlaces
    let parentheses: MarkdownPlaces

    init(_ text: String) {
      characters = Array(text)
      runs = MarkdownRuns(characters, marks: ["`", "*", "_", "$"])
      brackets = MarkdownPlaces(of: "]", in: characters)
      parentheses = MarkdownPlaces(of: ")", in: characters)
    }

    subscript(range: Range<Int>) -> String { String(characters[range]) }
  }

  /// The stretches of a line.
  package static func spans(_ text: String) -> [MarkdownSpan] {
    let line = Line(text)
    return spans(line, 0..<line.characters.count)
  }

  private static func spans(_ line: Line, _ range: Range<Int>) -> [MarkdownSpan] {
    var reader = MarkdownInline(line, range)
    reader.read()
    return reader.spans
  }

  private init(_ line: Line, _ range: Range<Int>) {
    self.line = line
    (place, end) = (range.lowerBound, range.upperBound)
  }

  private subscript(place: Int) -> Character? { place < end ? line.characters[place] : nil }

  /// Ends the text that was read.
  private mutating func flush() {
    guard !text.isEmpty else { return }
    spans.append(.text(text))
    text = ""
  }

  private mutating func append(_ span: MarkdownSpan, lastMark: Character, end: Int) {
    flush()
    spans.append(span)
    previous = lastMark
    place = end
  }

  /// Takes characters as text.
  private mutating func take(_ count: Int) {
    for character in line.characters[place..<place + count] {
      text.append(character)
      previous = character
    }
    place += count
  }

  private mutating func read() {
    while let character = self[place] {
      switch character {
      case "\\": readEscape()
      case "`": readCode()
      case "*", "_": readEmphasis()
      case "[": readLink()
      case "$": readFormula()
      case "!" where self[place + 1] == "[":
        place += 1
        readLink(isImage: true)
      default: take(1)
      }
    }
    flush()
  }

  private mutating func readEscape() {
    if let next = self[place + 1], next.isPunctuation || next.isSymbol { place += 1 }
    take(1)
  }

  /// How often the character at the cursor stands there in a row.
  private func runCount() -> Int {
    var behind = place
    while behind < end, line.characters[behind] == line.characters[place] { behind += 1 }
    return behind - place
  }

  /// Reads `` `code` ``, also between several backquotes.
  private mutating func readCode() {
    let count = runCount()
    let inside = place + count
    guard let close = line.runs.next("`", count: count, in: inside..<end) else {
      return take(count)
    }
    append(.code(line[inside..<close]), lastMark: "`", end: close + count)
  }

  /// Reads `*…*`, `**…**` and the same with underscores between words.
  private mutating func readEmphasis() {
    guard let mark = self[place] else { return }
    let count = runCount()
    let inside = place + count
    let isInWord = mark == "_" && (previous.isLetter || previous.isNumber)
    guard
      count <= 2, !isInWord, self[inside].map({ !$0.isWhitespace }) == true,
      let close = line.runs.next(mark, count: count, in: inside..<end), close > inside,
      !line.characters[close - 1].isWhitespace,
      mark == "*" || !Self.isWord(self[close + count])
    else { return take(count) }
    let content = Self.spans(line, inside..<close)
    append(count == 2 ? .strong(content) : .emphasis(content), lastMark: "*", end: close + count)
  }

  /// Reads `$…$` and `$$…$$`; prices are none, since a blank or a digit stands at one of their dollars.
  private mutating func readFormula() {
    let count = runCount()
    let inside = place + count
    guard
      count <= 2, let close = line.runs.next("$", count: count, in: inside..<end), close > inside,
      count == 2
        || !line.characters[inside].isWhitespace && !line.characters[close - 1].isWhitespace
          && self[close + 1]?.isNumber != true
    else { return take(count) }
    append(.formula(line[inside..<close], isBlock: count == 2), lastMark: "$", end: close + count)
  }

  private mutating func readLink(isImage: Bool = false) {
    let inside = place + 1
    guard
      let close = line.brackets.next(in: inside..<end), self[close + 1] == "(",
      let last = line.parentheses.next(in: close + 2..<end)
    else { return take(1) }
    let address = line[close + 2..<last]
    append(
      isImage
        ? .image(line[inside..<close], address: address)
        : .link(Self.spans(line, inside..<close), address: address),
      lastMark: ")", end: last + 1)
  }

  private static func isWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber } == true
  }
}

// MARK: - For a terminal
extension MarkdownInline {
  /// The text of a line of markdown with its styles.
  ///
  /// The asterisks are dropped, the backquotes stay: without colour they are all that tells
  /// something to type from prose, and messages use them for the same purpose. A link is its text
  /// followed by its address in parentheses.
  package static func styled(_ text: String, _ base: TextStyle = .plain) -> StyledText {
    styled(spans(text), base)
  }

  private static func styled(_ spans: [MarkdownSpan], _ base: TextStyle) -> StyledText {
    var line = StyledText()
    for span in spans {
      switch span {
      case .text(let text): line.append(text, base)
      case .code(let code): line.append("`\(code)`", .code)
      case .formula(let source, _): line.append(Formula(source).text, base)
      case .strong(let inner): line.append(styled(inner, base == .heading ? base : .strong))
      case .emphasis(let inner):
        line.append(
          styled(inner, base == .heading || base == .strong ? base : .emphasis))
      case .image(let text, let address):
        line.append(styled([.link([.text(text)], address: address)], base))
      case .link(let inner, let address):
        let text = styled(inner, base)
        line.append(text)
        if text.text.isEmpty {
          line.append(address, base)
        } else if text.text != address, !address.isEmpty {
          line.append(" (\(address))", base)
        }
      }
    }
    return line
  }
}
