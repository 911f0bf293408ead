/// A small system of equations with a symmetric, positive definite matrix.
struct SymmetricSystem {
  /// Rows, of which the part from the diagonal on counts.
  private(set) var matrix: [Double]
  let size: Int

  /// A multiple of the unit matrix.
  init(size: Int, diagonal: Double) {
    self.size = size
    matrix = [Double](repeating: 0, count: size * size)
    for place in 0..<size { matrix[place * (size + 1)] = diagonal }
  }

  /// Adds the products of a row's elements with each other, as often as there are rows, times a factor.
  mutating func addProducts(of rows: UnsafeBufferPointer<Double>, times factor: Double = 1) {
    guard size > 0 else { return }
    matrix.withUnsafeMutableBufferPointer { matrix in
      for start in stride(from: 0, to: rows.count, by: size) {
        for i in 0..<size {
          let weight = rows[start + i] * factor
          guard weight != 0 else { continue }
          for j in i..<size { matrix[i * size + j] += weight * rows[start + j] }
        }
      }
    }
  }

  /// Takes an equation out of the system: its unknown will be zero.
  mutating func removeEquation(_ place: Int) {
    for other in 0..<place { matrix[other * size + place] = 0 }
    for other in (place + 1)..<max(size, place + 1) { matrix[place * size + other] = 0 }
  }

  /// Turns the matrix into the triangle whose product with itself it is.
  ///
  /// - Returns: whether there is one.
  mutating func factorize() -> Bool {
    matrix.withUnsafeMutableBufferPointer { matrix in
      for k in 0..<size {
        let pivot = matrix[k * size + k]
        guard pivot > 0, pivot.isFinite else { return false }
        let root = pivot.squareRoot()
        for j in k..<size { matrix[k * size + j] /= root }
        for i in (k + 1)..<max(size, k + 1) {
          let weight = matrix[k * size + i]
          for j in i..<size { matrix[i * size + j] -= weight * matrix[k * size + j] }
        }
      }
      return true
    }
  }

  /// Draws what stands off the diagonal to zero by a share, and keeps the diagonal above zero.
  mutating func shrink(by share: Double) {
    var trace = 0.0
    for place in 0..<size { trace += matrix[place * (size + 1)] }
    let least = max(trace / Double(max(size, 1)) * 1e-6, 1e-12)
    for i in 0..<size {
      for j in (i + 1)..<max(size, i + 1) { matrix[i * size + j] *= 1 - share }
      matrix[i * (size + 1)] += least
    }
  }

  /// After ``factorize()``, the triangle on the other side of the diagonal, row by row.
  var lowerTriangle: [Double] {
    var triangle = [Double](repeating: 0, count: size * size)
    for i in 0..<size { for j in 0...i { triangle[i * size + j] = matrix[j * size + i] } }
    return triangle
  }

  /// After ``factorize()``, divides a row by the triangle, and multiplies it by a factor.
  func divide(_ row: UnsafeMutableBufferPointer<Double>, times factor: Double) {
    for k in 0..<size {
      row[k] /= matrix[k * (size + 1)]
      for j in (k + 1)..<max(size, k + 1) { row[j] -= matrix[k * size + j] * row[k] }
    }
    for k in 0..<size { row[k] *= factor }
  }

  /// The unknowns, given the right sides; nil if the matrix is not positive definite.
  consuming func solved(_ right: [Double]) -> [Double]? {
    guard factorize() else { return nil }
    var unknowns = right
    matrix.withUnsafeBufferPointer { matrix in
      unknowns.withUnsafeMutableBufferPointer { x in
        for k in 0..<size {
          x[k] /= matrix[k * size + k]
          for j in (k + 1)..<max(size, k + 1) { x[j] -= matrix[k * size + j] * x[k] }
        }
        for k in (0..<size).reversed() {
          var sum = x[k]
          for j in (k + 1)..<max(size, k + 1) { sum -= matrix[k * size + j] * x[j] }
          x[k] = sum / matrix[k * size + k]
        }
      }
    }
    return unknowns
  }
}

/// How the predictions of some items depend on a user's numbers.
protocol PredictionCurve {
  /// The predictions at some numbers, and their slopes, one row an item.
  func evaluate(at numbers: [Double]) throws -> Predictions
  /// The same for numbers that are places among users.
  func standing(in spread: UserSpread) -> any PredictionCurve
}

/// Predictions and how they change with a user's numbers.
struct Predictions {
  var values: [Double]
  /// `[items, numbers]`.
  var slopes: [Double]
}

/// The numbers of a user that fit some ratings, found by Gauss–Newton steps.
///
/// They make smallest
///
///     Σ (stars − prediction)² + penalty · Σ number²
///
/// Where predictions are linear in the numbers, the first step is ridge regression and the last one too.
struct GaussNewton {
  /// A step that makes the sum larger is halved so often before it is given up.
  private static let halvings = 6
  /// Steps end when one changes the numbers by less than this share of them.
  private static let tolerance = 1e-7

