import CollabInterpreter
import CollabText
import CollabLanguage
import CollabDocuments
import CollabNotebook
import CollabScripts

// MARK: - Code

extension LessonRunner {
  /// Takes a line at a step without a question.
  func typed(_ line: String) {
    guard !line.trimmed.isEmpty else { return pressEnter() }
    let source = Source(line)
    let code: Code
    do {
      code = try session.parser.code(in: source)
    } catch {
      return complain(typed: error)
    }
    guard let cell = step.code, reasonNotToRun(cell) == nil else {
      return runOwn(code, in: source, showsLine: true)
    }
    let expected = cell.code.statements
    let next = visit.typedCount..<visit.typedCount + code.statements.count
    if code.statements == expected, !code.statements.isEmpty {
      visit.typedCount = 0
      return finish(cell, running: code, in: source)
    }
    guard next.upperBound <= expected.count, !next.isEmpty,
      zip(expected[next], code.statements).allSatisfy(isSame)
    else { return runOwn(code, in: source, showsLine: true) }
    let outcome = runStatements(code, in: source)
    guard outcome == .finished else {
      return outcome == .quit ? leave() : save()
    }
    visit.typedCount = next.upperBound
    guard visit.typedCount < expected.count else { return complete() }
    say("\(visit.typedCount) of \(counted(expected.count, "statement")); Enter runs the rest")
    save()
  }

  /// Whether a typed statement does for one of the lesson: it is the same, or defines what that one
  /// defines in words of its own, such as those of Python.
  private func isSame(_ expected: Statement, _ typed: Statement) -> Bool {
    switch (expected.kind, typed.kind) {
    case (.model(let expected), .model(let typed)): expected.name == typed.name
    case (.function(let expected), .function(let typed)): expected.name == typed.name
    default: expected == typed
    }
  }

  /// Runs the shown code, or what is left of it, and goes on.
  private func pressEnter() {
    guard let cell = step.code, reasonNotToRun(cell) == nil else {
      if step.code == nil {
        progress.steps[step.id] = .init(state: .done, seconds: 0)
      } else {
        progress.steps[step.id] = progress.steps[step.id] ?? .init(state: .skipped, seconds: 0)
      }
      return advance()
    }
    let outcome = run(cell, from: visit.typedCount)
    if outcome == .finished { complete(cell) } else { after(outcome) }
  }

  /// The reader typed the whole cell: it is run as the cell, so that its recording counts.
  private func finish(_ cell: Cell, running code: Code, in source: Source) {
    let outcome = run(cell, from: 0)
    if outcome == .finished { complete(cell) } else { after(outcome) }
  }

  private func complete(_ cell: Cell? = nil) {
    let seconds = cell == nil ? 0 : progress.log.last?.seconds ?? 0
    progress.steps[step.id] = .init(state: .done, seconds: seconds)
    advance()
  }

  private func after(_ outcome: Outcome) {
    switch outcome {
    case .finished: break
    case .failed:
      save()
      say("Enter tries again, `skip` goes on")
    case .interrupted:
      save()
      showLine()
    case .quit: leave()
    }
  }

  enum Outcome {
    case finished
    case failed
    case interrupted
    case quit
  }

  /// Runs a cell of the lesson, from one of its statements on, and notes it.
  ///
  /// Of a cell that does not come to its end, the statements that ran are noted one by one.
  func run(_ cell: Cell, from first: Int) -> Outcome {
    _ = session.isInterrupted()
    let start = options.now()
    var ran: [LessonProgress.LogEntry] = []
    let outcome = execute(cell, from: first) { [self] statement, stop in
      ran.append(entry(statement, in: lesson.file.source, seconds: 0, stop: stop))
    } failure: { [self] error in
      complain(withAdvice(error))
    }
    if outcome == .finished, first == 0 {
      ran = [.init(cell: cell.id, text: nil, seconds: 0)]
    }
    if !ran.isEmpty { ran[ran.count - 1].seconds = options.now() - start }
    progress.log += ran
    return outcome
  }

  /// Runs statements of a cell; one that is recorded to fail may do so.
  private func execute(
    _ cell: Cell, from first: Int, done: (Statement, _ stop: Int?) -> Void = { _, _ in },
    failure: (Diagnostic) -> Void
  ) -> Outcome {
    defer { session.endCell() }
    let source = lesson.file.source
    var stop: Int?
    let runner = CellRunner(session, source) { (statement) throws(Diagnostic) in
      let run = try self.runCounting(statement, in: source)
      stop = run.stop
      return run.outcome
    }
    let end = runner.run(cell.code.lines, from: first) { statement, _, end in
      switch end {
      case .finished, .interrupted: done(statement, stop)
      case .failed(let error, _): failure(error)
      case .quit: break
      }
    }
    return switch end {
    case .finished, .failed(_, isExpected: true): .finished
    case .interrupted: .interrupted
    case .quit: .quit
    case .failed: .failed
    }
  }

