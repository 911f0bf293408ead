/// A table as text: for other programs, and for pages.
///
///     var encoder = TableEncoder(.delimited(by: ","))
///     let text = encoder.bytes(of: table) + encoder.end()
///
/// Rows may come in several tables of the same columns, so that none of them needs to be in memory
/// with the others.
public struct TableEncoder: Sendable {
  /// How rows are written.
  public enum Format: Sendable, Equatable {
    /// A line of names, then a line a row. A missing value is nothing, an empty text `""`.
    ///
    /// Source: RFC 4180, with line feeds.
    case delimited(by: Unicode.Scalar)
    /// `[{"user":196,"title":"Kolya (1996)"},…]`; what is missing, and no finite number, is `null`.
    case json
    /// An object a line.
    case jsonLines
    /// A table of GitHub's Markdown.
    case markdown
  }

  private let format: Format
  private var hasBegun = false
  private var hasRows = false
  private var names: [String] = []

  /// An encoder that has written nothing.
  public init(_ format: Format) { self.format = format }

  /// Rows of a table, and in front of the first ones what the text begins with.
  ///
  /// - Precondition: the columns are those of the tables before.
  /// - Complexity: O(cells).
  public mutating func bytes(of table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    if !hasBegun {
      hasBegun = true
      names = table.columnNames
      begin(table, &bytes)
    }
    precondition(table.columnNames == names, "columns \(table.columnNames) below \(names)")
    for row in 0..<table.rowCount { append(table, row, &bytes) }
    return bytes
  }

  /// What the text ends with.
  public func end() -> [UInt8] { format == .json && hasBegun ? Array("]\n".utf8) : [] }
}

// MARK: - Rows

extension TableEncoder {
  private func begin(_ table: Table, _ bytes: inout [UInt8]) {
    switch format {
    case .delimited(let separator):
      appendFields(table.columns.map { .text($0.name) }, separator, &bytes)
    case .json: bytes.append(UInt8(ascii: "["))
    case .jsonLines: break
    case .markdown:
      appendCells(table.columns.map { .text($0.name) }, &bytes)
      let rules = table.columns.map { $0.kind == .text ? "---" : "--:" }
      bytes += "|\(rules.joined(separator: "|"))|\n".utf8
    }
  }

  private mutating func append(_ table: Table, _ row: Int, _ bytes: inout [UInt8]) {
    switch format {
    case .delimited(let separator): appendFields(table.row(row), separator, &bytes)
    case .json:
      if hasRows { bytes.append(UInt8(ascii: ",")) }
      hasRows = true
      appendObject(table, row, &bytes)
    case .jsonLines:
      appendObject(table, row, &bytes)
      bytes.append(UInt8(ascii: "\n"))
    case .markdown: appendCells(table.row(row), &bytes)
    }
  }

  private func appendFields(
    _ cells: [Column.Value], _ separator: Unicode.Scalar, _ bytes: inout [UInt8]
  ) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { bytes += String(separator).utf8 }
      bytes += Self.field(cell, separatedBy: separator, isAlone: cells.count == 1).utf8
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func appendObject(_ table: Table, _ row: Int, _ bytes: inout [UInt8]) {
    let members = table.columns.map {
      JSONText.quoted($0.name) + ":" + JSONText.of($0.value(at: row))
    }
    bytes += "{\(members.joined(separator: ","))}".utf8
  }

  private func appendCells(_ cells: [Column.Value], _ bytes: inout [UInt8]) {
    let texts = cells.map { cell -> String in
      guard case .text(let text) = cell else { return Self.plain(cell) }
      return String(
        text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
          switch scalar {
          case "|", "\\": ["\\", scalar]
          case "\n", "\r": [" "]
          default: [scalar]
          }
        }.map(Character.init))
    }
    bytes += "| \(texts.joined(separator: " | ")) |\n".utf8
  }
}

// MARK: - Cells

extension TableEncoder {
  /// A cell as a field of delimited text.
  ///
  /// Quotes stand around what a reader would take for something else, and around nothing where it is
  /// all of a line: empty lines are passed over.
  public static func field(
    _ cell: Column.Value, separatedBy separator: Unicode.Scalar = ",", isAlone: Bool = false
  ) -> String {
    guard case .text(let text) = cell else {
      let text = plain(cell)
      return text.isEmpty && isAlone ? "\"\"" : text
    }
    let scalars = text.unicodeScalars
    let isPlain =
      !scalars.isEmpty && scalars.first != " " && scalars.last != " "
      && scalars.allSatisfy { $0 != separator && $0 != "\"" && $0 != "\n" && $0 != "\r" }
    guard !isPlain else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// A cell without quotes; nothing where it is missing.
  private static func plain(_ cell: Column.Value) -> String {
    switch cell {
    case .integer(let number): "\(number)"
    case .double(let number): number.isNaN ? "" : "\(number)"
    case .text(let text): text
    case .missing: ""
    }
  }
}

/// Values as JSON writes them.
package enum JSONText {
  /// A cell of a table.
  package static func of(_ cell: Column.Value) -> String {
    switch cell {
    case .integer(let number): "\(number)"
    case .double(let number): of(number)
    case .text(let text): quoted(text)
    case .missing: "null"
    }
  }

  /// A number in the fewest digits that read the same; `null` if it is not finite.
  package static func of(_ number: Double) -> String { number.isFinite ? "\(number)" : "null" }

  /// A text in quotes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
