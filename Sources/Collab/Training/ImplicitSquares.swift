import CCollabKernels
import CollabTensors
import CollabThreading

/// Solves for the factors of one user, with the items' side fixed, or the other way round: such that their
/// products with all rows are small, and with the rated ones their grades.
struct ImplicitSquares {
  /// Rows whose products are added up before they go into the sum.
  private static let blockRows = 4096

  private let factors: Tensor
  private let options: IALSOptions
  /// The products of all rows' factors with each other, times what a pair without a rating counts.
  private let all: Tensor

  /// Equations over the other side of a model.
  ///
  /// - Parameters:
  ///   - factors: of the side that is fixed, `[rows, factors]`.
  ///   - options: what else was chosen.
  ///   - threads: how many may be used.
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(over factors: Tensor, _ options: IALSOptions, _ threads: Threads) throws(TensorError) {
    (self.factors, self.options) = (factors, options)
    let (rows, width) = (factors.shape[0], factors.shape[1])
    let blocks = (rows + Self.blockRows - 1) / Self.blockRows
    let size = width * width
    all = try Tensor.zeros([width, width])
    let parts = try Tensor.zeros([max(blocks, 1), size])
    let (table, products, sum) = (factors.elements, parts.elements, all.elements)
    threads.forEach(blocks) { block in
      let first = block * Self.blockRows
      let start = table + first * width
      ck_multiply(
        products + block * size, start, 1, Int64(width), start, Int64(width), 1, Int64(width),
        Int64(min(Self.blockRows, rows - first)), Int64(width))
    }
    for block in 0..<blocks { ck_add_rows(sum, products + block * size, 1, Int64(size)) }
    for place in 0..<size { sum[place] *= Float(options.unobserved) }
  }

  private var factorCount: Int { factors.shape[1] }

  /// Memory to work in, one for each thread.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  func workspace() throws(TensorError) -> Tensor { try LeastSquares.workspace(factorCount) }

  /// Finds the factors that explain some ratings best.
  ///
  /// - Parameters:
  ///   - solution: where the factors are put.
  ///   - rows: rows of the other side, one a rating.
  ///   - weights: how much each rating counts.
  ///   - grades: what each is worth.
  ///   - work: a workspace that nobody else uses.
  func solve(
    into solution: UnsafeMutablePointer<Float>, _ rows: StoredNumbers<Int32>,
    weights: ArraySlice<Float>, grades: ArraySlice<Float>, _ work: Tensor
  ) {
    // A rating that a later one of the same pair has replaced is no pair of its own.
    let rated = weights.count { $0 > 0 }
    let pairs = Double(rated) + options.unobserved * Double(factors.shape[0] - 1)
    let strength = options.ridge.strength(of: pairs)
    rows.withUnsafeBufferPointer { rows in
      weights.withUnsafeBufferPointer { weights in
        grades.withUnsafeBufferPointer { grades in
          guard let first = rows.baseAddress, let weight = weights.baseAddress,
            let grade = grades.baseAddress
          else { return }
          ck_require_places(first, Int64(rows.count), Int64(factors.shape[0]))
          ck_implicit_squares(
            solution, work.elements, factors.elements, all.elements, first, weight, grade, strength,
            Int64(rows.count), Int64(factorCount))
        }
      }
    }
  }
}
