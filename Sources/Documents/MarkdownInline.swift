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
}

/// Reads the marks inside a line of markdown: `**strong**`, `*emphasis*`, `` `code` `` and links.
package struct MarkdownInline {
  private var rest: Substring
  private var spans: [MarkdownSpan] = []
  private var previous: Character = " "

  /// The stretches of a line.
  package static func spans(_ text: String) -> [MarkdownSpan] {
    var reader = MarkdownInline(rest: text[...])
    reader.read()
    return reader.spans
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func append(_ text: String) {
    if case .text(let last)? = spans.last {
      spans[spans.count - 1] = .text(last + text)
    } else if !text.isEmpty {
      spans.append(.text(text))
    }
  }

  private mutating func read() {
    while let character = rest.first {
      switch character {
      case "\\": readEscape()
      case "`": readCode()
      case "*", "_": readEmphasis()
      case "[": readLink()
      case "!" where rest.dropFirst().first == "[":
        rest.removeFirst()
        readLink()
      default:
        append(String(character))
        previous = character
        rest.removeFirst()
      }
    }
  }

  private mutating func readEscape() {
    rest.removeFirst()
    guard let next = rest.first, next.isPunctuation || next.isSymbol else {
      append("\\")
      previous = "\\"
      return
    }
    append(String(next))
    previous = next
    rest.removeFirst()
  }

  /// Reads `` `code` ``, also between several backquotes.
  private mutating func readCode() {
    let fence = rest.prefix { $0 == "`" }
    let inside = rest.dropFirst(fence.count)
    guard let end = Self.range(of: fence, in: inside) else {
      append(String(fence))
      rest = inside
      return
    }
    spans.append(.code(String(inside[..<end.lowerBound])))
    previous = "`"
    rest = inside[end.upperBound...]
  }

  /// Reads `*…*`, `**…**` and the same with underscores between words.
  private mutating func readEmphasis() {
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
      append(String(run))
      previous = mark
      rest = rest.dropFirst(run.count)
      return
    }
    let content = Self.spans(String(inside[..<end.lowerBound]))
    spans.append(fence.count == 2 ? .strong(content) : .emphasis(content))
    previous = "*"
    rest = inside[end.upperBound...]
  }

  private mutating func readLink() {
    let inside = rest.dropFirst()
    guard
      let close = inside.firstIndex(of: "]"),
      case let after = inside[inside.index(after: close)...], after.first == "(",
      let end = after.firstIndex(of: ")")
    else {
      append("[")
      previous = "["
      rest = inside
      return
    }
    let text = String(inside[..<close])
    let address = String(after[after.index(after: after.startIndex)..<end])
    spans.append(.link(Self.spans(text), address: address))
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
      case .strong(let inner): line.append(styled(inner, base == .heading ? base : .strong))
      case .emphasis(let inner):
        line.append(
          styled(inner, base == .heading || base == .strong ? base : .emphasis))
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
