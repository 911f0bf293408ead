/// An output for programs: data in one place, and what is said to people in another.
///
///     let output = DataRenderer(to: write, notesTo: TerminalRenderer(to: complain, …))
///
/// Nothing but data reaches the place for data, so that it can be read as it stands.
public final class DataRenderer: Output {
  private let sink: TextSink
  private let notes: any Output
  private let isQuiet: Bool
  /// What the data before was: nil if there was none.
  private var last: DataBlock.Start?

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - sink: where data goes.
  ///   - notes: where all else goes.
  ///   - isQuiet: whether of that only failures are told.
  public init(to sink: @escaping TextSink, notesTo notes: any Output, isQuiet: Bool = false) {
    (self.sink, self.notes, self.isQuiet) = (sink, notes, isQuiet)
  }

  /// Writes data as it stands, below an empty line where a table begins or has ended.
  public func write(_ block: Block) {
    guard case .data(let data) = block else {
      if isTold(block) { notes.write(block) }
      return
    }
    if data.start != .continued {
      if let last, last == .table || data.start == .table { sink("\n") }
      last = data.start
    }
    sink(data.text)
  }

  /// Begins a table of what is going on, which is no data.
  public func begin(_ table: LiveTable) { if !isQuiet { notes.begin(table) } }
  /// A row of it.
  public func append(row cells: [String]) { if !isQuiet { notes.append(row: cells) } }
  /// Its end.
  public func end() { if !isQuiet { notes.end() } }
  /// How far something has come.
  public func progress(_ progress: Progress?) { if !isQuiet { notes.progress(progress) } }

  private func isTold(_ block: Block) -> Bool {
    guard isQuiet else { return true }
    if case .failure(let failure) = block { return failure.severity == .error }
    return false
  }
}
