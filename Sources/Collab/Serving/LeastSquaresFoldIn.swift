import CollabLearning
import CollabTensors
import CollabThreading

/// Finds the numbers of somebody new by least squares, drawn towards those of the users that the model
/// knows.
///
/// Numbers are measured by how users differ: with mean m and covariance C of the users' rows, a user is
/// m + Lx where LLᵀ = C, and Σ (stars − prediction)² + penalty · Σ x² is made smallest. So one penalty,
/// which is the variance of what the model cannot explain, does for factors and biases of any size; a
/// user without ratings is the mean user.
final class LeastSquaresFoldIn<Numbers: UserNumbers>: FoldIn {
  /// Steps at most: the first is ridge regression, the others follow the bend of the range.
  private let stepLimit: Int
  /// Ratings from which on what each of them did is found by a single step.
  private static var exactRatings: Int { 100 }

  private let numbers: Numbers
  private let spread: UserSpread
  private let penalty: (_ ratings: Int) -> Double

  /// One whose mean, covariance and penalty are found among the users that the learner knows.
  ///
  /// - Throws: what the model throws, and ``TensorError/interrupted``.
  init(_ numbers: Numbers, _ learner: Learner) throws {
    (self.numbers, stepLimit) = (numbers, numbers.isFast ? 5 : 20)
    let spread = UserSpread(of: numbers, learner.loaders)
    self.spread = spread
    guard numbers.width > 0 else {
      penalty = { _ in 1 }
      return
    }
    let search = PenaltySearch(learner.loaders, userLimit: numbers.isFast ? 500 : 100)
    let limit = stepLimit
    let penalty = try search.penalty(
      errors: { user, items in
        try spread.curve(numbers, of: items).evaluate(at: spread.standing(of: numbers.row(user)))
      },
      predictions: { ratings, penalty, items in
        let found = try GaussNewton(ratings, numbers, spread, penalty: penalty)
          .solution(limit: limit)
        return try numbers.rater(spread.numbers(found.numbers), ratings).predictions(of: items)
      })
    self.penalty = { _ in penalty }
  }

  /// One for a family that draws its users towards zero by a penalty of its own.
  init(_ numbers: Numbers, penalty: @escaping (_ ratings: Int) -> Double) {
    (self.numbers, self.penalty, stepLimit) = (numbers, penalty, 5)
    spread = UserSpread(unitOf: numbers.width)
  }

  func rater(of ratings: [ItemRating]) throws -> Rater {
    let found = try problem(ratings).solution(limit: stepLimit)
    return numbers.rater(spread.numbers(found.numbers), ratings)
  }

  private func problem(_ ratings: [ItemRating]) throws -> GaussNewton {
    try GaussNewton(ratings, numbers, spread, penalty: penalty(ratings.count))
  }
}

// MARK: - What each rating did

extension LeastSquaresFoldIn {
  /// Begins at the numbers that all ratings give, from where it is one step to those without one of them.
  ///
  /// For few ratings of a dot product more steps follow, as in folding in.
  func leavingOut(
    eachOf ratings: [ItemRating], predicting item: Int
  ) throws -> (with: Float, without: [Float]) {
    let problem = try problem(ratings)
    let found = try problem.solution(limit: stepLimit)
    let isExact = numbers.isFast && ratings.count <= Self.exactRatings
    let system = problem.system(at: found)
    func prediction(_ x: [Double]) throws -> Float {
      try numbers.rater(spread.numbers(x), ratings).predictions(of: [item]).first ?? .nan
    }
    let without = try ratings.indices.map { place in
      try Interruption.check()
      guard let next = system.step(leavingOut: place) else { return try prediction(found.numbers) }
      guard isExact else { return try prediction(next) }
      let exact = try problem.solution(limit: stepLimit, from: next, leavingOut: place)
      return try prediction(exact.numbers)
    }
    return (try prediction(found.numbers), without)
  }
}

// MARK: - What a rating would tell

