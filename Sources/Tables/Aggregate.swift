/// What is made of the values of a column, or of those of each group.
///
/// All but `size` leave missing values out, as pandas does.
public enum Aggregate: String, CaseIterable, Sendable {
  /// The number of rows.
  case size
  /// The number of values.
  case count
  /// The number of different values.
  case nunique
  /// The sum of numbers; 0 of none.
  case sum
  /// The mean of numbers.
  case mean
  /// The middle number in order, or the mean of the two that share the middle.
  case median
  /// The smallest value.
  case min
  /// The largest value.
  case max
  /// The standard deviation of numbers, with one degree of freedom less than values.
  case std
  /// The variance of numbers, with one degree of freedom less than values.
  case variance = "var"
  /// The first value.
  case first
  /// The last value.
  case last
}

// MARK: - Aggregating
extension Column {
  /// One value for the whole column.
  ///
  /// Whole numbers stay whole and exact in sums, smallest and largest values. Where there is nothing
  /// to take, the value is `nan`.
  ///
  /// - Throws: `TableError.wrongKind` for a number of texts, `.sumTooLarge` for a sum of whole numbers
  ///   that does not fit in 64 bits.
  public func aggregated(_ aggregate: Aggregate) throws(TableError) -> Value {
    switch aggregate {
    case .min, .max, .first, .last:
      guard missingRows.count < count else { return kind == .text ? .missing : .double(.nan) }
    default: break
    }
    return try aggregated(aggregate, in: RowGroups(all: count)).value(at: 0)
  }

  /// One value for each group of rows, under this column's name.
  ///
  /// - Throws: `TableError.wrongKind` and `.sumTooLarge`, as for a whole column.
  public func aggregated(
    _ aggregate: Aggregate, by grouping: RowGrouping
  ) throws(TableError) -> Column {
    try aggregated(aggregate, in: grouping.groups)
  }

  func aggregated(_ aggregate: Aggregate, in groups: RowGroups) throws(TableError) -> Column {
    switch aggregate {
    case .size:
      return Column(name, integers: try groups.map(\.count))
    case .count, .nunique:
      let codes = try codedInterruptibly().codes
      return Column(
        name,
        integers: try groups.map { rows in
          let known = rows.lazy.filter { codes[$0] >= 0 }
          return aggregate == .count
            ? known.reduce(0) { count, _ in count + 1 } : Set(known.map { codes[$0] }).count
        })
    case .min, .max, .first, .last:
      return try rowsInterruptibly(at: chosenRows(aggregate, in: groups))
    case .sum where kind == .integers: return try sums(in: groups)
    case .sum, .mean, .median, .std, .variance:
      let numbers = try doubles()
      return Column(
        name,
        doubles: try groups.map { rows throws(TableError) in
          try Statistics(of: rows.map { numbers[$0] }).value(aggregate)
        })
    }
  }

  /// The row of each group that stands for it; one without a value where all are.
  private func chosenRows(
    _ aggregate: Aggregate, in groups: RowGroups
  ) throws(TableError) -> [Int] {
    let codes = try codedInterruptibly().codes
    return try groups.map { all in
      let rows = all.lazy.filter { codes[$0] >= 0 }
      let chosen =
        switch aggregate {
        case .first: rows.first
        case .last: rows.last
        case .min: rows.min { codes[$0] < codes[$1] }
        default: rows.max { codes[$0] < codes[$1] }
        }
      return chosen ?? all.first
    }.compactMap(\.self)
  }

  private func sums(in groups: RowGroups) throws(TableError) -> Column {
    let numbers = try integers()
    var sums: [Int] = []
    for group in 0..<groups.count {
      let sum = groups.rows(of: group).reduce(0 as Int128) { $0 + Int128(numbers[$1]) }
      guard let sum = Int(exactly: sum) else { throw .sumTooLarge(column: name) }
      sums.append(sum)
    }
    return Column(name, integers: sums)
  }
}

// MARK: - Places
extension Column {
  /// The first row with the smallest or the largest value; nil if no row has a value.
  public func firstRow(ofLargest isLargest: Bool) -> Int? {
    let codes = coded().codes
    let rows = codes.indices.filter { codes[$0] >= 0 }
    return isLargest
      ? rows.min { codes[$0] > codes[$1] } : rows.min { codes[$0] < codes[$1] }
  }
}
