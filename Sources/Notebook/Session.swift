import CollabBuiltins
public import CollabInterpreter
import CollabPythonText
public import Collab
public import CollabLanguage
public import CollabDocuments
import CollabFiles
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading

/// What statements act on: variables, random streams, and where output goes.
///
///     let session = Session(output: renderer)
///     try session.run(Source("load; dataloaders; learner dotbias; fit 5 5e-3 wd=0.1"))
///
/// The current ratings, loaders and learner are ordinary variables: `ratings`, `dls` and `learn`.
public final class Session: Scope {
  /// Where data is looked for.
  public var dataSearch: DataSearch
  /// What was typed in this session and before it, the latest last, for `history`.
  public var typedStatements: () -> [String] = { [] }
  /// Who answers questions; nil if nobody is there.
  public var answerer: (any Answerer)?
  /// What the prompt can do that statements are typed at; nil where there is none.
  public var prompt: PromptActions?
  /// How output looks.
  public var display = DisplaySettings() { didSet { displayDidChange(display) } }
  /// The columns that help may take.
  public var columns: () -> Int = { 80 }
  /// How the values of statements are shown.
  public var resultFormat = ResultFormat.text
  /// Told when `set` changes how output looks.
  public var displayDidChange: (DisplaySettings) -> Void = { _ in }

  /// Whether files that this session uses, and no other, are cut short.
  private let fileWatch = FileWatch()

  /// The name and the place of the ratings that were loaded last.
  package var loaded: (name: String, source: String)?
  /// What comes with those ratings to test with, if a split was loaded.
  var loadedValidation: Table?
  /// The number of the cell that is running.
  public package(set) var cell = 1
  /// What the last fit changed, as it was before.
  var undo: [Undo] = []

  struct Undo {
    let learner: Learner
    let checkpoint: Learner.Checkpoint
    let streams: RandomStreams
  }

  /// Adds a fit to those that can be taken back, of which only the last few are kept.
  func remember(_ fit: Undo) {
    undo.append(fit)
    let numbers = fit.learner.model.state.reduce(0) { $0 + $1.tensor.count }
    let most = numbers > Self.manyNumbers ? 1 : Self.mostUndos
    if undo.count > most { undo.removeFirst(undo.count - most) }
  }

  /// So many fits of small models can be taken back.
  private static let mostUndos = 10
  /// Of models with more numbers only the last fit is kept.
  private static let manyNumbers = 10_000_000

  /// What was printed and has no end of line yet.
  var openLine = ""
  /// What `plt` is drawing.
  var figure = Figure()
  /// Files that are being run by a statement.
  var fileDepth = 0
  /// Whether it was said what lists by predicted ratings are worth.
  package var hasSpokenOfLists = false
  /// Where statements that succeed are saved.
  var recording: SessionRecording?
  /// What random numbers began with.
  let startSeed: UInt32
  /// What a statement that fails goes back to.
  private var rollback: Rollback?

  private struct Rollback {
    let variables: [String: Value]
    let streams: RandomStreams
    let undo: [Undo]
  }

  /// A session as after `seed 42`.
  public init(output: any Output, dataSearch: DataSearch = .current(), seed: UInt32 = 42) {
    self.dataSearch = dataSearch
    startSeed = seed
    super.init(Self.library, output: output, seed: seed)
  }

  /// The command that makes a variable of the chapter.
  public override func advice(onUnknown name: String) -> [String] {
    let steps = Self.registry.steps(to: name)
    guard steps.isEmpty else { return [steps.joined(separator: "; ")] }
    return HelpPages.page(name) == nil ? [] : ["help \(name)"]
  }

  /// Shows a value, which is `_` from then on.
  public override func show(_ value: Value) {
    if case .none = value { return }
    shown[cell] = value
    variables["_"] = value
    if !writeData(value) { for block in value.presentation { output.write(block) } }
  }

  /// Keeps what has changed so far, even if the statement that is running fails.
  public override func keepChanges() {
    rollback = Rollback(variables: variables, streams: streams.copy(), undo: undo)
  }

  /// A parser that knows the commands and this session's variables.
  public var parser: Parser { Self.registry.parser(variables: Set(variables.keys)) }
}

// MARK: - Running

/// What running some statements led to.
public enum RunOutcome: Sendable, Equatable {
  /// All statements ran.
  case finished
  /// A statement asked to leave.
  case quit
  /// The user stopped a statement.
  case interrupted
}

