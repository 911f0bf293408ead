internal import CollabText

/// The inside of an SVG picture, drawn from top to bottom.
struct SVGDrawing {
  let width: Double
  var height = 0.0
  private(set) var content = ""

  let plot: Plot
  let isNarrow: Bool

  init(_ plot: Plot, width: Double) {
    (self.plot, self.width) = (plot, width)
    isNarrow = width < 480
  }

  /// The rectangle between the axes.
  struct Frame {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var bottom: Double { top + height }
    var right: Double { left + width }
    func x(_ share: Double) -> Double { left + share * width }
    func y(_ share: Double) -> Double { bottom - share * height }
  }

  mutating func draw() {
    height = 10
    let title = SVG.cut(plot.title, to: width - 20, size: 15)
    if !title.isEmpty {
      add(SVG.text(title, x: 10, y: height + 15, class: "title"))
      height += 26
    }
    switch plot.content {
    case .series(let series): draw(series)
    case .histogram(let histogram): draw(histogram)
    case .cells(let cells): draw(cells)
    case .intervals(let intervals): draw(intervals)
    case .bars(let chart): draw(chart)
    }
    height += 8
  }

  mutating func add(_ element: String) { content += element + "\n" }
}

// MARK: - Axes

extension SVGDrawing {
  /// Draws axes with their texts, and gives the rectangle between them.
  private mutating func axes(
    _ horizontal: PlotScale, _ vertical: PlotScale, proportion: Double, atLeast least: Double = 0
  ) -> Frame {
    let name = SVG.cut(plot.vertical.label, to: width - 20)
    if !name.isEmpty {
      add(SVG.text(name, x: 10, y: height + 12, class: "name"))
      height += 20
    }
    let rowTicks = vertical.ticks(atMost: isNarrow ? 5 : 6)
    let left = 18 + rowTicks.reduce(0) { max($0, SVG.width(of: $1.text)) }
    let size = max(120, max(plot.proportion ?? proportion, least) * width - 50)
    let frame = Frame(
      left: left, top: height + 8, width: max(60, width - left - 20), height: size)
    for tick in rowTicks {
      let y = frame.y(tick.position)
      add(SVG.line(frame.left, y, frame.right, y, class: "grid", color: "#e2e2e2"))
      add(SVG.text(tick.text, x: frame.left - 8, y: y + 4.5, anchor: .end, class: "tick"))
    }
    add(SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, class: "axis"))
    for tick in columnTicks(horizontal, frame) {
      let x = frame.x(tick.position)
      add(SVG.line(x, frame.bottom, x, frame.bottom + 5, class: "axis"))
      add(SVG.text(tick.text, x: x, y: frame.bottom + 19, anchor: .middle, class: "tick"))
    }
    height = frame.bottom + 24
    let below = SVG.cut(plot.horizontal.label, to: frame.width)
    if !below.isEmpty {
      add(
        SVG.text(
          below, x: frame.x(0.5), y: height + 14, anchor: .middle, class: "name"))
      height += 20
    }
    return frame
  }

  /// As many ticks as have room for their texts.
  func columnTicks(_ scale: PlotScale, _ frame: Frame) -> [PlotScale.Tick] {
    for count in stride(from: isNarrow ? 5 : 9, through: 1, by: -1) {
      let ticks = scale.ticks(atMost: count)
      var end = -Double.infinity
      let fits = ticks.allSatisfy { tick in
        let half = SVG.width(of: tick.text) / 2
        defer { end = frame.x(tick.position) + half + 8 }
        return frame.x(tick.position) - half >= end
          && frame.x(tick.position) + half <= width
      }
      if fits { return ticks }
    }
    return []
  }

  private func color(_ number: Int) -> String { SVGPlot.colors[number % SVGPlot.colors.count] }
  private func style(_ number: Int) -> String { "s\(number % SVGPlot.colors.count)" }
}

// MARK: - Lines and points

extension SVGDrawing {
  private static let dashes = ["", "8 4", "2 3", "10 3 2 3", "5 2", "12 5"]

