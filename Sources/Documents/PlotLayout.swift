internal import CollabText

/// A picture as lines of a terminal.
///
/// Dots are braille characters, or `'`, `.` and `:` without Unicode. Nothing is told by colour alone:
/// lines carry letters, points of several series have shapes of their own.
package struct PlotLayout {
  private let plot: Plot
  private let width: Int
  private let height: Int?
  private let glyphs: Glyphs

  /// The widest picture; beyond that it would only become flat.
  private static let widest = 88
  /// The fewest rows in which a line still has a shape.
  private static let lowest = 4

  /// A picture that is at most so wide, and if it can be no higher than the page.
  package init(_ plot: Plot, width: Int, height: Int? = nil, glyphs: Glyphs) {
    self.plot = plot
    self.height = height
    self.width = min(max(width, 20), Self.widest)
    self.glyphs = glyphs
  }

  /// The lines of the picture, none wider than the page.
  package func lines() -> [StyledText] {
    let title = DisplayWidth.cleaned(plot.title)
    let head =
      title.isEmpty ? [] : StyledText(title, .heading).wrapped(to: width)
    let caption = DisplayWidth.cleaned(plot.caption)
    let foot =
      caption.isEmpty
      ? []
      : DisplayWidth.of(caption) <= width
        ? [StyledText(caption)] : StyledText(caption).wrapped(to: width)
    let room = height.map { $0 - head.count - foot.count } ?? .max
    var picture = self.picture()
    // What stands around the axes depends on the picture, so that it is tried.
    var rows = min(room, picture.count) - 1
    while picture.count > room, rows >= Self.lowest {
      picture = self.picture(rows: rows)
      rows -= 1
    }
    return head + picture + foot
  }

  private func picture(rows: Int? = nil) -> [StyledText] {
    switch plot.content {
    case .series(let series): SeriesDrawing(plot, series, width, glyphs, rows: rows).lines()
    case .histogram(let histogram):
      HistogramDrawing(plot, histogram, width, glyphs, rows: rows).lines()
    case .cells(let cells): CellsDrawing(plot, cells, width, glyphs).lines()
    case .intervals(let intervals): IntervalsDrawing(intervals, width, glyphs).lines()
    case .bars(let chart): BarLayout(chart, width: width, glyphs: glyphs).lines()
    }
  }
}

// MARK: - Axes

/// The axes around a canvas, with ticks whose texts do not collide.
struct PlotFrame {
  let rows: Int
  /// The columns inside the axes.
  let columns: Int
  private let left: Int
  private let heights: [Int: String]
  private let places: [(column: Int, text: String)]
  private let plot: Plot
  private let glyphs: Glyphs

  init(
    _ plot: Plot, horizontal: PlotScale, vertical: PlotScale, rows: Int, width: Int, glyphs: Glyphs
  ) {
    (self.plot, self.rows, self.glyphs) = (plot, rows, glyphs)
    var heights: [Int: String] = [:]
    for tick in vertical.ticks(atMost: max(2, rows * 5 / 12)) {
      let row = rows - 1 - Int(clamping: (tick.position * Double(4 * rows - 1)).rounded()) / 4
      if (0..<rows).contains(row) { heights[row] = tick.text }
    }
    self.heights = heights
    left = heights.values.reduce(1) { max($0, $1.count) }
    columns = max(8, width - left - 2)
    places = Self.places(horizontal, columns: columns, left: left, width: width)
  }

  /// As many ticks as have room for their texts.
  private static func places(
    _ scale: PlotScale, columns: Int, left: Int, width: Int
  ) -> [(column: Int, text: String)] {
    for count in stride(from: 8, through: 1, by: -1) {
      let places = scale.ticks(atMost: count).compactMap { tick -> (column: Int, text: String)? in
        let column = Int(clamping: (tick.position * Double(2 * columns - 1)).rounded()) / 2
        return (0..<columns).contains(column) ? (column, tick.text) : nil
      }
      var end = -1
      let fits = places.allSatisfy { column, text in
        let start = Self.start(of: text, at: column, left: left)
        defer { end = start + text.count + 1 }
        return start >= end && start + text.count <= width
      }
      if fits { return places }
    }
    return []
  }

