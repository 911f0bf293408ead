import ArgumentParser
import Collab
import CollabLanguage
import CollabDocuments
import CollabFiles
import Glibc
import CollabLineEditing
import CollabInterpreter
import CollabNotebook
import CollabScripts
import Synchronization

/// What the program leaves with.
enum Exit: Int32 {
  case success = 0
  case failure = 1
  case usage = 2
  case unreadable = 4
  case lostOutput = 74
  case skipped = 77
  case interrupted = 130
  /// What a shell makes of a program that SIGPIPE ended.
  case closedPipe = 141

  var code: ExitCode { ExitCode(rawValue) }
}

/// A mistake that ends the program: what to print, and what to leave with.
struct ProgramFailure: Error {
  let lines: [String]
  let exit: Exit
}

/// A session that is connected to standard output and to Ctrl-C.
struct Program {
  let session: Session
  let traits: TerminalTraits
  /// How the values of statements are shown.
  let format: ResultFormat
  private let interrupts: InterruptLog

  /// Whether the user wanted to stop what ran, also if it came to its end before it noticed.
  var wasInterrupted: Bool { interrupts.take() || interrupts.wasTaken }

  init(
    data: String?, seed: UInt32, color: ColorChoice, isScript: Bool = false,
    format: ResultFormat = .text, isQuiet: Bool = false
  ) {
    setlocale(LC_CTYPE, "")
    // Beside data for programs, all that is told to people goes to standard error.
    let isData = format != .text
    let terminal = TerminalTraits.current(color: color)
    func adapted(_ terminal: TerminalTraits) -> TerminalTraits {
      let traits = isScript ? terminal.forScripts : terminal
      return isData ? traits.onError : traits
    }
    let traits = adapted(terminal)
    let display = DisplayBox(color)
    let renderer = TerminalRenderer(
      to: { isData ? Console.complain($0) : Console.write($0) }, errorsTo: Console.complain,
      traits: traits,
      width: { display.width }, textWidth: isScript ? TerminalTraits.scriptWidth : nil)
    var search = DataSearch.current(dataFolder: data)
    let interrupts = InterruptLog()
    search.isInterrupted = interrupts.take
    let output: any Output =
      isData ? DataRenderer(to: Console.write, notesTo: renderer, isQuiet: isQuiet) : renderer
    let session = Session(
      output: output, dataSearch: search, seed: seed)
    session.resultFormat = format
    session.display = display.settings
    if !isScript {
      session.columns = { display.width }
      renderer.pager = .prompt { display.settings.isPaging }
    }
    session.displayDidChange = { settings in
      if settings.hasTips != display.settings.hasTips {
        DailyTip.standard?.turn(on: settings.hasTips)
      }
      display.settings = settings
      renderer.traits = adapted(TerminalTraits.current(color: settings.color))
    }
    session.isInterrupted = interrupts.take
    session.answerer = standardAnswerer()
    (self.session, self.traits, self.interrupts) = (session, traits, interrupts)
    self.format = format
  }

  /// Runs statements that came with `-c`.
  func run(statements: String) throws -> Exit {
    try run(Source(statements, name: "<command>"))
  }

  /// Runs `help`.
  func help(on word: String?) throws -> Exit {
    try run(
      statements: (["help"] + [word].compactMap(\.self).map(Literal.quoted)).joined(separator: " "))
  }

  /// Runs a script.
  ///
  /// - Throws: ``ProgramFailure`` if the text cannot be read as statements.
  func run(_ source: Source) throws -> Exit {
    do {
      let exit = Exit(try session.run(file: source, ScriptOptions()))
      return wasInterrupted ? .interrupted : exit
    } catch {
      throw ProgramFailure(unreadable: source, error)
    }
  }
}

extension Exit {
  init(_ outcome: ScriptOutcome) {
    self =
      switch outcome {
      case .finished, .quit: .success
      case .failed: .failure
      case .interrupted: .interrupted
      }
  }
}

