import CollabLanguage
import CollabDocuments
import CollabLessons
import CollabLineEditing
import CollabNotebook

extension LineInput.Options {
  /// How statements are read: completed and continued with what the session knows, and with the
  /// words of a lesson.
  static func statements(
    of program: Program, in lesson: @escaping (String) -> LessonCompletion? = { _ in nil },
    isComplete: @escaping (String) -> Bool = { _ in false }
  ) -> LineInput.Options {
    let session = program.session
    let context = SessionCompletion(session)
    let completer = CollabLanguage.Completer(Session.registry, context: context)
    let short = CollabLanguage.Completer(Session.registry, context: context, titleLimit: 2)
    let styles = StatementStyles(session)
    return LineInput.Options(
      openInput: { isComplete($0) ? nil : OpenInput(endOf: $0, in: session) },
      complete: { before, _ in
        let words = lesson(before)
        guard words?.allowsStatements ?? true else { return Completions(words, .none) }
        return Completions(words, Completions(completer.complete(before), of: before))
      },
      history: HistoryFile.standard,
      appearance: Appearance(
        hasColor: { TerminalTraits.current(color: session.display.color).hasColor },
        hasSuggestions: { session.display.hasSuggestions }, styles: styles.styles,
        canRun: styles.canRun, onlyEnding: { short.complete($0).onlyEnding(of: $0) }))
  }
}

extension Completions {
  /// The words of a lesson, then what a statement could begin with.
  fileprivate init(_ lesson: LessonCompletion?, _ statements: Completions) {
    guard let lesson else {
      self = statements
      return
    }
    let words = lesson.words.map { Candidate($0.text, summary: $0.note) }
    let names = Set(words.map(\.text))
    self.init(
      replacing: lesson.replaced,
      candidates: words + statements.candidates.filter { !names.contains($0.text) },
      omittedCount: statements.omittedCount)
  }

  /// What could stand at the cursor.
  fileprivate init(_ completion: Completion, of text: String) {
    self.init(
      replacing: Source(text).text(in: completion.range),
      candidates: completion.candidates.map {
        Candidate($0.text, summary: $0.note, ending: $0.suffix, label: $0.label)
      }, omittedCount: completion.omittedCount)
  }
}

extension Completion {
  /// What the only candidate adds to the word that was begun.
  fileprivate func onlyEnding(of text: String) -> String? {
    let typed = Source(text).text(in: range)
    guard candidates.count == 1, omittedCount == 0, !typed.isEmpty,
      candidates[0].text.hasPrefix(typed)
    else { return nil }
    return String(candidates[0].text.dropFirst(typed.count))
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
