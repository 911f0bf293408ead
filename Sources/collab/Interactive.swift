import CommandLanguage
import Documents
import LineEditing
import Notebook

/// The prompt: reads a statement, runs it, shows what came of it.
struct Interactive {
  private let program: Program
  private let isQuiet: Bool
  private let history = HistoryFile.standard
  private let completer: CommandLanguage.Completer

  init(_ program: Program, isQuiet: Bool) {
    (self.program, self.isQuiet) = (program, isQuiet)
    completer = CommandLanguage.Completer(
      Session.registry, context: SessionCompletion(program.session))
    if let history { program.session.typedStatements = history.load }
  }

  private var session: Session { program.session }

  /// Runs until the user leaves.
  func run() -> Exit {
    let reader = LineInput.reader(
      LineInput.Options(
        openInput: openInput, complete: complete, history: history,
        hasColor: program.traits.hasColor))
    if !isQuiet {
      session.output.write(.paragraph(welcome))
      if reader.isInteractive, !(reader is LineEditor) {
        session.output.write(.paragraph("lines cannot be edited: this terminal can only print"))
      }
    }
    while true {
      let prompt = Prompt("collab[\(session.cell)]")
      switch reader.read(prompt) {
      case .endOfInput: return .success
      case .interrupted: return .interrupted
      case .failed: return .failure
      case .line(let text):
        guard text.contains(where: { !$0.isWhitespace }) else { continue }
        if run(text, promptWidth: prompt.name.count + 2) == .quit { return .success }
      }
    }
  }

  private var welcome: String {
    """
    collab \(CollabProgram.version) · collaborative filtering, after chapter 8 of the fastai book
    help lists the commands · begin with: load; dataloaders; learner dotbias; fit 5
    Tab completes · Ctrl-C stops a fit · Ctrl-D leaves · collab teach is a lesson
    """
  }

  private func run(_ text: String, promptWidth: Int) -> RunOutcome {
    _ = Interrupt.take()
    do {
      return try session.run(Source(text))
    } catch {
      let lines = error.lines(
        for: .prompt(width: promptWidth), width: TerminalTraits.windowWidth() ?? 80)
      session.output.write(.failure(Failure(lines: lines)))
      return .finished
    }
  }

  /// What could stand at the cursor.
  private func complete(before: String, after: String) -> Completions {
    let completion = completer.complete(before)
    return Completions(
      replacing: Source(before).text(in: completion.range),
      candidates: completion.candidates.map {
        Completions.Candidate($0.text, summary: $0.note, ending: $0.suffix, label: $0.label)
      }, omittedCount: completion.omittedCount)
  }

  /// What is open at the end of a text that is not finished yet.
  private func openInput(_ text: String) -> OpenInput? {
    guard case .incomplete(let opening) = session.parser.completeness(of: Source(text)) else {
      return nil
    }
    return OpenInput(opening.symbol, line: opening.line)
  }
}
