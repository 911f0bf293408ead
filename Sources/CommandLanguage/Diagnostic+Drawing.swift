internal import CollabText

extension Diagnostic {
  /// Where a diagnostic is shown.
  public enum Placement: Sendable, Hashable {
    /// Directly below the line that was typed, behind a prompt of so many columns; what was typed is
    /// known if a mistake in something typed earlier is to be told apart.
    case prompt(width: Int, typed: Source? = nil)
    /// Away from its source, which is therefore named and repeated.
    case file
  }

  /// The lines to print, without colour and without line endings.
  ///
  /// At a prompt only carets are added, because the typed line stands directly above. If the place is
  /// not on that line, or the line is wider than the screen, it is repeated as for a file.
  ///
  /// - Parameters:
  ///   - placement: where the lines will appear.
  ///   - width: the columns of the screen; a longer source line is shown in part.
  /// - Returns: the lines from top to bottom.
  public func lines(for placement: Placement = .file, width: Int = 120) -> [String] {
    var lines: [String] = []
    if case .prompt(let indent, let typed) = placement,
      let carets = promptCarets(indent: indent, below: typed, width: width)
    {
      lines = carets + [headline]
    } else {
      lines = [headline] + excerpt(width: width)
    }
    for note in notes { lines += hanging("  note: ", note) }
    for line in help.prefix(2) { lines += hanging("  help: ", line) }
    guard case .prompt = placement else { return lines }
    // A terminal would break words. The source and its carets, which are above, already fit.
    let first = lines.firstIndex(of: headline) ?? 0
    return lines[..<first]
      + lines[first...].flatMap { line -> [String] in
        let text = line.drop { $0 == " " }
        let isMessage = line == headline || text.hasPrefix("help: ") || text.hasPrefix("note: ")
        guard isMessage, DisplayWidth.of(line) > width else { return [line] }
        let indent = line.count - text.count
        return TextWrap.lines(line, indent: indent, hanging: indent + 2, width: width)
      }
  }

  private var captionText: String { caption.map { " " + Diagnostic.printable($0) } ?? "" }

  private func hanging(_ label: String, _ text: String) -> [String] {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      (index == 0 ? label : String(repeating: " ", count: label.count))
        + Diagnostic.printable(String(part))
    }
  }
}

// MARK: - Below the prompt

extension Diagnostic {
  /// The caret line below a typed line; nil if the place cannot be shown that way.
  private func promptCarets(indent: Int, below typed: Source?, width: Int) -> [String]? {
    guard let source, let range else { return [] }
    guard typed == nil || typed == source else { return nil }
    let line = source.line(at: range.lowerBound)
    guard line == source.lineCount else { return nil }
    // A terminal puts tab stops every eight columns of the screen and shows a control character as ^X.
    let drawing = DrawnLine(
      source, source.lineRange(line), from: indent, tabStop: 8, controlWidth: 2)
    guard drawing.width < width else { return nil }
    let marks = drawing.marks(range, related, of: source)
    return [marks + captionText]
  }
}

// MARK: - With the source line

extension Diagnostic {
  /// The place, the source line and the carets below it.
  private func excerpt(width: Int) -> [String] {
    guard let source, let range else { return [] }
    let position = source.position(at: range.lowerBound)
    let number = String(position.line)
    let gutter = String(repeating: " ", count: number.count) + " |"
    var drawing = DrawnLine(
      source, source.lineRange(position.line), from: 0, tabStop: 4, controlWidth: 1)
    var marks = drawing.marks(range, related, of: source)
    drawing.window(around: &marks, width: max(20, width - gutter.count - 1))
    var lines = [
      "  --> \(Diagnostic.printable(source.name)):\(position.line):\(position.column)",
      DisplayWidth.trimmedAtEnd("\(number) | \(drawing.text)"),
      DisplayWidth.trimmedAtEnd("\(gutter) \(marks)" + captionText),
    ]
    for remark in remarks { lines.append("\(gutter) \(Diagnostic.printable(remark))") }
    return lines
  }
}

/// One source line as it appears on a screen, and the column at which each of its bytes begins.
private struct DrawnLine {
  var text = ""
  private var columns: [Int] = []
  private let start: Int
  private let indent: Int
  private(set) var width: Int

  init(_ source: Source, _ range: Range<Int>, from indent: Int, tabStop: Int, controlWidth: Int) {
    start = range.lowerBound
    self.indent = indent
    var column = indent
    columns.reserveCapacity(range.count + 1)
    for character in source.text(in: range) {
      // Text that is not UTF-8 is drawn with replacement characters of another length than its bytes;
      // the columns are then right up to the first of them.
      for _ in 0..<character.utf8.count { columns.append(column) }
      if character == "\t" {
        let next = (column / tabStop + 1) * tabStop
        text += String(repeating: " ", count: next - column)
        column = next
      } else if let control = character.unicodeScalars.first, Diagnostic.isControl(control) {
        text.unicodeScalars.append(Diagnostic.picture(of: control))
        column += controlWidth
      } else {
        text.append(character)
        column += DisplayWidth.of(character)
      }
    }
    columns.append(column)
    width = column
  }

  /// The line of carets and tildes below this line.
  func marks(_ range: Range<Int>, _ related: [Range<Int>], of source: Source) -> String {
    var marks = [Character](repeating: " ", count: indent)
    func put(_ mark: Character, _ range: Range<Int>) {
      let from = column(of: range.lowerBound)
      let to = max(from + 1, column(of: range.upperBound))
      while marks.count < to { marks.append(" ") }
      for column in from..<to { marks[column] = mark }
    }
    let shown = start..<start + columns.count
    for other in related where shown.contains(other.lowerBound) { put("~", other) }
    put("^", range)
    return String(marks)
  }

  private func column(of offset: Int) -> Int {
    columns[max(0, min(offset - start, columns.count - 1))]
  }

  /// Keeps only the part of a long line that surrounds the carets.
  mutating func window(around marks: inout String, width: Int) {
    guard self.width > width else { return }
    let caret = marks.prefix { $0 == " " }.count
    let from = max(0, min(caret - width / 3, self.width - width))
    var shown = ""
    var column = 0
    for character in text {
      let next = column + DisplayWidth.of(character)
      defer { column = next }
      if next <= from { continue }
      if column >= from + width { break }
      // Half a wide character at the edge keeps its column as a blank.
      let fits = column >= from && next <= from + width
      shown += fits ? String(character) : " "
    }
    if from > 0 { shown = "…" + shown.dropFirst() }
    if from + width < self.width { shown = shown.dropLast() + "…" }
    text = shown
    marks = String(marks.dropFirst(from).prefix(width))
  }
}
