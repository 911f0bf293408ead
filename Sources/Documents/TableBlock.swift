public import CollabText

/// A table as a value: columns, rows of text, and a last line that says what is not shown.
///
///     TableBlock(
///       columns: [.number("user"), .text("title")], rows: [["196", "Kolya (1996)"]],
///       index: ["0"], footer: "1 of 100,000 rows × 2 columns")
public struct TableBlock: Equatable, Sendable {
  /// Where the cells of a column stand.
  public typealias Alignment = DisplayWidth.Alignment

  /// A title and where its cells stand.
  public struct Column: Equatable, Sendable {
    /// What stands above the cells.
    public let title: String
    /// Where the cells stand.
    public let alignment: Alignment

    /// Makes a column.
    public init(_ title: String, alignment: Alignment) {
      self.title = title
      self.alignment = alignment
    }

    /// A column of text: at the left, and cut with `…` when the table is too wide.
    public static func text(_ title: String) -> Column { Column(title, alignment: .left) }
    /// A column of numbers: at the right, never cut.
    public static func number(_ title: String) -> Column { Column(title, alignment: .right) }
  }

  /// The columns, from the left.
  public let columns: [Column]
  /// The cells, one array per row, each as long as `columns`.
  public let rows: [[String]]
  /// The names of the rows, shown in front of them under no title.
  public let index: [String]?
  /// The row after which `⋮` stands for rows that are not shown.
  public let gapAfterRow: Int?
  /// Whether columns that do not fit stand below the others instead of being left out.
  public let wrapsColumns: Bool
  /// The last line, such as `5 of 100,000 rows × 5 columns`.
  public let footer: String?

  /// Makes a table.
  ///
  /// - Precondition: every row has one cell per column; `index`, if given, has one name per row.
  public init(
    columns: [Column], rows: [[String]], index: [String]? = nil, gapAfterRow: Int? = nil,
    wrapsColumns: Bool = false, footer: String? = nil
  ) {
    for row in rows {
      precondition(
        row.count == columns.count, "a row of \(row.count) cells under \(columns.count) columns")
    }
    if let index {
      precondition(index.count == rows.count, "\(index.count) names for \(rows.count) rows")
    }
    self.columns = columns
    self.rows = rows
    self.index = index
    self.gapAfterRow = gapAfterRow
    self.wrapsColumns = wrapsColumns
    self.footer = footer
  }
}
