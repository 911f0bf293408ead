internal import CollabText

/// What a run of text is, for renderers that have colours; a plain one ignores it.
package enum TextStyle: Equatable, Sendable {
  case plain, strong, emphasis, faint, code, heading, error, warning, caret, help, bar
  /// One of several things in a picture, by its number.
  case series(Int)
}

/// A line of output as runs of text, each with a style.
///
/// Both renderers draw the same lines, which is why their text cannot differ.
package struct StyledText: Equatable, Sendable {
  /// A stretch of one style.
  package struct Run: Equatable, Sendable {
    package var text: String
    package let style: TextStyle
  }

  package private(set) var runs: [Run] = []

  package init() {}

  package init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

  /// The text alone.
  package var text: String { runs.reduce(into: "") { $0 += $1.text } }

  /// Adds text at the end, joining it to a run of the same style.
  package mutating func append(_ text: String, _ style: TextStyle = .plain) {
    guard !text.isEmpty else { return }
    if runs.last?.style == style {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  /// Adds another line's runs at the end.
  package mutating func append(_ other: StyledText) {
    for run in other.runs { append(run.text, run.style) }
  }

  /// The same line without blanks at its end.
  package func trimmedAtEnd() -> StyledText {
    var trimmed = self
    while let last = trimmed.runs.last {
      let text = DisplayWidth.trimmedAtEnd(last.text)
      trimmed.runs.removeLast()
      guard text.isEmpty else {
        trimmed.append(text, last.style)
        break
      }
    }
    return trimmed
  }
}

// MARK: - Wrapping
extension StyledText {
  /// The line broken between words so that each piece fits a width.
  ///
  /// A word that is wider than a line is cut, except an address, which would be of no use in
  /// pieces. Wide characters, which are written without blanks, may be parted anywhere.
  ///
  /// - Parameters:
  ///   - width: the columns of a line, the indent included.
  ///   - first: what stands in front of the first line, such as a bullet.
  ///   - indent: what stands in front of the others.
  /// - Returns: the lines, at least one.
  package func wrapped(
    to width: Int, first: String = "", indent: String = ""
  ) -> [StyledText] {
    var lines: [StyledText] = []
    var line = StyledText(first)
    var used = DisplayWidth.of(first)
    var isEmpty = true
    let start = DisplayWidth.of(indent)
    let margin = max(used, start)

    func breakLine() {
      lines.append(line.trimmedAtEnd())
      line = StyledText(indent)
      used = start
      isEmpty = true
    }
    for word in words() {
      var glyphs = word.glyphs[...]
      // A word that fits a line is never parted, and need not be looked at.
      let staysWhole = word.width + margin > width && word.isAddress
      let gap = isEmpty ? 0 : word.gap
      if !isEmpty, used + gap + word.width > width { breakLine() }
      if !isEmpty, gap > 0 {
        line.append(" ", word.gapStyle)
        used += gap
      }
      while let glyph = glyphs.first {
        if !isEmpty, used + glyph.width > width, !staysWhole { breakLine() }
        line.append(String(glyph.character), glyph.style)
        used += glyph.width
        isEmpty = false
        glyphs = glyphs.dropFirst()
      }
    }
    lines.append(line.trimmedAtEnd())
    return lines
  }

  private struct Glyph {
    let character: Character
    let style: TextStyle
    let width: Int
  }

  private struct Word {
    var glyphs: [Glyph] = []
    var width = 0
    /// The blanks in front of the word when it does not begin a line: none or one.
    var gap: Int
    var gapStyle: TextStyle

    var isAddress: Bool { glyphs.contains { $0.character == "/" } && text.contains("://") }
    private var text: String { String(glyphs.map(\.character)) }
  }

  private func words() -> [Word] {
    var words: [Word] = []
    var word = Word(gap: 0, gapStyle: .plain)
    for run in runs {
      for character in run.text {
        if character == " " || character.isNewline || character == "\t" {
          if !word.glyphs.isEmpty { words.append(word) }
          word = Word(gap: 1, gapStyle: run.style)
          continue
        }
        let width = DisplayWidth.of(character)
        if width == 2, !word.glyphs.isEmpty {
          words.append(word)
          word = Word(gap: 0, gapStyle: .plain)
        }
        word.glyphs.append(Glyph(character: character, style: run.style, width: width))
        word.width += width
      }
    }
    if !word.glyphs.isEmpty { words.append(word) }
    return words
  }
}
