package import CollabInterpreter
import CollabLanguage
package import CollabTensors
import CollabThreading
import Glibc

/// Determinants, inverses and products of matrices, under the names of PyTorch and numpy.
package enum LinearAlgebra {
  package static let all = solving + products + numpy

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "another tensor")

  // MARK: - Solving

  private static let solving: [Builtin] =
    [
      Builtin.transformation("det", "the determinant of a square matrix") { x, call in
        try call.unrecorded(x).determinant()
      },
      Builtin.transformation("inverse", aliases: ["inv"], "the inverse of a square matrix") {
        x, call in try call.unrecorded(x).inverted(by: Tensor.identity(x.rowCount))
      },
      Builtin.transformation(
        "matrix_power", "a square matrix times itself, so often",
        [Parameter("n", .integer(-1000...1000), example: "2", help: "how often")], "2"
      ) { x, call in try x.matrixPower(call.arguments.int("n")) },
      Builtin.transformation("svdvals", "the singular values of a matrix, the largest first") {
        x, call in try call.unrecorded(x).singularValueDecomposition().values
      },
      Builtin.transformation(
        "matrix_rank", "how many rows of a matrix do not follow from the others"
      ) { x, call in try call.unrecorded(x).matrixRank() },
    ].flatMap(\.self)
    + [
      .function(
        "solve", "what a square matrix has to be multiplied by to give a vector or matrix",
        [.x, other], "solve(tensor([[2., 0.], [0., 4.]]), tensor([2., 4.]))"
      ) { call in
        .tensor(
          try call.unrecorded(call.tensor("x")).inverted(by: call.unrecorded(call.tensor("other"))))
      }
    ]

  // MARK: - Products

  private static let products: [Builtin] =
    [
      .function(
        "tensordot",
        "sums of products over the last dimensions of one tensor and the first of another",
        [
          .x, other,
          Parameter("dims", .integer(0...64), default: "2", help: "over how many dimensions"),
        ], "tensordot(ones(2, 3), ones(3, 2), dims=1)"
      ) { call in
        let (a, b) = (try call.tensor("x"), try call.tensor("other"))
        let count = try call.arguments.int("dims")
        guard count <= a.shape.count, count <= b.shape.count,
          a.shape.suffix(count) == b.shape.prefix(count)
        else { throw TensorError.cannotMultiply(a.shape, b.shape) }
        let (left, right) = (Array(a.shape.dropLast(count)), Array(b.shape.dropFirst(count)))
        let joint = b.shape.prefix(count).reduce(1, *)
        let product = try a.reshaped(to: [left.reduce(1, *), joint])
          .multiplied(by: b.reshaped(to: [joint, right.reduce(1, *)]))
        return .tensor(try product.reshaped(to: left + right))
      }
    ]
    + Builtin.both(
      "inner", "the products of lines of two tensors, of vectors their dot product", [other],
      "tensor([1., 2.])"
    ) { call in
      let (a, b) = (try call.operand(), try call.tensor("other"))
      guard !a.tensor.shape.isEmpty, !b.shape.isEmpty else { return a.wrap(try a.tensor * b) }
      return a.wrap(try a.tensor.multiplied(by: b.shape.count == 1 ? b : b.transposed()))
    }
    + Builtin.both(
      "kron", "each element of one matrix times the whole other one", [other], "ones(1, 2)"
    ) { call in
      let (a, b) = (try call.operand(), try call.tensor("other"))
      return a.wrap(try a.tensor.kroneckerProduct(with: b))
    }
    + [
      .function(
        "addmm", "a matrix and the product of two others",
        [
          .x, Parameter("mat1", .value("Tensor"), example: "a", help: "the first factor"),
          Parameter("mat2", .value("Tensor"), example: "b", help: "the second factor"),
          Parameter("beta", .number(), default: "1", isOptionOnly: true, help: "times the matrix"),
          Parameter(
            "alpha", .number(), default: "1", isOptionOnly: true, help: "times the product"),
        ], "addmm(ones(2, 2), eye(2), eye(2))"
      ) { call in
        let product = try call.tensor("mat1").multiplied(by: call.tensor("mat2"))
        return .tensor(
          try call.tensor("x") * call.arguments.double("beta") + product
            * call.arguments.double("alpha"))
      }
    ]

  // MARK: - numpy

  private static func numpy(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ arguments: String = "",
    _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> Builtin {
    .method(
      of: "np.linalg", name, summary, [.x] + parameters,
      "np.linalg.\(name)([[2, 0], [0, 4]]\(arguments))", result: nil
    ) { call in .fromArray(try apply(call.array("x").converted(to: .float64), call)) }
  }

  private static let numpy: [Builtin] = [
    numpy("det", "the determinant of a square matrix") { x, _ in
      // numpy goes by logarithms, which shows in the last digit.
      try Tensor(scalar: SquareMatrix(x).determinantByLogarithms)
    },
    numpy("inv", "the inverse of a square matrix") { x, _ in
      try x.inverted(by: Tensor.identity(x.rowCount))
    },
    numpy(
      "solve", "what a square matrix has to be multiplied by to give a vector or matrix", [other],
      ", [2, 4]"
    ) { x, call in try x.inverted(by: call.array("other").converted(to: .float64)) },
    numpy(
      "matrix_power", "a square matrix times itself, so often",
      [Parameter("n", .integer(-1000...1000), example: "2", help: "how often")], ", 2"
    ) { x, call in try x.matrixPower(call.arguments.int("n")) },
    numpy("matrix_rank", "how many rows of a matrix do not follow from the others") { x, _ in
      try x.matrixRank()
    },
  ]
}

