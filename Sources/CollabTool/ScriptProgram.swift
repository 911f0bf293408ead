import ArgumentParser
import CollabLanguage
import CollabDocuments
import CollabLessons
import CollabLineEditing
import CollabInterpreter
import CollabNotebook
import CollabScripts
import CollabThreading

/// Runs files one after the other, each in a session of its own.
struct ScriptProgram {
  private let common: CommonOptions
  private let arguments: ScriptArguments
  private let options: ScriptOptions
  private let format: ResultFormat

  init(
    _ common: CommonOptions, _ arguments: ScriptArguments, _ options: ScriptOptions,
    format: ResultFormat = .text
  ) {
    (self.common, self.arguments) = (common, arguments)
    (self.options, self.format) = (options, format)
  }

  /// Reads all files, then runs them.
  ///
  /// - Parameter prepare: is given the program that is to run a file, and the file.
  /// - Returns: what to leave with.
  /// - Throws: ``ProgramFailure`` if one cannot be read; nothing has run then.
  func run(_ prepare: (Program, String) -> Void) throws -> Exit {
    let scripts = try arguments.files.map { try Script.read($0, common) }
    if options.checks { try scripts.forEach(checkQuestions) }
    for script in scripts {
      try check(options.first, "--from", in: script)
      try check(options.last, "--until", in: script)
      do throws(Diagnostic) { try script.check(options.bindings) } catch {
        throw ProgramFailure(error, exit: .usage, nothingRan: true)
      }
    }
    var exit = Exit.success
    var isDataMissing = false
    for (script, file) in zip(scripts, arguments.files) {
      let program = try common.script(format)
      prepare(program, file)
      let report = run(script, in: program, named: scripts.count > 1)
      isDataMissing = isDataMissing || !report.missingData.isEmpty
      switch program.wasInterrupted ? .interrupted : Exit(report.outcome) {
      case .interrupted: return .interrupted
      case .success: break
      default:
        exit = .failure
        // A check says what is wrong in every file.
        guard options.checks || options.keepsGoing else { return exit }
      }
    }
    return exit == .success && isDataMissing && arguments.skipMissing ? .skipped : exit
  }

  private func run(
    _ script: Script, in program: Program, named isNamed: Bool
  ) -> ScriptReport {
    // The result of a check is what is wrong, so that it goes to standard output.
    let reports = options.checks ? program.reportOutput : program.session.output
    let runner = ScriptRunner(program.session, options, reportingTo: reports)
    runner.questionCheck = { LessonCheck.problems(of: $0, in: $1, session: $2) }
    let report = runner.run(script)
    if options.checks || options.isQuiet {
      let name = script.file.source.name
      var lines = [(isNamed ? "\(name): " : "") + report.summary]
      if report.count(.differs) > 0, name != "<stdin>" {
        lines.append("  help: `collab record \(Shell.quoted(name))` accepts the new output")
      }
      program.reportOutput.write(.failure(Failure(lines: lines, severity: .note)))
    }
    if arguments.timings { program.reportOutput.write(report.timings) }
    return report
  }

  /// - Throws: ``ProgramFailure`` if a question is malformed.
  private func checkQuestions(_ script: Script) throws {
    guard script.file.cells.contains(where: { $0.kind == .question }) else { return }
    let source = script.file.source
    do {
      _ = try Lesson(source, id: source.name, parser: Session.registry.parser())
    } catch {
      throw ProgramFailure(unreadable: source, error)
    }
  }

  /// - Throws: ``ProgramFailure`` if no cell has this id.
  private func check(_ id: String?, _ option: String, in script: Script) throws {
    guard let id, script.file.cell(id) == nil else { return }
    let near = Suggestion.nearest(to: id, among: script.file.cells.map(\.id))
    let diagnostic = Diagnostic(
      "unknown-cell", "\(option): no cell of \(script.file.source.name) has the id `\(id)`",
      help: Suggestion.help(for: near))
    throw ProgramFailure(diagnostic, exit: .usage)
  }
}

extension Script {
  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: ``ProgramFailure`` if it cannot be read.
  static func read(_ path: String, _ common: CommonOptions) throws -> Script {
    let (source, isNotebook) = try SourceFile.readScript(path)
    let session = try common.program(isScript: true).session
    do {
      return try Interruption.observed(by: Interrupt.take) { () throws(Diagnostic) in
        try Script(source, for: session, keepsMistakes: isNotebook)
      }
    } catch {
      throw ProgramFailure(unreadable: source, error)
    }
  }
}

extension Program {
  /// One stream for everything, also for failures: standard output, unless that is for data.
  var reportOutput: any Output {
    let write: TextSink = { format == .text ? Console.write($0) : Console.complain($0) }
    return TerminalRenderer(
      to: write, errorsTo: write,
      traits: TerminalTraits(
        width: traits.width, hasColor: traits.hasColor, canRedraw: false, glyphs: traits.glyphs),
      textWidth: TerminalTraits.scriptWidth)
  }
}

/// Words of a shell.
enum Shell {
  /// A word as it can be typed.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
        true
      default: "-_./+,@%:".utf8.contains($0)
      }
    }
    guard !isPlain || word.isEmpty else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
