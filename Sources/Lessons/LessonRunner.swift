import CollabInterpreter
import CollabText
import CollabLanguage
public import CollabDocuments
public import CollabNotebook

/// Takes a reader through a lesson, one line of input at a time.
///
///     let runner = LessonRunner(lesson, session: session, store: store, options: options)
///     runner.begin()
///     while let prompt = runner.prompt, let line = read(prompt) { runner.enter(line) }
///
/// It prints through the session's output and never waits for input, so that a terminal, a file of
/// lines and a test drive it alike.
public final class LessonRunner {
  /// What a lesson is told about its surroundings.
  public struct Options {
    /// What random numbers begin with, and what the options of choices are shuffled by.
    public var seed: UInt32 = 42
    /// The columns of a line.
    public var width: () -> Int = { 80 }
    /// The characters of lines and marks.
    public var glyphs: Glyphs = .unicode
    /// A clock in seconds.
    public var now: () -> Double
    /// What continues this lesson, as it is told on leaving.
    public var command: String

    /// Surroundings with a clock and a command; the rest as in a file of 80 columns.
    public init(now: @escaping () -> Double, command: String) {
      (self.now, self.command) = (now, command)
    }
  }

  /// What is asked for.
  public struct Prompt: Equatable, Sendable {
    /// The text in front of `> `.
    public let name: String
    /// Whether statements are expected, which may take several lines.
    public let isStatement: Bool
    /// Whether a number is expected, among statements.
    var isNumber = false

    /// Whether a line is complete that would be the beginning of a statement: `6.3 %` as an answer.
    public func isComplete(_ text: String) -> Bool {
      isNumber && !text.contains("\n") && text.trimmed.hasSuffix("%")
    }
  }

  enum State {
    case resuming
    /// The reader is asked whether to forget what was done.
    case forgetting
    case step
    /// The reader compares own words with an answer.
    case judging
    case left
  }

  let lesson: Lesson
  let session: Session
  let store: ProgressStore
  let options: Options

  var state = State.left
  /// The place of the step that is shown.
  public internal(set) var index = 0
  /// How many steps were left behind since the lesson was opened.
  var moves = 0
  var progress: LessonProgress
  /// What is going on at the step that is shown.
  var visit = Visit()
  /// What the clock said when time was counted last.
  var lastLook = 0.0
  /// Kinds of steps whose keys were explained already.
  var explained: Set<String> = []

  /// What happened at a step since it was shown.
  struct Visit {
    /// Statements of the cell that were typed.
    var typedCount = 0
    /// Hints that were shown.
    var hintCount = 0
    /// Answers that were wrong.
    var wrongCount = 0
    /// The letters among them, as places.
    var wrongPlaces: Set<[Int]> = []
    /// Whether the answer was shown.
    var isRevealed = false
    /// Whether statements ran since the last check.
    var hasRun = false
  }

  /// Prepares a lesson; nothing is printed before `begin()`.
  public init(_ lesson: Lesson, session: Session, store: ProgressStore, options: Options) {
    (self.lesson, self.session, self.store, self.options) = (lesson, session, store, options)
    progress = LessonProgress(lesson: lesson, seed: options.seed)
  }

  /// What to ask for next; nil when the reader has left.
  public var prompt: Prompt? {
    switch state {
    case .left: return nil
    case .resuming: return Prompt(name: "choice", isStatement: false)
    case .forgetting, .judging: return Prompt(name: "y/n", isStatement: false)
    case .step:
      let kind = step.question?.kind
      let isStatement = kind.map { [.number, .shape, .value, .run].contains($0) } ?? true
      return Prompt(
        name: "lesson \(position)", isStatement: isStatement, isNumber: kind == .number)
    }
  }

  var step: Lesson.Step { lesson.steps[index] }
  var position: String { "\(index + 1)/\(lesson.steps.count)" }
  var output: any Output { session.output }

  /// Takes a line that was typed.
  public func enter(_ line: String) {
    let id = step.id
    countTime(at: id, limit: LessonTime.longestStay)
    defer { countTime(at: id) }
    switch state {
    case .left: break
    case .resuming: resume(line)
    case .forgetting: forget(line)
    case .judging: judge(line)
    case .step:
      if let word = LessonWord(line), !(word == .done && step.question?.kind != .run) {
        obey(word, line)
      } else {
        switch step.content {
        case .question(let question): answer(question, line)
        case .prose, .code: typed(line)
        }
      }
    }
  }

  /// Saves and leaves, as Ctrl-D does.
  public func leave() {
    guard state != .left else { return }
    if state != .resuming, state != .forgetting {
      countTime(at: step.id, limit: LessonTime.longestStay)
      passPause()
      save()
      say(
        store.isFailing
          ? "left at \(position), which could not be saved"
          : "saved at \(position); `\(options.command)` continues here")
    }
    state = .left
  }
}

// MARK: - Words

extension LessonRunner {
  func obey(_ word: LessonWord, _ line: String) {
    switch word {
    case .hint: hint()
    case .answer: showAnswer()
    case .back: back()
    case .skip: skip()
    case .again: again()
    case .goto(let place): goto(place)
    case .list: list()
    case .progress: showProgress()
    case .reset: reset()
    case .quit: leave()
    case .help: help()
    case .done: if let question = step.question { check(question) }
    }
  }

