import CCollabKernels
import CollabTensors

/// Solves for the factors and the bias of one user, with the items' side fixed, or the other way round.
///
/// A bias is a factor more, whose counterpart is 1.
struct LeastSquares {
  private let factors: Tensor
  private let bias: Tensor
  private let mean: Float
  private let ridge: Ridge

  /// Equations over the other side of a model.
  ///
  /// - Parameters:
  ///   - factors: of the side that is fixed, `[rows, factors]`.
  ///   - bias: of that side, `[rows]`.
  ///   - mean: what every prediction begins with.
  ///   - ridge: what the solution costs.
  init(over factors: Tensor, _ bias: Tensor, mean: Float, ridge: Ridge) {
    (self.factors, self.bias, self.mean, self.ridge) = (factors, bias, mean, ridge)
  }

  private var factorCount: Int { factors.shape[1] }

  /// How many numbers a solution has: factors, and a bias behind them.
  var solutionCount: Int { factorCount + 1 }

  /// Memory to work in, one for each thread.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  func workspace() throws(TensorError) -> Tensor { try Self.workspace(factorCount) }

  /// Memory to work in for so many factors.
  static func workspace(_ factorCount: Int) throws(TensorError) -> Tensor {
    let width = (factorCount + 2 + 7) / 8 * 8
    return try Tensor.zeros([Int(CK_SQUARES_DEPTH) + width, width])
  }

  /// Finds what explains some ratings best; zero without any.
  ///
  /// - Parameters:
  ///   - solution: where factors and bias are put.
  ///   - rows: rows of the other side, one a rating.
  ///   - stars: the ratings.
  ///   - work: a workspace that nobody else uses.
  /// - Returns: the sum of the squared errors that are left.
  func solve(
    into solution: UnsafeMutablePointer<Float>, _ rows: StoredNumbers<Int32>,
    _ stars: StoredNumbers<Float>, _ work: Tensor
  ) -> Float {
    var error: Float = 0
    let strength = ridge.strength(ratings: rows.count)
    rows.withUnsafeBufferPointer { rows in
      stars.withUnsafeBufferPointer { stars in
        guard let first = rows.baseAddress, let firstStars = stars.baseAddress else { return }
        ck_require_places(first, Int64(rows.count), Int64(factors.shape[0]))
        ck_least_squares(
          solution, &error, work.elements, factors.elements, bias.elements, first, firstStars,
          mean, strength, Int64(rows.count), Int64(factorCount))
      }
    }
    return error
  }
}
