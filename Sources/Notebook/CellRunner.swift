public import CommandLanguage

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
  }

  private let source: Source
  private let runStatement: (Statement) throws(Diagnostic) -> RunOutcome

  /// A runner of the statements of a text.
  ///
  /// - Parameters:
  ///   - session: where they run.
  ///   - source: the text that their ranges refer to.
  ///   - runStatement: runs one; nil for the session's own way.
  public init(
    _ session: Session, _ source: Source,
    runStatement: ((Statement) throws(Diagnostic) -> RunOutcome)? = nil
  ) {
    self.source = source
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
  /// - Returns: how the last statement ended.
  @discardableResult
  public func run(
    _ lines: some Sequence<StatementLine>, from first: Int = 0,
    didEnd: (Statement, StatementLine, End) -> Void = { _, _, _ in }
  ) -> End {
    var number = 0
    for line in lines {
      for (place, statement) in line.statements.enumerated() {
        number += 1
        guard number > first else { continue }
        let end = run(statement, of: line)
        didEnd(statement, line, end)
        switch end {
        case .finished: continue
        case .failed(_, isExpected: true): break
        case .failed, .interrupted, .quit: return end
        }
        // The rest of a line behind an expected failure counts as passed.
        number += line.statements.count - 1 - place
        break
      }
    }
    return .finished
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
