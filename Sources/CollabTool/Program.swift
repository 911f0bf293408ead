import ArgumentParser
import Collab
import CommandLanguage
import Documents
import Glibc
import LineEditing
import Notebook

/// What the program leaves with.
enum Exit: Int32 {
  case success = 0
  case failure = 1
  case usage = 2
  case unreadable = 4
  case skipped = 77
  case interrupted = 130

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

  init(data: String?, seed: UInt32, color: ColorChoice, isScript: Bool = false) {
    setlocale(LC_CTYPE, "")
    let terminal = TerminalTraits.current(color: color)
    let traits = isScript ? terminal.forScripts : terminal
    let display = DisplayBox(color)
    let renderer = TerminalRenderer(
      to: StandardStream.output.write, errorsTo: StandardStream.error.write, traits: traits,
      width: { display.width }, textWidth: isScript ? TerminalTraits.scriptWidth : nil)
    // Whoever reads our output may stop, and then there is nothing left to do.
    if isScript { signal(SIGPIPE, SIG_DFL) }
    var search = DataSearch.current(dataFolder: data)
    search.isInterrupted = Interrupt.take
    let session = Session(output: renderer, dataSearch: search, seed: seed)
    session.display = display.settings
    if !isScript {
      session.columns = { display.width }
      renderer.pager = .prompt { display.settings.isPaging }
    }
    session.displayDidChange = { settings in
      display.settings = settings
      let terminal = TerminalTraits.current(color: settings.colorChoice)
      renderer.traits = isScript ? terminal.forScripts : terminal
    }
    session.isInterrupted = Interrupt.take
    (self.session, self.traits) = (session, traits)
    Interrupt.watch()
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
      return Exit(try session.run(file: source, ScriptOptions()))
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
  /// A text that cannot be read as statements.
  init(unreadable source: Source, _ error: Diagnostic) {
    let lines = error.lines(for: .file) + ["nothing was run"]
    self.init(lines: lines, exit: source.isCommandLine ? .failure : .unreadable)
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
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    return Source(bytes: try bytes(of: descriptor, path), name: path)
  }

  /// Everything that comes through the pipe.
  static func standardInput() throws -> Source {
    Source(bytes: try bytes(of: STDIN_FILENO, "-"), name: "<stdin>")
  }

  private static func bytes(of descriptor: Int32, _ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 || bytes.count > Script.limits.file { return bytes }
      guard count > 0 else {
        guard errno == EINTR else { throw failure(path, errno) }
        if Interrupt.take() { throw Exit.interrupted.code }
        continue
      }
      bytes += buffer[..<count]
    }
  }

  private static func failure(_ path: String, _ error: Int32) -> ProgramFailure {
    let reason = String(cString: strerror(error))
    let message = error == ENOENT ? "no file `\(path)`" : "`\(path)` cannot be read: \(reason)"
    let help = Suggestion.help(for: FileText.near(path, in: .current()))
    return ProgramFailure(
      lines: Diagnostic("no-file", message, help: help).lines(for: .file), exit: .unreadable)
  }
}

/// The settings that the renderer asks for before each block.
private final class DisplayBox {
  var settings = DisplaySettings()

  init(_ color: ColorChoice) {
    settings.color = DisplaySettings.Color(rawValue: color.rawValue) ?? .auto
  }

  /// The columns that were set, or those that the window has now.
  var width: Int { settings.width ?? TerminalTraits.current().width }
}

extension DisplaySettings {
  /// The setting as an option of the program.
  fileprivate var colorChoice: ColorChoice { ColorChoice(rawValue: color.rawValue) ?? .auto }
}
