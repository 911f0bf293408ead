package import CollabTables
import CollabTensors

/// What stands behind `.iloc`: rows by their places, counted from 0.
package final class Places: SessionObject {
  private let whole: Value

  package init(of whole: Value) { self.whole = whole }

  package var typeName: String { "iloc" }
  package var display: String { "the rows of \(whole.phrase) by their places" }

  package func element(_ index: Value) throws -> Value {
    let count = whole.rowCount
    if let mask = try index.mask(of: count) { return whole.rows(at: mask) }
    if case .tuple(let parts) = index, parts.count == 2, case .table(let view) = whole {
      guard let place = parts[1].integer else {
        throw Problem.wrongKind(
          "iloc[row, column]", expected: "a whole number", got: parts[1].phrase)
      }
      let columns = view.table.columns
      let column = columns[try Value.position(place, count: columns.count)]
      return try Places(of: .column(column)).element(parts[0])
    }
    if let place = index.integer {
      let row = try Value.position(place, count: count)
      switch whole {
      case .column(let column): return Value(column.value(at: row))
      case .object(let series as Series): return Value(series.values.value(at: row))
      default: return whole.rows(at: [row])
      }
    }
    guard index.elements != nil || index.dtype != nil else {
      throw Problem.wrongKind("iloc", expected: "a whole number", got: index.phrase)
    }
    let rows = try index.members().map { member in
      guard let place = member.integer else {
        throw Problem.wrongKind("iloc", expected: "whole numbers", got: member.phrase)
      }
      return try Value.position(place, count: count)
    }
    return whole.rows(at: rows)
  }

  package func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    whole.rows(at: places(whole.rowCount))
  }
}

/// What stands behind `.loc`: rows by their labels, or by a condition.
///
/// The labels of a table and of a column are the numbers of its rows.
package final class Labels: SessionObject {
  private let whole: Value

  package init(of whole: Value) { self.whole = whole }

  package var typeName: String { "loc" }
  package var display: String { "the rows of \(whole.phrase) by their labels" }

  package func element(_ index: Value) throws -> Value {
    if case .tuple(let parts) = index, parts.count == 2, case .table(let view) = whole {
      let rows = try Labels(of: .column(Column("", integers: Array(0..<view.table.rowCount))))
        .element(parts[0])
      let picked =
        switch rows {
        case .column(let rows): view.table.rows(at: try rows.integers())
        default: view.table.rows(at: rows.integer.map { [$0] } ?? [])
        }
      let part = try Value.table(TableView(picked)).element(parts[1])
      guard rows.integer != nil, case .column(let column) = part else { return part }
      return Value(column.value(at: 0))
    }
    if case .object(let series as Series) = whole {
      if let mask = try index.mask(of: series.values.count) { return whole.rows(at: mask) }
      return try series.labelled(index)
    }
    return try Places(of: whole).element(index)
  }
}

// MARK: - Rows of values

extension Value {
  /// The number of rows of a table, a column or a series.
  package var rowCount: Int {
    switch self {
    case .table(let view): view.table.rowCount
    case .column(let column): column.count
    case .object(let series as Series): series.values.count
    default: 0
    }
  }

  /// Some rows of a table, a column or a series, in the order asked for.
  package func rows(at rows: [Int]) -> Value {
    switch self {
    case .table(let view): .table(TableView(view.table.rows(at: rows)))
    case .column(let column): .column(column.rows(at: rows))
    case .object(let series as Series): .object(series.rows(at: rows))
    default: self
    }
  }

  /// A place, counted from the end if it is negative.
  package static func position(_ place: Int, count: Int) throws -> Int {
    let position = place < 0 ? place + count : place
    guard (0..<count).contains(position) else { throw Problem.outOfRange(place, count: count) }
    return position
  }

  /// The places at which this is true, if it is a list of truth values; nil for other values.
  package func mask(of count: Int) throws -> [Int]? {
    let flags: [Bool]
    switch self {
    case .array(let mask) where mask.dtype == .bool, .tensor(let mask) where mask.dtype == .bool:
      guard mask.shape.count == 1 else { throw Problem.maskDoesNotFit(mask.count, count) }
      flags = mask.scalars(as: Bool.self)
    case .list(let elements), .longList(let elements):
      let members = elements.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
      guard !elements.isEmpty, members.count == elements.count else { return nil }
      flags = members
    default: return nil
    }
    guard flags.count == count else { throw Problem.maskDoesNotFit(flags.count, count) }
    return flags.indices.filter { flags[$0] }
  }

  /// The value as a cell of a table; nil if no cell can hold it.
  package var cell: Column.Value? {
    switch self {
    case .bool(let flag): .integer(flag ? 1 : 0)
    case .int(let number): .integer(number)
    case .double(let number): .double(number)
    case .string(let text): .text(text)
    case .none: .missing
    case .tensor(let tensor) where tensor.count == 1, .array(let tensor) where tensor.count == 1:
      integer.map(Column.Value.integer) ?? number.map(Column.Value.double)
    default: nil
    }
  }
}
