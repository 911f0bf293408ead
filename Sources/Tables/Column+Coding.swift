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
  /// - Complexity: O(`count`) for text and for whole numbers that lie close together, else
  ///   O(`count` + `levels` × log `levels`).
  public func coded() -> CodedColumn {
    switch storage {
    case .int8(let values): coded(integers: values)
    case .int24(let values): coded(integers: values.map(\.value))
    case .int32(let values): coded(integers: values)
    case .int64(let values): coded(integers: values)
    case .doubles(let values): coded(doubles: values)
    case .fewDoubles(let codes, let levels): coded(doubles: codes.map { levels[Int($0)] })
    case .truths(let values):
      coded(codes: values.map { $0 ? 1 : 0 }, levelCount: 2) { kept in
        .truths(kept.map { $0 == 1 })
      }
    case .text(let codes, let levels):
      coded(codes: codes, levelCount: levels.count) { kept in
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
  public func valueCounts() -> Table {
    let coded = coded()
    let counts = coded.counts
    var firstRows = [Int](repeating: -1, count: coded.levels.count)
    for (row, code) in coded.codes.enumerated() where code >= 0 && firstRows[Int(code)] < 0 {
      firstRows[Int(code)] = row
    }
    let order = counts.indices.sorted {
      counts[$0] == counts[$1] ? firstRows[$0] < firstRows[$1] : counts[$0] > counts[$1]
    }
    let countName = name == "count" ? "count_" : "count"
    return Table(checked: [
      coded.levels.rows(at: order), Column(countName, integers: order.map { counts[$0] }),
    ])
  }

  private func coded<Value: FixedWidthInteger & SendableMetatype>(integers values: [Value])
    -> CodedColumn
  {
    guard let low = values.min().map(Int.init), let high = values.max().map(Int.init) else {
      return CodedColumn(codes: [], levels: self)
    }
    let (range, isHuge) = high.subtractingReportingOverflow(low)
    if !isHuge, range < max(4 * values.count, 1 << 16) {
      let places = values.map { Int32(Int($0) - low) }
      return coded(codes: places, levelCount: range + 1) { kept in
        .narrowest(kept.map { $0 + low })
      }
    }
    let levels = Set(values).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(levels, Int32(0)...))
    return CodedColumn(
      codes: values.map { places[$0] ?? 0 },
      levels: Column(name: name, storage: .narrowest(levels.map(Int.init))))
  }

  private func coded(doubles values: [Double]) -> CodedColumn {
    var places: [UInt64: Int32] = [:]
    // Both zeros count as one value.
    func key(_ value: Double) -> UInt64 { (value + 0).bitPattern }
    for value in values where !value.isNaN { places[key(value)] = 0 }
    let levels = places.keys.map { Double(bitPattern: $0) }.sorted()
    for (place, level) in levels.enumerated() { places[key(level)] = Int32(place) }
    return CodedColumn(
      codes: values.map { $0.isNaN ? CodedColumn.missing : places[key($0)] ?? 0 },
      levels: Column(name: name, storage: .fewest(levels)))
  }

  /// Codes of the levels that occur, in their order; `storage` makes the levels from those.
  private func coded(
    codes: [Int32], levelCount: Int, storage: ([Int]) -> Storage
  ) -> CodedColumn {
    var places = [Int32](repeating: -1, count: levelCount)
    for code in codes where code >= 0 { places[Int(code)] = 0 }
    var kept: [Int] = []
    for level in places.indices where places[level] == 0 {
      places[level] = Int32(kept.count)
      kept.append(level)
    }
    return CodedColumn(
      codes: codes.map { $0 < 0 ? CodedColumn.missing : places[Int($0)] },
      levels: Column(name: name, storage: storage(kept)))
  }
}
