/// An output that writes text alone: what a pipe gets, and what recorded output is.
///
///     let output = PlainRenderer(to: { print($0, terminator: "") })
///     output.write(.paragraph("batch 64 × 2"))
///
/// Its text depends on the blocks and the width and on nothing else: no locale, no time, no
/// environment. There is no progress in it.
public final class PlainRenderer: Output {
  private let standardOutput: TextSink
  private let standardError: TextSink
  private let layout: BlockLayout
  private var table: LiveTable?

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - standardOutput: where everything goes but failures.
  ///   - standardError: where failures go; without it they go with the rest, as recorded output
  ///     wants them.
  ///   - width: the columns of a line. The default is fixed, since recorded output must not depend
  ///     on the window it was recorded in.
  ///   - glyphs: which characters bars are made of.
  public init(
    to standardOutput: @escaping TextSink, failuresTo standardError: TextSink? = nil,
    width: Int = 80, glyphs: Glyphs = .unicode
  ) {
    self.standardOutput = standardOutput
    self.standardError = standardError ?? standardOutput
    layout = BlockLayout(width: width, glyphs: glyphs)
  }

  /// Writes a block and its newline.
  public func write(_ block: Block) {
    let text = layout.lines(block).reduce(into: "") { text, line in
      text += line.text
      text += "\n"
    }
    if case .failure = block { standardError(text) } else { standardOutput(text) }
  }

  /// Writes the titles.
  public func begin(_ table: LiveTable) {
    self.table = table
    standardOutput(table.line(table.columns.map(\.title)) + "\n")
  }

  /// Writes a row at once.
  public func append(row cells: [String]) {
    guard let table else { preconditionFailure("append(row:) without begin(_:)") }
    standardOutput(table.line(cells) + "\n")
  }

  /// Ends the table; nothing is written.
  public func end() { table = nil }

  /// Nothing: progress is no output.
  public func progress(_ progress: Progress?) {}
}
