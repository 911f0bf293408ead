internal import Collab
public import CollabDocuments
internal import CollabInterpreter
internal import CollabLanguage
public import CollabLineEditing
public import CollabNotebook

/// A session that is talked to in lines of JSON.
///
///     let talk = Conversation(from: 0, history: nil, takeInterrupt: { false }, send: write)
///     let session = Session(output: talk.output)
///     talk.hold(with: session, programVersion: "0.1.0")
///
/// Each request has exactly one event `done`, after all others that belong to it.
public final class Conversation {
  /// The version of the protocol; it grows when something that clients rely on changes.
  public static let version = 1

  /// Where the session's output goes.
  public var output: any Output { events }

  private let events: EventOutput
  private let lines: LineSource
  private let history: HistoryFile?
  /// Requests that came while another one ran, and lines that were none.
  private var waiting: [Result<Request, Refusal>] = []
  /// What was run in this session.
  private var statements: [String] = []
  /// Whether a client asked to stop what runs.
  private var isInterruptWanted = false
  private var lookedForInterrupt = -Double.infinity
  private var isRunning = false
  /// Whether a signal wants what runs to stop; it is then settled.
  private let takeInterrupt: @Sendable () -> Bool

  /// How often the client is asked whether it wants to stop, in seconds.
  private static let interruptInterval = 0.02

  /// Begins a conversation.
  ///
  /// - Parameters:
  ///   - descriptor: where requests come from.
  ///   - history: the statements of earlier sessions, to which those of this one are added.
  ///   - takeInterrupt: whether a signal wants what runs to stop; it is then settled.
  ///   - send: takes the events, a line at a time.
  public init(
    from descriptor: Int32, history: HistoryFile?, takeInterrupt: @escaping @Sendable () -> Bool,
    send: @escaping TextSink
  ) {
    self.takeInterrupt = takeInterrupt
    lines = LineSource(descriptor)
    self.history = history
    events = EventOutput(send: send)
  }

  /// Answers requests until there are no more.
  ///
  /// - Parameters:
  ///   - session: the session whose output this conversation has.
  ///   - programVersion: the version of the program.
  public func hold(with session: Session, programVersion: String) {
    session.isInterrupted = { [unowned self] in takeInterrupt() || isInterruptAsked() }
    session.dataSearch.isInterrupted = takeInterrupt
    session.answerer = AskingClient(self)
    let earlier = history?.load() ?? []
    session.typedStatements = { [unowned self] in earlier + statements }
    events.width = { session.display.width ?? EventOutput.usualWidth }
    session.columns = events.width
    let banner =
      "collab \(programVersion) · collaborative filtering, after chapter 8 of the fastai book"
    events.say("ready", Greeting(version: programVersion, banner: banner), for: nil)
    while let next = nextRequest() {
      switch next {
      case .failure(let refusal): refuse(refusal)
      case .success(let request):
        events.id = request.id
        // A signal that came while nothing ran is about nothing.
        _ = takeInterrupt()
        isInterruptWanted = false
        let outcome = answer(request.kind, session, earlier)
        events.say("done", outcome)
        guard outcome.status != .quit else { return }
      }
    }
  }

  private func answer(_ kind: Request.Kind, _ session: Session, _ earlier: [String]) -> Outcome {
    switch kind {
    case .execute(let code, let isStored): return execute(code, isStored, session)
    case .complete(let code, let cursor): return complete(code, cursor, session)
    case .inspect(let code, let cursor): return inspect(code, cursor, session)
    case .completeness(let code): return completeness(of: code, session)
    case .history(let count):
      let all =
        earlier.map { Outcome.Statement(current: false, code: $0) }
        + statements.map { Outcome.Statement(current: true, code: $0) }
      return Outcome(statements: all.suffix(count))
    case .shutdown: return Outcome(status: .quit)
    // Nothing runs, so that there is nothing to stop, and nobody has asked.
    case .interrupt, .answer: return Outcome()
    }
  }

  private func refuse(_ refusal: Refusal) {
    events.say("refused", Refused(message: refusal.message), for: refusal.id)
  }
}

// MARK: - What has come

extension Conversation {
  private func nextRequest() -> Result<Request, Refusal>? {
    guard waiting.isEmpty else { return waiting.removeFirst() }
    // A signal while nothing runs is settled, so that a second one does not end the program.
    return lines.next(isStopped: {
      _ = takeInterrupt()
      return false
    }).map(Self.read)
  }

