import ArgumentParser
import CCollabBuild
import Collab
import CollabLanguage
import CollabDocuments
import CollabFiles
import Glibc
import CollabLineEditing
import CollabNotebook
import CollabThreading

/// The program: chooses a way in, and turns how it ended into an exit code.
@main
struct CollabProgram: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "collab",
    abstract: "Collaborative filtering at a prompt, in scripts, and as a lesson.",
    discussion: """
      Without a subcommand it opens a prompt, or reads statements from a pipe.
      """,
    version: fullVersion,
    subcommands: [
      OpenPrompt.self, Run.self, Check.self, Record.self, Format.self, HTMLPage.self,
      JupyterNotebook.self, Jupyter.self,
      Teach.self, HelpTopic.self, Documentation.self,
    ])

  static let version = CollabVersion.current

  /// The version with what it was built from, for reports of faults.
  private static var fullVersion: String {
    let commit = String(cString: collab_commit())
    let parts = [
      commit.isEmpty ? nil : "commit \(commit)", "libedit \(LineInput.libraryVersion)",
    ]
    return "collab \(version) (\(parts.compactMap(\.self).joined(separator: ", ")))"
  }

  /// Where this program lies.
  static var path: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    return String(
      decoding: path.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @OptionGroup var common: CommonOptions
  @OptionGroup var results: ResultOptions

  // Whatever follows: a statement may begin with a minus.
  @Option(name: .short, parsing: .unconditional, help: "Run these statements and leave.")
  var c: String?

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "json: be talked to by a program, one JSON object a line.", valueName: "NAME"))
  var talk: ProtocolName?

  func validate() throws {
    guard talk == nil || (c == nil && results.format == .text) else {
      throw ValidationError("--protocol goes with neither -c nor --format")
    }
  }

  func run() throws {
    if talk != nil { throw try ProtocolProgram.run(common).code }
    if let c {
      throw try common.script(results.format).run(statements: c).code
    }
    try OpenPrompt.run(common, results)
  }

  /// What `--help` says of a command of the shell; nil if there is no such command.
  static func help(onCommand name: String) -> String? {
    let command = configuration.subcommands.first {
      ($0.configuration.commandName ?? "\($0)".lowercased()) == name && $0 != HelpTopic.self
        && $0 != OpenPrompt.self
    }
    return command.map { helpMessage(for: $0) }
  }

  static func main() {
    ProcessStart.keepStreams()
    ProcessStart.requireMemory()
    ProcessStart.withRoomyStack(start)
  }

  private static func start() {
    // Whoever reads our output may stop, and then there is nothing left to do. A file that grows too
    // large is a write that fails, and no signal.
    signal(SIGPIPE, SIG_DFL)
    signal(SIGXFSZ, SIG_IGN)
    Interrupt.watch()
    // Swift's runtime reads them from /proc; what was asked for would otherwise be passed over in silence.
    guard !CommandLine.arguments.isEmpty else {
      Console.tell(
        "error: the arguments cannot be read, since /proc/self/cmdline cannot be opened\n"
          + "  help: mount /proc, and allow more than three open files")
      Glibc.exit(Exit.failure.rawValue)
    }
    do {
      var command = try parseAsRoot()
      let count = (command as? any ProgramCommand)?.common.threads
      try Threads.$current.withValue(count.map(Threads.init) ?? .cores) { try command.run() }
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch let failure as ProgramFailure {
      Console.tell(failure.lines)
      Glibc.exit(failure.exit.code.rawValue)
    } catch {
      // Mistakes on the command line leave with 2; asking for help or the version is none.
      let text = fullMessage(for: error)
      let isMistake = exitCode(for: error) != .success
      if isMistake { Console.tell(text) } else { Console.write(text + "\n") }
      Glibc.exit(isMistake ? Exit.usage.code.rawValue : 0)
    }
  }
}

/// A way in.
protocol ProgramCommand: ParsableCommand {
  var common: CommonOptions { get }
}

/// Options of every way in.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of MovieLens 100K, or the one above.", valueName: "DIR"))
  var data: String?

  @Option(help: ArgumentHelp("Seeds all random numbers; 42 if it is left out.", valueName: "N"))
  var seed: UInt32?

  @Option(help: ArgumentHelp("auto, always or never; NO_COLOR is honoured.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  @Option(
    help: ArgumentHelp(
      "Threads that may compute; results do not depend on it. As many as cores if it is left out.",
      valueName: "N"))
  var threads: Int?

  @Flag(help: "No welcome; in scripts, print only failures.")
  var quiet = false

  func validate() throws {
    guard threads.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--threads takes a whole number, at least 1")
    }
  }

  /// A session for a script, whose results are shown as asked for.
  ///
  /// - Throws: ``ProgramFailure`` as `program(isScript:format:)`.
  func script(_ format: ResultFormat) throws -> Program {
    try program(isScript: true, format: format)
  }

  /// A session with these options; that of a script prints the same wherever it runs.
  ///
  /// - Throws: ``ProgramFailure`` if there is no folder where `--data` points to.
  func program(isScript: Bool = false, format: ResultFormat = .text) throws -> Program {
    try checkFolder()
    return Program(
      data: data, seed: seed ?? 42, color: color, isScript: isScript, format: format,
      isQuiet: quiet)
  }

  /// - Throws: ``ProgramFailure`` if there is no folder where `--data` points to.
  func checkFolder() throws {
    if let data, !Files.isFolder(DataSearch.current().absolute(data)) {
      let near = FileText.near(data, in: .current())
      let diagnostic = Diagnostic(
        "no-file", "--data: no folder `\(data)`", help: Suggestion.help(for: near))
      throw ProgramFailure(diagnostic, exit: .usage)
    }
  }
}

/// `collab prompt`, and `collab` alone.
struct OpenPrompt: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt", abstract: "Open a prompt, or read statements from a pipe.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var results: ResultOptions

  func run() throws { try Self.run(common, results) }

  static func run(_ common: CommonOptions, _ results: ResultOptions) throws {
    guard isatty(STDIN_FILENO) == 1 else {
      let source = try SourceFile.standardInput()
      throw try common.script(results.format).run(source).code
    }
    guard results.format == .text else {
      throw ValidationError("--format is for scripts: give -c STATEMENTS, run FILE, or a pipe")
    }
    let prompt = Interactive(
      try common.program(), lesson: { try common.program() }, isQuiet: common.quiet)
    throw prompt.run().code
  }
}

/// `collab help [WORD]`.
struct HelpTopic: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Explain a command of the language.")

  @OptionGroup var common: CommonOptions

  @ArgumentParser.Argument(help: "A command, a function or the code of an error.")
  var words: [String] = []

  @Flag(help: "Print the description of everything as a Markdown page.")
  var markdown = false

  @Flag(help: "Print the page for those who know fastai, PyTorch and pandas as Markdown.")
  var python = false

  func run() throws {
    guard !markdown, !python else {
      Console.write(markdown ? Session.languageReference : Session.pythonPage)
      return
    }
    let program = try common.program(isScript: true)
    let word = words.first
    if let help = word.flatMap({ CollabProgram.help(onCommand: $0) }) {
      Console.write(help + "\n")
      guard let word, Session.registry[word] != nil else { return }
      Console.write("\nat the prompt and in scripts:\n\n")
    }
    throw try program.help(on: word).code
  }
}
