/// A picture as a value: what to draw, and nothing of how.
///
///     Plot(
///       series: [.init("a=1", x: [-1, 0, 1], y: [1, 0, 1])],
///       horizontal: .init("x"), vertical: .init("loss", limits: 0...5))
///
/// A terminal draws it with braille dots, a page and a file as SVG. Points that are not numbers are
/// left out, and part the line they stand in.
public struct Plot: Equatable, Sendable {
  /// What there is to see.
  public enum Content: Equatable, Sendable {
    /// Lines and points in one pair of axes.
    case series([Series])
    /// How often values occur, as columns side by side.
    case histogram(Histogram)
    /// A matrix as shades.
    case cells(Cells)
    /// Values with the intervals in which they lie.
    case intervals(Intervals)
    /// Labelled bars.
    case bars(BarChart)
  }

  /// What stands above the picture; empty for none.
  public let title: String
  /// What there is to see.
  public let content: Content
  /// The axis along the bottom.
  public let horizontal: Axis
  /// The axis at the left.
  public let vertical: Axis
  /// What is said below the picture; empty for nothing.
  public let caption: String
  /// The height as a share of the width; nil for what suits the content.
  public let proportion: Double?

  /// A picture of anything.
  public init(
    title: String = "", _ content: Content, horizontal: Axis = Axis(), vertical: Axis = Axis(),
    caption: String = "", proportion: Double? = nil
  ) {
    self.title = title
    self.content = content
    self.horizontal = horizontal
    self.vertical = vertical
    self.caption = caption
    self.proportion = proportion.map { min(max($0, 0.1), 4) }
  }

  /// A picture of lines and points.
  public init(
    title: String = "", series: [Series], horizontal: Axis = Axis(), vertical: Axis = Axis(),
    caption: String = "", proportion: Double? = nil
  ) {
    self.init(
      title: title, .series(series), horizontal: horizontal, vertical: vertical, caption: caption,
      proportion: proportion)
  }
}

// MARK: - Parts

extension Plot {
  /// What an axis shows.
  public struct Axis: Equatable, Sendable {
    /// What is measured along it; empty for nothing said.
    public let label: String
    /// The part that is shown; nil for as much as there is.
    public let limits: ClosedRange<Double>?
    /// Whether equal steps are equal factors.
    public let isLogarithmic: Bool
    /// Whether nothing lies between whole numbers, so that only these are marked.
    public let isWhole: Bool

    /// Makes an axis.
    public init(
      _ label: String = "", limits: ClosedRange<Double>? = nil, isLogarithmic: Bool = false,
      isWhole: Bool = false
    ) {
      self.label = label
      self.limits = limits
      self.isLogarithmic = isLogarithmic
      self.isWhole = isWhole
    }
  }

  /// Points that belong together.
  public struct Series: Equatable, Sendable {
    /// How its points are drawn.
    public enum Mark: Equatable, Sendable {
      /// Joined by a line.
      case line
      /// One by one.
      case points
      /// Joined, and each a point of its own.
      case linePoints
      /// As one thing to look at, such as a suggestion.
      case highlight
    }

    /// What it is called in the legend; empty for nothing said.
    public let name: String
    /// Where its points are, from the left.
    public let x: [Double]
    /// How high its points are.
    public let y: [Double]
    /// How its points are drawn.
    public let mark: Mark
    /// What is written beside each point; nil for nothing.
    public let labels: [String]?
    /// Whether numbers stand for the labels, in their order, which are told elsewhere.
    ///
    /// A point has the same number in each of several pictures then.
    public let isNumbered: Bool

    /// Makes a series.
    ///
    /// - Precondition: `x`, `y` and, if given, `labels` are equally long.
    public init(
      _ name: String = "", x: [Double], y: [Double], mark: Mark = .line, labels: [String]? = nil,
      isNumbered: Bool = false
    ) {
      precondition(x.count == y.count, "\(x.count) positions for \(y.count) heights")
      if let labels {
        precondition(labels.count == x.count, "\(labels.count) labels for \(x.count) points")
      }
      self.name = name
      self.x = x
      self.y = y
      self.mark = mark
      self.labels = labels
      self.isNumbered = isNumbered
    }
  }

