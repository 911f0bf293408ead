import CollabInterpreter
import CollabLanguage
import CollabDocuments
import CollabNotebook

// MARK: - Answers

extension LessonRunner {
  /// Takes a line at a question.
  func answer(_ question: LessonQuestion, _ line: String) {
    let text = line.trimmed
    guard !text.isEmpty else { return pressEnter(question) }
    switch question.kind {
    case .choice, .multi: answer(question, letters: text)
    case .number, .shape, .value: answer(question, value: text)
    case .run: runOwn(text)
    case .match: take(judge(of: question).verdict(onPhrase: text), question, text)
    case .text, .open: answer(question, words: text)
    }
  }

  /// Judges answers; what is said about the first wrong one does not tell the right one, and never does
  /// where checks are about the answer itself.
  private func judge(of question: LessonQuestion) -> QuestionJudge {
    QuestionJudge(
      question: question, session: session,
      hidesRight: visit.wrongCount == 0 || question.kind == .value)
  }

  private func pressEnter(_ question: LessonQuestion) {
    // Statements since the answer was shown are another try.
    if question.kind == .run, visit.hasRun { return check(question) }
    if visit.isRevealed { return pass(question) }
    switch question.kind {
    case .text, .open:
      reveal(question)
      pass(question)
    default:
      if progress.questions[question.id]?.outcome != nil { return advance() }
      let words = question.hints.isEmpty ? "`answer`, `skip`" : "`hint`, `answer`, `skip`"
      say("\(Self.expectation(question.kind)); or \(words)")
    }
  }

  private static func expectation(_ kind: LessonQuestion.Kind) -> String {
    switch kind {
    case .choice: "a letter, such as a"
    case .multi: "letters, such as a c"
    case .number: "a number"
    case .shape: "a shape, such as [64, 2]"
    case .value: "a value or a formula"
    case .run: "statements, then an empty line"
    case .match, .text, .open: "a few words"
    }
  }

  private func answer(_ question: LessonQuestion, letters text: String) {
    let options = question.shuffledOptions(seed: progress.seed)
    let typedOut = options.firstIndex {
      let plain = QuestionJudge.plain($0.text)
      return plain.count > 1 && plain == QuestionJudge.plain(text)
    }
    let places = Self.places(text, count: options.count) ?? typedOut.map { [$0] }
    let last = Self.letter(options.count - 1)
    guard let places else {
      // A number may be meant for an option; it does nothing else.
      if Double(text) != nil { return say("answers have letters here: a to \(last)") }
      return runOwn(text)
    }
    if let place = places.first(where: { $0 >= options.count }) {
      return say("there is no \(Self.letter(place)); the answers are a to \(last)")
    }
    if question.kind == .choice, places.count > 1 {
      return say("only one of them is right: type one letter")
    }
    let verdict = judge(of: question).verdict(onOptions: places.map { options[$0] })
    if case .wrong(let remark) = verdict, !visit.wrongPlaces.insert(places).inserted {
      return say("You tried that already\(remark.map { ": \($0)." } ?? ".")")
    }
    take(verdict, question, text)
  }

  /// The places of letters such as `b`, `(b)`, `option b`, `a c` or `a & c`; nil if the text is something
  /// else.
  private static func places(_ text: String, count: Int) -> [Int]? {
    let text = AnswerText.without(
      ["option ", "answer ", "letter "] + AnswerText.openings, AnswerText.plain(text))
    let marks = text.contains(")") ? " ,;.!&/()" : " ,;.!&/'\"[]"
    let words = text.lowercased().split { marks.contains($0) }.filter { $0 != "and" && $0 != "or" }
    var places: [Int] = []
    // `ac` is short for `a c`, but other words are statements.
    let letters = words.count == 1 && words[0].count <= count ? words[0].map { $0 } : []
    let isRun = letters.count > 1 && Set(letters).count == letters.count
    for word in isRun ? letters.map({ Substring(String($0)) }) : words {
      guard word.count == 1, let byte = word.utf8.first, (97...122).contains(byte) else {
        return nil
      }
      let place = Int(byte) - 97
      if isRun, place >= count { return nil }
      if !places.contains(place) { places.append(place) }
    }
    return places.isEmpty ? nil : places.sorted()
  }

  private func answer(_ question: LessonQuestion, value text: String) {
    if question.kind == .shape, let sizes = Self.sizes(text) {
      let value = Value.list(sizes.map(Value.int))
      return judge(value, question, text)
    }
    if question.kind == .number, text.lowercased().contains(" or ") {
      return say("one number is asked for, and this may be several")
    }
    let readings =
      question.kind == .number
      ? NumberAnswer(text, asksForPercent: question.asksForPercent).readings
      : [Self.valueText(text)]
    if let right = readings.dropFirst().first(where: { isRight($0, question) }) {
      return answer(question, formula: right, typed: text)
    }
    answer(question, formula: readings[0], typed: text)
  }

