import CollabThreading
import Synchronization

/// Rows of a side that are solved for on several threads, a part after the other.
///
/// Rows of one side do not depend on each other, so any number of threads finds the same bits.
struct RowSweep {
  /// Rows that a thread solves for before it takes others.
  private static let blockRows = 16
  /// Rows after which it is asked whether to go on, with so many factors.
  private static let partRows = (most: 4096, least: 4 * blockRows, factors: 50)

  private let partRows: Int

  /// Parts for so many factors: work grows with their square.
  init(factors: Int) {
    let (most, least, usual) = Self.partRows
    partRows = max(min(most, most * usual / factors * usual / factors), least)
  }

  /// How many parts so many rows are.
  func partCount(_ rows: Int) -> Int { (rows + partRows - 1) / partRows }

  /// Solves for all rows but the first, `#na#`, whose numbers stay zero.
  ///
  /// - Parameters:
  ///   - rowCount: how many there are.
  ///   - threads: how many may be used.
  ///   - goesOn: is told after each part how many are done, and says whether to go on.
  ///   - solve: solves for a block of rows, on a thread of this number; gives what is added up.
  /// - Returns: the sum of what `solve` gave, in the order of the rows; nil if it was stopped.
  func sum(
    over rowCount: Int, _ threads: Threads, while goesOn: (_ part: Int) -> Bool,
    _ solve: (_ rows: Range<Int>, _ thread: Int) -> Double
  ) -> Double? {
    var sum = 0.0
    for part in 0..<partCount(rowCount) {
      let rows = part * partRows..<min((part + 1) * partRows, rowCount)
      let starts = Array(stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockRows))
      var sums = [Double](repeating: 0, count: starts.count)
      // Some rows have many ratings: a thread that is done with a block takes the next.
      let next = Atomic(0)
      sums.withUnsafeMutableBufferPointer { sums in
        threads.forEach(threads.count) { thread in
          while case let block = next.wrappingAdd(1, ordering: .relaxed).oldValue,
            block < starts.count
          {
            let end = min(starts[block] + Self.blockRows, rows.upperBound)
            sums[block] = solve(max(starts[block], 1)..<max(end, 1), thread)
          }
        }
      }
      sum += sums.reduce(0, +)
      guard goesOn(part + 1) else { return nil }
    }
    return sum
  }
}
