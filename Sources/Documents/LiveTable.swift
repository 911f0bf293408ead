internal import CollabText

/// The head of a table whose rows come one at a time, such as the losses of a fit.
///
///     output.begin(LiveTable(titles: ["epoch", "train_loss", "valid_loss", "time"]))
///     output.append(row: ["0", "1.296978", "1.334247", "00:01"])
///     output.end()
///
/// Since a row is written before the next one is known, the widths are fixed from the start:
/// cells stand at the left and a long one pushes the rest of its row aside, as fastai prints it.
public struct LiveTable: Equatable, Sendable {
  /// A title and the width its cells are padded to.
  public struct Column: Equatable, Sendable {
    /// What stands above the cells.
    public let title: String
    /// The width in terminal columns; at least that of the title.
    public let width: Int

    /// Makes a column; without a width it is as wide as its title.
    public init(_ title: String, width: Int = 0) {
      self.title = title
      self.width = max(width, DisplayWidth.of(title))
    }
  }

  /// The columns, from the left.
  public let columns: [Column]

  /// Makes the head of a table.
  public init(columns: [Column]) { self.columns = columns }

  /// Makes the head of a table whose columns are as wide as their titles.
  public init(titles: [String]) { self.init(columns: titles.map { Column($0) }) }

  /// The same table as a finished block, once all rows are known.
  public func block(rows: [[String]]) -> TableBlock {
    TableBlock(columns: columns.map { .text($0.title) }, rows: rows)
  }

  /// One line of the table: the cells padded and two blanks apart.
  package func line(_ cells: [String]) -> String {
    var line = ""
    for (position, cell) in cells.enumerated() {
      let width = position < columns.count ? columns[position].width : 0
      line += DisplayWidth.padded(DisplayWidth.cleaned(cell), to: width) + "  "
    }
    return DisplayWidth.trimmedAtEnd(line)
  }
}
