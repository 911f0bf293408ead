package import CollabTables
import CollabTensors

/// What stands between the brackets of `.iloc[…]` and `.loc[…]`: a part for the rows, and perhaps one
/// for the columns.
public enum IndexPart {
  /// A value, such as a place, a label or a condition.
  case one(Value)
  /// What lies from one place or label to another; none where an end is left out.
  case slice(start: Value, stop: Value, step: Value)

  /// All rows or columns.
  package static var all: IndexPart { .slice(start: .none, stop: .none, step: .none) }
}

/// Which rows or columns are meant: one, or several in an order.
package enum PickedPlaces {
  case one(Int)
  case several([Int])

  package var single: Int? { if case .one(let place) = self { place } else { nil } }
  package var all: [Int] {
    switch self {
    case .one(let place): [place]
    case .several(let places): places
    }
  }
}

/// What stands behind `.iloc` and `.iat`: rows, and columns, by their places, counted from 0.
package final class Places: SessionObject {
  /// What has the rows.
  package private(set) var whole: Value

  package init(of whole: Value) { self.whole = whole }

  package var typeName: String { "iloc" }
  package var display: String { "the rows of \(whole.phrase) by their places" }

  package func element(_ index: Value) throws -> Value {
    if case .tuple(let parts) = index, parts.count == 2, whole.isTable {
      return try element(parts.map(IndexPart.one))
    }
    return try element([.one(index)])
  }

  package func element(_ parts: [IndexPart]) throws -> Value {
    try whole.picked(places(parts[0], whole.rowLabels), columns(parts))
  }

  package func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    try whole.picked(.several(places(whole.rowCount)), nil)
  }

  /// Gives some places another value.
  func set(_ parts: [IndexPart], to value: Value) throws {
    whole = try whole.replacing(places(parts[0], whole.rowLabels), columns(parts), by: value)
  }

  private func columns(_ parts: [IndexPart]) throws -> PickedPlaces? {
    guard parts.count > 1 else { return nil }
    guard parts.count == 2, case .table(let view) = whole else {
      throw Problem.notIndexable("iloc of \(whole.typeName)")
    }
    return try places(parts[1], RowLabels(numbered: view.table.columns.count))
  }

  private func places(_ part: IndexPart, _ labels: RowLabels) throws -> PickedPlaces {
    switch part {
    case .slice(let start, let stop, let step):
      let bounds = try [start, stop, step].map { bound -> Int? in
        guard !bound.isNone else { return nil }
        guard let place = bound.integer else {
          throw Problem.wrongKind("iloc", expected: "whole numbers", got: bound.phrase)
        }
        return place
      }
      return .several(try Value.positions(bounds[0], bounds[1], bounds[2], count: labels.count))
    case .one(let index):
      if let mask = try index.mask(of: labels) { return .several(mask) }
      if let place = index.integer {
        return .one(try Value.position(place, count: labels.count))
      }
      return .several(try Value.places(index, count: labels.count, in: "iloc"))
    }
  }
}

/// What stands behind `.loc` and `.at`: rows by their labels or by a condition, columns by their names.
package final class Labels: SessionObject {
  /// What has the rows.
  package private(set) var whole: Value

  package init(of whole: Value) { self.whole = whole }

  package var typeName: String { "loc" }
  package var display: String { "the rows of \(whole.phrase) by their labels" }

  package func element(_ index: Value) throws -> Value {
    if case .tuple(let parts) = index, parts.count == 2, case .table(let view) = whole,
      view.labels.levels.count < 2
    {
      return try element(parts.map(IndexPart.one))
    }
    return try element([.one(index)])
  }

  package func element(_ parts: [IndexPart]) throws -> Value {
    if case .object(let series as Series) = whole {
      let label =
        parts.count == 1 ? parts[0] : try IndexPart.one(.tuple(parts.map { try $0.single }))
      guard case .one(let label) = label, try label.mask(of: series.labels) == nil else {
        return try whole.picked(rows(label), nil)
      }
      return try series.labelled(label)
    }
    if case .table(let view) = whole, view.labels.levels.count > 1, parts.count > 1,
      case .one(let label) = parts[1], !view.table.hasColumn(label.text)
    {
      return try whole.picked(rows(.one(.tuple(try parts.map { try $0.single }))), nil)
    }
    return try whole.picked(rows(parts[0]), columns(parts))
  }

  package func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    try whole.picked(.several(places(whole.rowCount)), nil)
  }

  /// Gives some labels another value; a column that is new is added.
  func set(_ parts: [IndexPart], to value: Value) throws {
    if case .table(let view) = whole, parts.count == 2, case .one(.string(let name)) = parts[1],
      !view.table.hasColumn(name)
    {
      let empty = [String?](repeating: nil, count: view.rowCount)
      whole = .table(
        try value.isText
          ? view.with(view.table.adding(Column(name, texts: empty)))
          : view.setting(name, to: .double(.nan)))
    }
    whole = try whole.replacing(rows(parts[0]), columns(parts), by: value)
  }

  private func rows(_ part: IndexPart) throws -> PickedPlaces {
    try whole.rowLabels.picked(part)
  }

  private func columns(_ parts: [IndexPart]) throws -> PickedPlaces? {
    guard parts.count > 1 else { return nil }
    guard parts.count == 2, case .table(let view) = whole else {
      throw Problem.notIndexable("loc of \(whole.typeName)")
    }
    if case .one(let name) = parts[1], !name.isSeveral {
      _ = try view.table.column(name.text)
    }
    if case .one(let names) = parts[1], let elements = try? names.members(), names.isSeveral,
      try names.mask(of: RowLabels(numbered: view.table.columns.count)) == nil
    {
      for name in elements { _ = try view.table.column(name.text) }
    }
    return try RowLabels(Column("", texts: view.table.columnNames)).picked(parts[1])
  }
}

