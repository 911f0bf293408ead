extension Plot {
  /// Named values with the intervals in which they lie, one scale a panel.
  public struct Intervals: Equatable, Sendable {
    /// A value, and where it lies.
    public struct Row: Equatable, Sendable {
      /// What it belongs to.
      public let name: String
      /// The value; not drawn where it is no number.
      public let value: Double
      /// The ends of the interval; nil for none.
      public let ends: ClosedRange<Double>?

      /// Makes a row; ends that are not numbers in order make no interval.
      public init(_ name: String, value: Double, low: Double, high: Double) {
        (self.name, self.value) = (name, value)
        ends = low <= high && low.isFinite && high.isFinite ? low...high : nil
      }
    }

    /// Values that are measured alike.
    public struct Panel: Equatable, Sendable {
      /// What is measured.
      public let name: String
      /// The values, from the top.
      public let rows: [Row]
      /// A value that others are held against, such as 0 for differences; nil for none.
      public let reference: Double?

      /// Makes a panel.
      public init(_ name: String, rows: [Row], reference: Double? = nil) {
        (self.name, self.rows, self.reference) = (name, rows, reference)
      }

      /// The scale on which all of it lies.
      var scale: PlotScale {
        let ends = rows.compactMap(\.ends)
        return PlotScale(
          Plot.Axis(),
          rows.map(\.value) + ends.map(\.lowerBound) + ends.map(\.upperBound)
            + (reference.map { [$0] } ?? []), margin: 0.05)
      }

      /// The values as they are printed, with as many decimals as tell the ends of an interval apart.
      var texts: [String] {
        let widths = rows.compactMap { $0.ends.map { $0.upperBound - $0.lowerBound } }
          .filter { $0 > 0 }
        var (decimals, unit) = (2, 0.01)
        while let least = widths.min(), decimals < 5, least < 10 * unit {
          (decimals, unit) = (decimals + 1, unit / 10)
        }
        return rows.map {
          $0.value.isFinite ? PlotNumber.text($0.value, decimals: decimals) : "–"
        }
      }
    }

    /// One below the other.
    public let panels: [Panel]

    /// Makes a picture of some panels.
    public init(_ panels: [Panel]) { self.panels = panels }
  }
}
