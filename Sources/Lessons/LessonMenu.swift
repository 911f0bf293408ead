public import CollabDocuments
import CollabText

/// The list of lessons, with how far the reader has come in each.
public struct LessonMenu {
  private let title: String
  private let lessons: [Lesson]
  private let store: ProgressStore

  /// A list of lessons.
  ///
  /// - Parameters:
  ///   - lessons: those to choose from.
  ///   - store: where the progress in each is kept.
  ///   - title: what stands above the list.
  public init(_ lessons: [Lesson], store: ProgressStore, title: String = "Lessons") {
    (self.lessons, self.store, self.title) = (lessons, store, title)
  }

  /// The lesson that was worked on last, if it is not finished.
  public static func unfinished(_ lessons: [Lesson], in store: ProgressStore) -> Lesson? {
    let begun = lessons.compactMap { lesson in
      store.progress(of: lesson.id).progress.map { (lesson, $0) }
    }
    let latest = begun.filter { $0.1.isBegun && !$0.1.isFinished }.max { $0.1.saved < $1.1.saved }
    return latest?.0
  }

  /// Prints the list.
  public func show(on output: any Output) {
    output.write(.heading(title, level: 1))
    output.write(
      .facts(
        lessons.enumerated().map { number, lesson in
          Fact("\(number + 1)", "\(lesson.title): \(state(of: lesson))")
        }))
    output.write(.paragraph(summary))
    output.write(.paragraph("[Enter] begins the first that is not done; or type a number"))
  }

  /// How far the reader has come in all of them together.
  private var summary: String {
    let begun = lessons.map { (lesson: $0, progress: store.progress(of: $0.id).progress) }
    let done = begun.reduce(0) { sum, entry in
      sum + entry.lesson.steps.count { entry.progress?.steps[$0.id]?.state == .done }
    }
    let spent = begun.reduce(0) { $0 + ($1.progress?.seconds(at: $1.lesson.steps) ?? 0) }
    let minutes = Int(clamping: (spent / 60).rounded())
    let total = lessons.reduce(0) { $0 + $1.steps.count }
    return "\(done) of \(counted(total, "step")) done"
      + (minutes > 0 ? ", \(minutes) min spent" : "")
  }

  /// Whether the reader has been through all of them.
  public var isFinished: Bool {
    lessons.allSatisfy { store.progress(of: $0.id).progress?.isFinished == true }
  }

  private func state(of lesson: Lesson) -> String {
    let count = lesson.steps.count
    guard let progress = store.progress(of: lesson.id).progress, progress.isBegun else {
      return "\(counted(count, "step")) in \(counted(lesson.sections.count, "section")), "
        + LessonTime.words(lesson.estimate(of: lesson.steps.indices))
    }
    if progress.isFinished { return "done" }
    return "at step \(progress.place(in: lesson).index + 1) of \(count)"
  }

  /// The lesson that a line names; an empty one means the first that is not done.
  public func lesson(_ line: String) -> Lesson? {
    let text = line.trimmed
    guard !text.isEmpty else {
      return lessons.first { store.progress(of: $0.id).progress?.isFinished != true }
        ?? lessons.first
    }
    if let number = Int(text) {
      return lessons.indices.contains(number - 1) ? lessons[number - 1] : nil
    }
    return lessons.first { $0.title.lowercased().hasPrefix(text.lowercased()) }
  }

  /// Whether a line asks to leave.
  public static func isLeaving(_ line: String) -> Bool { LessonWord(line) == .quit }

  /// Whether a line asks for the list again.
  public static func isList(_ line: String) -> Bool { LessonWord(line) == .list }
}