  private mutating func draw(_ series: [Plot.Series]) {
    legend(series)
    let (horizontal, vertical) = plot.scales(of: series)
    let hasLabels = series.contains { $0.labels != nil }
    let frame = axes(
      horizontal, vertical,
      proportion: hasLabels ? (isNarrow ? 1.3 : 0.85) : (isNarrow ? 0.75 : 0.5),
      // Names need room, whatever was wished for a wider page.
      atLeast: isNarrow && series.contains { $0.labels != nil && !$0.isNumbered } ? 1.3 : 0)
    var labels: [Label] = []
    for (number, one) in series.enumerated() {
      let places = zip(one.x, one.y).map { x, y -> (x: Double, y: Double)? in
        guard let x = horizontal.position(of: x), let y = vertical.position(of: y) else {
          return nil
        }
        return (x, y)
      }
      if one.mark == .line || one.mark == .linePoints { line(places, number, frame) }
      if one.mark != .line { points(one, places, number, frame) }
      for case let (index, (place?, text)) in zip(places, one.labels ?? []).enumerated()
      where isInside(place) {
        labels.append(
          (
            frame.x(place.x), frame.y(place.y), DisplayWidth.cleaned(text),
            one.isNumbered ? index + 1 : nil
          ))
      }
    }
    if hasLabels { write(labels, frame) }
  }

  private func isInside(_ place: (x: Double, y: Double)) -> Bool {
    (-1e-9...1 + 1e-9).contains(place.x) && (-1e-9...1 + 1e-9).contains(place.y)
  }

  private mutating func line(
    _ places: [(x: Double, y: Double)?], _ number: Int, _ frame: Frame
  ) {
    var path = ""
    var end = ""
    let places = Self.thinned(places, to: Int(clamping: frame.width))
    for (start, stop) in zip(places, places.dropFirst()) {
      guard let start, let stop, let (from, to) = DotCanvas.clipped(start, stop) else { continue }
      let begin = "\(SVG.number(frame.x(from.x))) \(SVG.number(frame.y(from.y)))"
      if begin != end { path += "M\(begin)" }
      end = "\(SVG.number(frame.x(to.x))) \(SVG.number(frame.y(to.y)))"
      path += "L\(end)"
    }
    let dash = Self.dashes[number % Self.dashes.count]
    let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    add(
      """
      <path class="line \(style(number))" d="\(path)" fill="none" stroke="\(color(number))" \
      stroke-width="2"\(dashes)/>
      """)
  }

  /// A long line with as many points as can be seen: of each stretch its ends and extremes.
  private static func thinned(
    _ places: [(x: Double, y: Double)?], to columns: Int
  ) -> [(x: Double, y: Double)?] {
    let size = places.count / max(columns, 1)
    guard size > 4 else { return places }
    return stride(from: 0, to: places.count, by: size).flatMap { start in
      let stretch = Array(places[start..<min(start + size, places.count)])
      guard !stretch.contains(where: { $0 == nil }) else { return stretch }
      let order = stretch.indices.sorted { (stretch[$0]?.y ?? 0) < (stretch[$1]?.y ?? 0) }
      let kept = Set([0, order[0], order[order.count - 1], stretch.count - 1]).sorted()
      return kept.map { stretch[$0] }
    }
  }

  private mutating func points(
    _ series: Plot.Series, _ places: [(x: Double, y: Double)?], _ number: Int, _ frame: Frame
  ) {
    let radius = series.mark == .highlight ? 5.5 : series.x.count > 400 ? 2.5 : 4
    for (index, place) in places.enumerated() {
      guard let place, isInside(place) else { continue }
      let title = series.labels.map { "<title>\(HTMLText.escaped($0[index]))</title>" } ?? ""
      add(
        shape(number, series.mark, frame.x(place.x), frame.y(place.y), radius, inside: title))
    }
  }

  /// A point whose shape tells its series: a disc, a square, a diamond or a ring.
  private func shape(
    _ number: Int, _ mark: Plot.Series.Mark, _ x: Double, _ y: Double, _ radius: Double,
    inside: String = ""
  ) -> String {
    let (center, fill) = ("\(SVG.number(x)) \(SVG.number(y))", "fill=\"\(color(number))\"")
    let names = "fill \(style(number))"
    if mark == .highlight || number % 4 == 3 {
      return """
        <circle class="ring \(style(number))" cx="\(SVG.number(x))" cy="\(SVG.number(y))" \
        r="\(SVG.number(radius))" fill="#fff" stroke="\(color(number))">\(inside)</circle>
        """
    }
    if number % 4 == 0 {
      return """
        <circle class="\(names)" cx="\(SVG.number(x))" cy="\(SVG.number(y))" \
        r="\(SVG.number(radius))" \(fill)>\(inside)</circle>
        """
    }
    let turn = number % 4 == 2 ? " transform=\"rotate(45 \(center))\"" : ""
    let side = radius * 1.8
    return """
      <rect class="\(names)" x="\(SVG.number(x - side / 2))" y="\(SVG.number(y - side / 2))" \
      width="\(SVG.number(side))" height="\(SVG.number(side))" \(fill)\(turn)>\(inside)</rect>
      """
  }

