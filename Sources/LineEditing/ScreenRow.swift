internal import CollabText

/// One character on the screen.
package struct ScreenCell: Equatable {
  /// The character, with its accents; empty where a wide one goes on.
  package let text: String
  /// The columns it takes.
  package let width: Int
  /// How it looks.
  package let style: TextStyle
}

/// A row of the screen as far as something stands in it.
package struct ScreenRow: Equatable {
  /// The characters from the left.
  package private(set) var cells: [ScreenCell] = []
  /// The columns they take.
  package private(set) var width = 0
  /// Whether the text goes on in the next row because this one is full.
  package var isWrapped = false

  /// Adds a character; one without a width of its own belongs to the one before it.
  package mutating func append(_ character: String, width: Int, _ style: TextStyle) {
    if width == 0 {
      guard let last = cells.popLast() else { return }
      cells.append(
        ScreenCell(text: last.text + character, width: last.width, style: last.style))
      return
    }
    cells.append(ScreenCell(text: character, width: width, style: style))
    self.width += width
  }

  /// Adds a text as far as it fits.
  package mutating func append(_ text: String, _ style: TextStyle, limit: Int = .max) {
    for character in text {
      let next = DisplayWidth.of(character)
      guard width + next <= limit else { return }
      append(String(character), width: next, style)
    }
  }
}

/// A line with its prompt, laid out in rows of a width.
package struct ScreenLayout {
  /// The rows, at least one.
  package private(set) var rows = [ScreenRow()]
  /// The row and column of the cursor.
  package private(set) var cursor = (row: 0, column: 0)
  private let width: Int

  /// Lays out a line.
  ///
  /// - Parameters:
  ///   - prompt: what stands before the first line.
  ///   - text: the line, perhaps of several lines.
  ///   - cursor: how many bytes of it stand before the cursor.
  ///   - styles: the style of each byte; missing ones are plain.
  ///   - margin: what stands before each further line, by its place among all lines.
  ///   - width: the columns of the window.
  package init(
    prompt: [(text: String, style: TextStyle)], text: String, cursor: Int,
    styles: [TextStyle] = [], margin: (Int) -> String = { _ in "" }, width: Int
  ) {
    self.width = max(width, 2)
    for piece in prompt { for character in piece.text { put(character, piece.style) } }
    let bytes = Array(text.utf8)
    var (offset, line) = (0, 0)
    while offset < bytes.count {
      let style = offset < styles.count ? styles[offset] : .plain
      // Nearly all characters are plain, and a block has thousands.
      if let plain = Self.plainText(bytes, at: offset) {
        if offset == cursor { markCursor(width: 1) }
        put(plain, width: 1, style)
        offset += 1
        continue
      }
      let character = text[text.utf8.index(text.startIndex, offsetBy: offset)]
      if offset == cursor { markCursor(before: character) }
      // The cursor may stand between a letter and its accent.
      let end = offset + character.utf8.count
      if (offset + 1..<max(end, offset + 1)).contains(cursor) { markCursor(before: character) }
      offset = end
      if character == "\n" || character == "\r\n" {
        line += 1
        rows.append(ScreenRow())
        for character in margin(line) { put(character, .note) }
      } else if character == "\t" {
        repeat { put(" ", style) } while lastWidth % 8 != 0
      } else {
        put(visible: character, style)
      }
    }
    if offset <= cursor {
      if lastWidth >= self.width { wrap() }
      self.cursor = (rows.count - 1, lastWidth)
    }
  }

  /// The texts of the characters that ASCII prints.
  private static let plainTexts = (UInt8(0x20)..<0x7F).map { String(Unicode.Scalar($0)) }

  /// A character that ASCII prints, and to which nothing that follows belongs; nil for another one.
  private static func plainText(_ bytes: [UInt8], at offset: Int) -> String? {
    guard (0x20..<0x7F).contains(bytes[offset]),
      offset + 1 == bytes.count || bytes[offset + 1] < 0x80
    else { return nil }
    return plainTexts[Int(bytes[offset]) - 0x20]
  }

  private var lastWidth: Int { rows[rows.count - 1].width }

  private mutating func wrap() {
    rows[rows.count - 1].isWrapped = true
    rows.append(ScreenRow())
  }

  /// Adds a character, or what stands for it if a terminal would obey it.
  private mutating func put(visible character: Character, _ style: TextStyle) {
    for shown in VisibleText.shown(String(character)) { put(shown, style) }
  }

  private mutating func put(_ character: Character, _ style: TextStyle) {
    put(String(character), width: DisplayWidth.of(character), style)
  }

  private mutating func put(_ character: String, width columns: Int, _ style: TextStyle) {
    if lastWidth + columns > width { wrap() }
    rows[rows.count - 1].append(character, width: columns, style)
  }

  private mutating func markCursor(before character: Character) {
    if character == "\n" {
      if lastWidth >= width { wrap() }
      cursor = (rows.count - 1, lastWidth)
    } else {
      markCursor(width: max(DisplayWidth.of(character), 1))
    }
  }

  /// The cursor stands where a character of a width will be.
  private mutating func markCursor(width columns: Int) {
    cursor = lastWidth + columns > width ? (rows.count, 0) : (rows.count - 1, lastWidth)
  }

  /// Adds a suggestion behind the text, as far as the last row has room.
  package mutating func suggest(_ text: String) {
    rows[rows.count - 1].append(text, .suggestion, limit: width - 1)
  }

  /// Adds a row of pieces.
  package mutating func addRow(_ pieces: [CompletionMenu.Piece]) {
    rows.append(ScreenRow())
    for piece in pieces { rows[rows.count - 1].append(piece.text, piece.style, limit: width - 1) }
  }

  /// The rows that fit a window, with the row of the cursor among them.
  ///
  /// - Parameters:
  ///   - height: the rows of the window.
  ///   - fixed: how many rows at the end are always shown.
  ///   - top: the first row that was shown last.
  /// - Returns: the first row that is shown.
  package mutating func clip(height: Int, keeping fixed: Int, from top: Int) -> Int {
    let count = rows.count - fixed
    let room = max(height - fixed, 1)
    guard count > room else { return 0 }
    var top = min(max(top, cursor.row - room + 1), cursor.row)
    top = min(top, count - room)
    rows = Array(rows[top..<top + room]) + rows[count...]
    cursor.row -= top
    return top
  }
}
