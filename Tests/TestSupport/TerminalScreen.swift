/// What a terminal shows of the bytes it got: characters, how they look, and the cursor.
///
///     var screen = TerminalScreen(columns: 80, rows: 24)
///     screen.write(terminal.output)
///     #expect(screen.line(0) == "collab[1]>")
///
/// It knows what line editors send: moves, erasing, colours, wide and combining characters, wrapping
/// at the margin, scrolling at the end. A sequence that it does not know is kept in `unknown`.
public struct TerminalScreen {
  /// One cell of the screen.
  public struct Cell: Equatable, Sendable {
    /// The character with what combines with it; empty in the second half of a wide one.
    public var text = " "
    /// The parameters of the colours and so on, such as `1;34`.
    public var style = ""
  }

  /// The size.
  public private(set) var (columns, rows): (Int, Int)
  /// All cells, row by row.
  public private(set) var cells: [[Cell]]
  /// The row and column of the cursor.
  public private(set) var cursor = (row: 0, column: 0)
  /// Rows that were scrolled out, as text.
  public private(set) var scrolledOut: [String] = []
  /// Sequences that it does not know.
  public private(set) var unknown: [String] = []
  /// Whether the last character went into the last column, so that the next one wraps.
  private var isWrapPending = false
  /// Whether a row goes on in the next one.
  private var wraps: [Bool]
  private var style: [String] = []
  private var pending: [UInt8] = []

  /// An empty screen.
  public init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    wraps = Array(repeating: false, count: rows)
  }

  /// The text of a row, without blanks at its end.
  public func line(_ row: Int) -> String { Self.text(cells[row]) }

  /// All rows down to the last that is not empty.
  public var lines: [String] {
    let all = cells.map(Self.text)
    return Array(all[...(all.lastIndex { !$0.isEmpty } ?? 0)])
  }

  /// The style at a place.
  public func style(_ row: Int, _ column: Int) -> String { cells[row][column].style }

  private static func text(_ cells: [Cell]) -> String {
    var text = cells.map(\.text).joined()
    while text.last == " " { text.removeLast() }
    return text
  }
}

// MARK: - Bytes
extension TerminalScreen {
  /// Takes what a program wrote.
  public mutating func write(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var place = 0
    while place < pending.count {
      guard let used = take(pending[place...]) else { break }
      place += used
    }
    pending.removeFirst(place)
  }

  /// Acts on one character or sequence; nil if it is not complete.
  private mutating func take(_ bytes: ArraySlice<UInt8>) -> Int? {
    let first = bytes[bytes.startIndex]
    switch first {
    case 0x1B: return takeSequence(bytes)
    case 0x0D: move(to: cursor.row, 0)
    case 0x0A: lineFeed()
    case 0x08: move(to: cursor.row, cursor.column - 1)
    case 0..<0x20, 0x7F: break
    default:
      let count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard bytes.count >= count else { return nil }
      put(String(decoding: bytes.prefix(count), as: UTF8.self))
      return count
    }
    return 1
  }

  private mutating func takeSequence(_ bytes: ArraySlice<UInt8>) -> Int? {
    let body = bytes.dropFirst(2)
    guard let second = bytes.dropFirst().first else { return nil }
    guard second == UInt8(ascii: "[") else {
      unknown.append(String(decoding: bytes.prefix(2), as: UTF8.self))
      return 2
    }
    guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
    let parameters = String(decoding: body[..<end], as: UTF8.self)
    act(on: Character(Unicode.Scalar(bytes[end])), parameters)
    return end + 1 - bytes.startIndex
  }

  private mutating func act(on letter: Character, _ parameters: String) {
    let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
    let count = max(numbers.first ?? 1, 1)
    switch letter {
    case "A": move(to: cursor.row - count, cursor.column)
    case "B": move(to: cursor.row + count, cursor.column)
    case "C": move(to: cursor.row, cursor.column + count)
    case "D": move(to: cursor.row, cursor.column - count)
    case "G": move(to: cursor.row, count - 1)
    case "H": move(to: count - 1, (numbers.dropFirst().first ?? 1) - 1)
    case "J" where parameters == "2": erase(0..<rows, from: 0)
    case "J":
      erase(cursor.row..<cursor.row + 1, from: cursor.column)
      erase(cursor.row + 1..<rows, from: 0)
    case "K": erase(cursor.row..<cursor.row + 1, from: cursor.column)
    case "m":
      for number in numbers.isEmpty ? [0] : numbers {
        if number == 0 { style = [] } else { style.append("\(number)") }
      }
    case "h" where ["?25", "?2004"].contains(parameters): break
    case "l" where ["?25", "?2004"].contains(parameters): break
    default: unknown.append("[\(parameters)\(letter)")
    }
  }

