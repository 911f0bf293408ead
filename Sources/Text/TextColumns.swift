/// Aligns texts in columns by the columns of a screen they take.
public enum TextColumns {
  /// A last column of fewer columns than this goes below the others.
  private static let leastLastWidth = 24

  /// Short texts beside each other, as many as fit, in the order of reading down the columns.
  public static func grid(_ texts: [String], width: Int) -> [String] {
    let cell = texts.reduce(0) { max($0, DisplayWidth.of($1)) } + 2
    let perLine = max(1, (width + 2) / cell)
    let count = (texts.count + perLine - 1) / perLine
    return (0..<count).map { line in
      let own = stride(from: line, to: texts.count, by: count).map { texts[$0] }
      return DisplayWidth.trimmedAtEnd(own.map { DisplayWidth.padded($0, to: cell) }.joined())
    }
  }

  /// Rows as lines; the last column is not padded, and wrapped to the width.
  public static func lines(_ rows: [[String]], indent: Int, gap: Int, width: Int) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
    }
    let before = indent + widths.dropLast().reduce(0) { $0 + $1 + gap }
    let isBelow = width - before < min(leastLastWidth, widths.last ?? 0)
    return rows.flatMap { row -> [String] in
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() {
        let isLast = row[(column + 1)...].allSatisfy(\.isEmpty)
        guard isLast else {
          line += DisplayWidth.padded(cell, to: widths[column] + gap)
          continue
        }
        guard column == count - 1, column > 0, DisplayWidth.of(line + cell) > width else {
          return fitted(line + cell, indent: indent, width: width)
        }
        let margin = isBelow ? indent + 4 : before
        let wrapped = TextWrap.lines(cell, indent: margin, hanging: margin, width: width)
        guard !isBelow else { return fitted(line, indent: indent, width: width) + wrapped }
        return zip(0..., wrapped).map { $0 == 0 ? line + $1.dropFirst(margin) : $1 }
      }
      return [line]
    }
  }

  /// A row without its last column as a line, or as several where it is too wide for one.
  private static func fitted(_ row: String, indent: Int, width: Int) -> [String] {
    let line = DisplayWidth.trimmedAtEnd(row)
    guard DisplayWidth.of(line) > width else { return [line] }
    return TextWrap.lines(line, indent: indent, hanging: indent + 4, width: width)
  }
}
