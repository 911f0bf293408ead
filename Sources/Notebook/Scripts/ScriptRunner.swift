public import CommandLanguage
import Documents

/// How a script is run.
public struct ScriptOptions: Sendable {
  /// Whether prose and statements are printed before their output.
  public var echoes = false
  /// Whether the cells after a failure run.
  public var keepsGoing = false

  /// Prints outputs, and stops at the first failure.
  public init() {}
}

/// How a script ended, in the words of exit codes.
public enum ScriptOutcome: Sendable, Equatable {
  /// All cells ran.
  case finished
  /// A statement failed.
  case failed
  /// The user stopped it.
  case interrupted
  /// A statement asked to leave.
  case quit
}

extension Session {
  /// Runs the cells of a file.
  ///
  /// - Throws: the first mistake in the text; nothing has run then.
  public func run(file source: Source, _ options: ScriptOptions) throws(Diagnostic) -> ScriptOutcome
  {
    // The whole file is read before anything runs, so names that it defines are not known yet.
    let file = try ScriptFile(source, parser: parser)
    var outcome = ScriptOutcome.finished
    for cell in file.cells {
      if cell.kind == .markdown && options.echoes { output.write(.prose(file.text(of: cell))) }
      guard cell.kind == .code, !cell.has("skip") else { continue }
      switch run(cell, of: file, options) {
      case .finished: break
      case .failed:
        outcome = .failed
        guard options.keepsGoing else { return .failed }
      case let other: return other
      }
    }
    return outcome
  }

  private func run(_ cell: Cell, of file: ScriptFile, _ options: ScriptOptions) -> ScriptOutcome {
    defer { self.cell += 1 }
    for line in cell.code.lines {
      if options.echoes { echo(line, of: file) }
      for statement in line.statements {
        do {
          switch try run(statement, in: file.source) {
          case .finished: break
          case .quit: return .quit
          case .interrupted: return .interrupted
          }
        } catch {
          output.write(.failure(Failure(lines: error.lines(for: .file))))
          if !error.isExpected(by: line.recording) { return .failed }
        }
      }
    }
    return .finished
  }

  /// Prints statements as if they had been typed.
  private func echo(_ line: StatementLine, of file: ScriptFile) {
    let text = file.source.text(in: line.range)
    let prompt = "collab[\(cell)]> "
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let blank = String(repeating: " ", count: prompt.count)
    let shown = lines.enumerated().map { ($0.offset == 0 ? prompt : blank) + $0.element }
    output.write(.preformatted(shown.joined(separator: "\n")))
  }
}

extension Diagnostic {
  /// Whether the recorded output says that the statement fails with this code.
  func isExpected(by recording: Recording) -> Bool {
    recording.output?.first?.hasPrefix("error[\(code)]") ?? false
  }
}
