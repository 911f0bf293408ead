/// Where blocks go: a renderer, or something that keeps them.
///
///     func run(into output: any Output) {
///       output.write(.paragraph("valley 5.8e-03"))
///     }
///
/// Everything written is complete when the call returns; rows of a live table are not held back.
public protocol Output: AnyObject {
  /// Writes one block.
  func write(_ block: Block)
  /// Starts a table whose rows come one at a time, and writes its titles.
  func begin(_ table: LiveTable)
  /// Writes one row of the table that was begun.
  ///
  /// - Precondition: a table was begun and not ended.
  func append(row cells: [String])
  /// Ends the table that was begun.
  func end()
  /// Shows how far something has come, or with nil takes that away again.
  ///
  /// May be called thousands of times a second. It never becomes part of the recorded output.
  func progress(_ progress: Progress?)
  /// Shows a picture that changes, below all that was written, or with nil takes it away again.
  ///
  /// It never becomes part of the recorded output.
  func watch(_ picture: Plot?)
}

extension Output {
  /// Nothing: only where it can be taken away again is a picture shown that changes.
  public func watch(_ picture: Plot?) {}
}

/// A place for text: standard output, standard error or a string in a test.
public typealias TextSink = (String) -> Void

/// An output that keeps what it is given, for pages that are laid out afterwards and for tests.
public final class OutputRecorder: Output {
  /// Everything written so far; a live table is one table block.
  public private(set) var blocks: [Block] = []
  private var table: LiveTable?
  private var rows: [[String]] = []

  /// Makes a recorder that holds nothing.
  public init() {}

  /// Keeps one block.
  public func write(_ block: Block) { blocks.append(block) }

  /// Starts collecting rows.
  public func begin(_ table: LiveTable) {
    self.table = table
    rows = []
  }

  /// Collects a row.
  public func append(row cells: [String]) {
    precondition(table != nil, "append(row:) without begin(_:)")
    rows.append(cells)
  }

  /// Keeps the table that was begun as a block.
  public func end() {
    guard let table else { return }
    blocks.append(.table(table.block(rows: rows)))
    self.table = nil
  }

  /// Progress is not kept.
  public func progress(_ progress: Progress?) {}
}
