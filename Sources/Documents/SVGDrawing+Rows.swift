internal import CollabText

// MARK: - Bars and intervals, a row each

extension SVGDrawing {
  private static let rowHeight = 24.0

  /// How much room names take at the left.
  private func nameWidth(_ names: [String]) -> Double {
    min(names.reduce(0) { max($0, SVG.width(of: $1)) }, width * (isNarrow ? 0.35 : 0.4))
  }

  private mutating func write(name: String, right: Double, y: Double) {
    add(SVG.text(SVG.cut(name, to: right - 10), x: right, y: y + 4.5, anchor: .end))
  }

  /// Values with intervals: panels one below the other, each with a scale of its own.
  mutating func draw(_ intervals: Plot.Intervals) {
    let names = intervals.panels.flatMap { $0.rows.map { DisplayWidth.cleaned($0.name) } }
    let texts = intervals.panels.map(\.texts)
    let left = 18 + nameWidth(names)
    let right = 16 + texts.joined().reduce(0) { max($0, SVG.width(of: $1)) }
    for (panel, texts) in zip(intervals.panels, texts) {
      draw(panel, texts, left: left, width: max(60, width - left - right - 12))
    }
  }

  private mutating func draw(
    _ panel: Plot.Intervals.Panel, _ texts: [String], left: Double, width track: Double
  ) {
    let name = SVG.cut(panel.name, to: width - 20)
    if !name.isEmpty {
      add(SVG.text(name, x: left, y: height + 13, class: "name"))
      height += 20
    }
    let scale = panel.scale
    let frame = Frame(
      left: left, top: height + 4, width: track,
      height: Double(panel.rows.count) * Self.rowHeight)
    for tick in columnTicks(scale, frame) {
      let x = frame.x(tick.position)
      add(SVG.line(x, frame.top, x, frame.bottom, class: "grid", color: "#e2e2e2"))
      add(SVG.text(tick.text, x: x, y: frame.bottom + 17, anchor: .middle, class: "tick"))
    }
    if let place = panel.reference.flatMap(scale.position) {
      add(SVG.line(frame.x(place), frame.top, frame.x(place), frame.bottom, class: "axis"))
    }
    add(SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, class: "axis"))
    for (number, row) in panel.rows.enumerated() {
      let y = frame.top + (Double(number) + 0.5) * Self.rowHeight
      write(name: DisplayWidth.cleaned(row.name), right: left - 8, y: y)
      add(SVG.text(texts[number], x: frame.right + 12, y: y + 4.5, class: "tick"))
      if let ends = row.ends, let low = scale.position(of: ends.lowerBound),
        let high = scale.position(of: ends.upperBound)
      {
        let (from, to) = (SVG.number(frame.x(low)), SVG.number(frame.x(high)))
        let (top, cap) = (SVG.number(y - 5), "v10")
        add(
          """
          <path class="line s0" d="M\(from) \(top)\(cap)M\(to) \(top)\(cap)M\(from) \(SVG.number(y))H\(to)" \
          fill="none" stroke="\(SVGPlot.colors[0])" stroke-width="2"/>
          """)
      }
      if let place = scale.position(of: row.value) {
        let title =
          row.ends.map {
            " (\(PlotNumber.short($0.lowerBound, digits: 4)) to "
              + "\(PlotNumber.short($0.upperBound, digits: 4)))"
          } ?? ""
        add(
          """
          <circle class="fill s0" cx="\(SVG.number(frame.x(place)))" cy="\(SVG.number(y))" r="4.5" \
          fill="\(SVGPlot.colors[0])"><title>\(HTMLText.escaped(row.name)): \(texts[number])\(title)\
          </title></circle>
          """)
      }
    }
    height = frame.bottom + 34
  }

  /// Bars that begin at the left.
  mutating func draw(_ chart: BarChart) {
    let names = chart.bars.map { DisplayWidth.cleaned($0.label) }
    let left = 18 + nameWidth(names)
    let right = 16 + chart.bars.reduce(0) { max($0, SVG.width(of: $1.text)) }
    let track = max(60, width - left - right - 12)
    for (bar, name) in zip(chart.bars, names) {
      let y = height + 0.5 * Self.rowHeight
      write(name: name, right: left - 8, y: y)
      let share = chart.largest > 0 && bar.value.isFinite ? abs(bar.value) / chart.largest : 0
      add(
        """
        <rect class="fill s0" x="\(SVG.number(left))" y="\(SVG.number(y - 8))" \
        width="\(SVG.number(max(share * track, 1)))" height="16" fill="\(SVGPlot.colors[0])"/>
        """)
      add(SVG.text(bar.text, x: left + share * track + 8, y: y + 4.5, class: "tick"))
      height += Self.rowHeight
    }
    height += 6
    let caption = TextWrap.paragraphs(
      DisplayWidth.cleaned(plot.caption), indent: 0, width: max(20, SVG.columns(in: width - 20)))
    for line in caption {
      add(SVG.text(line, x: 10, y: height + 13, class: "name"))
      height += 19
    }
  }
}
