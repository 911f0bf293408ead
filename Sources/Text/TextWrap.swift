/// Breaks text into lines of limited width.
public enum TextWrap {
  /// The lines of a text whose paragraphs a blank line separates, each broken on its own.
  ///
  /// A line that begins with `- ` begins an item, whose further lines are indented.
  public static func paragraphs(_ text: String, indent: Int, width: Int) -> [String] {
    var lines: [String] = []
    var paragraph: [Substring] = []
    func finish() {
      if paragraph.isEmpty { return }
      let isItem = paragraph[0].hasPrefix("- ")
      lines += TextWrap.lines(
        paragraph.joined(separator: " "), indent: indent, hanging: indent + (isItem ? 2 : 0),
        width: width)
      paragraph = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        finish()
        if !lines.isEmpty { lines.append("") }
      } else {
        if line.hasPrefix("- ") { finish() }
        paragraph.append(line)
      }
    }
    finish()
    return lines
  }

  /// The lines of one paragraph; a word wider than a line gets a line of its own.
  public static func lines(_ text: String, indent: Int, hanging: Int, width: Int) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var column = indent
    var isEmpty = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      let wordWidth = DisplayWidth.of(word)
      if !isEmpty, column + 1 + wordWidth > width {
        lines.append(line)
        line = String(repeating: " ", count: hanging)
        (column, isEmpty) = (hanging, true)
      }
      line += (isEmpty ? "" : " ") + word
      column += (isEmpty ? 0 : 1) + wordWidth
      isEmpty = false
    }
    return isEmpty ? lines : lines + [line]
  }
}
