import Glibc

/// How much ratings say that an item was wanted: what models that rank learn from.
///
/// Stars go by their place between the lowest and the highest of the data: the upper ones count almost
/// in full, and those of the lower half say hardly more than that the item was met. Of one to five stars,
/// 5, 4, 3 and those below are worth 1, 0.9, 0.5 and 0.2. Counts, and ratings that are all alike, are worth
/// 1, whatever they are; a count says the more surely so the higher it is.
struct Grading: Equatable {
  /// What the lowest rating of the scale is; the highest of a scale that grades nothing.
  private let lowest: Float
  private let highest: Float
  private let isOfCounts: Bool

  /// Grades at equal distances from the lowest rating to the highest.
  private static let grades: [Float] = [0.2, 0.2, 0.5, 0.9, 1]

  /// That of the ratings of some loaders, or one that grades nothing.
  init(_ loaders: DataLoaders, isGraded: Bool) {
    isOfCounts = isGraded && loaders.holdsCounts
    let scale = isGraded && !isOfCounts ? loaders.scale : nil
    (lowest, highest) = (Float(scale?.lowest ?? 0), Float(scale?.highest ?? 0))
  }

  /// One that was kept.
  init(_ numbers: [Float]) {
    (lowest, highest, isOfCounts) = (numbers[0], numbers[1], numbers[2] != 0)
  }

  /// How many numbers it is kept as.
  static let numberCount = 3
  /// What it is kept as.
  var numbers: [Double] { [Double(lowest), Double(highest), isOfCounts ? 1 : 0] }

  /// What a rating is worth, from 0 to 1.
  func grade(_ stars: Float) -> Float {
    guard highest > lowest else { return 1 }
    let steps = Self.grades.count - 1
    let place = min(max((stars - lowest) / (highest - lowest), 0), 1) * Float(steps)
    let below = (0..<steps).last { Float($0) <= place } ?? 0
    let part = place - Float(below)
    return Self.grades[below] + part * (Self.grades[below + 1] - Self.grades[below])
  }

  /// How much a rating counts beside others.
  func weight(_ stars: Float) -> Float { isOfCounts ? 1 + log(max(stars, 1)) : 1 }

  /// What the ratings of a row are worth; of several ratings of a pair the last counts, and the others are
  /// worth nothing.
  func grades(_ rated: RatedItems, of row: Int) -> [Float] {
    let places = rated.places(of: row)
    return places.map { place in
      let isLast =
        place + 1 == places.upperBound || rated.indices[place + 1] != rated.indices[place]
      return isLast ? grade(rated.stars[place]) : 0
    }
  }

  /// What all ratings are worth, in the order of the rows.
  func grades(_ rated: RatedItems) -> [Float] {
    (0..<rated.rowCount).flatMap { grades(rated, of: $0) }
  }
}

extension DataLoaders {
  /// Whether the ratings are counts, such as of how often somebody has listened: whole numbers from 1,
  /// most of them low, with a long tail.
  public var holdsCounts: Bool {
    guard let scale, scale.lowest == 1, scale.highest > Self.highestStars,
      scale.step == scale.step.rounded()
    else { return false }
    let few = Float(scale.lowest + (scale.highest - scale.lowest) / 10)
    let stars = training.stars
    return 2 * stars.count { $0 <= few } > stars.count
  }

  /// Scales of stars and points end here at the latest, if they begin with 1.
  private static let highestStars = 10.0
}
