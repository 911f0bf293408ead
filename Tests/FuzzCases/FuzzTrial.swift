import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabLessons
import CollabNotebook
import CollabScripts
import CollabText
import TestSupport

/// Tries inputs, and says what must not be.
///
///     let trial = FuzzTrial(folder: folder)
///     trial.problems(of: .cell, trial.input(.cell, seed: 1, number: 7))
///
/// An input may be refused in any way that a user can be told; what ends the process, or never ends, is
/// seen by whoever started it.
package struct FuzzTrial {
  private let folder: String
  private let corpus: FuzzCorpus
  /// After so many seconds of the processor's time a user would press Ctrl-C, and so many later what runs
  /// must have stopped.
  private static let patience = (run: 0.3, stop: 3.0)

  /// Ratings in a small file, and statements that learn from them.
  package static let ratings = FuzzCorpus.ratings
  package static let training = FuzzCorpus.prelude + "\n" + FuzzCorpus.training

  /// A place to try inputs in: a folder in which they may do as they like.
  package init(folder: String) {
    self.folder = folder
    Self.writeRatings(in: folder)
    corpus = FuzzCorpus(folder: folder)
    removeLitter()
  }

  /// An input, the same for the same seed and number.
  package func input(_ kind: FuzzKind, seed: UInt64, number: Int) -> [UInt8] {
    corpus.input(kind, seed: seed, number: number)
  }

  /// What is wrong with how an input is taken, one sentence each; of arguments, `FuzzProgram` says it.
  package func problems(of kind: FuzzKind, _ bytes: [UInt8]) -> [String] {
    var problems = Problems()
    let session = FuzzSession(folder: folder)
    defer { removeLitter() }
    session.limit(seconds: Self.patience.run)
    switch kind {
    case .cell: cell(bytes, session, &problems)
    case .data: data(bytes, session, &problems)
    case .script: script(bytes, session, &problems)
    case .notebook: notebook(bytes, session, &problems)
    case .lesson: lesson(bytes, session, &problems)
    case .workspace: workspace(bytes, session, &problems)
    case .model: model(bytes, session, &problems)
    case .arguments: break
    }
    if ProcessorTime.seconds > session.end + Self.patience.stop {
      problems.add("it goes on when it is to stop")
    }
    problems.add(session.activeText)
    return problems.list
  }

  /// What inputs wrote must not change how others are taken.
  private func removeLitter() {
    for entry in Files.entries(of: folder) where entry.name != "ratings.csv" && !entry.isFolder {
      try? Files.remove("\(folder)/\(entry.name)")
    }
    Self.writeRatings(in: folder)
  }

  private static func writeRatings(in folder: String) {
    _ = try? Files.replace(folder + "/ratings.csv", with: Array(FuzzCorpus.ratings.utf8))
  }

  private func write(_ bytes: [UInt8], _ ending: String) -> String {
    let name = "input.\(ending)"
    try? Files.replace("\(folder)/\(name)", with: bytes)
    return name
  }
}

// MARK: - Kinds

extension FuzzTrial {
  private func cell(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let session = fuzz.session
    fuzz.run(FuzzCorpus.prelude)
    let source = Source(bytes: bytes, name: Source.promptName)
    if source.text.contains("learn") || source.text.contains("dls") {
      fuzz.run(FuzzCorpus.training)
    }
    check(source, session, &problems)
    attempt(session, source, &problems)
    // What came of it is shown, saved and taken back.
    attempt(session, "vars; save out.saved overwrite=true; restore out.saved; vars", &problems)
  }