  private static func start(of text: String, at column: Int, left: Int) -> Int {
    max(0, left + 1 + column - text.count / 2)
  }

  /// The picture: what is inside, between the axes.
  func lines(_ inside: (Int) -> StyledText) -> [StyledText] {
    let isUnicode = glyphs == .unicode
    var lines: [StyledText] = []
    let label = DisplayWidth.cleaned(plot.vertical.label)
    if !label.isEmpty {
      let room = left + 1 + columns
      lines.append(
        StyledText(
          DisplayWidth.padded(
            DisplayWidth.cut(label, to: room), to: min(left, room), at: .right), .faint))
    }
    for row in 0..<rows {
      var line = StyledText(
        DisplayWidth.padded(heights[row] ?? "", to: left, at: .right), .faint)
      let tick = isUnicode ? "┤" : "+"
      let bar = isUnicode ? "│" : "|"
      line.append(heights[row] == nil ? bar : tick, .faint)
      line.append(inside(row))
      lines.append(line.trimmedAtEnd())
    }
    var axis = String(repeating: " ", count: left) + (isUnicode ? "└" : "+")
    let ticks = Set(places.map(\.column))
    for column in 0..<columns {
      axis += ticks.contains(column) ? (isUnicode ? "┬" : "+") : (isUnicode ? "─" : "-")
    }
    lines.append(StyledText(axis, .faint))
    var texts = ""
    for (column, text) in places {
      let start = Self.start(of: text, at: column, left: left)
      texts += String(repeating: " ", count: max(0, start - texts.count)) + text
    }
    if !texts.isEmpty { lines.append(StyledText(texts, .faint)) }
    let below = DisplayWidth.cut(DisplayWidth.cleaned(plot.horizontal.label), to: columns)
    if !below.isEmpty {
      let indent = left + 1 + (columns - DisplayWidth.of(below)) / 2
      lines.append(StyledText(String(repeating: " ", count: indent) + below, .faint))
    }
    return lines
  }
}

extension Plot {
  /// The rows of a picture whose proportion is given; a row is as high as two columns are wide.
  func rows(of width: Int) -> Int? {
    proportion.map { min(max(Int(clamping: $0 * Double(width) / 2), 4), 60) }
  }

  /// The scales of both axes.
  func scales(of series: [Series]) -> (horizontal: PlotScale, vertical: PlotScale) {
    let isPoints = series.allSatisfy { $0.mark == .points }
    let x = series.flatMap(\.x)
    let y = series.flatMap(\.y)
    return (
      PlotScale(horizontal, x, margin: isPoints ? 0.04 : 0),
      PlotScale(vertical, y, margin: isPoints ? 0.06 : 0.03)
    )
  }
}

// MARK: - Columns

/// A histogram as text: columns of block characters.
private struct HistogramDrawing {
  private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  private let plot: Plot
  private let histogram: Plot.Histogram
  private let width: Int
  private let glyphs: Glyphs
  private let rows: Int

  init(
    _ plot: Plot, _ histogram: Plot.Histogram, _ width: Int, _ glyphs: Glyphs, rows: Int? = nil
  ) {
    (self.plot, self.histogram, self.width, self.glyphs) = (plot, histogram, width, glyphs)
    self.rows = rows ?? plot.rows(of: width) ?? 12
  }

  func lines() -> [StyledText] {
    let (horizontal, vertical) = plot.scales(of: histogram)
    let frame = PlotFrame(
      plot, horizontal: horizontal, vertical: vertical, rows: rows, width: width, glyphs: glyphs)
    let count = histogram.counts.count
    // Columns that fill the axis to its end, with a gap where there is room for one.
    let edges = (0...count).map { $0 * frame.columns / count }
    return frame.lines { row in
      var line = StyledText()
      for (number, value) in histogram.counts.enumerated() {
        let columns = edges[number + 1] - edges[number]
        let hasGap = columns > 2
        let height = vertical.position(of: Double(value)) ?? 0
        line.append(
          String(repeating: character(height, row), count: columns - (hasGap ? 1 : 0)), .series(0))
        if hasGap { line.append(" ") }
      }
      return line
    }
  }