  let curve: any PredictionCurve
  let stars: [Double]
  let penalty: Double
  /// How many numbers a user has.
  let width: Int

  /// The numbers, and the predictions at them.
  struct Solution {
    var numbers: [Double]
    var predictions: Predictions
  }

  /// The numbers that fit best.
  ///
  /// - Parameters:
  ///   - limit: steps at most.
  ///   - start: where to begin; nil for zeros.
  ///   - left: the place of a rating that does not count.
  /// - Returns: the numbers, and the predictions at them.
  /// - Throws: what the model throws.
  func solution(
    limit: Int, from start: [Double]? = nil, leavingOut left: Int? = nil
  ) throws -> Solution {
    let numbers = start ?? [Double](repeating: 0, count: width)
    var best = Solution(numbers: numbers, predictions: try curve.evaluate(at: numbers))
    var least = sum(best, leavingOut: left)
    steps: for _ in 0..<limit where width > 0 && !stars.isEmpty {
      guard var next = system(at: best).step(leavingOut: left) else { break }
      for attempt in 0...Self.halvings {
        let tried = Solution(numbers: next, predictions: try curve.evaluate(at: next))
        let sum = sum(tried, leavingOut: left)
        let change = Self.distance(next, best.numbers)
        let isLast = change <= Self.tolerance * (1 + Self.distance(next, nil))
        if sum <= least { (best, least) = (tried, sum) }
        if isLast || attempt == Self.halvings { break steps }
        if least == sum { continue steps }
        next = zip(next, best.numbers).map { ($0 + $1) / 2 }
      }
    }
    return best
  }

  /// The equations whose solution is a Gauss–Newton step from some numbers.
  func system(at solution: Solution) -> GaussNewtonSystem {
    GaussNewtonSystem(solution, stars, penalty: penalty, width: width)
  }

  private func sum(_ solution: Solution, leavingOut left: Int?) -> Double {
    var sum = 0.0
    for number in solution.numbers { sum += penalty * number * number }
    for place in stars.indices where place != left {
      let error = stars[place] - solution.predictions.values[place]
      sum += error * error
    }
    return sum
  }

  private static func distance(_ a: [Double], _ b: [Double]?) -> Double {
    var sum = 0.0
    for place in a.indices {
      let difference = a[place] - (b?[place] ?? 0)
      sum += difference * difference
    }
    return sum.squareRoot()
  }
}

/// The equations of a Gauss–Newton step, of as few unknowns as there are numbers or ratings.
struct GaussNewtonSystem {
  private let width: Int
  private let count: Int
  /// What the linear part of the predictions has to come to.
  private let targets: [Double]
  /// Slopes, `[ratings, numbers]`, or the other way round where there are fewer ratings.
  private let rows: [Double]
  private let penalty: Double
  private let system: SymmetricSystem
  private var isByRating: Bool { count < width }

  init(
    _ solution: GaussNewton.Solution, _ stars: [Double], penalty: Double, width: Int
  ) {
    let (slopes, numbers) = (solution.predictions.slopes, solution.numbers)
    (self.width, self.penalty, count) = (width, penalty, stars.count)
    let (count, isByRating) = (count, count < width)
    var targets = zip(stars, solution.predictions.values).map { $0 - $1 }
    var rows = slopes
    slopes.withUnsafeBufferPointer { slopes in
      for i in 0..<count {
        var linear = 0.0
        for k in 0..<width { linear += slopes[i * width + k] * numbers[k] }
        targets[i] += linear
      }
      guard isByRating else { return }
      rows.withUnsafeMutableBufferPointer { rows in
        for i in 0..<count {
          for k in 0..<width { rows[k * count + i] = slopes[i * width + k] }
        }
      }
    }
    (self.targets, self.rows) = (targets, rows)
    var system = SymmetricSystem(size: min(count, width), diagonal: penalty)
    rows.withUnsafeBufferPointer { system.addProducts(of: $0) }
    self.system = system
  }

  /// The numbers after the step, without one of the ratings; nil if they are not finite.
  func step(leavingOut left: Int? = nil) -> [Double]? {
    var (system, targets) = (system, targets)
    if isByRating {
      if let left {
        system.removeEquation(left)
        targets[left] = 0
      }
      guard let weights = system.solved(targets) else { return nil }
      return rows.withUnsafeBufferPointer { rows in
        (0..<width).map { k in
          var sum = 0.0
          for i in 0..<count { sum += rows[k * count + i] * weights[i] }
          return sum
        }
      }
    }
    var right = [Double](repeating: 0, count: width)
    rows.withUnsafeBufferPointer { rows in
      if let left {
        targets[left] = 0
        system.addProducts(
          of: UnsafeBufferPointer(rebasing: rows[(left * width)..<((left + 1) * width)]), times: -1)
      }
      right.withUnsafeMutableBufferPointer { right in
        for i in 0..<count {
          for k in 0..<width { right[k] += rows[i * width + k] * targets[i] }
        }
      }
    }
    return system.solved(right)
  }
}
