import CollabInterpreter
public import CollabLanguage

/// Runs the lines of a cell, one statement after the other: the one way in which cells run.
///
/// A statement that its line records to fail, with `#> error[code]`, is as good as one that runs; what
/// stands behind it on the line does not run.
public struct CellRunner {
  /// How a statement ended.
  public enum End {
    case finished
    case interrupted
    case quit
    case failed(Diagnostic, isExpected: Bool)

    /// Whether the next line may run.
    public var isGood: Bool {
      switch self {
      case .finished, .failed(_, isExpected: true): true
      case .failed, .interrupted, .quit: false
      }
    }
  }

  private let session: Session
  private let source: Source
  private let records: Bool
  private let runStatement: (Statement) throws(Diagnostic) -> RunOutcome

  /// A runner of the statements of a text.
  ///
  /// - Parameters:
  ///   - session: where they run.
  ///   - source: the text that their ranges refer to.
  ///   - records: whether what runs belongs into a recording of the session.
  ///   - runStatement: runs one; nil for the session's own way.
  public init(
    _ session: Session, _ source: Source, records: Bool = false,
    runStatement: ((Statement) throws(Diagnostic) -> RunOutcome)? = nil
  ) {
    (self.session, self.source, self.records) = (session, source, records)
    if let runStatement {
      self.runStatement = runStatement
    } else {
      self.runStatement = { (statement) throws(Diagnostic) in
        try session.run(statement, in: source)
      }
    }
  }

  /// Runs lines until one fails unexpectedly, or the user or a statement ends them.
  ///
  /// - Parameters:
  ///   - lines: what to run.
  ///   - first: how many statements to pass over.
  ///   - didEnd: is told how each statement ended.
  /// - Returns: how the last line that ran ended.
  @discardableResult
  public func run(
    _ lines: some Sequence<StatementLine>, from first: Int = 0,
    didEnd: (Statement, StatementLine, End) -> Void = { _, _, _ in }
  ) -> End {
    var number = 0
    var end = End.finished
    for line in lines {
      end = run(line, from: max(0, first - number), didEnd)
      number += line.statements.count
      guard end.isGood else { return end }
    }
    return end
  }

  private func run(
    _ line: StatementLine, from first: Int, _ didEnd: (Statement, StatementLine, End) -> Void
  ) -> End {
    // A statement that begins or ends a recording is not part of it.
    let recording = records ? session.recording : nil
    recording?.beginLine()
    var end = End.finished
    for statement in line.statements.dropFirst(first) {
      end = run(statement, of: line)
      didEnd(statement, line, end)
      guard case .finished = end else { break }
      if recording === session.recording { recording?.add(statement, of: line, in: source) }
    }
    do {
      try recording?.endLine()
    } catch {
      session.endRecording()
      // What the line itself has to say comes first.
      if case .finished = end {
        var diagnostic = Diagnostic(error, at: line.range, in: source)
        diagnostic.notes.append("nothing more is recorded")
        return .failed(diagnostic, isExpected: false)
      }
    }
    return end
  }

  private func run(_ statement: Statement, of line: StatementLine) -> End {
    do {
      return switch try runStatement(statement) {
      case .finished: .finished
      case .interrupted: .interrupted
      case .quit: .quit
      }
    } catch {
      return .failed(error, isExpected: error.isExpected(by: line.recording))
    }
  }
}
