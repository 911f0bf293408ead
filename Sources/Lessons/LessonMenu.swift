public import CollabDocuments

/// The list of lessons, with how far the reader has come in each.
public struct LessonMenu {
  private let lessons: [Lesson]
  private let store: ProgressStore

  /// A list of lessons.
  public init(_ lessons: [Lesson], store: ProgressStore) {
    (self.lessons, self.store) = (lessons, store)
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
    output.write(.heading("Lessons", level: 1))
    output.write(
      .facts(
        lessons.enumerated().map { number, lesson in
          Fact("\(number + 1)", "\(lesson.title): \(state(of: lesson))")
        }))
    output.write(.paragraph("[Enter] begins the first that is not done; or type a number"))
  }

  private func state(of lesson: Lesson) -> String {
    let count = lesson.steps.count
    guard let progress = store.progress(of: lesson.id).progress, progress.isBegun else {
      return "\(count) steps in \(lesson.sections.count) sections"
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
}
