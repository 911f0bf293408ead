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

  /// A line between a text and its point.
  struct Lead {
    let start: (x: Double, y: Double)
    let end: (x: Double, y: Double)

    /// Small boxes along it.
    var boxes: [Box] {
      (1...12).map { step in
        let share = Double(step) / 12
        return Box(
          x: start.x + share * (end.x - start.x) - 0.5,
          y: start.y + share * (end.y - start.y) - 0.5, width: 1, height: 1)
      }
    }
  }

  /// Takes the first of some places that is free, and whose line crosses nothing; nil if none is.
  mutating func place(_ candidates: [Box], leads: [Lead?] = []) -> Int? {
    for (number, box) in candidates.enumerated()
    where area.contains(box) && !taken.contains(where: box.meets) {
      let lead = number < leads.count ? leads[number]?.boxes ?? [] : []
      guard !lead.contains(where: { one in taken.contains(where: one.meets) }) else { continue }
      taken += [box] + lead
      return number
    }
    return nil
  }
}
