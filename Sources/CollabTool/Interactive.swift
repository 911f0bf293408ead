import CollabLanguage
import CollabDocuments
import CollabInterpreter
import Glibc
import CollabLineEditing
import CollabInterpreter
import CollabNotebook

/// The prompt: reads a statement, runs it, shows what came of it.
struct Interactive {
  private let program: Program
  private let isQuiet: Bool
  private let history = HistoryFile.standard
  private let reader: any LineReader

  /// A prompt.
  ///
  /// - Parameters:
  ///   - program: the session, connected to the terminal.
  ///   - lesson: makes another such session for a lesson.
  ///   - isQuiet: whether nobody is welcomed.
  init(_ program: Program, lesson: @escaping () throws -> Program, isQuiet: Bool) {
    (self.program, self.isQuiet) = (program, isQuiet)
    reader = LineInput.reader(.statements(of: program))
    if let history { program.session.typedStatements = history.load }
    program.session.prompt = actions(lesson)
  }

  private var session: Session { program.session }

  /// Runs until the user leaves.
  func run() -> Exit {
    if !isQuiet {
      session.output.write(.paragraph(welcome))
      if let tip = DailyTip.standard?.take() { session.output.write(.paragraph("tip: \(tip)")) }
      if reader.isInteractive, !(reader is LineEditor) {
        session.output.write(.paragraph("lines cannot be edited: this terminal can only print"))
      }
    }
    while true {
      let prompt = Prompt("collab[\(session.cell)]")
      switch reader.read(prompt) {
      case .endOfInput: return .success
      case .interrupted: return .interrupted
      case .failed: return .failure
      case .line(let text):
        guard text.contains(where: { !$0.isWhitespace }) else { continue }
        if let line = ShellLine(text, in: session) {
          line.run(session)
        } else if run(text, promptWidth: prompt.name.count + 2) == .quit {
          return .success
        }
      }
    }
  }

  private var welcome: String {
    """
    collab \(CollabProgram.version) · collaborative filtering, after chapter 8 of the fastai book
    help lists the commands · begin with: load; dataloaders; learner dotbias; fit 5
    Tab completes, help keys tells more · Ctrl-D leaves · teach opens the lesson
    """
  }

  private func run(_ text: String, promptWidth: Int) -> RunOutcome {
    _ = Interrupt.take()
    let source = Source(text)
    do {
      return try session.run(source)
    } catch {
      let lines = error.advising(on: text).lines(
        for: .prompt(width: promptWidth, typed: source),
        width: TerminalTraits.windowWidth() ?? 80)
      session.output.write(.failure(Failure(lines: lines)))
      return .finished
    }
  }
}

// MARK: - What statements can ask of the prompt

extension Interactive {
  private func actions(_ lesson: @escaping () throws -> Program) -> PromptActions {
    let reader = reader
    return PromptActions(
      runShell: { line in reader.lendTerminal { Self.system(line) } },
      enterFolder: { chdir($0) },
      edit: { text in
        switch reader.lendTerminal({ ExternalEditor.edit(text) }) {
        case .success(let edited): reader.begin(with: edited)
        case .failure(let problem): Console.tell(problem.message)
        }
      },
      teach: { name in try Self.teach(name, lesson(), reader) },
      programHelp: { CollabProgram.help(onCommand: $0) })
  }

  /// Runs a line in the shell; what its status says beyond success is told.
  private static func system(_ line: String) -> Int32 {
    let status = Glibc.system(line)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  private static func teach(_ name: String?, _ program: Program, _ reader: any LineReader) throws {
    do {
      let classroom = try Classroom(program, .usual, seed: 42, isTyped: true, isReset: false)
      _ = try classroom.teach(name, at: reader)
    } catch let failure as ProgramFailure {
      Console.tell(failure.lines)
    }
  }
}

/// A line that is for the shell of the system: `!ls`, or a command line of this program.
private struct ShellLine {
  private let line: String
  private let isProgram: Bool

  init?(_ text: String, in session: Session) {
    let trimmed = text.drop { $0.isWhitespace }
    guard !trimmed.contains("\n") else { return nil }
    if trimmed.first == "!" {
      (line, isProgram) = (String(trimmed.dropFirst()), false)
    } else if trimmed == "collab" || trimmed.hasPrefix("collab "),
      session.variables["collab"] == nil
    {
      let words = trimmed.dropFirst(6).drop { $0 == " " }
      // The chapter calls a model so: `collab = CollabNN(*embs)`.
      guard words.first != "=" else { return nil }
      (line, isProgram) = (String(words), true)
    } else {
      return nil
    }
  }

  func run(_ session: Session) {
    guard isProgram else {
      tell(session.prompt?.runShell(line))
      if isFolderChange { Console.tell("only that shell went there; for this session: \(line)") }
      return
    }
    guard !line.isEmpty, line != "prompt" else {
      return session.output.write(.paragraph("this is the prompt of collab already"))
    }
    let words = line.split(separator: " ", maxSplits: 1)
    if words.first == "teach", !line.contains(" -") {
      do {
        try session.prompt?.teach(words.dropFirst().first.map { String($0) })
      } catch {
        Console.tell("\(error)")
      }
      return
    }
    tell(session.prompt?.runShell("\(Shell.quoted(CollabProgram.path)) \(line)"))
  }

  /// A folder that another process goes to is left with it.
  private var isFolderChange: Bool { !isProgram && (line == "cd" || line.hasPrefix("cd ")) }

  private func tell(_ status: Int32?) {
    if let status, status != 0, status != 130 { Console.tell("exit status \(status)") }
  }
}

extension LineReader {
  /// Gives the terminal to something that uses it in its own way.
  fileprivate func lendTerminal<Result>(_ body: () -> Result) -> Result {
    guard let editor = self as? LineEditor else { return body() }
    return editor.lendTerminal(to: body)
  }

  /// Lets the next statement begin with a text, where lines can be edited.
  fileprivate func begin(with text: String) { (self as? LineEditor)?.begin(with: text) }
}