extension LeastSquaresFoldIn {
  /// The variance of numbers that ratings leave is penalty · (JᵀJ + penalty)⁻¹; a rating with the slopes
  /// s takes (Vs)(Vs)ᵀ / (sᵀVs + penalty) of it.
  func expectedDrops(of items: [Int], after ratings: [ItemRating]) throws -> [Double]? {
    let width = numbers.width
    guard width > 0, !items.isEmpty else { return nil }
    let found = try problem(ratings).solution(limit: stepLimit)
    let penalty = penalty(ratings.count)
    var variance = SymmetricSystem(size: width, diagonal: penalty)
    found.predictions.slopes.withUnsafeBufferPointer { variance.addProducts(of: $0) }
    guard variance.factorize() else { return nil }
    // Slopes in numbers whose variance is the unit matrix: products are covariances of predictions.
    var slopes = try spread.curve(numbers, of: items).evaluate(at: found.numbers).slopes
    slopes.withUnsafeMutableBufferPointer { slopes in
      for start in stride(from: 0, to: slopes.count, by: width) {
        variance.divide(
          UnsafeMutableBufferPointer(rebasing: slopes[start..<(start + width)]),
          times: penalty.squareRoot())
      }
    }
    return slopes.withUnsafeBufferPointer { slopes in
      items.indices.map { item in
        var (drop, own) = (0.0, 0.0)
        for other in items.indices {
          var covariance = 0.0
          for k in 0..<width { covariance += slopes[item * width + k] * slopes[other * width + k] }
          drop += covariance * covariance
          if other == item { own = covariance }
        }
        return drop / (own + penalty)
      }
    }
  }
}

// MARK: - As the users differ

/// The mean of users' numbers, and the directions in which they differ.
struct UserSpread {
  /// More users tell nothing new of it.
  private static let userLimit = 20_000

  /// The numbers of the mean user.
  let mean: [Double]
  /// `[numbers, numbers]`, zero above the diagonal: its product with itself is the covariance; nil for
  /// the unit matrix.
  private let root: [Double]?

  /// Numbers as they are.
  init(unitOf width: Int) { (mean, root) = ([Double](repeating: 0, count: width), nil) }

  /// That of the users with ratings to learn from, or of all where nothing is known of ratings.
  ///
  /// Of few users a covariance is not to be believed: it is drawn towards its diagonal, as by so many
  /// users as there are numbers.
  init(of numbers: some UserNumbers, _ loaders: DataLoaders) {
    let width = numbers.width
    let users = (0..<loaders.users.count).filter { loaders.isTrained($0, of: .users) }
    let stride = users.count / Self.userLimit + 1
    let rows = Swift.stride(from: 0, to: users.count, by: stride).map { numbers.row(users[$0]) }
    let count = Double(max(rows.count, 1))
    var mean = [Double](repeating: 0, count: width)
    for row in rows { for k in 0..<width { mean[k] += row[k] / count } }
    var covariance = SymmetricSystem(size: width, diagonal: 0)
    for row in rows {
      zip(row, mean).map { $0 - $1 }.withUnsafeBufferPointer {
        covariance.addProducts(of: $0, times: 1 / count)
      }
    }
    covariance.shrink(by: Double(width) / (count + Double(width)))
    self.mean = mean
    root = covariance.factorize() ? covariance.lowerTriangle : nil
  }

  /// What a user is who stands at some place among the others.
  func numbers(_ place: [Double]) -> [Double] {
    guard let root else { return zip(mean, place).map { $0 + $1 } }
    let width = mean.count
    var numbers = mean
    for i in 0..<width { for k in 0...i { numbers[i] += root[i * width + k] * place[k] } }
    return numbers
  }

  /// Where a user with some numbers stands.
  func standing(of numbers: [Double]) -> [Double] {
    let width = mean.count
    var place = zip(numbers, mean).map { $0 - $1 }
    guard let root else { return place }
    for i in 0..<width {
      for k in 0..<i { place[i] -= root[i * width + k] * place[k] }
      place[i] /= root[i * width + i]
    }
    return place
  }

  /// How predictions of items depend on the place of a user.
  func curve(_ numbers: some UserNumbers, of items: [Int]) throws -> any PredictionCurve {
    try numbers.curve(of: items).standing(in: self)
  }

  /// Slopes along numbers as slopes along places.
  func turned(_ slopes: [Double]) -> [Double] {
    guard let root else { return slopes }
    let width = mean.count
    var turned = [Double](repeating: 0, count: slopes.count)
    slopes.withUnsafeBufferPointer { slopes in
      turned.withUnsafeMutableBufferPointer { turned in
        root.withUnsafeBufferPointer { root in
          for start in stride(from: 0, to: slopes.count, by: max(width, 1)) {
            for i in 0..<width {
              let slope = slopes[start + i]
              for k in 0...i { turned[start + k] += slope * root[i * width + k] }
            }
          }
        }
      }
    }
    return turned
  }
}

extension GaussNewton {
  /// The place of a user who gave some ratings.
  fileprivate init(
    _ ratings: [ItemRating], _ numbers: some UserNumbers, _ spread: UserSpread, penalty: Double
  ) throws {
    self.init(
      curve: try spread.curve(numbers, of: ratings.map(\.item)),
      stars: ratings.map { Double($0.stars) }, penalty: penalty, width: numbers.width)
  }
}
