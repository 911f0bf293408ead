import CollabLanguage
import CollabDocuments
import CollabNotebook
import CollabScripts
internal import CollabText

// MARK: - A step

extension LessonRunner {
  /// Shows the step at which the reader is; steps that make no sense here are passed.
  func show(note: String? = nil) {
    while let needs = step.needs, step.question != nil, !session.hasData(needs) {
      say(
        "step \(position) is left out: `\(step.id)` needs \(session.dataName(needs)), which is not here"
      )
      progress.steps[step.id] = progress.steps[step.id] ?? .init(state: .skipped, seconds: 0)
      guard index + 1 < lesson.steps.count else { return advance() }
      move(to: index + 1)
    }
    output.write(.preformatted(""))
    showLine(note: note)
    if let cell = step.prose {
      let prose = withoutTitle(lesson.file.text(of: cell))
      if !prose.isEmpty { output.write(.prose(prose)) }
    }
    switch step.content {
    case .prose: break
    case .code(let cell):
      if let code = codeText, !cell.has("hide") {
        output.write(.preformatted(""))
        output.write(.code(code))
      }
    case .question(let question):
      output.write(.prose(question.prose))
      let letters = question.shuffledOptions(seed: progress.seed).enumerated().map {
        Fact(Self.letter($0.offset), $0.element.text)
      }
      if !letters.isEmpty { output.write(.facts(letters)) }
    }
    showKeys()
  }

  /// `── 3 of 9 · Learning the latent factors ─── 14/62 ──`.
  func showLine(note: String? = nil) {
    let width = min(max(options.width(), 20), 79)
    let dash = options.glyphs == .ascii ? "-" : "─"
    let dot = options.glyphs == .ascii ? "-" : "·"
    let section = lesson.sections[step.section]
    let end = " \(position) " + dash + dash
    let start = dash + dash + " \(step.section + 1) of \(lesson.sections.count) \(dot) "
    let room = width - DisplayWidth.of(start) - DisplayWidth.of(end) - 2
    let title = DisplayWidth.cut(section.title, to: max(room, 4))
    let gap = max(1, room + 1 - DisplayWidth.of(title))
    output.write(
      .preformatted(start + title + " " + String(repeating: dash, count: gap) + end))
    if let note { say(note) }
  }

  /// The title of the section stands on the line above already.
  private func withoutTitle(_ markdown: String) -> String {
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, let heading = Heading(first), heading.level <= 2,
      heading.text == lesson.sections[step.section].title
    else { return markdown }
    return lines.dropFirst().joined(separator: "\n").trimmed
  }

  /// The code of the step as it would be typed, without what is recorded below it.
  var codeText: String? {
    guard let cell = step.code else { return nil }
    let lines = lesson.file.text(of: cell).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.filter { !$0.hasPrefix("#>") && !$0.hasPrefix("#:") }.joined(separator: "\n")
      .trimmed
  }

  /// Says which keys there are: all of them the first time, then the most important one.
  private func showKeys() {
    if step.isPause {
      output.write(.preformatted(""))
      let minutes = progress.minutes(at: lesson.steps).map { " after \($0)" } ?? ""
      say("A good place to stop\(minutes): `quit`, and `\(options.command)` goes on from here.")
    }
    let (first, more) = keys
    let isNew = explained.insert(first + more).inserted
    output.write(.preformatted(""))
    output.write(.paragraph(isNew ? "\(first) · \(more)" : first))
  }

  /// The word for hints, where the question has some.
  private var hintWord: String { step.question?.hints.isEmpty == false ? "hint · " : "" }

  private var keys: (first: String, more: String) {
    let others = hintWord + "answer · skip · help"
    switch step.content {
    case .prose: return ("[Enter] go on", "back · list · help")
    case .code(let cell):
      if let reason = reasonNotToRun(cell) {
        return ("[Enter] go on (this is not run: \(reason))", "help")
      }
      if cell.has("hide") { return ("[Enter] prepare and go on", "back · list · help") }
      return ("[Enter] run it", "type anything of your own · back · skip · help")
    case .question(let question):
      switch question.kind {
      case .choice: return ("type the letter of your answer", others)
      case .multi: return ("type the letters of all that are right, such as a c", others)
      case .number: return ("type a number or a calculation", others)
      case .shape: return ("type a shape, such as [64, 2]", others)
      case .value: return ("type the value or a formula for it", others)
      case .run: return ("type statements; an empty line has them checked", others)
      case .match: return ("type a few words", others)
      case .text:
        return ("answer in your own words; [Enter] shows an answer", hintWord + "skip · help")
      case .open:
        return ("think, or write it down; [Enter] shows an answer", "back · skip · help")
      }
    }
  }

  /// Why the lesson does not run a cell.
  func reasonNotToRun(_ cell: Cell) -> String? {
    if cell.has("skip") { return "it is only shown" }
    return session.missingData(of: cell).map { "it needs \(session.dataName($0))" }
  }