extension IndexPart {
  fileprivate var single: Value {
    get throws {
      guard case .one(let value) = self else { throw Problem.notIndexable("loc of several labels") }
      return value
    }
  }
}

// MARK: - Labels that are asked for

extension RowLabels {
  /// The rows of a label, of several, of a condition, or of the labels from one to another.
  fileprivate func picked(_ part: IndexPart) throws -> PickedPlaces {
    switch part {
    case .one(let index):
      if let mask = try index.mask(of: self) { return .several(mask) }
      return try rows(labelled: index)
    case .slice(let start, let stop, let step):
      // Both ends are meant, as in pandas.
      let first = try start.isNone ? 0 : bound(start, isEnd: false)
      let last = try stop.isNone ? count - 1 : bound(stop, isEnd: true)
      let stride = step.integer ?? 1
      guard stride > 0 else {
        throw Problem.wrongKind("the step of loc", expected: "a number above 0", got: step.phrase)
      }
      return .several(
        first > last ? [] : Array(Swift.stride(from: first, through: last, by: stride)))
    }
  }

  /// The first or last row of a label; where labels ascend, also the place where it would be.
  private func bound(_ label: Value, isEnd: Bool) throws -> Int {
    if let row = isEnd ? rows(of: label).last : rows(of: label).first { return row }
    if let cell = label.cell, levels.count < 2 {
      let relation: ColumnRelation = isEnd ? .greater : .greaterOrEqual
      let isAscending = try column.sortedRows().elementsEqual(0..<count)
      if isAscending, (column.kind == .text) == cell.isText {
        let place = column.compared(relation, to: cell).firstIndex(of: true) ?? count
        return isEnd ? place - 1 : place
      }
    }
    throw missing(label)
  }

  /// The rows of a label or of several.
  package func rows(labelled index: Value) throws -> PickedPlaces {
    if index.isSeveral {
      let labels = try index.members()
      if labels.count < 8 || levels.count > 1 {
        return .several(try labels.flatMap { try rowsThere(of: $0) })
      }
      // Many labels are looked up in a table of all.
      let wanted = RowLabels(try Column("", cells: labels))
      let rows = wanted.rows(in: self)
      if let place = rows.firstIndex(of: -1) { throw missing(labels[place]) }
      return Set(try column.codedInterruptibly().codes).count == count
        ? .several(rows) : .several(try labels.flatMap { try rowsThere(of: $0) })
    }
    let rows = try rowsThere(of: index)
    return rows.count == 1 && isWhole(index) ? .one(rows[0]) : .several(rows)
  }

  private func rowsThere(of label: Value) throws -> [Int] {
    let rows = rows(of: label)
    guard !rows.isEmpty else { throw missing(label) }
    return rows
  }

  private func missing(_ label: Value) -> Problem {
    let column = column
    let kinds = column.kind == .text ? "texts" : "numbers"
    let range =
      if count > 0, let first = try? column.aggregated(.min),
        let last = try? column.aggregated(.max)
      {
        "\(kinds) from \(Value(first).display) to \(Value(last).display)"
      } else {
        kinds
      }
    let place = label.integer.map { $0 < count && $0 >= 0 ? $0 : 0 }
    return .missingLabel(label.display, among: range, place: count > 0 ? place : nil)
  }
}

extension Value {
  fileprivate var isText: Bool { if case .string = self { true } else { false } }
}

extension Column.Value {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}

// MARK: - Rows of values

