/// The marks inside a line of markdown: `**strong**`, `*emphasis*`, `` `code` `` and links.
///
/// The asterisks are dropped, the backquotes stay: without colour they are all that tells
/// something to type from prose, and messages use them for the same purpose. A link is its text
/// followed by its address in parentheses.
package struct MarkdownInline {
  private var rest: Substring
  private var line = StyledText()

  /// The text of a line of markdown with its styles.
  package static func styled(_ text: String, _ base: TextStyle = .plain) -> StyledText {
    var reader = MarkdownInline(rest: text[...])
    reader.read(base)
    return reader.line
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func read(_ base: TextStyle) {
    while let character = rest.first {
      switch character {
      case "\\": readEscape(base)
      case "`": readCode(base)
      case "*", "_": readEmphasis(base)
      case "[": readLink(base)
      case "!" where rest.dropFirst().first == "[":
        rest.removeFirst()
        readLink(base)
      default:
        line.append(String(character), base)
        previous = character
        rest.removeFirst()
      }
    }
  }

  private var previous: Character = " "

  private mutating func readEscape(_ base: TextStyle) {
    rest.removeFirst()
    guard let next = rest.first, next.isPunctuation || next.isSymbol else {
      line.append("\\", base)
      previous = "\\"
      return
    }
    line.append(String(next), base)
    previous = next
    rest.removeFirst()
  }

  /// Reads `` `code` ``, also between several backquotes, and keeps one on each side.
  private mutating func readCode(_ base: TextStyle) {
    let fence = rest.prefix { $0 == "`" }
    let inside = rest.dropFirst(fence.count)
    guard let end = Self.range(of: fence, in: inside) else {
      line.append(String(fence), base)
      rest = inside
      return
    }
    line.append("`", .code)
    line.append(String(inside[..<end.lowerBound]), .code)
    line.append("`", .code)
    previous = "`"
    rest = inside[end.upperBound...]
  }

  /// Reads `*…*`, `**…**` and the same with underscores between words.
  private mutating func readEmphasis(_ base: TextStyle) {
    guard let mark = rest.first else { return }
    let run = rest.prefix { $0 == mark }
    let fence = run.prefix(2)
    let inside = rest.dropFirst(fence.count)
    let isInWord = mark == "_" && (previous.isLetter || previous.isNumber)
    guard
      run.count <= 2, !isInWord, inside.first.map({ !$0.isWhitespace }) == true,
      let end = Self.range(of: fence, in: inside), end.lowerBound > inside.startIndex,
      !inside[inside.index(before: end.lowerBound)].isWhitespace,
      mark == "*" || !Self.isWord(inside[end.upperBound...].first)
    else {
      line.append(String(run), base)
      previous = mark
      rest = rest.dropFirst(run.count)
      return
    }
    let content = String(inside[..<end.lowerBound])
    let style: TextStyle = fence.count == 2 || base == .strong ? .strong : .emphasis
    line.append(Self.styled(content, base == .heading ? .heading : style))
    previous = "*"
    rest = inside[end.upperBound...]
  }

  private mutating func readLink(_ base: TextStyle) {
    let inside = rest.dropFirst()
    guard
      let close = inside.firstIndex(of: "]"),
      case let after = inside[inside.index(after: close)...], after.first == "(",
      let end = after.firstIndex(of: ")")
    else {
      line.append("[", base)
      previous = "["
      rest = inside
      return
    }
    let text = String(inside[..<close])
    let address = String(after[after.index(after: after.startIndex)..<end])
    line.append(Self.styled(text, base))
    if text != address, !text.isEmpty, !address.isEmpty { line.append(" (\(address))", base) }
    if text.isEmpty { line.append(address, base) }
    previous = ")"
    rest = after[after.index(after: end)...]
  }

  private static func isWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber } == true
  }

  private static func range(of mark: Substring, in text: Substring) -> Range<Substring.Index>? {
    guard let first = mark.first else { return nil }
    var start = text.startIndex
    while let at = text[start...].firstIndex(of: first) {
      let run = text[at...].prefix { $0 == first }
      if run.count == mark.count { return at..<run.endIndex }
      start = run.endIndex
    }
    return nil
  }
}
