import CommandLanguage
import Documents
import LineEditing
import Notebook

extension LineInput.Options {
  /// How statements are read: completed and continued with what the session knows.
  static func statements(of program: Program) -> LineInput.Options {
    let session = program.session
    let completer = CommandLanguage.Completer(
      Session.registry, context: SessionCompletion(session))
    return LineInput.Options(
      openInput: { OpenInput(endOf: $0, in: session) },
      complete: { before, _ in Completions(completer.complete(before), of: before) },
      history: HistoryFile.standard, hasColor: program.traits.hasColor)
  }
}

extension Completions {
  /// What could stand at the cursor.
  fileprivate init(_ completion: Completion, of text: String) {
    self.init(
      replacing: Source(text).text(in: completion.range),
      candidates: completion.candidates.map {
        Candidate($0.text, summary: $0.note, ending: $0.suffix, label: $0.label)
      }, omittedCount: completion.omittedCount)
  }
}

extension OpenInput {
  /// What is open at the end of a text; nil if it is finished.
  fileprivate init?(endOf text: String, in session: Session) {
    guard case .incomplete(let opening) = session.parser.completeness(of: Source(text)) else {
      return nil
    }
    self.init(opening.symbol, line: opening.line)
  }
}
