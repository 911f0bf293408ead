/// Breaks text into lines of limited width.
enum TextWrap {
  /// The lines of a text whose paragraphs a blank line separates, each broken on its own.
  static func paragraphs(_ text: String, indent: Int, width: Int) -> [String] {
    var lines: [String] = []
    var paragraph: [Substring] = []
    func finish() {
      if paragraph.isEmpty { return }
      lines += TextWrap.lines(
        paragraph.joined(separator: " "), indent: indent, hanging: indent, width: width)
      paragraph = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        finish()
        if !lines.isEmpty { lines.append("") }
      } else {
        paragraph.append(line)
      }
    }
    finish()
    return lines
  }

  /// The lines of one paragraph; a word wider than a line gets a line of its own.
  static func lines(_ text: String, indent: Int, hanging: Int, width: Int) -> [String] {
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

/// Aligns texts in columns by the columns of a screen they take.
enum Columns {
  /// A last column of fewer columns than this goes below the others.
  private static let leastLastWidth = 24

  /// Rows as lines; the last column is not padded, and wrapped to the width.
  static func lines(_ rows: [[String]], indent: Int, gap: Int, width: Int) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
    }
    let before = indent + widths.dropLast().reduce(0) { $0 + $1 + gap }
    let isBelow = width - before < min(leastLastWidth, widths.last ?? 0)
    return rows.flatMap { row -> [String] in
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() {
        let isLast = row[(column + 1)...].allSatisfy(\.isEmpty)
        guard isLast else {
          line += padded(cell, to: widths[column] + gap)
          continue
        }
        guard column == count - 1, column > 0, DisplayWidth.of(line + cell) > width else {
          return [line + cell]
        }
        let margin = isBelow ? indent + 4 : before
        let wrapped = TextWrap.lines(cell, indent: margin, hanging: margin, width: width)
        guard !isBelow else { return [trimmed(line)] + wrapped }
        return zip(0..., wrapped).map { $0 == 0 ? line + $1.dropFirst(margin) : $1 }
      }
      return [line]
    }
  }

  private static func trimmed(_ line: String) -> String {
    line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  /// The text, cut with `…` if it is wider than the width.
  static func cut(_ text: String, to width: Int) -> String {
    guard DisplayWidth.of(text) > width, width > 0 else { return text }
    var result = ""
    var column = 0
    for character in text {
      column += DisplayWidth.of(character)
      if column > width - 1 { break }
      result.append(character)
    }
    return result + "…"
  }
}