extension Call {
  /// A tensor for what no gradient goes through.
  ///
  /// - Throws: `no-gradient` if the tensor has one, which would be lost in silence.
  package func unrecorded(_ tensor: Tensor) throws -> Tensor {
    guard tensor.requiresGradient, GradientMode.isRecording else { return tensor }
    throw Problem.unrecorded(arguments.spec.name)
  }
}

extension Tensor {
  /// The number of rows, or 0.
  fileprivate var rowCount: Int { shape.count == 2 ? shape[0] : 0 }

  /// The determinant of this square matrix.
  fileprivate func determinant() throws -> Tensor {
    let matrix = try SquareMatrix(self)
    return try Tensor(scalar: matrix.determinant).converted(to: dtype)
  }

  /// The inverse of this square matrix times another, or times a vector.
  fileprivate func inverted(by other: Tensor) throws -> Tensor {
    let matrix = try SquareMatrix(self)
    guard other.shape.count == 1 || other.shape.count == 2, other.shape[0] == matrix.size else {
      throw TensorError.cannotMultiply(shape, other.shape)
    }
    guard matrix.determinant != 0 else {
      throw Problem.wrongKind(
        "this", expected: "a matrix that has an inverse", got: "one whose determinant is 0")
    }
    let width = other.shape.count == 1 ? 1 : other.shape[1]
    let solution = try matrix.solution(of: other.doubles(), width: width)
    return try Tensor(solution, shape: other.shape).converted(to: dtype)
  }

  /// This square matrix to a whole power.
  fileprivate func matrixPower(_ exponent: Int) throws -> Tensor {
    guard shape.count == 2, shape[0] == shape[1] else {
      throw TensorError.unexpectedShape(shape, expected: "a square matrix")
    }
    let identity = try Tensor.identity(shape[0]).converted(to: dtype)
    var (result, base) = (identity, exponent < 0 ? try inverted(by: identity) : self)
    var rest = exponent.magnitude
    while rest > 0 {
      if rest & 1 == 1 { result = try result.multiplied(by: base) }
      rest >>= 1
      if rest > 0 { base = try base.multiplied(by: base) }
    }
    return result
  }

