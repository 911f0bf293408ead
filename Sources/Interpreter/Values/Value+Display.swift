package import CollabPythonText
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
    case .column: series?.block ?? .preformatted(display)
    case .object(let object): object.block
    case .list, .tuple: .preformatted(wrappedDisplay())
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
    case .list(let elements): "[\(elements.map(\.display).joined(separator: ", "))]"
    case .longList(let elements): "(#\(elements.count)) \(Value.bracketed(elements))"
    case .array(let tensor): tensor.arrayDescription
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
    case .tuple, .list: display
    case .longList(let elements): Value.list(elements).display
    case .tensor(let tensor): tensor.description
    case .array(let tensor): tensor.arrayText
    case .size(let sizes): "torch.Size(\(sizes))"
    case .table(let view): view.table.columnNames.joined(separator: ", ")
    case .column(let column): column.name
    case .module(let module): module.description
    case .callable(let callable): "<\(callable.typeName) \(callable.name)>"
    case .object(let object): object.display
    }
  }

  /// The elements in brackets, cut after ten as fastcore's `L` cuts them.
  private static func bracketed(_ elements: [Value]) -> String {
    let shown = elements.prefix(10).map(\.display).joined(separator: ", ")
    return elements.count > 10 ? "[\(shown)...]" : "[\(shown)]"
  }

  /// The value in an f-string.
  package func formatted(_ format: String?) throws -> String {
    guard let format, !format.isEmpty else {
      // A tensor of one number without dimensions is that number.
      guard case .tensor(let tensor) = self, tensor.shape.isEmpty, !tensor.isParameter else {
        return text
      }
      return try Value(elementOf: tensor).text
    }
    return try PythonFormat.text(formattable, spec: format)
  }

  /// The value as formats take it: a number, or its text.
  package var formattable: PythonFormat.Value {
    switch self {
    case .int(let value): return .integer(value)
    case .bool(let value): return .bool(value)
    case .double(let value): return .float(value)
    case .tensor(let tensor), .array(let tensor):
      if tensor.dtype.isFloatingPoint, let number { return .float(number) }
      return integer.map { .integer($0) } ?? .text(text)
    default: return .text(text)
    }
  }
}

// MARK: - Tables

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
  package func cells(of rows: [Int]) -> [String] {
    if let truths { return rows.map { truths[$0] ? "True" : "False" } }
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
