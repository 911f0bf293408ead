internal import CollabText

/// Lines and points as text.
struct SeriesDrawing {
  private let plot: Plot
  private let series: [Plot.Series]
  private let width: Int
  private let glyphs: Glyphs
  private let horizontal: PlotScale
  private let vertical: PlotScale
  private let hasLabels: Bool
  /// The rows inside the axes, if they are not those that suit the picture.
  private let givenRows: Int?

  init(
    _ plot: Plot, _ series: [Plot.Series], _ width: Int, _ glyphs: Glyphs, rows: Int? = nil
  ) {
    givenRows = rows
    (self.plot, self.series, self.width, self.glyphs) = (plot, series, width, glyphs)
    hasLabels = series.contains { $0.labels != nil }
    (horizontal, vertical) = plot.scales(of: series)
  }

  func lines() -> [StyledText] {
    let count = series.reduce(0) { $0 + ($1.labels?.count ?? 0) }
    let rows = givenRows ?? plot.rows(of: width) ?? (hasLabels ? min(max(14, count / 2), 26) : 12)
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
    // A line of many points comes through the same cells again and again.
    var met: Set<DotCanvas.Place> = []
    if series.mark == .line || series.mark == .linePoints {
      for (start, end) in zip(places, places.dropFirst()) {
        guard let start, let end else { continue }
        path += canvas.line(from: start, to: end, style).filter { met.insert($0).inserted }
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
      let others = Set(paths.enumerated().filter { $0.offset != number }.flatMap(\.element))
      let wish = (number + 1) * canvas.width / (paths.count + 1)
      // So many columns, or half as many rows, are far enough.
      let far = 6
      func room(at place: DotCanvas.Place) -> Int {
        var least = far
        for row in -far / 2...far / 2 {
          for column in -far...far
          where others.contains(
            DotCanvas.Place(column: place.column + column, row: place.row + row))
          {
            least = min(least, max(abs(column), 2 * abs(row)))
          }
        }
        return least
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

  /// The widest line beside a point.
  private static let widestLabel = 34

  /// Writes labels where there is room, whole and on two lines if need be.
  ///
  /// The other points are numbered, and named in lines below.
  private func label(on canvas: inout DotCanvas) -> [StyledText] {
    var points: [(cell: DotCanvas.Place, text: String, number: Int?, style: TextStyle)] = []
    for (number, one) in series.enumerated() {
      for (index, (place, text)) in zip(places(one), one.labels ?? []).enumerated() {
        guard let place, let cell = canvas.cell(place.x, place.y) else { continue }
        let own = one.isNumbered ? index + 1 : nil
        points.append((cell, DisplayWidth.cleaned(text), own, .series(number)))
      }
    }
    func cells(_ column: Int, _ row: Int, _ width: Int) -> LabelPlacer.Box {
      LabelPlacer.Box(x: Double(column), y: Double(row), width: Double(width), height: 1)
    }
    var area = cells(0, 0, canvas.width + 1)
    area.height = Double(canvas.height)
    var placer = LabelPlacer(
      area: area, avoiding: points.map { cells($0.cell.column, $0.cell.row, 1) })
    var unnamed: [(cell: DotCanvas.Place, text: String, number: Int?)] = []
    for (cell, text, number, style) in points {
      canvas.mark(glyphs == .unicode ? "•" : "*", at: cell, style)
      if text.isEmpty { continue }
      let isWritten =
        number == nil
        && LabelForms.of(text, widest: Self.widestLabel).contains { lines in
          guard let place = Self.room(for: lines, at: cell, gap: 2, &placer) else { return false }
          for (number, line) in lines.enumerated() {
            let spare = LabelForms.width(of: lines) - DisplayWidth.of(line)
            let start = DotCanvas.Place(
              column: place.column + Self.indent(spare, of: place, beside: cell),
              row: place.row + number)
            canvas.write(line, at: start, .plain)
          }
          return true
        }
      if !isWritten { unnamed.append((cell, text, number)) }
    }
    var key: [StyledText] = []
    // Cells with numbers: two beside each other would be read as one.
    var covered: Set<DotCanvas.Place> = []
    for (cell, text, own) in unnamed {
      let number = "\(own ?? key.count + 1)"
      // Where there is no room at all, in the place of its point.
      let place = Self.room(for: [number], at: cell, gap: 1, &placer) ?? cell
      let around = (-1...number.count).map {
        DotCanvas.Place(column: place.column + $0, row: place.row)
      }
      guard covered.isDisjoint(with: around) else { continue }
      covered.formUnion(around.dropFirst().dropLast())
      canvas.write(number, at: place, .series(0))
      if own != nil { continue }
      var entry = StyledText(number, .series(0))
      entry.append(" " + text)
      key.append(entry)
    }
    let nameless = unnamed.count - key.count
    if nameless > 0, unnamed.allSatisfy({ $0.number == nil }) {
      key.append(StyledText("\(nameless) without room for a name", .faint))
    }
    return Self.joined(key, width: width)
  }

  /// Takes a free place for a text beside a point; nil if there is none.
  private static func room(
    for lines: [String], at cell: DotCanvas.Place, gap: Int, _ placer: inout LabelPlacer
  ) -> DotCanvas.Place? {
    let (size, count) = (LabelForms.width(of: lines), lines.count)
    // Beside the point, the text may rise above its row.
    let beside = [cell.row, cell.row - count + 1]
    let (above, below) = (cell.row - count, cell.row + 1)
    let starts =
      beside.map { (cell.column + gap, $0) } + beside.map { (cell.column - size - gap + 1, $0) }
      + [
        (cell.column - size / 2, above), (cell.column - size / 2, below), (cell.column + 1, above),
        (cell.column + 1, below), (cell.column - size, above), (cell.column - size, below),
      ]
    // A box ends short of the cell behind its text, so that one blank parts it from the next.
    let boxes = starts.map {
      LabelPlacer.Box(
        x: Double($0.0), y: Double($0.1), width: Double(size) + 0.9, height: Double(count))
    }
    return placer.place(boxes).map {
      DotCanvas.Place(column: starts[$0].0, row: starts[$0].1)
    }
  }

  /// How far a shorter line is set in: lines at the left of a point end there, lines above and below
  /// it have their middle there.
  private static func indent(
    _ spare: Int, of place: DotCanvas.Place, beside cell: DotCanvas.Place
  ) -> Int {
    guard place.column < cell.column else { return 0 }
    let isBeside = place.row == cell.row || place.row + 1 == cell.row
    return isBeside ? spare : spare / 2
  }
}