  private static func read(_ line: [UInt8]) -> Result<Request, Refusal> {
    Result { () throws(Refusal) in try Request(line) }
  }

  /// Looks at what has come while a statement runs; what is no interrupt waits for its turn.
  private func isInterruptAsked() -> Bool {
    let time = EventOutput.seconds()
    if isRunning, time - lookedForInterrupt >= Self.interruptInterval {
      lookedForInterrupt = time
      while let line = lines.nextWithoutWaiting() { sort(Self.read(line)) }
    }
    defer { isInterruptWanted = false }
    return isInterruptWanted
  }

  private func sort(_ next: Result<Request, Refusal>) {
    guard case .success(let request) = next, request.kind == .interrupt else {
      return waiting.append(next)
    }
    isInterruptWanted = true
    events.say("done", Outcome(), for: request.id)
  }

  /// Waits for the answer to a question; nil if there is none, or the client wants to stop.
  fileprivate func answer(to question: CollabNotebook.Question) -> String? {
    events.say("question", Asking(lines: question.screen))
    while let line = lines.next(isStopped: takeInterrupt) {
      let next = Self.read(line)
      guard case .success(let request) = next, case .answer(let text) = request.kind else {
        sort(next)
        if isInterruptWanted { return nil }
        continue
      }
      events.say("done", Outcome(), for: request.id)
      return text
    }
    return nil
  }
}

/// Asks the client what a statement asks.
private final class AskingClient: Answerer {
  private unowned let conversation: Conversation

  init(_ conversation: Conversation) { self.conversation = conversation }

  func answer(to question: CollabNotebook.Question) -> String? { conversation.answer(to: question) }
  func end() {}
}

// MARK: - Statements

extension Conversation {
  private func execute(_ code: String, _ isStored: Bool, _ session: Session) -> Outcome {
    if isStored, code.contains(where: { !$0.isWhitespace }) {
      statements.append(code)
      history?.append(code)
    }
    isRunning = true
    defer { isRunning = false }
    let cell = session.cell
    do {
      let outcome = try session.run(Source(code, name: "<cell \(cell)>"))
      events.end()
      let status: Outcome.Status =
        switch outcome {
        case .finished: .ok
        case .interrupted: .interrupted
        case .quit: .quit
        }
      return Outcome(status: status, cell: cell)
    } catch {
      events.end()
      events.say(
        "error",
        Mistake(code: error.code, message: error.message, lines: error.lines(for: .file)))
      return Outcome(status: .error, cell: cell)
    }
  }

  private func complete(_ code: String, _ cursor: Int, _ session: Session) -> Outcome {
    let completer = Completer(
      Session.registry, context: SessionCompletion(session), titleLimit: Self.titleLimit)
    let offset = CodePoints.offset(of: cursor, in: code)
    let completion = completer.complete(code, cursor: offset)
    return Outcome(
      matches: completion.candidates.map {
        .init(text: $0.text, suffix: $0.suffix, label: $0.label, note: $0.note)
      },
      start: CodePoints.count(in: code, to: completion.range.lowerBound),
      end: CodePoints.count(in: code, to: completion.range.upperBound),
      omitted: completion.omittedCount)
  }

  /// The most titles that are offered.
  private static let titleLimit = 200

  /// Help on the name at the cursor, or else on the command whose arguments are there.
  private func inspect(_ code: String, _ cursor: Int, _ session: Session) -> Outcome {
    let offset = CodePoints.offset(of: cursor, in: code)
    let place = NameAtPlace(code, offset: offset)
    for name in [place.name, place.command] where !name.isEmpty {
      if let lines = session.help(on: name, width: session.columns()) {
        return Outcome(found: true, text: lines.joined(separator: "\n") + "\n")
      }
    }
    return Outcome(found: false)
  }

  private func completeness(of code: String, _ session: Session) -> Outcome {
    switch session.parser.completeness(of: Source(code)) {
    case .complete: return Outcome(completeness: "complete")
    case .mistake: return Outcome(completeness: "invalid")
    case .incomplete:
      let last = code.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
      return Outcome(completeness: "incomplete", indent: Indentation.below(String(last)))
    }
  }
}
