import CollabInterpreter
public import CollabNotebook
public import CollabLanguage
import CollabDocuments

/// A notebook with what its statements showed, for pages and other files.
///
///     let played = try session.play(file: source)
///     let page = played.html
public struct PlayedNotebook {
  /// A cell, and for statements what each showed.
  struct PlayedCell {
    let cell: Cell
    let parts: [Part]
  }

  /// Statements and what they showed.
  struct Part {
    /// Where the statements stand, without recorded output.
    let range: Range<Int>
    let blocks: [Block]
  }

  let file: ScriptFile
  let cells: [PlayedCell]
  let parser: Parser
  /// How it ended.
  public let outcome: ScriptOutcome
  /// What ended it, if that was a mistake.
  public let failure: Diagnostic?
}

extension Session {
  /// Runs a notebook and keeps what it shows.
  ///
  /// After a mistake that was not expected the cells that follow are kept without being run, unless
  /// `keepsGoing`. Cells that need data which is not here are not run either, and say so.
  ///
  /// - Throws: the first mistake in the text, unless it `keepsMistakes`; nothing has run then.
  public func play(
    file source: Source, runs: Bool = true, keepsGoing: Bool = false, keepsMistakes: Bool = false
  ) throws(Diagnostic) -> PlayedNotebook {
    let file = try ScriptFile(source, parser: parser, keepsMistakes: keepsMistakes)
    let keeper = BlockKeeper(progressTo: destination)
    return withOutput(keeper) { play(file, keeper, runs: runs, keepsGoing: keepsGoing) }
  }

  private func play(
    _ file: ScriptFile, _ keeper: BlockKeeper, runs: Bool, keepsGoing: Bool
  ) -> PlayedNotebook {
    let parser = parser
    var outcome = ScriptOutcome.finished
    var failure: Diagnostic?
    var isRunning = runs
    var cells: [PlayedNotebook.PlayedCell] = []
    for cell in file.cells {
      let missing = isRunning && cell.kind == .code ? missingData(of: cell) : nil
      var parts: [PlayedNotebook.Part] = []
      for (line, range) in file.stretches(of: cell) {
        if let line, isRunning, missing == nil, !cell.has("skip") {
          let end = play(line, in: file.source)
          if end.outcome != .finished { outcome = end.outcome }
          if failure == nil { failure = end.failure }
          isRunning = end.outcome == .finished || (end.outcome == .failed && keepsGoing)
          if line.range == cell.code.lines.last?.range { showFigure() }
        }
        parts.append(.init(range: range, blocks: keeper.take()))
      }
      if let missing, let last = parts.popLast() {
        let note = Block.paragraph("not run: it needs \(missing)")
        parts.append(.init(range: last.range, blocks: last.blocks + [note]))
      }
      if cell.kind == .code { self.cell += 1 }
      cells.append(.init(cell: cell, parts: parts))
    }
    if outcome == .quit { outcome = .finished }
    return PlayedNotebook(
      file: file, cells: cells, parser: parser, outcome: outcome, failure: failure)
  }

  private func play(
    _ line: StatementLine, in source: Source
  ) -> (outcome: ScriptOutcome, failure: Diagnostic?) {
    for statement in line.statements {
      do {
        switch try run(statement, in: source) {
        case .finished: break
        case .quit: return (.quit, nil)
        case .interrupted: return (.interrupted, nil)
        }
      } catch {
        output.write(.failure(Failure(lines: error.lines(for: .file))))
        if !error.isExpected(by: line.recording) { return (.failed, error) }
      }
    }
    return (.finished, nil)
  }
}

extension ScriptFile {
  /// The text of a code cell in stretches that end with a line of statements; recorded output is
  /// left out.
  fileprivate func stretches(
    of cell: Cell
  ) -> [(line: StatementLine?, range: Range<Int>)] {
    guard cell.kind == .code else { return [] }
    var stretches: [(line: StatementLine?, range: Range<Int>)] = []
    var start = cell.bodyRange.lowerBound
    func endOfLine(_ offset: Int) -> Int {
      min(source.lineRange(source.line(at: offset)).upperBound, cell.bodyRange.upperBound)
    }
    for line in cell.code.lines {
      let end = max(endOfLine(line.range.upperBound), start)
      stretches.append((line, start..<end))
      start = max(end, line.recording.outputRange.upperBound)
    }
    let rest = start..<max(start, cell.bodyRange.upperBound)
    if !source.text(in: rest).allSatisfy(\.isWhitespace) { stretches.append((nil, rest)) }
    return stretches
  }
}

/// Keeps blocks until they are taken, and passes progress on.
private final class BlockKeeper: Output {
  private var recorder = OutputRecorder()
  private let watched: any Output

  init(progressTo output: any Output) { watched = output }

  func take() -> [Block] {
    recorder.end()
    defer { recorder = OutputRecorder() }
    return recorder.blocks
  }

  func write(_ block: Block) { recorder.write(block) }
  func begin(_ table: LiveTable) { recorder.begin(table) }
  func append(row cells: [String]) { recorder.append(row: cells) }
  func end() { recorder.end() }
  func progress(_ progress: Progress?) { watched.progress(progress) }
}
