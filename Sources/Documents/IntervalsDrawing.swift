internal import CollabText

/// Intervals as text: a line a value, its ends joined, on a scale that stands below.
struct IntervalsDrawing {
  private static let longestName = 32
  /// The fewest columns on which an interval can be told from a point.
  private static let shortestTrack = 12

  private let intervals: Plot.Intervals
  private let width: Int
  private let glyphs: Glyphs

  init(_ intervals: Plot.Intervals, _ width: Int, _ glyphs: Glyphs) {
    (self.intervals, self.width, self.glyphs) = (intervals, width, glyphs)
  }

  func lines() -> [StyledText] {
    guard !intervals.panels.isEmpty else { return [StyledText("nothing to draw", .faint)] }
    let names = intervals.panels.map { $0.rows.map { DisplayWidth.cleaned($0.name) } }
    let texts = intervals.panels.map(\.texts)
    let valueWidth = texts.joined().reduce(0) { max($0, $1.count) }
    let room = max(4, width - valueWidth - 4 - Self.shortestTrack)
    let nameWidth = min(
      names.joined().reduce(0) { max($0, DisplayWidth.of($1)) }, Self.longestName, room)
    let left = nameWidth + 2 + valueWidth + 2
    let columns = max(1, width - left)
    var lines: [StyledText] = []
    for (number, panel) in intervals.panels.enumerated() {
      if number > 0 { lines.append(StyledText()) }
      let title = DisplayWidth.cleaned(panel.name)
      if !title.isEmpty { lines.append(StyledText(DisplayWidth.cut(title, to: width), .heading)) }
      let scale = panel.scale
      for (place, row) in panel.rows.enumerated() {
        let name = DisplayWidth.cut(names[number][place], to: nameWidth)
        var line = StyledText(DisplayWidth.padded(name, to: nameWidth) + "  ")
        line.append(
          DisplayWidth.padded(texts[number][place], to: valueWidth, at: .right) + "  ")
        for (character, isRow) in track(row, panel.reference, scale, columns) {
          line.append(String(character), isRow ? .series(0) : .faint)
        }
        lines.append(line.trimmedAtEnd())
      }
      lines.append(axis(scale, left: left, columns: columns))
    }
    return lines
  }

  /// The characters of a row, and whether they are its own.
  private func track(
    _ row: Plot.Intervals.Row, _ reference: Double?, _ scale: PlotScale, _ columns: Int
  ) -> [(Character, Bool)] {
    let isUnicode = glyphs == .unicode
    var track = [(Character, Bool)](repeating: (" ", false), count: columns)
    func column(_ value: Double) -> Int? {
      scale.position(of: value).map { Int(clamping: ($0 * Double(columns - 1)).rounded()) }
        .flatMap { track.indices.contains($0) ? $0 : nil }
    }
    if let place = reference.flatMap(column) { track[place] = (isUnicode ? "┊" : ":", false) }
    if let ends = row.ends, let low = column(ends.lowerBound), let high = column(ends.upperBound) {
      for place in low...high { track[place] = (isUnicode ? "─" : "-", true) }
      track[low] = (isUnicode ? "├" : "|", true)
      track[high] = (isUnicode ? "┤" : "|", true)
    }
    if let place = column(row.value) { track[place] = (isUnicode ? "●" : "o", true) }
    return track
  }

  /// As many round values as have room.
  private func axis(_ scale: PlotScale, left: Int, columns: Int) -> StyledText {
    for count in stride(from: max(2, columns / 12), through: 1, by: -1) {
      var (text, fits) = (String(repeating: " ", count: left), true)
      for (number, tick) in scale.ticks(atMost: count).enumerated() {
        let middle = left + Int(clamping: (tick.position * Double(columns - 1)).rounded())
        let start = middle - tick.text.count / 2
        fits =
          fits && start >= text.count + (number == 0 ? 0 : 1) && start + tick.text.count <= width
        guard fits else { break }
        text += String(repeating: " ", count: start - text.count) + tick.text
      }
      if fits { return StyledText(text, .faint).trimmedAtEnd() }
    }
    return StyledText()
  }
}
