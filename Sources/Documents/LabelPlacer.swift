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
  /// What is taken, by the tiles of the area that it touches: there may be very many points.
  private var taken = [[Box]](repeating: [], count: tileCount * tileCount)

  /// The tiles along each side of the area.
  private static let tileCount = 32

  /// - Parameters:
  ///   - area: where labels may stand.
  ///   - taken: what they may not cover, such as the points.
  init(area: Box, avoiding taken: [Box]) {
    self.area = area
    for box in taken { take(box) }
  }

  private mutating func take(_ box: Box) {
    for tile in tiles(of: box) { taken[tile].append(box) }
  }

  private func isFree(_ box: Box) -> Bool {
    !tiles(of: box).contains { taken[$0].contains(where: box.meets) }
  }

  /// The tiles that a box touches; those at the edge go on without end.
  private func tiles(of box: Box) -> [Int] {
    func tile(_ place: Double, _ start: Double, _ size: Double) -> Int {
      let share = (place - start) / size * Double(Self.tileCount)
      return min(max(Int(clamping: share), 0), Self.tileCount - 1)
    }
    let columns =
      tile(box.x, area.x, area.width)...tile(box.x + box.width, area.x, area.width)
    let rows =
      tile(box.y, area.y, area.height)...tile(box.y + box.height, area.y, area.height)
    return rows.flatMap { row in columns.map { row * Self.tileCount + $0 } }
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
    where area.contains(box) && isFree(box) {
      let lead = number < leads.count ? leads[number]?.boxes ?? [] : []
      guard lead.allSatisfy(isFree) else { continue }
      for one in [box] + lead { take(one) }
      return number
    }
    return nil
  }
}
