public import CollabLanguage
import CollabDocuments
public import CollabNotebook
import CollabScripts

/// Checks that the questions of a lesson can be answered, and that what is listed as wrong is refused.
///
///     let problems = LessonCheck.problems(of: cell, in: file, session: session)
public enum LessonCheck {
  /// What is wrong with a question cell.
  ///
  /// Answers made of statements run in the session, as they do in the lesson, because later questions
  /// may build on them; everything else leaves it as it is. What is printed goes to the session's
  /// output.
  ///
  /// - Parameters:
  ///   - cell: a cell of the file.
  ///   - file: the file.
  ///   - session: a session in which the code cells above have run.
  /// - Returns: nothing if all is well, or if the cell is no question.
  public static func problems(
    of cell: Cell, in file: ScriptFile, session: Session
  ) -> [Diagnostic] {
    guard cell.kind == .question else { return [] }
    do {
      let question = try LessonQuestion(cell, of: file, parser: session.parser)
      if session.missingData(of: cell) != nil { return [] }
      return try QuestionCheck(question: question, session: session).problems()
    } catch {
      return [error]
    }
  }

  /// What is wrong with the questions of a lesson, whose code runs in a session.
  ///
  /// - Returns: nothing if all is well. A failure of a code cell ends the check.
  public static func problems(of lesson: Lesson, session: Session) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for cell in lesson.file.cells {
      if cell.kind == .code, !cell.has("skip") {
        if session.missingData(of: cell) != nil { continue }
        let end = CellRunner(session, lesson.file.source).run(cell.code.lines)
        if case .failed(let error, isExpected: false) = end { return problems + [error] }
        session.endCell()
      } else {
        problems += self.problems(of: cell, in: lesson.file, session: session)
      }
    }
    return problems
  }
}

private struct QuestionCheck {
  let question: LessonQuestion
  let session: Session

  private var judge: QuestionJudge { QuestionJudge(question: question, session: session) }

  func problems() throws(Diagnostic) -> [Diagnostic] {
    switch question.kind {
    case .choice, .multi: return optionProblems()
    case .number, .shape, .value: return try valueProblems()
    case .match: return phraseProblems()
    case .run: return try runProblems()
    case .text, .open: return []
    }
  }

  private func problem(_ message: String, _ range: Range<Int>? = nil) -> Diagnostic {
    Diagnostic(
      "bad-question", "\(question.id): \(message)", at: range ?? question.range,
      in: question.source)
  }

  private func optionProblems() -> [Diagnostic] {
    var problems: [Diagnostic] = []
    let right = question.options.filter(\.isRight)
    if !judge.verdict(onOptions: right).isRight {
      problems.append(problem("the right options are refused"))
    }
    for option in question.options where !option.isRight {
      if judge.verdict(onOptions: [option]).isRight {
        problems.append(problem("`\(option.text)` is accepted"))
      }
    }
    let texts = question.options.map(\.text)
    if Set(texts).count < texts.count { problems.append(problem("an option is there twice")) }
    return problems
  }

  private func valueProblems() throws(Diagnostic) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for right in question.right + answers where try !isAccepted(right.expression) {
      problems.append(problem("this is refused, but should be right", right.range))
    }
    for wrong in question.wrong where try isAccepted(wrong.expression) {
      problems.append(problem("this is accepted, but should be wrong", wrong.range))
    }
    return problems
  }

  private var answers: [LessonQuestion.Expected] {
    question.answerExpression.map {
      [.init(expression: $0, tolerance: nil, feedback: nil, range: $0.range)]
    } ?? []
  }

  private func isAccepted(_ expression: Expression) throws(Diagnostic) -> Bool {
    let value = try session.value(of: expression, in: question.source)
    return try judge.verdict(onValue: value).isRight
  }

  private func phraseProblems() -> [Diagnostic] {
    question.phrases.filter { !judge.verdict(onPhrase: $0).isRight }.map {
      problem("`\($0)` is refused")
    }
      + question.wrongPhrases.filter { judge.verdict(onPhrase: $0.text).isRight }.map {
        problem("`\($0.text)` is accepted")
      }
  }

  private func runProblems() throws(Diagnostic) -> [Diagnostic] {
    guard let code = question.answerCode else { return [] }
    // Whoever types anything at all would be right.
    if judge.verdictOnWorkspace().isRight {
      return [problem("its checks hold before anything is typed")]
    }
    _ = try session.run(code, in: question.source)
    guard case .wrong(let remark) = judge.verdictOnWorkspace() else { return [] }
    return [problem("the answer is refused: \(remark ?? "")")]
  }
}

extension Verdict {
  /// Whether the answer is accepted.
  var isRight: Bool { if case .right = self { true } else { false } }
}
