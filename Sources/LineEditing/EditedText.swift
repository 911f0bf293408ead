internal import CollabText

/// A text of one or several lines and the place in it where typing goes.
///
///     var text = EditedText("for x in y:\n    x", cursor: 17)
///     text.moveUp()  // behind `for x`
///
/// Nothing here draws or knows about keys; each move leaves the text as it is.
package struct EditedText: Equatable {
  /// The code points of the text.
  package private(set) var scalars: [Unicode.Scalar]
  /// How many of them stand before the cursor.
  package private(set) var cursor: Int
  /// The column that moving up and down keeps to, as long as nothing else moves the cursor.
  private var column: Int?

  /// A text with the cursor behind so many bytes of it, by default behind all.
  package init(_ text: String, cursor bytes: Int? = nil) {
    scalars = Array(text.unicodeScalars)
    cursor = scalars.count
    guard let bytes else { return }
    let before = text.utf8.index(
      text.startIndex, offsetBy: bytes, limitedBy: text.endIndex)
    cursor = before.map { text.unicodeScalars.distance(from: text.startIndex, to: $0) } ?? cursor
  }

  /// Whether texts and cursors are the same.
  package static func == (left: EditedText, right: EditedText) -> Bool {
    left.cursor == right.cursor && left.scalars == right.scalars
  }

  /// The whole text.
  package var text: String { Self.text(scalars[...]) }
  /// What stands before the cursor.
  package var before: String { Self.text(scalars[..<cursor]) }
  /// What stands behind the cursor.
  package var after: String { Self.text(scalars[cursor...]) }
  /// The bytes before the cursor.
  package var cursorBytes: Int { scalars[..<cursor].reduce(0) { $0 + UTF8.width($1) } }
  /// Whether the cursor is behind everything.
  package var isAtEnd: Bool { cursor == scalars.count }
  /// Whether there is no text.
  package var isEmpty: Bool { scalars.isEmpty }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    // A block has thousands, and each key asks for it.
    String(unsafeUninitializedCapacity: scalars.reduce(0) { $0 + UTF8.width($1) }) { bytes in
      var count = 0
      for scalar in scalars {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          bytes[count] = byte
          count += 1
        }
      }
      return count
    }
  }
}

extension UTF8 {
  /// The bytes that a code point takes.
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x80: 1
    case ..<0x800: 2
    case ..<0x10000: 3
    default: 4
    }
  }
}

// MARK: - Lines
extension EditedText {
  /// Where the line of the cursor begins.
  package var lineStart: Int {
    scalars[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }

  /// Where the line of the cursor ends.
  package var lineEnd: Int { scalars[cursor...].firstIndex(of: "\n") ?? scalars.count }

  /// Whether the cursor is in the first line.
  package var isInFirstLine: Bool { lineStart == 0 }

  /// Whether the cursor is in the last line.
  package var isInLastLine: Bool { lineEnd == scalars.count }

  /// The line of the cursor as far as the cursor.
  package var lineBefore: String { Self.text(scalars[lineStart..<cursor]) }

  /// The whole line of the cursor.
  package var line: String { Self.text(scalars[lineStart..<lineEnd]) }

  /// Goes to the line above, if there is one.
  package mutating func moveUp() {
    guard !isInFirstLine else { return }
    moveToLine(endingAt: lineStart - 1)
  }

  /// Goes to the line below, if there is one.
  package mutating func moveDown() {
    guard !isInLastLine else { return }
    let next = lineEnd + 1
    moveToLine(endingAt: scalars[next...].firstIndex(of: "\n") ?? scalars.count)
  }

  private mutating func moveToLine(endingAt end: Int) {
    let wanted = column ?? cursor - lineStart
    let start = scalars[..<end].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    cursor = min(start + wanted, end)
    column = wanted
  }
}

// MARK: - Moving
extension EditedText {
  /// Goes to a place, counted in code points.
  package mutating func move(to place: Int) {
    cursor = min(max(place, 0), scalars.count)
    column = nil
  }

  /// Goes back over a character, with the accents that belong to it.
  package mutating func moveLeft() { move(to: placeLeft) }

  /// Goes on over a character, with the accents that belong to it.
  package mutating func moveRight() { move(to: placeRight) }

  private var placeLeft: Int {
    var place = cursor - 1
    while place > 0, Self.belongsToLetter(scalars[place]) { place -= 1 }
    return max(place, 0)
  }

  private var placeRight: Int {
    var place = cursor + 1
    while place < scalars.count, Self.belongsToLetter(scalars[place]) { place += 1 }
    return min(place, scalars.count)
  }

  private static func belongsToLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && scalar.properties.isGraphemeExtend
  }

  /// Goes to the beginning of a word.
  package mutating func moveWordLeft() { move(to: wordStart) }

  /// Goes to the end of a word.
  package mutating func moveWordRight() { move(to: wordEnd) }

  private var wordStart: Int {
    var place = cursor
    while place > 0, !Self.isInWord(scalars[place - 1]) { place -= 1 }
    while place > 0, Self.isInWord(scalars[place - 1]) { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < scalars.count, !Self.isInWord(scalars[place]) { place += 1 }
    while place < scalars.count, Self.isInWord(scalars[place]) { place += 1 }
    return place
  }

  /// Whether a code point is part of a word, for moving by words.
  package static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
      || belongsToLetter(scalar)
  }
}

// MARK: - Changing
extension EditedText {
  /// Puts a text at the cursor, which stands behind it then.
  package mutating func insert(_ text: String) {
    let new = Array(text.unicodeScalars)
    scalars.insert(contentsOf: new, at: cursor)
    move(to: cursor + new.count)
  }

  /// Takes so many code points before the cursor away.
  package mutating func removeBefore(_ count: Int) {
    _ = remove(max(0, cursor - count)..<cursor)
  }

  /// Takes the character before the cursor away; in front of a line of a block, blanks as far as the
  /// step before.
  package mutating func removePrevious() {
    guard cursor > 0 else { return }
    let blanks = lineBefore
    let isIndentation = !isInFirstLine && !blanks.isEmpty && blanks.allSatisfy { $0 == " " }
    let shallower = (blanks.utf8.count - 1) / Indentation.step.utf8.count
    removeBefore(
      isIndentation
        ? blanks.utf8.count - shallower * Indentation.step.utf8.count : cursor - placeLeft)
  }

  /// Takes the character at the cursor away.
  package mutating func removeNext() { _ = remove(cursor..<placeRight) }

  /// Takes the rest of the line away, or the line break if nothing is left of it.
  package mutating func killToLineEnd() -> String {
    remove(cursor..<max(lineEnd, min(cursor + 1, scalars.count)))
  }

  /// Takes the line of the cursor away, and leaves it empty.
  package mutating func killLine() -> String { remove(lineStart..<lineEnd) }

  /// Takes the word before the cursor away.
  package mutating func killWordLeft() -> String { remove(wordStart..<cursor) }

  /// Takes what stands before the cursor away, as far as the blank before it.
  package mutating func killBlankWordLeft() -> String {
    var place = cursor
    func isBlank(_ place: Int) -> Bool { scalars[place].properties.isWhitespace }
    while place > 0, isBlank(place - 1) { place -= 1 }
    while place > 0, !isBlank(place - 1) { place -= 1 }
    return remove(place..<cursor)
  }

  /// Takes the word behind the cursor away.
  package mutating func killWordRight() -> String { remove(cursor..<wordEnd) }

  private mutating func remove(_ range: Range<Int>) -> String {
    let removed = Self.text(scalars[range])
    scalars.removeSubrange(range)
    move(to: range.lowerBound)
    return removed
  }
}
