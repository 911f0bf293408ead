/// A picture as lines of a terminal.
///
/// Dots are braille characters, or `'`, `.` and `:` without Unicode. Nothing is told by colour alone:
/// lines carry letters, points of several series have shapes of their own.
package struct PlotLayout {
  private let plot: Plot
  private let width: Int
  private let glyphs: Glyphs

  /// The widest picture; beyond that it would only become flat.
  private static let widest = 88

  package init(_ plot: Plot, width: Int, glyphs: Glyphs) {
    self.plot = plot
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
    let picture =
      switch plot.content {
      case .series(let series): SeriesDrawing(plot, series, width, glyphs).lines()
      case .histogram(let histogram): HistogramDrawing(plot, histogram, width, glyphs).lines()
      case .cells(let cells): CellsDrawing(plot, cells, width, glyphs).lines()
      }
    return head + picture + foot
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
      let row = rows - 1 - Int((tick.position * Double(4 * rows - 1)).rounded()) / 4
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
        let column = Int((tick.position * Double(2 * columns - 1)).rounded()) / 2
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

// MARK: - Lines and points

/// Lines and points as text.
private struct SeriesDrawing {
  private let plot: Plot
  private let series: [Plot.Series]
  private let width: Int
  private let glyphs: Glyphs
  private let horizontal: PlotScale
  private let vertical: PlotScale
  private let hasLabels: Bool

  init(_ plot: Plot, _ series: [Plot.Series], _ width: Int, _ glyphs: Glyphs) {
    (self.plot, self.series, self.width, self.glyphs) = (plot, series, width, glyphs)
    hasLabels = series.contains { $0.labels != nil }
    (horizontal, vertical) = plot.scales(of: series)
  }

  func lines() -> [StyledText] {
    let count = series.reduce(0) { $0 + ($1.labels?.count ?? 0) }
    let rows = plot.rows(of: width) ?? (hasLabels ? min(max(14, count / 2), 26) : 12)
    let frame = PlotFrame(
      plot, horizontal: horizontal, vertical: vertical, rows: rows, width: width, glyphs: glyphs)
    var canvas = DotCanvas(width: frame.columns, height: rows)
    var paths: [[DotCanvas.Place]] = []
    for (number, one) in series.enumerated() {
      paths.append(draw(one, .series(number), on: &canvas))
    }
    mark(paths, on: &canvas)
    let key = hasLabels ? label(on: &canvas) : []
    return frame.lines { canvas.line($0, glyphs: glyphs) } + legend() + key
  }

  private func places(_ series: Plot.Series) -> [(x: Double, y: Double)?] {
    zip(series.x, series.y).map { x, y in
      guard let x = horizontal.position(of: x), let y = vertical.position(of: y) else { return nil }
      return (x, y)
    }
  }

  private func draw(
    _ series: Plot.Series, _ style: TextStyle, on canvas: inout DotCanvas
  ) -> [DotCanvas.Place] {
    let places = places(series)
    var path: [DotCanvas.Place] = []
    if series.mark == .line || series.mark == .linePoints {
      for (start, end) in zip(places, places.dropFirst()) {
        guard let start, let end else { continue }
        path += canvas.line(from: start, to: end, style)
      }
    }
    if path.isEmpty { for case let (x, y)? in places { canvas.point(x, y, style) } }
    return path
  }

  // MARK: Telling series apart

  /// Whether lines carry letters.
  private var hasLetters: Bool { series.count { $0.mark == .line } > 1 }
  /// Whether points have shapes of their own.
  private var hasShapes: Bool { series.count > 1 }

  private static let shapes: [Character] = ["•", "×", "+", "○", "▪", "△", "◇", "*"]
  private static let plainShapes: [Character] = ["*", "x", "+", "o", "#", "^", "%", "&"]

  /// What stands for a series on the canvas.
  private func symbol(of number: Int) -> Character? {
    switch series[number].mark {
    case .line:
      guard hasLetters, number < 26 else { return nil }
      return Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(number)))
    case .highlight: return glyphs == .unicode ? "●" : "O"
    case .points, .linePoints:
      guard hasShapes else { return nil }
      let shapes = glyphs == .unicode ? Self.shapes : Self.plainShapes
      return shapes[series[..<number].count { $0.mark != .line } % shapes.count]
    }
  }

  /// Puts a letter on each line where the others are far, and shapes on points.
  private func mark(_ paths: [[DotCanvas.Place]], on canvas: inout DotCanvas) {
    for (number, path) in paths.enumerated() {
      guard let symbol = symbol(of: number) else { continue }
      let style = TextStyle.series(number)
      if series[number].mark != .line {
        for case let (x, y)? in places(series[number]) {
          if let cell = canvas.cell(x, y) { canvas.mark(symbol, at: cell, style) }
        }
        continue
      }
      let others = paths.enumerated().filter { $0.offset != number }.flatMap(\.element)
      let wish = (number + 1) * canvas.width / (paths.count + 1)
      func room(at place: DotCanvas.Place) -> Int {
        others.reduce(6) { least, other in
          min(least, max(abs(place.column - other.column), 2 * abs(place.row - other.row)))
        }
      }
      let best = path.map { (place: $0, room: room(at: $0), away: abs($0.column - wish)) }
        .max { ($0.room, -$0.away) < ($1.room, -$1.away) }
      if let best { canvas.mark(symbol, at: best.place, style) }
    }
  }

  private func legend() -> [StyledText] {
    let named = series.indices.filter { !series[$0].name.isEmpty }
    guard !named.isEmpty else { return [] }
    let entries = named.map { number -> StyledText in
      let sample = glyphs == .unicode ? "──" : "--"
      var entry = StyledText(symbol(of: number).map(String.init) ?? sample, .series(number))
      entry.append(" " + DisplayWidth.cleaned(series[number].name))
      return entry
    }
    return Self.joined(entries, width: width)
  }

  /// Texts side by side, as many on a line as fit.
  static func joined(_ entries: [StyledText], width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    for entry in entries {
      if let last = lines.last,
        DisplayWidth.of(last.text) + 3 + DisplayWidth.of(entry.text) <= width
      {
        lines[lines.count - 1].append("   ")
        lines[lines.count - 1].append(entry)
      } else {
        lines += entry.wrapped(to: width, indent: "  ")
      }
    }
    return lines
  }

  // MARK: Labels

  /// The longest text beside a point.
  private static let longestLabel = 22

  /// Writes labels where there is room.
  ///
  /// The other points are numbered, and named in lines below.
  private func label(on canvas: inout DotCanvas) -> [StyledText] {
    var points: [(cell: DotCanvas.Place, text: String, style: TextStyle)] = []
    for (number, one) in series.enumerated() {
      for (place, text) in zip(places(one), one.labels ?? []) {
        guard let place, let cell = canvas.cell(place.x, place.y) else { continue }
        points.append((cell, DisplayWidth.cleaned(text), .series(number)))
      }
    }
    // A box ends short of the cell behind its text, so that one blank parts it from the next.
    func box(_ column: Int, _ row: Int, _ width: Int) -> LabelPlacer.Box {
      LabelPlacer.Box(x: Double(column), y: Double(row), width: Double(width) + 0.9, height: 1)
    }
    func cells(_ column: Int, _ row: Int, _ width: Int) -> LabelPlacer.Box {
      LabelPlacer.Box(x: Double(column), y: Double(row), width: Double(width), height: 1)
    }
    var area = cells(0, 0, canvas.width + 1)
    area.height = Double(canvas.height)
    var placer = LabelPlacer(
      area: area, avoiding: points.map { cells($0.cell.column, $0.cell.row, 1) })
    var unnamed: [(cell: DotCanvas.Place, text: String)] = []
    for (cell, text, style) in points {
      let shown = DisplayWidth.cut(text, to: Self.longestLabel)
      let size = DisplayWidth.of(shown)
      let starts = [
        (cell.column + 2, cell.row), (cell.column - size - 1, cell.row),
        (cell.column + 1, cell.row), (cell.column - size / 2, cell.row - 1),
        (cell.column - size / 2, cell.row + 1), (cell.column + 1, cell.row - 1),
        (cell.column + 1, cell.row + 1), (cell.column - size, cell.row - 1),
        (cell.column - size, cell.row + 1),
      ]
      canvas.mark(glyphs == .unicode ? "•" : "*", at: cell, style)
      if size == 0 { continue }
      if let choice = placer.place(starts.map { box($0.0, $0.1, size) }) {
        let place = DotCanvas.Place(column: starts[choice].0, row: starts[choice].1)
        canvas.write(shown, at: place, .plain)
      } else {
        unnamed.append((cell, text))
      }
    }
    var key: [StyledText] = []
    for (cell, text) in unnamed {
      let number = "\(key.count + 1)"
      let starts = [
        (cell.column + 1, cell.row), (cell.column - number.count, cell.row),
        (cell.column, cell.row - 1), (cell.column, cell.row + 1),
      ]
      if let choice = placer.place(starts.map { box($0.0, $0.1, number.count) }) {
        let place = DotCanvas.Place(column: starts[choice].0, row: starts[choice].1)
        canvas.write(number, at: place, .series(0))
      } else {
        canvas.write(number, at: cell, .series(0))
      }
      var entry = StyledText(number, .series(0))
      entry.append(" " + text)
      key.append(entry)
    }
    return Self.joined(key, width: width)
  }
}

extension Plot {
  /// The rows of a picture whose proportion is given; a row is as high as two columns are wide.
  fileprivate func rows(of width: Int) -> Int? {
    proportion.map { min(max(Int($0 * Double(width) / 2), 4), 60) }
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

  init(_ plot: Plot, _ histogram: Plot.Histogram, _ width: Int, _ glyphs: Glyphs) {
    (self.plot, self.histogram, self.width, self.glyphs) = (plot, histogram, width, glyphs)
  }

  private var rows: Int { plot.rows(of: width) ?? 12 }

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
    var units = Int((height * Double(8 * rows)).rounded()) - 8 * (rows - 1 - row)
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
    return String(shades[min(Int(cells.share(of: value) * 4), 3)])
  }
}
