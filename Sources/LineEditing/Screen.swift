internal import Glibc

/// The rows that the editor has drawn, and the way from them to the next ones.
///
/// It knows what stands on the screen, so that a key changes only the cells that differ. Rows are
/// counted from the one with the prompt, wherever that is in the window; all moves are relative.
package struct Screen {
  private var rows: [ScreenRow] = []
  /// Where the terminal's cursor is.
  private var row = 0
  private var output = ""
  private var style = TextStyle.plain
  private let hasColor: () -> Bool

  /// A screen on which nothing is drawn yet, its cursor at the left margin.
  package init(hasColor: @escaping () -> Bool) { self.hasColor = hasColor }

  /// What has to be written, from then on taken as written.
  package mutating func takeOutput() -> String { output.take() }

  /// Draws a layout in place of what stands there.
  package mutating func draw(_ layout: ScreenLayout) {
    let start = output.utf8.count
    for (place, next) in layout.rows.enumerated() {
      let old = place < rows.count ? rows[place] : nil
      if old != next { change(place, from: old, to: next) }
      if place < rows.count { rows[place] = next } else { rows.append(next) }
    }
    if rows.count > layout.rows.count {
      go(to: layout.rows.count, column: 0)
      output += "\u{1B}[J"
      rows.removeLast(rows.count - layout.rows.count)
    }
    // Long changes are not watched with the cursor running about.
    if output.utf8.count - start > 200 { output = "\u{1B}[?25l" + output + "\u{1B}[?25h" }
    go(to: layout.cursor.row, column: layout.cursor.column)
  }

  /// Goes below everything; what is drawn next stands there.
  package mutating func leave() {
    if !rows.isEmpty {
      go(to: rows.count - 1)
      output += "\r\n"
    }
    (rows, row) = ([], 0)
  }

  /// Takes away what is drawn, where the terminal has put it after a change of its width.
  ///
  /// - Parameter above: the rows between the first one and the cursor, as they are now.
  package mutating func erase(rowsAbove above: Int? = nil) {
    let above = above ?? row
    if above > 0 { output += "\u{1B}[\(above)A" }
    output += "\r\u{1B}[J"
    (rows, row) = ([], 0)
  }

  /// Clears the window, and begins at its top.
  package mutating func clear() {
    output += "\u{1B}[H\u{1B}[2J"
    (rows, row) = ([], 0)
  }
}

// MARK: - Changing
extension Screen {
  private mutating func change(_ place: Int, from old: ScreenRow?, to next: ScreenRow) {
    guard let old else {
      begin(place)
      write(next.cells[...])
      return
    }
    var (same, column) = (0, 0)
    while same < min(old.cells.count, next.cells.count), old.cells[same] == next.cells[same] {
      column += next.cells[same].width
      same += 1
    }
    var end = next.cells.count
    if old.width == next.width, old.cells.count == next.cells.count {
      while end > same, old.cells[end - 1] == next.cells[end - 1] { end -= 1 }
    }
    guard same < end || old.width > next.width else { return }
    go(to: place, column: column)
    write(next.cells[same..<end])
    if old.width > next.width { output += "\u{1B}[K" }
  }

  /// Goes to the beginning of a row that does not exist yet.
  private mutating func begin(_ place: Int) {
    guard place > 0 else { return output += "\r" }
    if rows[place - 1].isWrapped {
      // The terminal wraps by itself, and so knows that both rows are one line.
      goBehind(place - 1)
      output += " \r"
    } else {
      go(to: place - 1)
      output += "\r\n"
    }
    row = place
  }

  /// Goes behind the last cell of a full row, where the next character goes to the next row.
  private mutating func goBehind(_ place: Int) {
    guard let last = rows[place].cells.last else { return }
    go(to: place, column: rows[place].width - last.width)
    write([last])
  }

  private mutating func go(to place: Int, column: Int) {
    go(to: place)
    output += column == 0 ? "\r" : "\u{1B}[\(column + 1)G"
  }

  private mutating func go(to place: Int) {
    if place < row {
      output += "\u{1B}[\(row - place)A"
    } else if place > row {
      output += "\u{1B}[\(place - row)B"
    }
    row = place
  }

  private mutating func write(_ cells: ArraySlice<ScreenCell>) {
    let hasColor = hasColor()
    for cell in cells {
      // Without colours only the choice in a menu is marked.
      let wanted = hasColor || cell.style == .selected ? cell.style : .plain
      if wanted != style { turn(to: wanted) }
      output += cell.text
    }
    if style != .plain { turn(to: .plain) }
  }

  private mutating func turn(to next: TextStyle) {
    let old = style.parameters
    if !old.isEmpty { output += "\u{1B}[0m" }
    if !next.parameters.isEmpty { output += "\u{1B}[\(next.parameters)m" }
    style = next
  }
}

extension String {
  fileprivate mutating func take() -> String {
    let text = self
    self = ""
    return text
  }
}