  /// A value without the point behind it; numbers with nothing but blanks between them are a list.
  private static func valueText(_ text: String) -> String {
    let text = AnswerText.withoutFullStop(text)
    let words = text.split(separator: " ")
    let isList = words.count > 1 && words.allSatisfy { Double($0) != nil }
    return isList ? "[\(words.joined(separator: ", "))]" : text
  }

  /// Whether a formula is the answer.
  private func isRight(_ formula: String, _ question: LessonQuestion) -> Bool {
    let source = Source(formula)
    guard let expression = try? session.parser.expression(in: source),
      let value = try? session.value(of: expression, in: source)
    else { return false }
    return (try? judge(of: question).verdict(onValue: value))?.isRight == true
  }

  private func answer(_ question: LessonQuestion, formula: String, typed text: String) {
    let source = Source(formula)
    let code: Code
    do {
      code = try session.parser.code(in: source)
    } catch {
      return complain(typed: error, at: question)
    }
    // Anything but a formula is a statement, which is no answer.
    guard code.statements.count == 1, let statement = code.statements.first,
      case .expression(let expression) = statement.kind
    else { return runOwn(code, in: source, showsLine: true) }
    do {
      judge(try session.value(of: expression, in: source), question, text)
    } catch {
      complain(typed: error, at: question)
    }
  }

  /// Shows what is wrong with a line that was no answer, and which kind of answer is asked for.
  private func complain(typed error: Diagnostic, at question: LessonQuestion) {
    complain(typed: error)
    remind(of: question)
  }

  /// Says which kind of answer is asked for, where statements are none.
  func remind(of question: LessonQuestion) {
    if question.kind != .run { say("asked for here: \(Self.expectation(question.kind))") }
  }

  private func judge(_ value: Value, _ question: LessonQuestion, _ text: String) {
    do {
      var judge = judge(of: question)
      judge.saysPercent = text.contains("%")
      let verdict = try judge.verdict(onValue: value)
      // A look at something is no answer; what it shows may help.
      if case .notAnAnswer = verdict { output.write(.preformatted(value.display)) }
      let isLiteral = text.allSatisfy { !$0.isLetter || $0 == "x" }
      if !isLiteral, case .wrong = verdict { output.write(.preformatted(value.display)) }
      take(verdict, question, text)
    } catch {
      complain(error)
    }
  }

  /// `64x2`, `64 by 2`, `64*2`, `64 2`, `(64,2)`, `[64, 2]` or `torch.Size([64, 2])`; nil if it is anything
  /// else.
  static func sizes(_ text: String) -> [Int]? {
    var text = AnswerText.withoutFullStop(AnswerText.plain(text)).lowercased()
      .replacing(" by ", with: " x ").replacing("torch.", with: "")
    if text.hasPrefix("size") { text = String(text.dropFirst(4)) }
    let marks: Set<Character> = ["[", "]", "(", ")", ",", ";", " ", "x", "×", "*"]
    // Where a sign stands between the sizes, a comma stands between thousands: `1,665 x 50`.
    if text.contains(where: { "x×*".contains($0) }) { text = withoutThousands(text) }
    guard text.allSatisfy({ marks.contains($0) || ($0.isASCII && $0.isNumber) }) else { return nil }
    guard text.first.map({ $0 != "x" && $0 != "," }) ?? false else { return nil }
    let words = text.split { marks.contains($0) }
    let sizes = words.compactMap { Int($0) }
    return sizes.count == words.count ? sizes : nil
  }

  /// The text without commas that three digits follow, and no fourth.
  private static func withoutThousands(_ text: String) -> String {
    var digits = ""
    for (place, character) in zip(text.indices, text) {
      let rest = text[text.index(after: place)...].prefix { $0.isNumber }
      if character == ",", rest.count == 3, digits.last?.isNumber == true { continue }
      digits.append(character)
    }
    return digits
  }

  private func answer(_ question: LessonQuestion, words text: String) {
    progress.questions[question.id, default: .init()].attempts += 1
    progress.questions[question.id]?.answer = text
    let (found, missing) = judge(of: question).mentions(in: text)
    if found.isEmpty, !question.mentions.isEmpty, visit.wrongCount == 0 {
      visit.wrongCount += 1
      save()
      return say("Not yet: none of what matters is mentioned. Try again; [Enter] shows an answer")
    }
    reveal(question)
    let remarks = [
      found.isEmpty ? nil : "you mention: \(found.joined(separator: ", "))",
      missing.isEmpty ? nil : "not: \(missing.joined(separator: ", "))",
    ]
    if !question.mentions.isEmpty { say(remarks.compactMap(\.self).joined(separator: "; ")) }
    say("Did you have it?")
    save()
    state = .judging
  }

