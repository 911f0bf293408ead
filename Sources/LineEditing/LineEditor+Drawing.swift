private import CCollabLineEdit
internal import CollabText
internal import Glibc

// MARK: - Drawing
extension LineEditor {
  /// Draws the line, now that it waits for a key.
  func paint(_ text: EditedText, isSearch: Bool) {
    var text = text
    if isSearch {
      show(nil)
      reading.suggestion = nil
      text = Self.inWords(search: text)
    } else {
      text = restored(text)
      reading.undo.record(text)
      updateMenu(text)
      reading.suggestion = suggestion(for: text).map { (text.text, $0) }
    }
    let (columns, height) = windowSize()
    if let before = reading.columns, before != columns { eraseResized(to: columns) }
    reading.columns = columns
    var picture = layout(text, columns: columns)
    if let suggestion = reading.suggestion { picture.suggest(shownSuggestion(suggestion.rest)) }
    var fixed = 0
    if reading.menu != nil {
      let limit = max(min(max(3, height / 2), height - 2), 1)
      let rows = reading.menu?.shownRows(width: columns, limit: limit) ?? []
      for row in rows { picture.addRow(row) }
      fixed = rows.count
    }
    reading.top = picture.clip(height: height, keeping: fixed, from: reading.top)
    screen.draw(picture)
    flush()
  }

  /// What is searched for, below what was found: libedit says `bck:`, or `bck?` if that is nothing.
  private static func inWords(search text: EditedText) -> EditedText {
    let whole = text.text
    guard let end = whole.lastIndex(of: "\n") else { return text }
    let (found, line) = (whole[..<end], whole[end...].dropFirst())
    guard line.hasPrefix("bck") || line.hasPrefix("fwd"), let sign = line.dropFirst(3).first
    else { return text }
    let words = sign == "?" ? "not found" : "search"
    return EditedText(
      "\(found)\n\(words): \(line.dropFirst(4))", cursor: min(text.cursorBytes, found.utf8.count))
  }

  private func layout(_ text: EditedText, columns: Int, isFinal: Bool = false) -> ScreenLayout {
    let shown = text.text
    let marks =
      prompt.purpose == .statement && options.appearance.hasColor()
      ? options.appearance.styles(shown, isFinal ? -1 : text.cursorBytes) : []
    var styles = [TextStyle](repeating: .plain, count: marks.isEmpty ? 0 : shown.utf8.count)
    for mark in marks {
      for place in mark.range.clamped(to: styles.indices) { styles[place] = mark.style }
    }
    let lastLine = shown.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    let margin = String(repeating: " ", count: min(DisplayWidth.of(prompt.text), columns / 2))
    let mark = lastLine > 0 ? openMark(above: shown, margin: margin) : margin
    return ScreenLayout(
      prompt: [(prompt.name, .prompt), ("> ", .plain)], text: shown, cursor: text.cursorBytes,
      styles: styles, margin: { $0 == lastLine ? mark : margin }, width: columns)
  }

  /// What is open above the last line, ending below the end of the prompt.
  private func openMark(above text: String, margin: String) -> String {
    let above = text.lastIndex(of: "\n").map { String(text[..<$0]) } ?? ""
    if reading.open?.above != above { reading.open = (above, openInput(above)) }
    guard let input = reading.open?.input else { return margin }
    let mark = input.mark + ".> "
    return String(margin.dropLast(DisplayWidth.of(mark))) + mark
  }

  /// Erases what a terminal has wrapped anew after its width changed.
  private func eraseResized(to columns: Int) {
    let now = layout(reading.last, columns: columns)
    screen.erase(rowsAbove: max(0, now.cursor.row - reading.top))
  }

  /// Draws a statement as it stays on the screen, all of it, and goes below it.
  func drawFinal(_ statement: String) {
    let columns = windowSize().columns
    if reading.top > 0 { screen.erase() }
    screen.draw(layout(EditedText(statement), columns: columns, isFinal: true))
    screen.leave()
    flush()
  }

  /// Goes below what is drawn.
  func closePicture(adding text: String = "") {
    let last = EditedText(reading.last.text + text)
    screen.draw(layout(last, columns: windowSize().columns, isFinal: true))
    screen.leave()
    flush()
  }

  /// Says something below the line, which is drawn anew below that.
  func say(_ note: String) {
    screen.leave()
    flush()
    print(note)
    fflush(nil)
  }

  func flush() {
    fflush(nil)
    let output = screen.takeOutput()
    output.withCString { le_draw($0, output.utf8.count) }
  }

  func windowSize() -> (columns: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

// MARK: - Suggestions
extension LineEditor {
  /// The end of an earlier statement that begins with the text, or of the only word that fits.
  private func suggestion(for text: EditedText) -> String? {
    guard prompt.purpose == .statement, reading.menu == nil, text.isAtEnd, !text.isEmpty,
      options.appearance.hasColor(), options.appearance.hasSuggestions(),
      !text.line.allSatisfy(\.isWhitespace)
    else { return nil }
    let typed = text.text
    if let latest = history.latest(beginning: typed, where: options.appearance.canRun) {
      return String(decoding: latest.utf8.dropFirst(typed.utf8.count), as: UTF8.self)
    }
    return options.appearance.onlyEnding(typed).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A suggestion as far as it stands in one row.
  private func shownSuggestion(_ suggestion: String) -> String {
    let first = suggestion.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
    return VisibleText.shown(String(first)) + (first.utf8.count < suggestion.utf8.count ? " …" : "")
  }

  /// The first word of a suggestion, with the blanks before it.
  static func firstWord(of suggestion: String) -> String {
    var word = ""
    var isInside = false
    for scalar in suggestion.unicodeScalars {
      let belongs = EditedText.isInWord(scalar)
      if isInside, !belongs { break }
      isInside = belongs
      word.unicodeScalars.append(scalar)
    }
    return word
  }
}
