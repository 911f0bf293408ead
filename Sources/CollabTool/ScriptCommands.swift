import ArgumentParser
import CollabNotebook
import CollabScripts

/// `collab run FILE…`.
struct Run: ProgramCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scripts and notebooks.",
    discussion: """
      Prints what the statements print, the same to a pipe as to a terminal. Each file has a session \
      of its own. All of them are read before the first statement runs.

      Leaves with 0 if all went well, 1 if a statement failed or an output differed, 2 for a mistake \
      on the command line, 4 if a file could not be read (nothing was run then), 74 if \
      its output could not be written, 77 with --skip-missing if data was missing, 130 if it was \
      interrupted.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var results: ResultOptions
  @OptionGroup var script: ScriptArguments
  @OptionGroup var safety: SafetyOptions

  @Flag(help: "Compare outputs with the recorded ones, the #> lines.")
  var check = false

  @Flag(help: "Print prose and statements before their output.")
  var echo = false

  func validate() throws {
    guard !check || results.format == .text else {
      throw ValidationError("--check compares text: leave out --format")
    }
  }

  func run() throws {
    var options = try script.options()
    options.checks = check
    options.echoes = echo
    // Data is what a program asked for: only what is told beside it can be spared.
    options.isQuiet = common.quiet && results.format == .text
    throw try ScriptProgram(common, script, options, format: results.format).run { program, file in
      safety.confine(program, to: file, "run", usually: false)
    }.code
  }
}

/// `collab check FILE…`.
struct Check: ProgramCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scripts and compare their outputs with the recorded ones.",
    discussion: """
      The same as `collab run --check --quiet`. Recorded outputs are the #> lines below a statement:

        fit 5 5e-3
        #: tol=1e-4
        #> epoch  train_loss  valid_loss  time
        #> …
        #> 4      0.728835    0.875706    00:01

      Numbers may differ by one in the last recorded digit, or by the bounds that tol=X and rtol=X \
      set; whole numbers are exact. Times and durations are not compared. … and ... stand for any \
      text, alone on a line for any number of lines. Runs of blanks count as one. true, false and \
      none equal True, False and None; torch.Size([64, 2]) equals [64, 2]; and a line break behind \
      `Parameter containing:` is a blank.

      #: check=off does not compare, #: order=any takes lines in any order, #: empty demands that \
      there is no output, #: timeout=SECONDS sets a limit. #> error[CODE]: … says that the \
      statement fails.

      A script that is checked may be somebody else's: its statements name no files outside its \
      folder, unless --no-safe is given.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var script: ScriptArguments
  @OptionGroup var safety: SafetyOptions

  func run() throws {
    var options = try script.options()
    options.checks = true
    options.isQuiet = true
    throw try ScriptProgram(common, script, options).run { program, file in
      safety.confine(program, to: file, "check", usually: true)
    }.code
  }
}

/// `collab record FILE…`.
struct Record: ProgramCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scripts and write their outputs into the files.",
    discussion: """
      Rewrites the #> lines that no longer match, and nothing else. A file in which nothing is \
      recorded gets all outputs.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Scripts.", valueName: "FILE"))
  var files: [String]

  @Flag(help: "Record errors too, and do not stop at them.")
  var force = false

  @Flag(help: "Record below statements that have no #> lines too.")
  var all = false

  func run() throws {
    throw try ScriptWriter(common, files).record(isForced: force, addsAll: all).code
  }
}

/// `collab fmt FILE…`.
struct Format: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Bring markers and blank lines of scripts into one form.",
    discussion: "Neither statements nor prose change; line endings become LF.")

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Scripts; - is a filter.", valueName: "FILE"))
  var files: [String]

  func run() throws { throw try ScriptWriter(common, files).format().code }
}

/// Options of the commands that run scripts.
struct ScriptArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Scripts; - is standard input.", valueName: "FILE"))
  var files: [String]

  @Flag(help: "Run the cells after a failure.")
  var keepGoing = false

  @Option(
    help: ArgumentHelp(
      "The first cell to print and check; earlier ones still run.", valueName: "ID"))
  var from: String?

  @Option(help: ArgumentHelp("The last cell to run.", valueName: "ID"))
  var until: String?

  @Flag(name: .customLong("no-setup"), help: "Do not run the cells before --from.")
  var skipsSetup = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A value instead of the one that a script itself gives a variable first; may be repeated.",
      valueName: "NAME=VALUE"))
  var bindings: [String] = []

  @Flag(help: "Print at the end how long each cell took.")
  var timings = false

  @Flag(help: "Leave with 77 if cells were skipped for want of data and nothing failed.")
  var skipMissing = false

  func validate() throws {
    for binding in bindings where ScriptOptions.Binding(binding) == nil {
      throw ValidationError("--set takes NAME=VALUE, got '\(binding)'")
    }
  }

  /// The options as the library has them.
  func options() throws -> ScriptOptions {
    var options = ScriptOptions()
    options.keepsGoing = keepGoing
    options.first = from
    options.last = until
    options.runsEarlierCells = !skipsSetup
    options.bindings = bindings.compactMap(ScriptOptions.Binding.init)
    return options
  }
}
