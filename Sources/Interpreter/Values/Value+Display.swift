import CollabPythonText
import CollabText
package import CollabDocuments
import Glibc
import CollabLearning
package import CollabTables
import CollabTensors

extension Value {
  /// What a statement that has this value shows.
  package var presentation: [Block] {
    if case .table(let view) = self, !view.presentation.isEmpty { return view.presentation }
    return [block]
  }

  /// The value itself as a block.
  package var block: Block {
    switch self {
    case .table(let view): .table(view.block)
    case .column(let column): .table(column.block)
    case .object(let object): object.block
    default: .preformatted(display)
    }
  }

  /// Whether the value is shown as a table.
  package var isTabular: Bool {
    switch self {
    case .table, .column: true
    case .object(let object): object.isTabular
    default: false
    }
  }

  /// The value as Python's `repr` prints it.
  public var display: String {
    switch self {
    case .string(let text): PythonFormat.repr(text)
    case .tuple(let elements):
      "(\(elements.map(\.display).joined(separator: ", "))\(elements.count == 1 ? "," : ""))"
    case .list(let elements): Value.display(list: elements)
    case .longList(let elements): "(#\(elements.count)) \(Value.bracketed(elements))"
    default: text
    }
  }

  /// The value as Python's `str` prints it.
  public var text: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): "\(value)"
    case .double(let value): PythonFormat.repr(value)
    case .string(let text), .path(let text): text
    case .tuple, .list, .longList: display
    case .tensor(let tensor): tensor.description
    case .array(let tensor): tensor.arrayDescription
    case .size(let sizes): "torch.Size(\(sizes))"
    case .table(let view): view.table.columnNames.joined(separator: ", ")
    case .column(let column): column.name
    case .module(let module): module.description
    case .callable(let callable): "<\(callable.typeName) \(callable.name)>"
    case .object(let object): object.display
    }
  }

  /// Lists of more than ten elements say how long they are.
  private static func display(list elements: [Value]) -> String {
    elements.count > 10 ? "(#\(elements.count)) \(bracketed(elements))" : bracketed(elements)
  }

  /// The elements in brackets, cut after ten as fastcore's `L` cuts them.
  private static func bracketed(_ elements: [Value]) -> String {
    let shown = elements.prefix(10).map(\.display).joined(separator: ", ")
    return elements.count > 10 ? "[\(shown)...]" : "[\(shown)]"
  }

  /// The value in an f-string.
  package func formatted(_ format: String?) throws -> String {
    guard let format, !format.isEmpty else { return text }
    let formattable: PythonFormat.Value =
      switch self {
      case .int(let value): .integer(value)
      case .bool(let value): .bool(value)
      case .double(let value): .float(value)
      case .tensor(let tensor), .array(let tensor):
        if tensor.count == 1 && tensor.dtype.isFloatingPoint {
          .float(try tensor.item())
        } else if let integer {
          .integer(integer)
        } else {
          .text(text)
        }
      default: .text(text)
      }
    return try PythonFormat.text(formattable, spec: format)
  }
}

// MARK: - Tables

extension TableView {
  /// A table of more rows than this shows its first and last ones.
  private static let longest = 20
  private static let edge = 5

  /// The rows with their numbers, and how many there are.
  package var block: TableBlock {
    let isCut = table.rowCount > Self.longest
    let last = table.rowCount - Self.edge
    let rows =
      isCut ? Array(0..<Self.edge) + Array(last..<table.rowCount) : Array(0..<table.rowCount)
    let count = "\(grouped(table.rowCount)) rows × \(table.columns.count) columns"
    let footer =
      wholeCount > table.rowCount
      ? "\(grouped(table.rowCount)) of \(grouped(wholeCount)) rows × \(table.columns.count) columns"
      : count
    return TableBlock(
      columns: table.columns.map { $0.kind == .text ? .text($0.name) : .number($0.name) },
      rows: table.cells(of: rows), index: rows.map { "\($0)" },
      gapAfterRow: isCut ? Self.edge - 1 : nil, footer: footer)
  }
}

extension Column {
  package var block: TableBlock { TableView(Table(single: self)).block }
}

extension Table {
  /// A table of one column.
  package init(single column: Column) {
    self = (try? Table([column])) ?? Table.empty
  }

  private static var empty: Table {
    (try? Table([])) ?? Table(single: Column("empty", integers: []))
  }
}

extension Table {
  /// Some rows as pandas shows them.
  package func cells(of rows: [Int]) -> [[String]] {
    let columns = columns.map { $0.cells(of: rows) }
    return rows.indices.map { row in columns.map { $0[row] } }
  }
}

extension Column {
  /// Some cells as pandas shows them: numbers that are no integers with the same decimals, as few of
  /// six as all of them need, or with exponents when that is too few or too long.
  ///
  /// Source: pandas, `pandas/io/formats/format.py`, `FloatArrayFormatter`.
  fileprivate func cells(of rows: [Int]) -> [String] {
    let values = rows.map { value(at: $0) }
    let numbers = values.compactMap { value -> Double? in
      if case .double(let number) = value { number } else { nil }
    }
    let sizes = numbers.filter(\.isFinite).map(abs)
    guard !sizes.isEmpty else { return values.map(\.display) }
    let digits = TensorFormat.precision ?? 6
    let isSmall = sizes.contains { $0 > 0 && $0 < pow(10, -Double(digits)) }
    let longest = numbers.map { fixed($0, digits).count }.max() ?? 0
    let isLong = longest > digits + 6 && sizes.contains { $0 > 1e6 }
    let spec = ".\(digits)\(isSmall || isLong ? "e" : "f")"
    var texts = values.map { value -> String in
      guard case .double(let number) = value, number.isFinite else { return value.display }
      return (try? PythonFormat.text(.float(number), spec: spec)) ?? value.display
    }
    guard !isSmall, !isLong else { return texts }
    let finite = texts.indices.filter {
      if case .double(let x) = values[$0] { x.isFinite } else { false }
    }
    while finite.allSatisfy({ texts[$0].hasSuffix("0") && !texts[$0].hasSuffix(".0") }) {
      for place in finite { texts[place].removeLast() }
    }
    return texts
  }
}

extension Column.Value {
  /// A cell as pandas shows it.
  package var display: String {
    switch self {
    case .integer(let value): "\(value)"
    case .double(let value): value.isNaN ? "NaN" : PythonFormat.repr(value)
    case .text(let text): text
    case .missing: "NaN"
    }
  }
}