  /// What a row shows of a column of a height from 0 to 1.
  private func character(_ height: Double, _ row: Int) -> Character {
    var units =
      Int(clamping: (min(max(height, 0), 1) * Double(8 * rows)).rounded()) - 8 * (rows - 1 - row)
    if height > 0, row == rows - 1 { units = max(units, 1) }
    units = min(max(units, 0), 8)
    guard glyphs == .ascii else { return Self.eighths[units] }
    return units >= 4 ? "#" : units > 0 && row == rows - 1 ? "." : " "
  }
}

extension Plot {
  /// The scales of both axes.
  func scales(of histogram: Histogram) -> (horizontal: PlotScale, vertical: PlotScale) {
    let end = histogram.start + Double(histogram.counts.count) * histogram.step
    let largest = Double(histogram.counts.max() ?? 0)
    return (
      PlotScale(Axis(limits: histogram.start...max(end, histogram.start)), [], margin: 0),
      PlotScale(Axis(limits: 0...max(largest * 1.02, 1)), [], margin: 0)
    )
  }
}

// MARK: - Shades

/// A matrix as text: a number and a shade in each cell.
private struct CellsDrawing {
  private static let shades: [Character] = ["░", "▒", "▓", "█"]
  private static let plainShades: [Character] = [".", ":", "+", "#"]
  private static let longestName = 24

  private let plot: Plot
  private let cells: Plot.Cells
  private let width: Int
  private let glyphs: Glyphs

  init(_ plot: Plot, _ cells: Plot.Cells, _ width: Int, _ glyphs: Glyphs) {
    (self.plot, self.cells, self.width, self.glyphs) = (plot, cells, width, glyphs)
  }

  func lines() -> [StyledText] {
    let texts = cells.values.map { $0.map { $0.map { cells.text(of: $0) } ?? "" } }
    let names = cells.rows.map { DisplayWidth.cut(DisplayWidth.cleaned($0), to: Self.longestName) }
    let titles = cells.columns.map { DisplayWidth.cleaned($0) }
    let left = names.reduce(0) { max($0, DisplayWidth.of($1)) } + 1
    let longest = texts.joined().reduce(1) { max($0, $1.count) }
    // Short titles stand above their columns; long ones are lettered, and named below.
    let room = max(longest + 1, 6)
    let hasLetters = titles.contains { DisplayWidth.of($0) > room }
    let heads = titles.indices.map { hasLetters ? Self.letter($0) : titles[$0] }
    let cellWidth = max(longest + 1, heads.reduce(0) { max($0, DisplayWidth.of($1)) }) + 1
    let count = min(cells.columns.count, max(1, (width - left) / cellWidth))

    var head = StyledText(String(repeating: " ", count: left))
    for text in heads.prefix(count) {
      head.append(DisplayWidth.padded(text, to: cellWidth, at: .right), .heading)
    }
    var lines = [head.trimmedAtEnd()]
    for (row, name) in names.enumerated() {
      var line = StyledText(DisplayWidth.padded(name, to: left))
      for column in 0..<count {
        let text = DisplayWidth.padded(texts[row][column], to: cellWidth - 1, at: .right)
        line.append(text)
        line.append(shade(cells.values[row][column]), .series(0))
      }
      lines.append(line.trimmedAtEnd())
    }
    if hasLetters {
      let key = titles.prefix(count).enumerated().map { number, title in
        var entry = StyledText(Self.letter(number), .heading)
        entry.append(" " + title)
        return entry
      }
      lines += SeriesDrawing.joined(key, width: width)
    }
    if count < cells.columns.count {
      lines.append(StyledText("\(count) of \(cells.columns.count) columns", .faint))
    }
    return lines
  }

  /// `A` … `Z`, then `AA`.
  static func letter(_ number: Int) -> String {
    let last = String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(number % 26)))
    return number < 26 ? last : letter(number / 26 - 1) + last
  }

  private func shade(_ value: Double?) -> String {
    guard let value, value.isFinite else { return " " }
    let shades = glyphs == .unicode ? Self.shades : Self.plainShades
    return String(shades[min(Int(clamping: cells.share(of: value) * 4), 3)])
  }
}