  private mutating func move(to row: Int, _ column: Int) {
    cursor = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
    isWrapPending = false
  }

  private mutating func erase(_ range: Range<Int>, from column: Int) {
    for row in range {
      for place in column..<columns { cells[row][place] = Cell() }
      wraps[row] = false
    }
  }

  private mutating func lineFeed() {
    if cursor.row < rows - 1 {
      cursor.row += 1
      return
    }
    scrolledOut.append(line(0))
    cells.removeFirst()
    wraps.removeFirst()
    cells.append(Array(repeating: Cell(), count: columns))
    wraps.append(false)
  }

  private mutating func put(_ text: String) {
    let width = Self.width(text)
    guard width > 0 else {
      // It belongs to the character before the cursor.
      var place = isWrapPending ? columns - 1 : cursor.column - 1
      while place > 0, cells[cursor.row][place].text.isEmpty { place -= 1 }
      if place >= 0 { cells[cursor.row][place].text += text }
      return
    }
    if isWrapPending || cursor.column + width > columns {
      wraps[cursor.row] = true
      cursor.column = 0
      lineFeed()
      isWrapPending = false
    }
    let style = style.joined(separator: ";")
    cells[cursor.row][cursor.column] = Cell(text: text, style: style)
    if width == 2 { cells[cursor.row][cursor.column + 1] = Cell(text: "", style: style) }
    isWrapPending = cursor.column + width == columns
    cursor.column = min(cursor.column + width, columns - 1)
  }

  /// The columns of one code point: the ranges that tests use, said independently of the program.
  private static func width(_ text: String) -> Int {
    guard let value = text.unicodeScalars.first?.value else { return 0 }
    switch value {
    case 0x300...0x36F, 0x200D, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFF00...0xFF60, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

// MARK: - Another size
extension TerminalScreen {
  /// Gives the screen another width, and wraps anew what was one line, as most terminals do.
  public mutating func resize(columns newColumns: Int) {
    var lines: [[Cell]] = []
    var place = (line: 0, offset: 0)
    var continues = false
    for (row, cells) in cells.enumerated() {
      let used = wraps[row] ? cells.count : (cells.lastIndex { $0 != Cell() } ?? -1) + 1
      if continues {
        lines[lines.count - 1] += cells[..<used]
      } else {
        lines.append(Array(cells[..<used]))
      }
      if row == cursor.row {
        let before = lines[lines.count - 1].count - used
        place = (lines.count - 1, before + cursor.column + (isWrapPending ? 1 : 0))
      }
      continues = wraps[row]
    }
    var (next, marks): ([[Cell]], [Bool]) = ([], [])
    for (number, line) in lines.enumerated() {
      var parts: [[Cell]] = [[]]
      for (offset, cell) in line.enumerated() {
        let isWide = offset + 1 < line.count && line[offset + 1].text.isEmpty
        if parts[parts.count - 1].count + (isWide ? 2 : 1) > newColumns, !cell.text.isEmpty {
          parts.append([])
        }
        if number == place.line, offset == place.offset {
          cursor = (next.count + parts.count - 1, parts[parts.count - 1].count)
        }
        parts[parts.count - 1].append(cell)
      }
      if number == place.line, place.offset >= line.count {
        let rest = place.offset - line.count + parts[parts.count - 1].count
        cursor = (next.count + parts.count - 1 + rest / newColumns, rest % newColumns)
      }
      for (part, cells) in parts.enumerated() {
        next.append(cells + Array(repeating: Cell(), count: newColumns - cells.count))
        marks.append(part < parts.count - 1)
      }
    }
    while next.count <= cursor.row || next.count < rows {
      next.append(Array(repeating: Cell(), count: newColumns))
      marks.append(false)
    }
    let last = max(cursor.row, next.lastIndex { Self.text($0) != "" } ?? 0)
    let out = max(0, last + 1 - rows)
    scrolledOut += next[..<out].map(Self.text)
    cells = Array(next[out..<out + rows])
    wraps = Array(marks[out..<out + rows])
    cursor.row -= out
    columns = newColumns
    isWrapPending = false
  }
}
