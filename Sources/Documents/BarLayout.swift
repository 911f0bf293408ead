internal import CollabText

/// Which characters a page may use for bars and marks.
public enum Glyphs: Equatable, Sendable {
  /// Block characters with eighths.
  case unicode
  /// `#` and `-`, for terminals without UTF-8.
  case ascii
}

/// A chart of labelled bars as lines.
package struct BarLayout {
  /// The columns of the longest bar.
  private static let longest = 15
  /// Bars shorter than this would say nothing.
  private static let shortest = 5
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  private let chart: BarChart
  private let width: Int
  private let glyphs: Glyphs

  package init(_ chart: BarChart, width: Int, glyphs: Glyphs) {
    self.chart = chart
    self.width = width
    self.glyphs = glyphs
  }

  /// The lines of the chart: rank, label, value, bar, note.
  package func lines() -> [StyledText] {
    let labels = chart.bars.map { DisplayWidth.cleaned($0.label) }
    let rankWidth = chart.isRanked ? max(2, String(chart.bars.count).count) + 2 : 0
    let valueWidth = chart.bars.reduce(0) { max($0, DisplayWidth.of($1.text)) }
    let longestLabel = labels.reduce(0) { max($0, DisplayWidth.of($1)) }
    // Notes are shown where they take nothing from the labels.
    let longestNote = chart.bars.reduce(0) { max($0, DisplayWidth.of($1.note ?? "")) }
    let widest = rankWidth + longestLabel + 2 + valueWidth + 2 + Self.longest + 2 + longestNote
    let noteWidth = widest <= width ? longestNote : 0
    let rest = rankWidth + 2 + valueWidth
    // On a narrow page the bars give way first, then the ends of the labels.
    let spare = width - rest - 2 - longestLabel
    let barWidth =
      width >= 60 ? Self.longest : spare >= Self.shortest ? min(spare, Self.longest) : 0
    let room = max(4, width - rest - (barWidth > 0 ? barWidth + 2 : 0))
    let labelWidth = min(room, longestLabel)
    let largest = chart.largest

    return zip(chart.bars, labels).enumerated().map { position, entry in
      let (bar, label) = entry
      var line = StyledText()
      if chart.isRanked {
        let rank = DisplayWidth.padded("\(position + 1)", to: rankWidth - 2, at: .right)
        line.append(rank + "  ", .faint)
      }
      line.append(
        DisplayWidth.padded(DisplayWidth.cut(label, to: labelWidth), to: labelWidth) + "  ")
      line.append(DisplayWidth.padded(bar.text, to: valueWidth, at: .right))
      if barWidth > 0, largest > 0, bar.value.isFinite {
        let share = abs(bar.value) / largest
        let drawn = Self.bar(share: share, width: barWidth, glyphs: glyphs)
        line.append("  ")
        line.append(noteWidth > 0 ? DisplayWidth.padded(drawn, to: barWidth) : drawn, .bar)
      }
      if noteWidth > 0, let note = bar.note {
        line.append("  " + DisplayWidth.padded(note, to: noteWidth, at: .right), .faint)
      }
      return line.trimmedAtEnd()
    }
  }

  /// A bar that takes a share of a width.
  package static func bar(share: Double, width: Int, glyphs: Glyphs) -> String {
    let units = Int(clamping: (min(max(share, 0), 1) * Double(width) * 8).rounded())
    switch glyphs {
    case .unicode: return String(repeating: "█", count: units / 8) + eighths[units % 8]
    case .ascii: return String(repeating: "#", count: (units + 4) / 8)
    }
  }
}
