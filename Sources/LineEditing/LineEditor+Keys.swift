private import CCollabLineEdit
internal import CollabText

/// A control character as a key.
private func control(_ letter: Character) -> Int { Int((letter.asciiValue ?? 0) & 0x1F) }

// MARK: - Keys
extension LineEditor {
  /// Acts on a key that is not libedit's.
  func act(on key: Int32, _ present: EditedText) {
    var text = restored(present)
    // Up and down keep to a column as long as nothing else has moved the cursor.
    if reading.last == text { text = reading.last }
    // What was typed since may not have been painted: the menu must fit it before it is asked.
    updateMenu(text)
    if chooses(Int(key), text) { return }
    reading.undo.record(text)
    if let changed = changed(text, by: Int(key)) { return set(changed) }
    switch Int(key) {
    case control("I"), LE_KEY_BACKTAB: complete(text)
    case control("M"), control("J"): enter(text)
    case LE_KEY_BREAK: breakLine(text)
    case control("C"):
      reading.last = text
      end(.interrupt)
    case control("D"): endOrDelete(text)
    case control("L"):
      screen.clear()
      flush()
    case control("Z"): closePicture()
    case LE_KEY_EXTERNAL: editElsewhere(text)
    default: beep()
    }
  }

  /// The text after a key that only moves or changes it; nil if the key does something else.
  private func changed(_ text: EditedText, by key: Int) -> EditedText? {
    var text = text
    switch key {
    case LE_KEY_UP, control("P"), 0x6B: return above(text)
    case LE_KEY_DOWN, control("N"), 0x6A: return below(text)
    case LE_KEY_LEFT, control("B"): text.moveLeft()
    case LE_KEY_RIGHT, control("F"):
      if let taken = takingSuggestion(text, all: true) { return taken }
      text.moveRight()
    case LE_KEY_HOME, control("A"): text.move(to: text.lineStart)
    case LE_KEY_END, control("E"):
      if let taken = takingSuggestion(text, all: true) { return taken }
      text.move(to: text.lineEnd)
    case LE_KEY_WORD_LEFT: text.moveWordLeft()
    case LE_KEY_WORD_RIGHT:
      if let taken = takingSuggestion(text, all: false) { return taken }
      text.moveWordRight()
    case LE_KEY_PAGE_UP: text.move(to: 0)
    case LE_KEY_PAGE_DOWN: text.move(to: text.scalars.count)
    case LE_KEY_DELETE: text.removeNext()
    case 0x7F, control("H"): text.removePrevious()
    case control("K"): killed = text.killToLineEnd()
    case control("U"): killed = text.killLine()
    case control("W"): killed = text.killBlankWordLeft()
    case LE_KEY_KILL_WORD_LEFT: killed = text.killWordLeft()
    case LE_KEY_KILL_WORD_RIGHT: killed = text.killWordRight()
    case control("Y"): text.insert(killed)
    case 0x1F, LE_KEY_UNDO: return reading.undo.undo(from: text)
    case LE_KEY_REDO: return reading.undo.redo()
    case 0x29, 0x5D, 0x7D: close(&text, key)
    default: return nil
    }
    return text
  }

  /// What libedit has lost of a long line that a search of its history was begun from.
  func restored(_ text: EditedText) -> EditedText {
    guard text.scalars.contains("\0") else { return text }
    set(reading.last)
    return reading.last
  }

  private func takingSuggestion(_ text: EditedText, all: Bool) -> EditedText? {
    guard text.isAtEnd, let suggestion = reading.suggestion, suggestion.typed == text.text else {
      return nil
    }
    var text = text
    text.insert(all ? suggestion.rest : Self.firstWord(of: suggestion.rest))
    return text
  }

  // MARK: Lines and history

  private func above(_ text: EditedText) -> EditedText? {
    var text = text
    guard text.isInFirstLine else {
      text.moveUp()
      return text
    }
    return recalled(history.earlier(than: text.text))
  }

  private func below(_ text: EditedText) -> EditedText? {
    var text = text
    guard text.isInLastLine else {
      text.moveDown()
      return text
    }
    return recalled(history.later(than: text.text))
  }

  private func recalled(_ statement: String?) -> EditedText? {
    guard let statement, prompt.purpose == .statement else { return nil }
    reading.isTyped = false
    return EditedText(statement)
  }

  // MARK: Leaving, and other programs

  private func endOrDelete(_ text: EditedText) {
    var text = text
    if text.isEmpty { return end(.leave) }
    guard text.isAtEnd else {
      text.removeNext()
      return set(text)
    }
    if let open = openInput(text.text), text.line.allSatisfy(\.isWhitespace) {
      say(open.note)
    } else {
      beep()
    }
  }

  private func editElsewhere(_ text: EditedText) {
    closePicture()
    let edited = lendTerminal { ExternalEditor.edit(text.text) }
    switch edited {
    case .success(let changed):
      reading.isTyped = false
      set(EditedText(changed))
    case .failure(let problem): say(problem.message)
    }
  }
}

