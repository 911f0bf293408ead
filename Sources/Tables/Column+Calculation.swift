import CollabOrdering
import CollabThreading

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// How values that are equal share their ranks.
public enum RankMethod: String, CaseIterable, Sendable {
  /// They all have the mean of their ranks.
  case average
  /// They all have the smallest of their ranks.
  case min
  /// They all have the largest of their ranks.
  case max
  /// They are ranked in the order of their rows.
  case first
  /// As `min`, but ranks have no gaps.
  case dense
}

/// What runs down a column from the first row.
public enum RunningKind: String, CaseIterable, Sendable {
  case sum = "cumsum"
  case product = "cumprod"
  case min = "cummin"
  case max = "cummax"

  fileprivate func apply(_ one: Int, _ other: Int) -> (partialValue: Int, overflow: Bool) {
    switch self {
    case .sum: one.addingReportingOverflow(other)
    case .product: one.multipliedReportingOverflow(by: other)
    case .min: (Swift.min(one, other), false)
    case .max: (Swift.max(one, other), false)
    }
  }

  fileprivate func apply(_ one: Double, _ other: Double) -> Double {
    switch self {
    case .sum: one + other
    case .product: one * other
    case .min: Swift.min(one, other)
    case .max: Swift.max(one, other)
    }
  }
}

// MARK: - Rows that may be missing
extension Column {
  /// The values of some rows, where -1 stands for a row without a value.
  ///
  /// - Throws: `TableError.wouldRound` for whole numbers that no decimal number is equal to.
  public func rows(padding rows: [Int]) throws(TableError) -> Column {
    guard rows.contains(where: { $0 < 0 }) else { return try rowsInterruptibly(at: rows) }
    if kind == .text {
      let texts = try texts()
      return Column(
        name, texts: try Interruption.map(rows.count) { rows[$0] < 0 ? nil : texts[rows[$0]] })
    }
    let numbers = try asDoubles().doubles()
    return Column(
      name, doubles: try Interruption.map(rows.count) { rows[$0] < 0 ? .nan : numbers[rows[$0]] })
  }

  /// The numbers as decimal ones.
  ///
  /// - Throws: `TableError.wrongKind` for text, `.wouldRound` for whole numbers that no decimal one is
  ///   equal to.
  public func asDoubles() throws(TableError) -> Column {
    if kind == .doubles { return self }
    let numbers = try doubles()
    if case .int64(let wide) = storage, wide.contains(where: { Int64(exactly: Double($0)) != $0 }) {
      throw .wouldRound(column: name)
    }
    return Column(name, doubles: numbers)
  }

  /// The values moved down by some rows, or up where that is negative; the rows that become free have
  /// no value.
  ///
  /// - Throws: `TableError.wouldRound`.
  public func shifted(by distance: Int) throws(TableError) -> Column {
    let count = count
    return try rows(
      padding: (0..<count).map { row in
        let (from, overflow) = row.subtractingReportingOverflow(distance)
        return !overflow && (0..<count).contains(from) ? from : -1
      })
  }
}

// MARK: - Numbers down the column
extension Column {
  /// The sum, product, smallest or largest value of each row and all rows above; rows without a value
  /// have none and are passed over.
  ///
  /// - Throws: `TableError.wrongKind` for text, `.sumTooLarge`.
  public func running(_ kind: RunningKind) throws(TableError) -> Column {
    if self.kind == .integers {
      var all: [Int] = []
      for number in try integers() {
        let (next, overflow) = all.last.map { kind.apply($0, number) } ?? (number, false)
        guard !overflow else { throw .sumTooLarge(column: name) }
        all.append(next)
      }
      return Column(name, integers: all)
    }
    var last: Double?
    return Column(
      name,
      doubles: try doubles().map { number in
        guard !number.isNaN else { return number }
        let next = last.map { kind.apply($0, number) } ?? number
        last = next
        return next
      })
  }

  /// The value below which a part of the values lies, between its neighbours in order as numpy has it.
  ///
  /// - Throws: `TableError.wrongKind` for text, `.interrupted`.
  public func quantile(_ part: Double) throws(TableError) -> Double {
    try quantiles([part])[0]
  }