  private func hint() {
    guard let question = step.question else {
      say(
        step.code == nil
          ? "there is nothing to find out here; Enter goes on"
          : "no hint for this step: Enter runs the code that is shown")
      return
    }
    guard !question.hints.isEmpty else {
      say("no hint for this question; `answer` shows an answer")
      return
    }
    showHint(of: question)
  }

  /// Shows the next hint; after the last one all of them again.
  func showHint(of question: LessonQuestion) {
    if visit.hintCount == question.hints.count { visit.hintCount = 0 }
    let hint = question.hints[visit.hintCount]
    visit.hintCount += 1
    progress.questions[question.id, default: .init()].hadHelp = true
    output.write(.prose("hint \(visit.hintCount)/\(question.hints.count): \(hint)"))
  }

  private func showAnswer() {
    if let question = step.question {
      reveal(question)
    } else if let code = codeText {
      output.write(.code(code))
    } else {
      say("there is no question here; Enter goes on")
    }
  }

  private func back() {
    guard index > 0 else { return say("this is the first step") }
    move(to: index - 1)
    show(note: "(variables keep their present values)")
  }

  private func skip() {
    if let question = step.question {
      reveal(question)
      if progress.questions[question.id]?.outcome == nil {
        progress.questions[question.id, default: .init()].outcome = .skipped
      }
    }
    let isProse = step.code == nil && step.question == nil
    if progress.steps[step.id] == nil {
      progress.steps[step.id] = .init(state: isProse ? .done : .skipped, seconds: 0)
    }
    advance()
  }

  private func again() {
    guard let id = progress.log.last(where: { $0.cell != nil })?.cell,
      let cell = lesson.steps.first(where: { $0.id == id })?.code
    else { return say("no code of the lesson has run yet") }
    say("running `\(id)` again")
    if run(cell, from: 0) == .quit { leave() }
    save()
  }

  private func goto(_ place: String) {
    guard let target = target(of: place) else {
      let names = lesson.steps.map(\.id) + lesson.sections.map(\.title)
      let near = Suggestion.nearest(to: place, among: names)
      complain(
        Diagnostic(
          "unknown-step", place.isEmpty ? "where to?" : "there is no step or section `\(place)`",
          help: near.isEmpty
            ? ["a number up to \(lesson.steps.count), an id or a title; `list` shows them"]
            : Suggestion.help(for: near)))
      return
    }
    move(to: target)
    show()
  }

  /// A step by number, id, its section's title, or the beginning of one of these.
  private func target(of place: String) -> Int? {
    guard !place.isEmpty else { return nil }
    if let number = Int(place) {
      return lesson.steps.indices.contains(number - 1) ? number - 1 : nil
    }
    if let index = lesson.steps.firstIndex(where: { $0.id == place || $0.prose?.id == place }) {
      return index
    }
    let wanted = place.lowercased()
    let titles = lesson.sections.map { $0.title.lowercased() }
    let section =
      titles.firstIndex { $0.hasPrefix(wanted) } ?? titles.firstIndex { $0.contains(wanted) }
    return section.map { lesson.sections[$0].steps.lowerBound }
      ?? lesson.steps.firstIndex { step in
        [step.prose?.id, step.id].contains { $0?.hasPrefix(wanted) == true }
      }
  }

  private func reset() {
    session.startOver(seed: progress.seed)
    let cells = lesson.steps[..<index].filter { $0.code.map { reasonNotToRun($0) == nil } ?? false }
    progress.log = cells.map { .init(cell: $0.id, text: nil, seconds: 0) }
    say("the workspace is empty; running \(counted(cells.count, "cell")) up to here")
    rerun()
    save()
    showLine()
  }
}

// MARK: - Moving

extension LessonRunner {
  func move(to index: Int) {
    self.index = index
    visit = Visit()
    moves += 1
    save()
  }

  /// Goes to the next step, or ends the lesson behind the last.
  func advance() {
    guard index + 1 < lesson.steps.count else { return finish() }
    move(to: index + 1)
    show()
  }

  private func finish() {
    moves += 1
    progress.isFinished = true
    save()
    output.write(.preformatted(""))
    output.write(.paragraph("That was the last step of \(lesson.title)."))
    showProgress()
    let skipped = lesson.steps.filter { progress.steps[$0.id]?.state == .skipped }.map(\.id)
    if !skipped.isEmpty {
      say("skipped: \(skipped.joined(separator: ", ")) (`goto` and its name goes there)")
    }
    state = .left
  }

  /// Whoever leaves at a place to stop comes back to what follows it.
  private func passPause() {
    guard step.isPause, step.question == nil, step.code == nil, index + 1 < lesson.steps.count
    else { return }
    progress.steps[step.id] = .init(state: .done, seconds: 0)
    index += 1
  }

  func save() {
    progress.contentHash = lesson.contentHash
    progress.cell = step.id
    progress.earlier = lesson.steps[..<index].map(\.id)
    if let failure = store.save(progress) { warn(failure) }
  }
}