  /// How many values lie in each of some stretches of equal width.
  public struct Histogram: Equatable, Sendable {
    /// Where the first column begins.
    public let start: Double
    /// How wide a column is.
    public let step: Double
    /// How many values each column counts.
    public let counts: [Int]

    /// Counts values that are counted already.
    public init(start: Double, step: Double, counts: [Int]) {
      self.start = start
      self.step = step
      self.counts = counts
    }

    /// Counts values; those that are not finite are left out.
    ///
    /// Few different whole numbers, such as stars, get a column each, with the number in its middle.
    ///
    /// - Parameters:
    ///   - values: what to count.
    ///   - columnCount: how many columns; nil for twice the cube root of the number of values, at
    ///     most 40.
    ///
    /// Source: the Rice rule, for the number of columns.
    public init(of values: [Double], columnCount: Int? = nil) {
      let values = values.filter(\.isFinite)
      guard let low = values.min(), let high = values.max() else {
        self.init(start: 0, step: 1, counts: [0])
        return
      }
      let isWhole = values.allSatisfy { $0 == $0.rounded() }
      let whole = high - low < 20 ? Int(clamping: high - low) + 1 : 0
      if isWhole, whole > 0, columnCount.map({ $0 == whole }) ?? true {
        var counts = [Int](repeating: 0, count: whole)
        for value in values { counts[Int(clamping: value - low)] += 1 }
        self.init(start: low - 0.5, step: 1, counts: counts)
        return
      }
      var wanted = 1
      while wanted * wanted * wanted < 8 * values.count, wanted < 40 { wanted += 1 }
      let count = max(1, columnCount ?? wanted)
      // Halves, since the distance of the largest numbers has no double; and the least of all numbers
      // cannot be divided.
      let distance = high / 2 - low / 2
      let width = high > low ? max(distance / Double(count) * 2, .leastNonzeroMagnitude) : 1
      let start = high > low ? low : low - 0.5
      var counts = [Int](repeating: 0, count: count)
      for value in values {
        let column =
          distance > 0
          ? (value / 2 - start / 2) / distance * Double(count) : (value - start) / width
        counts[min(max(Int(clamping: column), 0), count - 1)] += 1
      }
      self.init(start: start, step: width, counts: counts)
    }
  }

  /// A matrix, with a name for each row and column.
  public struct Cells: Equatable, Sendable {
    /// Names of the rows, from the top.
    public let rows: [String]
    /// Names of the columns, from the left.
    public let columns: [String]
    /// The values, row by row; nil where there is none.
    public let values: [[Double?]]

    /// Makes a matrix.
    ///
    /// - Precondition: there is a row of values per row name, with a value per column name.
    public init(rows: [String], columns: [String], values: [[Double?]]) {
      precondition(values.count == rows.count, "\(rows.count) names for \(values.count) rows")
      for row in values {
        precondition(row.count == columns.count, "\(row.count) cells in \(columns.count) columns")
      }
      self.rows = rows
      self.columns = columns
      self.values = values
    }

    /// The smallest and the largest value; nil if there is none.
    package var range: ClosedRange<Double>? {
      let known = values.joined().compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
      guard let low = known.min(), let high = known.max() else { return nil }
      return low...high
    }

    /// A value as it stands in a cell: with few digits, and without decimals if none has any.
    package func text(of value: Double) -> String {
      let known = values.joined().compactMap(\.self)
      let isWhole = known.allSatisfy { $0 == $0.rounded() }
      return isWhole ? PlotNumber.text(value, decimals: 0) : PlotNumber.short(value)
    }

    /// Where a value lies between the smallest and the largest, from 0 to 1.
    package func share(of value: Double) -> Double {
      guard let range, range.upperBound > range.lowerBound else { return 1 }
      // Halves, since the distance of the largest numbers has no double.
      let (low, high) = (range.lowerBound / 2, range.upperBound / 2)
      return high > low ? (value / 2 - low) / (high - low) : 1
    }
  }
}