  /// Takes the reader's own judgement.
  func judge(_ line: String) {
    guard let question = step.question else { return }
    switch line.trimmed.lowercased() {
    case "y", "yes", "":
      state = .step
      settle(question, .later, firstIfClean: true)
      advance()
    case "n", "no":
      state = .step
      settle(question, .missed, firstIfClean: false)
      advance()
    default: obey(LessonWord(line), line, whileJudging: question)
    }
  }

  /// Takes a word of the lesson in place of a judgement; the question stays open then.
  private func obey(_ word: LessonWord?, _ line: String, whileJudging question: LessonQuestion) {
    switch word {
    case .list, .progress, .help:
      if let word { obey(word, line) }
    case .back, .goto, .reset, .quit, .again:
      state = .step
      if let word { obey(word, line) }
    case .skip:
      state = .step
      if progress.questions[question.id]?.outcome == nil {
        progress.questions[question.id, default: .init()].outcome = .skipped
      }
      progress.steps[step.id] = progress.steps[step.id] ?? .init(state: .skipped, seconds: 0)
      advance()
    case .hint, .answer, .done, nil: say("y or n; or `goto`, `back`, `quit`")
    }
  }

  private func runOwn(_ text: String) {
    let source = Source(text)
    do {
      let isRun = step.question?.kind == .run
      runOwn(try session.parser.code(in: source), in: source, showsLine: !isRun)
    } catch {
      if let question = step.question { complain(typed: error, at: question) }
    }
  }
}

// MARK: - Verdicts

extension LessonRunner {
  /// Looks at what statements have done.
  func check(_ question: LessonQuestion) {
    visit.hasRun = false
    take(judge(of: question).verdictOnWorkspace(), question, nil)
  }

  private func take(_ verdict: Verdict, _ question: LessonQuestion, _ text: String?) {
    if case .notAnAnswer(let remark) = verdict { return say(remark) }
    progress.questions[question.id, default: .init()].attempts += 1
    if let text { progress.questions[question.id]?.answer = text }
    switch verdict {
    case .notAnAnswer: break
    case .right(let remark):
      output.write(.prose(remark.map { "Right: \($0)." } ?? "Right."))
      let isProse = [.choice, .multi, .match].contains(question.kind)
      if isProse, !visit.isRevealed, let answer = question.answer { output.write(.prose(answer)) }
      settle(question, .later, firstIfClean: true)
      advance()
    case .wrong(let remark):
      visit.wrongCount += 1
      output.write(.prose(remark.map { "Not yet: \($0)." } ?? "Not yet."))
      if visit.wrongCount == 2, !question.hints.isEmpty { showHint(of: question) }
      if visit.wrongCount == 3 {
        reveal(question)
        say("Enter goes on, or try again")
      }
      save()
    }
  }

  /// Notes how a question ended; what was right once stays so.
  private func settle(
    _ question: LessonQuestion, _ outcome: LessonProgress.Outcome, firstIfClean: Bool
  ) {
    var record = progress.questions[question.id] ?? .init()
    if record.outcome?.isRight != true {
      let isFirst = firstIfClean && record.attempts == 1 && !record.hadHelp
      record.outcome = isFirst ? .first : outcome
    }
    progress.questions[question.id] = record
    progress.steps[step.id] = .init(state: .done, seconds: 0)
  }

  /// Goes on although the question was not answered.
  private func pass(_ question: LessonQuestion) {
    if question.kind == .open {
      progress.steps[step.id] = .init(state: .done, seconds: 0)
    } else {
      settle(question, .missed, firstIfClean: false)
    }
    advance()
  }

  /// Shows the model answer.
  func reveal(_ question: LessonQuestion) {
    visit.isRevealed = true
    let isJudgedByReader = question.kind == .text || question.kind == .open
    if !isJudgedByReader { progress.questions[question.id, default: .init()].hadHelp = true }
    switch question.kind {
    case .choice, .multi:
      let options = question.shuffledOptions(seed: progress.seed).enumerated()
      for option in options where option.element.isRight {
        let remark = option.element.feedback.map { " — \($0)" } ?? ""
        output.write(.prose("\(Self.letter(option.offset)): \(option.element.text)\(remark)"))
      }
      if let answer = question.answer { output.write(.prose(answer)) }
    case .number, .shape:
      let right = question.right.map { question.source.text(in: $0.range).trimmed }
      say("answer: " + right.joined(separator: ", "))
      if let answer = question.answer { output.write(.code(answer)) }
    case .value, .run:
      if let answer = question.answer { output.write(.code(answer)) }
    case .match:
      say("answer: " + (question.phrases.first ?? ""))
      if let answer = question.answer { output.write(.prose(answer)) }
    case .text, .open: if let answer = question.answer { output.write(.prose(answer)) }
    }
    if !isJudgedByReader, state == .step { save() }
  }
}
