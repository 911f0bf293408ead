import CollabLearning
import CollabTensors
import Glibc
import CollabThreading

/// The numbers that a model has of each user, and what it predicts for somebody with numbers of their own.
protocol UserNumbers {
  /// How many numbers a user has.
  var width: Int { get }
  /// The numbers of a user that the model was trained with, in double precision.
  func row(_ user: Int) -> [Double]
  /// How the predictions of some items depend on numbers.
  func curve(of items: [Int]) throws -> any PredictionCurve
  /// What somebody with some numbers is for the model.
  func rater(_ numbers: [Double], _ ratings: [ItemRating]) -> Rater
  /// Whether evaluating a curve costs next to nothing, so that every result can be exact.
  var isFast: Bool { get }
}

extension Tensor {
  /// Elements in a row.
  var rowWidth: Int { shape.first.map { $0 > 0 ? count / $0 : 0 } ?? 0 }
}

// MARK: - A dot product

/// The factors and the bias of a user, where a prediction is their product with those of an item.
struct FactorNumbers: UserNumbers {
  private let userFactors: Tensor?
  private let userBias: Tensor?
  private let itemFactors: Tensor?
  private let itemBias: Tensor?
  private let mean: Double
  private let range: RatingRange?
  private let factorCount: Int

  /// Nil unless predictions rise with a product of factors, or with a bias of the user.
  init?(_ roles: ModelRoles, range: RatingRange?) {
    guard roles.combination == .dotProduct,
      (roles.userFactors == nil) == (roles.itemFactors == nil)
    else { return nil }
    (userFactors, itemFactors) = (roles.userFactors, roles.itemFactors)
    (userBias, itemBias) = (roles.userBias, roles.itemBias)
    mean = roles.mean.flatMap { try? $0.item() } ?? 0
    self.range = range
    factorCount = roles.itemFactors?.rowWidth ?? 0
  }

  let isFast = true
  var width: Int { factorCount + (userBias == nil ? 0 : 1) }

  func row(_ user: Int) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(width)
    userFactors?.withElements(as: Float.self) { factors in
      for k in 0..<factorCount { numbers.append(Double(factors[user * factorCount + k])) }
    }
    userBias?.withElements(as: Float.self) { numbers.append(Double($0[user])) }
    return numbers
  }

  func curve(of items: [Int]) -> any PredictionCurve {
    var curve = FactorCurve(
      slopes: [Double](repeating: 1, count: items.count * width),
      sums: [Double](repeating: mean, count: items.count), range: range)
    itemFactors?.withElements(as: Float.self) { factors in
      for (place, item) in items.enumerated() {
        for k in 0..<factorCount {
          curve.slopes[place * width + k] = Double(factors[item * factorCount + k])
        }
      }
    }
    itemBias?.withElements(as: Float.self) { biases in
      for (place, item) in items.enumerated() { curve.sums[place] += Double(biases[item]) }
    }
    return curve
  }

  func rater(_ numbers: [Double], _ ratings: [ItemRating]) -> Rater {
    Rater(
      ratings: ratings,
      factors: userFactors == nil ? nil : numbers.prefix(factorCount).map { Float($0) },
      bias: userBias == nil ? nil : numbers.last.map { Float($0) }
    ) { items in
      var sums = [Double](
        repeating: mean + (userBias == nil ? 0 : numbers[factorCount]), count: items.count)
      itemBias?.withElements(as: Float.self) { biases in
        for (place, item) in items.enumerated() { sums[place] += Double(biases[item]) }
      }
      itemFactors?.withElements(as: Float.self) { factors in
        for (place, item) in items.enumerated() {
          for k in 0..<factorCount {
            sums[place] += Double(factors[item * factorCount + k]) * numbers[k]
          }
        }
      }
      return sums.map { Float(range?.squeezed($0).value ?? $0) }
    }
  }
}

extension RatingRange {
  /// A number as a sigmoid brings it into the range, and how steep that is there.
  func squeezed(_ sum: Double) -> (value: Double, slope: Double) {
    let share = 1 / (1 + exp(-sum))
    return (low + share * (high - low), share * (1 - share) * (high - low))
  }
}

/// Sums of products, squeezed into a range if there is one.
private struct FactorCurve: PredictionCurve {
  /// The numbers of the items, `[items, numbers]`; 1 where a user's number is a bias.
  var slopes: [Double]
  /// What a prediction is before anything of the user is added.
  var sums: [Double]
  let range: RatingRange?

  func evaluate(at numbers: [Double]) -> Predictions {
    let width = numbers.count
    var result = Predictions(values: sums, slopes: slopes)
    result.slopes.withUnsafeMutableBufferPointer { slopes in
      for place in result.values.indices {
        let row = UnsafeMutableBufferPointer(
          rebasing: slopes[(place * width)..<((place + 1) * width)])
        // A sum in a register: the next product need not wait for memory.
        var sum = sums[place]
        for k in 0..<width { sum += row[k] * numbers[k] }
        guard let range else {
          result.values[place] = sum
          continue
        }
        let (value, slope) = range.squeezed(sum)
        result.values[place] = value
        for k in 0..<width { row[k] *= slope }
      }
    }
    return result
  }

  /// A sum of products stays one: the items' numbers are turned once, and not at every step.
  func standing(in spread: UserSpread) -> any PredictionCurve {
    var standing = self
    let mean = spread.mean
    for place in sums.indices {
      var sum = sums[place]
      for k in mean.indices { sum += slopes[place * mean.count + k] * mean[k] }
      standing.sums[place] = sum
    }
    standing.slopes = spread.turned(slopes)
    return standing
  }
}

