internal import CollabText

/// A table as lines: numbers at the right, text at the left, two blanks between, no boxes.
///
/// When it is too wide, columns of text are cut with `…`; when that is not enough, columns from
/// the middle are left out and named in the last line.
package struct TableLayout {
  /// The least width a column of text is cut to while other columns could be left out instead.
  private static let leastTextWidth = 12
  private static let gap = 2
  /// So many columns that are left out are named.
  private static let mostNames = 50

  private let table: TableBlock
  private let width: Int

  package init(_ table: TableBlock, width: Int) {
    self.table = table
    self.width = width
  }

  /// The lines of the table.
  package func lines() -> [StyledText] {
    let columns = drawnColumns()
    let groups = table.wrapsColumns ? wrapped(columns) : [fit(columns)]
    let parts = groups.map { lines(of: columns, shown: $0.shown, widths: $0.widths) }
    let shown = groups.flatMap(\.shown)
    return parts.joined(separator: [StyledText()]) + lastLines(columns, shown: shown)
  }

  /// Some columns side by side.
  private func lines(of columns: [Column], shown: [Int], widths: [Int]) -> [StyledText] {
    let hasHeader = shown.contains { !columns[$0].title.isEmpty }
    var lines: [StyledText] = []
    if hasHeader {
      var header = StyledText()
      for (position, width) in zip(shown, widths) {
        let column = columns[position]
        append(column.title, to: &header, width: width, column: column, style: .heading)
      }
      lines.append(header.trimmedAtEnd())
    }
    for row in table.rows.indices {
      var line = StyledText()
      for (position, width) in zip(shown, widths) {
        let column = columns[position]
        let style: TextStyle = column.isIndex ? .faint : .plain
        append(column.cells[row], to: &line, width: width, column: column, style: style)
      }
      lines.append(line.trimmedAtEnd())
      if table.gapAfterRow == row { lines.append(StyledText("⋮", .faint)) }
    }
    return lines
  }

  private func append(
    _ cell: String, to line: inout StyledText, width: Int, column: Column, style: TextStyle
  ) {
    if !line.runs.isEmpty { line.append(String(repeating: " ", count: Self.gap)) }
    let text = DisplayWidth.cut(cell, to: width)
    line.append(DisplayWidth.padded(text, to: width, at: column.alignment), style)
  }

  private func lastLines(_ columns: [Column], shown: [Int]) -> [StyledText] {
    let kept = Set(shown)
    let hidden = columns.indices.filter { !kept.contains($0) }.map { columns[$0].title }
    var parts: [String] = []
    if let footer = table.footer { parts.append(DisplayWidth.cleaned(footer)) }
    if !hidden.isEmpty {
      let more = hidden.count - Self.mostNames
      parts.append(
        "not shown: " + hidden.prefix(Self.mostNames).joined(separator: ", ")
          + (more > 0 ? " and \(grouped(more)) more" : ""))
    }
    guard !parts.isEmpty else { return [] }
    return StyledText(parts.joined(separator: " · "), .faint).wrapped(to: width)
  }
}

// MARK: - Fitting
extension TableLayout {
  private struct Column {
    let title: String
    let cells: [String]
    let alignment: TableBlock.Alignment
    let isIndex: Bool
    let natural: Int
    /// The width below which the column would say nothing.
    let least: Int

    init(_ title: String, cells: [String], alignment: TableBlock.Alignment, isIndex: Bool) {
      self.title = DisplayWidth.cleaned(title)
      self.cells = cells.map { DisplayWidth.cleaned($0) }
      self.alignment = alignment
      self.isIndex = isIndex
      let titleWidth = DisplayWidth.of(self.title)
      natural = self.cells.reduce(titleWidth) { max($0, DisplayWidth.of($1)) }
      let isText = alignment == .left && !isIndex
      least = isText ? min(natural, max(leastTextWidth, titleWidth)) : natural
    }

    /// Whether these are whole numbers of nine digits or more.
    var isLongNumbers: Bool {
      !isIndex && alignment == .right && !cells.isEmpty
        && cells.allSatisfy { cell in
          cell.utf8.count >= 9 && cell.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
  }

  private func drawnColumns() -> [Column] {
    var columns = table.columns.enumerated().map { position, column in
      Column(
        column.title, cells: table.rows.map { $0[position] }, alignment: column.alignment,
        isIndex: false)
    }
    if let index = table.index {
      let isNumeric = index.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
      columns.insert(
        Column("", cells: index, alignment: isNumeric ? .right : .left, isIndex: true), at: 0)
    }
    return columns
  }

  /// All columns, as many beside each other as fit, each time with the names of the rows.
  private func wrapped(_ columns: [Column]) -> [(shown: [Int], widths: [Int])] {
    let names = columns.first?.isIndex == true ? [0] : []
    var groups: [[Int]] = []
    for position in columns.indices.dropFirst(names.count) {
      if let last = groups.last, total((last + [position]).map { columns[$0].natural }) <= width {
        groups[groups.count - 1].append(position)
      } else {
        groups.append(names + [position])
      }
    }
    return groups.map { group in (group, group.map { columns[$0].natural }) }
  }

  /// The positions of the columns that are shown, with their widths.
  private func fit(_ columns: [Column]) -> (shown: [Int], widths: [Int]) {
    var isKept = columns.map { _ in true }
    var (count, least) = (columns.count, total(columns.map(\.least)))
    // Long whole numbers, such as times in seconds, say the least.
    for position in columns.indices where columns[position].isLongNumbers && count > 2 {
      guard least > width else { break }
      isKept[position] = false
      (count, least) = (count - 1, least - columns[position].least - Self.gap)
    }
    return fit(columns, among: columns.indices.filter { isKept[$0] })
  }

  private func fit(
    _ all: [Column], among kept: [Int]
  ) -> (shown: [Int], widths: [Int]) {
    let columns = kept.map { all[$0] }
    let fixed = columns.first?.isIndex == true ? 1 : 0
    // Columns from the middle give way: what stays are some at the left and some at the right.
    var left = fixed + (columns.count - fixed + 1) / 2
    var right = columns.count - left
    var least = total(columns.map(\.least))
    while least > width, left + right - fixed > 2 {
      let hidden: Int
      if left - fixed > right {
        left -= 1
        hidden = left
      } else {
        hidden = columns.count - right
        right -= 1
      }
      least -= columns[hidden].least + Self.gap
    }
    let shown = Array(0..<left) + Array(columns.count - right..<columns.count)
    var widths = shown.map { columns[$0].natural }
    let isText = shown.map { columns[$0].alignment == .left && !columns[$0].isIndex }
    // The widest column of text gives way first, as far as its least width.
    for limit in [false, true] {
      while total(widths) > width {
        let candidates = widths.indices.filter {
          isText[$0] && widths[$0] > (limit ? 1 : columns[shown[$0]].least)
        }
        guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
        widths[widest] -= 1
      }
    }
    return (shown.map { kept[$0] }, widths)
  }

  private func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + Self.gap * max(0, widths.count - 1)
  }
}