  static func letter(_ index: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(min(index, 25))))
  }
}

// MARK: - Overviews

extension LessonRunner {
  func help() {
    output.write(
      .facts(LessonWord.explanations.map { Fact($0.word, $0.text) }))
    say(
      "Anything else is a statement: it runs in the same workspace, and the lesson stays where it is. "
        + "`help fit` explains `fit`.")
  }

  /// The sections, and the steps of the present one.
  func list() {
    let sections = lesson.sections.enumerated().map { number, section in
      let (first, last) = (section.steps.lowerBound + 1, section.steps.upperBound)
      let range = first == last ? "step \(first)" : "steps \(first) to \(last)"
      let here = section.steps.contains(index) ? ", here" : ""
      return Fact(
        "\(mark(of: section)) \(number + 1)",
        "\(section.title) (\(range), \(time(for: section.steps))\(here))")
    }
    let room = min(options.width(), 80) - 8
    let steps = lesson.sections[step.section].steps.map { number in
      let step = lesson.steps[number]
      let here = number == index ? " (here)" : ""
      let text = DisplayWidth.cut("\(step.id)\(here): \(beginning(of: step))", to: room)
      return Fact("\(mark(of: step)) \(number + 1)", text)
    }
    // One block, so that a pager stops before any of it is gone.
    output.write(.facts(sections + [Fact("", "")] + steps))
    let marks = Self.marks(options.glyphs)
    say(
      "\(marks.done) done, \(marks.skipped) skipped, \(marks.open) open; "
        + "all of it takes \(time(for: lesson.steps.indices))")
  }

  /// How long steps take, and how long they took so far: `about 6 min, 4 min spent`.
  private func time(for range: Range<Int>) -> String {
    let spent = progress.minutes(at: lesson.steps[range]).map { ", \($0) spent" } ?? ""
    return LessonTime.words(lesson.estimate(of: range)) + spent
  }

  /// The first line of a step.
  private func beginning(of step: Lesson.Step) -> String {
    let text =
      switch step.content {
      case .question(let question): question.prose
      case .code(let cell): lesson.file.text(of: cell)
      case .prose: step.prose.map(lesson.file.text) ?? ""
      }
    let lines = text.split(separator: "\n")
    return (lines.first { Heading($0) == nil } ?? lines.first ?? "").trimmed
  }

  private static func marks(_ glyphs: Glyphs) -> (done: String, skipped: String, open: String) {
    glyphs == .ascii ? ("x", "-", ".") : ("✓", "–", "·")
  }

  private func mark(of step: Lesson.Step) -> String {
    let marks = Self.marks(options.glyphs)
    return switch progress.steps[step.id]?.state {
    case .done: marks.done
    case .skipped: marks.skipped
    case nil: marks.open
    }
  }

  private func mark(of section: Lesson.Section) -> String {
    let marks = Self.marks(options.glyphs)
    let all = Set(section.steps.map { mark(of: lesson.steps[$0]) })
    if all.contains(marks.open) { return marks.open }
    return all.contains(marks.skipped) ? marks.skipped : marks.done
  }

  func showProgress() {
    var rows = lesson.sections.map { [$0.title] + counts($0.steps) }
    if lesson.sections.count > 1 { rows.append(["all"] + counts(lesson.steps.indices)) }
    output.write(
      .table(
        TableBlock(
          columns: [
            .text("section"), .number("done"), .number("skipped"), .number("first try"),
            .number("later"),
          ], rows: rows)))
  }

  private func counts(_ range: Range<Int>) -> [String] {
    let steps = lesson.steps[range]
    let questions = steps.filter { step in
      guard let question = step.question, question.kind != .open else { return false }
      return step.needs.map(session.hasData) ?? true
    }
    func count(_ outcome: LessonProgress.Outcome) -> Int {
      questions.count { progress.questions[$0.id]?.outcome == outcome }
    }
    let isAsked = !questions.isEmpty
    return [
      "\(steps.count { progress.steps[$0.id]?.state == .done })/\(steps.count)",
      "\(steps.count { progress.steps[$0.id]?.state == .skipped })",
      isAsked ? "\(count(.first))/\(questions.count)" : "", isAsked ? "\(count(.later))" : "",
    ]
  }
}

// MARK: - Remarks

extension LessonRunner {
  /// Says something about the lesson.
  func say(_ text: String) { output.write(.paragraph(text)) }

  func warn(_ text: String) {
    output.write(.failure(Failure(lines: ["warning: \(text)"], severity: .warning)))
  }

  /// Shows what is wrong with something in the lesson file, or with the lesson.
  func complain(_ error: Diagnostic) {
    output.write(.failure(Failure(lines: error.lines(for: .file, width: options.width()))))
  }

  /// Shows what is wrong with something that was typed.
  func complain(typed error: Diagnostic) {
    let width = (prompt?.name.count ?? 0) + 2
    let lines = error.lines(for: .prompt(width: width), width: options.width())
    output.write(.failure(Failure(lines: lines)))
  }
}