  /// The values below which some parts of the values lie.
  ///
  /// - Throws: as ``quantile(_:)``.
  public func quantiles(_ parts: [Double]) throws(TableError) -> [Double] {
    let keys = try doubles().lazy.filter { !$0.isNaN }.map { UInt64(ordering: $0) }
    let ordered = try KeyOrder(Array(keys), asking: Interruption.check).keys
    return parts.map { part in
      guard !ordered.isEmpty else { return .nan }
      let place = part * Double(ordered.count - 1)
      let low = Swift.min(Swift.max(Int(clamping: place.rounded(.down)), 0), ordered.count - 1)
      let below = ordered[low].orderedDouble
      let above = ordered[Swift.min(low + 1, ordered.count - 1)].orderedDouble
      let rest = place - Double(low)
      // Source: `_lerp` in numpy/lib/_function_base_impl.py.
      return rest >= 0.5
        ? above - (above - below) * (1 - rest) : below + (above - below) * rest
    }
  }

  /// The ranks of the values, from 1; rows without a value have none.
  ///
  /// - Throws: `TableError.interrupted`.
  /// - Complexity: that of `coded()`.
  public func ranks(
    _ method: RankMethod = .average, descending: Bool = false
  ) throws(TableError) -> Column {
    let coded = try codedInterruptibly()
    let levelCount = coded.levels.count
    let places = coded.codes.map { code in
      code < 0 ? -1 : descending ? levelCount - 1 - Int(code) : Int(code)
    }
    let groups = try RowGroups(places, groupCount: levelCount)
    var ranks = [Double](repeating: .nan, count: count)
    var before = 0
    for group in 0..<levelCount {
      let rows = groups.rows(of: group)
      for (place, row) in rows.enumerated() {
        ranks[row] =
          switch method {
          case .average: Double(before) + Double(rows.count + 1) / 2
          case .min: Double(before + 1)
          case .max: Double(before + rows.count)
          case .first: Double(before + place + 1)
          case .dense: Double(group + 1)
          }
      }
      before += rows.count
    }
    return Column(name, doubles: ranks)
  }

  /// The values moved to the nearest bound where they lie beyond one; whole numbers stay whole if the
  /// bounds are.
  ///
  /// - Throws: `TableError.wrongKind` for text.
  public func clipped(low: Value?, high: Value?) throws(TableError) -> Column {
    func whole(_ value: Value?) -> Int?? {
      switch value {
      case nil, .missing?: .some(nil)
      case .integer(let number)?: .some(number)
      default: nil
      }
    }
    if kind == .integers, let low = whole(low), let high = whole(high) {
      let numbers = try integers()
      return Column(
        name, integers: numbers.map { Swift.min(Swift.max($0, low ?? .min), high ?? .max) })
    }
    let (least, most) = (low?.number ?? -.infinity, high?.number ?? .infinity)
    return Column(
      name, doubles: try doubles().map { $0.isNaN ? $0 : Swift.min(Swift.max($0, least), most) })
  }

  /// The correlation with another column, over the rows in which both have a value.
  ///
  /// Source: `nancorr` in pandas/_libs/algos.pyx.
  ///
  /// - Throws: `TableError.wrongKind` for text.
  /// - Precondition: both columns have equally many rows.
  public func correlation(with other: Column) throws(TableError) -> Double {
    let (left, right) = (try doubles(), try other.doubles())
    precondition(left.count == right.count, "columns of \(left.count) and \(right.count) rows")
    var (count, meanX, meanY) = (0.0, 0.0, 0.0)
    var (squaresX, squaresY, products) = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) where !x.isNaN && !y.isNaN {
      count += 1
      let (dx, dy) = (x - meanX, y - meanY)
      meanX += 1 / count * dx
      meanY += 1 / count * dy
      squaresX += (x - meanX) * dx
      squaresY += (y - meanY) * dy
      products += (x - meanX) * dy
    }
    let divisor = (squaresX * squaresY).squareRoot()
    guard count > 0, divisor != 0 else { return .nan }
    return Swift.min(Swift.max(products / divisor, -1), 1)
  }
}

extension Column.Value {
  /// The number; nil for text and for none.
  package var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .double(let number): number
    case .text, .missing: nil
    }
  }
}
