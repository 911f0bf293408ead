import CollabText
import CollabLanguage
import CollabDocuments
import CollabNotebook

extension LessonRunner {
  /// Opens the lesson: at its first step, or where the reader left it.
  public func begin() {
    let (saved, remark) = store.progress(of: lesson.id)
    if let remark { warn(remark) }
    if let saved { progress = saved }
    lastLook = options.now()
    session.startOver(seed: progress.seed)
    state = .step
    guard let saved, saved.isBegun else {
      output.write(.heading(lesson.title, level: 1))
      say(
        "\(counted(lesson.steps.count, "step")) in \(counted(lesson.sections.count, "section")), "
          + "\(LessonTime.words(lesson.estimate(of: lesson.steps.indices))), saved as you go: "
          + "`quit` leaves, `\(options.command)` comes back. The line above a step says where you are."
      )
      return show()
    }
    let (place, isMoved) = saved.place(in: lesson)
    index = place
    welcomeBack(isMoved: isMoved)
    guard !rerunnable.isEmpty else { return show() }
    askHow()
  }

  /// Asks how to go on.
  private func askHow() {
    output.write(
      .facts([
        Fact("1", "run again what ran before, and continue (\(estimate))"),
        Fact("2", "continue without that (variables will be missing)"),
        Fact("3", "start over"),
      ]))
    state = .resuming
  }

  private func welcomeBack(isMoved: Bool) {
    let title = lesson.sections[step.section].title
    let time = progress.minutes(at: lesson.steps).map { ", after \($0)" } ?? ""
    let whence = progress.isFinished ? "You have been through to" : "You stopped at"
    say("Welcome back. \(whence) \(position) (\(title))\(time).")
    if let finding = lesson.steps[..<index].reversed().lazy.compactMap(lesson.finding).first {
      output.write(.prose("So far: \(finding)"))
    }
    if let score { say(score) }
    if isMoved {
      say(
        "The lesson has changed: `\(progress.cell)` is gone, and `\(step.id)` is the nearest before it."
      )
    } else if progress.contentHash != lesson.contentHash {
      say("The lesson has changed since; you are at the same step.")
    }
  }

  /// How the questions went that were asked; nil if there were none.
  private var score: String? {
    let asked = lesson.steps.filter { step in
      progress.questions[step.id] != nil && step.question.map { $0.kind != .open } ?? false
    }
    guard !asked.isEmpty else { return nil }
    let first = asked.count { progress.questions[$0.id]?.outcome == .first }
    return "Questions: \(progress.rightCount(in: lesson)) of \(asked.count) right, "
      + "\(first) of them at the first try."
  }

  /// What ran before and still exists.
  private var rerunnable: [LessonProgress.LogEntry] {
    let ids = Set(lesson.steps.map(\.id))
    return progress.log.filter { $0.cell.map(ids.contains) ?? true }
  }

  /// How long it takes to run everything again.
  private var estimate: String {
    let seconds = rerunnable.reduce(0) { $0 + $1.seconds }
    let cells = rerunnable.count { $0.cell != nil }
    let own = rerunnable.count - cells
    let what = [
      cells > 0 ? counted(cells, "cell") : nil,
      own > 0 ? counted(own, "statement") : nil,
    ].compactMap(\.self).joined(separator: " and ")
    if seconds < 3 { return "\(what), a moment" }
    if seconds < 90 { return "\(what), about \(Int(clamping: (seconds + 4) / 5) * 5) s" }
    return "\(what), about \(Int(clamping: (seconds + 30) / 60)) min"
  }

  /// Takes the choice of how to go on.
  func resume(_ line: String) {
    switch line.trimmed {
    case "1", "":
      state = .step
      progress.log = rerunnable
      rerun()
      show()
    case "2":
      state = .step
      show()
    case "3":
      say("That forgets where you are, and all answers. Shall it? y or n")
      state = .forgetting
    case "quit", "exit": leave()
    default: say("1, 2 or 3")
    }
  }

  /// Takes the answer whether what was done is to be forgotten.
  func forget(_ line: String) {
    switch line.trimmed.lowercased() {
    case "y", "yes":
      store.remove(lesson.id)
      progress = LessonProgress(lesson: lesson, seed: options.seed)
      session.startOver(seed: progress.seed)
      index = 0
      state = .step
      show()
    case "quit", "exit": leave()
    case "n", "no", "": askHow()
    default: say("y or n")
    }
  }
}
