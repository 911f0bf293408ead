import CollabDocuments
import CollabInterpreter
import CollabTables
import CollabTensors

/// How the values of statements are shown.
public enum ResultFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// As comma-separated values: tables with their names in the first line and an empty line between
  /// them, other values a line each.
  case csv
  /// A JSON document a line: a list of objects for a table, else a number, a text or a list.
  case json
}

/// A value in a format for programs.
///
/// Loaders, learners, models, functions and pictures are no data: they are told to people in any format.
struct ResultData {
  /// So many rows are made at once.
  private static let blockRows = 4096

  private enum Content {
    case table(Table)
    case lines([[Column.Value]])
    case text(String)
  }

  private let content: Content
  private let isJSON: Bool

  /// Nil for what is shown to people.
  init?(_ value: Value, format: ResultFormat) {
    guard format != .text else { return nil }
    isJSON = format == .json
    if let table = value.asTable {
      content = .table(table)
    } else if isJSON {
      guard let text = value.json else { return nil }
      content = .text(text)
    } else {
      guard let lines = value.lines else { return nil }
      content = .lines(lines)
    }
  }

  /// Writes it in blocks that are no longer than they need be.
  func show(on output: any Output) {
    switch content {
    case .table(let table): write(table, to: output)
    case .text(let text): output.write(.data(DataBlock(text + "\n", start: .line)))
    case .lines(let lines):
      let text = lines.map { cells in
        cells.map { TableEncoder.field($0, isAlone: cells.count == 1) }.joined(separator: ",")
          + "\n"
      }.joined()
      output.write(.data(DataBlock(text, start: .line)))
    }
  }

  private func write(_ table: Table, to output: any Output) {
    var encoder = TableEncoder(isJSON ? .json : .delimited(by: ","))
    var start = isJSON ? DataBlock.Start.line : .table
    func write(_ bytes: [UInt8]) {
      guard !bytes.isEmpty else { return }
      output.write(.data(DataBlock(String(decoding: bytes, as: UTF8.self), start: start)))
      start = .continued
    }
    var row = 0
    repeat {
      let end = min(row + Self.blockRows, table.rowCount)
      write(encoder.bytes(of: table.rows(at: Array(row..<end))))
      row = end
    } while row < table.rowCount
    write(encoder.end())
  }
}

extension Value {
  /// The rows and columns of a table, a column or a series.
  var asTable: Table? {
    switch self {
    case .table(let view): view.table
    case .column(let column): Table(equallyLong: [column])
    case .object(let series as Series): series.table
    default: nil
    }
  }

  /// As JSON; nil for what is no data.
  fileprivate var json: String? {
    switch self {
    case .none: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): "\(number)"
    case .double(let number): JSONText.of(number)
    case .string(let text), .path(let text): JSONText.quoted(text)
    case .tensor(let tensor), .array(let tensor):
      tensor.shape.isEmpty ? (try? Value(elementOf: tensor))?.json : Self.json(try? members())
    default: Self.json(elements)
    }
  }

  private static func json(_ members: [Value]?) -> String? {
    guard let members else { return nil }
    let parts = members.map(\.json)
    return parts.contains(nil)
      ? nil : "[\(parts.compactMap(\.self).joined(separator: ","))]"
  }

  /// As lines of cells: one cell for a number or a text, a line for each member of a list, and for each
  /// row of a matrix; nil for what is no data.
  fileprivate var lines: [[Column.Value]]? {
    if let cell = dataCell { return [[cell]] }
    guard let rows = listed else { return nil }
    let lines = rows.map { row in
      row.dataCell.map { [$0] } ?? row.listed?.map(\.dataCell) ?? [nil]
    }
    guard !lines.joined().contains(where: { $0 == nil }) else { return nil }
    return lines.map { $0.compactMap(\.self) }
  }

  private var dataCell: Column.Value? {
    switch self {
    case .bool(let flag): .text(flag ? "True" : "False")
    case .path(let text): .text(text)
    default: cell
    }
  }

  private var listed: [Value]? {
    switch self {
    case .tensor(let tensor), .array(let tensor): tensor.shape.isEmpty ? nil : try? members()
    default: elements
    }
  }
}