// MARK: - Rows of any model

/// The rows that a model has for each user, whatever it does with them: slopes are its gradients.
struct RowNumbers: UserNumbers {
  /// Ratings that are predicted together, each with a row of its own.
  private static let blockRatings = 256

  private let model: any Module
  private let tables: [Tensor]
  private let leaves: [Tensor]
  private let blockSize: Int

  /// The rows of users of a learner's model.
  ///
  /// They are the parameters with a row a user. Where there are as many items, shapes do not tell which:
  /// then they are those that the model, or the order of its parameters, says to be the users'.
  init(_ learner: Learner) {
    model = learner.model
    leaves = learner.model.parameters.map(\.tensor)
    let (users, items) = (learner.loaders.users.count, learner.loaders.items.count)
    let roles = learner.roles
    let known = [roles.userFactors, roles.userBias].compactMap(\.self)
    tables =
      learner.model is any RatingModel || users == items
      ? known : leaves.filter { $0.shape.first == users && $0.shape.count <= 2 }
    blockSize = min(Self.blockRatings, tables.compactMap(\.shape.first).min() ?? Self.blockRatings)
  }

  let isFast = false
  var width: Int { tables.reduce(0) { $0 + $1.rowWidth } }

  func row(_ user: Int) -> [Double] {
    tables.flatMap { table in
      let width = table.rowWidth
      return table.withElements(as: Float.self) { elements in
        elements[(user * width)..<((user + 1) * width)].map { Double($0) }
      }
    }
  }

  func curve(of items: [Int]) -> any PredictionCurve { RowCurve(rows: self, items: items) }

  func rater(_ numbers: [Double], _ ratings: [ItemRating]) -> Rater {
    // Roles are of rows: the first table with several columns, and the first with one.
    var (factors, bias): ([Float]?, Float?) = (nil, nil)
    var start = 0
    for table in tables {
      let row = numbers[start..<(start + table.rowWidth)].map { Float($0) }
      start += row.count
      if row.count > 1 { factors = factors ?? row } else { bias = bias ?? row.first }
    }
    return Rater(ratings: ratings, factors: factors, bias: bias) { items in
      guard !items.isEmpty else { return [] }
      return try trying(numbers, rows: 1) {
        try model.predictions(of: items, by: 0)
      }
    }
  }

  /// Runs a body while the first rows of users are these numbers.
  private func trying<Result>(
    _ numbers: [Double], rows: Int, _ body: () throws -> Result
  ) throws -> Result {
    model.train(false)
    return try TensorTrial.run(on: tables, firstRows: rows, among: leaves) {
      var start = 0
      for table in tables {
        let width = table.rowWidth
        table.changeElements(as: Float.self) { elements in
          for row in 0..<rows {
            for k in 0..<width { elements[row * width + k] = Float(numbers[start + k]) }
          }
        }
        start += width
      }
      return try body()
    }
  }

  /// Predictions of some items and how they change with the user's numbers.
  ///
  /// Each item is predicted for a row of its own that holds the same numbers: so the gradient of their
  /// sum holds the slopes of each.
  fileprivate func predictions(of items: [Int], at numbers: [Double]) throws -> Predictions {
    guard !tables.isEmpty else {
      let values = try model.predictions(of: items, by: 0).map { Double($0) }
      return Predictions(values: values, slopes: [])
    }
    var result = Predictions(values: [], slopes: [])
    result.slopes.reserveCapacity(items.count * width)
    for first in stride(from: 0, to: items.count, by: blockSize) {
      try Interruption.check()
      let block = items[first..<min(first + blockSize, items.count)]
      try trying(numbers, rows: block.count) {
        let pairs = block.enumerated().flatMap { [Int64($0), Int64($1)] }
        let output = try model.forward(Tensor(pairs, shape: [block.count, 2]))
        guard output.count == block.count else {
          throw TensorError.unexpectedShape(output.shape, expected: "one prediction a rating")
        }
        result.values += output.scalars(as: Float.self).map { Double($0) }
        if output.requiresGradient { try output.sum().backward() }
        let gradients = tables.map {
          (width: $0.rowWidth, rows: $0.gradients(ofFirst: block.count))
        }
        for row in 0..<block.count {
          for (width, rows) in gradients {
            result.slopes += rows[(row * width)..<((row + 1) * width)]
          }
        }
      }
    }
    return result
  }
}

extension Tensor {
  /// The gradients of the first rows, zeros where none has arrived.
  fileprivate func gradients(ofFirst count: Int) -> [Double] {
    let width = rowWidth
    var gradients = [Double](repeating: 0, count: count * width)
    if let rows = onlyRowGradient {
      for case let (row, gradient?) in rows.gradientsByRow() where row < count {
        for k in 0..<width { gradients[row * width + k] = Double(gradient[k]) }
      }
    } else if let gradient {
      gradient.withElements(as: Float.self) { elements in
        for place in gradients.indices { gradients[place] = Double(elements[place]) }
      }
    }
    return gradients
  }
}

/// Predictions of a model for rows of its own, whose numbers are places among users if there is a
/// spread.
private struct RowCurve: PredictionCurve {
  let rows: RowNumbers
  let items: [Int]
  var spread: UserSpread?

  func evaluate(at numbers: [Double]) throws -> Predictions {
    guard let spread else { return try rows.predictions(of: items, at: numbers) }
    var predictions = try rows.predictions(of: items, at: spread.numbers(numbers))
    predictions.slopes = spread.turned(predictions.slopes)
    return predictions
  }

  func standing(in spread: UserSpread) -> any PredictionCurve {
    RowCurve(rows: rows, items: items, spread: spread)
  }
}
