/// Finds room for texts beside points, so that none covers another or a point.
struct LabelPlacer {
  /// A rectangle; units and direction are the caller's.
  struct Box: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    func meets(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }

    func contains(_ other: Box) -> Bool {
      other.x >= x && other.y >= y && other.x + other.width <= x + width
        && other.y + other.height <= y + height
    }
  }

  private let area: Box
  private var taken: [Box]

  /// - Parameters:
  ///   - area: where labels may stand.
  ///   - taken: what they may not cover, such as the points.
  init(area: Box, avoiding taken: [Box]) {
    (self.area, self.taken) = (area, taken)
  }

  /// Takes the first of some places that is free; nil if none is.
  mutating func place(_ candidates: some Sequence<Box>) -> Int? {
    for (number, box) in candidates.enumerated()
    where area.contains(box) && !taken.contains(where: box.meets) {
      taken.append(box)
      return number
    }
    return nil
  }
}
