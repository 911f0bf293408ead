private import CollabText

/// Candidates below the line, one of which may be chosen with the arrows.
///
/// It is scrolled, so that each candidate can be reached whatever the size of the window.
package struct CompletionMenu {
  /// What could stand at the cursor.
  package let completions: Completions
  /// The place of the candidate that Enter takes; none is chosen at first.
  package private(set) var selection: Int?
  /// The first row that is shown.
  private var top = 0
  /// What was laid out last, for moves by rows and pages.
  private var (columns, rows) = (1, 1)
  private let hasNotes: Bool
  /// The columns of the longest label.
  private let longest: Int

  /// A menu of some candidates.
  package init(_ completions: Completions) {
    self.completions = completions
    hasNotes = completions.candidates.contains { !$0.summary.isEmpty }
    longest = completions.candidates.reduce(0) { max($0, DisplayWidth.of($1.label)) }
  }

  /// The chosen candidate.
  package var chosen: Completions.Candidate? { selection.map { completions.candidates[$0] } }

  private var count: Int { completions.candidates.count }

  /// A move of the choice.
  package enum Move {
    case next, previous, down, up, pageDown, pageUp, right, left
  }

  /// Whether candidates stand beside each other.
  package var hasColumns: Bool { columns > 1 }

  /// Moves the choice, past the last candidate to the first.
  package mutating func move(_ move: Move) {
    guard let place = selection else {
      switch move {
      case .previous, .up, .left, .pageUp: selection = count - 1
      default: selection = 0
      }
      return
    }
    let page = columns * max(rows - 1, 1)
    switch move {
    case .next, .right: selection = (place + 1) % count
    case .previous, .left: selection = (place + count - 1) % count
    case .down: selection = place + columns < count ? place + columns : place % columns
    case .up:
      let below = count - 1 - (count - 1 - place % columns) % columns
      selection = place >= columns ? place - columns : below
    case .pageDown: selection = min(place + page, count - 1)
    case .pageUp: selection = max(place - page, 0)
    }
  }
}

// MARK: - Rows
extension CompletionMenu {
  /// A piece of a row in one style.
  package typealias Piece = (text: String, style: TextStyle)

  /// The rows that are shown, in a window of so many columns.
  ///
  /// - Parameters:
  ///   - width: the columns of the window.
  ///   - limit: the most rows to take.
  /// - Returns: pieces of each row; the last row says what is shown, if not all is.
  package mutating func shownRows(width: Int, limit: Int) -> [[Piece]] {
    let room = max(width - 1, 8)
    let labelWidth = min(longest, hasNotes ? max(room / 2, 8) : room - 3)
    columns = hasNotes ? 1 : max(1, (room - 2) / (labelWidth + 2))
    let total = (count + columns - 1) / columns
    rows = total <= limit ? total : max(limit - 1, 1)
    if let selection {
      let row = selection / columns
      top = min(max(top, row - rows + 1), row)
    }
    top = max(0, min(top, total - rows))
    var shown = (top..<top + rows).map { row in
      let own = row * columns..<min((row + 1) * columns, count)
      return own.flatMap { pieces($0, labelWidth: labelWidth, room: room) }
    }
    if rows < total, limit > 1 {
      let last = min((top + rows) * columns, count)
      let place = "  \(grouped(top * columns + 1))–\(grouped(last)) of \(grouped(count))"
      shown.append([(DisplayWidth.cut(place, to: room), .note)])
    }
    return shown
  }

  private func pieces(_ place: Int, labelWidth: Int, room: Int) -> [Piece] {
    let candidate = completions.candidates[place]
    // What has no description has the room of one.
    let isAlone = hasNotes && candidate.summary.isEmpty
    let label = DisplayWidth.cut(
      VisibleText.shown(candidate.label), to: isAlone ? room - 3 : labelWidth)
    let cell = DisplayWidth.padded(label, to: labelWidth)
    let style: TextStyle = place == selection ? .selected : .plain
    guard hasNotes, !isAlone else { return [("  ", .plain), (cell, style)] }
    let note = DisplayWidth.cut(VisibleText.shown(candidate.summary), to: room - labelWidth - 5)
    return [("  ", .plain), (cell, style), ("   ", .plain), (note, .note)]
  }
}
