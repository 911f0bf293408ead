import CollabInterpreter
public import CollabNotebook
import Collab
public import CollabLanguage
public import CollabDocuments
internal import CollabText

/// Runs a script: prints what its statements print, and compares it with what is recorded.
///
///     var options = ScriptOptions()
///     options.checks = true
///     let report = ScriptRunner(session, options).run(try Script(source, for: session))
///
/// A statement that is recorded to fail, with `#> error[code]`, is as good as one that runs. Any other
/// failure ends the run, unless the options say to keep going; output that differs never does.
public final class ScriptRunner {
  /// Says what is wrong with a question cell, given the session as it is when a check comes to it.
  public var questionCheck: (Cell, ScriptFile, Session) -> [Diagnostic] = { _, _, _ in [] }

  private let session: Session
  private let options: ScriptOptions
  private let reports: any Output
  private let now: () -> Double

  private var output: ScriptOutput
  private var missing = MissingNames()
  /// When the line that is running has to be done, and whether it was stopped for that.
  private var deadline: Double?
  private var isLate = false
  /// Values from outside, by the place of the assignment that they are for.
  private var replacements: [Int: ScriptOptions.Binding] = [:]
  private var hasEchoed = false

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - session: where statements run; what they print goes to its output.
  ///   - options: what to print, check and keep.
  ///   - reports: where failures go; nil for the output of the session.
  ///   - now: a clock in seconds; nil for the monotonic one.
  public init(
    _ session: Session, _ options: ScriptOptions, reportingTo reports: (any Output)? = nil,
    now: (() -> Double)? = nil
  ) {
    (self.session, self.options) = (session, options)
    self.reports = reports ?? session.output
    let clock = ContinuousClock()
    let start = clock.now
    self.now = now ?? { (clock.now - start) / .seconds(1) }
    output = ScriptOutput(session.destination, isKeeping: options.checks || options.records)
  }

  /// Runs the cells.
  ///
  /// - Precondition: the ids in the options are ids of cells of the script.
  public func run(_ script: Script) -> ScriptReport {
    let isInterrupted = session.isInterrupted
    session.isInterrupted = { [unowned self] in
      if isInterrupted() { return true }
      if let deadline, now() > deadline { isLate = true }
      return isLate
    }
    defer { session.isInterrupted = isInterrupted }
    return session.withOutput(output) { runCells(of: script) }
  }

  private func runCells(of script: Script) -> ScriptReport {
    for binding in options.bindings {
      session.variables[binding.name] = Value(binding.value)
      if let place = script.firstAssignment(of: binding.name)?.statement.range.lowerBound {
        replacements[place] = binding
      }
    }

    let start = now()
    let cells = script.file.cells
    let first = options.first.flatMap { id in cells.firstIndex { $0.id == id } } ?? 0
    let end = options.last.flatMap { id in cells.firstIndex { $0.id == id } }.map { $0 + 1 }
    let last = max(first, end ?? cells.count)
    var report = ScriptReport(
      script: script,
      cells: (first..<last).filter { cells[$0].kind == .code }.map { script.result(of: $0) })
    var place = 0
    for index in (options.runsEarlierCells ? 0 : first)..<last {
      let isShown = index >= first
      let cell = cells[index]
      if isShown, options.echoes, !options.isQuiet { echo(cell, of: script) }
      if cell.kind == .question, isShown, options.checks { check(cell, of: script, &report) }
      guard cell.kind == .code else { continue }
      var result = script.result(of: index)
      let outcome = run(cell, of: script, isShown: isShown, &result, &report)
      if isShown {
        report.cells[place] = result
        place += 1
      }
      if result.status == .failed || result.status == .differs { report.outcome = .failed }
      if outcome == .interrupted || outcome == .quit {
        if outcome == .interrupted || report.outcome == .finished { report.outcome = outcome }
        break
      }
      if result.status == .failed, !options.keepsGoing { break }
    }
    report.seconds = now() - start
    return report
  }
}

// MARK: - Cells

extension Script {
  /// The result of a cell that has not run.
  fileprivate func result(of index: Int) -> ScriptReport.CellResult {
    let cell = file.cells[index]
    return .init(index: index, id: cell.id, line: file.source.line(at: cell.range.lowerBound))
  }
}