  /// Runs a statement; if it is told to stop, says how often it had asked until then.
  private func runCounting(
    _ statement: Statement, in source: Source
  ) throws(Diagnostic) -> (outcome: RunOutcome, stop: Int?) {
    let isInterrupted = session.isInterrupted
    defer { session.isInterrupted = isInterrupted }
    var count = 0
    var stop: Int?
    session.isInterrupted = {
      count += 1
      guard isInterrupted() else { return false }
      stop = stop ?? count
      return true
    }
    return (try session.run(statement, in: source), stop)
  }
}

// MARK: - Own statements

extension LessonRunner {
  /// Runs statements of the reader; the lesson stays where it is.
  func runOwn(_ code: Code, in source: Source, showsLine: Bool) {
    let outcome = runStatements(code, in: source)
    if outcome == .quit { return leave() }
    if outcome == .finished { visit.hasRun = true }
    save()
    if outcome == .failed { step.question.map(remind) } else if showsLine { showLine() }
  }

  /// Runs statements that were typed, and notes those that succeed.
  func runStatements(_ code: Code, in source: Source) -> Outcome {
    _ = session.isInterrupted()
    defer { session.endCell() }
    for statement in code.statements {
      let start = options.now()
      do {
        let (outcome, stop) = try runCounting(statement, in: source)
        if outcome == .quit { return .quit }
        progress.log.append(
          entry(statement, in: source, seconds: options.now() - start, stop: stop))
        if outcome == .interrupted { return .interrupted }
      } catch {
        complain(typed: withAdvice(error))
        return .failed
      }
    }
    return .finished
  }

  private func entry(
    _ statement: Statement, in source: Source, seconds: Double, stop: Int?
  ) -> LessonProgress.LogEntry {
    let text = source.text(in: statement.range) + (statement.isSuppressed ? ";" : "")
    return .init(cell: nil, text: text, seconds: seconds, stop: stop)
  }
}

// MARK: - Running again

extension LessonRunner {
  /// Runs everything in the log once more, without showing it, and notes how long it took.
  func rerun() {
    let silence = SilentOutput(showingProgressOn: session.destination)
    guard let failures = session.withOutput(silence, rerunSilently) else {
      say("stopped; variables of later cells are missing")
      return
    }
    if !failures.isEmpty {
      warn("this failed when it ran again: \(failures.joined(separator: ", "))")
    }
  }

  /// Runs everything in the log once more; gives what failed, nil if the reader stopped it.
  private func rerunSilently() -> [String]? {
    let cells = Dictionary(
      uniqueKeysWithValues: lesson.steps.compactMap { step in step.code.map { (step.id, $0) } })
    var failures: [String] = []
    for (place, entry) in progress.log.enumerated() {
      let outcome: Outcome
      let start = options.now()
      if let id = entry.cell {
        guard let cell = cells[id] else { continue }
        outcome = execute(cell, from: 0, failure: { _ in })
        if outcome == .failed { failures.append(id) }
      } else {
        let text = entry.text ?? ""
        outcome = repeated(Source(text), stop: entry.stop)
        if outcome == .failed { failures.append("`\(text)`") }
      }
      progress.log[place].seconds = options.now() - start
      if outcome == .interrupted { return nil }
    }
    return failures
  }

  /// Runs a statement again; one that the reader had stopped stops at the same place.
  private func repeated(_ source: Source, stop: Int?) -> Outcome {
    let isInterrupted = session.isInterrupted
    defer { session.isInterrupted = isInterrupted }
    var count = 0
    if let stop {
      session.isInterrupted = {
        count += 1
        return count == stop || isInterrupted()
      }
    }
    do {
      let outcome = try session.run(source)
      return outcome == .interrupted && (stop.map { count < $0 } ?? true) ? .interrupted : .finished
    } catch {
      return .failed
    }
  }
}

/// Nothing but progress.
private final class SilentOutput: Output {
  private let destination: any Output

  init(showingProgressOn destination: any Output) { self.destination = destination }

  func write(_ block: Block) {}
  func begin(_ table: LiveTable) {}
  func append(row cells: [String]) {}
  func end() {}
  func progress(_ progress: Progress?) { destination.progress(progress) }
}

// MARK: - What was left out

extension LessonRunner {
  /// Adds to a failure which earlier cell makes the variable that is missing.
  private func withAdvice(_ error: Diagnostic) -> Diagnostic {
    guard let name = missingName(error), session.variables[name] == nil else { return error }
    // Also one that ran once: who goes on without running it again has none of its variables.
    let maker = lesson.steps[...index].last { step in
      guard let cell = step.code, step.id != self.step.id else { return false }
      return cell.code.statements.contains { makes(name, $0) }
    }
    guard let maker else { return error }
    var error = error
    let advice =
      "`goto \(maker.id)` shows the step that makes `\(name)`, `reset` runs all up to here"
    error.help.insert(advice, at: 0)
    return error
  }

  private func missingName(_ error: Diagnostic) -> String? {
    if let value = CurrentValue(absentBy: error.code) { return value.rawValue }
    switch error.code {
    case "unknown-name", "unknown-command":
      guard let source = error.source, let range = error.range else { return nil }
      return source.text(in: range)
    default: return nil
    }
  }

  private func makes(_ name: String, _ statement: Statement) -> Bool {
    Session.registry.names(definedBy: statement).contains(name)
  }
}