// MARK: - Enter
extension LineEditor {
  private func enter(_ text: EditedText) {
    let whole = text.text
    guard prompt.purpose == .statement else { return end(.statement(whole)) }
    var lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let last = lines.last ?? ""
    let isLastBlank = last.allSatisfy(\.isWhitespace)
    if reading.mayEnd, !isLastBlank {
      reading.mayEnd = false
      if !OpenInput.continues(last) {
        held = last
        lines.removeLast()
        return end(.statement(Self.trimmed(lines)))
      }
    }
    let isBlock = lines.count > 1
    let asked = isBlock && isLastBlank ? lines.dropLast() + [""] : lines[...]
    // What was pasted or recalled at once ends with its last line.
    let ending = isBlock && !reading.isTyped ? "\n" : ""
    guard let open = openInput(asked.joined(separator: "\n") + ending) else {
      let endsBlock = isBlock && isLastBlank && reading.isTyped
      reading.mayEnd = endsBlock && StandardInput.isPending
      return reading.mayEnd ? breakLine(text) : end(.statement(Self.trimmed(lines)))
    }
    breakLine(text)
    let word = last.drop { $0 == " " }
    let emptyLines = lines.reversed().prefix { $0.allSatisfy(\.isWhitespace) }.count
    let seemsStuck = ["help", "quit", "exit"].contains { word == $0 } || emptyLines >= 2
    if isBlock, seemsStuck, !reading.wasHelped {
      reading.wasHelped = true
      say(open.note)
    }
  }

  /// Lines without the empty ones at their end.
  private static func trimmed(_ lines: [String]) -> String {
    guard lines.count > 1 else { return lines.first ?? "" }
    let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? 0
    return lines[...last].joined(separator: "\n")
  }

  /// Goes to the next line, as deep as it belongs; what is pasted brings its blanks along.
  private func breakLine(_ text: EditedText) {
    var text = text
    let line = text.lineBefore
    text.insert("\n")
    reading.isTyped = true
    let blanks = StandardInput.isPending ? "" : Indentation.below(line)
    text.insert(blanks)
    reading.indented = blanks.isEmpty ? nil : text
    set(text)
  }

  /// A closing bracket, which stands one step less deep in a line of its own.
  private func close(_ text: inout EditedText, _ key: Int) {
    if reading.indented == text {
      let blanks = text.lineBefore
      text.removeBefore(blanks.unicodeScalars.count - Indentation.shallower(blanks).count)
    }
    text.insert(key == 0x7D ? "}" : key == 0x5D ? "]" : ")")
  }
}

// MARK: - Completion
extension LineEditor {
  private func complete(_ text: EditedText) {
    guard prompt.purpose == .statement else { return }
    let line = text.lineBefore
    if !text.isInFirstLine, line.allSatisfy({ $0 == " " }) {
      var text = text
      text.insert(String(repeating: " ", count: 4 - line.count % 4))
      return set(text)
    }
    guard let completions = options.complete?(text.before, text.after) else { return beep() }
    switch completions.answer(after: text.after) {
    case .beep: beep()
    // Nobody could tell what stands there then.
    case .replace(_, let text) where text.unicodeScalars.contains(where: VisibleText.isActive):
      beep()
    case .replace(let count, let addition): replace(count, with: addition, in: text)
    case .list: show(CompletionMenu(completions))
    }
  }

  private func replace(_ count: Int, with addition: String, in text: EditedText) {
    var text = text
    text.removeBefore(count)
    text.insert(addition)
    set(text)
  }

  /// Whether the menu takes a key.
  private func chooses(_ key: Int, _ text: EditedText) -> Bool {
    guard var menu = reading.menu else { return false }
    let move: CompletionMenu.Move? =
      switch key {
      case control("I"): .next
      case LE_KEY_BACKTAB: .previous
      case LE_KEY_DOWN, control("N"): .down
      case LE_KEY_UP, control("P"): .up
      case LE_KEY_PAGE_DOWN: .pageDown
      case LE_KEY_PAGE_UP: .pageUp
      case LE_KEY_RIGHT where menu.hasColumns: .right
      case LE_KEY_LEFT where menu.hasColumns: .left
      default: nil
      }
    // The only candidate left is taken at once.
    let takesOnlyOne = key == control("I") && menu.completions.candidates.count == 1
    if let move {
      menu.move(move)
      if !takesOnlyOne {
        reading.menu = menu
        return true
      }
    }
    show(nil)
    if key == LE_KEY_ESCAPE { return true }
    let isTaken = takesOnlyOne || key == control("M") || key == control("J")
    guard isTaken, let chosen = menu.chosen else { return false }
    guard !chosen.text.unicodeScalars.contains(where: VisibleText.isActive) else {
      beep()
      return true
    }
    let ending = text.after.hasPrefix(chosen.ending) ? "" : chosen.ending
    replace(
      menu.completions.replaced.unicodeScalars.count, with: chosen.text + ending, in: text)
    return true
  }

  /// Lets the menu show what fits the text now, after keys that are libedit's.
  func updateMenu(_ text: EditedText) {
    defer { reading.last = reading.last == text ? reading.last : text }
    guard reading.menu != nil, reading.last != text else { return }
    let isTyping = text.text != reading.last.text
    guard isTyping, let now = options.complete?(text.before, text.after), !now.candidates.isEmpty
    else { return show(nil) }
    let isWhole = now.candidates.count == 1 && now.candidates[0].text == now.replaced
    show(isWhole ? nil : CompletionMenu(now))
  }
}
