import CollabInterpreter
import CollabDocuments

/// What `plt` has drawn since the last picture was shown: the picture that is being made.
struct Figure {
  /// Lines and points, in order.
  var series: [Plot.Series] = []
  /// Values whose frequency is drawn, and in how many columns.
  var histogram: (values: [Double], columnCount: Int?)?
  var title = ""
  var labels = (x: "", y: "")
  var limits: (x: ClosedRange<Double>?, y: ClosedRange<Double>?) = (nil, nil)
  var isLogarithmic = (x: false, y: false)
  /// Height over width.
  var proportion: Double?
  /// Texts that are no labels of points.
  private var texts: [(x: Double, y: Double, text: String)] = []

  /// Whether there is nothing to show.
  var isEmpty: Bool { series.isEmpty && histogram == nil && texts.isEmpty }

  /// Writes a text: beside a point if one is there, as that point's own.
  mutating func write(_ text: String, x: Double, y: Double) {
    for place in series.indices.reversed() where series[place].mark == .points {
      let points = series[place]
      guard let point = points.x.indices.first(where: { points.x[$0] == x && points.y[$0] == y })
      else { continue }
      var labels = points.labels ?? Array(repeating: "", count: points.x.count)
      labels[point] = text
      series[place] = Plot.Series(
        points.name, x: points.x, y: points.y, mark: .points, labels: labels)
      return
    }
    texts.append((x, y, text))
  }

  /// The picture; nil if there is nothing in it.
  var plot: Plot? {
    guard !isEmpty else { return nil }
    let horizontal = Plot.Axis(labels.x, limits: limits.x, isLogarithmic: isLogarithmic.x)
    if let histogram, series.isEmpty {
      return Plot(
        title: title,
        .histogram(Plot.Histogram(of: histogram.values, columnCount: histogram.columnCount)),
        horizontal: horizontal, vertical: .init(labels.y.isEmpty ? "count" : labels.y),
        proportion: proportion)
    }
    var all = series
    if !texts.isEmpty {
      all.append(
        Plot.Series(
          x: texts.map(\.x), y: texts.map(\.y), mark: .points, labels: texts.map(\.text)))
    }
    return Plot(
      title: title, series: all, horizontal: horizontal,
      vertical: Plot.Axis(labels.y, limits: limits.y, isLogarithmic: isLogarithmic.y),
      proportion: proportion)
  }
}

extension Session {
  /// Shows what `plt` has drawn, if it has, as a notebook does at the end of a cell.
  package func showFigure() {
    guard let plot = figure.plot else { return }
    figure = Figure()
    output.write(.plot(plot))
  }
}