  private func data(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let name = write(bytes, "csv")
    let options = [
      "", "header=none", "skip_bad=true", "delimiter=';'", "encoding=latin-1", "quoting=false",
      "names=[a,b,c]", "usecols=[0,1]", "nrows=2", "decimal=','", "delimiter='\\t' header=none",
      "dtype=str", "delimiter='\\s+'",
    ]
    let first = bytes.reduce(0) { $0 &+ Int($1) } % options.count
    for option in [options[0], options[first]] {
      attempt(fuzz.session, "q = read_csv \(name) \(option)", &problems)
      attempt(
        fuzz.session, "q; q.describe(); q.dtypes; q.isna().sum(); q.to_csv(); q.iloc[0]", &problems)
    }
    attempt(fuzz.session, "load \(name); describe; head ratings", &problems)
    attempt(fuzz.session, "dataloaders bs=4; learner dot factors=2; fit 1", &problems)
    attempt(fuzz.session, "recommend 1; similar 1; bias", &problems)
  }

  private func script(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let source = Source(bytes: bytes, name: "\(folder)/a.collab")
    fuzz.run(FuzzCorpus.prelude)
    check(source, fuzz.session, &problems)
    do throws(Diagnostic) {
      let script = try Script(source, for: fuzz.session)
      problems.add(
        writing(script.file) == source.bytes ? nil : "the parts of a file are not the file")
      if let formatted = script.file.formatted(readBy: fuzz.session.parser) {
        let again = try ScriptFile(
          Source(bytes: formatted, name: source.name), parser: fuzz.session.parser)
        if again.formatted(readBy: fuzz.session.parser) != formatted {
          problems.add("what was formatted is formatted again")
        }
      }
      var options = ScriptOptions()
      (options.checks, options.keepsGoing, options.records) = (true, true, true)
      let report = ScriptRunner(fuzz.session, options).run(script)
      let recorded = Source(bytes: report.recording(addingAll: true).bytes, name: source.name)
      _ = try Script(recorded, for: fuzz.session)
    } catch {
      problems.add(error, in: [source])
    }
    page(source, &problems)
  }

  /// Plays a text as a page and as a notebook, and looks at both.
  private func page(
    _ source: Source, isImported: Bool = false, _ problems: inout Problems
  ) {
    let fuzz = FuzzSession(folder: folder)
    fuzz.limit(seconds: Self.patience.run)
    do throws(Diagnostic) {
      let played = try fuzz.session.play(
        file: source, keepsGoing: true, keepsMistakes: isImported)
      let page = played.html
      if page.contains("<script") { problems.add("a page holds a script") }
      for problem in Markup(page).problems.prefix(3) { problems.add("page: \(problem)") }
      guard let text = try? played.jupyter() else { return problems.add("no notebook can be made") }
      _ = try ImportedNotebook(
        Array(text.utf8), name: "a.ipynb", parser: fuzz.session.parser, keepsUnreadable: true)
    } catch {
      problems.add(error, in: [source])
    }
  }

  private func notebook(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    for keeps in [false, true] {
      guard
        let imported = try? ImportedNotebook(
          bytes, name: "a.ipynb", parser: fuzz.session.parser, keepsUnreadable: keeps)
      else { continue }
      let source = Source(imported.text, name: "\(folder)/a.ipynb")
      do throws(Diagnostic) {
        _ = try ScriptFile(source, parser: fuzz.session.parser, keepsMistakes: keeps)
      } catch {
        problems.add("what was imported cannot be read: \(error.code)")
      }
      if keeps { page(source, isImported: true, &problems) }
    }
  }

  private func lesson(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let source = Source(bytes: bytes, name: "a.collab")
    do throws(Diagnostic) {
      let lesson = try Lesson(source, id: "a", parser: fuzz.session.parser)
      let file = try ScriptFile(source, parser: fuzz.session.parser)
      for cell in file.cells where cell.kind == .question {
        for problem in LessonCheck.problems(of: cell, in: file, session: fuzz.session) {
          problems.add(problem, in: [source])
        }
      }
      let options = LessonRunner.Options(now: { 0 }, command: "collab teach a.collab")
      let store = ProgressStore(folder: nil)
      _ = LessonRunner(lesson, session: fuzz.session, store: store, options: options)
        .runAutomatically()
      var typed = LessonScript(
        "1\nhint\nanswer\n2, 3\ny\nback\nskip\nx = 1\n⏎\n⏎\nn\nlist\nwhere\nquit\n")
      LessonRunner(lesson, session: fuzz.session, store: store, options: options).run(&typed)
    } catch {
      problems.add(error, in: [source])
    }
  }

