import CollabOrdering
import CollabThreading

/// Sums and means of numbers, added up in numpy's order so that the last digits are numpy's.
struct Statistics {
  /// The numbers, with zeros where one is missing.
  private let numbers: [Double]
  private let isMissing: [Bool]
  private let count: Double

  init(of numbers: [Double]) {
    isMissing = numbers.map(\.isNaN)
    self.numbers = numbers.map { $0.isNaN ? 0 : $0 }
    count = Double(isMissing.count { !$0 })
  }

  /// - Throws: `TableError.interrupted`.
  func value(_ aggregate: Aggregate) throws(TableError) -> Double {
    switch aggregate {
    case .sum: sum
    case .mean: sum / count
    case .variance: variance
    case .std: variance.squareRoot()
    case .median: try median()
    default: .nan
    }
  }

  private var sum: Double { numbers.withUnsafeBufferPointer { Statistics.pairwiseSum($0[...]) } }

  private var variance: Double {
    guard count > 1 else { return .nan }
    let mean = sum / count
    let squares = zip(numbers, isMissing).map { $1 ? 0 : (mean - $0) * (mean - $0) }
    return squares.withUnsafeBufferPointer { Statistics.pairwiseSum($0[...]) } / (count - 1)
  }

  private func median() throws(TableError) -> Double {
    let known = zip(numbers, isMissing).filter { !$1 }.map(\.0)
    guard !known.isEmpty else { return .nan }
    let places = ((known.count - 1) / 2, known.count / 2)
    let keys = try KeyOrder(known.map { UInt64(ordering: $0) }, asking: Interruption.check).keys
    return (keys[places.0].orderedDouble + keys[places.1].orderedDouble) / 2
  }

  /// The sum of halves, down to 128 numbers, which are added in eight lanes.
  ///
  /// Source: `pairwise_sum` in numpy/_core/src/umath/loops_utils.h.src.
  static func pairwiseSum(_ numbers: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let (start, count) = (numbers.startIndex, numbers.count)
    guard count >= 8 else { return numbers.reduce(0, +) }
    guard count <= 128 else {
      let half = count / 2 - count / 2 % 8
      return pairwiseSum(numbers.prefix(half)) + pairwiseSum(numbers.dropFirst(half))
    }
    var lanes = Array(numbers.prefix(8))
    var place = 8
    while place + 8 <= count {
      for lane in 0..<8 { lanes[lane] += numbers[start + place + lane] }
      place += 8
    }
    let sum =
      ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
      + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    return numbers.dropFirst(place).reduce(sum, +)
  }
}
