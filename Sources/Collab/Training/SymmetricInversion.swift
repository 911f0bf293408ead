import CCollabKernels
import CollabTensors
import CollabThreading

/// Inverts a large symmetric matrix with no negative eigenvalues where it lies, block by block.
///
/// The sweep operator, applied to one block of rows and columns after the other, makes minus the inverse
/// of the matrix. Only the part below the diagonal and on it is kept up to date; almost all work is in
/// products of matrices. Pieces do not depend on how many threads there are: any number finds the same
/// bits. What has no pivot of its own, which others stand for, is left out: its row and column become zero.
///
/// Source: Goodnight, "A Tutorial on the SWEEP Operator" (1979).
final class SymmetricInversion {
  /// Rows and columns that are swept together, and rows of a piece of work.
  private static let blockSize = 64
  /// A pivot below this part of what the diagonal was has been lost to rounding.
  private static let leastPivot: Float = 1e-6

  private let threads: Threads
  private let size: Int
  private let matrix: UnsafeMutablePointer<Float>
  private let tensors: [Tensor]
  /// The columns of a block, `[size, columns]`, and the same times the inverse of the block, with a minus.
  private let columns, products: UnsafeMutablePointer<Float>
  /// What is added to the rows of a piece, for each thread.
  private let changes: [Tensor]
  private var diagonal: [Float] = []

  /// - Parameters:
  ///   - matrix: what is replaced by minus its inverse, below the diagonal and on it, `[size, size]`.
  ///   - threads: how many may be used.
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(_ matrix: Tensor, _ threads: Threads) throws(TensorError) {
    size = matrix.shape[0]
    let panels = [
      try Tensor.zeros([size, Self.blockSize]), try Tensor.zeros([size, Self.blockSize]),
    ]
    var changes: [Tensor] = []
    for _ in 0..<threads.count { changes.append(try Tensor.zeros([Self.blockSize, size])) }
    (self.threads, self.changes, tensors) = (threads, changes, panels + [matrix])
    (self.matrix, columns, products) = (matrix.elements, panels[0].elements, panels[1].elements)
  }

  /// How many blocks there are.
  var blockCount: Int { (size + Self.blockSize - 1) / Self.blockSize }

  /// Sweeps all blocks.
  ///
  /// - Parameter goesOn: is asked after each block whether to go on.
  /// - Returns: whether all were swept.
  func run(while goesOn: () -> Bool) -> Bool {
    diagonal = (0..<size).map { matrix[$0 * (size + 1)] }
    for block in 0..<blockCount {
      sweep(block)
      guard goesOn() else { return false }
    }
    return true
  }

  private func rows(of block: Int) -> Range<Int> {
    block * Self.blockSize..<min((block + 1) * Self.blockSize, size)
  }

  private func sweep(_ block: Int) {
    let pivots = rows(of: block)
    let width = pivots.count
    copyColumns(pivots)
    let inverse = inverse(of: pivots)
    ck_multiply(
      products, columns, Int64(width), 1, inverse, Int64(width), 1, Int64(size), Int64(width),
      Int64(width))
    for place in 0..<size * width { products[place] = -products[place] }
    // A thread takes pieces from both ends, so that all have about as much to do.
    threads.forEach(threads.count) { thread in
      for piece in stride(from: thread, to: blockCount, by: threads.count) where piece != block {
        update(piece, pivots, changes[thread].elements)
      }
    }
    for row in 0..<size {
      for (place, pivot) in pivots.enumerated() where !pivots.contains(row) {
        let value = -products[row * width + place]
        if row > pivot {
          matrix[row * size + pivot] = value
        } else {
          matrix[pivot * size + row] = value
        }
      }
    }
    for (i, row) in pivots.enumerated() {
      for j in 0...i { matrix[row * size + pivots.lowerBound + j] = -inverse[i * width + j] }
    }
  }

  /// The columns of pivots, whose upper parts are rows.
  private func copyColumns(_ pivots: Range<Int>) {
    let width = pivots.count
    for row in 0..<size {
      for (place, pivot) in pivots.enumerated() {
        columns[row * width + place] = matrix[max(row, pivot) * size + min(row, pivot)]
      }
    }
  }

  /// Adds the products of a piece's rows with the columns, up to the diagonal.
  private func update(_ piece: Int, _ pivots: Range<Int>, _ change: UnsafeMutablePointer<Float>) {
    let (rows, width) = (rows(of: piece), pivots.count)
    let end = rows.upperBound
    ck_multiply(
      change, products + rows.lowerBound * width, Int64(width), 1, columns, 1, Int64(width),
      Int64(rows.count), Int64(width), Int64(end))
    for (place, row) in rows.enumerated() {
      ck_add_rows(matrix + row * size, change + place * end, 1, Int64(end))
    }
  }

  /// The inverse of the block of pivots, in double precision; zero for those without a pivot.
  private func inverse(of pivots: Range<Int>) -> [Float] {
    let width = pivots.count
    var block = (0..<width * width).map { place in
      Double(columns[(pivots.lowerBound + place / width) * width + place % width])
    }
    block.withUnsafeMutableBufferPointer { block in
      var isSwept = [Bool](repeating: false, count: width)
      for k in 0..<width {
        let pivot = block[k * width + k]
        isSwept[k] = pivot > Double(Self.leastPivot * diagonal[pivots.lowerBound + k])
        guard isSwept[k] else { continue }
        for j in 0..<width where j != k { block[k * width + j] /= pivot }
        for i in 0..<width where i != k {
          let factor = block[i * width + k]
          for j in 0..<width where j != k { block[i * width + j] -= factor * block[k * width + j] }
          block[i * width + k] = -factor / pivot
        }
        block[k * width + k] = 1 / pivot
      }
      for i in 0..<width {
        for j in 0..<width where !(isSwept[i] && isSwept[j]) { block[i * width + j] = 0 }
      }
    }
    return block.map { Float($0) }
  }
}
