internal import CollabText

/// A picture as SVG: text as text, no script, and colours that a dark page changes.
///
///     let file = SVGPlot(plot).document
///
/// The colours are those of Okabe and Ito, which people who see few colours can tell apart; lines
/// differ in their dashes as well. In a page the style sheet stands once, in a file it is inside.
///
/// Source: Okabe and Ito, "Color Universal Design" (2008).
public struct SVGPlot {
  /// The width of the drawing, in pixels.
  public let width: Double
  private let plot: Plot

  /// A drawing of so many pixels; narrow ones have less text.
  public init(_ plot: Plot, width: Double = 720) {
    self.plot = plot
    self.width = max(width, 240)
  }

  /// A complete file, with its colours and background.
  public var document: String {
    let drawing = drawing()
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="plot" \(Self.box(drawing)) role="img" \
      width="\(SVG.number(width))" height="\(SVG.number(drawing.height))" font-family="sans-serif">
      <title>\(HTMLText.escaped(name))</title>
      <style>
      \(Self.styleSheet)
      </style>
      <rect class="paper" width="100%" height="100%" fill="#fff"/>
      \(drawing.content)
      </svg>

      """
  }

  /// The drawing as part of a page that has the style sheet.
  package func element(class more: String = "") -> String {
    let drawing = drawing()
    let classes = more.isEmpty ? "plot" : "plot \(more)"
    return """
      <svg class="\(classes)" \(Self.box(drawing)) role="img" \
      aria-label="\(HTMLText.escaped(name))">\(drawing.content)</svg>
      """
  }

  private func drawing() -> SVGDrawing {
    var drawing = SVGDrawing(plot, width: width)
    drawing.draw()
    return drawing
  }

  private static func box(_ drawing: SVGDrawing) -> String {
    "viewBox=\"0 0 \(SVG.number(drawing.width)) \(SVG.number(drawing.height))\""
  }

  /// What the picture is called by those who read it aloud.
  private var name: String {
    var parts = [plot.title]
    switch plot.content {
    case .series(let series):
      if plot.title.isEmpty {
        let axes = [plot.vertical.label, plot.horizontal.label].filter { !$0.isEmpty }
        parts.append(axes.isEmpty ? "picture" : axes.joined(separator: " by "))
      }
      parts.append(series.map(\.name).filter { !$0.isEmpty }.joined(separator: ", "))
    case .histogram(let histogram):
      if plot.title.isEmpty { parts.append("histogram of \(histogram.counts.reduce(0, +)) values") }
    case .cells(let cells):
      if plot.title.isEmpty {
        parts.append("\(cells.rows.count) rows by \(cells.columns.count) columns")
      }
    case .intervals(let intervals):
      parts.append(intervals.panels.map(\.name).filter { !$0.isEmpty }.joined(separator: ", "))
    case .bars(let chart):
      parts.append(chart.bars.map { "\($0.label): \($0.text)" }.joined(separator: ", "))
    }
    parts.append(plot.caption)
    return parts.filter { !$0.isEmpty }.joined(separator: ". ")
  }
}

// MARK: - Colours

extension SVGPlot {
  /// The colours and sizes of all pictures.
  package static let styleSheet = """
    .plot { --paper: #fff; --ink: #1b1b1b; --faint: #595959; --grid: #e2e2e2; --cell: #56b4e9;
      --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #e69f00; --c5: #56b4e9; }
    @media (prefers-color-scheme: dark) {
      .plot { --paper: #15181b; --ink: #ececec; --faint: #a9a9a9; --grid: #33383d; --cell: #0072b2;
        --c0: #56b4e9; --c1: #e69f00; --c2: #1bb98c; --c3: #cc79a7; --c4: #f0e442; --c5: #d55e00; }
    }
    .plot { font: 13px system-ui, sans-serif; }
    .plot .paper { fill: var(--paper); }
    .plot text { fill: var(--ink); }
    .plot .tick, .plot .name { fill: var(--faint); }
    .plot .title { font-weight: 600; font-size: 15px; }
    .plot .small { font-size: 12px; }
    .plot .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
    .plot .grid { stroke: var(--grid); }
    .plot .axis, .plot .lead { stroke: var(--faint); }
    .plot .line { fill: none; stroke: var(--c); stroke-width: 2px; stroke-linejoin: round; }
    .plot .fill { fill: var(--c); }
    .plot .ring { fill: var(--paper); stroke: var(--c); stroke-width: 2px; }
    .plot .cell { fill: var(--cell); }
    .plot .s0 { --c: var(--c0); } .plot .s1 { --c: var(--c1); } .plot .s2 { --c: var(--c2); }
    .plot .s3 { --c: var(--c3); } .plot .s4 { --c: var(--c4); } .plot .s5 { --c: var(--c5); }
    """

  /// The light colours, for viewers that do not know variables.
  static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
}

/// Pieces of SVG.
enum SVG {
  /// A number with one decimal at most.
  static func number(_ value: Double) -> String {
    let tenths = Int(clamping: min(max((value * 10).rounded(), -1e12), 1e12))
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// Where a text stands relative to its place.
  enum Anchor: String { case start, middle, end }

  static func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, class names: String = "",
    angle: Double = 0
  ) -> String {
    let turn =
      angle == 0 ? "" : " transform=\"rotate(\(number(angle)) \(number(x)) \(number(y)))\""
    let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let classes = names.isEmpty ? "" : " class=\"\(names)\""
    return """
      <text\(classes) x="\(number(x))" y="\(number(y))"\(anchor)\(turn)>\
      \(HTMLText.escaped(text))</text>
      """
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String,
    color: String = "#595959"
  ) -> String {
    """
    <line class="\(name)" x1="\(number(x1))" y1="\(number(y1))" x2="\(number(x2))" \
    y2="\(number(y2))" stroke="\(color)"/>
    """
  }

  /// About how wide a text is: system fonts take at most three fifths of their size a column.
  static func width(of text: String, size: Double = 13) -> Double {
    0.6 * size * Double(DisplayWidth.of(text))
  }

  /// How many columns of text fit a width.
  static func columns(in width: Double, size: Double = 13) -> Int {
    Int(clamping: width / (0.6 * size) + 1e-6)
  }

  /// A text that fits a width; one that is measured to be so wide stays whole.
  static func cut(_ text: String, to width: Double, size: Double = 13) -> String {
    DisplayWidth.cut(DisplayWidth.cleaned(text), to: max(1, columns(in: width, size: size)))
  }
}
