import CollabLanguage
import CollabDocuments
import CollabLineEditing
import CollabInterpreter
import CollabNotebook

/// The prompt: reads a statement, runs it, shows what came of it.
struct Interactive {
  private let program: Program
  private let isQuiet: Bool
  private let history = HistoryFile.standard

  init(_ program: Program, isQuiet: Bool) {
    (self.program, self.isQuiet) = (program, isQuiet)
    if let history { program.session.typedStatements = history.load }
  }

  private var session: Session { program.session }

  /// Runs until the user leaves.
  func run() -> Exit {
    let reader = LineInput.reader(.statements(of: program))
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
    let source = Source(text)
    do {
      return try session.run(source)
    } catch {
      let lines = error.lines(
        for: .prompt(width: promptWidth, typed: source),
        width: TerminalTraits.windowWidth() ?? 80)
      session.output.write(.failure(Failure(lines: lines)))
      return .finished
    }
  }
}
