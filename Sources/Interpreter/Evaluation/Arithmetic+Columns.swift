import CollabLanguage
import CollabTables
import CollabTensors

// MARK: - Columns and series

extension Arithmetic {
  /// What an operator makes of a column or a series and another value, row by row.
  ///
  /// Rows of two series are found by their labels. The result has them, too.
  static func columns(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws -> Value {
    if left.isIndex || right.isIndex {
      let result = try columns(operation, left.withoutLabels, right.withoutLabels)
      guard case .column(let column) = result else { return result }
      return try column.values()
    }
    if left.isTable || right.isTable { return try tables(operation, left, right) }
    let rows = try LabelledRows(left.series, right.series, operation, left, right)
    let name = rows.name(left, right)
    let (one, other) = (rows.left ?? left, rows.right ?? right)
    if let relation = ColumnRelation(rawValue: operation.rawValue),
      let flags = try compared(relation, one, other)
    {
      return rows.value(Column(name, truths: flags))
    }
    if let texts = try joined(operation, one, other) {
      return rows.value(Column(name, texts: texts))
    }
    func operand(_ value: Value) throws -> Value {
      guard case .column(let column) = value else { return value }
      guard column.kind != .text else {
        throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
      }
      return .array(try column.tensor())
    }
    let result = try apply(operation, operand(one), operand(other))
    guard case .array(let tensor) = result, tensor.shape == [rows.labels.count] else {
      return result
    }
    return rows.value(try Column(name, tensor))
  }

  /// Whether a relation holds in each row, without a detour over rounded numbers; nil for what has
  /// to become an array first.
  private static func compared(
    _ relation: ColumnRelation, _ left: Value, _ right: Value
  ) throws -> [Bool]? {
    switch (left, right) {
    case (.column(let column), .column(let other)):
      guard column.count == other.count else {
        throw Problem.maskDoesNotFit(other.count, column.count)
      }
      guard (column.kind == .text) == (other.kind == .text) else {
        throw TableError.unlikeKeys(column: column.name, left: column.kind, right: other.kind)
      }
      return column.compared(relation, to: other)
    case (.column(let column), .bool), (.column(let column), .int), (.column(let column), .double),
      (.column(let column), .string):
      try requireLike(column, right)
      return right.cell.map { column.compared(relation, to: $0) }
    case (_, .column) where !left.isColumn: return try compared(relation.reversed, right, left)
    default: return nil
    }
  }

  /// Texts behind each other, or several times; nil unless there are texts.
  private static func joined(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws -> [String?]? {
    func texts(_ value: Value, _ count: Int) throws -> [String?]? {
      switch value {
      case .column(let column): column.kind == .text ? try column.texts() : nil
      case .string(let text): [String?](repeating: text, count: count)
      default: nil
      }
    }
    let count = max(left.rowCount, right.rowCount)
    switch operation {
    case .add:
      guard let a = try texts(left, count), let b = try texts(right, count) else { return nil }
      return zip(a, b).map { one, other in one.flatMap { one in other.map { one + $0 } } }
    case .multiply:
      guard let times = left.integer ?? right.integer,
        let all = try texts(left.integer == nil ? left : right, count)
      else { return nil }
      return try all.map { try $0.map { try repeated($0, times) } }
    default: return nil
    }
  }

  private static func repeated(_ text: String, _ times: Int) throws -> String {
    guard case .string(let result) = try apply(.multiply, .string(text), .int(times)) else {
      return text
    }
    return result
  }
}

/// The rows of two series beside each other, or those of one.
private struct LabelledRows {
  let labels: RowLabels
  /// The values of the left side in the order of the labels, if it is a column.
  let left: Value?
  let right: Value?

  init(
    _ one: Series?, _ other: Series?, _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws {
    guard let one, let other else {
      labels = one?.labels ?? other?.labels ?? RowLabels(numbered: 0)
      (self.left, self.right) = (one.map { .column($0.values) }, other.map { .column($0.values) })
      return
    }
    if one.labels.isSame(as: other.labels) {
      (labels, self.left, self.right) = (one.labels, .column(one.values), .column(other.values))
      return
    }
    let isArithmetic = [.add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power]
      .contains(operation)
    guard isArithmetic, (one.labels.column.kind == .text) == (other.labels.column.kind == .text)
    else {
      // A relation or a condition between rows of which some are missing would say nothing.
      (labels, self.left) = (one.labels, .column(one.values))
      self.right = .column(try other.values(inOrderOf: one))
      return
    }
    labels = try one.labels.union(other.labels)
    self.left = .column(try one.reordered(as: labels))
    self.right = .column(try other.reordered(as: labels))
  }

  /// The name of the result: that of the series, if both have the same.
  func name(_ left: Value, _ right: Value) -> String {
    switch (left.series?.values.name, right.series?.values.name) {
    case (let one?, let other?): one == other ? one : ""
    case (let one?, nil): one
    case (nil, let other): other ?? ""
    }
  }

  func value(_ column: Column) -> Value { Series(labels, column).value }
}

// MARK: - Tables

extension Arithmetic {
  /// What an operator makes of each column of a table and another value.
  static func tables(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws -> Value {
    guard case .table(let view) = left.isTable ? left : right else { return .none }
    let columns = try view.table.columns.map { column -> Column in
      func operand(_ value: Value) throws -> Value {
        switch value {
        case .table(let other):
          return Series(other.labels, try other.table.column(column.name)).value
        case .object(let series as Series):
          // A series goes by the names of the columns, as in pandas.
          return try series.labelled(.string(column.name))
        default: return value
        }
      }
      let (one, other) = (try operand(left), try operand(right))
      if operation == .equal || operation == .notEqual,
        column.isUnlike(left.isTable ? other : one)
      {
        return Column(
          column.name, truths: [Bool](repeating: operation == .notEqual, count: view.rowCount))
      }
      let result = try apply(operation, one, other)
      guard let values = result.series?.values, values.count == view.rowCount else {
        throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
      }
      return values.renamed(column.name)
    }
    return .table(view.with(try Table(columns)))
  }
}

extension Column {
  /// Whether this holds texts and a value is a number, or the other way round.
  fileprivate func isUnlike(_ value: CollabInterpreter.Value) -> Bool {
    switch value {
    case .string: kind != .text
    case .bool, .int, .double: kind == .text
    default: false
    }
  }
}

extension Value {
  var isTable: Bool { if case .table = self { true } else { false } }
  /// Whether this is a column, or an object that is one.
  var isColumn: Bool {
    switch self {
    case .column, .object(is any ColumnObject): true
    default: false
    }
  }
  fileprivate var isIndex: Bool { if case .object(is Index) = self { true } else { false } }

  /// The column without labels.
  fileprivate var withoutLabels: Value {
    switch self {
    case .object(let object as any ColumnObject): .column(object.values)
    default: self
    }
  }

  /// Whether one of two values is an array and the other a column, a series or a table.
  func isArrayBesideRows(_ other: Value) -> Bool {
    switch (self, other) {
    case (.array, _): other.isColumn || other.isTable
    case (_, .array): isColumn || isTable
    default: false
    }
  }
}
