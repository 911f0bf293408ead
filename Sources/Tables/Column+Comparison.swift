/// How two values are compared.
public enum ColumnRelation: String, CaseIterable, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether the relation holds between two values, given which of them is smaller.
  ///
  /// Without an order one of them is missing, and differs from everything.
  public func holds(_ order: ValueOrder?) -> Bool {
    switch self {
    case .equal: order == .same
    case .notEqual: order != .same
    case .less: order == .ascending
    case .lessOrEqual: order == .ascending || order == .same
    case .greater: order == .descending
    case .greaterOrEqual: order == .descending || order == .same
    }
  }

  /// The relation between the same two values the other way round.
  public var reversed: ColumnRelation {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// Which of two values is the smaller one.
///
/// Whole and decimal numbers are compared as they are, without rounding one of them, as in Python.
public enum ValueOrder: Sendable {
  /// The first is smaller.
  case ascending
  /// Both are equal.
  case same
  /// The second is smaller.
  case descending

  /// The order of two numbers or other things that have one.
  init<Value: Comparable>(_ one: Value, _ other: Value) {
    self = one < other ? .ascending : one == other ? .same : .descending
  }

  /// The order of a whole and a decimal number; nil if the latter is not a number.
  public init?(_ whole: Int, _ number: Double) {
    guard !number.isNaN else { return nil }
    guard number < 0x1p63 else {
      self = .ascending
      return
    }
    guard number >= -0x1p63 else {
      self = .descending
      return
    }
    let floor = number.rounded(.down)
    let order = ValueOrder(whole, Int(clamping: floor))
    // What is equal to the whole part is smaller if there is a fraction.
    self = order == .same && floor < number ? .ascending : order
  }

  /// The order of two cells; nil if one is missing, or if they are a text and a number.
  public init?(_ one: Column.Value, _ other: Column.Value) {
    switch (one, other) {
    case (.integer(let one), .integer(let other)): self.init(one, other)
    case (.integer(let one), .double(let other)): self.init(one, other)
    case (.double(let one), .integer(let other)):
      guard let order = ValueOrder(other, one) else { return nil }
      self = order.reversed
    case (.double(let one), .double(let other)):
      guard !one.isNaN, !other.isNaN else { return nil }
      self.init(one, other)
    case (.text(let one), .text(let other)):
      self =
        one.utf8.elementsEqual(other.utf8)
        ? .same : one.utf8.lexicographicallyPrecedes(other.utf8) ? .ascending : .descending
    default: return nil
    }
  }

  /// The order the other way round.
  public var reversed: ValueOrder {
    switch self {
    case .ascending: .descending
    case .same: .same
    case .descending: .ascending
    }
  }
}

// MARK: - Comparing
extension Column {
  /// For each row, whether a relation holds between its value and another one.
  ///
  ///     try ratings.column("rating").compared(.greater, to: .integer(3))
  ///
  /// A missing value differs from all others and is neither smaller nor larger; so is a text beside
  /// a number. Texts are ordered by UTF-8 bytes.
  ///
  /// - Complexity: O(`count`).
  public func compared(_ relation: ColumnRelation, to value: Value) -> [Bool] {
    switch (storage, value) {
    case (.text(let codes, let levels), _):
      let flags = levels.map { relation.holds(ValueOrder(.text($0), value)) }
      let ofMissing = relation.holds(nil)
      return codes.map { $0 < 0 ? ofMissing : flags[Int($0)] }
    case (.fewDoubles(let codes, let levels), _):
      let flags = levels.map { relation.holds(ValueOrder(.double($0), value)) }
      return codes.map { flags[Int($0)] }
    case (.truths(let values), _):
      let (low, high) = (ValueOrder(.integer(0), value), ValueOrder(.integer(1), value))
      return values.map { relation.holds($0 ? high : low) }
    case (.int8(let numbers), _):
      let flags = (Int8.min...Int8.max).map {
        relation.holds(ValueOrder(.integer(Int($0)), value))
      }
      return numbers.map { flags[Int($0) - Int(Int8.min)] }
    default:
      return (0..<count).map { relation.holds(ValueOrder(self.value(at: $0), value)) }
    }
  }

  /// For each row, whether a relation holds between its value and that of another column.
  ///
  /// - Precondition: both columns have equally many rows.
  /// - Complexity: O(`count`).
  public func compared(_ relation: ColumnRelation, to other: Column) -> [Bool] {
    precondition(count == other.count, "columns of \(count) and \(other.count) rows")
    return (0..<count).map { row in
      relation.holds(ValueOrder(value(at: row), other.value(at: row)))
    }
  }

  /// For each row, whether its value is one of some; a missing value is if one of them is missing.
  ///
  /// - Complexity: O(`count` + `values.count`).
  public func isIn(_ values: [Value]) -> [Bool] {
    var wanted: Set<CellKey> = []
    for value in values { wanted.insert(CellKey(value)) }
    let coded = coded()
    let flags = (0..<coded.levels.count).map {
      wanted.contains(CellKey(coded.levels.value(at: $0)))
    }
    let ofMissing = wanted.contains(.missing)
    return coded.codes.map { $0 < 0 ? ofMissing : flags[Int($0)] }
  }

  /// The first row that has a value; nil if there is none.
  public func firstRow(of value: Value) -> Int? {
    let key = CellKey(value)
    return (0..<count).first { CellKey(self.value(at: $0)) == key }
  }
}

/// A cell as an element of a set: whole numbers and decimal ones equal to them are the same, texts
/// are their bytes.
package enum CellKey: Hashable {
  case integer(Int)
  case double(Double)
  case text([UInt8])
  case missing

  package init(_ value: Column.Value) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .double(let number):
      self = number.isNaN ? .missing : Int(exactly: number).map(CellKey.integer) ?? .double(number)
    case .text(let text): self = .text(Array(text.utf8))
    case .missing: self = .missing
    }
  }
}
