import CollabOrdering
import CollabThreading

/// A column as places in the list of its different values.
public struct CodedColumn: Sendable, Equatable {
  /// The code of a row whose value is missing.
  public static let missing: Int32 = -1

  /// For each row, the place of its value in `levels`, or `missing`.
  public let codes: [Int32]
  /// The different values, ascending; each occurs, and none is missing.
  public let levels: Column

  /// The first rows alone, with the levels of all.
  public func prefix(_ rowCount: Int) -> CodedColumn {
    CodedColumn(codes: Array(codes.prefix(rowCount)), levels: levels)
  }

  /// How many rows have each of the levels.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    return counts
  }
}

// MARK: - Different values
extension Column {
  /// The column as codes of its sorted different values, the way to a vocabulary.
  ///
  ///     let title = try ratings.column("title").coded()
  ///     title.levels.value(at: Int(title.codes[0]))  // the title of row 0
  ///
  /// Texts are sorted by UTF-8 bytes, which is the order of code points: `'` before digits before
  /// `A`–`Z` before `a`–`z` before accented letters. Missing values are no level.
  ///
  /// - Complexity: O(`count`).
  public func coded() -> CodedColumn { coded {} }

  /// As `coded()`, which stops where it is asked to.
  ///
  /// - Throws: `TableError.interrupted`.
  package func codedInterruptibly() throws(TableError) -> CodedColumn {
    try coded(asking: Interruption.check)
  }

  private func coded<Failure>(
    asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> CodedColumn {
    switch storage {
    case .int8(let values): try coded(integers: values, ask)
    case .int24(let values): try coded(integers: values.map(\.value), ask)
    case .int32(let values): try coded(integers: values, ask)
    case .int64(let values): try coded(integers: values, ask)
    case .doubles(let values): try coded(doubles: values, ask)
    case .fewDoubles(let codes, let levels):
      try coded(
        doubles: Interruption.map(codes.count, asking: ask) { levels[Int(codes[$0])] }, ask)
    case .truths(let values):
      try coded(codes: values.map { $0 ? 1 : 0 }, levelCount: 2, ask) { kept in
        .truths(kept.map { $0 == 1 })
      }
    case .text(let codes, let levels):
      try coded(codes: codes, levelCount: levels.count, ask) { kept in
        .text(codes: (0..<Int32(kept.count)).map { $0 }, levels: kept.map { levels[$0] })
      }
    }
  }

  /// The different values, ascending.
  public func distinct() -> Column { coded().levels }

  /// The different values and how often each occurs, the commonest first.
  ///
  /// Values that are equally common keep the order of their first rows, and missing ones are left
  /// out, as in pandas.
  ///
  /// - Returns: a table of the value, under this column's name, and `count`.
  /// - Throws: `TableError.interrupted`.
  public func valueCounts() throws(TableError) -> Table {
    let coded = try codedInterruptibly()
    let counts = coded.counts
    var firstRows = [Int](repeating: -1, count: coded.levels.count)
    for (row, code) in coded.codes.enumerated() where code >= 0 && firstRows[Int(code)] < 0 {
      firstRows[Int(code)] = row
    }
    // Rare ones first, and of those the last: what is left is the other way round.
    let places = try Column("", integers: firstRows).sortedRows(descending: true)
    let order = try Column("", integers: counts).sorted(places, descending: false).reversed()
    let countName = name == "count" ? "count_" : "count"
    return Table(checked: [
      coded.levels.rows(at: Array(order)),
      Column(countName, integers: order.map { counts[$0] }),
    ])
  }

  private func coded<Value: FixedWidthInteger & SendableMetatype, Failure>(
    integers values: [Value], _ ask: () throws(Failure) -> Void
  ) throws(Failure) -> CodedColumn {
    guard let low = values.min().map(Int.init), let high = values.max().map(Int.init) else {
      return CodedColumn(codes: [], levels: self)
    }
    let (range, isHuge) = high.subtractingReportingOverflow(low)
    if !isHuge, range < max(4 * values.count, 1 << 16) {
      let places = try Interruption.map(values.count, asking: ask) { Int32(Int(values[$0]) - low) }
      return try coded(codes: places, levelCount: range + 1, ask) { kept in
        .narrowest(kept.map { $0 + low })
      }
    }
    let keys = try Interruption.map(values.count, asking: ask) { UInt64(ordering: Int(values[$0])) }
    let order = try KeyOrder(keys, asking: ask)
    let (codes, levels) = try order.codes(missing: nil, asking: ask)
    let numbers = try Interruption.map(levels.count, asking: ask) { levels[$0].orderedInteger }
    return CodedColumn(codes: codes, levels: Column(name: name, storage: .narrowest(numbers)))
  }

  private func coded<Failure>(
    doubles values: [Double], _ ask: () throws(Failure) -> Void
  ) throws(Failure) -> CodedColumn {
    let keys = try Interruption.map(values.count, asking: ask) { UInt64(ordering: values[$0]) }
    let order = try KeyOrder(keys, asking: ask)
    let (codes, levels) = try order.codes(missing: .keyOfNone, asking: ask)
    let numbers = try Interruption.map(levels.count, asking: ask) { levels[$0].orderedDouble }
    return CodedColumn(codes: codes, levels: Column(name: name, storage: .fewest(numbers)))
  }

  /// Codes of the levels that occur, in their order; `storage` makes the levels from those.
  private func coded<Failure>(
    codes: [Int32], levelCount: Int, _ ask: () throws(Failure) -> Void, storage: ([Int]) -> Storage
  ) throws(Failure) -> CodedColumn {
    var places = [Int32](repeating: -1, count: levelCount)
    try Interruption.forEach(codes.count, asking: ask) { row in
      if codes[row] >= 0 { places[Int(codes[row])] = 0 }
    }
    var kept: [Int] = []
    for level in places.indices where places[level] == 0 {
      places[level] = Int32(kept.count)
      kept.append(level)
    }
    let keptCodes = try Interruption.map(codes.count, asking: ask) { row in
      codes[row] < 0 ? CodedColumn.missing : places[Int(codes[row])]
    }
    return CodedColumn(codes: keptCodes, levels: Column(name: name, storage: storage(kept)))
  }
}
