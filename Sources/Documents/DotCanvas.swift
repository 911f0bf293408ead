internal import CollabText

/// A grid of terminal cells, each of 2 × 4 dots, on which lines and points are drawn.
///
/// Dots are counted from the lower left, as values are; rows of cells from the top, as lines are.
struct DotCanvas {
  /// The cells of a row.
  let width: Int
  /// The rows.
  let height: Int
  private var masks: [UInt8]
  private var styles: [TextStyle]
  private var marks: [Character?]

  init(width: Int, height: Int) {
    (self.width, self.height) = (max(width, 1), max(height, 1))
    let count = self.width * self.height
    masks = [UInt8](repeating: 0, count: count)
    styles = [TextStyle](repeating: .plain, count: count)
    marks = [Character?](repeating: nil, count: count)
  }

  /// A cell of the grid.
  struct Place: Hashable {
    let column: Int
    let row: Int
  }

  /// The cell of a place from 0 to 1 along both axes; nil outside.
  func cell(_ x: Double, _ y: Double) -> Place? {
    guard let (column, dot) = dot(x, y) else { return nil }
    return Place(column: column / 2, row: height - 1 - dot / 4)
  }

  private func dot(_ x: Double, _ y: Double) -> (Int, Int)? {
    let slack = 1e-9
    guard (-slack...(1 + slack)).contains(x), (-slack...(1 + slack)).contains(y) else { return nil }
    let (columns, rows) = (2 * width - 1, 4 * height - 1)
    return (
      Int(clamping: (x * Double(columns)).rounded()), Int(clamping: (y * Double(rows)).rounded())
    )
  }

  private func index(_ place: Place) -> Int { place.row * width + place.column }
}

// MARK: - Drawing

extension DotCanvas {
  /// Draws a dot; outside the canvas nothing.
  mutating func point(_ x: Double, _ y: Double, _ style: TextStyle) {
    if let (column, row) = dot(x, y) { set(column, row, style) }
  }

  /// Draws a straight line as far as it lies on the canvas, and gives the cells that it touches.
  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ style: TextStyle
  ) -> [Place] {
    guard let (start, end) = Self.clipped(start, end), let first = dot(start.x, start.y),
      let last = dot(end.x, end.y)
    else { return [] }
    let count = max(abs(last.0 - first.0), abs(last.1 - first.1))
    var places: [Place] = []
    for step in 0...count {
      let share = count == 0 ? 0 : Double(step) / Double(count)
      let column = first.0 + Int(clamping: (share * Double(last.0 - first.0)).rounded())
      let row = first.1 + Int(clamping: (share * Double(last.1 - first.1)).rounded())
      set(column, row, style)
      let place = Place(column: column / 2, row: height - 1 - row / 4)
      if places.last != place { places.append(place) }
    }
    return places
  }

  /// Puts a character into a cell, over its dots.
  mutating func mark(_ character: Character, at place: Place, _ style: TextStyle) {
    marks[index(place)] = character
    styles[index(place)] = style
  }

  /// Puts a text into the cells from a place on.
  mutating func write(_ text: String, at place: Place, _ style: TextStyle) {
    var column = place.column
    for character in text {
      let columns = DisplayWidth.of(character)
      guard columns > 0, column + columns <= width else { continue }
      mark(character, at: Place(column: column, row: place.row), style)
      // The second half of a wide character is an empty mark.
      if columns == 2 {
        marks[index(Place(column: column + 1, row: place.row))] = "\u{200B}"
      }
      column += columns
    }
  }

  private mutating func set(_ column: Int, _ row: Int, _ style: TextStyle) {
    let place = Place(column: column / 2, row: height - 1 - row / 4)
    masks[index(place)] |= Self.bits[row % 4][column % 2]
    if marks[index(place)] == nil { styles[index(place)] = style }
  }

  /// The bits of a braille character, by row from below and column.
  private static let bits: [[UInt8]] = [[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]]

  /// The part of a line that lies in the unit square.
  ///
  /// Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
  static func clipped(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double)
  ) -> ((x: Double, y: Double), (x: Double, y: Double))? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    var (first, last) = (0.0, 1.0)
    for (delta, room) in [(-dx, start.x), (dx, 1 - start.x), (-dy, start.y), (dy, 1 - start.y)] {
      if delta == 0 {
        if room < 0 { return nil }
      } else if delta < 0 {
        first = max(first, room / delta)
      } else {
        last = min(last, room / delta)
      }
    }
    guard first <= last else { return nil }
    return (
      (start.x + first * dx, start.y + first * dy), (start.x + last * dx, start.y + last * dy)
    )
  }
}

// MARK: - As text

extension DotCanvas {
  /// A row as text.
  func line(_ row: Int, glyphs: Glyphs) -> StyledText {
    var line = StyledText()
    for column in 0..<width {
      let index = index(Place(column: column, row: row))
      if let mark = marks[index] {
        if mark != "\u{200B}" { line.append(String(mark), styles[index]) }
      } else if masks[index] == 0 {
        line.append(" ")
      } else {
        line.append(String(Self.character(masks[index], glyphs)), styles[index])
      }
    }
    return line
  }

  private static func character(_ mask: UInt8, _ glyphs: Glyphs) -> Character {
    switch glyphs {
    case .unicode: return Unicode.Scalar(0x2800 + UInt32(mask)).map { Character($0) } ?? " "
    case .ascii:
      let hasUpper = mask & 0b0001_1011 != 0
      let hasLower = mask & 0b1110_0100 != 0
      return hasUpper && hasLower ? ":" : hasUpper ? "'" : "."
    }
  }
}
