/// Whether two sequences of numbers have the same length and differ nowhere by more than a bound.
public func isClose<Number: BinaryFloatingPoint>(
  _ left: [Number], _ right: [Number], within bound: Number
) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= bound }
}

/// The largest difference of two sequences, relative to the second.
public func largestRelativeDifference<Number: BinaryFloatingPoint>(
  _ left: [Number], _ right: [Number]
) -> Number {
  zip(left, right).map { abs($0 - $1) / max(abs($1), .leastNormalMagnitude) }.max() ?? 0
}
