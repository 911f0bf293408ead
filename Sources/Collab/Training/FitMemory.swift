/// How many bytes fits take beside the model and the ratings.
enum FitMemory {
  /// Putting ratings into rows: their order on the way, then the other side's indices and the stars.
  static func sorting(_ ratings: Int, rows: Int) -> Int { 12 * ratings + 16 * rows }

  /// Steps against gradients: two moments of each parameter, and the order of an epoch.
  static func gradient(parameters: Int, ratings: Int) -> Int { 8 * parameters + 8 * ratings }

  /// Solving for one side after the other: new factors and biases of both.
  static func leastSquares(rows: Int, factors: Int) -> Int { 4 * rows * (factors + 1) }

  /// A copy of a model, to go back to.
  static func checkpoint(parameters: Int) -> Int { 4 * parameters }

  /// A matrix of pairs of items.
  static func pairs(items: Int) -> Int { 4 * items * items }
}