extension ProgramFailure {
  /// What is said of a mistake, and of Ctrl-C, which is none.
  init(_ error: Diagnostic, exit: Exit, nothingRan: Bool = false) {
    self =
      error.isInterruption
      ? ProgramFailure(lines: [error.message], exit: .interrupted)
      : ProgramFailure(
        lines: error.lines(for: .file) + (nothingRan ? ["nothing was run"] : []), exit: exit)
  }

  /// A text that cannot be read as statements.
  init(unreadable source: Source, _ error: Diagnostic) {
    self.init(error, exit: source.isCommandLine ? .failure : .unreadable, nothingRan: true)
  }
}

extension TerminalTraits {
  /// The columns of what scripts print, whatever the window is like.
  static let scriptWidth = 80

  /// The same terminal, with the characters that a pipe gets.
  var forScripts: TerminalTraits {
    TerminalTraits(
      width: width, hasColor: hasColor, hasColorOnError: hasColorOnError, canRedraw: canRedraw,
      glyphs: .unicode)
  }
}

extension TerminalTraits {
  /// The same, where everything goes to standard error.
  var onError: TerminalTraits {
    TerminalTraits(
      width: width, hasColor: hasColorOnError, canRedraw: canRedraw, glyphs: glyphs)
  }
}

extension Source {
  /// Whether this text came with `-c`.
  var isCommandLine: Bool { name == "<command>" }
}

/// Texts from files and pipes.
enum SourceFile {
  /// The bytes of a file; `-` is standard input.
  ///
  /// - Throws: ``ProgramFailure`` if it cannot be read.
  static func read(_ path: String) throws -> Source {
    guard path != "-" else { return try standardInput() }
    do throws(FileError) {
      return Source(
        bytes: try Files.read(path, limit: limit, isInterrupted: Interrupt.take), name: path)
    } catch {
      throw failure(path, error)
    }
  }

  /// A script or a Jupyter notebook, as the text of a script, and whether it was a notebook.
  ///
  /// - Throws: ``ProgramFailure`` if it cannot be read.
  static func readScript(_ path: String) throws -> (source: Source, isNotebook: Bool) {
    let source = try read(path)
    guard path.hasSuffix(".ipynb") || ImportedNotebook.isNotebook(source.bytes) else {
      return (source, false)
    }
    do throws(Diagnostic) {
      let notebook = try ImportedNotebook(
        source.bytes, name: source.name, parser: Session.registry.parser(), keepsUnreadable: true)
      return (Source(notebook.text, name: source.name), true)
    } catch {
      throw ProgramFailure(error, exit: .unreadable)
    }
  }

  /// Everything that comes through the pipe.
  static func standardInput() throws -> Source {
    do throws(FileError) {
      return Source(
        bytes: try Files.read(STDIN_FILENO, limit: limit, isInterrupted: Interrupt.take),
        name: "<stdin>")
    } catch {
      throw failure("-", error)
    }
  }

  /// The most bytes that are read; more of them are no script.
  private static let limit = ScriptFile.limits.file

  private static func failure(_ path: String, _ error: FileError) -> any Error {
    if error.isInterrupted { return Exit.interrupted.code }
    let message =
      switch error {
      case _ where error.isMissing: "no file `\(path)`"
      case FileError(code: EFBIG): "`\(path)` is larger than \(limit >> 20) MB"
      default: "`\(path)` cannot be read: \(error.reason)"
      }
    let near = error.isMissing ? FileText.near(path, in: .current()) : []
    let code = error == FileError(code: EFBIG) ? "too-long" : "no-file"
    return ProgramFailure(
      Diagnostic(code, message, help: Suggestion.help(for: near)), exit: .unreadable)
  }
}

/// Ctrl-C, and whether anything that ran was told of it.
private final class InterruptLog: Sendable {
  private let count = Atomic(0)

  var wasTaken: Bool { count.load(ordering: .relaxed) > 0 }

  func take() -> Bool {
    guard Interrupt.take() else { return false }
    count.add(1, ordering: .relaxed)
    return true
  }
}

/// The settings that the renderer asks for before each block.
private final class DisplayBox {
  var settings = DisplaySettings()

  init(_ color: ColorChoice) { settings.color = color }

  /// The columns that were set, or those that the window has now.
  var width: Int { settings.width ?? TerminalTraits.current().width }
}