extension Session {
  /// Runs all statements of a text as one cell, and shows their values.
  ///
  /// - Throws: the first mistake; the session is then as it was before that statement. Of a text of
  ///   several lines it says which ran.
  @discardableResult
  public func run(_ source: Source) throws(Diagnostic) -> RunOutcome {
    let code: Code
    do throws(Diagnostic) { code = try parser.code(in: source) } catch {
      throw source.lineCount > 1 ? error.noting("nothing was run") : error
    }
    return try run(code, in: source)
  }

  /// Runs statements that are parsed already.
  @discardableResult
  public func run(_ code: Code, in source: Source) throws(Diagnostic) -> RunOutcome {
    defer { cell += 1 }
    recording?.beginCell()
    let runner = CellRunner(self, source, records: true)
    defer { showFigure() }
    for (place, line) in code.lines.enumerated() {
      let isLast = place == code.lines.count - 1
      switch runner.run([isLast ? line : line.hidingChanges]) {
      case .finished: continue
      case .quit: return .quit
      case .interrupted: return .interrupted
      case .failed(let error, isExpected: true):
        output.write(.failure(Failure(lines: error.lines(for: .file))))
      case .failed(let error, isExpected: false):
        throw code.lines.count > 1 ? error.noting(Self.whatRan(place, of: code)) : error
      }
    }
    return .finished
  }

  /// Which lines of a text ran before one that failed.
  private static func whatRan(_ place: Int, of code: Code) -> String {
    switch place {
    case 0: "the lines below were not run"
    case code.lines.count - 1: "the lines above were run"
    default: "the lines above were run, those below were not"
    }
  }

  /// Runs one statement, and shows its value.
  ///
  /// - Throws: what is wrong; variables and random streams are then as they were before.
  public func run(_ statement: Statement, in source: Source) throws(Diagnostic) -> RunOutcome {
    if isInterrupted() {
      _ = interrupted()
      return .interrupted
    }
    keepChanges()
    callDepth = 0
    defer { endOpenLine() }
    dataSearch.scriptFolder = source.folder
    do {
      try Interruption.observed(by: { self.isInterrupted() }) {
        try TensorFormat.$precision.withValue(display.precision) {
          let missing = fileWatch.missingPages
          let value = try fileWatch.during {
            try hidingOutput(if: statement.isSuppressed) {
              try Evaluator(self, source).execute(statement)
            }
          }
          endOpenLine()
          guard fileWatch.missingPages == missing else { throw SessionProblem.cutShort }
          if let value, !statement.isSuppressed { show(value) }
        }
      }
      return .finished
    } catch Signal.quit {
      return .quit
    } catch Signal.interrupted {
      return .interrupted
    } catch {
      let diagnostic = Diagnostic(error, at: statement.range, in: source)
      guard !diagnostic.isInterruption else {
        _ = interrupted()
        return .interrupted
      }
      if let rollback {
        (variables, undo) = (rollback.variables, rollback.undo)
        streams.restore(from: rollback.streams)
      }
      throw diagnostic
    }
  }

  /// Runs something whose output is not wanted, if so; what `print` writes is.
  private func hidingOutput<Result>(if isHidden: Bool, _ body: () throws -> Result) rethrows
    -> Result
  {
    guard isHidden else { return try body() }
    let shown = output
    output = HiddenOutput(shown)
    defer { output = shown }
    return try body()
  }

  /// Removes all variables, and lets random numbers begin again.
  func reset() {
    variables = [:]
    shown = [:]
    undo = []
    streams.seed(startSeed)
  }

  /// Writes a value for programs, if that is how results are shown; whether it was.
  func writeData(_ value: Value) -> Bool {
    guard let data = ResultData(value, format: resultFormat) else { return false }
    data.show(on: output)
    return true
  }
}

extension Diagnostic {
  /// The same with one more note.
  fileprivate func noting(_ note: String) -> Diagnostic {
    var copy = self
    copy.notes.append(note)
    return copy
  }
}

// MARK: - What is current

extension Session {
  /// The ratings that `dataloaders` splits.
  func ratings() throws -> Table {
    guard case .table(let view)? = variables["ratings"] else { throw absence(of: .ratings) }
    return view.table
  }

  /// The loaders that a new learner learns from.
  func loaders() throws -> DataLoaders {
    guard case .object(let loaders as DataLoaders)? = variables["dls"] else {
      throw absence(of: .loaders)
    }
    return loaders
  }

  /// The learner that `fit` trains.
  func learner() throws -> Learner {
    guard case .object(let learner as Learner)? = variables["learn"] else {
      throw absence(of: .learner)
    }
    return learner
  }
}

// MARK: - What code that runs may ask

extension Call {
  /// The session that the call belongs to: every scope of this module is one.
  var session: Session {
    guard let session = scope as? Session else { preconditionFailure("a call without a session") }
    return session
  }
}
