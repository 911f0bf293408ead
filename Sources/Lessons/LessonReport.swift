public import CollabDocuments
import CollabText
import FoundationEssentials

/// What somebody has done in lessons, to be kept or handed in: questions, tries, and time.
///
/// It is made from saved progress alone, and goes nowhere but to the output.
public struct LessonReport {
  private let lessons: [Lesson]
  private let store: ProgressStore

  /// A report on some lessons.
  public init(_ lessons: [Lesson], store: ProgressStore) {
    (self.lessons, self.store) = (lessons, store)
  }

  /// Prints the report; lessons that were not begun are named and no more.
  public func show(on output: any Output) {
    for lesson in lessons {
      output.write(.heading(lesson.title, level: 1))
      guard let progress = store.progress(of: lesson.id).progress, progress.isBegun else {
        output.write(.paragraph("not begun"))
        continue
      }
      output.write(.facts(facts(lesson, progress)))
      let rows = lesson.steps.compactMap { row($0, progress) }
      if !rows.isEmpty { output.write(.table(TableBlock(columns: Self.columns, rows: rows))) }
      let words = lesson.steps.compactMap { ownWords($0, progress) }
      if !words.isEmpty {
        output.write(.heading("Own words", level: 2))
        output.write(.facts(words))
      }
    }
  }

  private static let columns: [TableBlock.Column] = [
    .text("question"), .text("kind"), .number("tries"), .text("how it ended"), .text("help"),
    .number("min"),
  ]

  private func facts(_ lesson: Lesson, _ progress: LessonProgress) -> [Fact] {
    let done = lesson.steps.count { progress.steps[$0.id]?.state == .done }
    let questions = lesson.steps.filter { $0.question.map { $0.kind != .open } ?? false }
    let first = questions.count { progress.questions[$0.id]?.outcome == .first }
    let right = progress.rightCount(in: lesson)
    let date = Date(timeIntervalSince1970: progress.saved)
      .formatted(.iso8601.year().month().day())
    return [
      Fact("steps", "\(done) of \(lesson.steps.count) done"),
      Fact("questions", "\(right) of \(questions.count) right, \(first) of them at the first try"),
      Fact("time", progress.minutes(at: lesson.steps) ?? "under a minute"),
      Fact("last day", date),
    ]
  }

  private func row(_ step: Lesson.Step, _ progress: LessonProgress) -> [String]? {
    guard let question = step.question, question.kind != .open,
      let record = progress.questions[step.id]
    else { return nil }
    let ending =
      switch record.outcome {
      case .first: "right at once"
      case .later: "right"
      case .missed: "missed"
      case .skipped: "skipped"
      case nil: "open"
      }
    return [
      step.id, question.kind.rawValue, "\(record.attempts)", ending, record.hadHelp ? "yes" : "no",
      fixed(progress.seconds(at: [step]) / 60, 1),
    ]
  }

  private func ownWords(_ step: Lesson.Step, _ progress: LessonProgress) -> Fact? {
    guard let kind = step.question?.kind, kind == .text || kind == .open,
      let answer = progress.questions[step.id]?.answer
    else { return nil }
    return Fact(step.id, answer)
  }
}
