import CollabLanguage

/// A word that steers the lesson, when it stands alone on a line.
///
/// `hint = 3` is a statement, and `(hint)` then shows the variable.
enum LessonWord: Equatable {
  case hint, answer, back, skip, again, list, progress, reset, quit, help, done
  case goto(String)

  /// The word and what it does, for the help.
  static let explanations: [(word: String, text: String)] = [
    ("Enter", "runs the shown code, or goes on"),
    ("hint", "shows the next hint of a question"),
    ("answer", "shows the answer to a question, or the code, without running it"),
    ("back", "shows the step before; variables keep their values"),
    ("skip", "goes on without running; of a question it shows the answer"),
    ("again", "runs the last code once more"),
    ("goto", "goes to a step: `goto 12`, `goto ID`, or `goto` and the title of a section"),
    ("list", "lists the sections, and the steps of this one"),
    ("progress", "shows what is done, section by section"),
    ("reset", "empties the workspace and runs all code up to here, without showing it"),
    ("quit", "saves and leaves, like Ctrl-D"),
  ]

  private static let plain: [String: LessonWord] = [
    "hint": .hint, "answer": .answer, "back": .back, "skip": .skip, "again": .again,
    "list": .list, "progress": .progress, "reset": .reset, "quit": .quit, "exit": .quit,
    "help": .help, "?": .help, "done": .done,
  ]

  init?(_ line: String) {
    let line = line.trimmed
    // `Hint`, `skip.`: a telephone begins lines with a capital letter, and ends them with a point.
    if let word = Self.plain[AnswerText.withoutFullStop(line).lowercased()] {
      self = word
    } else if line == "goto" || line.hasPrefix("goto ") {
      let place = line.dropFirst(4).trimmed
      // `goto = 3` and `goto + 1` are statements.
      guard place.first.map({ $0.isLetter || $0.isNumber || $0 == "_" }) ?? true else { return nil }
      self = .goto(place)
    } else {
      return nil
    }
  }
}
