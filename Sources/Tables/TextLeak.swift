/// Why a column holds text although most of its fields are numbers.
public struct TextLeak: Sendable, Equatable {
  /// What no column of numbers takes.
  public enum Reason: Sendable, Equatable {
    /// The first field that is no number, and its line.
    case word(String, line: Int)
    /// Numbers that would lose digits: beyond 64 bits, or beyond 2⁵³ where others are missing.
    case digits
  }

  /// The name of the column.
  public let column: String
  /// What made it text.
  public let reason: Reason

  /// The leaks of some columns whose kind was not given.
  static func all(
    in columns: [Column], _ source: DelimitedSource, _ layout: DelimitedLayout
  ) -> [TextLeak] {
    zip(columns, layout.kept).compactMap { column, kept in
      guard kept.type == .automatic, case .text(let codes, let levels) = column.storage else {
        return nil
      }
      let areNumbers = levels.map { level in
        var level = level
        return level.withUTF8 { isNumber($0, source) }
      }
      var (numberCount, otherCount) = (0, 0)
      for code in codes where code >= 0 {
        if areNumbers[Int(code)] { numberCount += 1 } else { otherCount += 1 }
      }
      guard numberCount > otherCount else { return nil }
      if otherCount == 0 { return TextLeak(column: column.name, reason: .digits) }
      return firstWord(in: kept, source, layout)
    }
  }

  private static func firstWord(
    in column: DelimitedLayout.Kept, _ source: DelimitedSource, _ layout: DelimitedLayout
  ) -> TextLeak? {
    let splitter = RowSplitter(source)
    var next = layout.start
    while next < source.end {
      let row = splitter.split(next)
      next = row.next
      guard row.end == .complete, !row.isBlank, splitter.fields.count == layout.fieldCount else {
        continue
      }
      let field = splitter.fields[column.position]
      if isNumber(field, source) || source.missing.contain(field) { continue }
      let text = source.text(field)
      return TextLeak(
        column: column.name,
        reason: .word(
          text.count > 40 ? text.prefix(39) + "…" : text, line: source.place(row.start).line))
    }
    return nil
  }

  private static func isNumber(
    _ field: UnsafeBufferPointer<UInt8>, _ source: DelimitedSource
  ) -> Bool {
    NumberParsing.double(field, MissingWords([]), point: source.decimalPoint) != nil
  }
}
