import Collab
import FoundationEssentials
import CollabLearning

/// Time of a step over one size while the others stay.
struct Curve {
  let title: String
  let points: [(size: Int, microseconds: Double)]
}

extension Bench {
  /// Measures how a step grows, prints it, and draws it.
  func curves() throws {
    func steps(_ shape: SyntheticRatings, batchSize: Int = 64, factors: Int = 50) throws -> Double {
      let learner = try learner(shape.table(), .collab, batchSize: batchSize, factors: factors)
      let batches = max(20, 64_000 / batchSize)
      let watch = BatchWatch(every: batches, count: 4)
      let epochs = 4 * batches / learner.loaders.trainingBatchCount + 1
      try learner.fit(epochs: epochs, .oneCycle(maximum: 5e-3), observer: watch)
      let laps = watch.laps.dropFirst().map(\.processor)
      return (laps.min() ?? 0) / Double(batches) * 1e6
    }
    func shape(_ users: Int, _ ratings: Int) -> SyntheticRatings {
      SyntheticRatings(users: users, items: users * 2, ratings: ratings)
    }
    let curves = [
      Curve(
        title: "ratings (943 users)",
        points: try [200_000, 400_000, 800_000].map { ($0, try steps(shape(943, $0))) }),
      Curve(
        title: "users (800,000 ratings)",
        points: try [1000, 4000, 16_000, 32_000].map { ($0, try steps(shape($0, 800_000))) }),
      Curve(
        title: "factors",
        points: try [8, 16, 50, 100, 200].map {
          ($0, try steps(.movieLens100K, factors: $0))
        }),
      Curve(
        title: "batch size",
        points: try [16, 64, 256, 1024, 4096].map {
          ($0, try steps(shape(4000, 800_000), batchSize: $0))
        }),
    ]
    for curve in curves {
      for point in curve.points {
        print(row([curve.title, "\(point.size)", "\(number(point.microseconds)) µs/step"]))
      }
    }
    if fillsPage {
      try replace(
        "curves",
        by: ["| | µs a step |", "| --- | --- |"]
          + curves.map { curve in
            let points = curve.points.map { "\($0.size): \(number($0.microseconds))" }
            return "| \(curve.title) | \(points.joined(separator: ", ")) |"
          })
    }
    let path = "Documentation/step-time.svg"
    try Data(drawing(curves).utf8).write(to: URL(filePath: path))
    print("drawn in \(path)")
  }

  /// Small panels side by side, both axes logarithmic.
  private func drawing(_ curves: [Curve]) -> String {
    let (width, height) = (210.0, 190.0)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width) * curves.count)" \
      height="\(Int(height))" font-family="sans-serif" font-size="10">
      <rect width="100%" height="100%" fill="white"/>

      """
    let all = curves.flatMap { $0.points.map(\.microseconds) }
    let (low, high) = ((all.min() ?? 1) / 1.5, (all.max() ?? 1) * 1.5)
    func place(_ value: Double, _ low: Double, _ high: Double) -> Double {
      high > low ? (Self.log(value) - Self.log(low)) / (Self.log(high) - Self.log(low)) : 0.5
    }
    for (n, curve) in curves.enumerated() {
      let left = Double(n) * width + 42
      let sizes = curve.points.map { Double($0.size) }
      let dots = curve.points.map { point in
        (
          x: left + 8
            + (width - 66) * place(Double(point.size), sizes.min() ?? 1, sizes.max() ?? 1),
          y: height - 40 - (height - 70) * place(point.microseconds, low, high), point: point
        )
      }
      svg += "<text x=\"\(number(left))\" y=\"16\">µs/step over \(curve.title)</text>\n"
      let line = dots.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      svg += "<polyline points=\"\(line)\" fill=\"none\" stroke=\"#2563a8\"/>\n"
      for dot in dots {
        svg +=
          "<circle cx=\"\(number(dot.x))\" cy=\"\(number(dot.y))\" r=\"3\" fill=\"#2563a8\"/>\n"
        svg += "<text x=\"\(number(dot.x - 10))\" y=\"\(number(dot.y - 7))\">"
        svg += "\(number(dot.point.microseconds))</text>\n"
        svg += "<text x=\"\(number(dot.x - 10))\" y=\"\(number(height - 18))\">"
        svg += "\(dot.point.size)</text>\n"
      }
    }
    return svg + "</svg>\n"
  }
}