extension ScriptRunner {
  private func run(
    _ cell: Cell, of script: Script, isShown: Bool, _ result: inout ScriptReport.CellResult,
    _ report: inout ScriptReport
  ) -> ScriptOutcome {
    let source = script.file.source
    output.isPrinting = isShown && !options.isQuiet
    defer { session.endCell() }
    if let reason = reasonToSkip(cell, &report) {
      result.status = .skipped
      missing.add(cell.code.statements, because: reason)
      return .finished
    }
    let start = now()
    defer { result.seconds = now() - start }
    session.beginCell()
    result.status = .ok
    for (index, line) in cell.code.lines.enumerated() {
      let check = script.checks[result.index][index]
      if isShown, options.echoes, !options.isQuiet, !cell.has("hide") {
        echo(line, of: script.file, isFirst: index == 0)
      }
      // What is recorded is shown; else nobody asks for what a change gives before the end.
      let isAsked =
        index == cell.code.lines.count - 1 || options.records || line.recording.output != nil
      let end = run(
        isAsked ? line : line.hidingChanges, in: source,
        until: check.deadline(cellStart: start, now: now()))
      var error: Diagnostic?
      var isExpected = true
      switch end {
      case .finished: break
      case .interrupted:
        tell(["interrupted at \(place(of: line, in: source))"], .note)
        return .interrupted
      case .quit: return .quit
      case .failed(let diagnostic, let isRecorded): (error, isExpected) = (diagnostic, isRecorded)
      }
      if let error, !isExpected,
        let cause = missing.cause(of: error, variables: session.variables.keys)
      {
        skip(line, because: cause, in: source, &result)
        continue
      }
      if let error, isExpected { output.write(.preformatted(error.recordedText)) }
      if index == cell.code.lines.count - 1 { session.showFigure() }
      var lines = output.takeLines()
      var errorCount = isExpected ? error?.recordedText.lines.count : nil
      if let error, !isExpected, options.records {
        lines += error.recordedText.lines
        errorCount = error.recordedText.lines.count
      }
      let comparison = comparison(of: lines, errorCount: errorCount, with: line, check)
      if options.records {
        result.lines.append(
          .init(index: index, output: lines, comparison: comparison, hasError: !isExpected))
      }
      if let error, !isExpected {
        let rest = cell.code.lines[index...].flatMap(\.statements)
        missing.add(rest, because: "cell \(cell.id) failed")
        result.status = .failed
        report.hasErrors = true
        tell(heading(of: line, cell, in: source) + error.lines(for: .file), .error)
        return .failed
      }
      if isShown, options.checks, let comparison, !comparison.matches {
        result.status = .differs
        let isMissingError = error == nil && line.recording.recordsError
        tell(
          heading(of: line, cell, in: source) + comparison.differences()
            + (isMissingError ? ["  it is recorded to fail, but ran"] : []), .error)
      }
    }
    return .finished
  }

  /// Looks whether a question can be answered, and nothing wrong is accepted.
  private func check(_ question: Cell, of script: Script, _ report: inout ScriptReport) {
    output.isPrinting = false
    report.questionCount += 1
    let problems = questionCheck(question, script.file, session)
    _ = output.takeLines()
    guard !problems.isEmpty else { return }
    report.badQuestionCount += 1
    report.outcome = .failed
    let source = script.file.source
    let line = source.line(at: question.range.lowerBound)
    let heading = "FAIL  \(source.name):\(line)  \(question.id)"
    tell([heading] + problems.flatMap { $0.lines(for: .file) }, .error)
  }

  /// Why a cell does not run.
  private func reasonToSkip(_ cell: Cell, _ report: inout ScriptReport) -> String? {
    if cell.has("skip") { return "cell \(cell.id) is not run" }
    guard let name = session.missingData(of: cell) else { return nil }
    if !report.missingData.contains(name) {
      report.missingData.append(name)
      let isInstalled = session.dataSearch.isInstalled(name)
      let advice = "  help: load \(name) at the prompt fetches it"
      tell(
        [
          "note: \(session.dataName(name)) is not \(isInstalled ? "loaded" : "installed"): cells that need it are skipped"
        ]
          + (KnownDataSet.named(name) != nil && !isInstalled ? [advice] : []), .note)
    }
    return "cell \(cell.id) was skipped"
  }

  private func skip(
    _ line: StatementLine, because cause: (name: String, reason: String), in source: Source,
    _ result: inout ScriptReport.CellResult
  ) {
    missing.add(line.statements, because: cause.reason)
    _ = output.takeLines()
    // One note for a cell is enough.
    guard result.status == .ok else { return }
    result.status = .skipped
    tell(
      ["\(place(of: line, in: source)): skipped (needs `\(cause.name)`, \(cause.reason))"], .note)
  }
}

// MARK: - Lines