  /// How many singular values of this matrix are not 0 but for rounding.
  fileprivate func matrixRank() throws -> Tensor {
    let values = try singularValueDecomposition().values.doubles()
    let epsilon = dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let least = (values.first ?? 0) * Double(shape.max() ?? 0) * epsilon
    return try Tensor(scalar: Int64(values.count { $0 > least }))
  }

  /// Each element of this matrix times the whole other one.
  fileprivate func kroneckerProduct(with other: Tensor) throws -> Tensor {
    let count = max(shape.count, other.shape.count)
    let (a, b) = (shape.padded(to: count), other.shape.padded(to: count))
    let left = try reshaped(to: a.flatMap { [$0, 1] })
    let right = try other.reshaped(to: b.flatMap { [1, $0] })
    return try (left * right).reshaped(to: zip(a, b).map { $0 * $1 })
  }
}

extension [Int] {
  /// The sizes with ones before them.
  fileprivate func padded(to count: Int) -> [Int] {
    [Int](repeating: 1, count: count - self.count) + self
  }
}

/// A square matrix, taken apart into triangles by Gauss's elimination, in doubles.
///
/// Source: Golub and Van Loan, "Matrix Computations" (2013), section 3.4, with partial pivoting.
private struct SquareMatrix {
  let size: Int
  private var rows: [Double]
  /// Which row of the original stands where.
  private var order: [Int]
  private(set) var determinant = 1.0
  private var logarithm = 0.0

  /// The determinant as the exponential of the logarithms of its factors.
  var determinantByLogarithms: Double {
    determinant == 0 ? 0 : (determinant < 0 ? -1 : 1) * exp(logarithm)
  }

  init(_ tensor: Tensor) throws {
    guard tensor.shape.count == 2, tensor.shape[0] == tensor.shape[1] else {
      throw TensorError.unexpectedShape(tensor.shape, expected: "a square matrix")
    }
    guard tensor.dtype.isFloatingPoint else {
      throw TensorError.unexpectedType(tensor.dtype, expected: "a matrix of floats or doubles")
    }
    size = tensor.shape[0]
    try MemoryBudget.require(2 * tensor.count, of: 8)
    rows = tensor.doubles()
    order = Array(0..<size)
    try eliminate()
  }

  private mutating func eliminate() throws {
    for step in 0..<size {
      try Interruption.check()
      let pivot =
        (step..<size).max { rows[$0 * size + step].magnitude < rows[$1 * size + step].magnitude }
        ?? step
      if pivot != step, rows[pivot * size + step].magnitude > rows[step * size + step].magnitude {
        for k in 0..<size { rows.swapAt(pivot * size + k, step * size + k) }
        order.swapAt(pivot, step)
        determinant = -determinant
      }
      let divisor = rows[step * size + step]
      determinant *= divisor
      logarithm += log(divisor.magnitude)
      guard divisor != 0 else { continue }
      for row in (step + 1)..<max(size, step + 1) {
        let factor = rows[row * size + step] / divisor
        rows[row * size + step] = factor
        for k in (step + 1)..<max(size, step + 1) {
          rows[row * size + k] -= factor * rows[step * size + k]
        }
      }
    }
  }

  /// What this has to be multiplied by to give `numbers`, which have rows of some width.
  func solution(of numbers: [Double], width: Int) throws -> [Double] {
    var result = order.flatMap { numbers[($0 * width)..<(($0 + 1) * width)] }
    for row in 0..<size {
      try Interruption.check()
      for earlier in 0..<row {
        for k in 0..<width {
          result[row * width + k] -= rows[row * size + earlier] * result[earlier * width + k]
        }
      }
    }
    for row in (0..<size).reversed() {
      try Interruption.check()
      for later in (row + 1)..<max(size, row + 1) {
        for k in 0..<width {
          result[row * width + k] -= rows[row * size + later] * result[later * width + k]
        }
      }
      for k in 0..<width { result[row * width + k] /= rows[row * size + row] }
    }
    return result
  }
}
