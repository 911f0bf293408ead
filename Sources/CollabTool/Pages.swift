import ArgumentParser
import CollabLanguage
import CollabDocuments
import CollabLineEditing
import Glibc
import CollabNotebook
import CollabScripts
import CollabThreading

/// `collab html FILE -o OUT.html`.
struct HTMLPage: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "html", abstract: "Run a notebook and write it as one page.",
    discussion: "The page needs no script and fetches nothing.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var safety: SafetyOptions

  func run() throws {
    let program = try common.program()
    safety.confine(program, to: page.file, "html", usually: false)
    let played = try page.play(on: program)
    try page.write(played.html, as: .page, ending: ".html")
    throw (program.wasInterrupted ? .interrupted : played.exit).code
  }
}

/// `collab ipynb FILE -o OUT.ipynb`, and back.
struct JupyterNotebook: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipynb", abstract: "Run a notebook and write it for Jupyter, or read one back.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var safety: SafetyOptions

  @Flag(help: "Write the cells without running them.")
  var noRun = false

  @Flag(name: .customLong("import"), help: "Make a script of a Jupyter notebook.")
  var isImport = false

  func run() throws {
    if isImport { return try readNotebook() }
    let program = try common.program()
    safety.confine(program, to: page.file, "ipynb", usually: false)
    let played = try page.play(on: program, runs: !noRun)
    try page.write(played.jupyter(), as: .notebook, ending: ".ipynb")
    throw (program.wasInterrupted ? .interrupted : played.exit).code
  }

  private func readNotebook() throws {
    let source = try SourceFile.read(page.file)
    let notebook: ImportedNotebook
    do throws(Diagnostic) {
      notebook = try ImportedNotebook(
        source.bytes, name: source.name, parser: Session.registry.parser())
    } catch {
      throw ProgramFailure(error, exit: .unreadable)
    }
    try page.write(notebook.text, as: .script, ending: ".collab")
    let count = notebook.unreadable.count
    guard count > 0 else { return }
    for cell in notebook.unreadable { Console.tell(cell.mistake.lines(for: .file)) }
    Console.tell(
      "\(count == 1 ? "1 code cell" : "\(count) code cells") cannot be read, and "
        + "\(count == 1 ? "is" : "are") kept as raw text")
  }
}

/// What is read and where it goes.
struct PageOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp("The notebook; - is standard input.", valueName: "FILE"))
  var file: String

  @Option(
    name: .short,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "OUT"))
  var o: String?

  @Flag(help: "Replace a file that is there though it holds something else.")
  var overwrite = false

  @Flag(help: "Run the cells after a failure.")
  var keepGoing = false

  /// Runs the notebook.
  func play(on program: Program, runs: Bool = true) throws -> PlayedNotebook {
    let (source, isNotebook) = try SourceFile.readScript(file)
    let played: PlayedNotebook
    do throws(Diagnostic) {
      played = try Interruption.observed(by: Interrupt.take) { () throws(Diagnostic) in
        try program.session.play(
          file: source, runs: runs, keepsGoing: keepGoing, keepsMistakes: isNotebook)
      }
    } catch {
      throw ProgramFailure(error, exit: .unreadable, nothingRan: true)
    }
    if let failure = played.failure {
      Console.tell(failure.lines(for: .file))
    }
    return played
  }

  /// Writes the result beside the notebook, or where `-o` says.
  func write(_ text: String, as kind: FileKind, ending: String) throws {
    let place = o ?? (file == "-" ? "-" : Self.place(of: file, ending))
    guard place != "-" else { return Console.publish(text) }
    do throws(Diagnostic) {
      try Session.write(text, as: kind, to: place, overwrites: overwrite)
    } catch {
      var error = error
      if error.code == "exists" { error.help = ["-o names another place, --overwrite replaces it"] }
      throw ProgramFailure(error, exit: .unreadable)
    }
  }

  private static func place(of file: String, _ ending: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return file + ending }
    return file.dropLast(name[dot...].count) + ending
  }
}

extension PlayedNotebook {
  /// What the program leaves with.
  fileprivate var exit: Exit {
    switch outcome {
    case .finished, .quit: .success
    case .failed: .failure
    case .interrupted: .interrupted
    }
  }
}