  private mutating func legend(_ series: [Plot.Series]) {
    var x = 10.0
    let named = series.enumerated().filter { !$0.element.name.isEmpty }
    for (number, one) in named {
      let name = SVG.cut(one.name, to: width - 60)
      let needed = 34 + SVG.width(of: name) + 16
      if x > 10, x + needed > width {
        x = 10
        height += 20
      }
      let y = height + 9
      if one.mark == .line || one.mark == .linePoints {
        let dash = Self.dashes[number % Self.dashes.count]
        add(
          """
          <path class="line \(style(number))" d="M\(SVG.number(x)) \(SVG.number(y))h26" \
          stroke="\(color(number))"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")/>
          """)
      }
      if one.mark != .line { add(shape(number, one.mark, x + 13, y, 4)) }
      add(SVG.text(name, x: x + 34, y: y + 4.5))
      x += needed
    }
    if !named.isEmpty { height += 26 }
  }
}

// MARK: - Columns and cells

extension SVGDrawing {
  private mutating func draw(_ histogram: Plot.Histogram) {
    let (horizontal, vertical) = plot.scales(of: histogram)
    let frame = axes(horizontal, vertical, proportion: isNarrow ? 0.75 : 0.5)
    let step = frame.width / Double(max(histogram.counts.count, 1))
    for (number, count) in histogram.counts.enumerated() where count > 0 {
      let top = frame.y(vertical.position(of: Double(count)) ?? 0)
      let start = histogram.start + Double(number) * histogram.step
      let title =
        "\(PlotNumber.short(start)) to \(PlotNumber.short(start + histogram.step)): \(count)"
      add(
        """
        <rect class="fill s0" x="\(SVG.number(frame.left + Double(number) * step + 1))" \
        y="\(SVG.number(top))" width="\(SVG.number(max(step - 2, 1)))" \
        height="\(SVG.number(frame.bottom - top))" fill="\(color(0))">\
        <title>\(title)</title></rect>
        """)
    }
  }

  private mutating func draw(_ cells: Plot.Cells) {
    let size = 12.0
    let longest = cells.rows.reduce(0) { max($0, SVG.width(of: $1, size: size)) }
    let left = 16 + min(longest, isNarrow ? 80 : 200)
    let heads = cells.columns.map { SVG.cut($0, to: isNarrow ? 150 : 240, size: size) }
    let headWidth = heads.reduce(0) { max($0, SVG.width(of: $1, size: size)) }
    // Titles that are wider than their columns rise at an angle, and the last one leans out.
    let room = (width - left - 10) / Double(max(cells.columns.count, 1))
    let isSlanted = headWidth > min(room, 60) - 6
    let right = isSlanted ? 10 + headWidth * 0.5 : 10
    let step = min(60, (width - left - right) / Double(max(cells.columns.count, 1)))
    let rowHeight = min(max(step, 18), 28)
    let top = height + (isSlanted ? headWidth * 0.87 + 16 : 24)
    for (column, text) in heads.enumerated() {
      let x = left + (Double(column) + 0.5) * step
      add(
        SVG.text(
          text, x: isSlanted ? x + 4 : x, y: top - 6, anchor: isSlanted ? .start : .middle,
          class: "small name", angle: isSlanted ? -60 : 0))
    }
    for (row, name) in cells.rows.enumerated() {
      let y = top + Double(row) * rowHeight
      add(
        SVG.text(
          SVG.cut(name, to: left - 16, size: size), x: left - 8, y: y + rowHeight / 2 + 4,
          anchor: .end, class: "small name"))
      for (column, value) in cells.values[row].enumerated() {
        guard let value, value.isFinite else { continue }
        let x = left + Double(column) * step
        let opacity = PlotNumber.text(0.12 + 0.76 * cells.share(of: value), decimals: 2)
        let text = cells.text(of: value)
        add(
          """
          <rect class="cell" x="\(SVG.number(x + 0.5))" y="\(SVG.number(y + 0.5))" \
          width="\(SVG.number(step - 1))" height="\(SVG.number(rowHeight - 1))" fill="#56b4e9" \
          fill-opacity="\(opacity)"><title>\(HTMLText.escaped(name)), \
          \(HTMLText.escaped(cells.columns[column])): \(text)</title></rect>
          """)
        if SVG.width(of: text, size: size) < step - 2 {
          add(
            SVG.text(
              text, x: x + step / 2, y: y + rowHeight / 2 + 4, anchor: .middle, class: "small"))
        }
      }
    }
    height = top + Double(cells.rows.count) * rowHeight + 6
    let below = SVG.cut(plot.horizontal.label, to: width - 20)
    if !below.isEmpty {
      add(SVG.text(below, x: width / 2, y: height + 14, anchor: .middle, class: "name"))
      height += 20
    }
  }
}