  private func workspace(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let name = write(bytes, "saved")
    attempt(fuzz.session, "restore \(name)", &problems)
    attempt(fuzz.session, "vars", &problems)
    for variable in fuzz.session.variables.keys.sorted() where !variable.isEmpty {
      attempt(fuzz.session, "\(variable)", &problems)
    }
    attempt(fuzz.session, "learn.model; validate; fit 1", &problems)
    attempt(fuzz.session, "show_batch; recommend 1; similar 1; ratings.describe()", &problems)
    attempt(fuzz.session, "save out.saved; restore out.saved", &problems)
  }

  private func model(_ bytes: [UInt8], _ fuzz: FuzzSession, _ problems: inout Problems) {
    let name = write(bytes, "safetensors")
    attempt(fuzz.session, "learn = load_learner '\(name)'; learn.model; summary", &problems)
    attempt(
      fuzz.session, "validate; recommend 1; bias; fit 1; learn.export('b.safetensors')", &problems)
    attempt(fuzz.session, "recommend 1 n=3; similar 1; predict 1 1; show_batch", &problems)
  }
}

// MARK: - Looking

extension FuzzTrial {
  /// Runs statements, whose mistakes are looked at.
  private func attempt(_ session: Session, _ text: String, _ problems: inout Problems) {
    attempt(session, Source(text), &problems)
  }

  private func attempt(_ session: Session, _ source: Source, _ problems: inout Problems) {
    do {
      try session.run(source)
    } catch {
      problems.add(error, in: nil)
    }
  }

  /// Reads a text in every way there is.
  private func check(_ source: Source, _ session: Session, _ problems: inout Problems) {
    let parser = session.parser
    do throws(Diagnostic) {
      for line in try parser.code(in: source).lines {
        problems.add(line.range, source)
        problems.add(line.recording.outputRange, source)
        for statement in line.statements { problems.add(statement.range, source) }
      }
    } catch {
      problems.add(error, in: [source])
    }
    if case .mistake(let error) = parser.completeness(of: source) {
      problems.add(error, in: [source])
    }
    let completion = Completer(Session.registry, context: SessionCompletion(session))
      .complete(source.text)
    problems.add(completion.range, Source(source.text))
    for highlight in parser.highlights(in: source) { problems.add(highlight.range, source) }
  }

  private func writing(_ file: ScriptFile) -> [UInt8] {
    file.source.bytes[file.preambleRange] + file.cells.flatMap { file.source.bytes[$0.range] }
  }
}

/// What is wrong with how an input was taken.
private struct Problems {
  private(set) var list: [String] = []
  private static let explained = Set(Session.registry.errors.map(\.code))

  mutating func add(_ problem: String?) { if let problem { list.append(problem) } }

  /// Notes a range that does not lie in its text.
  mutating func add(_ range: Range<Int>, _ source: Source) {
    if range.lowerBound < 0 || range.upperBound > source.bytes.count {
      list.append("the range \(range) of \(source.bytes.count) bytes")
    }
  }

  /// Notes a message that cannot be drawn or explained, or points outside of its text.
  mutating func add(_ error: Diagnostic, in sources: [Source]?) {
    for range in [error.range].compactMap(\.self) + error.related {
      if let source = error.source ?? sources?.first { add(range, source) }
    }
    if !Self.explained.contains(error.code) { list.append("no help on error[\(error.code)]") }
    for lines in [
      error.lines(for: .file, width: 80), error.lines(for: .prompt(width: 10), width: 20),
    ] {
      if lines.isEmpty { list.append("no message") }
      for scalar in lines.joined().unicodeScalars where VisibleText.isActive(scalar) {
        list.append("the message holds \(VisibleText.escape(of: scalar))")
        break
      }
    }
  }
}
