import Text
import Documents
import Tables
import Tensors

/// Numbers with a label each, as pandas' Series: what counting and grouping give.
final class Series: SessionObject {
  let labels: Column
  let values: Column

  init(_ labels: Column, _ values: Column) {
    (self.labels, self.values) = (labels, values)
  }

  var typeName: String { "Series" }
  var memberNames: [String] { ["index", "values"] }

  /// The labels with their numbers, as a table.
  var table: Table? {
    let name = values.name == labels.name ? "count" : values.name
    return try? Table([labels, values.renamed(name)])
  }

  var display: String {
    table.map { "\(TableView($0).block.rows.count) rows" } ?? "an empty series"
  }

  func member(_ name: String) -> Value? {
    switch name {
    case "index": .column(labels)
    case "values": try? values.values()
    default: nil
    }
  }

  func element(_ index: Value) throws -> Value {
    if case .string(let label) = index {
      guard let row = (0..<labels.count).first(where: { Value(labels.value(at: $0)).text == label })
      else { throw Problem.missingKey(label, in: "the series", near: []) }
      return Value(values.value(at: row))
    }
    if case .array(let mask) = index, mask.dtype == .bool {
      let rows = try Table([labels, values.renamed("")]).rows(where: index)
      return .object(Series(rows.columns[0], rows.columns[1].renamed(values.name)))
    }
    return try Value.column(values).element(index)
  }

  /// The rows in the order of their numbers; equal ones keep theirs.
  func sorted(ascending: Bool) throws -> Series {
    let numbers = try values.doubles()
    let order = numbers.indices.sorted {
      numbers[$0] == numbers[$1]
        ? $0 < $1 : ascending ? numbers[$0] < numbers[$1] : numbers[$0] > numbers[$1]
    }
    return Series(labels.rows(at: order), values.rows(at: order))
  }

  /// The first rows.
  func head(_ count: Int) -> Series { Series(labels.head(count), values.head(count)) }
}

/// A table cut into groups of rows with the same value in one column.
final class Grouping: SessionObject {
  private let table: Table
  private let key: String
  private let column: String?

  init(_ table: Table, by key: String, column: String? = nil) throws {
    _ = try table.column(key)
    (self.table, self.key, self.column) = (table, key, column)
  }

  var typeName: String { "GroupBy" }
  var display: String { "\(grouped(table.rowCount)) rows grouped by \(key)" }
  var memberNames: [String] { table.columnNames }

  func member(_ name: String) throws -> Value? {
    table.hasColumn(name) ? .object(try Grouping(table, by: key, column: name)) : nil
  }

  func element(_ index: Value) throws -> Value {
    guard case .string(let name) = index else {
      throw Problem.wrongKind("groupby(…)[…]", expected: "the name of a column", got: index.phrase)
    }
    _ = try table.column(name)
    return .object(try Grouping(table, by: key, column: name))
  }

  /// One number a group.
  func aggregated(_ aggregate: Aggregate) throws -> Series {
    let groups = try table.column(key).coded()
    let name = column ?? aggregate.rawValue
    guard aggregate != .count else {
      return Series(groups.levels, Column(name, integers: groups.counts))
    }
    let numbers = try table.column(numericColumn())
    var members = [[Double]](repeating: [], count: groups.levels.count)
    for (code, number) in zip(groups.codes, try numbers.doubles()) where code >= 0 {
      members[Int(code)].append(number)
    }
    let values = members.map(aggregate.of)
    let staysWhole = numbers.kind == .integers && [.sum, .min, .max].contains(aggregate)
    return Series(
      groups.levels,
      staysWhole
        ? Column(name, integers: values.map { Int(clamping: $0) }) : Column(name, doubles: values))
  }

  private func numericColumn() throws -> String {
    if let column { return column }
    guard let first = table.columns.first(where: { $0.name == "rating" }) else {
      throw Problem.wrongKind(
        "groupby", expected: "a column to summarise, as in groupby('title')['rating']", got: "none")
    }
    return first.name
  }
}

extension Grouping {
  /// What is made of the numbers of a group.
  enum Aggregate: String, CaseIterable {
    case count, sum, mean, min, max, std, median

    /// What it is, for help.
    var phrase: String {
      switch self {
      case .count: "number of rows"
      case .sum: "sum"
      case .mean: "mean"
      case .min: "smallest number"
      case .max: "largest number"
      case .std: "standard deviation"
      case .median: "median"
      }
    }

    /// The number that stands for some numbers; not a number where there are too few.
    func of(_ numbers: [Double]) -> Double {
      let count = Double(numbers.count)
      let sum = numbers.reduce(0, +)
      switch self {
      case .count: return count
      case .sum: return sum
      case .mean: return sum / count
      case .min: return numbers.min() ?? .nan
      case .max: return numbers.max() ?? .nan
      case .std:
        let squares = numbers.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) }
        return count > 1 ? (squares / (count - 1)).squareRoot() : .nan
      case .median:
        guard !numbers.isEmpty else { return .nan }
        let ordered = numbers.sorted()
        return (ordered[(ordered.count - 1) / 2] + ordered[ordered.count / 2]) / 2
      }
    }
  }
}