extension Value {
  /// What the rows of a table, a column or a series are called.
  package var rowLabels: RowLabels {
    switch self {
    case .table(let view): view.labels
    default: series?.labels ?? RowLabels(numbered: 0)
    }
  }

  /// The number of rows of a table, a column or a series.
  package var rowCount: Int { rowLabels.count }

  /// Some rows of a table, a column or a series, in the order asked for.
  package func rows(at rows: [Int]) throws -> Value {
    if case .table(let view) = self { return .table(try view.rowsInterruptibly(at: rows)) }
    return try series?.rowsInterruptibly(at: rows).value ?? self
  }

  /// Some rows and some columns.
  fileprivate func picked(_ rows: PickedPlaces, _ columns: PickedPlaces?) throws -> Value {
    guard case .table(let view) = self else {
      guard let series else { return self }
      if let row = rows.single { return series.values.cell(at: row) }
      return try series.rowsInterruptibly(at: rows.all).value
    }
    guard let columns else {
      if let row = rows.single { return try view.row(at: row) }
      return .table(try view.rowsInterruptibly(at: rows.all))
    }
    let names = columns.all.map { view.table.columns[$0].name }
    if let place = columns.single {
      let column = Series(view.labels, view.table.columns[place])
      if let row = rows.single { return column.values.cell(at: row) }
      return try column.rowsInterruptibly(at: rows.all).value
    }
    let part = view.with(try view.table.select(names))
    if let row = rows.single { return try part.row(at: row) }
    return .table(try part.rowsInterruptibly(at: rows.all))
  }

  /// The same with another value in some rows and columns.
  fileprivate func replacing(
    _ rows: PickedPlaces, _ columns: PickedPlaces?, by value: Value
  ) throws -> Value {
    guard case .table(let view) = self else {
      guard let series else { throw Problem.notAssignable(phrase) }
      return series.with(try series.values.replacing(rows.all, by: value)).value
    }
    var table = view.table
    for place in columns?.all ?? Array(table.columns.indices) {
      table = try table.adding(table.columns[place].replacing(rows.all, by: value))
    }
    return .table(view.with(table))
  }

  /// A place, counted from the end if it is negative.
  package static func position(_ place: Int, count: Int) throws -> Int {
    let position = place < 0 ? place + count : place
    guard (0..<count).contains(position) else { throw Problem.outOfRange(place, count: count) }
    return position
  }

  /// Several places, each counted from the end if it is negative.
  package static func places(_ index: Value, count: Int, in what: String) throws -> [Int] {
    guard index.elements != nil || index.isSeveral else {
      throw Problem.wrongKind(what, expected: "a whole number", got: index.phrase)
    }
    return try index.members().map { member in
      guard let place = member.integer else {
        throw Problem.wrongKind(what, expected: "whole numbers", got: member.phrase)
      }
      return try position(place, count: count)
    }
  }

  /// The places at which this is true, if it is a list of truth values; nil for other values.
  package func mask(of count: Int) throws -> [Int]? {
    try mask(of: RowLabels(numbered: count))
  }

  /// The rows at which this is true, if it is a list of truth values; nil for other values.
  ///
  /// Those of a series go by its labels, others by their places.
  package func mask(of labels: RowLabels) throws -> [Int]? {
    let flags: [Bool]
    switch self {
    case .array(let mask) where mask.dtype == .bool, .tensor(let mask) where mask.dtype == .bool:
      guard mask.shape.count == 1 else { throw Problem.maskDoesNotFit(mask.count, labels.count) }
      flags = mask.scalars(as: Bool.self)
    case .list(let elements), .longList(let elements):
      let members = elements.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
      guard !elements.isEmpty, members.count == elements.count else { return nil }
      flags = members
    default:
      guard let series, let truths = series.values.truths else { return nil }
      guard series.labels.count >= labels.count else {
        throw Problem.maskDoesNotFit(truths.count, labels.count)
      }
      let rows = labels.rows(in: series.labels)
      guard !rows.contains(-1) else { throw Problem.unlikeLabels }
      return rows.indices.filter { truths[rows[$0]] }
    }
    guard flags.count == labels.count else {
      throw Problem.maskDoesNotFit(flags.count, labels.count)
    }
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

extension Column {
  /// The column with other values in some rows: one for all of them, or one for each.
  fileprivate func replacing(_ rows: [Int], by value: CollabInterpreter.Value) throws -> Column {
    var cells = (0..<count).map(cell)
    if value.isSeveral {
      let members = try value.members()
      guard members.count == rows.count else {
        throw Problem.unequalLengths("what is assigned", members.count, "the place", rows.count)
      }
      for (row, member) in zip(rows, members) { cells[row] = member }
    } else {
      for row in rows { cells[row] = value }
    }
    return try Column(name, cells: cells)
  }
}