extension ScriptRunner {
  private func run(
    _ line: StatementLine, in source: Source, until deadline: Double?
  ) -> CellRunner.End {
    (self.deadline, isLate) = (nil, false)
    if session.isInterrupted() { return .interrupted }
    self.deadline = deadline
    defer { (self.deadline, isLate) = (nil, false) }
    let runner = CellRunner(session, source, records: true) {
      [self] (statement) throws(Diagnostic) in
      if let binding = replacements[statement.range.lowerBound] {
        session.variables[binding.name] = Value(binding.value)
        return .finished
      }
      let outcome = try session.run(statement, in: source)
      if let deadline, now() > deadline {
        throw Diagnostic(
          "timeout", "this took longer than the script allows", at: statement.range, in: source,
          help: ["timeout=SECONDS on the marker of a cell, or on a #: line, sets the limit"])
      }
      return outcome
    }
    return runner.run([line])
  }

  /// The output of a line beside what is recorded; nil if nothing says what it should be.
  private func comparison(
    of output: [String], errorCount: Int?, with line: StatementLine, _ check: LineCheck
  ) -> OutputComparison? {
    guard options.checks || options.records, check.isOn,
      let expected = line.recording.output ?? (check.demandsNothing ? [] : nil)
    else { return nil }
    // What stands before and behind the message of an error is compared only if it is recorded.
    var output = output
    if let errorCount, errorCount <= output.count {
      let place = output.count - errorCount
      if expected.last?.hasPrefix("error[") ?? false { output.removeLast(errorCount - 1) }
      if expected.first?.hasPrefix("error[") ?? false { output.removeFirst(place) }
    }
    return OutputComparison(expected: expected, actual: output, options: check.comparison)
  }
}

extension LineCheck {
  fileprivate func deadline(cellStart: Double, now: Double) -> Double? {
    let times = [cellTimeout.map { cellStart + $0 }, timeout.map { now + $0 }]
    return times.compactMap(\.self).min()
  }
}

extension Recording {
  /// Whether the statement is recorded to fail.
  fileprivate var recordsError: Bool { output?.contains { $0.hasPrefix("error[") } ?? false }
}

extension Diagnostic {
  /// The message as it is recorded: without its place, which is directly above.
  var recordedText: String {
    var bare = self
    (bare.source, bare.range) = (nil, nil)
    return bare.lines(for: .file).joined(separator: "\n")
  }
}

extension String {
  /// The lines of a text, without their endings.
  var lines: [String] {
    split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

// MARK: - Reports

extension ScriptRunner {
  private func tell(_ lines: [String], _ severity: Failure.Severity) {
    reports.write(.failure(Failure(lines: lines, severity: severity)))
  }

  private func place(of line: StatementLine, in source: Source) -> String {
    "\(source.name):\(source.line(at: line.range.lowerBound))"
  }

  /// Where something is wrong, and the statements; nothing unless the run is a check.
  private func heading(of line: StatementLine, _ cell: Cell, in source: Source) -> [String] {
    guard options.checks else { return [] }
    let statements = source.text(in: line.range).lines
    let shown = statements.count > 6 ? statements.prefix(5) + ["…"] : statements[...]
    return ["FAIL  \(place(of: line, in: source))  \(cell.id)"]
      + shown.map { "  " + DisplayWidth.cut(DisplayWidth.cleaned($0), to: 200) }
  }

  private func echo(_ cell: Cell, of script: Script) {
    if hasEchoed { output.echo(.preformatted("")) }
    hasEchoed = true
    if cell.kind == .markdown { output.echo(.prose(script.file.text(of: cell))) }
  }

  /// Prints statements as if they had been typed, with one prompt for a cell.
  private func echo(_ line: StatementLine, of file: ScriptFile, isFirst: Bool) {
    let name = "collab[\(session.cell)]> "
    let prompt = isFirst ? name : String(repeating: " ", count: name.count)
    if !isFirst, output.hasPrinted { output.echo(.preformatted("")) }
    output.hasPrinted = false
    var typed = ""
    let shown = file.source.text(in: line.range).lines.map { text in
      defer { typed += text + "\n" }
      return (typed.isEmpty ? prompt : continuation(of: typed, below: prompt)) + text
    }
    output.echo(.preformatted(shown.joined(separator: "\n")))
  }

  /// The prompt of a line that continues: what is open, ending below the end of the first.
  private func continuation(of typed: String, below prompt: String) -> String {
    var mark = ""
    // Long statements are not read again for each of their lines.
    if typed.utf8.count < 10_000,
      case .incomplete(let opening) = session.parser.completeness(of: Source(typed))
    {
      mark = opening.symbol + ".> "
    }
    return String(repeating: " ", count: max(0, prompt.count - mark.count)) + mark
  }
}
